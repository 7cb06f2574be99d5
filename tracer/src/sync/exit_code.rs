//! rsync's exit codes: what each means, and what is done about it. One table.
//!
//! Source: rsync(1), EXIT VALUES.

/// What is done after a run of rsync.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// The destination is equal, as far as the run went.
    Done,
    /// Some files could not be transferred; all others were. Those are tried again later.
    Partial,
    /// Nothing can be said about the destination: everything is tried again later.
    Again,
    /// It will never work like this.
    GiveUp,
}

/// One line of the table.
struct Row {
    code: i32,
    then: Then,
    meaning: &'static str,
    /// What a person can do.
    remedy: &'static str,
}

macro_rules! rows {
    ($($code:literal $then:ident $meaning:literal $remedy:literal;)*) => {
        const ROWS: &[Row] = &[$(Row {
            code: $code, then: Then::$then, meaning: $meaning, remedy: $remedy,
        }),*];
    };
}

rows! {
    0 Done "success" "";
    1 GiveUp "rsync or its daemon does not take what was asked" "see the lines before: an option it does not know, or a module that is read only?";
    2 GiveUp "the two rsyncs do not understand each other" "use like versions of rsync at both ends";
    3 Again "a file or directory of the transfer cannot be used" "does the destination's parent directory exist?";
    4 GiveUp "the other end cannot do what was asked" "check the options and the server's configuration";
    5 Again "the rsync server refused" "check the module's name, its rights and its secrets";
    6 GiveUp "the daemon cannot append to its log file" "check the server";
    10 Again "the server cannot be reached, or the connection broke" "is it up, and is its port open?";
    11 Again "a file could not be read or written" "is the destination full, or read-only?";
    12 Again "the connection or the other rsync broke off" "is rsync installed at the other end, and may this user log in without a password?";
    13 Again "an rsync program ended unexpectedly" "see the lines before";
    14 Again "processes cannot talk to each other on this machine" "is it out of memory or processes?";
    20 Again "rsync was interrupted" "";
    21 Again "a child process of rsync failed" "is the machine out of memory or processes?";
    22 Again "rsync has not enough memory" "";
    23 Partial "some files could not be transferred" "may this user read them, and write them there?";
    24 Done "some files had vanished before they were transferred" "";
    25 Partial "more deletions than --max-delete allows" "look at the destination before you raise the limit";
    30 Again "nothing came from the other end for too long" "is the network up? --timeout gives it longer";
    35 Again "the daemon did not answer in time" "is the server up?";
    126 Again "the remote shell cannot run rsync" "may this user run it there?";
    127 Again "the remote shell does not find rsync" "install rsync at the other end";
    255 Again "ssh failed" "is the host up, and may this user log in with a key, without a password?";
}

/// What a run of rsync came to, by its exit code; `None` is a run that was killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// What is done.
    pub(super) then: Then,
    /// In words.
    pub(super) meaning: &'static str,
    /// What a person can do; empty when nothing.
    pub(super) remedy: &'static str,
}

impl Verdict {
    /// Of an exit code.
    pub(super) fn of(code: Option<i32>) -> Self {
        let row = ROWS.iter().find(|row| Some(row.code) == code);
        match (row, code) {
            (Some(row), _) => Self {
                then: row.then,
                meaning: row.meaning,
                remedy: row.remedy,
            },
            (None, Some(_)) => Self {
                then: Then::Again,
                meaning: "an exit code that rsync(1) does not list",
                remedy: "see the lines before",
            },
            (None, None) => Self {
                then: Then::Again,
                meaning: "rsync was killed",
                remedy: "",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes() {
        for (code, then) in [
            (Some(0), Then::Done),
            (Some(24), Then::Done),
            (Some(23), Then::Partial),
            (Some(10), Then::Again),
            (Some(255), Then::Again),
            (Some(1), Then::GiveUp),
            (Some(99), Then::Again),
            (None, Then::Again),
        ] {
            assert_eq!(Verdict::of(code).then, then, "{code:?}");
        }
        for (at, row) in ROWS.iter().enumerate() {
            assert!(!row.meaning.is_empty());
            assert!(ROWS[..at].iter().all(|other| other.code < row.code));
        }
    }
}

//! What could not be watched, gathered into few sentences.

use std::collections::BTreeMap;

use rustix::io::Errno;

use super::kernel::limit;

/// How often something happened, and where first.
#[derive(Debug)]
struct Count {
    times: u64,
    first: Vec<u8>,
}

/// The sentences to come.
#[derive(Debug, Default)]
pub(super) struct Notes {
    unwatched: BTreeMap<i32, Count>,
    aliases: Option<Count>,
    sentences: Vec<String>,
}

/// A path in a message: quoted, with everything that could drive a terminal escaped.
pub(super) fn shown(path: &[u8]) -> String {
    format!("{:?}", String::from_utf8_lossy(path))
}

impl Notes {
    /// A directory cannot be watched.
    pub(super) fn unwatched(&mut self, error: Errno, path: &[u8]) {
        self.unwatched
            .entry(error.raw_os_error())
            .or_insert_with(|| Count {
                times: 0,
                first: path.to_vec(),
            })
            .times += 1;
    }

    /// A directory is in the tree twice (a bind mount).
    pub(super) fn alias(&mut self, path: &[u8]) {
        self.aliases
            .get_or_insert_with(|| Count {
                times: 0,
                first: path.to_vec(),
            })
            .times += 1;
    }

    pub(super) fn say(&mut self, sentence: String) {
        self.sentences.push(sentence);
    }

    /// Has the limit of watches been reached?
    pub(super) fn limit_reached(&self) -> bool {
        self.unwatched.contains_key(&Errno::NOSPC.raw_os_error())
    }

    /// Everything since the last time.
    pub(super) fn take(&mut self) -> Vec<String> {
        let mut all = std::mem::take(&mut self.sentences);
        for (errno, count) in std::mem::take(&mut self.unwatched) {
            let error = Errno::from_raw_os_error(errno);
            let what = format!(
                "inotify: what happens in {} {} is not seen (first: {})",
                count.times,
                if count.times == 1 {
                    "directory"
                } else {
                    "directories"
                },
                shown(&count.first)
            );
            all.push(match error {
                Errno::NOSPC => format!(
                    "{what}: the limit of watches is reached, {}; raise it with \
                     `sysctl fs.inotify.max_user_watches=...` as root",
                    limit("max_user_watches")
                ),
                Errno::ACCESS => {
                    format!("{what}: permission denied; run as a user who may read them")
                }
                _ => format!("{what}: {error}"),
            });
        }
        if let Some(count) = self.aliases.take() {
            all.push(format!(
                "inotify: {} {} in the watched tree under two names (a bind mount) and told under \
                 the first only (first: {})",
                count.times,
                if count.times == 1 {
                    "directory is"
                } else {
                    "directories are"
                },
                shown(&count.first)
            ));
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sentence_per_cause_and_only_once() {
        let mut notes = Notes::default();
        assert!(notes.take().is_empty());
        notes.unwatched(Errno::ACCESS, b"/a\n\x1b[31m");
        notes.unwatched(Errno::ACCESS, b"/b");
        notes.unwatched(Errno::NOSPC, b"/c");
        assert!(notes.limit_reached());
        notes.alias(b"/d");
        let all = notes.take();
        assert_eq!(all.len(), 3, "{all:?}");
        assert!(
            all[0].contains("2 directories") && all[0].contains(r#""/a\n\u{1b}[31m""#),
            "{all:?}"
        );
        assert!(all[1].contains("max_user_watches"), "{all:?}");
        assert!(notes.take().is_empty());
    }
}

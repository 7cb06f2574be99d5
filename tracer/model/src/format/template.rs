//! Lines after a template in the way of inotifywait(1): `%w %e %f`, with `%p`, `%u` and `%x` of
//! our own. Knows nothing of options; what inotifywait itself prints goes through here, too.

use jiff::{
    Timestamp,
    fmt::strtime::{BrokenDownTime, Config, PosixCustom},
    tz::TimeZone,
};

use super::{Format, escape::c_escaped};
use crate::event::{Actor, Event, Item, Loss, Notice, Pid, Roots, Uid, Users};

/// How the roots of a watch were given, so that paths are shown below those names.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// Absolute path, name as given, the longest path first.
    roots: Vec<(Vec<u8>, Vec<u8>)>,
    /// Where the roots lead by now, and what each is shown as.
    now: Option<(Roots, Vec<Vec<u8>>)>,
}

/// Appends the name under which an absolute path is shown, if it is at or below a root that is shown
/// under a name. Returns whether it is the root.
fn write_below(out: &mut Vec<u8>, path: &[u8], root: &[u8], name: &[u8]) -> Option<bool> {
    match path.strip_prefix(root.strip_suffix(b"/").unwrap_or(root))? {
        [] => {
            out.extend_from_slice(name);
            Some(true)
        }
        rest @ [b'/', ..] => {
            out.extend_from_slice(name.strip_suffix(b"/").unwrap_or(name));
            out.extend_from_slice(rest);
            Some(rest.len() == 1)
        }
        _ => None,
    }
}

impl Shown {
    /// Absolute paths, and what they are shown as. Of two names for one path the first counts.
    pub fn new(roots: impl IntoIterator<Item = (Vec<u8>, Vec<u8>)>) -> Self {
        let mut roots: Vec<_> = roots.into_iter().collect();
        roots.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
        Self { roots, now: None }
    }

    /// Some roots may lead elsewhere later: `names` are what each is shown as, in their order.
    #[must_use]
    pub fn following(mut self, roots: Roots, names: Vec<Vec<u8>>) -> Self {
        self.now = Some((roots, names));
        self
    }

    /// Appends the name under which an absolute path is shown. Returns whether it is a root.
    pub fn write(&self, out: &mut Vec<u8>, path: &[u8]) -> bool {
        for (root, name) in &self.roots {
            if let Some(is_root) = write_below(out, path, root, name) {
                return is_root;
            }
        }
        if let Some((roots, names)) = &self.now {
            for (root, name) in roots.all().iter().zip(names) {
                if let Some(is_root) = write_below(out, path, root, name) {
                    return is_root;
                }
            }
        }
        out.extend_from_slice(path);
        false
    }

    /// Splits the path of an event as inotifywait does: the watched directory with a slash at its
    /// end (or the watched file), and the name in it.
    pub fn split(&self, event: &Event, watched: &mut Vec<u8>) -> usize {
        watched.clear();
        let Some(Ok(path)) = event.named().map(|path| path.resolved.as_ref()) else {
            return 0;
        };
        let is_root = self.write(watched, path);
        if is_root || event.notice.is_some_and(|notice| notice.itself) {
            if event.is_dir && watched.last() != Some(&b'/') {
                watched.push(b'/');
            }
            watched.len()
        } else {
            watched
                .iter()
                .rposition(|b| *b == b'/')
                .map_or(0, |slash| slash + 1)
        }
    }
}

/// Part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Literal(Vec<u8>),
    Watched,
    Name,
    Events(u8),
    Time,
    Cookie,
    Pid,
    User,
    Exe,
}

/// How names are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// With C escapes for what is not printable.
    Escaped,
    /// As they are.
    Raw,
}

/// The format.
pub struct Template {
    pieces: Vec<Piece>,
    shown: Shown,
    names: Names,
    time: Clock,
    users: Users,
    watched: Vec<u8>,
}

/// What a template can be made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `%w %f %e %Xe %T %c %0 %n %%`; everything else stands for itself.
    Inotifywait,
    /// Also `%p %u %x`; an unknown letter is an error.
    Tracer,
}

impl Template {
    /// A template, and how to write times (strftime(3)).
    ///
    /// # Errors
    /// What is wrong with it, in one sentence.
    pub fn new(
        text: &[u8],
        dialect: Dialect,
        time: Option<&str>,
        zone: TimeZone,
        shown: Shown,
        names: Names,
    ) -> Result<Self, String> {
        Ok(Self {
            pieces: parse(text, dialect)?,
            shown,
            names,
            time: Clock::new(time.unwrap_or("%Y-%m-%dT%H:%M:%S%z"), zone)?,
            users: Users::fixed([]),
            watched: Vec::new(),
        })
    }

    /// The same with these names of users.
    #[must_use]
    pub fn with_users(mut self, users: Users) -> Self {
        self.users = users;
        self
    }

    /// Does it say the time?
    pub fn has_time(&self) -> bool {
        self.pieces.contains(&Piece::Time)
    }

    fn event(&mut self, out: &mut Vec<u8>, event: &Event) {
        let name_at = self.shown.split(event, &mut self.watched);
        let notice = event.as_notice();
        let actor = event.actor.as_ref().ok();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => out.extend_from_slice(text),
                Piece::Watched => named(out, &self.watched[..name_at], self.names),
                Piece::Name => named(out, &self.watched[name_at..], self.names),
                Piece::Events(separator) => notice.names(out, *separator),
                Piece::Time => self.time.write(out, event.time.wall_ns),
                Piece::Cookie => out.extend_from_slice(format!("{:x}", notice.cookie).as_bytes()),
                Piece::Pid => match actor.and_then(Actor::pid_here) {
                    Some(Pid(pid)) => {
                        out.extend_from_slice(itoa::Buffer::new().format(pid).as_bytes());
                    }
                    None => out.push(b'?'),
                },
                Piece::User => match actor.and_then(|actor| actor.creds) {
                    Some(creds) => user(out, &mut self.users, creds.uid, self.names),
                    None => out.push(b'?'),
                },
                Piece::Exe => match actor.map(|actor| &actor.exe) {
                    Some(Ok(exe)) => named(out, exe, self.names),
                    _ => out.push(b'?'),
                },
            }
        }
    }

    /// A loss is an overflow, as inotify(7) calls it, of no file.
    fn loss(&mut self, out: &mut Vec<u8>, loss: &Loss) {
        let notice = Notice {
            mask: libc::IN_Q_OVERFLOW,
            ..Notice::default()
        };
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => out.extend_from_slice(text),
                Piece::Events(separator) => notice.names(out, *separator),
                Piece::Time => self.time.write(out, loss.time.wall_ns),
                Piece::Cookie => out.push(b'0'),
                Piece::Pid | Piece::User | Piece::Exe => out.push(b'?'),
                Piece::Watched | Piece::Name => (),
            }
        }
    }
}

impl Format for Template {
    fn item(&mut self, out: &mut Vec<u8>, item: &Item) {
        match item {
            Item::Event(event) => self.event(out, event),
            Item::Loss(loss) => self.loss(out, loss),
        }
    }
}

pub(super) fn named(out: &mut Vec<u8>, name: &[u8], names: Names) {
    match names {
        Names::Escaped => c_escaped(out, name),
        Names::Raw => out.extend_from_slice(name),
    }
}

pub(super) fn user(out: &mut Vec<u8>, users: &mut Users, uid: Uid, names: Names) {
    if let Some(name) = users.name(uid) {
        named(out, name.as_bytes(), names);
    } else {
        out.extend_from_slice(itoa::Buffer::new().format(uid.0).as_bytes());
    }
}

fn parse(text: &[u8], dialect: Dialect) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut literal = Vec::new();
    let mut rest = text;
    while let [first, after @ ..] = rest {
        if *first != b'%' {
            literal.push(*first);
            rest = after;
            continue;
        }
        let own = dialect == Dialect::Tracer;
        let (piece, left): (_, &[u8]) = match after {
            [] => return Err("a `%` at the end of the format stands for nothing".to_owned()),
            [b'%', left @ ..] => (Err(&b"%"[..]), left),
            [b'0', left @ ..] => (Err(&b"\0"[..]), left),
            [b'n', left @ ..] => (Err(&b"\n"[..]), left),
            [b'w', left @ ..] => (Ok(Piece::Watched), left),
            [b'f', left @ ..] => (Ok(Piece::Name), left),
            [b'c', left @ ..] => (Ok(Piece::Cookie), left),
            [b'e', left @ ..] => (Ok(Piece::Events(b',')), left),
            [b'T', left @ ..] => (Ok(Piece::Time), left),
            [b'p', left @ ..] if own => (Ok(Piece::Pid), left),
            [b'u', left @ ..] if own => (Ok(Piece::User), left),
            [b'x', left @ ..] if own => (Ok(Piece::Exe), left),
            [separator, b'e', left @ ..] => (Ok(Piece::Events(*separator)), left),
            [other, ..] if own => {
                return Err(format!(
                    "`%{}` stands for nothing; known are %w %f %e %T %p %u %x %c %0 %n %%",
                    char::from(*other).escape_default()
                ));
            }
            [_, left @ ..] => (Err(&rest[..2]), left),
        };
        match piece {
            Err(text) => literal.extend_from_slice(text),
            Ok(piece) => {
                if !literal.is_empty() {
                    pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                }
                pieces.push(piece);
            }
        }
        rest = left;
    }
    if !literal.is_empty() {
        pieces.push(Piece::Literal(literal));
    }
    Ok(pieces)
}

/// Times after a strftime(3) format, in the C locale. Written anew once a second.
struct Clock {
    format: String,
    zone: TimeZone,
    second: Option<u64>,
    text: String,
}

impl Clock {
    fn new(format: &str, zone: TimeZone) -> Result<Self, String> {
        let mut clock = Self {
            format: format.to_owned(),
            zone,
            second: None,
            text: String::new(),
        };
        clock
            .render(0)
            .map_err(|error| format!("the time format {format:?} is not one: {error}"))?;
        Ok(clock)
    }

    fn render(&mut self, second: u64) -> Result<(), jiff::Error> {
        let stamp = Timestamp::from_second(second as i64).unwrap_or(Timestamp::UNIX_EPOCH);
        let zoned = stamp.to_zoned(self.zone.clone());
        self.text.clear();
        let config = Config::new().custom(PosixCustom::new());
        BrokenDownTime::from(&zoned).format_with_config(&config, &self.format, &mut self.text)
    }

    fn write(&mut self, out: &mut Vec<u8>, wall_ns: u64) {
        let second = wall_ns / 1_000_000_000;
        if self.second != Some(second) {
            self.second = Some(second);
            if self.render(second).is_err() {
                // It was tried when it was made; a year that cannot be written stays empty.
                self.text.clear();
            }
        }
        out.extend_from_slice(self.text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(text: &str) -> Piece {
        Piece::Literal(text.as_bytes().to_vec())
    }

    #[test]
    fn one_row_per_template() {
        use Dialect::{Inotifywait, Tracer};
        let rows: [(&str, Dialect, Option<Vec<Piece>>); 10] = [
            (
                "%w %e",
                Inotifywait,
                Some(vec![Piece::Watched, literal(" "), Piece::Events(b',')]),
            ),
            ("%:e", Inotifywait, Some(vec![Piece::Events(b':')])),
            ("%we", Inotifywait, Some(vec![Piece::Watched, literal("e")])),
            ("a%%b%n", Inotifywait, Some(vec![literal("a%b\n")])),
            ("%0", Inotifywait, Some(vec![literal("\0")])),
            ("%p %q", Inotifywait, Some(vec![literal("%p %q")])),
            ("%", Inotifywait, None),
            (
                "%p%u%x",
                Tracer,
                Some(vec![Piece::Pid, Piece::User, Piece::Exe]),
            ),
            ("%q", Tracer, None),
            ("%|e", Tracer, Some(vec![Piece::Events(b'|')])),
        ];
        for (text, dialect, wanted) in rows {
            assert_eq!(parse(text.as_bytes(), dialect).ok(), wanted, "{text}");
        }
    }

    #[test]
    fn roots_are_shown_as_given() {
        let shown = Shown::new([
            (b"/srv/a".to_vec(), b"a".to_vec()),
            (b"/srv/a/b".to_vec(), b"./b/".to_vec()),
            (b"/".to_vec(), b"/".to_vec()),
        ]);
        for (path, wanted, is_root) in [
            ("/srv/a", "a", true),
            ("/srv/a/x/y", "a/x/y", false),
            ("/srv/a/b", "./b/", true),
            ("/srv/a/b/c", "./b/c", false),
            ("/srv/ab", "/srv/ab", false),
            ("/", "/", true),
        ] {
            let mut out = Vec::new();
            assert_eq!(shown.write(&mut out, path.as_bytes()), is_root, "{path}");
            assert_eq!(String::from_utf8(out).unwrap(), wanted, "{path}");
        }
    }

    #[test]
    fn times_as_strftime_writes_them() {
        for (format, wanted) in [
            ("%d/%m/%y %H:%M", "01/01/70 00:00"),
            ("%F %T", "1970-01-01 00:00:00"),
            ("%s", "0"),
            ("%c", "Thu Jan  1 00:00:00 1970"),
            ("%e %k", " 1  0"),
        ] {
            let mut clock = Clock::new(format, TimeZone::UTC).unwrap();
            let mut out = Vec::new();
            clock.write(&mut out, 999_999_999);
            assert_eq!(String::from_utf8(out).unwrap(), wanted, "{format}");
        }
    }
}

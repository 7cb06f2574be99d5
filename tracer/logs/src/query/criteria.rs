//! What a search asks for, and whether an event is it. All conditions must hold. What can be told
//! from the bytes alone is told as needles, so that most of a log is never taken apart.

use std::borrow::Cow;

use memchr::memmem;

use super::{
    history::{About, Ask},
    items::{FileName, Items, keys},
    wanted::{self, Wanted},
};
use crate::{
    records::{RecordType, Value, enriched},
    replay::{Event, Needles},
};

/// A user that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserIs {
    /// The id.
    pub id: u32,
    /// The name, where one was given: a log of another machine can have looked it up as another id.
    pub name: Option<String>,
}

/// What is asked for. `None` and empty: anything.
#[derive(Clone, Debug, Default)]
#[expect(
    missing_docs,
    reason = "the names are those of the fields of audit records"
)]
pub struct Criteria {
    pub serial: Option<u64>,
    pub nodes: Vec<String>,
    pub types: Vec<RecordType>,
    pub arch: Option<u32>,
    pub syscall: Option<i64>,
    pub success: Option<bool>,
    pub exit: Option<i64>,
    pub pid: Option<u32>,
    pub ppid: Option<u32>,
    pub session: Option<u32>,
    pub uid: Option<UserIs>,
    pub euid: Option<UserIs>,
    pub auid: Option<UserIs>,
    /// Any of the three above.
    pub any_uid: Option<UserIs>,
    pub gid: Option<u32>,
    pub egid: Option<u32>,
    /// Any of the two above.
    pub any_gid: Option<u32>,
    pub file: Option<Vec<u8>>,
    pub host: Option<Vec<u8>>,
    pub terminal: Option<Vec<u8>>,
    pub exe: Option<Vec<u8>>,
    pub comm: Option<Vec<u8>>,
    pub key: Option<Vec<u8>>,
    pub vm: Option<Vec<u8>>,
    pub uuid: Option<Vec<u8>>,
    pub subject: Option<Vec<u8>>,
    pub object: Option<Vec<u8>>,
    /// The label of the subject or of an object.
    pub label: Option<Vec<u8>>,
    /// Strings must be equal; otherwise they are parts.
    pub whole: bool,
}

/// What several keys of one event are divided by (`AUDIT_KEY_SEPARATOR` of `linux/audit.h`).
pub(super) const KEY_SEPARATOR: u8 = 1;

impl Criteria {
    /// Does an event satisfy all of it?
    pub fn hold(&self, event: &Event<'_>) -> bool {
        let id = event.id();
        if self.serial.is_some_and(|serial| serial != id.serial) {
            return false;
        }
        if !self.nodes.is_empty()
            && !event
                .node()
                .is_some_and(|node| self.nodes.iter().any(|wanted| wanted.as_bytes() == node))
        {
            return false;
        }
        if !self.types.is_empty() && !event.records().any(|r| self.types.contains(&r.kind)) {
            return false;
        }
        // Nothing else need be taken from an event without the key, nor from any when that is all.
        if let Some(key) = &self.key {
            if !self.has_key(key, keys(event)) {
                return false;
            }
            if self.asked() == 0 {
                return true;
            }
        }
        let items = Items::some(event, self.wanted());
        self.numbers_hold(&items) && self.users_hold(&items) && self.strings_hold(&items)
    }

    fn numbers_hold(&self, items: &Items<'_>) -> bool {
        fn is<T: PartialEq + Copy>(wanted: Option<T>, found: Option<T>) -> bool {
            wanted.is_none() || wanted == found
        }
        is(self.arch, items.arch)
            && is(self.syscall, items.syscall)
            && is(self.success, items.success)
            && is(self.exit, items.exit)
            && is(self.pid, items.pid)
            && is(self.ppid, items.ppid)
            && is(self.session, items.session)
    }

    fn users_hold(&self, items: &Items<'_>) -> bool {
        let is = |wanted: &UserIs, found: Option<u32>, field: &[u8]| {
            if let Some(name) = &wanted.name
                && let Some(known) = enriched(items.names, field)
            {
                let mut scratch = Vec::new();
                return Value::untrusted(known).decode(&mut scratch) == name.as_bytes();
            }
            found == Some(wanted.id)
        };
        let fields = [
            (&self.uid, items.uid, &b"uid"[..]),
            (&self.euid, items.euid, b"euid"),
            (&self.auid, items.auid, b"auid"),
        ];
        let any = |wanted: &UserIs| {
            fields
                .iter()
                .any(|(_, found, field)| is(wanted, *found, field))
        };
        let group = |wanted: Option<u32>, found: &[Option<u32>]| {
            wanted.is_none() || found.contains(&wanted)
        };
        self.any_uid.as_ref().is_none_or(any)
            && fields
                .iter()
                .all(|(wanted, found, field)| wanted.as_ref().is_none_or(|w| is(w, *found, field)))
            && group(self.gid, &[items.gid])
            && group(self.egid, &[items.egid])
            && group(self.any_gid, &[items.gid, items.egid])
    }

    fn strings_hold(&self, items: &Items<'_>) -> bool {
        let mut scratch = Vec::new();
        let mut value = |wanted: &Option<Vec<u8>>, found: Option<Value<'_>>| {
            wanted.as_ref().is_none_or(|wanted| {
                found.is_some_and(|found| self.matches(wanted, found.decode(&mut scratch)))
            })
        };
        if !(value(&self.exe, items.exe)
            && value(&self.comm, items.comm)
            && value(&self.terminal, items.terminal)
            && value(&self.vm, items.vm)
            && value(&self.uuid, items.uuid.map(Value::Plain)))
        {
            return false;
        }
        let host = |wanted: &Vec<u8>| {
            let mut text = Vec::new();
            items.host.is_some_and(|host| {
                host.append_to(&mut text);
                self.matches(wanted, &text)
            })
        };
        self.file
            .as_ref()
            .is_none_or(|wanted| self.has_file(wanted, items))
            && self.host.as_ref().is_none_or(host)
            && self.labels_hold(items)
    }

    fn matches(&self, wanted: &[u8], found: &[u8]) -> bool {
        if self.whole {
            wanted == found
        } else {
            memmem::find(found, wanted).is_some()
        }
    }

    fn has_key<'v>(&self, wanted: &[u8], mut keys: impl Iterator<Item = Value<'v>>) -> bool {
        let mut scratch = Vec::new();
        keys.any(|keys| {
            keys.decode(&mut scratch)
                .split(|b| *b == KEY_SEPARATOR)
                .any(|key| self.matches(wanted, key))
        })
    }

    /// What of an event decides, beside the key.
    fn wanted(&self) -> &'static Wanted {
        let alone = self.asked() == 1;
        match (&self.exe, &self.comm, &self.file) {
            (Some(_), ..) if alone => &wanted::EXE,
            (_, Some(_), _) if alone => &wanted::COMM,
            (.., Some(_)) if alone => &wanted::FILES,
            _ => &wanted::ALL,
        }
    }

    /// How many conditions are there about what [`Items`] has, beside the key?
    fn asked(&self) -> usize {
        let numbers = [self.pid, self.ppid, self.session, self.arch];
        let groups = [self.gid, self.egid, self.any_gid];
        let users = [&self.uid, &self.euid, &self.auid, &self.any_uid];
        let texts = [
            &self.file,
            &self.host,
            &self.terminal,
            &self.exe,
            &self.comm,
            &self.vm,
            &self.uuid,
            &self.subject,
            &self.object,
            &self.label,
        ];
        let others = [
            self.syscall.is_some(),
            self.success.is_some(),
            self.exit.is_some(),
        ];
        others.iter().filter(|is| **is).count()
            + numbers.iter().chain(&groups).flatten().count()
            + users.iter().filter(|user| user.is_some()).count()
            + texts.iter().filter(|text| text.is_some()).count()
    }

    fn has_file(&self, wanted: &[u8], items: &Items<'_>) -> bool {
        let mut scratch = Vec::new();
        items.files.iter().any(|file| {
            self.matches(wanted, &full_name(file, items.cwd, &mut scratch))
                || self.matches(wanted, file.name.decode(&mut scratch))
        }) || items
            .cwd
            .is_some_and(|cwd| self.matches(wanted, cwd.decode(&mut scratch)))
    }

    fn labels_hold(&self, items: &Items<'_>) -> bool {
        let subject = |wanted: &Vec<u8>| {
            let mut labels = items.decisions.iter().filter_map(|d| d.subject);
            labels.any(|found| self.matches(wanted, found))
        };
        let object = |wanted: &Vec<u8>| {
            let mut labels = items.decisions.iter().filter_map(|d| d.object);
            labels.any(|found| self.matches(wanted, found))
        };
        self.subject.as_ref().is_none_or(subject)
            && self.object.as_ref().is_none_or(object)
            && self
                .label
                .as_ref()
                .is_none_or(|label| subject(label) || object(label))
    }

    /// What the sidecar of a packed segment can tell of.
    pub fn ask(&self) -> Ask {
        let mut all = Vec::new();
        let text = if self.whole { Ask::Is } else { Ask::Has };
        let texts = [
            (About::Key, &self.key),
            (About::Exe, &self.exe),
            (About::Comm, &self.comm),
            (About::Name, &self.file),
        ];
        for (about, wanted) in texts {
            all.extend(wanted.as_ref().map(|wanted| text(about, wanted.clone())));
        }
        for user in [&self.uid, &self.euid, &self.auid, &self.any_uid]
            .into_iter()
            .flatten()
        {
            let id = Ask::Is(About::User, user.id.to_string().into_bytes());
            let name = |name: &String| Ask::Is(About::User, format!("={name}").into_bytes());
            all.push(Ask::Any(
                std::iter::once(id)
                    .chain(user.name.as_ref().map(name))
                    .collect(),
            ));
        }
        if !self.types.is_empty() {
            let kind = |kind: &RecordType| Ask::Is(About::Type, kind.0.to_string().into_bytes());
            all.push(Ask::Any(self.types.iter().map(kind).collect()));
        }
        Ask::All(all)
    }

    /// Byte strings one of which is in a line of every event that is asked for; `None` when nothing
    /// can be said.
    pub fn needles(&self) -> Option<Needles> {
        // From what is rare to what is common.
        let strings = [
            &self.key,
            &self.exe,
            &self.comm,
            &self.vm,
            &self.uuid,
            &self.terminal,
        ];
        let field = |name: &str, value: i64| vec![format!("{name}={value}").into_bytes()];
        let needles = if let Some(file) = self.file.as_deref().and_then(path_needle) {
            file
        } else if let Some(text) = strings.into_iter().flatten().next() {
            both_forms(text)
        } else if let Some(serial) = self.serial {
            vec![format!(":{serial})").into_bytes()]
        } else if let Some(pid) = self.pid {
            field("pid", pid.into())
        } else if let Some(ppid) = self.ppid {
            field("ppid", ppid.into())
        } else if let Some(exit) = self.exit {
            field("exit", exit)
        } else if let Some(syscall) = self.syscall {
            field("syscall", syscall)
        } else if !self.types.is_empty() {
            type_needles(&self.types)
        } else {
            return None;
        };
        Needles::new(&needles)
    }
}

/// The beginning of a line with a record of one of these types.
pub(super) fn type_needles(types: &[RecordType]) -> Vec<Vec<u8>> {
    // An auditd that did not know the type yet wrote its number, and the kernel's own log has nothing else.
    let named = types.iter().filter_map(|t| t.name());
    let named = named.map(|name| format!("type={name} ").into_bytes());
    let unnamed = types.iter();
    let unnamed = unnamed.map(|t| [format!("type=UNKNOWN[{}] ", t.0), format!("type={} ", t.0)]);
    let unnamed = unnamed.flatten().map(String::into_bytes);
    named.chain(unnamed).collect()
}

/// What of a part of a path stands in a log. The last `/` can be the one that is put between the working
/// directory and a name.
pub(super) fn path_needle(file: &[u8]) -> Option<Vec<Vec<u8>>> {
    let end = file.iter().rposition(|b| *b != b'/')? + 1;
    (!straddles(file)).then(|| both_forms(&file[..end]))
}

/// A string as audit writes it: as it is, or in hexadecimal. (The kernel writes capital digits,
/// some programs small ones.)
pub(super) fn both_forms(text: &[u8]) -> Vec<Vec<u8>> {
    let hex = |digits: &[u8; 16]| -> Vec<u8> {
        text.iter()
            .flat_map(|b| [digits[usize::from(b >> 4)], digits[usize::from(b & 0xf)]])
            .collect()
    };
    vec![
        text.to_vec(),
        hex(b"0123456789ABCDEF"),
        hex(b"0123456789abcdef"),
    ]
}

/// Can this part of a name begin in the working directory and end in the name? Then it stands
/// nowhere as a whole.
fn straddles(file: &[u8]) -> bool {
    let names_up_or_here = |part: &&[u8]| memmem::find(file, part).is_some();
    [&b"/./"[..], b"/.."].iter().any(names_up_or_here) || file.ends_with(b"/.")
}

/// The name of a file: the path that tracer recorded for a relative one, else with the working
/// directory in front where ausearch puts it.
pub(super) fn full_name<'s>(
    file: &FileName<'s>,
    cwd: Option<Value<'s>>,
    scratch: &'s mut Vec<u8>,
) -> Cow<'s, [u8]> {
    if let Some(recorded) = file.recorded {
        return Cow::Borrowed(recorded.decode(scratch));
    }
    match cwd.filter(|_| file.below_cwd) {
        Some(cwd) => {
            let mut name = Vec::new();
            cwd.append_to(&mut name);
            name.push(b'/');
            file.name.append_to(&mut name);
            Cow::Owned(name)
        }
        None => Cow::Borrowed(file.name.decode(scratch)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needles_are_in_every_form() {
        let of = |criteria: Criteria| criteria.needles();
        let key = of(Criteria {
            key: Some(b"my key".to_vec()),
            ..Criteria::default()
        })
        .unwrap();
        assert!(key.is_match("key=\"my key\"") && key.is_match("key=6D79206B6579"));
        let pid = of(Criteria {
            pid: Some(12),
            ..Criteria::default()
        })
        .unwrap();
        assert!(pid.is_match(" pid=12 ") && !pid.is_match(" pid=1 "));
        assert!(of(Criteria::default()).is_none());
        let types = of(Criteria {
            types: vec![RecordType::PROCTITLE],
            ..Criteria::default()
        })
        .unwrap();
        for (line, found) in [
            ("type=PROCTITLE msg=", true),
            ("type=UNKNOWN[1327] msg=", true),
            ("type=1327 audit(", true),
            ("type=PATH msg=", false),
        ] {
            assert_eq!(types.is_match(line), found, "{line}");
        }
        let below = of(Criteria {
            file: Some(b"/etc/".to_vec()),
            ..Criteria::default()
        })
        .unwrap();
        assert!(below.is_match("type=CWD msg=audit(1.000:1): cwd=\"/etc\""));
        for file in ["/etc/./x", "/a/..", "/.", "/", ""] {
            let file = Criteria {
                file: Some(file.into()),
                ..Criteria::default()
            };
            assert!(of(file).is_none());
        }
    }
}

//! Names of user ids, as the system's user database (nsswitch.conf(5)) has them.
//!
//! Each id is asked for once: a name that changes while tracer runs is not noticed.

use std::collections::HashMap;

use crate::event::Uid;

/// Names of user ids.
#[derive(Debug)]
pub struct Users {
    known: HashMap<u32, Option<Box<str>>>,
    ask: bool,
}

impl Default for Users {
    /// Names from the system's user database.
    fn default() -> Self {
        Self {
            known: HashMap::new(),
            ask: true,
        }
    }
}

impl Users {
    /// These names and no others: ids stay numbers where a name would be a guess (logs of another
    /// machine) and in tests.
    pub fn fixed<'a>(names: impl IntoIterator<Item = (u32, &'a str)>) -> Self {
        let known = names
            .into_iter()
            .map(|(id, name)| (id, Some(name.into())))
            .collect();
        Self { known, ask: false }
    }

    /// Name of a user, or `None` for an id that the database does not have.
    pub fn name(&mut self, uid: Uid) -> Option<&str> {
        let ask = self.ask;
        let look_up = || {
            let user = nix::unistd::User::from_uid(nix::unistd::Uid::from_raw(uid.0));
            user.ok().flatten().map(|user| user.name.into_boxed_str())
        };
        self.known
            .entry(uid.0)
            .or_insert_with(|| ask.then(look_up).flatten())
            .as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let mut fixed = Users::fixed([(1000, "ana")]);
        assert_eq!(fixed.name(Uid(1000)), Some("ana"));
        assert_eq!(fixed.name(Uid(0)), None, "a fixed list asks nobody");
        let mut system = Users::default();
        assert_eq!(system.name(Uid(0)), Some("root"));
        assert_eq!(system.name(Uid(u32::MAX - 7)), None);
        assert_eq!(system.name(Uid(0)), Some("root"), "from memory");
    }
}

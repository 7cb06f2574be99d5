//! Names of user ids, as the system's user database (nsswitch.conf(5)) has them.

use std::path::Path;

use crate::{
    event::{Uid, UserDatabase, Users},
    words,
};

/// The system's user database.
#[derive(Debug)]
struct System;

impl UserDatabase for System {
    fn id(&self, name: &str) -> Option<Uid> {
        let user = nix::unistd::User::from_name(name).ok().flatten()?;
        Some(Uid(user.uid.as_raw()))
    }

    fn name(&self, uid: Uid) -> Option<String> {
        let user = nix::unistd::User::from_uid(nix::unistd::Uid::from_raw(uid.0));
        user.ok().flatten().map(|user| user.name)
    }
}

/// Names from the system's user database.
pub fn of_system() -> Users {
    Users::of(&System)
}

/// What would be right in the place of a user or group that is not known: the nearest of a file like
/// /etc/passwd or /etc/group, else what is expected.
pub fn instead(name: &str, file: impl AsRef<Path>, expected: &str) -> String {
    let text = std::fs::read(file).unwrap_or_default();
    let known = Users::of_file(&String::from_utf8_lossy(&text)).names();
    words::instead(name, known.iter().map(|known| &**known), || {
        expected.to_owned()
    })
}

/// The users of this machine, as far as a file has them.
pub const USERS: &str = "/etc/passwd";

/// Likewise its groups.
pub const GROUPS: &str = "/etc/group";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_machine() {
        let system = of_system();
        assert_eq!(system.id("root"), Some(Uid(0)));
        assert_eq!(system.name(Uid(0)).as_deref(), Some("root"));
        assert_eq!(system.name(Uid(u32::MAX - 7)), None);
        assert_eq!(system.name(Uid(0)).as_deref(), Some("root"), "from memory");
        assert_eq!(instead("rooot", USERS, "else"), "did you mean `root`?");
        assert_eq!(instead("no-such-user-at-all", USERS, "else"), "else");
        assert_eq!(instead("root", "/no/such/file", "else"), "else");
    }
}

//! Names of user ids, as the system's user database (nsswitch.conf(5)) has them.

use crate::event::{Uid, UserDatabase, Users};

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
    }
}

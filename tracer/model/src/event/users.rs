//! Names of user ids: those that are given, and those that a database is asked for.
//!
//! Each id is asked for once: a name that changes while tracer runs is not noticed.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::Uid;

/// What knows the users of a machine.
pub trait UserDatabase: fmt::Debug + Send + Sync {
    /// The id of a user.
    fn id(&self, name: &str) -> Option<Uid>;

    /// The name of a user.
    fn name(&self, uid: Uid) -> Option<String>;
}

/// Names of user ids. A clone knows what the other one learns.
#[derive(Clone, Debug)]
pub struct Users {
    known: Arc<Mutex<Known>>,
    database: Option<&'static dyn UserDatabase>,
}

type Known = HashMap<u32, Option<Arc<str>>>;

impl Users {
    /// Names from a database.
    pub fn of(database: &'static dyn UserDatabase) -> Self {
        Self {
            database: Some(database),
            ..Self::fixed([])
        }
    }

    /// These names and no others: ids stay numbers where a name would be a guess (logs and
    /// recordings of another machine) and in tests.
    pub fn fixed<'a>(names: impl IntoIterator<Item = (u32, &'a str)>) -> Self {
        let known = names.into_iter().map(|(id, name)| (id, Some(name.into())));
        Self {
            known: Arc::new(Mutex::new(known.collect())),
            database: None,
        }
    }

    /// The names of a file like /etc/passwd (passwd(5)) or /etc/group, and no others.
    pub fn of_file(text: &str) -> Self {
        Self::fixed(text.lines().filter_map(|line| {
            let mut fields = line.split(':');
            let (name, id) = (fields.next()?, fields.nth(1)?);
            Some((id.parse().ok()?, name))
        }))
    }

    /// The id of a user, or `None` for a name that the database does not have.
    pub fn id(&self, name: &str) -> Option<Uid> {
        if let Some(database) = self.database {
            return database.id(name);
        }
        let known = self.known();
        let found = known
            .iter()
            .filter(|(_, known)| known.as_deref() == Some(name));
        found.map(|(id, _)| Uid(*id)).min_by_key(|id| id.0)
    }

    /// The names that are known, in order.
    pub fn names(&self) -> Vec<Arc<str>> {
        let mut names: Vec<_> = self.known().values().flatten().cloned().collect();
        names.sort_unstable();
        names
    }

    /// Takes the name of a user from elsewhere; `None`: it has none.
    pub fn learn(&self, uid: Uid, name: Option<&str>) {
        self.known().insert(uid.0, name.map(Arc::from));
    }

    /// Name of a user, or `None` for an id that the database does not have.
    pub fn name(&self, uid: Uid) -> Option<Arc<str>> {
        let look_up = || self.database?.name(uid).map(Arc::from);
        self.known().entry(uid.0).or_insert_with(look_up).clone()
    }

    /// A map is whole whatever happened to who held it.
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let fixed = Users::fixed([(1000, "ana")]);
        assert_eq!(fixed.name(Uid(1000)).as_deref(), Some("ana"));
        assert_eq!(fixed.name(Uid(0)), None, "a fixed list asks nobody");
        fixed.clone().learn(Uid(0), Some("toor"));
        assert_eq!(fixed.name(Uid(0)).as_deref(), Some("toor"));
        let file = Users::of_file("root:x:0:0:root:/root:/bin/sh\n\nbad\nana:x:1000:1000::/:\n");
        assert_eq!(file.name(Uid(1000)).as_deref(), Some("ana"));
        assert_eq!(file.id("ana"), Some(Uid(1000)));
        assert_eq!(file.id("bad"), None);
    }
}

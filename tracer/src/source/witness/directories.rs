//! The directories in which something happened, and what is known of each.

use std::{cell::RefCell, collections::HashMap, os::fd::AsFd, rc::Rc};

use foldhash::fast::RandomState;

use crate::{
    enrich::paths::{Below, IsBelow},
    rules::Roots,
    source::fanotify::{DirNameRef, Found, Handle, HandleRef, Resolver, Short},
};

/// So many directories are known at once.
const KNOWN: usize = 16 * 1024;

/// A directory: one for all that happens in it.
#[derive(Debug)]
pub(super) struct Dir {
    pub(super) handle: Handle,
    /// What it is, and by which of [`Directories::turn`] that was asked.
    known: RefCell<Option<(u64, Rc<Directory>)>>,
}

/// A name in a directory; `.` is the directory itself.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) dir: Rc<Dir>,
    pub(super) name: Short,
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        let is_one = Rc::ptr_eq(&self.dir, &other.dir) || self.dir.handle == other.dir.handle;
        is_one && self.name == other.name
    }
}

/// What is known of a directory.
#[derive(Debug)]
pub(super) struct Directory {
    pub(super) found: Found,
    pub(super) below: Below,
    /// It is at or below a root.
    pub(super) is_inside: bool,
    /// A root stands in it.
    pub(super) has_root: bool,
}

impl Directory {
    /// Asks the kernel. `holds`: does a root stand in this one?
    pub(super) fn ask(
        directory: &Handle,
        resolver: &mut Resolver,
        holds: impl Fn(&Vec<u8>) -> bool,
        roots: &Roots,
        is_below: IsBelow<'_>,
    ) -> Self {
        let found = resolver.find(directory);
        let opened = resolver.open_file(directory);
        let paths = match &found {
            Found::At(paths) => &paths[..],
            Found::Outside | Found::Unknown => &[],
        };
        Self {
            is_inside: paths.iter().any(|path| roots.contain(path, true)),
            has_root: paths.iter().any(holds),
            below: opened.map_or_else(Below::default, |file| is_below(file.as_fd())),
            found,
        }
    }

    /// Is this the path of a name in it, and the only one?
    pub(super) fn has(&self, name: &[u8], path: &[u8]) -> bool {
        let Found::At(paths) = &self.found else {
            return false;
        };
        let [directory] = &paths[..] else {
            return false;
        };
        let parts = path.strip_suffix(name);
        parts.is_some_and(|before| before.strip_suffix(b"/") == Some(directory))
    }
}

/// All that are known.
#[derive(Debug, Default)]
pub(super) struct Directories {
    all: HashMap<Handle, Rc<Dir>, RandomState>,
    /// Mostly the next event is in it, too.
    last: Option<Rc<Dir>>,
    /// Grows whenever what is known may be wrong: until one of them is moved or something is mounted.
    turn: u64,
}

impl Directories {
    /// A name in one of them.
    pub(super) fn place(&mut self, at: DirNameRef<'_>) -> Place {
        Place {
            dir: self.of(at.dir),
            name: Short::from_slice(at.name),
        }
    }

    fn of(&mut self, handle: HandleRef<'_>) -> Rc<Dir> {
        if let Some(last) = self.last.as_ref().filter(|last| handle.is(&last.handle)) {
            return Rc::clone(last);
        }
        let handle = Handle::from(handle);
        let known = self.all.get(&handle).map(Rc::clone);
        let dir = known.unwrap_or_else(|| {
            if self.all.len() >= KNOWN {
                self.all.clear();
            }
            let dir = Rc::new(Dir {
                handle: handle.clone(),
                known: RefCell::default(),
            });
            self.all.insert(handle, Rc::clone(&dir));
            dir
        });
        self.last = Some(Rc::clone(&dir));
        dir
    }

    /// What one is, if that was asked and still holds.
    pub(super) fn known(&self, dir: &Dir) -> Option<Rc<Directory>> {
        let known = dir.known.borrow();
        let (turn, known) = known.as_ref()?;
        (*turn == self.turn).then(|| Rc::clone(known))
    }

    /// Was that asked, and does it still hold?
    pub(super) fn knows(&self, dir: &Dir) -> bool {
        (dir.known.borrow().as_ref()).is_some_and(|(turn, _)| *turn == self.turn)
    }

    /// Is this known as the only path of a name in a directory?
    pub(super) fn have(&self, place: &Place, path: &[u8]) -> bool {
        let known = place.dir.known.borrow();
        (known.as_ref())
            .is_some_and(|(turn, known)| *turn == self.turn && known.has(&place.name, path))
    }

    /// What one is now.
    pub(super) fn learn(&self, dir: &Dir, known: Directory) -> Rc<Directory> {
        let known = Rc::new(known);
        *dir.known.borrow_mut() = Some((self.turn, Rc::clone(&known)));
        known
    }

    /// Everything may be another.
    pub(super) fn forget(&mut self) {
        self.turn += 1;
    }

    /// One that was not found may be found now.
    pub(super) fn forget_unknown(&self, handle: &Handle) {
        if let Some(dir) = self.all.get(handle)
            && (self.known(dir)).is_some_and(|known| known.found == Found::Unknown)
        {
            dir.known.take();
        }
    }
}

#[cfg(test)]
impl Place {
    /// A name in a directory with this handle.
    pub(super) fn of(handle: u8, name: &str) -> Self {
        let handle = Handle {
            fsid: 1,
            kind: 1,
            bytes: Short::from_slice(&[handle]),
        };
        Self {
            dir: Rc::new(Dir {
                handle,
                known: RefCell::default(),
            }),
            name: name.as_bytes().into(),
        }
    }
}

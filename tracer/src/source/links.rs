//! Watched names that are symlinks, or stand behind some. When one on the way is switched, the name
//! leads to something else, and that is what is watched from then on: `conf -> ..data/conf`, where
//! `..data` is replaced by a rename, is how a Kubernetes volume is updated.

use std::{
    collections::VecDeque,
    ffi::{OsStr, OsString},
    fs, io,
    os::unix::ffi::OsStrExt,
    path::{Component, Path, PathBuf},
};

use crate::rules::Roots;

/// Symlinks on the way to one file at most (`path_resolution(7)`).
const MOST: usize = 40;

/// Where a name leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// Without symlinks.
    pub real: PathBuf,
    /// Each symlink on the way, by its name in its real directory.
    pub links: Vec<PathBuf>,
}

impl Chain {
    /// Follows an absolute path.
    pub fn of(path: &Path) -> io::Result<Self> {
        let mut rest: VecDeque<OsString> = parts(path).collect();
        let mut chain = Self {
            real: PathBuf::from("/"),
            links: Vec::new(),
        };
        while let Some(part) = rest.pop_front() {
            if part == ".." {
                chain.real.pop();
                continue;
            }
            let here = chain.real.join(&part);
            if !fs::symlink_metadata(&here)?.is_symlink() {
                chain.real = here;
                continue;
            }
            let target = fs::read_link(&here)?;
            chain.links.push(here);
            if chain.links.len() > MOST {
                return Err(io::Error::from_raw_os_error(libc::ELOOP));
            }
            if target.is_absolute() {
                chain.real = PathBuf::from("/");
            }
            for part in parts(&target).collect::<Vec<_>>().into_iter().rev() {
                rest.push_front(part);
            }
        }
        Ok(chain)
    }
}

/// The names in a path, `..` included.
fn parts(path: &Path) -> impl DoubleEndedIterator<Item = OsString> + '_ {
    path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some("..".into()),
        Component::RootDir | Component::CurDir | Component::Prefix(_) => None,
    })
}

/// A name that leads to something else now.
#[derive(Debug)]
pub struct Switch {
    /// Which of the roots.
    pub at: usize,
    /// As it was given.
    pub given: PathBuf,
    /// Where it leads.
    pub to: PathBuf,
}

impl Switch {
    /// What to say of it.
    pub fn sentence(&self) -> String {
        format!(
            "{} leads to {} now, watched from here on: what happened there before is not told",
            self.given.display(),
            self.to.display()
        )
    }
}

/// The watched names that have symlinks on the way.
#[derive(Clone, Debug, Default)]
pub struct Links {
    all: Vec<Followed>,
    roots: Roots,
}

#[derive(Clone, Debug)]
struct Followed {
    at: usize,
    given: PathBuf,
    chain: Chain,
}

impl Links {
    /// Those of `given`, whose real paths are `roots`.
    pub fn of(given: &[PathBuf], roots: Roots) -> Self {
        let followed = |(at, given): (usize, &PathBuf)| {
            let given = std::path::absolute(given).ok()?;
            let chain = Chain::of(&given).ok()?;
            (!chain.links.is_empty()).then_some(Followed { at, given, chain })
        };
        let all = given.iter().enumerate().filter_map(followed).collect();
        let links = Self { all, roots };
        links.tell();
        links
    }

    /// Is there any?
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The roots, with what is known of them now.
    pub fn roots(&self) -> &Roots {
        &self.roots
    }

    /// So many directories can the symlinks be in, however often they are switched.
    pub fn most_directories(&self) -> usize {
        self.all.len() * MOST
    }

    /// Directories in which the symlinks stand.
    pub fn directories(&self) -> impl Iterator<Item = &Path> {
        let links = self.all.iter().flat_map(|followed| &followed.chain.links);
        links.filter_map(|link| link.parent())
    }

    /// Follows each again. Which lead to something else now? One that leads nowhere for the moment
    /// is as it was.
    pub fn look(&mut self) -> Vec<Switch> {
        let mut switched = Vec::new();
        let mut is_other = false;
        for followed in &mut self.all {
            let Ok(chain) = Chain::of(&followed.given) else {
                continue;
            };
            if chain == followed.chain {
                continue;
            }
            is_other = true;
            if chain.real != followed.chain.real {
                let real: &OsStr = chain.real.as_os_str();
                self.roots.replace(followed.at, real.as_bytes().to_vec());
                switched.push(Switch {
                    at: followed.at,
                    given: followed.given.clone(),
                    to: chain.real.clone(),
                });
            }
            followed.chain = chain;
        }
        if is_other {
            self.tell();
        }
        switched
    }

    /// Makes the symlinks known.
    fn tell(&self) {
        let links = self.all.iter().flat_map(|followed| &followed.chain.links);
        let bytes = links.map(|link| link.as_os_str().as_bytes().to_vec());
        self.roots.set_links(bytes);
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_kubernetes_volume() {
        let dir = tempfile::tempdir().unwrap();
        let top = dir.path().canonicalize().unwrap();
        for version in ["..1", "..2"] {
            fs::create_dir(top.join(version)).unwrap();
            fs::write(top.join(version).join("conf"), version).unwrap();
        }
        symlink("..1", top.join("..data")).unwrap();
        symlink("..data/conf", top.join("conf")).unwrap();
        let given = [top.join("..1"), top.join("conf")];
        let real: Vec<_> = given
            .iter()
            .map(|path| path.canonicalize().unwrap())
            .collect();
        let bytes = |path: &Path| path.as_os_str().as_bytes().to_vec();
        let roots: Roots = real.iter().map(|path| bytes(path)).collect();
        let mut links = Links::of(&given, roots.clone());
        assert!(roots.contain(&bytes(&top.join("..data")), true));
        assert!(links.look().is_empty());
        symlink("..2", top.join("..tmp")).unwrap();
        fs::rename(top.join("..tmp"), top.join("..data")).unwrap();
        let switched = links.look();
        assert_eq!(switched.len(), 1);
        assert_eq!(
            (switched[0].at, &switched[0].to),
            (1, &top.join("..2/conf"))
        );
        assert_eq!(roots.all(), [bytes(&real[0]), bytes(&top.join("..2/conf"))]);
        assert!(links.look().is_empty());
        // For a moment it leads nowhere.
        fs::remove_file(top.join("..data")).unwrap();
        assert!(links.look().is_empty());
        symlink("..1", top.join("..data")).unwrap();
        assert_eq!(links.look().len(), 1);
    }

    #[test]
    fn where_names_lead() {
        let dir = tempfile::tempdir().unwrap();
        let top = dir.path().canonicalize().unwrap();
        fs::create_dir_all(top.join("a/b")).unwrap();
        symlink(top.join("a"), top.join("absolute")).unwrap();
        symlink("absolute/b", top.join("twice")).unwrap();
        symlink("loop", top.join("loop")).unwrap();
        for (name, real, links) in [
            ("a/b", "a/b", &[][..]),
            ("absolute/b/..", "a", &["absolute"]),
            ("twice", "a/b", &["twice", "absolute"]),
        ] {
            let chain = Chain::of(&top.join(name)).unwrap();
            assert_eq!(chain.real, top.join(real), "{name}");
            let wanted: Vec<_> = links.iter().map(|link| top.join(link)).collect();
            assert_eq!(chain.links, wanted, "{name}");
        }
        assert!(Chain::of(&top.join("loop")).is_err());
        assert!(Chain::of(&top.join("gone")).is_err());
    }
}

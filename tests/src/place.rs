//! Temporary directories of the tests.

use std::{
    fs,
    os::unix::{
        ffi::OsStrExt,
        fs::{PermissionsExt, chown},
    },
    path::{Path, PathBuf},
};

/// User and group id of `nobody` on Debian: an ordinary user that owns nothing.
pub const NOBODY: u32 = 65534;

/// A directory of its own for one test; everybody may enter it.
#[derive(Debug)]
pub struct Place {
    path: PathBuf,
    _guard: tempfile::TempDir,
}

impl Default for Place {
    fn default() -> Self {
        Self::new()
    }
}

impl Place {
    /// An empty directory.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn new() -> Self {
        let guard = tempfile::Builder::new()
            .prefix("tracer-test-")
            .tempdir()
            .expect("a temporary directory can be made");
        fs::set_permissions(guard.path(), fs::Permissions::from_mode(0o755)).expect("chmod");
        let path = fs::canonicalize(guard.path()).expect("it exists");
        Self {
            path,
            _guard: guard,
        }
    }

    /// An empty directory that belongs to a user and the group of the same number.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn of(owner: u32) -> Self {
        let place = Self::new();
        chown(&place.path, Some(owner), Some(owner)).expect("chown");
        place
    }

    /// Its absolute path, without symlinks.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A path below it.
    pub fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path.join(name)
    }

    /// A path below it, as bytes.
    pub fn bytes(&self, name: impl AsRef<Path>) -> Vec<u8> {
        self.path.join(name).as_os_str().as_bytes().to_vec()
    }

    /// Makes a directory below it, with its parents.
    ///
    /// # Panics
    /// When that fails.
    pub fn dir(&self, name: impl AsRef<Path>) -> PathBuf {
        let path = self.path.join(name);
        fs::create_dir_all(&path).expect("mkdir");
        path
    }

    /// Makes a file below it.
    ///
    /// # Panics
    /// When that fails.
    pub fn file(&self, name: impl AsRef<Path>) -> PathBuf {
        let path = self.path.join(name);
        fs::write(&path, "content\n").expect("file");
        path
    }
}

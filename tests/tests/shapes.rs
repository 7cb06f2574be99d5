//! Shapes of paths: however a program says where a file is, the record has the right absolute
//! path.

use tests::{play, require_ebpf};

macro_rules! shapes {
    ($($(#[$doc:meta])* $test:ident: $scenario:literal;)*) => {
        $(
            $(#[$doc])*
            #[test]
            fn $test() {
                if require_ebpf() {
                    play($scenario);
                }
            }
        )*
    };
}

shapes! {
    /// Relative, relative to a descriptor, `.`, `..`, double slashes
    relative: "relative";
    /// Through symlinked directories, and final symlinks
    symlinks: "symlinks";
    /// 255-byte components and PATH_MAX long names
    long: "lengthy";
    /// Forty levels, with 10 kB of path
    deep: "deep";
    /// A hundred levels: right, or an explicit unknown
    deeper_than_anything: "too-deep";
    /// Deleted working directory, file unlinked or renamed while open
    gone: "gone";
    /// The name's page is not resident when the call is entered
    name_not_resident: "pages";
    /// Through a bind mount
    bind_mount: "bind";
    /// In a chroot
    chroot: "chroots";
    /// In another mount namespace
    mount_namespace: "namespace";
}

/// A final symlink that is deleted right after it was followed: the path is where it led, or the
/// record says that it is only the name as given, or that it does not know. Never a claim that is
/// wrong.
#[test]
fn vanishing_symlinks() {
    if !require_ebpf() {
        return;
    }
    let scene = play("vanishing");
    let (file, dir) = (scene.place.bytes("file"), scene.place.path());
    for record in scene
        .outcome
        .records
        .iter()
        .filter(|r| r.syscall() == "chmod")
    {
        let paths = record.paths();
        let [entry] = &paths[..] else {
            panic!("not one path: {}", record.line)
        };
        let Some(path) = entry.path() else { continue };
        let as_given = path.starts_with(format!("{}/sym-", dir.display()).as_bytes());
        let says_so = ["base", "lexical"].contains(&entry.get("via").as_str().unwrap_or(""));
        assert!(
            path == file || (as_given && says_so),
            "wrong: {}",
            record.line
        );
    }
}

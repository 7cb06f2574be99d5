//! POSIX extended regular expressions by the C library, so that a pattern written for inotifywait
//! means what it meant there (back references and GNU's `\<` included).

use std::{
    ffi::{CString, OsStr},
    mem::MaybeUninit,
    os::unix::ffi::OsStrExt,
};

/// A compiled pattern.
pub(super) struct Posix {
    compiled: libc::regex_t,
    /// Nothing in the pattern looks at what follows the text but `$`.
    only_dollar_ends: bool,
}

// SAFETY: regexec(3) takes the compiled pattern as const; POSIX has it safe in several threads
// (glibc locks inside).
unsafe impl Send for Posix {}
// SAFETY: as above.
unsafe impl Sync for Posix {}

impl Posix {
    /// Compiles a pattern; `None` when it is not one.
    pub(super) fn new(pattern: &OsStr, ignore_case: bool) -> Option<Self> {
        let bytes = pattern.as_bytes();
        let text = CString::new(bytes).ok()?;
        let flags =
            libc::REG_EXTENDED | libc::REG_NOSUB | if ignore_case { libc::REG_ICASE } else { 0 };
        let mut compiled = MaybeUninit::uninit();
        // SAFETY: `compiled` is room for a regex_t, `text` ends with a NUL.
        let failed = unsafe { libc::regcomp(compiled.as_mut_ptr(), text.as_ptr(), flags) } != 0;
        if failed {
            return None;
        }
        let looks_around = |pair: &[u8]| pair[0] == b'\\' && b"bB<>'`".contains(&pair[1]);
        Some(Self {
            // SAFETY: regcomp has succeeded, so it is initialised.
            compiled: unsafe { compiled.assume_init() },
            only_dollar_ends: !bytes.windows(2).any(looks_around),
        })
    }

    /// Is there a match anywhere in the text? A file name holds no NUL; behind one nothing is
    /// looked at.
    pub(super) fn is_match(&self, text: &[u8]) -> bool {
        self.exec(text, 0)
    }

    /// Is there a match in every text that begins with this one?
    pub(super) fn matches_all_below(&self, prefix: &[u8]) -> bool {
        self.only_dollar_ends && self.exec(prefix, libc::REG_NOTEOL)
    }

    fn exec(&self, text: &[u8], flags: i32) -> bool {
        let end = memchr::memchr(0, text).unwrap_or(text.len());
        let Ok(text) = CString::new(&text[..end]) else {
            return false;
        };
        // SAFETY: the pattern is compiled and lives as long as `self`, `text` ends with a NUL, and
        // with REG_NOSUB no match is written.
        unsafe {
            libc::regexec(
                &raw const self.compiled,
                text.as_ptr(),
                0,
                std::ptr::null_mut(),
                flags,
            ) == 0
        }
    }
}

impl Drop for Posix {
    fn drop(&mut self) {
        // SAFETY: compiled by regcomp, and freed only here.
        unsafe { libc::regfree(&raw mut self.compiled) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_per_pattern() {
        for (pattern, ignore_case, text, wanted, below) in [
            (r"\.swp$", false, "d/a.swp", true, false),
            (r"\.swp$", false, "d/a.swpx", false, false),
            ("/\\.git/", false, "d/.git/", true, true),
            ("/\\.git/.+", false, "d/.git/", false, false),
            ("TMP", true, "d/tmp", true, true),
            ("(a)\\1", false, "d/aa/", true, true),
            ("[.]", false, "d/", false, false),
            ("d/\\B", false, "d/", true, false),
            (".*", false, "", true, true),
        ] {
            let posix = Posix::new(OsStr::new(pattern), ignore_case).unwrap();
            assert_eq!(
                posix.is_match(text.as_bytes()),
                wanted,
                "{pattern} on {text}"
            );
            assert_eq!(
                posix.matches_all_below(text.as_bytes()),
                below,
                "{pattern} below {text}"
            );
        }
        assert!(Posix::new(OsStr::new("(a"), false).is_none());
        assert!(Posix::new(OsStr::new("[["), false).is_none());
    }
}

//! Patterns for names and paths.

use globset::{Glob, GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};

/// A command name: cut to the 15 bytes that the kernel keeps (`TASK_COMM_LEN`).
pub fn comm_glob(text: &str) -> Result<GlobMatcher, String> {
    if text.is_empty() {
        return Err("a command name is not empty".to_owned());
    }
    let has_wildcard = text.contains(['*', '?', '[', '{', '\\']);
    let kept = if has_wildcard {
        text
    } else {
        let end = (0..=text.len().min(15))
            .rev()
            .find(|i| text.is_char_boundary(*i))
            .unwrap_or(0);
        &text[..end]
    };
    // A name is no path: that of a thread may have a slash in it (`kworker/0:1`).
    pattern(kept, false).map(|g| g.compile_matcher())
}

/// A pattern for an absolute path: a bare name means that name anywhere; `*` does not cross a slash,
/// `**` does.
pub fn path_glob(text: &str) -> Result<Glob, String> {
    let pattern = text.strip_suffix('/').unwrap_or(text);
    match pattern {
        "" if text.is_empty() => Err("the pattern is empty".to_owned()),
        "" => glob("/"),
        name if !name.contains('/') => glob(&format!("**/{name}")),
        path if path.starts_with(['/', '{']) || path.starts_with("**/") => glob(path),
        path => {
            glob(path)?;
            let path = path.strip_prefix("./").unwrap_or(path);
            Err(format!(
                "it matches no absolute path, because that begins with `/`, and `*` and `?` do not \
                 stand for one: use `**/{path}`"
            ))
        }
    }
}

/// A pattern in which `*` does not cross a slash, as globset takes it.
pub fn glob(text: &str) -> Result<Glob, String> {
    pattern(text, true)
}

fn pattern(text: &str, is_path: bool) -> Result<Glob, String> {
    GlobBuilder::new(text)
        .literal_separator(is_path)
        .backslash_escape(true)
        .build()
        .map_err(|error| format!("this is no pattern: {}", error.kind()))
}

/// Paths that are left out: those that match, and what is below them.
pub fn excluded(globs: &[Glob]) -> Result<GlobSet, String> {
    let mut set = GlobSetBuilder::new();
    for one in globs {
        set.add(one.clone());
        set.add(glob(&format!("{}/**", one.glob()))?);
    }
    set.build().map_err(|error| error.to_string())
}

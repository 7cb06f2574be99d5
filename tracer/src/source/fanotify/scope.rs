//! Which paths a plan is about.

use crate::source::WatchPlan;

/// Why a path is not of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Refusal {
    /// It is not at or below a root.
    Outside,
    /// The plan leaves it out, or a directory above it.
    Exclude,
}

/// Judges an absolute path.
pub(super) fn judge(plan: &WatchPlan, path: &[u8]) -> Result<(), Refusal> {
    let mut refusal = Refusal::Outside;
    for len in plan.roots_above(path) {
        let below = path[len..].strip_prefix(b"/").unwrap_or_default();
        let direct = !below.contains(&b'/');
        if !plan.recursive && !direct {
            continue;
        }
        if excluded(plan, path, path.len() - below.len()) {
            refusal = Refusal::Exclude;
            continue;
        }
        return Ok(());
    }
    Err(refusal)
}

/// Is the path left out, or a directory on the way to it from its root? `root_len`: where the
/// part below the root begins.
fn excluded(plan: &WatchPlan, path: &[u8], root_len: usize) -> bool {
    if plan.exclude.is_empty() {
        return false;
    }
    let inner = (root_len..path.len()).filter(|at| path[*at] == b'/');
    inner
        .chain([path.len()])
        .any(|end| plan.excludes(&path[..end]))
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, path::PathBuf};

    use globset::{Glob, GlobSet};

    use super::*;

    #[test]
    fn rows() {
        let plan = |roots: &[&str], recursive, exclude: &str| WatchPlan {
            roots: roots.iter().map(PathBuf::from).collect(),
            recursive,
            exclude: if exclude.is_empty() {
                GlobSet::empty()
            } else {
                GlobSet::builder()
                    .add(Glob::new(exclude).unwrap())
                    .build()
                    .unwrap()
            },
            ops: BTreeSet::new(),
            ..WatchPlan::default()
        };
        let (yes, outside, exclude) = (Ok(()), Err(Refusal::Outside), Err(Refusal::Exclude));
        let rows = [
            (plan(&["/a"], true, ""), "/a", yes),
            (plan(&["/a"], true, ""), "/a/b/c", yes),
            (plan(&["/a"], true, ""), "/ab", outside),
            (plan(&["/a"], true, ""), "/", outside),
            (plan(&["/"], true, ""), "/", yes),
            (plan(&["/"], true, ""), "/ab", yes),
            (plan(&["/"], false, ""), "/ab", yes),
            (plan(&["/"], false, ""), "/ab/c", outside),
            (plan(&["/a"], false, ""), "/a/b", yes),
            (plan(&["/a"], false, ""), "/a/b/c", outside),
            (plan(&["/a/f"], true, ""), "/a/f", yes),
            (plan(&["/a/f"], true, ""), "/a/g", outside),
            (plan(&["/x", "/a"], true, ""), "/a/g", yes),
            (plan(&["/a"], true, "**/skip"), "/a/skip", exclude),
            (plan(&["/a"], true, "**/skip"), "/a/skip/b/c", exclude),
            (plan(&["/a"], true, "**/skip"), "/a/skipped", yes),
            (plan(&["/skip/a"], true, "/skip"), "/skip/a/b", yes),
        ];
        for (plan, path, wanted) in rows {
            assert_eq!(
                judge(&plan, path.as_bytes()),
                wanted,
                "{path} in {:?}",
                plan.roots
            );
        }
    }
}

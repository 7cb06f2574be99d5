//! A word that is no call of a table: what would be right, in the same words wherever calls are named
//! (`-S` of rules, `trace -e`, `search -sc`).

use super::{Arch, CallSet, Class, foreign};
use crate::words::instead;

/// The table of a machine that audit names by this number.
fn table(arch: u32) -> Box<dyn Fn(u32) -> Option<&'static str>> {
    match Arch::ALL.into_iter().find(|known| known.audit() == arch) {
        Some(known) => Box::new(move |nr| known.name(nr)),
        None => Box::new(move |nr| foreign::name(arch, nr)),
    }
}

/// What would be right where a word is no call of the table of this machine, which audit names by this
/// number: the nearest call, or why there is none. `with_arch` says how another table is asked for.
pub fn instead_of(word: &str, arch: u32, with_arch: &str) -> String {
    if word.parse::<u32>().is_ok() {
        return "no call has this number".to_owned();
    }
    if is_set(word) {
        return format!("`{word}` is a set of calls, which only `trace -e` takes: name the calls");
    }
    let known = table(arch);
    instead(word, (0..foreign::NUMBERS).filter_map(known), || {
        let other = [Arch::NATIVE, Arch::I386]
            .into_iter()
            .find(|other| other.audit() != arch && other.number(word).is_some());
        match other {
            Some(other) => format!("only {} has it: use {with_arch}", other.as_str()),
            None => "expected a name as in syscalls(2), or a number".to_owned(),
        }
    })
}

/// Is this a set of `trace -e`, and no call?
fn is_set(word: &str) -> bool {
    let sets = Class::ALL.iter().map(|(_, name)| *name);
    let bare = word.trim_start_matches('%');
    sets.chain(CallSet::known_sets())
        .any(|set| set == word || set.trim_start_matches('%') == bare)
        || word.starts_with(['%', '/'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_right() {
        let native = Arch::X86_64.audit();
        for (word, arch, wanted) in [
            ("opnat", native, "did you mean `openat`?"),
            ("opnat", 0xc000_00b7, "did you mean `openat`?"),
            ("umount3", native, "did you mean `umount2`?"),
            ("socketcall", native, "only i386 has it: use X"),
            ("9999", native, "no call has this number"),
            (
                "%file",
                native,
                "`%file` is a set of calls, which only `trace -e` takes: name the calls",
            ),
            (
                "process",
                native,
                "`process` is a set of calls, which only `trace -e` takes: name the calls",
            ),
            (
                "/open",
                native,
                "`/open` is a set of calls, which only `trace -e` takes: name the calls",
            ),
            (
                "whatever",
                native,
                "expected a name as in syscalls(2), or a number",
            ),
        ] {
            assert_eq!(instead_of(word, arch, "X"), wanted, "{word}");
        }
    }
}

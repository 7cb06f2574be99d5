//! `-S`: names and numbers of system calls and of `io_uring` operations.

use super::ast::List;
use crate::{
    calls::{Arch, NUMBERS, uring_op},
    words::nearest,
};

/// What a call of this list and architecture is called in messages.
pub(super) fn table(list: List, arch: Option<Arch>) -> String {
    match (list, arch) {
        (List::IoUring, _) => "io_uring operation".to_owned(),
        (_, Some(arch)) => format!("{} system call", arch.as_str()),
        (_, None) => "system call".to_owned(),
    }
}

/// Number of a call by name or number; on failure what would be right.
pub(super) fn number(list: List, arch: Option<Arch>, text: &str) -> Result<u32, String> {
    let name_of = |nr: u32| name(list, arch, nr);
    if let Ok(nr) = text.parse::<u32>() {
        return match name_of(nr) {
            Some(_) => Ok(nr),
            None => Err("no call has this number".to_owned()),
        };
    }
    let arch = arch.unwrap_or(Arch::NATIVE);
    let found = match list {
        List::IoUring => uring_op::number(text),
        _ => arch.number(text),
    };
    found.ok_or_else(|| match nearest(text, names(list, arch)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if list == List::IoUring => "expected a name such as openat, or a number".to_owned(),
        None => match elsewhere(text, arch) {
            Some(other) => format!("only {} has it: use -F arch=", other.as_str()),
            None => "expected a name as in syscalls(2), a number or `all`".to_owned(),
        },
    })
}

/// Another table that has the call.
fn elsewhere(text: &str, not: Arch) -> Option<Arch> {
    [Arch::NATIVE, Arch::I386]
        .into_iter()
        .find(|arch| *arch != not && arch.number(text).is_some())
}

fn names(list: List, arch: Arch) -> Box<dyn Iterator<Item = &'static str>> {
    match list {
        List::IoUring => Box::new(uring_op::NAMES.iter().copied()),
        _ => Box::new((0..NUMBERS).filter_map(move |nr| arch.name(nr))),
    }
}

/// Name of a call.
pub(super) fn name(list: List, arch: Option<Arch>, nr: u32) -> Option<&'static str> {
    match list {
        List::IoUring => uring_op::name(nr),
        _ => arch.unwrap_or(Arch::NATIVE).name(nr),
    }
}

//! `-S`: names and numbers of system calls and of `io_uring` operations.

use super::ast::List;
use crate::{
    calls::{self, Arch, uring_op},
    words,
};

/// What a call of this list and architecture is called in messages.
fn table(list: List, arch: Option<Arch>) -> String {
    match (list, arch) {
        (List::IoUring, _) => "io_uring operation".to_owned(),
        (_, Some(arch)) => format!("{} system call", arch.as_str()),
        (_, None) => "system call".to_owned(),
    }
}

/// Number of a call by name or number, in the first of the tables that has it; on failure what is
/// wrong, and what would be right.
pub(super) fn number_in(
    tables: &[(List, Option<Arch>)],
    text: &str,
) -> Result<u32, (String, String)> {
    let mut wrong = None;
    for (list, arch) in tables {
        match number(*list, *arch, text) {
            Ok(nr) => return Ok(nr),
            Err(help) => {
                let what = format!("unknown {} `{text}`", table(*list, *arch));
                wrong.get_or_insert((what, help));
            }
        }
    }
    Err(wrong.unwrap_or_default())
}

/// Number of a call by name or number; on failure what would be right.
fn number(list: List, arch: Option<Arch>, text: &str) -> Result<u32, String> {
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
    found.ok_or_else(|| match list {
        List::IoUring => words::instead(text, uring_op::NAMES.iter().copied(), || {
            "expected a name such as openat, or a number".to_owned()
        }),
        _ => calls::instead_of(text, arch.audit(), "-F arch="),
    })
}

/// Name of a call.
pub(super) fn name(list: List, arch: Option<Arch>, nr: u32) -> Option<&'static str> {
    match list {
        List::IoUring => uring_op::name(nr),
        _ => arch.unwrap_or(Arch::NATIVE).name(nr),
    }
}

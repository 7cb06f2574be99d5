//! The machine that wrote a log, where it is another than the one that reads it: its time zone and
//! its users, by options, and its architecture, by its records.

use std::path::Path;

use super::options::Given;
use crate::{
    calls::Arch,
    cli::exit::{Code, Failure},
    event::Users,
    query::{clock::Here, interpret::Readable},
    records::{Fields, Head},
    source::replay::{Input, ReplayError},
};

/// How much of a log is looked at for its architecture.
const LOOK: u64 = 256 * 1024;

/// `--tz`
pub(super) fn zone<K>(option: &Given<K>, here: Here) -> Result<Here, Failure> {
    here.in_zone(option.value()).ok_or_else(|| {
        Failure::usage(format!(
            "{} {}: expected a time zone such as Europe/Berlin or +02:00",
            option.name,
            option.value()
        ))
    })
}

/// `--passwd`: users of this file, and groups of the file `group` beside it, which need not be there.
pub(super) fn passwd<K>(option: &Given<K>, how: &mut Readable) -> Result<(), Failure> {
    let path = Path::new(option.value());
    let text = std::fs::read(path).map_err(|e| {
        let why = format!("{}: cannot read {}: {e}", option.name, path.display());
        Failure::new(Code::Target, why)
    })?;
    how.users = Users::of_file(&String::from_utf8_lossy(&text));
    let groups = std::fs::read(path.with_file_name("group")).unwrap_or_default();
    how.groups = Some(Users::of_file(&String::from_utf8_lossy(&groups)));
    Ok(())
}

/// The architecture that wrote a log: that of its first call. 32-bit programs of this machine, and a
/// log without calls, say nothing else than that it is this one.
pub(super) fn arch(input: &Input) -> Result<u32, ReplayError> {
    let native = Arch::NATIVE.audit();
    let mut text = Vec::new();
    input.read(0, input.len().min(LOOK), &mut text)?;
    let first = text.split(|b| *b == b'\n').find_map(|line| {
        let head = Head::parse(line).ok()?;
        let field = Fields::new(&line[head.body..]).find(|field| field.name == b"arch")?;
        u32::from_str_radix(std::str::from_utf8(field.raw).ok()?, 16).ok()
    });
    Ok(match first {
        Some(arch) if crate::calls::foreign::machine(arch).is_some() => arch,
        Some(arch) if arch == Arch::Aarch64.audit() || arch == Arch::X86_64.audit() => arch,
        _ => native,
    })
}

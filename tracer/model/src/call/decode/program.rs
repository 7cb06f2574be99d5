//! Arguments and environment of a program.

use tracer_ebpf::abi::call::Capture;

use super::Writer;
use crate::{
    calls::{Arg, Role},
    event::Data,
};

/// The arguments of a program.
pub(crate) const ARGV: Arg = Arg::value(|w, _, at| w.strings(at))
    .how(Capture::Argv)
    .always()
    .role(Role::Argv);
/// The environment of a program: how many variables, and with `-v` all of them.
pub(crate) const ENVP: Arg = Arg::value(environment).how(Capture::CountStrings);

fn environment(w: &mut Writer<'_>, _: &Arg, at: u64) {
    if w.options.verbose {
        w.strings(at);
        return;
    }
    w.address(at);
    // It is compared by itself.
    if w.options.stable {
        return;
    }
    let call = w.call;
    let count = call.data(w.index as u8).find_map(|data| match data {
        Data::Count(n, why) => Some((*n, why.is_some())),
        Data::Strings(argv) => Some((argv.args.len() as u64, argv.incomplete.is_some())),
        _ => None,
    });
    if let Some((n, is_cut)) = count.filter(|count| *count != (0, true)) {
        let more = if is_cut { "+" } else { "" };
        let vars = if n == 1 { "var" } else { "vars" };
        w.comment(&format!("{n}{more} {vars}"));
    }
}

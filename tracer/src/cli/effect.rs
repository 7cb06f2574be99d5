//! Options that would change nothing beside others: refused, with the reason. Called as strace, it is
//! said as strace says it, and goes on.

use super::{
    args::{BackendArg, FormatArg, WatchArgs},
    decode::DecodeArgs,
    exit::Failure,
    jobs::OnBusy,
    live,
    view::{self, ViewArgs},
    watch,
};

/// An option, as it is shown.
pub(super) type Name = &'static str;

/// Those that are given.
pub(super) fn given(options: &[(bool, Name)]) -> impl Iterator<Item = Name> {
    options.iter().filter_map(|(is, name)| is.then_some(*name))
}

/// What is asked for.
pub(super) struct Asked<'a> {
    pub(super) view: &'a ViewArgs,
    pub(super) decode: &'a DecodeArgs,
    /// The form of records.
    pub(super) format: &'a FormatArg,
    /// Another option prints a list instead of lines.
    pub(super) list: Option<Name>,
    /// A recording keeps how calls are to be shown.
    pub(super) records: bool,
    pub(super) as_strace: bool,
}

/// An option, and beside or without what it has no effect.
type Idle = (Name, String);

impl Asked<'_> {
    /// Refuses what has no effect.
    pub(super) fn check(&self) -> Result<(), Failure> {
        self.check_shape()?;
        if !self.view.summarises() && self.view.summary_wall_clock {
            return Err(Failure::usage(
                "-w/--summary-wall-clock must be given with (-c/--summary-only or -C/--summary)",
            ));
        }
        if !self.view.summarises() && self.view.summary_columns.is_some() {
            return Err(Failure::usage(
                "-U/--summary-columns must be given with (-c/--summary-only or -C/--summary)",
            ));
        }
        for (option, why) in self.idle() {
            let text = format!("{option} has no effect {why}");
            if !self.as_strace {
                return Err(Failure::usage(format!("{text}: leave one of them out")));
            }
            live::complain(&format!("strace: {text}"));
        }
        Ok(())
    }

    /// A table and a drawing are no records.
    fn check_shape(&self) -> Result<(), Failure> {
        let is_of_records = |format: &FormatArg| {
            matches!(
                format,
                FormatArg::Csv | FormatArg::Audit | FormatArg::Template(_)
            )
        };
        let format = self.format;
        let shown = match self.silent() {
            Some(list) if is_of_records(format) => format!("{list} prints no records"),
            None if self.view.summary && matches!(format, FormatArg::Csv | FormatArg::Audit) => {
                "-C/--summary prints a table behind the records".to_owned()
            }
            _ => return Ok(()),
        };
        Err(Failure::usage(format!(
            "{shown}: use --format text or json"
        )))
    }

    /// What prints no line for a call.
    fn silent(&self) -> Option<Name> {
        if self.view.summary_only {
            Some(view::SUMMARY_ONLY)
        } else if self.view.tree {
            Some("--tree")
        } else {
            self.list
        }
    }

    fn idle(&self) -> Vec<Idle> {
        let mut idle = Vec::new();
        if !self.view.summarises() && self.view.summary_sort_by.is_some() {
            let without = "without (-c/--summary-only or -C/--summary)";
            idle.push(("-S/--summary-sort-by", without.to_owned()));
        }
        let (times, layout) = (self.view.line_options(), self.decode.line_options());
        let decoding = self.decode.call_options();
        let mut all = |options: Vec<Name>, why: &str| {
            idle.extend(options.into_iter().map(|option| (option, why.to_owned())));
        };
        // A recording and a drawing show calls, too.
        let decodes = self.records || self.view.timeline.is_some();
        if let Some(list) = self.silent() {
            let why = format!("with {list}");
            all(times, &why);
            if !decodes {
                all(layout, &why);
                all(decoding, &why);
            }
            return idle;
        }
        if self.records || matches!(self.format, FormatArg::Strace) {
            return idle;
        }
        let why = "but with --format strace";
        // What is for programs has the time that a call took as a field.
        let has_field = matches!(self.format, FormatArg::Json | FormatArg::Audit);
        let is_shown = |option: &Name| has_field && view::TOOK.contains(option);
        all(
            times
                .into_iter()
                .filter(|option| !is_shown(option))
                .collect(),
            why,
        );
        all(layout, why);
        if !decodes && !matches!(self.format, FormatArg::Text | FormatArg::Json) {
            all(decoding, "but with --format strace, text or json");
        }
        idle
    }
}

/// Refuses options of `watch` that would change nothing.
pub(super) fn check_watch(args: &WatchArgs) -> Result<(), Failure> {
    let restarts = watch::on_busy(args) == OnBusy::Restart;
    if restarts && args.jobs > 1 {
        return Err(Failure::usage(
            "--restart is for one command at a time: leave --jobs out",
        ));
    }
    if !restarts && (args.stop_signal.is_some() || args.stop_timeout.is_some()) {
        return Err(Failure::usage(
            "--stop-signal and --stop-timeout say how a command is ended that is restarted: add \
             --restart",
        ));
    }
    if !matches!(args.backend, None | Some(BackendArg::Ebpf)) {
        let kernel = &args.kernel;
        let of_ebpf = [
            (kernel.buffer.is_some(), "--buffer"),
            (kernel.ebpf_log, "--ebpf-log"),
        ];
        if let Some(option) = given(&of_ebpf).next() {
            let text = format!("{option} is for eBPF: leave it or --backend out");
            return Err(Failure::usage(text));
        }
    }
    if watch::goes_on(args) {
        return Ok(());
    }
    let of_events = [
        (args.backend.is_some(), "--backend"),
        (args.timeout.is_some(), "--timeout"),
        (args.kernel.duration.is_some(), "--duration"),
        (args.kernel.buffer.is_some(), "--buffer"),
        (args.kernel.ebpf_log, "--ebpf-log"),
    ];
    if let Some(option) = given(&of_events).next() {
        return Err(Failure::usage(format!(
            "{option} is about what happens from now on, and nothing of that is told: add --monitor"
        )));
    }
    let of_records = [
        (args.live.format.is_some(), "--format"),
        (args.csv, "--csv"),
        (args.json, "--json"),
        (args.null, "--null"),
        (args.timefmt.is_some(), "--timefmt"),
        (args.coalesce.is_some(), "--coalesce"),
        (args.exec.is_some(), "--exec"),
        (args.once, "--once"),
        (args.count.is_some(), "--count"),
        (args.live.record.is_some(), "--record"),
        (args.live.output.is_some(), "--output"),
    ];
    match given(&of_records).next() {
        Some(option) if args.since_start.is_none() => Err(Failure::usage(format!(
            "--snapshot alone tells of no event, so {option} has no effect: add --since-start or \
             --monitor"
        ))),
        _ => Ok(()),
    }
}

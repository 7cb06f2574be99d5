//! Audit logs: every line is in an event or said to be none, in blocks of any size, and every event can
//! be shown in every form and counted in every report.

use std::{io::Write as _, ops::ControlFlow, sync::atomic::AtomicU64};

use tracer::{
    query::{
        clock::Here,
        interpret::Readable,
        output::{Columns, Format, Printer},
        report::{LOOKS, PageWorker, Rows, Selection, TallyWorker, TotalsWorker},
    },
    source::replay::{BLOCK, Event, Input, Plan, Worker, scan},
};

use crate::{harmless, json};

/// Every way to print an event, and every report.
struct All<'s> {
    printers: Vec<(Format, Printer)>,
    rows: Vec<Rows<'s>>,
    tallies: Vec<TallyWorker<'s>>,
    totals: TotalsWorker<'s>,
    page: PageWorker<'s>,
    events: u64,
}

impl<'s> All<'s> {
    fn new(selection: &'s Selection) -> Self {
        let formats = [
            Format::Raw,
            Format::Default,
            Format::Interpret,
            Format::Csv,
            Format::Text,
            Format::Json,
        ];
        let columns = Columns {
            keys: true,
            labels: true,
            obj2: true,
            time: true,
        };
        let how = &Readable::of(tracer::enrich::users::of_system());
        let printer = |f| (f, Printer::new(f, columns, how, Here::plain()));
        let subjects = || LOOKS.iter().map(|look| look.subject);
        Self {
            printers: formats.map(printer).into(),
            rows: subjects()
                .flat_map(|s| [(s, false), (s, true)])
                .map(|(s, json)| Rows::new(s, selection, true, json, how, Here::plain()))
                .collect(),
            tallies: subjects()
                .map(|s| TallyWorker::new(s, selection, true, how))
                .collect(),
            totals: TotalsWorker::new(selection),
            page: PageWorker::new(selection, 0, u64::MAX),
            events: 0,
        }
    }
}

impl Worker for All<'_> {
    type Made = u64;

    fn event(&mut self, event: &Event<'_>) {
        self.events += 1;
        for (format, printer) in &mut self.printers {
            let mut out = Vec::new();
            printer.event(&mut out, event);
            if *format == Format::Raw {
                continue;
            }
            let text = harmless(&format!("{format:?}"), &out);
            if *format == Format::Json {
                json(text);
            }
        }
        self.rows.iter_mut().for_each(|w| w.event(event));
        self.tallies.iter_mut().for_each(|w| w.event(event));
        self.totals.event(event);
        self.page.event(event);
    }

    fn block(&mut self) -> u64 {
        for rows in &mut self.rows {
            let (out, _) = rows.block();
            assert!(std::str::from_utf8(&out).is_ok(), "{out:?}");
        }
        std::mem::take(&mut self.events)
    }
}

/// Every line is in an event or told as none, in blocks of any size; every event can be shown.
///
/// # Panics
/// When something of the above does not hold.
pub fn check(log: &[u8], block: u64) {
    let selection = Selection::default();
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(log).expect("it takes it");
    let input = Input::open([file.path()]).expect("it can be read");
    let told = [BLOCK, block].map(|block| {
        let plan = Plan {
            block,
            ..Plan::whole(&input)
        };
        let mut events = 0;
        let outcome = scan(
            &input,
            &plan,
            &AtomicU64::new(0),
            || All::new(&selection),
            |made| {
                events += made;
                Ok(ControlFlow::Continue(()))
            },
        );
        (events, outcome.expect("a scan").faults)
    });
    assert_eq!(told[0], told[1]);
}

/// The same, with the size of the blocks in the first two bytes.
pub fn check_sized(bytes: &[u8]) {
    if let Some(([a, b], log)) = bytes.split_first_chunk() {
        check(log, u64::from(u16::from_le_bytes([*a, *b])) + 1);
    }
}

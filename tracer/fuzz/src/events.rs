//! Events with anything at all in them, as the memory of a traced program is: every format shows them, one
//! line a record where it has lines, and nothing in it drives a terminal.

use jiff::tz::TimeZone;
use tracer::{
    decode::Options,
    event::{Item, Users},
    format::{Audit, Columns, Csv, Format, Json, Prefix, Shown, Strace, Text},
};

use crate::{harmless, json};

/// Checks an item, as it is in a recording (postcard).
///
/// # Panics
/// When a format shows it in a way that its readers cannot take.
pub fn check(bytes: &[u8]) {
    if let Ok(item) = postcard::from_bytes::<Item>(bytes) {
        show(&item);
    }
}

/// Shows an item in every format.
pub(crate) fn show(item: &Item) {
    let verbose = Options {
        strings: 4096,
        verbose: true,
        ..Options::default()
    };
    let users = Users::fixed([]);
    let shown = Shown::new([]);
    let mut formats: [(&str, Box<dyn Format>); 7] = [
        ("json", Box::new(Json::new(None))),
        ("decoded", Box::new(Json::new(Some(verbose.clone())))),
        (
            "text",
            Box::new(Text::new(false, users.clone(), TimeZone::UTC)),
        ),
        (
            "strace",
            Box::new(Strace::new(Options::default(), Prefix::Always, false)),
        ),
        (
            "verbose",
            Box::new(Strace::new(verbose, Prefix::Always, false)),
        ),
        ("audit", Box::new(Audit::new(1))),
        (
            "csv",
            Box::new(Csv::new(Columns::Tracer, shown).with_users(users)),
        ),
    ];
    for (name, format) in &mut formats {
        let mut out = Vec::new();
        format.item(&mut out, item);
        let text = harmless(name, &out);
        assert!(text.is_empty() || text.ends_with('\n'), "{name}: {text:?}");
        if matches!(*name, "json" | "decoded") {
            text.lines().for_each(json);
        }
    }
}

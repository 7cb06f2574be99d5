//! Prints what the rules of a file report, as JSON, until it has been so many records:
//!
//! ```sh
//! cargo run -p tracer --example rules_live /etc/audit/rules.d/etc.rules 10
//! ```

use std::{
    error::Error,
    io::{Write as _, stdout},
    path::PathBuf,
};

use tracer::{
    Tracer,
    event::Item,
    format::{Format as _, Json},
    rules::{RuleSet, file},
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args_os().skip(1);
    let path = PathBuf::from(args.next().ok_or("which file of rules?")?);
    let count = args.next().ok_or("how many records?")?;
    let count: usize = count.to_str().ok_or("no number")?.parse()?;
    let loaded = file::load(&[path], RuleSet::default())?;
    for note in loaded.notes {
        eprintln!("{note}");
    }
    let tracer = Tracer::builder().rules(loaded.set).build()?;
    println!("ready");
    let mut json = Json::new(None);
    let mut line = Vec::new();
    let is_event = |item: &Result<Item, _>| !matches!(item, Ok(Item::Loss(_)));
    for item in tracer.filter(is_event).take(count) {
        json.item(&mut line, &item?);
        stdout().write_all(&line)?;
        line.clear();
    }
    Ok(())
}

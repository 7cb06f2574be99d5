//! Counts the system calls of a command, from asynchronous code:
//!
//! ```sh
//! cargo run -p tracer --example calls_of_command ls -l
//! ```

use std::{collections::BTreeMap, error::Error, process::Command};

use futures_util::StreamExt as _;
use tracer::{Tracer, event::Item};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args_os().skip(1);
    let mut command = Command::new(words.next().ok_or("which command?")?);
    command.args(words);
    let mut tracer = Tracer::builder().command(command).build()?;
    let mut counts = BTreeMap::new();
    while let Some(item) = tracer.stream().next().await {
        if let Item::Event(event) = item?
            && let Some(call) = &event.call
        {
            *counts
                .entry(call.arch.name(call.nr).unwrap_or("?"))
                .or_insert(0) += 1;
        }
    }
    for (call, count) in counts {
        println!("{count:>7} {call}");
    }
    let outcome = tracer.outcome().ok_or("no outcome")?;
    println!("{}", outcome.status.ok_or("it goes on")?);
    Ok(())
}

//! Prints who changes what in a directory, until a file named `stop` is made there:
//!
//! ```sh
//! cargo run -p tracer --example who_writes /srv
//! ```

use std::error::Error;

use tracer::{
    Tracer,
    event::{Item, Op},
};

fn main() -> Result<(), Box<dyn Error>> {
    let directory = std::env::args_os().nth(1).ok_or("which directory?")?;
    let mut tracer = Tracer::builder()
        .path(&directory)
        .op(Op::Write)
        .op(Op::Create)
        .op(Op::Delete)
        .build()?;
    println!("ready: {}", tracer.why());
    let stopper = tracer.stopper();
    for item in &mut tracer {
        let event = match item? {
            Item::Event(event) => event,
            Item::Loss(loss) => {
                println!("lost: {:?} records ({})", loss.count, loss.reason.as_str());
                continue;
            }
        };
        let who = event.actor.as_ref().ok();
        let comm = who.and_then(|who| who.comm.as_ref().ok());
        let comm = comm.map_or("?".into(), |comm| String::from_utf8_lossy(comm));
        let pid = who.map_or(0, |who| who.pid.0);
        for path in event
            .paths
            .iter()
            .filter_map(|path| path.resolved.as_ref().ok())
        {
            let path = String::from_utf8_lossy(path);
            println!("{comm}[{pid}] {} {path}", event.op.as_str());
            if path.ends_with("/stop") {
                stopper.stop();
            }
        }
    }
    let account = &tracer.outcome().ok_or("no account")?.account;
    println!(
        "{} records, {} lost",
        account.written,
        account.lost.values().sum::<u64>()
    );
    Ok(())
}

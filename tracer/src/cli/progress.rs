//! How far something long is, for a person who waits at a terminal.

use std::{
    io::{IsTerminal as _, stderr},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

/// Nothing is said of what takes no longer.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often it is said anew.
const FRESH: Duration = Duration::from_millis(200);

/// Does some work, and draws a line on standard error meanwhile if that is a terminal. The line is
/// gone at the end. There is none as long as there is no text.
pub(super) fn show<T>(text: impl Fn() -> Option<String> + Sync, work: impl FnOnce() -> T) -> T {
    if !stderr().is_terminal() {
        return work();
    }
    // Its end tells that the work is over, also when that panics.
    let (over, until_over) = mpsc::channel::<()>();
    thread::scope(|scope| {
        let text = &text;
        scope.spawn(move || {
            let (mut pause, mut is_drawn) = (PATIENCE, false);
            while until_over.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                pause = FRESH;
                if let Some(text) = text() {
                    is_drawn = true;
                    err!("\r\x1b[Ktracer: {text} ");
                }
            }
            if is_drawn {
                err!("\r\x1b[K");
            }
        });
        let result = work();
        drop(over);
        result
    })
}

//! Listens to a stream in a thread of its own.

use std::{
    io::Read,
    process::{Child, ExitStatus},
    sync::{Arc, Condvar, Mutex},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// How long anything may take before the test fails. Nothing waits for this to pass.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// What a stream said so far.
#[derive(Clone, Default)]
pub struct Heard(Arc<Shared>);

/// How waiting for a stream ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waited {
    /// It said what was waited for.
    Found,
    /// It ended before.
    Ended,
    /// It did neither within [`PATIENCE`].
    Late,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    said: Vec<u8>,
    ended: bool,
}

impl Heard {
    /// Listens until the stream ends.
    ///
    /// # Panics
    /// When another listener has panicked.
    pub fn listen(&self, mut stream: impl Read + Send + 'static) -> JoinHandle<()> {
        let heard = self.clone();
        thread::spawn(move || {
            let mut buffer = vec![0; 1 << 16];
            loop {
                let n = stream.read(&mut buffer).unwrap_or(0);
                let mut state = heard.0.state.lock().expect("no panic holds it");
                state.said.extend_from_slice(&buffer[..n]);
                state.ended |= n == 0;
                heard.0.changed.notify_all();
                if n == 0 {
                    return;
                }
            }
        })
    }

    /// Waits until `found` is true of what was said; false when the stream ended before.
    pub(crate) fn wait(&self, what: &str, found: impl FnMut(&[u8]) -> bool) -> bool {
        let waited = self.wait_for(found);
        assert!(
            waited != Waited::Late,
            "no {what} within {PATIENCE:?}; so far:\n{}",
            tail(&self.take())
        );
        waited == Waited::Found
    }

    /// Waits until `found` is true of what was said, or cannot be any more.
    ///
    /// # Panics
    /// When a listener has panicked.
    pub fn wait_for(&self, mut found: impl FnMut(&[u8]) -> bool) -> Waited {
        let end = Instant::now() + PATIENCE;
        let mut state = self.0.state.lock().expect("no panic holds it");
        loop {
            if found(&state.said) {
                return Waited::Found;
            }
            if state.ended {
                return Waited::Ended;
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Waited::Late;
            }
            let waited = self.0.changed.wait_timeout(state, left);
            state = waited.expect("no panic holds it").0;
        }
    }

    /// All of it.
    ///
    /// # Panics
    /// When a listener has panicked.
    pub fn take(&self) -> Vec<u8> {
        self.0.state.lock().expect("no panic holds it").said.clone()
    }
}

/// The last of what was said.
pub(crate) fn tail(said: &[u8]) -> String {
    let from = said.len().saturating_sub(2000);
    String::from_utf8_lossy(&said[from..]).into_owned()
}

/// Waits for a child to end, which must not take for ever. `said` is what it said, for the
/// message.
pub(crate) fn wait_child(child: &mut Child, said: &dyn Fn() -> String) -> ExitStatus {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(status) = child.try_wait().expect("it is our child") {
            return status;
        }
        if Instant::now() > end {
            let _ = child.kill();
            panic!("it did not end within {PATIENCE:?}; it said:\n{}", said());
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// Asks again and again until something is so.
///
/// # Panics
/// When it is not within [`PATIENCE`].
pub fn until(what: &str, is_so: impl FnMut() -> bool) {
    assert!(is_so_in_time(is_so), "not within {PATIENCE:?}: {what}");
}

/// Whether something becomes so within [`PATIENCE`].
pub(crate) fn is_so_in_time(mut is_so: impl FnMut() -> bool) -> bool {
    let end = Instant::now() + PATIENCE;
    loop {
        if is_so() {
            return true;
        }
        if Instant::now() > end {
            return false;
        }
        thread::sleep(Duration::from_millis(20));
    }
}

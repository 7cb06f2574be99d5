//! Commands started for events (`--exec`): queued, so many at once, none left out.
//!
//! No shell is involved unless the user names one: each word of the command is an argument, and
//! what stands for a path is put into its word as it is, whatever bytes it has.

use std::{
    ffi::{OsStr, OsString},
    io,
    os::unix::{
        ffi::{OsStrExt, OsStringExt},
        process::CommandExt,
    },
    process::ExitStatus,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use nix::{
    sys::signal::{Signal, killpg},
    unistd,
};
use tokio::{
    process::{Child, Command},
    sync::mpsc::{self, UnboundedReceiver, UnboundedSender},
    task::{JoinHandle, JoinSet},
};

use super::live::one_line;
use crate::{
    event::{Event, Pid},
    sink::Stop,
};

/// A command with places for what an event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template(Vec<String>);

impl Template {
    /// Splits a command line as a shell would; nothing else of a shell's is done.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let words = shell_words::split(text).map_err(|_| "a quote is not closed".to_owned())?;
        if words.first().is_none_or(String::is_empty) {
            return Err("expected a command, such as 'gzip {path}'".to_owned());
        }
        Ok(Self(words))
    }

    /// The words of the command for an event. What is not known is `?`.
    fn fill(&self, event: &Event) -> Vec<OsString> {
        let mut names = Vec::new();
        event.as_notice().names(&mut names, b',');
        let path = event.named().and_then(|path| path.resolved.as_ref().ok());
        let pid = event.actor.as_ref().ok().map(|actor| {
            let Pid(pid) = actor.pid;
            pid.to_string()
        });
        let values: [(&str, &[u8]); 3] = [
            ("{path}", path.map_or(&b"?"[..], |path| &path[..])),
            ("{event}", &names),
            (
                "{pid}",
                pid.as_ref().map_or(&b"?"[..], |pid| pid.as_bytes()),
            ),
        ];
        self.0.iter().map(|word| fill(word, &values)).collect()
    }
}

/// One word, with every place filled; what is filled in is not looked at again.
fn fill(word: &str, values: &[(&str, &[u8])]) -> OsString {
    let mut out = Vec::new();
    let mut rest = word;
    while !rest.is_empty() {
        let found = values.iter().find(|(place, _)| rest.starts_with(place));
        if let Some((place, value)) = found {
            out.extend_from_slice(value);
            rest = &rest[place.len()..];
        } else {
            let len = rest.chars().next().map_or(0, char::len_utf8);
            out.extend_from_slice(&rest.as_bytes()[..len]);
            rest = &rest[len..];
        }
    }
    OsString::from_vec(out)
}

/// The commands of a run.
pub(super) struct Jobs {
    template: Template,
    queue: UnboundedSender<Vec<OsString>>,
    left: Arc<AtomicUsize>,
    worker: JoinHandle<()>,
}

impl Jobs {
    /// Starts up to `at_once` commands at a time. Needs the tokio runtime.
    pub(super) fn start(template: Template, at_once: usize, stop: &Stop) -> Self {
        let (queue, waiting) = mpsc::unbounded_channel();
        let left = Arc::new(AtomicUsize::new(0));
        let starter = Starter {
            prepare: Arc::new(stop.unblocker()),
            left: Arc::clone(&left),
        };
        Self {
            template,
            queue,
            left,
            worker: tokio::spawn(starter.work(waiting, at_once)),
        }
    }

    /// Queues the command for an event.
    pub(super) fn push(&self, event: &Event) {
        self.left.fetch_add(1, Ordering::Relaxed);
        // The worker is there until the queue is dropped.
        let _ = self.queue.send(self.template.fill(event));
    }

    /// Waits until every command has ended; a second request to stop ends the wait. Returns how
    /// many were not run.
    pub(super) async fn finish(self, stop: &Stop) -> usize {
        drop(self.queue);
        let mut worker = self.worker;
        loop {
            tokio::select! {
                _ = &mut worker => break,
                () = tokio::time::sleep(Duration::from_millis(50)) => {
                    if stop.times() > 1 {
                        worker.abort();
                        break;
                    }
                }
            }
        }
        self.left.load(Ordering::Relaxed)
    }
}

/// Starts commands.
struct Starter<P> {
    /// Lets a command start as this process was started.
    prepare: Arc<P>,
    left: Arc<AtomicUsize>,
}

impl<P: Fn(&mut std::process::Command) + Send + Sync + 'static> Starter<P> {
    async fn work(self, mut waiting: UnboundedReceiver<Vec<OsString>>, at_once: usize) {
        let mut running = JoinSet::new();
        let mut open = true;
        while open || !running.is_empty() {
            tokio::select! {
                words = waiting.recv(), if open && running.len() < at_once => match words {
                    Some(words) => {
                        running.spawn(run(words, Arc::clone(&self.prepare)));
                    }
                    None => open = false,
                },
                _ = running.join_next(), if !running.is_empty() => {
                    self.left.fetch_sub(1, Ordering::Relaxed);
                }
            }
        }
    }
}

async fn run<P: Fn(&mut std::process::Command)>(words: Vec<OsString>, prepare: Arc<P>) {
    let Some((program, args)) = words.split_first() else {
        return;
    };
    let mut command = std::process::Command::new(program);
    command.args(args);
    prepare(&mut command);
    command
        .stdin(std::process::Stdio::null())
        // Ctrl-C on the terminal is meant for tracer, which waits for what is running.
        .process_group(0);
    let ended = match Command::from(command).spawn() {
        Ok(child) => Running(child).ended().await,
        Err(error) => Err(error),
    };
    let trouble = match ended {
        Ok(status) if status.success() => return,
        Ok(status) => shown(status),
        Err(error) => error.to_string(),
    };
    let words: Vec<_> = words.iter().map(OsString::as_os_str).map(lossy).collect();
    errln!("tracer: {}: {trouble}", one_line(&words.join(" ")));
}

/// A command at work; it is asked to end when nobody waits for it any more.
struct Running(Child);

impl Running {
    async fn ended(mut self) -> io::Result<ExitStatus> {
        self.0.wait().await
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that was waited for has no id.
        let group = self.0.id().and_then(|id| i32::try_from(id).ok());
        if let Some(group) = group {
            // Refused where it has just ended.
            let _ = killpg(unistd::Pid::from_raw(group), Signal::SIGTERM);
        }
    }
}

fn lossy(word: &OsStr) -> String {
    String::from_utf8_lossy(word.as_bytes()).into_owned()
}

fn shown(status: ExitStatus) -> String {
    status.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_inside_words_and_only_once() {
        let values: [(&str, &[u8]); 2] = [("{path}", b"/a b/{event}\xff"), ("{event}", b"CREATE")];
        for (word, wanted) in [
            ("{path}", &b"/a b/{event}\xff"[..]),
            ("to={path}.{event}", b"to=/a b/{event}\xff.CREATE"),
            ("{other}\u{fc}", "{other}\u{fc}".as_bytes()),
            ("", b""),
        ] {
            assert_eq!(fill(word, &values).as_bytes(), wanted, "{word}");
        }
    }

    #[test]
    fn commands_are_split_as_a_shell_splits_them() {
        let words = |text: &str| Template::parse(text).map(|template| template.0);
        assert_eq!(
            words("sh -c 'echo $1' sh {path}"),
            Ok(["sh", "-c", "echo $1", "sh", "{path}"]
                .map(str::to_owned)
                .to_vec())
        );
        assert!(words("").is_err() && words("'open").is_err() && words("''").is_err());
    }
}

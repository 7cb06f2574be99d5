//! One command at work: starting it, waiting for it, ending it.

use std::{
    ffi::{OsStr, OsString},
    io,
    os::unix::{ffi::OsStrExt, process::CommandExt},
    process::{ExitStatus, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use nix::{
    errno::Errno,
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use tokio::{
    process::{Child, Command},
    sync::Notify,
};

use super::template::{Task, Template};
use crate::cli::live::one_line;

/// How often a group of processes that was asked to end is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// How a command is ended.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct Ending {
    /// What it is sent.
    pub(in crate::cli) signal: Signal,
    /// It is killed so long after.
    pub(in crate::cli) grace: Duration,
}

/// How commands are started.
pub(super) struct Starter<P> {
    /// Lets a command start as this process was started.
    pub(super) prepare: P,
    pub(super) template: Template,
    pub(super) ending: Ending,
    /// What a command leaves in its process group is at work, too, and is ended with it.
    pub(super) ends_group: bool,
}

/// Runs a command to its end, or ends it when that is asked for. Then its task is returned, which
/// is not done.
pub(super) async fn run<P: Fn(&mut std::process::Command)>(
    task: Task,
    starter: Arc<Starter<P>>,
    end: Arc<Notify>,
) -> Option<Task> {
    let words = starter.template.fill(&task);
    let (program, args) = words.split_first()?;
    let mut command = std::process::Command::new(program);
    command.args(args);
    for (name, value) in task.environment() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    (starter.prepare)(&mut command);
    command
        .stdin(Stdio::null())
        // Ctrl-C on the terminal is meant for tracer, which waits for what is running.
        .process_group(0);
    let ended = match Command::from(command).spawn() {
        Ok(child) => {
            let mut running = Running::of(child);
            let ended = tokio::select! {
                biased;
                ended = running.child.wait() => ended,
                () = end.notified() => {
                    running.end(starter.ending).await;
                    return Some(task);
                }
            };
            if starter.ends_group {
                tell(&words, ended);
                tokio::select! {
                    biased;
                    () = running.rest() => {}
                    () = end.notified() => running.end(starter.ending).await,
                }
                return None;
            }
            running.group = None;
            ended
        }
        Err(error) => Err(error),
    };
    tell(&words, ended);
    None
}

/// Says what went wrong.
fn tell(words: &[OsString], ended: io::Result<ExitStatus>) {
    let trouble = match ended {
        Ok(status) if status.success() => return,
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    };
    let words: Vec<_> = words.iter().map(OsString::as_os_str).map(lossy).collect();
    errln!("tracer: {}: {trouble}", one_line(&words.join(" ")));
}

fn lossy(word: &OsStr) -> String {
    String::from_utf8_lossy(word.as_bytes()).into_owned()
}

/// A command at work; it is asked to end when nobody waits for it any more.
struct Running {
    child: Child,
    /// Its processes; `None`: they are nobody's business any more.
    group: Option<Pid>,
}

impl Running {
    fn of(child: Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self {
            child,
            group: id.map(Pid::from_raw),
        }
    }

    /// Waits until the last process of its group has ended.
    async fn rest(&mut self) {
        while self.has_processes() {
            tokio::time::sleep(LOOK).await;
        }
        self.group = None;
    }

    /// Once it was waited for, the others of its group keep the number.
    fn has_processes(&self) -> bool {
        self.group
            .is_some_and(|group| killpg(group, None) != Err(Errno::ESRCH))
    }

    /// Ends it with everything that it has started, and waits for that.
    async fn end(&mut self, ending: Ending) {
        let Some(group) = self.group else { return };
        // Refused where it has just ended.
        let _ = killpg(group, ending.signal);
        let until = Instant::now() + ending.grace;
        let mut is_killed = false;
        loop {
            let is_waited_for = matches!(self.child.try_wait(), Ok(Some(_)) | Err(_));
            if is_waited_for && !self.has_processes() {
                self.group = None;
                return;
            }
            if Instant::now() >= until && !std::mem::replace(&mut is_killed, true) {
                let _ = killpg(group, Signal::SIGKILL);
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(group) = self.group {
            // Refused where it has just ended.
            let _ = killpg(group, Signal::SIGTERM);
        }
    }
}

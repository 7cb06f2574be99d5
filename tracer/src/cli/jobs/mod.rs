//! Commands started for events (`--exec`): one for each record, or one for a burst of them; so many
//! at once. What comes while they run is queued, or restarts them, or is ignored.

mod reread;
mod running;
mod shell;
mod template;

use std::{
    cell::{Cell, RefCell},
    collections::HashSet,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use clap::ValueEnum;
use tokio::{
    sync::{
        Notify,
        mpsc::{self, UnboundedReceiver, UnboundedSender},
    },
    task::{JoinHandle, JoinSet},
};

pub(super) use running::Ending;
pub(super) use template::{Template, unquoted};

use self::{
    running::{Starter, run},
    template::Task,
};
use crate::{
    enrich::users,
    event::{Event, Users},
    sink::Stop,
};

/// Bytes of names in one run: what one variable of the environment may have (`MAX_ARG_STRLEN`, 32
/// pages), with room for escapes.
const LARGEST: usize = 60_000;

/// A burst that does not end is a run after so many times its window.
const LONGEST: u32 = 10;

/// What becomes of a record that comes while as many commands run as may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum OnBusy {
    /// It waits for its turn
    #[default]
    Queue,
    /// What runs is ended, and started again
    Restart,
    /// It starts nothing
    Ignore,
}

/// How commands are run.
pub(super) struct How {
    pub(super) at_once: usize,
    pub(super) on_busy: OnBusy,
    pub(super) ending: Ending,
    /// Where events are held back: how long a burst may pause, and how many are held back now.
    pub(super) burst: Option<(Duration, Rc<Cell<usize>>)>,
}

/// What became of records for which no command ran to its end.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Left {
    /// Commands that were not run to their end when the run ended.
    pub(super) unfinished: usize,
    /// Records that came while a command ran.
    pub(super) ignored: usize,
}

/// The commands of a run.
pub(super) struct Jobs {
    queue: UnboundedSender<Task>,
    counts: Arc<Counts>,
    worker: JoinHandle<()>,
    users: Users,
    burst: Option<Burst>,
}

#[derive(Default)]
struct Counts {
    left: AtomicUsize,
    ignored: AtomicUsize,
}

/// Records of a burst for which one command is run.
struct Burst {
    window: Duration,
    held: Rc<Cell<usize>>,
    open: RefCell<Option<Open>>,
}

/// A burst that goes on.
struct Open {
    task: Task,
    known: HashSet<Bytes>,
    bytes: usize,
    since: Instant,
}

impl Jobs {
    /// Needs the tokio runtime.
    pub(super) fn start(template: Template, how: How, stop: &Stop) -> Self {
        let (queue, waiting) = mpsc::unbounded_channel();
        let counts = Arc::new(Counts::default());
        let burst = how
            .burst
            .filter(|_| template.is_for_many())
            .map(|(window, held)| Burst {
                window,
                held,
                open: RefCell::new(None),
            });
        let crew = Crew {
            starter: Arc::new(Starter {
                prepare: stop.unblocker(),
                template,
                ending: how.ending,
                ends_group: how.on_busy == OnBusy::Restart,
            }),
            at_once: how.at_once,
            on_busy: how.on_busy,
            // Of single records, those of a command that is ended are not the next one's.
            takes_over: burst.is_some(),
            counts: Arc::clone(&counts),
        };
        Self {
            queue,
            counts,
            worker: tokio::spawn(crew.work(waiting)),
            users: users::of_system(),
            burst,
        }
    }

    /// Queues the command for an event.
    pub(super) fn push(&self, event: &Event) {
        let task = Task::of(event, &self.users);
        let Some(burst) = &self.burst else {
            return self.queue(task);
        };
        let mut open = burst.open.borrow_mut();
        let all = open.get_or_insert_with(|| Open::new(&task));
        all.add(task);
        let is_over = burst.held.get() == 0
            || all.bytes >= LARGEST
            || all.since.elapsed() >= burst.window * LONGEST;
        if is_over && let Some(all) = open.take() {
            self.queue(all.task);
        }
    }

    fn queue(&self, task: Task) {
        self.counts.left.fetch_add(1, Ordering::Relaxed);
        // The worker is there until the queue is dropped.
        let _ = self.queue.send(task);
    }

    /// Waits until every command has ended; a second request to stop ends the wait.
    pub(super) async fn finish(self, stop: &Stop) -> Left {
        let open = self.burst.as_ref().and_then(|burst| burst.open.take());
        if let Some(open) = open {
            self.queue(open.task);
        }
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
        Left {
            unfinished: self.counts.left.load(Ordering::Relaxed),
            ignored: self.counts.ignored.load(Ordering::Relaxed),
        }
    }
}

impl Open {
    fn new(first: &Task) -> Self {
        let mut task = first.clone();
        task.paths.clear();
        Self {
            task,
            known: HashSet::new(),
            bytes: 0,
            since: Instant::now(),
        }
    }

    fn add(&mut self, next: Task) {
        let before = std::mem::replace(&mut self.task, next);
        let new = std::mem::replace(&mut self.task.paths, before.paths);
        for path in new {
            if self.known.insert(path.clone()) {
                self.bytes += path.len() + 1;
                self.task.paths.push(path);
            }
        }
    }
}

/// Runs what is queued.
struct Crew<P> {
    starter: Arc<Starter<P>>,
    at_once: usize,
    on_busy: OnBusy,
    takes_over: bool,
    counts: Arc<Counts>,
}

impl<P: Fn(&mut std::process::Command) + Send + Sync + 'static> Crew<P> {
    async fn work(self, mut waiting: UnboundedReceiver<Task>) {
        let mut running = JoinSet::new();
        let end = Arc::new(Notify::new());
        let mut open = true;
        while open || !running.is_empty() {
            let is_busy = running.len() >= self.at_once;
            tokio::select! {
                task = waiting.recv(), if open && (!is_busy || self.on_busy != OnBusy::Queue) => {
                    let Some(task) = task else {
                        open = false;
                        if self.on_busy == OnBusy::Restart {
                            // It may be one that never ends by itself.
                            self.end_all(&mut running, &end).await;
                        }
                        continue;
                    };
                    let task = match self.on_busy {
                        OnBusy::Ignore if is_busy => {
                            self.counts.ignored.fetch_add(1, Ordering::Relaxed);
                            self.done();
                            continue;
                        }
                        OnBusy::Restart => {
                            let ended = self.end_all(&mut running, &end).await;
                            self.newest(ended, task, &mut waiting)
                        }
                        OnBusy::Queue | OnBusy::Ignore => task,
                    };
                    running.spawn(run(task, Arc::clone(&self.starter), Arc::clone(&end)));
                }
                _ = running.join_next(), if !running.is_empty() => self.done(),
            }
        }
    }

    fn done(&self) {
        self.counts.left.fetch_sub(1, Ordering::Relaxed);
    }

    /// Ends what runs; what it was run for.
    async fn end_all(&self, running: &mut JoinSet<Option<Task>>, end: &Notify) -> Option<Task> {
        let mut ended = None;
        while !running.is_empty() {
            // Heard also by one that has not begun to listen.
            end.notify_one();
            if let Some(Ok(task)) = running.join_next().await {
                ended = task.or(ended);
            }
            self.done();
        }
        // Nobody may have been there to hear it.
        let _ = futures_util::FutureExt::now_or_never(end.notified());
        ended
    }

    /// Of all that waits the newest, with the paths of the others where one run does for many.
    fn newest(
        &self,
        ended: Option<Task>,
        first: Task,
        waiting: &mut UnboundedReceiver<Task>,
    ) -> Task {
        let mut all = Open::new(&first);
        let before = ended.filter(|_| self.takes_over);
        if let Some(task) = before {
            all.add(task);
        }
        all.add(first);
        while all.bytes < LARGEST
            && let Ok(next) = waiting.try_recv()
        {
            self.done();
            if !self.takes_over {
                all = Open::new(&next);
            }
            all.add(next);
        }
        all.task
    }
}

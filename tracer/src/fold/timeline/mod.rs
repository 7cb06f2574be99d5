//! The timeline of a run (`--timeline FILE`): which processes there were and when, and the calls
//! that took longest. What it looks like is in `draw`.

mod draw;

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    fs::File,
    io::{self, Write},
    path::Path,
};

use super::{Fold, before::Before, processes::Processes};
use crate::words::counted;
use crate::{
    decode::Options,
    event::{Actor, Event, Item, TaskId, Timing},
    format::{Format, Prefix, Strace},
    sink,
};

/// Calls that are kept: the longest ones. A browser draws so many without delay.
const MOST_CALLS: usize = 2_000;

/// Losses that are marked; the sums tell all.
const MOST_LOSSES: usize = 500;

/// Bytes of a call's text that are kept.
const MOST_TEXT: usize = 400;

/// The form of the file, which its name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// A page with the drawing in it.
    Html,
    /// The drawing alone.
    Svg,
}

impl Page {
    /// By the end of the name; `None` for any other one.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "html" | "htm" => Some(Self::Html),
            "svg" => Some(Self::Svg),
            _ => None,
        }
    }
}

/// A call that took long. Ordered by its time, so that the shortest of those kept is known.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Call {
    ns: u64,
    /// Wall clock, nanoseconds.
    start_ns: u64,
    /// What of its time it had a CPU; `None` where that is not known.
    cpu_ns: Option<u64>,
    /// Where its process is in [`Processes::list`].
    process: usize,
    tid: Option<TaskId>,
    failed: bool,
    text: String,
}

/// The timeline of a run.
pub struct Timeline {
    page: Page,
    name: String,
    file: File,
    title: String,
    line: Strace,
    processes: Processes,
    calls: BinaryHeap<Reverse<Call>>,
    /// Calls with a time, also those that are not kept.
    timed: u64,
    /// When something was lost, and what.
    losses: Vec<(u64, String)>,
}

impl Timeline {
    /// An empty timeline, of what `title` says, or that of processes that run already. The file is made now, with mode 0600, and written
    /// at the end. Fails where it cannot be made.
    pub fn create(
        path: &Path,
        page: Page,
        title: String,
        decode: Options,
        before: Option<Before>,
    ) -> io::Result<Self> {
        Ok(Self {
            page,
            name: path.display().to_string(),
            file: sink::open_file(path, false)?,
            title,
            line: Strace::new(decode, Prefix::Never, false),
            processes: Processes::of(before),
            calls: BinaryHeap::new(),
            timed: 0,
            losses: Vec::new(),
        })
    }

    fn call(&mut self, process: usize, event: &Event) {
        let Some(Timing {
            duration_ns: ns,
            cpu_ns,
        }) = event.timing.filter(|_| event.call.is_some())
        else {
            return;
        };
        self.timed += 1;
        if self.calls.len() >= MOST_CALLS {
            if self
                .calls
                .peek()
                .is_some_and(|Reverse(least)| least.ns >= ns)
            {
                return;
            }
            self.calls.pop();
        }
        let mut line = Vec::new();
        self.line
            .item(&mut line, &Item::Event(Box::new(event.clone())));
        self.calls.push(Reverse(Call {
            ns,
            start_ns: event.time.wall_ns.saturating_sub(ns),
            cpu_ns,
            process,
            tid: event.actor.as_ref().ok().and_then(Actor::thread_id),
            failed: event.success() == Some(false),
            text: first_line(&line),
        }));
    }
}

/// A line without its end and without the spaces in front of the result.
fn first_line(line: &[u8]) -> String {
    let line = String::from_utf8_lossy(line);
    let line = line.lines().next().unwrap_or_default();
    let mut text = match line.rsplit_once(" = ") {
        Some((call, result)) => format!("{} = {result}", call.trim_end()),
        None => line.to_owned(),
    };
    if text.len() > MOST_TEXT {
        text.truncate(text.floor_char_boundary(MOST_TEXT));
        text.push('…');
    }
    text
}

impl Fold for Timeline {
    fn item(&mut self, item: &Item) {
        let process = self.processes.item(item);
        match item {
            Item::Event(event) => {
                if let Some(process) = process {
                    self.call(process, event);
                }
            }
            Item::Loss(loss) if self.losses.len() < MOST_LOSSES => {
                let number = (loss.count).map_or("some events".to_owned(), |n| counted(n, "event"));
                let text = format!("{number} lost ({})", loss.reason.as_str());
                self.losses.push((loss.time.wall_ns, text));
            }
            Item::Loss(_) => {}
        }
    }

    fn finish(&mut self, _out: &mut Vec<u8>) -> io::Result<()> {
        self.processes.finish();
        let page = draw::page(self);
        self.file.write_all(page.as_bytes())
    }

    fn writes_to(&self) -> Option<&str> {
        Some(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        calls::Op,
        cases::{actor, b, call, event, strings},
        event::{Argv, Exit, Loss, LossReason, Time},
    };

    fn drawn(page: Page, fill: impl FnOnce(&mut Timeline)) -> String {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("page");
        let title = "<b>\"&".to_owned();
        let mut timeline = Timeline::create(&path, page, title, Options::default(), None).unwrap();
        fill(&mut timeline);
        timeline.finish(&mut Vec::new()).unwrap();
        std::fs::read_to_string(path).unwrap()
    }

    fn timed(pid: u32, wall_ns: u64, ns: u64) -> Item {
        timed_with(pid, wall_ns, ns, None)
    }

    fn timed_with(pid: u32, wall_ns: u64, ns: u64, cpu_ns: Option<u64>) -> Item {
        let mut timed = event(
            Op::Read,
            Some(call("read", [3, 0, 0, 0, 0, 0], 7)),
            Vec::new(),
        );
        timed.time.wall_ns = wall_ns;
        timed.timing = Some(Timing {
            duration_ns: ns,
            cpu_ns,
        });
        let pid = crate::event::Pid(pid);
        timed.actor = Ok(crate::event::Actor { pid, ..actor() });
        Item::Event(Box::new(timed))
    }

    /// However long the run: the longest calls and lives are drawn, and what is not is told.
    #[test]
    fn a_long_run_makes_no_large_page() {
        let page = drawn(Page::Svg, |timeline| {
            for n in 0..20_000_u32 {
                let at = 1_000_000_000 + u64::from(n) * 1_000;
                timeline.item(&timed(1_000 + n % 700, at, u64::from(n) + 1));
            }
        });
        assert!(page.len() < 2 << 20, "{} bytes", page.len());
        assert_eq!(page.matches("<rect class=\"life\"").count(), 500);
        assert!(page.contains("200 more processes are not drawn"), "no note");
        assert!(
            page.contains("18\u{202f}000 more calls are not drawn"),
            "no note"
        );
        assert!(page.contains("\n20 us, ") && !page.contains("\n17 us, "));
    }

    #[test]
    fn a_loss_is_marked_where_it_was() {
        for page in [Page::Svg, Page::Html] {
            let text = drawn(page, |timeline| {
                timeline.item(&timed(5, 1_000_000, 10));
                timeline.item(&Item::Loss(Loss {
                    time: Time {
                        wall_ns: 1_500_000,
                        mono_ns: 0,
                    },
                    cpu: None,
                    count: Some(7),
                    reason: LossReason::RingFull,
                }));
                timeline.item(&timed(5, 2_000_000, 10));
            });
            assert!(
                text.contains("<title>7 events lost (ring-full)</title>"),
                "{text}"
            );
            assert!(
                text.contains("class=\"loss\" data-s=") && text.contains(" x1=\"600.0\""),
                "{text}"
            );
            assert!(text.contains("7 events were lost (ring-full)"), "{text}");
            assert!(!text.contains("<b>"), "{text}");
        }
    }

    #[test]
    fn a_wait_does_not_look_like_work() {
        let page = drawn(Page::Html, |timeline| {
            for (at, cpu_ns) in [
                (1_000_000, Some(90_000)),
                (2_000_000, Some(1_000)),
                (3_000_000, None),
            ] {
                timeline.item(&timed_with(5, at, 100_000, cpu_ns));
            }
        });
        for (look, words) in [
            ("ok", "100 us, of it 90 us on a CPU"),
            ("wait", "100 us, of it 1 us on a CPU"),
            ("unsure", "100 us, unknown how much of it on a CPU"),
        ] {
            let rect = page.split("<rect ").find(|r| r.contains(words));
            let rect = rect.unwrap_or_else(|| panic!("{words}: {page}"));
            assert!(rect.starts_with(&format!("class=\"{look}\"")), "{rect}");
        }
    }

    #[test]
    fn labels_are_whole_or_cut_in_the_middle_and_stay_on_the_page() {
        let long = "w".repeat(250) + "end";
        for start in [0, 400, 600, 990] {
            let page = drawn(Page::Svg, |timeline| {
                timeline.item(&timed(1, 1_000_000, 1));
                let argv = Argv::whole(vec![b(&long)]);
                let call = crate::event::Call {
                    captured: vec![strings(1, argv)],
                    ..call("execve", [0; 6], 0)
                };
                let mut exec = event(Op::Execute, Some(call), Vec::new());
                exec.time.wall_ns = 1_000_000 + start * 1_000;
                let pid = crate::event::Pid(2);
                exec.actor = Ok(crate::event::Actor { pid, ..actor() });
                timeline.item(&Item::Event(Box::new(exec)));
                timeline.item(&timed(1, 2_000_000, 1));
            });
            let label = page
                .split("<text class=\"label\"")
                .find(|text| text.contains("end</tspan>"));
            let label = label.unwrap_or_else(|| panic!("no label: {page}"));
            assert!(
                label.contains(&format!("<title>2 {long}</title>")),
                "{label}"
            );
            let shown: String = label
                .split("<title>")
                .next()
                .unwrap()
                .split('>')
                .skip(1)
                .map(|part| part.split('<').next().unwrap())
                .collect();
            assert!(shown.contains('…'), "{shown}");
            let at = label.split("x=\"").nth(1).and_then(|x| x.split('"').next());
            let at: f64 = at.expect("a place").parse().expect("a number");
            let end = at + f64::from(shown.chars().count() as u32) * 7.3;
            assert!(
                at >= 10.0 && end <= 1_191.0,
                "{start}: {at} to {end}: {shown}"
            );
        }
    }

    #[test]
    fn nothing_happened() {
        let page = drawn(Page::Html, |_| {});
        assert!(page.contains("0 processes in"), "{page}");
    }

    /// A call that began before the process is said to: an end that is before its beginning.
    #[test]
    fn times_that_contradict_each_other() {
        let page = drawn(Page::Svg, |timeline| {
            timeline.item(&timed(5, 10, u64::MAX));
            let mut end = event(Op::Exit, None, Vec::new());
            end.time.wall_ns = 1;
            end.exit = Some(Exit {
                status: None,
                signal: Some(9),
                core: false,
                last_thread: true,
                called: None,
            });
            let pid = crate::event::Pid(5);
            end.actor = Ok(crate::event::Actor { pid, ..actor() });
            timeline.item(&Item::Event(Box::new(end)));
            timeline.item(&timed(5, u64::MAX, 0));
        });
        assert!(
            page.contains("killed by SIGKILL") && !page.contains("NaN"),
            "{page}"
        );
    }
}

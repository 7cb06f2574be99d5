//! `report --html`: one page that needs nothing else, with plots that are drawn here (SVG): when
//! how much happened, and what most often.

use std::fmt::Write as _;

use super::{Selection, Totals};
use crate::{
    format::html::{STYLE, grouped, middle, named, text},
    query::{
        clock::{Here, Stamps},
        interpret::{Escape, Interpreter, Readable},
        items::Items,
        wanted,
    },
    replay::{Event, Worker},
    words::{counted, noun},
};

/// Bars of the timeline.
const BARS: usize = 120;

/// Bars of the other plots.
const TOP: usize = 15;

/// Characters of a name that fit into half a page.
const NAME: usize = 52;

/// Counts for the page.
#[derive(Debug)]
pub struct PageWorker<'r> {
    selection: &'r Selection,
    start: u64,
    /// Milliseconds of a bar.
    step: u64,
    /// The sums.
    pub totals: Totals,
    /// Events, and those of them that failed, over time.
    pub timeline: Vec<(u64, u64)>,
}

impl<'r> PageWorker<'r> {
    /// For events between these times.
    pub fn new(selection: &'r Selection, start: u64, end: u64) -> Self {
        Self {
            selection,
            start,
            step: end
                .saturating_sub(start)
                .saturating_add(1)
                .saturating_mul(1000)
                .div_ceil(BARS as u64),
            totals: Totals::default(),
            timeline: vec![(0, 0); BARS],
        }
    }

    /// Adds what another thread counted.
    pub fn append(&mut self, other: Self) {
        self.totals.append(other.totals);
        for (sum, more) in self.timeline.iter_mut().zip(other.timeline) {
            sum.0 += more.0;
            sum.1 += more.1;
        }
    }
}

impl Worker for PageWorker<'_> {
    type Made = ();

    fn event(&mut self, event: &Event<'_>) {
        let selection = self.selection;
        selection.with_items(event, &wanted::ALL, |items| self.count(event, items));
    }

    fn block(&mut self) {}
}

impl PageWorker<'_> {
    fn count(&mut self, event: &Event<'_>, items: &Items<'_>) {
        self.totals.add(event, items);
        let since = event
            .id()
            .sec
            .saturating_sub(self.start)
            .saturating_mul(1000)
            .saturating_add(event.id().milli.into());
        let bar = ((since / self.step) as usize).min(BARS - 1);
        self.timeline[bar].0 += 1;
        self.timeline[bar].1 += u64::from(items.success == Some(false));
    }
}

/// The page.
#[derive(Debug)]
pub struct Page<'c> {
    counts: &'c PageWorker<'c>,
    start: u64,
    end: u64,
    title: String,
    how: Readable,
    stamps: Stamps,
    /// A browser is to load it again every few seconds.
    pub refreshes: bool,
}

impl<'c> Page<'c> {
    /// Of these counts, between these times.
    pub fn new(
        counts: &'c PageWorker<'c>,
        start: u64,
        end: u64,
        title: String,
        how: &Readable,
        here: Here,
    ) -> Self {
        Self {
            how: how.escaped(Escape::Tty),
            counts,
            start,
            end,
            title,
            stamps: Stamps::new(here),
            refreshes: false,
        }
    }

    /// The text of the page.
    pub fn html(&mut self) -> String {
        let totals = &self.counts.totals;
        let mut page = String::with_capacity(64 * 1024);
        let (from, to) = (self.time(self.start), self.time(self.end));
        let title = text(&self.title);
        let _ = write!(
            page,
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">{}\n\
             <title>Audit report: {title}</title>\n<style>{STYLE}</style></head><body>\n\
             <h1>Audit report</h1>\n<p class=\"sub\">{title}<br>{from} &ndash; {to}</p>\n",
            if self.refreshes {
                "<meta http-equiv=\"refresh\" content=\"5\">"
            } else {
                ""
            }
        );
        self.tiles(&mut page);
        self.timeline(&mut page);
        page.push_str("<div class=\"grid\">\n");
        for (title, tally) in [
            ("Files", &totals.files),
            ("Programs", &totals.executables),
            ("Commands", &totals.commands),
            ("Keys", &totals.keys),
        ] {
            plot(&mut page, title, &tally.sorted(), safe);
        }
        let mut interpreter = Interpreter::new(&self.how);
        plot(&mut page, "Login users", &totals.users.sorted(), |bytes| {
            let id = std::str::from_utf8(bytes)
                .ok()
                .and_then(|id| id.parse().ok());
            let mut name = Vec::new();
            interpreter.uid(&mut name, id.unwrap_or(u32::MAX));
            safe(&name)
        });
        plot(&mut page, "Hosts", &totals.hosts.sorted(), safe);
        page.push_str("</div>\n<h2>All sums</h2>\n<table>\n");
        for (what, _, count) in totals.lines().into_iter().filter(|line| line.2 > 0) {
            let _ = writeln!(
                page,
                "<tr><td>{}</td><td class=\"n\">{}</td></tr>",
                text(what),
                grouped(count)
            );
        }
        let _ = write!(
            page,
            "</table>\n<p class=\"sub\">tracer {}</p>\n</body></html>\n",
            env!("CARGO_PKG_VERSION")
        );
        page
    }

    fn time(&mut self, sec: u64) -> String {
        self.stamps.format("%Y-%m-%d %H:%M:%S %:z", sec)
    }

    /// What matters most, in large figures.
    fn tiles(&self, page: &mut String) {
        let totals = &self.counts.totals;
        page.push_str("<div class=\"tiles\">");
        for (one, several, count) in [
            ("event", "events", totals.events),
            ("failed call", "failed calls", totals.failed_calls),
            ("failed login", "failed logins", totals.failed_logins),
            (
                "configuration change",
                "configuration changes",
                totals.config,
            ),
            ("program", "programs", totals.executables.len() as u64),
            ("file", "files", totals.files.len() as u64),
        ] {
            let what = noun(count, one, several);
            let _ = write!(page, "<div><b>{}</b>{what}</div>", grouped(count));
        }
        page.push_str("</div>\n");
    }

    /// Events over time; the part that failed in another colour.
    fn timeline(&mut self, page: &mut String) {
        const WIDTH: u64 = 960;
        const HEIGHT: u64 = 160;
        let most = self
            .counts
            .timeline
            .iter()
            .map(|(all, _)| *all)
            .max()
            .unwrap_or(0)
            .max(1);
        let _ = write!(
            page,
            "<h2>Events over time</h2>\n<p class=\"sub\"><span class=\"ok\">&#9632;</span> succeeded \
             <span class=\"bad\">&#9632;</span> failed; the highest bar is {} {}</p>\n\
             <svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" preserveAspectRatio=\"none\" style=\"height:{HEIGHT}px\" \
             role=\"img\" aria-label=\"Events over time\">",
            grouped(most),
            noun(most, "event", "events"),
        );
        let width = WIDTH / BARS as u64;
        for (n, (all, failed)) in (0..).zip(self.counts.timeline.clone()) {
            if all == 0 {
                continue;
            }
            let scaled = |count: u64| (count * HEIGHT).div_ceil(most);
            let (height, bad) = (scaled(all).max(1), scaled(failed));
            let x = n * width;
            let at = self.start + n * self.counts.step / 1000;
            let when = text(&self.time(at));
            let _ = write!(
                page,
                "<g><title>{when}: {}, {failed} failed</title>\
                 <rect class=\"ok\" x=\"{x}\" y=\"{}\" width=\"{}\" height=\"{height}\"/>\
                 <rect class=\"bad\" x=\"{x}\" y=\"{}\" width=\"{}\" height=\"{bad}\"/></g>",
                counted(all, "event"),
                HEIGHT - height,
                width - 1,
                HEIGHT - bad,
                width - 1,
            );
        }
        let (from, to) = (self.time(self.start), self.time(self.end));
        let _ = write!(
            page,
            "</svg>\n<div class=\"ends\"><span>{from}</span><span>{to}</span></div>\n"
        );
    }
}

/// The most frequent things, as bars.
fn plot(
    page: &mut String,
    title: &str,
    counts: &[(u64, &[u8])],
    mut name: impl FnMut(&[u8]) -> String,
) {
    if counts.is_empty() {
        return;
    }
    let shown = &counts[..counts.len().min(TOP)];
    let most = shown[0].0.max(1);
    let _ = writeln!(page, "<section><h2>{title}</h2>");
    for (count, what) in shown {
        let permille = (count * 1000).div_ceil(most);
        let whole = name(what);
        let whole = named(&whole);
        let _ = writeln!(
            page,
            "<div class=\"bar\" title=\"{}: {count}\">\
             <span class=\"name\" style=\"--w:{}.{}%\">{}</span><span class=\"n\">{}</span></div>",
            text(whole),
            permille / 10,
            permille % 10,
            text(&middle(whole, NAME)),
            grouped(*count),
        );
    }
    if counts.len() > shown.len() {
        let _ = write!(
            page,
            "<p class=\"sub\">and {} more</p>",
            grouped((counts.len() - shown.len()) as u64)
        );
    }
    page.push_str("</section>\n");
}

/// A name of any bytes as text.
fn safe(bytes: &[u8]) -> String {
    let mut out = Vec::new();
    Escape::Tty.write(&mut out, bytes);
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_no_markup() {
        let mut page = String::new();
        let hostile: &[u8] = b"</svg><script>alert(1)</script>\x1b[2J\"&";
        plot(&mut page, "Files", &[(3, hostile)], safe);
        assert!(
            !page.contains("<script") && !page.contains('\x1b'),
            "{page}"
        );
        assert!(page.contains("&lt;/svg&gt;&lt;script&gt;"), "{page}");
    }

    #[test]
    fn names_can_be_seen_and_told_apart() {
        let mut page = String::new();
        let (long, other) = (
            "/a/".to_owned() + &"x".repeat(90) + "/one",
            "/b/".repeat(40) + "two",
        );
        let counts: [(u64, &[u8]); 3] = [(4, long.as_bytes()), (2, other.as_bytes()), (1, b"")];
        plot(&mut page, "Files", &counts, safe);
        assert!(page.contains(&format!("title=\"{long}: 4\"")), "{page}");
        assert!(
            page.contains(">/a/xxxxx") && page.contains("x/one<"),
            "{page}"
        );
        assert!(page.contains(">(no name)<"), "{page}");
        assert!(
            page.contains("--w:100.0%") && page.contains("--w:50.0%"),
            "{page}"
        );
    }
}

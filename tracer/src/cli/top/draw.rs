//! The screen, and the same as lines of text.

#![expect(clippy::cast_precision_loss, reason = "figures for people")]

use std::{fmt::Write as _, time::Duration};

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    style::{Style, Stylize},
    text::{Line as TextLine, Span},
    widgets::{Block, Clear, Paragraph, Row as TableRow, Table, TableState},
};

use super::view::{VIEWS, View, word};
use crate::{
    fold::activity::{Activity, Counts, HISTORY, Row},
    words::counted,
};

/// What is said about the run as a whole.
pub(super) struct Head<'a> {
    /// What is watched, and by which backend.
    pub(super) subject: &'a str,
    pub(super) interval: Duration,
    /// How long the last one was.
    pub(super) measured: Duration,
    /// Bytes are known.
    pub(super) bytes: bool,
    pub(super) colour: bool,
}

const KEYS: &str = "\
Tab, 1 to 5   another view: files, dirs, programs, users, processes
Up, Down      choose a row (also k, j, PageUp, PageDown, Home, End)
Enter         into the row: who uses this file, which files this one uses
Esc           back; without the filter
s, r          order by the next column; the other way round
/             only names in which a regular expression is found
p, Space      pause, go on
+, -          a longer, a shorter interval
q, Ctrl-C     end

Columns are per second, but for TOTAL, which is since the start.
CHANGE: names made, removed, renamed; attributes, sizes; programs run.";

/// A column of numbers: its title, and what it shows.
type Column = (&'static str, fn(&Counts) -> u64);

fn columns(bytes: bool) -> Vec<Column> {
    let mut columns: Vec<Column> = vec![
        ("OPENS", |c| c.opens),
        ("READS", |c| c.reads),
        ("WRITES", |c| c.writes),
        ("CHANGE", |c| c.changes),
        ("ERRORS", |c| c.errors),
    ];
    if bytes {
        columns.push(("READ B", |c| c.read_bytes));
        columns.push(("WRITTEN", |c| c.written_bytes));
    }
    columns
}

/// Width of a column of numbers.
const NUMBER: u16 = 8;

/// A number in at most seven characters, `-` for none.
pub(super) fn number(n: f64) -> String {
    let steps = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k")];
    if n < 0.05 {
        return "-".to_owned();
    }
    for (step, letter) in steps {
        if n >= step {
            let base = if letter == "k" { 1e3 } else { step };
            return format!("{:.1}{letter}", n / base);
        }
    }
    if n < 10.0 {
        format!("{n:.1}")
    } else {
        format!("{n:.0}")
    }
}

/// The history as a line of blocks.
fn trend(row: &Row, width: usize) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let shown = &row.history[HISTORY.saturating_sub(width)..];
    let most = shown.iter().copied().max().unwrap_or(0).max(1);
    let block = |n: &u64| match n {
        0 => ' ',
        n => BLOCKS[(n * 7 / most) as usize],
    };
    shown.iter().map(block).collect()
}

/// The cells of a row, without name and trend.
fn cells(row: &Row, measured: Duration, head: &Head<'_>) -> Vec<String> {
    let seconds = measured.as_secs_f64();
    columns(head.bytes)
        .iter()
        .map(|(_, of)| number(of(&row.last) as f64 / seconds))
        .chain([number(row.total.operations() as f64)])
        .collect()
}

/// `1200 ops/s (..); 33k in all; lost 3`.
pub(super) fn sums(activity: &Activity, head: &Head<'_>) -> String {
    let all = activity.all();
    let rate = number(all.last.operations() as f64 / head.measured.as_secs_f64());
    let mut text = format!(
        "{rate} operations a second, {} in all",
        number(all.total.operations() as f64)
    );
    let (lost, uncounted) = activity.lost();
    if lost > 0 || uncounted {
        let more = if uncounted { " and more" } else { "" };
        let _ = write!(text, ", LOST {lost}{more}");
    }
    if activity.left_out() > 0 {
        let _ = write!(
            text,
            ", {} of them in no row (too many files)",
            number(activity.left_out() as f64)
        );
    }
    text
}

/// Draws everything. Gives how many rows fit.
pub(super) fn screen(
    frame: &mut Frame<'_>,
    view: &mut View,
    activity: &Activity,
    head: &Head<'_>,
) -> usize {
    let areas = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Min(0),
        Constraint::Length(1),
    ]);
    let [title, totals, tabs, table, foot] = areas.areas(frame.area());
    let paused = if view.paused { "  PAUSED" } else { "" };
    let subject = format!("tracer top: {}{paused}", head.subject);
    frame.render_widget(Paragraph::new(subject).style(bold(head)), title);
    let (lost, uncounted) = activity.lost();
    let mut style = Style::new();
    if (lost > 0 || uncounted) && head.colour {
        style = style.red();
    }
    frame.render_widget(Paragraph::new(sums(activity, head)).style(style), totals);
    frame.render_widget(Paragraph::new(tab_line(view)), tabs);
    draw_table(frame, view, head, table);
    frame.render_widget(Paragraph::new(foot_line(view, head)), foot);
    if view.help {
        let height = KEYS.lines().count() as u16 + 2;
        let area = frame.area();
        let popup = Rect {
            x: area.width.saturating_sub(76) / 2,
            y: area.height.saturating_sub(height) / 2,
            width: area.width.min(76),
            height: area.height.min(height),
        };
        frame.render_widget(Clear, popup);
        frame.render_widget(
            Paragraph::new(KEYS).block(Block::bordered().title("Keys")),
            popup,
        );
    }
    usize::from(table.height.saturating_sub(1)).max(1)
}

fn bold(head: &Head<'_>) -> Style {
    if head.colour {
        Style::new().bold().cyan()
    } else {
        Style::new().bold()
    }
}

fn tab_line(view: &mut View) -> TextLine<'static> {
    let mut spans = Vec::new();
    for (by, word, key) in VIEWS {
        let text = format!(" {key} {word} ");
        spans.push(if by == view.by {
            Span::from(text).reversed()
        } else {
            Span::from(text)
        });
    }
    for group in view.within.clone() {
        let name = view.name(&group);
        spans.push(Span::from(format!("  in {}: {name}", word(group.by()))).bold());
    }
    TextLine::from(spans)
}

fn foot_line(view: &View, head: &Head<'_>) -> String {
    if let Some(typed) = &view.typed {
        return format!("filter: {typed}_");
    }
    if let Some(complaint) = &view.complaint {
        return complaint.clone();
    }
    let order = if view.reverse { " reversed" } else { "" };
    let filter = view
        .filter
        .as_ref()
        .map_or(String::new(), |f| format!("  filter: {f}"));
    format!(
        "{} by {}{order}, every {} s{filter}   ? help  q end",
        counted(view.lines.len() as u64, "row"),
        view.sort.as_str(),
        head.interval.as_secs_f64()
    )
}

/// The end of a name that is too long: there it is most of its own.
fn fit(name: &str, width: u16) -> String {
    let (len, width) = (name.chars().count(), usize::from(width));
    if len <= width {
        return name.to_owned();
    }
    let tail = name.chars().skip(len + 1 - width.max(1));
    ['…'].into_iter().chain(tail).collect()
}

fn draw_table(frame: &mut Frame<'_>, view: &View, head: &Head<'_>, area: Rect) {
    let columns = columns(head.bytes);
    let numbers = NUMBER * (columns.len() as u16 + 1);
    // The trend where there is room, the name always.
    let trend_width = area.width.saturating_sub(numbers + 30).min(HISTORY as u16);
    let name_width = area.width.saturating_sub(numbers + trend_width + 2).max(10);
    let titles = [word(view.by).to_uppercase()]
        .into_iter()
        .chain(columns.iter().map(|(title, _)| right(title)))
        .chain([right("TOTAL"), " TREND".to_owned()]);
    // What has no room is not even looked at: there may be tens of thousands.
    let room = usize::from(area.height.saturating_sub(1)).max(1);
    let first = (view.selected + 1).saturating_sub(room);
    let rows = view.lines.iter().skip(first).take(room).map(|line| {
        let trend = format!(" {}", trend(&line.row, usize::from(trend_width)));
        let cells = cells(&line.row, view.measured, head)
            .iter()
            .map(|cell| right(cell))
            .collect::<Vec<_>>();
        TableRow::new(
            [fit(&line.name, name_width)]
                .into_iter()
                .chain(cells)
                .chain([trend]),
        )
    });
    let widths = [Constraint::Min(10)]
        .into_iter()
        .chain((0..=columns.len()).map(|_| Constraint::Length(NUMBER - 1)))
        .chain([Constraint::Length(trend_width + 1)]);
    let table = Table::new(rows, widths)
        .column_spacing(1)
        .header(TableRow::new(titles).style(bold(head)))
        .row_highlight_style(Style::new().reversed());
    let mut state = TableState::default().with_selected(Some(view.selected - first));
    frame.render_stateful_widget(table, area, &mut state);
}

fn right(text: &str) -> String {
    format!("{text:>width$}", width = usize::from(NUMBER - 1))
}

/// The same as text, so many rows.
pub(super) fn text(view: &View, activity: &Activity, head: &Head<'_>, rows: usize) -> String {
    let mut out = format!("{}\n", sums(activity, head));
    let titles = columns(head.bytes);
    let titles = titles.iter().map(|(title, _)| *title).chain(["TOTAL"]);
    let mut line = |cells: Vec<String>, name: &str| {
        let cells: String = cells.iter().map(|cell| right(cell) + " ").collect();
        let _ = writeln!(out, "{cells} {name}");
    };
    line(
        titles.map(str::to_owned).collect(),
        &word(view.by).to_uppercase(),
    );
    for shown in view.lines.iter().take(rows) {
        line(cells(&shown.row, view.measured, head), &shown.name);
    }
    if view.lines.len() > rows {
        let _ = writeln!(out, "{} more", view.lines.len() - rows);
    }
    out
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use ratatui::{Terminal, backend::TestBackend};

    use super::*;
    use crate::{
        cli::top::view::{Line, Sort},
        fold::activity::{By, Group},
    };

    fn view() -> View {
        let mut view = View::new(By::Files, Sort::Ops, false);
        view.measured = Duration::from_secs(2);
        let mut history = [0; HISTORY];
        history[HISTORY - 1] = 9;
        for name in ["/a", "/a/long/name/that/has/no/room/here/at/all/file"] {
            view.lines.push(Line {
                name: name.into(),
                row: Row {
                    group: Group::File(Some(Bytes::from(name))),
                    last: Counts {
                        opens: 3,
                        reads: 20_000,
                        errors: 1,
                        read_bytes: 5_000_000,
                        ..Counts::default()
                    },
                    total: Counts {
                        writes: 7,
                        ..Counts::default()
                    },
                    history,
                },
            });
        }
        view
    }

    fn drawn(width: u16, height: u16, view: &mut View) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let head = Head {
            subject: "/srv (eBPF)",
            interval: Duration::from_secs(2),
            measured: Duration::from_secs(2),
            bytes: true,
            colour: false,
        };
        terminal
            .draw(|frame| _ = screen(frame, view, &Activity::default(), &head))
            .unwrap();
        terminal.backend().to_string()
    }

    #[test]
    fn a_screen() {
        let shown = drawn(110, 8, &mut view());
        let line = |text: &str| shown.lines().find(|l| l.contains(text)).unwrap().to_owned();
        assert!(line("tracer top: /srv (eBPF)").len() > 20);
        let row = line("no/room/here/at/all/file");
        assert!(row.contains('…'), "{row}");
        let words: Vec<_> = row.split_whitespace().collect();
        assert_eq!(
            words[1..9],
            ["1.5", "10.0k", "-", "-", "0.5", "2.5M", "-", "7.0"]
        );
        assert!(row.contains('█'), "{row}");
        assert!(line("2 rows by ops, every 2 s").contains("? help"));
    }

    #[test]
    fn the_chosen_row_is_on_the_screen() {
        let mut view = view();
        let line = view.lines[0].clone();
        view.lines = (0..1000)
            .map(|nr| Line {
                name: format!("/file-{nr}.").into(),
                ..line.clone()
            })
            .collect();
        for (chosen, first) in [(0, 0), (2, 0), (3, 1), (500, 498), (999, 997)] {
            view.selected = chosen;
            let shown = drawn(110, 8, &mut view);
            for nr in [first, chosen] {
                assert!(shown.contains(&format!("/file-{nr}.")), "{nr} of {shown}");
            }
        }
    }

    #[test]
    fn every_size_can_be_drawn() {
        for width in [1, 2, 5, 10, 40, 77, 300] {
            for height in [1, 2, 3, 4, 5, 6, 50] {
                let mut view = view();
                view.help = width % 2 == 0;
                view.selected = 1;
                drawn(width, height, &mut view);
            }
        }
    }

    #[test]
    fn numbers_fit_their_column() {
        for (n, shown) in [
            (0.0, "-"),
            (0.5, "0.5"),
            (9.96, "10.0"),
            (12.0, "12"),
            (9_999.0, "9999"),
            (10_000.0, "10.0k"),
            (999_950.0, "1000.0k"),
            (1e6, "1.0M"),
            (5e13, "50.0T"),
        ] {
            assert_eq!(number(n), shown);
            assert!(number(n).len() < usize::from(NUMBER));
        }
    }
}

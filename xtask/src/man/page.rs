//! A page of docs/ in the language of man(7).
//!
//! A table becomes a list: its first column is what each entry is about, because a line of a terminal
//! has no room for several columns of text.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use roff::{Inline, Roff, bold, italic, roman};

/// A page of docs/ and what it is called in the manual.
pub(super) struct Page {
    /// Its file in docs/.
    pub(super) source: &'static str,
    /// What it is found by.
    pub(super) name: &'static str,
    /// The section of the manual.
    pub(super) section: &'static str,
    /// What it is about, in a line.
    pub(super) about: &'static str,
}

impl Page {
    /// The page as a manual page.
    pub(super) fn roff(&self, text: &str, day: &str, version: &str) -> String {
        let mut writer = Writer::default();
        let title = self.name.to_uppercase();
        let source = format!("tracer {version}");
        let roff = &mut writer.roff;
        roff.control("TH", [&title, self.section, day, &source, "tracer manual"]);
        roff.control("SH", ["NAME"]);
        roff.text([roman(format!("{} - {}", self.name, self.about))]);
        roff.control("SH", ["DESCRIPTION"]);
        for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
            writer.take(event);
        }
        let mut roff = writer.roff;
        roff.control("SH", ["SEE ALSO"]);
        roff.text([bold("tracer"), roman("(1)")]);
        roff.render()
    }
}

/// What is being read.
#[derive(Default)]
struct Writer {
    roff: Roff,
    /// Text that has no place yet.
    line: Vec<Inline>,
    /// The fonts of the text, the last one in force.
    fonts: Vec<fn(String) -> Inline>,
    /// Numbers of the lists that an item is in; `None` has bullets.
    lists: Vec<Option<u64>>,
    /// Cells of a table's head, then of each row.
    head: Vec<Vec<Inline>>,
    row: Vec<Vec<Inline>>,
    /// Where text is left out: the title, and what only a browser shows.
    silent: bool,
    /// Where it stays as it is.
    verbatim: bool,
    /// A section or an item has begun, and its text needs no paragraph of its own.
    begun: bool,
}

impl Writer {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.verbatim => {
                for line in text.lines() {
                    self.roff.text([roman(line)]);
                }
            }
            Event::Text(text) => self.push(text.into_string(), None),
            Event::Code(text) => self.push(text.into_string(), Some(bold)),
            Event::SoftBreak => self.push(" ".to_owned(), None),
            Event::HardBreak => self.line.push(Inline::LineBreak),
            _ => {}
        }
    }

    fn push(&mut self, text: String, font: Option<fn(String) -> Inline>) {
        if !self.silent {
            let font = font.or(self.fonts.last().copied()).unwrap_or(roman);
            self.line.push(font(text));
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => self.silent = *level as u8 == 1,
            Tag::HtmlBlock => self.silent = true,
            Tag::Paragraph => self.paragraph(),
            Tag::Table(_) => self.begun = false,
            Tag::CodeBlock(_) => {
                self.paragraph();
                self.roff.control("RS", ["4"]);
                self.control("nf");
                self.verbatim = true;
            }
            Tag::Strong => self.fonts.push(bold),
            Tag::Emphasis => self.fonts.push(italic),
            Tag::List(first) => {
                self.flush();
                if !self.lists.is_empty() {
                    self.control("RS");
                }
                self.lists.push(*first);
            }
            Tag::Item => {
                let number = self.lists.last_mut().and_then(Option::as_mut);
                if let Some(number) = number {
                    self.roff
                        .control("IP", [format!("{number}.").as_str(), "4"]);
                    *number += 1;
                } else {
                    self.roff.control("IP", ["\\(bu", "2"]);
                }
                self.begun = true;
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => {
                self.silent = false;
                self.begun = true;
                let text: String = self.line.drain(..).map(text_of).collect();
                match level as u8 {
                    1 => {}
                    2 => {
                        self.roff.control("SH", [text.to_uppercase().as_str()]);
                    }
                    _ => {
                        self.roff.control("SS", [text.as_str()]);
                    }
                }
            }
            TagEnd::HtmlBlock => self.silent = false,
            TagEnd::Paragraph => self.flush(),
            TagEnd::CodeBlock => {
                self.verbatim = false;
                self.control("fi");
                self.control("RE");
            }
            TagEnd::Strong | TagEnd::Emphasis => drop(self.fonts.pop()),
            TagEnd::Item => {
                self.flush();
                self.begun = false;
            }
            TagEnd::List(_) => {
                self.lists.pop();
                if !self.lists.is_empty() {
                    self.control("RE");
                }
            }
            TagEnd::TableCell => self.row.push(std::mem::take(&mut self.line)),
            TagEnd::TableHead => self.head = std::mem::take(&mut self.row),
            TagEnd::TableRow => self.entry(),
            _ => {}
        }
    }

    fn paragraph(&mut self) {
        if !std::mem::take(&mut self.begun) {
            self.control("PP");
        }
    }

    /// A macro without arguments.
    fn control(&mut self, name: &str) {
        self.roff.control(name, []);
    }

    fn flush(&mut self) {
        if !self.line.is_empty() {
            self.roff.text(std::mem::take(&mut self.line));
        }
    }

    /// A row of a table. With more than two columns, each says what it is.
    fn entry(&mut self) {
        let labelled = self.row.len() > 2;
        let row = std::mem::take(&mut self.row);
        let mut cells = row.into_iter();
        self.control("TP");
        let term: String = cells.next().into_iter().flatten().map(text_of).collect();
        self.roff
            .text([bold(if term.is_empty() { "-" } else { &term })]);
        let cells = cells
            .zip(self.head.clone().into_iter().skip(1))
            .filter(|(cell, _)| !cell.is_empty());
        for (at, (cell, head)) in cells.enumerate() {
            if at > 0 {
                self.control("br");
            }
            let label: String = head.into_iter().map(text_of).collect();
            let mut line = Vec::new();
            if labelled && !label.is_empty() {
                line.push(italic(format!("{label}: ")));
            }
            line.extend(cell);
            self.roff.text(line);
        }
    }
}

/// The text without its font.
fn text_of(inline: Inline) -> String {
    match inline {
        Inline::Roman(text) | Inline::Italic(text) | Inline::Bold(text) => text,
        Inline::LineBreak => " ".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: Page = Page {
        source: "x.md",
        name: "tracer-x",
        section: "7",
        about: "x",
    };

    #[test]
    fn what_pages_are_made_of() {
        let text = "# Title\n\nA `word` and\n**more**: [this](that.md).\n\n## Part one\n\n\
            <!-- run -->\n```console\n# cmd -x\n.dot\n```\n\n- one\n- two\n\n\
            | Key | Is |\n|---|---|\n| `a` | b |\n\n| K | Type | Is |\n|---|---|---|\n| `c` | text | |\n";
        let page = PAGE.roff(text, "2026-01-02", "1.2.3");
        let body = page.split(".SH DESCRIPTION\n").nth(1).unwrap();
        let body = body.split(".SH \"SEE ALSO\"").next().unwrap();
        assert!(page.contains("\n.TH TRACER-X 7 2026-01-02 "), "{page}");
        assert_eq!(
            body,
            "A \\fBword\\fR and \\fBmore\\fR: this.\n.SH \"PART ONE\"\n.RS 4\n.nf\n\
             # cmd \\-x\n\\&.dot\n.fi\n.RE\n.IP \\(bu 2\none\n.IP \\(bu 2\ntwo\n\
             .TP\n\\fBa\\fR\nb\n.TP\n\\fBc\\fR\n\\fIType: \\fRtext\n"
        );
    }
}

//! Of a rename into a watched tree or out of it, a notification is only the half inside: a source
//! around another one.

use std::{os::fd::BorrowedFd, time::Duration};

use super::{Source, Sums};
use crate::{
    calls::Op,
    event::{Backend, Event, Item, Notice, PathItem, notice},
    rules::Rule,
};

/// What a rename inside is.
const HALVES: u32 = notice::MOVED_FROM | notice::MOVED_TO;

/// The source.
pub struct Halves {
    inner: Box<dyn Source>,
    rule: Rule,
}

impl Halves {
    /// Inside is what the rule is about.
    pub fn new(inner: Box<dyn Source>, rule: Rule) -> Self {
        Self { inner, rule }
    }
}

fn cut(rule: &Rule, event: &mut Event) {
    let [from, to] = &event.paths[..] else {
        return;
    };
    if event.op != Op::Rename {
        return;
    }
    let is_inside = |path: &PathItem| path.resolved.as_ref().is_ok_and(|path| rule.is_about(path));
    let half = match (is_inside(from), is_inside(to)) {
        (true, false) => notice::MOVED_FROM,
        (false, true) => notice::MOVED_TO,
        _ => return,
    };
    let whole = event.as_notice();
    event.notice = Some(Notice {
        mask: whole.mask & !HALVES | half,
        ..whole
    });
}

fn item(rule: &Rule, mut item: Item, take: &mut dyn FnMut(Item)) {
    if let Item::Event(event) = &mut item {
        cut(rule, event);
    }
    take(item);
}

impl Source for Halves {
    fn backend(&self) -> Backend {
        self.inner.backend()
    }

    fn backends(&self) -> Vec<Backend> {
        self.inner.backends()
    }

    fn fd(&self) -> BorrowedFd<'_> {
        self.inner.fd()
    }

    fn longest_sleep(&self) -> Duration {
        self.inner.longest_sleep()
    }

    fn read(&mut self, take: &mut dyn FnMut(Item)) -> anyhow::Result<usize> {
        self.inner.read(&mut |got| item(&self.rule, got, take))
    }

    fn finish(&mut self, take: &mut dyn FnMut(Item)) -> anyhow::Result<()> {
        self.inner.finish(&mut |got| item(&self.rule, got, take))
    }

    fn sums(&self) -> Sums {
        self.inner.sums()
    }

    fn take_warnings(&mut self) -> Vec<String> {
        self.inner.take_warnings()
    }

    fn ended(&mut self) -> bool {
        self.inner.ended()
    }
}

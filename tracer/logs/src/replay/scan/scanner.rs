//! One thread's way through a block of a log.

use std::ops::Range;

use memchr::{memchr, memrchr};

use super::{Faults, LINE_MAX, Plan, Worker, loaded::Loaded};
use crate::{
    records::{Heads, Malformed},
    replay::{
        Event, Input, Needles, ReplayError,
        group::{GAP, Group, Grouper},
    },
};

/// So much behind a block is read with it: mostly its last events end there.
const BEHIND: u64 = GAP as u64 / 2;

/// An event that goes on behind that is read further, in steps that double up to this one: some
/// 30 MiB in all. What is behind that is cut: no memory without bound for a log that was made to ask for it.
const LAST_STEP: u64 = 16 * 1024 * 1024;

/// So much is read and gone through at a time: it stays in the processor's own memory until its events are
/// handed on.
const PIECE: u64 = 256 * 1024;

/// So much is behind what is handed on, at most, before it is forgotten: all that is at hand stays in the
/// processor's own memory.
const KEPT: usize = 1024 * 1024;

/// So much of a block is looked through for needles first.
const SAMPLE: u64 = 64 * 1024;

/// Where there are more than one in so many bytes, most events have one.
const RARE: u64 = 8 * 1024;

/// What one thread needs to go through a block; used for one after the other.
pub(super) struct Scanner<'p> {
    plan: &'p Plan,
    /// All blocks.
    blocks: &'p [Range<u64>],
    loaded: Loaded<'p>,
    grouper: Grouper,
    /// Where what it has begins, with what is forgotten.
    grouped_from: u64,
    /// Where lines with needles begin, in the whole log.
    hits: Vec<u64>,
    /// There are so many that each event is asked for them instead.
    are_many: bool,
    pub(super) faults: Faults,
}

/// What is asked about a part of the log.
struct Scope<'s> {
    /// The events that belong here are wanted.
    block: &'s Range<u64>,
    /// Here, lines are told that are no records.
    seen: &'s Range<u64>,
    /// So many groups had begun where the block ends; `None`: not there yet.
    begun: Option<usize>,
}

impl<'p> Scanner<'p> {
    pub(super) fn new(input: &'p Input, plan: &'p Plan, blocks: &'p [Range<u64>]) -> Self {
        Self {
            plan,
            blocks,
            loaded: Loaded::new(input, 4 * KEPT),
            grouper: Grouper::new(plan.timeout),
            grouped_from: 0,
            hits: Vec::new(),
            are_many: false,
            faults: Faults::default(),
        }
    }

    /// Hands the worker every event of this block. Without needles, an event belongs to the block
    /// in which it begins; with needles, to the part of one in which it has its first needle.
    pub(super) fn block(
        &mut self,
        block: &Range<u64>,
        worker: &mut impl Worker,
    ) -> Result<(), ReplayError> {
        // What comes before shows which events began there.
        let around = |from: u64, to: u64| from.saturating_sub(2 * GAP as u64)..to + BEHIND;
        let plan = self.plan;
        let Some(needles) = &plan.needles else {
            return self.events(around(block.start, block.end), block, block, worker);
        };
        let sample = block.start..block.end.min(block.start + SAMPLE);
        self.hits.clear();
        self.find(needles, &sample)?;
        self.are_many = self.hits.len() as u64 * RARE > RARE.max(sample.end - sample.start);
        if self.are_many {
            self.hits.clear();
            return self.events(around(block.start, block.end), block, block, worker);
        }
        self.hits.clear();
        for from in (block.start..block.end).step_by(KEPT) {
            self.find(needles, &(from..block.end.min(from + KEPT as u64)))?;
        }
        // Needles that are near each other: each such part of the block is like a block of its own.
        let mut parts: Vec<Range<u64>> = Vec::new();
        for hit in &self.hits {
            match parts.last_mut() {
                Some(last) if last.end + 4 * GAP as u64 >= *hit => last.end = hit + 1,
                _ => parts.push(*hit..hit + 1),
            }
        }
        let mut from = block.start;
        for part in parts {
            let near = around(part.start, part.end);
            // Of what is no record, each line is told once.
            let seen = from.max(near.start)..near.end.min(block.end);
            from = seen.end;
            self.events(near, &part, &seen, worker)?;
        }
        Ok(())
    }

    /// Notes which of the lines that begin in a part of the log have a needle.
    fn find(&mut self, needles: &Needles, part: &Range<u64>) -> Result<(), ReplayError> {
        let start = part.start.saturating_sub(1);
        self.loaded.show(start, part.end + LINE_MAX as u64)?;
        let end = (part.end - start) as usize;
        let text = self.loaded.text();
        // The last of them ends there.
        let rest = text.get(end - 1..).unwrap_or_default();
        let text = memchr(b'\n', rest).map_or(text, |len| &text[..end + len]);
        let mut from = self.loaded.first_line().unwrap_or(text.len());
        while from < end
            && let Some(found) = needles.find(&text[from..])
        {
            let hit = from + found;
            let line = memrchr(b'\n', &text[from..hit]).map_or(from, |at| from + at + 1);
            if line >= end {
                break;
            }
            self.hits.push(start + line as u64);
            from = memchr(b'\n', &text[hit..]).map_or(end, |len| hit + len + 1);
        }
        Ok(())
    }

    /// Puts the records in a span of the log together, and hands on the events of the block. `seen`
    /// is where lines are told that are no records.
    fn events(
        &mut self,
        mut span: Range<u64>,
        block: &Range<u64>,
        seen: &Range<u64>,
        worker: &mut impl Worker,
    ) -> Result<(), ReplayError> {
        let mut more = BEHIND;
        let mut faults = Faults::default();
        let mut scope = Scope {
            block,
            seen,
            begun: None,
        };
        // So far is read, added, and handed on.
        let (mut end, mut rest, mut told) = (span.start, None, 0);
        loop {
            end = (end + PIECE).min(span.end);
            self.loaded.show(span.start, end)?;
            rest = self.lines(rest, &mut scope, &mut faults);
            let is_last = more >= LAST_STEP;
            // Those that nothing more comes for are handed on while their bytes are at hand.
            let done = self.grouper.done();
            let mut before = !is_last && self.lacks_before(told..done, block);
            let mut after = false;
            if !before {
                if is_last {
                    faults.cut.extend(self.cut(told..done, block));
                }
                self.hand_on(told..done, block, worker);
                told = done;
                if scope.begun.is_some_and(|begun| begun <= done) {
                    break;
                }
                if end < span.end && !self.loaded.is_to_end() {
                    if self.grouper.begin_of(done) >= KEPT {
                        let gone = self.grouper.forget(done);
                        span.start += gone as u64;
                        rest = rest.map(|at| at - gone);
                        scope.begun = scope.begun.map(|begun| begun - done);
                        told = 0;
                    }
                    continue;
                }
                before = self.lacks_before(told..self.grouper.groups().len(), block);
                after = self.lacks_after(told, self.rest(rest), block);
            }
            if !before && !after {
                break;
            }
            if is_last {
                let groups = self.grouper.groups().len();
                faults.cut.extend(self.cut(told..groups, block));
                break;
            }
            more *= 2;
            span.end += if after { more } else { 0 };
            if before {
                // Events are in the order of their beginnings: none of these is handed on yet.
                span.start = self.grouped_from.saturating_sub(more);
                (end, rest, told) = (span.start, None, 0);
                (faults, scope.begun) = (Faults::default(), None);
            }
        }
        let at = self.rest(rest);
        if self.own(at, seen) && self.loaded.text().len() - at > LINE_MAX {
            faults.add(self.loaded.range().start + at as u64, Malformed::TooLong);
        }
        self.faults.append(&mut faults);
        self.hand_on(told..self.grouper.groups().len(), block, worker);
        Ok(())
    }

    /// Where the first line begins that was not added.
    fn rest(&self, rest: Option<usize>) -> usize {
        rest.unwrap_or(self.loaded.text().len())
    }

    /// Hands on those of these events that belong to the block.
    fn hand_on(&self, groups: Range<usize>, block: &Range<u64>, worker: &mut impl Worker) {
        let (text, base) = (self.loaded.text(), self.loaded.range().start);
        for number in groups {
            let event = self.grouper.event(text, number, base);
            if self.plan.window.contains(event.id().sec)
                && self.is_of(&self.grouper.groups()[number], block)
                && !self.is_told(&event, block)
            {
                worker.event(&event);
            }
        }
    }

    /// Is this place of the text in the block?
    fn own(&self, place: usize, block: &Range<u64>) -> bool {
        block.contains(&(self.loaded.range().start + place as u64))
    }

    /// Does this event belong to the block?
    fn is_of(&self, group: &Group, block: &Range<u64>) -> bool {
        match &self.plan.needles {
            None => self.own(self.grouper.begins_at(group), block),
            // Whoever is handed it asks for more than that it has one.
            Some(_) if self.are_many && self.is_all_in(group, block) => true,
            Some(needles) if self.are_many => {
                let (text, base) = (self.loaded.text(), self.loaded.range().start);
                let mut places = self.grouper.places(text, group, base);
                let hit = places.find(|(offset, record)| {
                    (*offset >= block.start || self.is_scanned(*offset))
                        && needles.is_match(record.line)
                });
                hit.is_some_and(|(offset, _)| block.contains(&offset))
            }
            Some(_) => group.hit.is_some_and(|hit| self.own(hit as usize, block)),
        }
    }

    /// Is all of an event in the block?
    fn is_all_in(&self, group: &Group, block: &Range<u64>) -> bool {
        self.own(self.grouper.begins_at(group), block) && self.own(group.end as usize, block)
    }

    /// Has an event a needle in an earlier block, which has told of it then?
    fn is_told(&self, event: &Event<'_>, block: &Range<u64>) -> bool {
        let Some(needles) = &self.plan.needles else {
            return false;
        };
        event.offset() < block.start
            && event
                .places()
                .take_while(|(offset, _)| *offset < block.start)
                .any(|(offset, record)| self.is_scanned(offset) && needles.is_match(record.line))
    }

    /// Is this place of the log in any block?
    fn is_scanned(&self, offset: u64) -> bool {
        let before = self.blocks.partition_point(|block| block.start <= offset);
        before > 0 && offset < self.blocks[before - 1].end
    }

    /// Can one of these events, if it is of the block, have begun before what is loaded?
    fn lacks_before(&self, groups: Range<usize>, block: &Range<u64>) -> bool {
        let mut groups = self.grouper.groups()[groups].iter();
        groups.any(|group| self.may_begin_before(group) && self.is_of(group, block))
    }

    /// Can there be more of the block's events, without the first, behind what is loaded? `rest` is where the first
    /// line begins that is not whole.
    fn lacks_after(&self, told: usize, rest: usize, block: &Range<u64>) -> bool {
        let missing = self.loaded.text().len() - rest;
        // The line of a needle is whole.
        let is_cut = self.plan.needles.is_none()
            && !self.loaded.is_to_end()
            && self.own(rest, block)
            && missing <= LINE_MAX;
        let mut groups = self.grouper.groups()[told..].iter();
        is_cut || groups.any(|group| self.may_go_on(group) && self.is_of(group, block))
    }

    fn may_begin_before(&self, group: &Group) -> bool {
        let begin = self.loaded.range().start + self.grouper.begins_at(group) as u64;
        self.plan.needles.is_some()
            && self.grouped_from > 0
            && begin < self.grouped_from + GAP as u64
    }

    fn may_go_on(&self, group: &Group) -> bool {
        group.open
            && group.end as usize + GAP > self.loaded.text().len()
            && !self.loaded.is_to_end()
    }

    /// Where those of these events of the block begin of which there is more than is read.
    fn cut(&self, groups: Range<usize>, block: &Range<u64>) -> Vec<u64> {
        let groups = self.grouper.groups()[groups].iter();
        let cut = groups.filter(|group| {
            self.is_of(group, block) && (self.may_begin_before(group) || self.may_go_on(group))
        });
        let begins =
            cut.map(|group| self.loaded.range().start + self.grouper.begins_at(group) as u64);
        begins.take(Faults::TOLD).collect()
    }

    /// Adds the lines of the text: all, or from a place on those that were not there before. Behind the
    /// block it goes only as far as its events can. Gives the beginning of the first line that is not added,
    /// if one is known to begin at all.
    fn lines(
        &mut self,
        from: Option<usize>,
        scope: &mut Scope<'_>,
        faults: &mut Faults,
    ) -> Option<usize> {
        if from.is_none() {
            self.grouper.clear();
            self.grouped_from = self.loaded.range().start;
        }
        let text = self.loaded.text();
        let base = self.loaded.range().start;
        let mut at = from.or_else(|| self.loaded.first_line())?;
        let mut hit = self.hits.partition_point(|hit| *hit < base + at as u64);
        let end_of_block = scope.block.end.max(scope.seen.end).saturating_sub(base);
        let mut heads = Heads::default();
        while let Some(len) = memchr(b'\n', &text[at..]) {
            if at as u64 >= end_of_block {
                let groups = self.grouper.groups().len();
                if *scope.begun.get_or_insert(groups) <= self.grouper.done() {
                    return Some(at);
                }
            }
            let end = at + len;
            let is_hit = self
                .hits
                .get(hit)
                .is_some_and(|place| *place < base + end as u64);
            if is_hit {
                hit += 1;
            }
            let added = add(&mut self.grouper, &mut heads, text, at..end, is_hit);
            if let Err(why) = added
                && scope.seen.contains(&(base + at as u64))
            {
                faults.add(base + at as u64, why);
            }
            at = end + 1;
        }
        Some(at)
    }
}

/// Adds a line.
#[inline]
fn add<'t>(
    grouper: &mut Grouper,
    heads: &mut Heads<'t>,
    text: &'t [u8],
    mut line: Range<usize>,
    is_hit: bool,
) -> Result<(), Malformed> {
    let start = line.start;
    // A file system that lost the end of a file in a crash leaves zeros there.
    while line.start < line.end && text[line.start] == 0 {
        line.start += 1;
    }
    let zeros = line.start > start;
    if line.len() > LINE_MAX {
        return Err(Malformed::TooLong);
    }
    if !line.is_empty() {
        let head = heads.parse(&text[line.clone()])?;
        grouper.add(text, line, head, is_hit);
    }
    if zeros { Err(Malformed::Zeros) } else { Ok(()) }
}

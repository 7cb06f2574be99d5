//! Which records make an event: those with the same node, time and serial number, also when the
//! records of several events are mixed, as several CPUs write them.

use std::{collections::HashMap, hash::BuildHasherDefault, ops::Range};

use memchr::memchr;

use crate::records::{EventId, Head, RecordType, SEPARATOR, separator};

/// Records of one event are never further apart than this. The kernel mixes the records of calls
/// that end at the same moment, so the distance is some records per CPU; this is about five hundred.
pub(super) const GAP: usize = 128 * 1024;

/// No record, or no group.
const NONE: u32 = u32::MAX;

/// A record's place in the buffer.
#[derive(Clone, Debug)]
struct Place {
    start: u32,
    kind_name: Range<u32>,
    body: u32,
    end: u32,
    kind: RecordType,
    next: u32,
}

impl Place {
    /// Moves it to where so many bytes and places before it are gone.
    fn shift(&mut self, bytes: u32, places: u32) {
        let Self {
            start,
            kind_name,
            body,
            end,
            next,
            ..
        } = self;
        for at in [start, &mut kind_name.start, &mut kind_name.end, body, end] {
            *at -= bytes;
        }
        if *next != NONE {
            *next -= places;
        }
    }
}

/// An event's records, as a chain.
#[derive(Clone, Debug)]
pub(super) struct Group {
    id: EventId,
    node: Range<u32>,
    first: u32,
    last: u32,
    /// Where the last record ends.
    pub(super) end: u32,
    /// Further records may come.
    pub(super) open: bool,
    /// Where the first of its lines is that is a candidate.
    pub(super) hit: Option<u32>,
}

impl Group {
    /// Moves it to where so many bytes and places before it are gone.
    fn shift(&mut self, bytes: u32, places: u32) {
        let Self {
            node,
            first,
            last,
            end,
            hit,
            ..
        } = self;
        for at in [&mut node.start, &mut node.end, end].into_iter().chain(hit) {
            *at -= bytes;
        }
        *first -= places;
        *last -= places;
    }
}

/// What an event is found again by.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    millis: u64,
    serial: u64,
    node: u64,
}

/// Multiplies and rotates: the keys are numbers that differ in their low bits, and there are never
/// more of them at a time than fit into some `GAP`s.
#[derive(Default)]
struct Mix(u64);

impl std::hash::Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, n: u64) {
        self.0 = (self.0.rotate_left(5) ^ n).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

/// Puts records together. One is used for many buffers, so that nothing is allocated per record.
pub struct Grouper {
    places: Vec<Place>,
    groups: Vec<Group>,
    /// The open groups among the first `indexed`, by what they are found by.
    open: HashMap<Key, u32, BuildHasherDefault<Mix>>,
    /// Only records that do not follow those of their event need the index: it is made when one comes.
    indexed: usize,
    /// The highest serial number so far: an event with a higher one is new.
    highest: Option<u64>,
    /// The oldest group that may be open.
    oldest: usize,
    /// The group of the record before.
    current: u32,
    /// Seconds after which nothing more comes for an event.
    timeout: u64,
}

impl Grouper {
    /// Events end when this many seconds have passed in the log.
    pub fn new(timeout: u64) -> Self {
        Self {
            places: Vec::new(),
            groups: Vec::new(),
            open: HashMap::default(),
            indexed: 0,
            highest: None,
            oldest: 0,
            current: NONE,
            timeout,
        }
    }

    /// Forgets everything: for the next buffer.
    pub fn clear(&mut self) {
        self.places.clear();
        self.groups.clear();
        self.open.clear();
        self.indexed = 0;
        self.highest = None;
        self.oldest = 0;
        self.current = NONE;
    }

    /// Adds the record at `line` of the buffer. `hit` marks its event as a candidate.
    #[inline]
    pub fn add(&mut self, buffer: &[u8], line: Range<usize>, head: &Head, hit: bool) {
        let at = |from: usize| (line.start + from) as u32;
        let kind = head.kind.unwrap_or(RecordType(0));
        let place = Place {
            start: at(0),
            kind_name: at(head.kind_name.start)..at(head.kind_name.end),
            body: at(head.body),
            end: line.end as u32,
            kind,
            next: NONE,
        };
        let node = at(head.node.start)..at(head.node.end);
        let group = match self.group_of(buffer, head, &node, &place) {
            Some(group) => group,
            // The end of an event that was told already.
            None if kind == RecordType::EOE => return,
            None => self.begin(buffer, head, node, &place),
        };
        let number = self.places.len() as u32;
        let group = &mut self.groups[group as usize];
        if group.first == NONE {
            group.first = number;
        } else {
            self.places[group.last as usize].next = number;
        }
        group.last = number;
        group.end = place.end;
        if hit {
            group.hit.get_or_insert(place.start);
        }
        self.places.push(place);
    }

    /// The open group that a record belongs to: mostly that of the record before.
    #[inline]
    fn group_of(
        &mut self,
        buffer: &[u8],
        head: &Head,
        node: &Range<u32>,
        place: &Place,
    ) -> Option<u32> {
        let fits = |group: &Group| {
            group.open
                && group.id == head.id
                && (group.node.is_empty() && node.is_empty()
                    || bytes(buffer, &group.node) == bytes(buffer, node))
                && (place.start.saturating_sub(group.end) as usize) <= GAP
        };
        if let Some(group) = self.groups.get(self.current as usize)
            && fits(group)
        {
            return Some(self.current);
        }
        if self.highest.is_none_or(|highest| highest < head.id.serial) {
            return None;
        }
        let found = self.earlier(buffer, key(head.id, bytes(buffer, node)))?;
        if !fits(&self.groups[found as usize]) {
            return None;
        }
        self.current = found;
        Some(found)
    }

    /// An open group, wherever it began.
    #[inline(never)]
    fn earlier(&mut self, buffer: &[u8], key: Key) -> Option<u32> {
        self.index(buffer);
        self.open.get(&key).copied()
    }

    /// Indexes the groups that are not indexed yet.
    fn index(&mut self, buffer: &[u8]) {
        for (number, group) in (self.indexed..).zip(&self.groups[self.indexed..]) {
            if group.open {
                let key = key(group.id, bytes(buffer, &group.node));
                self.open.insert(key, number as u32);
            }
        }
        self.indexed = self.groups.len();
    }

    /// Forgets the groups before this one, which nothing more comes for, and the bytes before its first record.
    /// Gives how many those are.
    pub(super) fn forget(&mut self, before: usize) -> usize {
        let Some(group) = self.groups.get(before) else {
            return 0;
        };
        let place = group.first;
        let by = self.places[place as usize].start;
        // Groups stand in the order of their first records: none of these records is of another one.
        self.places.drain(..place as usize);
        self.groups.drain(..before);
        for rest in &mut self.places {
            rest.shift(by, place);
        }
        for rest in &mut self.groups {
            rest.shift(by, place);
        }
        self.open.clear();
        self.indexed = 0;
        self.oldest -= before;
        if self.current != NONE {
            self.current = self.current.checked_sub(before as u32).unwrap_or(NONE);
        }
        by as usize
    }

    /// So many groups, of those that began first, can get nothing more.
    pub(super) fn done(&self) -> usize {
        self.oldest
    }

    fn begin(&mut self, buffer: &[u8], head: &Head, node: Range<u32>, place: &Place) -> u32 {
        while let Some(group) = self.groups.get_mut(self.oldest) {
            let late = group.id.sec.saturating_add(self.timeout) <= head.id.sec;
            let far = (place.start.saturating_sub(group.end) as usize) > GAP;
            if !late && !far && group.open {
                break;
            }
            let was_open = std::mem::replace(&mut group.open, false);
            if was_open && self.oldest < self.indexed {
                let key = key(group.id, bytes(buffer, &group.node));
                if self.open.get(&key) == Some(&(self.oldest as u32)) {
                    self.open.remove(&key);
                }
            }
            self.oldest += 1;
        }
        let number = self.groups.len() as u32;
        let open = !place.kind.is_alone();
        self.highest = self.highest.max(Some(head.id.serial));
        self.groups.push(Group {
            id: head.id,
            node,
            first: NONE,
            last: NONE,
            end: place.end,
            open,
            hit: None,
        });
        self.current = number;
        number
    }

    pub(super) fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The events of a buffer whose records were all added.
    pub fn events<'a>(&'a self, buffer: &'a [u8]) -> impl Iterator<Item = Event<'a>> {
        (0..self.groups.len()).map(move |number| self.event(buffer, number, 0))
    }

    /// Where the first record of a group begins that this is the number of; 0 where there is none.
    pub(super) fn begin_of(&self, number: usize) -> usize {
        let group = self.groups.get(number);
        group.map_or(0, |group| self.begins_at(group))
    }

    /// Where a group's first record begins.
    pub(super) fn begins_at(&self, group: &Group) -> usize {
        self.places[group.first as usize].start as usize
    }

    /// A group's records, with their offsets in the whole log.
    pub(super) fn places<'a>(
        &'a self,
        buffer: &'a [u8],
        group: &Group,
        base: u64,
    ) -> impl Iterator<Item = (u64, Record<'a>)> + use<'a> {
        let mut next = group.first;
        std::iter::from_fn(move || {
            let place = self.places.get(next as usize)?;
            next = place.next;
            let record = Record {
                line: &buffer[place.start as usize..place.end as usize],
                kind_name: bytes(buffer, &place.kind_name),
                body: (place.body - place.start) as usize,
                kind: place.kind,
            };
            Some((base + u64::from(place.start), record))
        })
    }

    /// The event of a group.
    pub(super) fn event<'a>(&'a self, buffer: &'a [u8], number: usize, base: u64) -> Event<'a> {
        Event {
            buffer,
            grouper: self,
            group: &self.groups[number],
            base,
        }
    }
}

fn bytes<'a>(buffer: &'a [u8], range: &Range<u32>) -> &'a [u8] {
    &buffer[range.start as usize..range.end as usize]
}

fn key(id: EventId, node: &[u8]) -> Key {
    let mut hash = Mix::default();
    std::hash::Hasher::write(&mut hash, node);
    Key {
        millis: id.sec.wrapping_mul(1000).wrapping_add(u64::from(id.milli)),
        serial: id.serial,
        node: hash.0,
    }
}

/// One event of a log: a view of its records.
#[derive(Clone, Copy)]
pub struct Event<'a> {
    buffer: &'a [u8],
    grouper: &'a Grouper,
    group: &'a Group,
    base: u64,
}

impl<'a> Event<'a> {
    /// Time and serial number.
    pub fn id(&self) -> EventId {
        self.group.id
    }

    /// Name of the machine, where the log names it.
    pub fn node(&self) -> Option<&'a [u8]> {
        Some(bytes(self.buffer, &self.group.node)).filter(|node| !node.is_empty())
    }

    /// Where its first record begins in the whole log.
    pub fn offset(&self) -> u64 {
        self.base + self.grouper.begins_at(self.group) as u64
    }

    /// Where its records begin in the whole log.
    pub fn offsets(&self) -> impl Iterator<Item = u64> + use<'a> {
        self.places().map(|(offset, _)| offset)
    }

    /// Where its last record ends in the whole log.
    pub fn end(&self) -> u64 {
        self.base + u64::from(self.group.end)
    }

    /// Has it a record that tells that no more come?
    pub fn is_ended(&self) -> bool {
        self.kind().is_alone() || self.has(RecordType::EOE) || self.has(RecordType::PROCTITLE)
    }

    /// Its records, in the order of the log. There is always one.
    pub fn records(&self) -> impl Iterator<Item = Record<'a>> + use<'a> {
        self.places().map(|(_, record)| record)
    }

    /// Its records, with the offsets in the whole log.
    pub(super) fn places(&self) -> impl Iterator<Item = (u64, Record<'a>)> + use<'a> {
        self.grouper.places(self.buffer, self.group, self.base)
    }

    /// Type of the first record: what kind of event it is.
    pub fn kind(&self) -> RecordType {
        self.grouper.places[self.group.first as usize].kind
    }

    /// Has it a record of this type?
    pub fn has(&self, kind: RecordType) -> bool {
        self.records().any(|record| record.kind == kind)
    }
}

/// One record of an event.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The line, without its newline.
    pub line: &'a [u8],
    /// Its type as it stands there.
    pub kind_name: &'a [u8],
    /// Its type; 0 for a name that is not known.
    pub kind: RecordType,
    body: usize,
}

impl<'a> Record<'a> {
    /// The record of a line.
    pub fn of(line: &'a [u8]) -> Option<Self> {
        let head = Head::parse(line).ok()?;
        Some(Self {
            kind_name: &line[head.kind_name],
            kind: head.kind.unwrap_or_default(),
            body: head.body,
            line,
        })
    }

    /// Its fields, as text.
    pub fn body(&self) -> &'a [u8] {
        self.parts().0
    }

    /// What auditd looked up when it wrote the record; empty in a log that is not enriched.
    pub fn names(&self) -> &'a [u8] {
        self.parts().1
    }

    /// Both.
    #[inline]
    pub fn parts(&self) -> (&'a [u8], &'a [u8]) {
        let text = &self.line[self.body..];
        match separator(text) {
            Some((at, len)) => (&text[..at], &text[at + len..]),
            None => (text, &[]),
        }
    }

    /// The line without what auditd looked up.
    pub fn plain(&self) -> &'a [u8] {
        memchr(SEPARATOR, self.line).map_or(self.line, |at| &self.line[..at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Types and serial numbers of the events of a log.
    fn events(log: &str) -> Vec<String> {
        let mut grouper = Grouper::new(2);
        let mut at = 0;
        for line in log.lines() {
            let head = Head::parse(line.as_bytes()).unwrap();
            grouper.add(log.as_bytes(), at..at + line.len(), &head, false);
            at += line.len() + 1;
        }
        grouper
            .events(log.as_bytes())
            .map(|event| {
                let kinds: Vec<_> = event
                    .records()
                    .map(|record| String::from_utf8_lossy(record.kind_name).into_owned())
                    .collect();
                format!("{}:{}", event.id().serial, kinds.join("+"))
            })
            .collect()
    }

    #[test]
    fn mixed_records() {
        let log = "\
type=SYSCALL msg=audit(1.000:1): a=1
type=SYSCALL msg=audit(1.000:2): a=1
type=PATH msg=audit(1.000:1): a=1
type=USER msg=audit(1.001:3): a=1
type=PATH msg=audit(1.000:2): a=1
type=EOE msg=audit(1.000:1): 
type=EOE msg=audit(1.000:9): 
";
        assert_eq!(
            events(log),
            ["1:SYSCALL+PATH+EOE", "2:SYSCALL+PATH", "3:USER"]
        );
    }

    #[test]
    fn the_same_serial_number_again() {
        let log = "\
node=a type=SYSCALL msg=audit(1.000:1): a=1
node=b type=SYSCALL msg=audit(1.000:1): a=1
node=a type=CWD msg=audit(1.000:1): a=1
node=a type=SYSCALL msg=audit(9.000:2): a=1
node=a type=PATH msg=audit(1.000:1): late=1
type=USER msg=audit(9.000:3): a=1
type=USER msg=audit(9.000:3): alone=1
";
        assert_eq!(
            events(log),
            [
                "1:SYSCALL+CWD",
                "1:SYSCALL",
                "2:SYSCALL",
                "1:PATH",
                "3:USER",
                "3:USER"
            ]
        );
    }
}

//! Puts a request and its completion together: one event, with what the request had and the
//! result. Knows nothing of what a request means.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    time::{Duration, Instant},
};

use tracer_ebpf::abi::wire::{Head, OF_REQUEST, Part, RESULT_UNKNOWN};

use super::super::record::{self, Record};

/// Requests that wait at most; the kernel side knows as many.
const MOST: usize = 16_384;
/// A program can ask that a success is not told to it, and then nobody is told. Its failure would
/// be known after this time.
const SILENCE: Duration = Duration::from_millis(100);

/// What a request and its completion have in common.
type Key = [u64; 2];

/// Requests without a completion, in the order of their coming.
#[derive(Default)]
pub(in super::super) struct Pending {
    requests: BTreeMap<u64, Waiting>,
    by_key: HashMap<Key, VecDeque<u64>>,
    /// Those whose success nobody tells.
    silent: VecDeque<u64>,
    next: u64,
}

struct Waiting {
    key: Key,
    record: Vec<u8>,
    since: Instant,
}

impl Pending {
    /// Takes a request. Gives back one that is over: the kernel uses its memory again, or there
    /// are too many.
    pub(in super::super) fn submitted(
        &mut self,
        record: &Record<'_>,
        bytes: &[u8],
        by_data: bool,
    ) -> Option<Vec<u8>> {
        let mark = record.piece(Part::Block, OF_REQUEST);
        let [first, second, silent] = mark.and_then(|piece| piece.words()).unwrap_or([0; 3]);
        let key = [first, second];
        let mut over = if by_data { None } else { self.take(key) };
        if over.is_none() && self.requests.len() >= MOST {
            over = self
                .requests
                .keys()
                .next()
                .copied()
                .and_then(|id| self.remove(id));
        }
        let id = self.next;
        self.next += 1;
        self.by_key.entry(key).or_default().push_back(id);
        if silent != 0 {
            self.silent.push_back(id);
        }
        let waiting = Waiting {
            key,
            record: bytes.to_vec(),
            since: Instant::now(),
        };
        self.requests.insert(id, waiting);
        over.map(without_result)
    }

    /// Takes a completion; gives back the whole event.
    pub(in super::super) fn completed(
        &mut self,
        record: &Record<'_>,
        bytes: &[u8],
    ) -> Option<Vec<u8>> {
        let done = &record.head;
        let mut whole = self.take([done.args[0], done.args[1]])?;
        let mut head = record::head(&whole)?;
        // The descriptor is that of the process, unless a thread of the kernel cleaned up after it.
        if head.pid == done.pid {
            whole.extend_from_slice(&bytes[size_of::<Head>()..]);
        }
        head.size = whole.len() as u32;
        (head.ret, head.mono_ns) = (done.ret, done.mono_ns);
        record::set_head(&mut whole, head);
        Some(whole)
    }

    /// A request that has had its time.
    pub(in super::super) fn overdue(&mut self) -> Option<Vec<u8>> {
        while let Some(id) = self.silent.front().copied() {
            match self.requests.get(&id) {
                Some(waiting) if waiting.since.elapsed() < SILENCE => return None,
                found => {
                    let over = found.is_some();
                    self.silent.pop_front();
                    if over {
                        return self.remove(id).map(without_result);
                    }
                }
            }
        }
        None
    }

    /// The oldest of those that are left.
    pub(in super::super) fn oldest(&mut self) -> Option<Vec<u8>> {
        let id = *self.requests.keys().next()?;
        self.remove(id).map(without_result)
    }

    fn take(&mut self, key: Key) -> Option<Vec<u8>> {
        let id = *self.by_key.get(&key)?.front()?;
        self.remove(id)
    }

    fn remove(&mut self, id: u64) -> Option<Vec<u8>> {
        let waiting = self.requests.remove(&id)?;
        if let Some(ids) = self.by_key.get_mut(&waiting.key) {
            ids.retain(|other| *other != id);
            if ids.is_empty() {
                self.by_key.remove(&waiting.key);
            }
        }
        Some(waiting.record)
    }
}

/// Marks a request of which no result is known.
fn without_result(mut record: Vec<u8>) -> Vec<u8> {
    if let Some(mut head) = record::head(&record) {
        head.flags |= RESULT_UNKNOWN;
        record::set_head(&mut record, head);
    }
    record
}

//! Puts together what a descriptor led to and what memory held before a call changed that, and the
//! call.

use std::{collections::HashMap, mem::offset_of};

use tracer_ebpf::abi::wire::{BEFORE_CALL, Head, Kind, Part, Section};

use super::record::{self, Piece, Record};

/// Threads at most of which something is kept. Each has one call at a time, which need not be told
/// in the end: its result may not be wanted.
const MOST: usize = 65_536;

/// What was there before the calls under way, by thread id.
#[derive(Default)]
pub(super) struct Before(HashMap<u32, Vec<u8>>);

impl Before {
    /// Keeps this for the call that the thread is in.
    pub(super) fn keep(&mut self, head: &Head, bytes: &[u8]) {
        if self.0.len() >= MOST && !self.0.contains_key(&head.tid) {
            self.forget_half();
        }
        self.0.insert(head.tid, bytes.to_vec());
    }

    /// The record of a call with what there was before in the place of what there is after it;
    /// none when nothing was kept for it. A signal is told while its thread is in a call.
    pub(super) fn complete(&mut self, call: &Record<'_>, bytes: &[u8]) -> Option<Vec<u8>> {
        if self.0.is_empty() || call.kind == Kind::Signal {
            return None;
        }
        let kept = self.0.remove(&call.head.tid)?;
        let before = Record::parse(&kept).ok()?;
        let is_of = (before.head.nr, before.head.door) == (call.head.nr, call.head.door);
        if call.kind != Kind::Call || !is_of {
            return None;
        }
        let mut whole = bytes.get(..size_of::<Head>())?.to_vec();
        for piece in before.pieces() {
            let start = whole.len();
            whole.extend_from_slice(piece.whole);
            if is_memory(&piece) {
                whole[start + offset_of!(Section, flags)] |= BEFORE_CALL;
            }
        }
        // What a descriptor leads to now is of no interest; what the memory holds is.
        let replaces = |known: &Piece<'_>, now: &Piece<'_>| {
            known.of == now.of && leads_to(known) && leads_to(now)
        };
        for piece in call.pieces() {
            if !before.pieces().any(|known| replaces(&known, &piece)) {
                whole.extend_from_slice(piece.whole);
            }
        }
        let mut head = call.head;
        head.size = whole.len() as u32;
        record::set_head(&mut whole, head);
        Some(whole)
    }

    /// Of so many, most are of threads that have ended.
    fn forget_half(&mut self) {
        let began = |bytes: &Vec<u8>| record::head(bytes).map_or(0, |head| head.mono_ns);
        let mut times: Vec<u64> = self.0.values().map(began).collect();
        let middle = times.len() / 2;
        let (_, &mut median, _) = times.select_nth_unstable(middle);
        self.0.retain(|_, bytes| began(bytes) > median);
    }
}

/// Is it about what a descriptor leads to?
fn leads_to(piece: &Piece<'_>) -> bool {
    matches!(
        piece.part,
        Part::Walk | Part::Met | Part::File | Part::Socket
    )
}

fn is_memory(piece: &Piece<'_>) -> bool {
    matches!(piece.part, Part::Block | Part::Text | Part::Count)
}

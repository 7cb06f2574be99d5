//! What is made of many events, beside or instead of a line for each: a fold takes every item and
//! has something to say at the end. It does not know where the items come from.

pub mod activity;
mod before;
mod changes;
mod columns;
mod processes;
mod separate;
mod summary;
mod timeline;
mod tree;

use std::{io, ops::ControlFlow, os::fd::BorrowedFd, time::Instant};

pub use before::Before;
pub use changes::{Changes, ListAs};
pub use columns::{Columns, SortBy};
pub use separate::Separate;
pub use summary::{Shape, Summary};
pub use timeline::{Page, Timeline};
pub use tree::{Drawing, Tree};

use crate::event::{Account, CallSums, Item};

/// Something that grows with every item.
pub trait Fold {
    /// Takes one item.
    fn item(&mut self, item: &Item);

    /// Takes calls that the source has counted instead of handing them on.
    fn counted(&mut self, _sums: &CallSums) {}

    /// Called again and again while the run goes on: the moment to write to files of its own, or
    /// to the output. `Break` ends the run.
    fn settle(&mut self, _out: &mut Vec<u8>) -> io::Result<ControlFlow<()>> {
        Ok(ControlFlow::Continue(()))
    }

    /// When it wants to be settled at the latest.
    fn due(&self) -> Option<Instant> {
        None
    }

    /// Where something may come that it wants to be settled for.
    fn listens_to(&self) -> Option<BorrowedFd<'_>> {
        None
    }

    /// The file of its own that it writes to, for messages.
    fn writes_to(&self) -> Option<&str> {
        None
    }

    /// Takes the conservation sums, when the last item has been given to it.
    fn account(&mut self, _account: &Account) -> io::Result<()> {
        Ok(())
    }

    /// The end: appends to the output what is to be said there, and finishes files of its own.
    fn finish(&mut self, out: &mut Vec<u8>) -> io::Result<()>;

    /// How many events it should have written to files of its own and could not. Asked after the
    /// end.
    fn unwritten(&self) -> u64 {
        0
    }
}

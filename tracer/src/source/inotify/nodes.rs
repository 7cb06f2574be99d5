//! The watched directories by watch descriptor, in as little memory as a million of them need.
//!
//! The kernel counts watch descriptors up (`inotify_add_to_idr` of `fs/notify/inotify`), so those
//! of one tree are close together: pages of them are full, other than a hash table, which is half
//! empty after it has grown and needs as much again while it grows.

use rustc_hash::FxHashMap;

use super::tree::{Node, Wd};

/// Nodes of a page.
const PAGE: usize = 64;

/// Every watched directory.
#[derive(Debug, Default)]
pub(super) struct Nodes {
    pages: FxHashMap<i32, Box<Page>>,
    len: usize,
}

/// The nodes of [`PAGE`] watch descriptors in a row.
#[derive(Debug)]
struct Page {
    used: usize,
    nodes: [Option<Node>; PAGE],
}

/// Page and place in it.
fn place(Wd(wd): Wd) -> (i32, usize) {
    let size = PAGE as i32;
    (wd.div_euclid(size), wd.rem_euclid(size) as usize)
}

impl Nodes {
    pub(super) fn get(&self, wd: Wd) -> Option<&Node> {
        let (page, at) = place(wd);
        self.pages.get(&page)?.nodes[at].as_ref()
    }

    pub(super) fn get_mut(&mut self, wd: Wd) -> Option<&mut Node> {
        let (page, at) = place(wd);
        self.pages.get_mut(&page)?.nodes[at].as_mut()
    }

    pub(super) fn insert(&mut self, wd: Wd, node: Node) {
        let (page, at) = place(wd);
        let page = self.pages.entry(page).or_insert_with(|| {
            Box::new(Page {
                used: 0,
                nodes: [const { None }; PAGE],
            })
        });
        if page.nodes[at].replace(node).is_none() {
            page.used += 1;
            self.len += 1;
        }
    }

    pub(super) fn remove(&mut self, wd: Wd) -> Option<Node> {
        let (number, at) = place(wd);
        let page = self.pages.get_mut(&number)?;
        let node = page.nodes[at].take()?;
        page.used -= 1;
        self.len -= 1;
        if page.used == 0 {
            self.pages.remove(&number);
        }
        Some(node)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::source::inotify::tree::Place;

    proptest! {
        /// As an ordinary map, and without pages that are empty.
        #[test]
        fn a_map(steps in prop::collection::vec((any::<bool>(), 1..200_i32), 0..400)) {
            let (mut nodes, mut model) = (Nodes::default(), BTreeMap::new());
            for (number, (insert, wd)) in steps.into_iter().enumerate() {
                let wd = if wd > 190 { i32::MAX - wd } else { wd };
                let name = number.to_string();
                if insert {
                    nodes.insert(Wd(wd), Node::under(Wd(0), name.as_bytes().into()));
                    model.insert(wd, name);
                } else {
                    let gone = nodes.remove(Wd(wd)).map(|node| node.place);
                    prop_assert_eq!(gone.is_some(), model.remove(&wd).is_some());
                }
                prop_assert_eq!(nodes.len(), model.len());
            }
            for (&wd, name) in &model {
                let node = nodes.get(Wd(wd)).expect("it is in the model");
                prop_assert!(matches!(&node.place, Place::Under(_, at) if at[..] == *name.as_bytes()));
                prop_assert!(nodes.get_mut(Wd(wd)).is_some());
            }
            let pages: std::collections::BTreeSet<_> =
                model.keys().map(|wd| wd / PAGE as i32).collect();
            prop_assert_eq!(nodes.pages.len(), pages.len());
        }
    }
}

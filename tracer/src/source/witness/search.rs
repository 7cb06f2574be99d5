//! Which event belongs to which call: those that fit best first.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::{
    Case, Witness,
    asked::{Asked, Key, Silence, leads_to},
    claims,
    evidence::Evidence,
    index::{Answer, Fit, View},
    is_here,
};
use crate::event::Item;

/// How many calls with the same names come later, counted once that is asked.
type Later = Option<HashMap<Key, usize, RandomState>>;

/// Which events are looked for.
#[derive(Clone, Copy)]
enum Round {
    Named,
    Again,
    Ordered,
}

impl Witness {
    /// Finds the events of all calls: those first that fit best.
    pub(super) fn answer(&mut self, cases: &mut [Case], items: &[Item], next: &[Item]) {
        if self.pool.is_empty() {
            return;
        }
        for case in &mut *cases {
            let Some(event) = case.event(items) else {
                continue;
            };
            case.may_be_there =
                !is_here(event) || claims(event).all(|path| self.cover.is_marked(path, event.time));
            case.trace = case.asked.trace(event);
        }
        let mut later = None;
        for (round, may_be_there) in [
            (Round::Named, true),
            (Round::Named, false),
            (Round::Again, true),
            (Round::Ordered, true),
            (Round::Again, true),
        ] {
            for at in 0..cases.len() {
                let case = &cases[at];
                if case.answer == Answer::Nothing && case.may_be_there == may_be_there {
                    self.claim(cases, at, round, (items, next), &mut later);
                }
            }
        }
    }

    fn claim(
        &mut self,
        all: &mut [Case],
        at: usize,
        round: Round,
        (items, next): (&[Item], &[Item]),
        later: &mut Later,
    ) {
        self.goes_on();
        let fit = match round {
            Round::Named => {
                all[at].is_named = true;
                if let Some(later) = later {
                    let left = later.entry(all[at].trace.key()).or_default();
                    *left = left.saturating_sub(1);
                }
                Fit::Named
            }
            Round::Again => Fit::Again,
            Round::Ordered if all[at].asked.silence == Silence::Proof => Fit::Ordered,
            Round::Ordered => return,
        };
        let Self {
            cover, roots, pool, ..
        } = self;
        let (index, evidence) = pool.parts();
        let Case { trace, .. } = &all[at];
        let Some(event) = all[at].event(items) else {
            return;
        };
        let mut count = || {
            let later = later.get_or_insert_with(|| come_later(all, next));
            later.get(&trace.key()).copied().unwrap_or_default()
        };
        let mut view = |evidence: &Evidence| {
            let places = evidence.places(trace.bit).iter();
            let number = evidence.number;
            let paths: Vec<_> = places
                .map(|place| cover.path(roots, place, number))
                .collect();
            let known = || paths.iter().flatten();
            View {
                is_led_to: known().eq(leads_to(event)) && paths.len() == known().count(),
                is_watched: known().any(|path| roots.contain(path, true)),
            }
        };
        let answer = index.claim(evidence, trace, fit, &mut count, &mut view);
        if all[at].asked.exchanges && fit == Fit::Named {
            index.claim_other_half(evidence, &all[at].trace);
        }
        all[at].answer = answer;
    }
}

/// How many calls with the same names come that were not looked for by name yet.
fn come_later(all: &[Case], next: &[Item]) -> HashMap<Key, usize, RandomState> {
    let mut later = HashMap::<_, usize, RandomState>::default();
    let here = all.iter().filter(|case| !case.is_named);
    let coming = next.iter().filter_map(|item| match item {
        Item::Event(event) => Some(Asked::of(event)?.trace(event)),
        Item::Loss(_) => None,
    });
    let keys = here.map(|case| case.trace.key());
    for key in keys.chain(coming.map(|trace| trace.key())) {
        *later.entry(key).or_default() += 1;
    }
    later
}

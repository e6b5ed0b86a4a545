//! The two trees laid on each other, as they are opened, closed and folded, and windows of their rows.
//!
//! Folding closes what is the same and puts stretches of siblings that are the same into one row each.

use super::comparison::{Comparison, Half, model};
use crate::model::{Kind, Status};
use crate::protocol::{Both, DiffRow, DiffRows};
use crate::view::Sight;
use rustc_hash::{FxHashMap, FxHashSet};

/// Siblings in a row that are the same before they are folded into one row.
const STRETCH: u32 = 4;

/// Comparisons of up to this many items begin with everything open that is not folded.
const OPEN_WHOLLY: usize = 2_000;

/// What is open.
#[derive(Default)]
pub(crate) struct Tree {
    /// Items that somebody opened or closed.
    by_hand: FxHashMap<u32, bool>,
    /// Stretches that somebody opened, by their first item.
    unfolded: FxHashSet<u32>,
    /// Rows with folding, and without: item, and how many more it stands for.
    rows: [Option<Vec<(u32, u32)>>; 2],
}

impl Tree {
    fn visible(&mut self, of: &Comparison, fold: bool) -> &[(u32, u32)] {
        let slot = usize::from(fold);
        if self.rows.get(slot).is_none_or(Option::is_none) {
            let rows = self.make(of, fold);
            if let Some(place) = self.rows.get_mut(slot) {
                *place = Some(rows);
            }
        }
        self.rows.get(slot).and_then(Option::as_deref).unwrap_or(&[])
    }

    fn make(&self, of: &Comparison, fold: bool) -> Vec<(u32, u32)> {
        let mut rows = Vec::new();
        let mut at = 0u32;
        // Up to where siblings that are the same have been looked at.
        let mut seen = 0u32;
        while let Some(item) = of.items.get(at as usize) {
            if fold && at >= seen && of.is_quiet(at) {
                let (mut end, mut siblings) = (at, 0u32);
                while let Some(next) = of.items.get(end as usize) {
                    if next.parent != item.parent || !of.is_quiet(end) {
                        break;
                    }
                    siblings += 1;
                    end = next.after.max(end.saturating_add(1));
                }
                seen = end;
                if siblings >= STRETCH && !self.unfolded.contains(&at) {
                    rows.push((at, siblings - 1));
                    at = end;
                    continue;
                }
            }
            rows.push((at, 0));
            let next = at.saturating_add(1);
            at = if self.is_open(of, at, fold) { next } else { item.after.max(next) };
        }
        rows
    }

    fn is_open(&self, of: &Comparison, item: u32, fold: bool) -> bool {
        if let Some(&open) = self.by_hand.get(&item) {
            return open;
        }
        if fold {
            return !of.is_quiet(item);
        }
        of.items.len() <= OPEN_WHOLLY || of.items.get(item as usize).is_some_and(|item| item.depth <= 1)
    }

    /// Number of rows.
    pub(crate) fn total(&mut self, of: &Comparison, fold: bool) -> u32 {
        u32::try_from(self.visible(of, fold).len()).unwrap_or(u32::MAX)
    }

    /// Opens or closes an item or the stretch that begins with it; all when `None`.
    pub(crate) fn open(&mut self, of: &Comparison, item: Option<u32>, open: bool, fold: bool) {
        match item {
            None => {
                self.unfolded.clear();
                self.by_hand = (0..of.items.len() as u32)
                    .zip(&of.items)
                    .filter(|(at, item)| item.after > at + 1)
                    .map(|(at, _)| (at, open))
                    .collect();
                if open && fold {
                    // Closed stretches are still told in one row each: opening all means all.
                    self.unfolded = (0..of.items.len() as u32).collect();
                }
            }
            Some(item) => {
                let folded = fold && self.visible(of, fold).iter().any(|&(first, more)| first == item && more > 0);
                let leaf = of.items.get(item as usize).is_none_or(|of_item| of_item.after <= item.saturating_add(1));
                if folded && open {
                    self.unfolded.insert(item);
                } else if leaf && !open {
                    self.unfolded.remove(&item);
                } else {
                    self.by_hand.insert(item, open);
                }
            }
        }
        self.rows = [None, None];
    }

    /// Opens what is around an item, so that it has a row.
    pub(crate) fn reveal(&mut self, of: &Comparison, item: u32, fold: bool) -> Option<u32> {
        if let Some(row) = self.row_of(of, item, fold) {
            return Some(row);
        }
        let mut around = of.items.get(item as usize)?.parent;
        while let Some(parent) = around {
            if !self.is_open(of, parent, fold) {
                self.by_hand.insert(parent, true);
            }
            around = of.items.get(parent as usize).and_then(|item| item.parent).filter(|&further| further < parent);
        }
        self.rows = [None, None];
        // What is left in the way is one stretch at most.
        if self.row_of(of, item, fold).is_none() {
            let rows = self.visible(of, fold);
            let before = rows.partition_point(|&(first, _)| first <= item).checked_sub(1);
            if let Some(&(first, _)) = before.and_then(|at| rows.get(at)) {
                self.unfolded.insert(first);
                self.rows = [None, None];
            }
        }
        self.row_of(of, item, fold)
    }

    /// The row of an item, when it has one.
    pub(crate) fn row_of(&mut self, of: &Comparison, item: u32, fold: bool) -> Option<u32> {
        let rows = self.visible(of, fold);
        let at = rows.binary_search_by_key(&item, |&(item, _)| item).ok()?;
        // The first of a stretch stands for all of it.
        u32::try_from(at).ok()
    }

    /// A window of rows; `what` says what differs in an item.
    pub(crate) fn window(
        &mut self,
        of: &Comparison,
        sights: (Sight<'_>, Sight<'_>),
        fold: bool,
        (from, count): (u32, u32),
        what: &mut dyn FnMut(u32) -> String,
    ) -> DiffRows {
        let total = self.total(of, fold);
        let from = from.min(total);
        let end = from.saturating_add(count).min(total);
        let window: Vec<(u32, u32)> = self.visible(of, fold).get(from as usize..end as usize).unwrap_or(&[]).to_vec();
        let rows = window.into_iter().filter_map(|(item, folded)| {
            let open = folded == 0 && self.is_open(of, item, fold);
            Some(DiffRow { folded, open, what: what(item), ..row(of, sights, item)? })
        });
        DiffRows { total, from, rows: rows.collect() }
    }
}

/// An item as a row, but for what differs in it and what is open.
pub(crate) fn row(of: &Comparison, (a, b): (Sight<'_>, Sight<'_>), at: u32) -> Option<DiffRow> {
    let item = of.items.get(at as usize)?;
    let name = |sight: Sight<'_>, step: Option<u32>| step.map(|step| sight.name(step).to_owned());
    let (name_a, name_b) = (name(a, item.a), name(b, item.b));
    let other = name_b.clone().filter(|name| name_a.as_ref().is_some_and(|of_a| of_a != name));
    let mut children = 0;
    let mut child = at.saturating_add(1);
    while child < item.after && children < MANY {
        children += 1;
        child = of.items.get(child as usize).map_or(item.after, |next| next.after.max(child + 1));
    }
    Some(DiffRow {
        item: at,
        folded: 0,
        depth: item.depth,
        a: item.a,
        b: item.b,
        sign: of.sign(at),
        marks: of.marks(at),
        name: name_a.or(name_b).unwrap_or_default(),
        name_b: other.unwrap_or_default(),
        kind: kind(a, item.a).or_else(|| kind(b, item.b)).unwrap_or_default(),
        status: Both { a: status(a, item.a), b: status(b, item.b) },
        children,
        open: false,
        inside: of.differences_in(at.saturating_add(1), item.after),
        what: String::new(),
        time: Both {
            a: item.a.and_then(|step| a.run.steps.duration(step)),
            b: item.b.and_then(|step| b.run.steps.duration(step)),
        },
        tokens: Both { a: tokens(&of.a, a, item.a), b: tokens(&of.b, b, item.b) },
        cost: Both { a: cost(&of.a, a, item.a), b: cost(&of.b, b, item.b) },
        cost_computed: computed(&of.a, a, item.a) || computed(&of.b, b, item.b),
        difference: of.difference(at),
    })
}

/// The kind of a step, where the side has it.
pub(crate) fn kind(sight: Sight<'_>, step: Option<u32>) -> Option<Kind> {
    sight.run.steps.kind.get(step? as usize).copied()
}

/// The status of a step, where the side has it.
pub(crate) fn status(sight: Sight<'_>, step: Option<u32>) -> Option<Status> {
    sight.run.steps.status.get(step? as usize).copied()
}

/// Children that are counted one by one; nobody reads a larger number.
const MANY: u32 = 10_000;

fn tokens(half: &Half, sight: Sight<'_>, step: Option<u32>) -> Option<u64> {
    let step = step?;
    half.index.tokens_in(step, sight.run.steps.after(step))
}

fn cost(half: &Half, sight: Sight<'_>, step: Option<u32>) -> Option<f64> {
    let step = step?;
    half.index.cost_in(step, sight.run.steps.after(step))
}

/// Whether a part of a cost was worked out.
fn computed(half: &Half, sight: Sight<'_>, step: Option<u32>) -> bool {
    step.is_some_and(|step| half.index.computed_in(step, sight.run.steps.after(step)))
}

/// The models of an item.
pub(crate) fn models((a, b): (Sight<'_>, Sight<'_>), at: (Option<u32>, Option<u32>)) -> Both<String> {
    let of = |sight: Sight<'_>, step: Option<u32>| step.map(|step| model(sight, step).to_owned());
    Both { a: of(a, at.0).filter(|name| !name.is_empty()), b: of(b, at.1).filter(|name| !name.is_empty()) }
}

//! One run with what alignment asks of it again and again: labels, what a subtree comes to, children in an order that
//! does not depend on which of two parallel branches was first. Everything here is of one run alone.

use super::label::{hash, masked, meant, mix};
use crate::diff::side::Side;
use crate::model::{Kind, Status};
use crate::order::Order as _;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The least hashes of a set, ascending, 0 where it has fewer.
pub(super) type Least = [u32; 8];

/// A column's value, or the default where there is none.
pub(super) fn at<T: Copy + Default>(column: &[T], index: u32) -> T {
    column.get(index as usize).copied().unwrap_or_default()
}

/// A run as a tree.
pub(super) struct Tree<'a> {
    pub(super) side: &'a Side,
    /// Number of steps.
    pub(super) len: u32,
    /// Name without ids and numbers, and kind.
    pub(super) label: Vec<u64>,
    /// Name without ids and numbers; 0 for none.
    pub(super) named: Vec<u64>,
    /// Name as it is.
    pub(super) exact: Vec<u64>,
    /// The step and all below it: label, status, input, output, and the same of its children.
    pub(super) whole: Vec<u64>,
    /// Labels, and labels with inputs, of the steps below.
    pub(super) below: Vec<Least>,
    /// Number of steps of the subtree.
    pub(super) size: Vec<u32>,
    /// Where the children of each step begin in `in_order` and `settled`; the run's own stand first.
    starts: Vec<u32>,
    in_order: Vec<u32>,
    settled: Vec<u32>,
}

impl<'a> Tree<'a> {
    pub(super) fn new(side: &'a Side) -> Self {
        let len = u32::try_from(side.parent.len()).unwrap_or(u32::MAX - 1);
        let mut tree = Tree {
            side,
            len,
            label: Vec::with_capacity(len as usize),
            named: Vec::with_capacity(len as usize),
            exact: Vec::with_capacity(len as usize),
            whole: vec![0; len as usize],
            below: vec![Least::default(); len as usize],
            size: vec![1; len as usize],
            starts: Vec::new(),
            in_order: Vec::new(),
            settled: Vec::new(),
        };
        tree.read_names();
        tree.list_children();
        for step in (0..len).rev() {
            tree.settle(Some(step));
            tree.sum_up(step);
        }
        tree.settle(None);
        tree
    }

    fn read_names(&mut self) {
        // Most names are those of an earlier step.
        let mut known: rustc_hash::FxHashMap<(&str, Kind), (u64, u64, u64)> = rustc_hash::FxHashMap::default();
        for step in 0..self.len {
            let kind = at(&self.side.kind, step);
            let name = self.side.name.get(step as usize).map(String::as_str).unwrap_or_default();
            let (label, named, exact) = *known.entry((name, kind)).or_insert_with(|| {
                let named = if name.is_empty() { 0 } else { hash(&masked(meant(name, kind))) };
                (mix(named, kind as u64 + 1), named, hash(name))
            });
            self.label.push(label);
            self.named.push(named);
            self.exact.push(exact);
        }
    }

    fn list_children(&mut self) {
        let mut counts = vec![0u32; self.len as usize + 2];
        let slot = |parent: Option<u32>| parent.map_or(0, |parent| parent as usize + 1);
        for step in 0..self.len {
            if let Some(count) = counts.get_mut(slot(self.parent(step)) + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for count in &mut counts {
            sum += *count;
            *count = sum;
        }
        let mut next = counts.clone();
        self.in_order = vec![0; self.len as usize];
        for step in 0..self.len {
            if let Some(next) = next.get_mut(slot(self.parent(step))) {
                if let Some(place) = self.in_order.get_mut(*next as usize) {
                    *place = step;
                }
                *next += 1;
            }
        }
        self.settled = self.in_order.clone();
        self.starts = counts;
    }

    /// The parent; none where the column names a step that does not come before.
    pub(super) fn parent(&self, step: u32) -> Option<u32> {
        at(&self.side.parent, step).filter(|&parent| parent < step)
    }

    fn range(&self, of: Option<u32>) -> std::ops::Range<usize> {
        let slot = of.map_or(0, |step| step as usize + 1);
        let start = self.starts.get(slot).copied().unwrap_or_default();
        let end = self.starts.get(slot + 1).copied().unwrap_or_default();
        start as usize..end as usize
    }

    /// Children in tree order; those of the run itself for `None`.
    pub(super) fn children(&self, of: Option<u32>) -> &[u32] {
        self.in_order.get(self.range(of)).unwrap_or_default()
    }

    /// Children in the order in which they ran; of those that ran at once, in an order of what they are and were given.
    pub(super) fn settled(&self, of: Option<u32>) -> &[u32] {
        self.settled.get(self.range(of)).unwrap_or_default()
    }

    /// Whether the first had ended when the second began.
    pub(super) fn precedes(&self, first: u32, second: u32) -> bool {
        at(&self.side.exit, first) < at(&self.side.enter, second)
    }

    /// Label and input as one number; 0 where there is no input.
    pub(super) fn given(&self, step: u32) -> u64 {
        match at(&self.side.input, step).hash {
            0 => 0,
            input => mix(at(&self.label, step), input),
        }
    }

    /// What a step is called, whatever its kind; its kind where it has no name.
    pub(super) fn called(&self, step: u32) -> u64 {
        let named = at(&self.named, step);
        if named == 0 { at(&self.label, step) } else { named }
    }

    /// Whether the step tells more than its name.
    pub(super) fn tells(&self, step: u32) -> bool {
        at(&self.size, step) > 1 || at(&self.side.input, step).hash != 0 || at(&self.side.output, step).hash != 0
    }

    /// Puts children that ran at once into an order of their own: at each point, of all whose predecessors are out, the
    /// least by content is next.
    fn settle(&mut self, of: Option<u32>) {
        let range = self.range(of);
        let Some(children) = self.in_order.get(range.clone()) else { return };
        if children.windows(2).all(|pair| matches!(*pair, [a, b] if self.precedes(a, b))) {
            return;
        }
        let count = children.len();
        let side = self.side;
        let mut by_content: Vec<u32> = children.to_vec();
        by_content.order_by(|&a, &b| {
            let content = |step| (at(&self.label, step), at(&side.input, step), at(&self.whole, step));
            let ((label_a, input_a, whole_a), (label_b, input_b, whole_b)) = (content(a), content(b));
            // By words before the hash: inputs that are alike come to stand at about the same place in both runs.
            label_a
                .cmp(&label_b)
                .then_with(|| input_a.words.cmp(&input_b.words))
                .then_with(|| (input_a.hash, whole_a).cmp(&(input_b.hash, whole_b)))
                .then_with(|| at(&side.enter, a).cmp(&at(&side.enter, b)))
        });
        let mut by_enter: Vec<u32> = (0..count as u32).collect();
        let mut by_exit = by_enter.clone();
        let moment = |column: &[u32], rank: u32| at(column, at(&by_content, rank));
        by_enter.order_by_key(|&rank| moment(&side.enter, rank));
        by_exit.order_by_key(|&rank| moment(&side.exit, rank));
        let mut out = vec![false; count];
        let mut ready: BinaryHeap<Reverse<u32>> = BinaryHeap::new();
        let (mut entered, mut exited) = (0usize, 0usize);
        let mut settled = Vec::with_capacity(count);
        while settled.len() < count {
            while by_exit.get(exited).is_some_and(|&rank| out.get(rank as usize) == Some(&true)) {
                exited += 1;
            }
            let first_exit = by_exit.get(exited).map_or(u32::MAX, |&rank| moment(&side.exit, rank));
            while let Some(&rank) = by_enter.get(entered).filter(|&&rank| moment(&side.enter, rank) <= first_exit) {
                ready.push(Reverse(rank));
                entered += 1;
            }
            let Some(Reverse(rank)) = ready.pop() else { break };
            if let Some(out) = out.get_mut(rank as usize) {
                *out = true;
            }
            settled.push(at(&by_content, rank));
        }
        // Only a run whose exits come before their enters leaves some over.
        if settled.len() == count
            && let Some(slots) = self.settled.get_mut(range)
        {
            slots.copy_from_slice(&settled);
        }
    }

    fn sum_up(&mut self, step: u32) {
        let status = at(&self.side.status, step);
        let mut whole = mix(at(&self.label, step), status_number(status));
        whole = mix(whole, at(&self.side.input, step).hash);
        whole = mix(whole, at(&self.side.output, step).hash);
        let (mut size, mut below) = (1u32, Least::default());
        for &child in self.settled(Some(step)) {
            whole = mix(whole, at(&self.whole, child));
            size = size.saturating_add(at(&self.size, child));
            let label = at(&self.label, child);
            below = merge(&below, &at(&self.below, child));
            below = merge(&below, &pair(fold(label), fold(self.given(child))));
        }
        let index = step as usize;
        if let (Some(a), Some(b), Some(c)) =
            (self.whole.get_mut(index), self.size.get_mut(index), self.below.get_mut(index))
        {
            (*a, *b, *c) = (whole, size, below);
        }
    }
}

fn status_number(status: Status) -> u64 {
    // What says nothing and what says "fine" are the same.
    if status == Status::Unset { Status::Ok as u64 } else { status as u64 }
}

fn fold(hash: u64) -> u32 {
    (hash ^ (hash >> 32)) as u32
}

fn pair(a: u32, b: u32) -> Least {
    let (least, most) = if a == b { (a, 0) } else { (a.min(b), a.max(b)) };
    // 0 stands for "none" and may only come last.
    let (first, second) = if least == 0 { (most, 0) } else { (least, most) };
    [first, second, 0, 0, 0, 0, 0, 0]
}

/// The least of two sets together.
fn merge(a: &Least, b: &Least) -> Least {
    let mut merged = Least::default();
    let (mut i, mut j) = (0, 0);
    for slot in &mut merged {
        let (x, y) = (a.get(i).copied().unwrap_or_default(), b.get(j).copied().unwrap_or_default());
        let next = match (x, y) {
            (0, 0) => break,
            (x, 0) => x,
            (0, y) => y,
            (x, y) => x.min(y),
        };
        i += usize::from(x == next);
        j += usize::from(y == next);
        *slot = next;
    }
    merged
}

/// Of the least hashes of two sets together, how many are in both, in eighths; 0 where either is empty.
pub(super) fn alike(a: &Least, b: &Least) -> u32 {
    let (mut i, mut j, mut both, mut seen) = (0, 0, 0u32, 0u32);
    if a.first() == Some(&0) || b.first() == Some(&0) {
        return 0;
    }
    while seen < 8 {
        let (x, y) = (a.get(i).copied().unwrap_or_default(), b.get(j).copied().unwrap_or_default());
        if x == 0 && y == 0 {
            break;
        }
        let (of_a, of_b) = (y == 0 || x != 0 && x <= y, x == 0 || y != 0 && y <= x);
        i += usize::from(of_a);
        j += usize::from(of_b);
        both += u32::from(of_a && of_b);
        seen += 1;
    }
    if both == 0 { 0 } else { (both * 8 / seen.max(1)).max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_merged_and_compared() {
        let a = [1, 3, 5, 0, 0, 0, 0, 0];
        let b = [2, 3, 0, 0, 0, 0, 0, 0];
        assert_eq!(merge(&a, &b), [1, 2, 3, 5, 0, 0, 0, 0]);
        assert_eq!(merge(&a, &Least::default()), a);
        assert_eq!((alike(&a, &a), alike(&a, &b), alike(&a, &Least::default())), (8, 2, 0));
        assert_eq!(alike(&a, &[7, 0, 0, 0, 0, 0, 0, 0]), 0);
        assert_eq!((pair(0, 5), pair(5, 5), pair(9, 5)[1]), ([5, 0, 0, 0, 0, 0, 0, 0], pair(5, 0), 9));
    }
}

//! Lines of two runs, laid on each other: for each run by itself who follows whom among the steps it really has, then
//! a line of both, of A or of B.

use super::Line;
use super::compare::{Compared, Whole};
use super::follow::Interval;
use super::stage::{Lines, MakeDot, join};
use crate::diff::align::Item;
use crate::model::StepIx;
use crate::order::Order as _;
use crate::protocol::Sign;
use rustc_hash::{FxHashMap, FxHashSet};

/// So far out a step is looked for that both runs have around a step of one.
const OUTWARDS: usize = 64;

/// The step of one of the two runs in an item.
type StepOf = fn(&Item) -> Option<StepIx>;

/// The item of each step of a run.
pub(super) fn items_of(whole: &Whole, items: &[Item], step: StepOf) -> Vec<u32> {
    let mut item_of = vec![u32::MAX; whole.run.steps.len()];
    for (item, index) in items.iter().zip(0u32..) {
        if let Some(slot) = step(item).and_then(|step| item_of.get_mut(step as usize)) {
            *slot = index;
        }
    }
    item_of
}

/// The boxes of one level.
pub(super) struct Drawn<'a> {
    /// Items that are siblings: a list for each instance of what is around them, ascending.
    pub(super) sets: &'a [Vec<u32>],
    /// The box of an item of this level.
    pub(super) box_of: &'a dyn Fn(u32) -> Option<usize>,
    /// Boxes that stand for one item, or for a stretch: what happens inside them is folded away, so that no line leads
    /// from them to themselves.
    pub(super) single: FxHashSet<usize>,
    /// The box that leads to those that follow none.
    pub(super) entry: Option<usize>,
}

/// The lines of one level, and whether some were left out. `item_of` is of A and of B.
pub(super) fn lines(compared: &Compared, item_of: [&[u32]; 2], drawn: &Drawn, dot: MakeDot) -> (Vec<Line>, bool) {
    // Where both runs go from the same boxes to the same boxes, they go through the same point.
    let mut dots: FxHashMap<(Vec<usize>, Vec<usize>), usize> = FxHashMap::default();
    let mut dot = |from: &[usize], to: &[usize], since: u32| {
        *dots.entry((from.to_vec(), to.to_vec())).or_insert_with(|| dot(from, to, since))
    };
    let mut thinned = false;
    let sides: [(&Whole, StepOf); 2] = [(&compared.a, |item| item.a), (&compared.b, |item| item.b)];
    let both = sides.iter().zip(item_of).map(|(&(whole, step), item_of)| {
        let mut lines = Lines::default();
        for siblings in drawn.sets {
            let own = own(compared, whole, step, item_of, siblings);
            let around = around(compared, step, siblings);
            let intervals: Vec<Interval> = own.iter().map(|&(_, step)| whole.interval(step)).collect();
            let box_of = |at: usize| (drawn.box_of)(own.get(at)?.0);
            let since = |at: usize| own.get(at).map_or(0, |own| own.0);
            let entry = drawn.entry.filter(|_| matches!(around, Around::Step(_)));
            thinned |= join(&intervals, &box_of, &since, entry, &mut dot, &mut lines);
        }
        lines
    });
    let both: Vec<Lines> = both.collect();
    let [of_a, of_b] = &both[..] else { return (Vec::new(), thinned) };
    (unite(of_a, of_b, &drawn.single), thinned)
}

/// What is around siblings in one run.
enum Around {
    /// Nothing: they begin the run.
    Run,
    /// A step.
    Step(StepIx),
    /// A step that only the other run has; the next step around it that this run has, if any.
    Other(Option<StepIx>),
}

fn around(compared: &Compared, step: StepOf, siblings: &[u32]) -> Around {
    let parent = |item: u32| compared.item(item).parent;
    let Some(mut item) = siblings.first().and_then(|&item| parent(item)) else { return Around::Run };
    if let Some(around) = step(&compared.item(item)) {
        return Around::Step(around);
    }
    for _ in 0..OUTWARDS {
        let Some(next) = parent(item) else { break };
        item = next;
        if let Some(around) = step(&compared.item(item)) {
            return Around::Other(Some(around));
        }
    }
    Around::Other(None)
}

/// The steps of one run that are siblings there, each with the item of this level that it counts as.
fn own(compared: &Compared, whole: &Whole, step: StepOf, item_of: &[u32], siblings: &[u32]) -> Vec<(u32, StepIx)> {
    let around = match around(compared, step, siblings) {
        Around::Run => None,
        Around::Step(around) => Some(around),
        // In this run they stand further out.
        Around::Other(around) => {
            let own = siblings.iter().filter_map(|&item| Some((item, step(&compared.item(item))?)));
            return own.filter(|&(_, step)| whole.run.steps.parent(step) == around).collect();
        }
    };
    // A step that stands deeper in the merged tree counts as what it stands in; one that stands outside does not count.
    let here = |child: StepIx| {
        let item = item_of.get(child as usize).copied()?;
        let before = siblings.partition_point(|&sibling| sibling <= item).checked_sub(1)?;
        let sibling = siblings.get(before).copied()?;
        Some((sibling, child)).filter(|_| item == sibling || item < compared.item(sibling).after)
    };
    whole.run.steps.children(around).filter_map(here).collect()
}

fn unite(of_a: &Lines, of_b: &Lines, single: &FxHashSet<usize>) -> Vec<Line> {
    let mut ends: Vec<(usize, usize)> = of_a.keys().chain(of_b.keys()).copied().collect();
    ends.order();
    ends.dedup();
    let mut lines = Vec::with_capacity(ends.len());
    for (from, to) in ends {
        if from == to && single.contains(&from) {
            continue;
        }
        let (a, b) = (of_a.get(&(from, to)), of_b.get(&(from, to)));
        let (sign, enter) = match (a, b) {
            (Some(a), Some(b)) => (Sign::Same, a.1.min(b.1)),
            (Some(a), None) => (Sign::OnlyA, a.1),
            (None, Some(b)) => (Sign::OnlyB, b.1),
            (None, None) => continue,
        };
        let times = |count: u32| if count > 1 { format!("×{count}") } else { String::new() };
        let label = match (a, b) {
            // Between two boxes of one item each, what was counted are steps inside them.
            _ if single.contains(&from) && single.contains(&to) => String::new(),
            (Some(a), Some(b)) if a.0 != b.0 => format!("×{} → ×{}", a.0, b.0),
            (Some(one), _) | (_, Some(one)) => times(one.0),
            (None, None) => String::new(),
        };
        lines.push(Line { from, to, label, enter, sign: Some(sign), ..Line::default() });
    }
    lines
}

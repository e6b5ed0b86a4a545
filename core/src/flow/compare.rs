//! Two runs that were aligned, in one flow: both ways side by side where they part.
//!
//! Boxes stand for items of the alignment, and their keys are items. What is
//! the same on both sides is folded away: siblings in a row that are the same with all below them are one box, and a
//! group without a difference stays closed. Repeats fold as in the flow of one run, but up to three that are not alike
//! (tried once in A, twice in B) stay apart, since which of them is new is what one wants to see. `enter` and `exit` of
//! boxes and lines are items too: the cursor of a comparison walks along items. What a box says is in `compare_box`,
//! lines are in `compare_lines`.

use super::compare_box::{Folded, tell_differences_inside};
use super::compare_lines::{Drawn, items_of, lines};
use super::follow::Interval;
use super::infer::{DRAWN, READABLE};
use super::stage::{finished, say_thinned};
use super::{ADDED, Line, RunFlow, Sketch};
use crate::diff::align::Item;
use crate::model::{Interner, Kind, Run, StepIx};
use crate::protocol::Sign;
use crate::view::index::RunIndex;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;

/// Side by side, so many steps of one name that ran at once stay apart.
const APART: usize = 6;
/// So many steps of one name stay apart when they are not all the same, changed, or of one side.
const UNLIKE: usize = 3;
/// Steps that a stretch must stand for: fewer are as quickly read as counted.
const STRETCH: u32 = 3;

/// One of the two runs.
#[derive(Clone, Copy)]
pub struct Whole<'a> {
    /// The run.
    pub run: &'a Run,
    /// Its sums.
    pub index: &'a RunIndex,
    /// The names of its document.
    pub names: &'a Interner,
}

/// Two runs with their items.
#[derive(Clone, Copy)]
pub struct Compared<'a> {
    /// Run A.
    pub a: Whole<'a>,
    /// Run B.
    pub b: Whole<'a>,
    /// The items, as they were aligned.
    pub items: &'a [Item],
    /// What each item is on the two sides.
    pub signs: &'a [Sign],
    /// The items that count as differences, ascending: what is around one and what is below a step of one side may
    /// differ and count no second time.
    pub differences: &'a [u32],
    /// What differs in an item, in a few words; asked for items that are drawn.
    pub what: &'a dyn Fn(u32) -> String,
}

impl Compared<'_> {
    pub(super) fn item(&self, item: u32) -> Item {
        self.items.get(item as usize).copied().unwrap_or_default()
    }

    /// An item without a sign is the same.
    pub(super) fn sign(&self, item: u32) -> Sign {
        self.signs.get(item as usize).copied().unwrap_or_default()
    }

    /// Name and kind, in B where B has it.
    pub(super) fn name(&self, item: u32) -> (&str, Kind) {
        let item = self.item(item);
        match (item.a, item.b) {
            (_, Some(step)) => self.b.name(step),
            (Some(step), _) => self.a.name(step),
            _ => ("", Kind::Other),
        }
    }

    fn after(&self, item: u32) -> u32 {
        self.item(item).after.max(item.saturating_add(1))
    }

    fn differences_in(&self, from: u32, to: u32) -> u32 {
        let upto = |item: u32| self.differences.partition_point(|&difference| difference < item);
        u32::try_from(upto(to).saturating_sub(upto(from))).unwrap_or(u32::MAX)
    }

    /// Items directly below an item; those below none for `None`.
    fn children(&self, of: Option<u32>) -> Vec<u32> {
        let end = of.map_or(self.items.len() as u32, |item| self.after(item).min(self.items.len() as u32));
        let mut at = of.map_or(0, |item| item.saturating_add(1));
        let mut children = Vec::new();
        while at < end {
            children.push(at);
            at = self.after(at);
        }
        children
    }
}

impl<'a> Whole<'a> {
    pub(super) fn name(&self, step: StepIx) -> (&'a str, Kind) {
        let index = step as usize;
        let name = self.run.steps.name.get(index).map(|&name| self.names.get(name)).unwrap_or_default();
        (name, self.run.steps.kind.get(index).copied().unwrap_or_default())
    }

    pub(super) fn interval(&self, step: StepIx) -> Interval {
        let moment = |column: &[u32]| column.get(step as usize).copied().unwrap_or_default();
        Interval { enter: moment(&self.run.enter), exit: moment(&self.run.exit) }
    }
}

/// Items drawn as one box.
struct Class {
    items: Vec<u32>,
    /// Siblings in a row that are the same, whatever their names.
    stretch: bool,
}

struct Comparing<'a> {
    compared: &'a Compared<'a>,
    fold: bool,
    toggled: FxHashSet<u32>,
    /// Items that are not the same, counted from the first up to each.
    differing: Vec<u32>,
    /// The item of each step of A, and of B.
    item_of_a: Vec<u32>,
    item_of_b: Vec<u32>,
    /// Differences below the items of each box, by key.
    inside: FxHashMap<u32, u32>,
    sketches: Vec<Sketch>,
    lines: Vec<Line>,
    node_of: Vec<u32>,
    added: u32,
    left_out: usize,
    thinned: bool,
}

/// Items of one level: a list for each instance of what is around them.
type Sets = Vec<Vec<u32>>;

/// The flow of two runs. `toggled` names boxes by key whose state is not the default one.
pub fn compare_flow(compared: &Compared, fold: bool, toggled: &[u32]) -> RunFlow {
    let mut differing = Vec::with_capacity(compared.items.len() + 1);
    let mut sum = 0u32;
    differing.push(sum);
    for (index, item) in compared.items.iter().enumerate() {
        sum += u32::from(item.moved || compared.sign(index as u32) != Sign::Same);
        differing.push(sum);
    }
    let mut comparing = Comparing {
        compared,
        fold,
        toggled: toggled.iter().copied().collect(),
        differing,
        item_of_a: items_of(&compared.a, compared.items, |item| item.a),
        item_of_b: items_of(&compared.b, compared.items, |item| item.b),
        inside: FxHashMap::default(),
        sketches: Vec::new(),
        lines: Vec::new(),
        node_of: vec![0; compared.items.len()],
        added: ADDED,
        left_out: 0,
        thinned: false,
    };
    comparing.grow();
    let Comparing { sketches, lines, node_of, left_out, thinned, .. } = comparing;
    let mut view = finished(sketches, &lines, &node_of, left_out, fold);
    if thinned {
        say_thinned(&mut view);
    }
    RunFlow { view, node_of }
}

impl Comparing<'_> {
    fn grow(&mut self) {
        let mut waiting: VecDeque<(Sets, usize)> = VecDeque::new();
        let mut top = self.compared.children(None);
        let mut entry = None;
        // One step around everything is where the runs begin: a box of its own, not a frame around the drawing.
        if let [root] = top[..] {
            let children = self.compared.children(Some(root));
            if !children.is_empty() {
                self.box_for(&Class { items: vec![root], stretch: false }, None, false, false);
                (top, entry) = (children, Some(0));
            }
        }
        self.level(&[top], None, entry, &mut waiting);
        // Outermost first, so that what is opened by itself is what gives the overview.
        while let Some((sets, group)) = waiting.pop_front() {
            let Some(key) = self.sketches.get(group).map(|sketch| sketch.node.key) else { continue };
            let classes = self.classes(&sets).0.len();
            let differs = sets.iter().flatten().any(|&item| !self.same(item));
            let fits = differs && self.sketches.len() + classes.min(READABLE) <= READABLE;
            if fits == self.toggled.contains(&key) {
                continue;
            }
            if let Some(sketch) = self.sketches.get_mut(group) {
                sketch.node.group = true;
            }
            self.level(&sets, Some(group), None, &mut waiting);
        }
        tell_differences_inside(&mut self.sketches, &self.inside);
    }

    /// Whether an item and all below it are the same.
    fn same(&self, item: u32) -> bool {
        let upto = |item: u32| self.differing.get(item as usize).or(self.differing.last());
        upto(item) == upto(self.compared.after(item))
    }

    /// Draws the siblings of one level.
    fn level(
        &mut self,
        sets: &[Vec<u32>],
        group: Option<usize>,
        entry: Option<usize>,
        waiting: &mut VecDeque<(Sets, usize)>,
    ) {
        let (classes, class_of) = self.classes(sets);
        let mut boxes: Vec<Option<usize>> = Vec::with_capacity(classes.len());
        for class in &classes {
            if self.sketches.len() >= DRAWN {
                self.left_out += class.items.len();
                boxes.push(None);
                continue;
            }
            let mut children: Sets = Vec::new();
            if !class.stretch {
                children.extend(class.items.iter().map(|&item| self.compared.children(Some(item))));
                children.retain(|children| !children.is_empty());
            }
            let unfolds = class.stretch || self.can_fold(class) || class.items.len() > 1 && children.is_empty();
            let at = self.box_for(class, group, !children.is_empty(), unfolds);
            boxes.push(Some(at));
            if !children.is_empty() {
                waiting.push_back((children, at));
            }
        }
        let box_of = |item: u32| boxes.get(*class_of.get(&item)?).copied().flatten();
        let single = classes.iter().zip(&boxes).filter(|(class, _)| class.stretch || class.items.len() == 1);
        let drawn = Drawn { sets, box_of: &box_of, single: single.filter_map(|(_, at)| *at).collect(), entry };
        let (sketches, added) = (&mut self.sketches, &mut self.added);
        let mut dot = |_: &[usize], _: &[usize], since: u32| Sketch::dot(sketches, added, group, since);
        let (lines, thinned) = lines(self.compared, [&self.item_of_a, &self.item_of_b], &drawn, &mut dot);
        self.lines.extend(lines);
        self.thinned |= thinned;
    }

    /// Sorts siblings into boxes: stretches that are the same, one box for all of a name, or one for each.
    fn classes(&self, sets: &[Vec<u32>]) -> (Vec<Class>, FxHashMap<u32, usize>) {
        let mut classes: Vec<Class> = Vec::new();
        let mut class_of: FxHashMap<u32, usize> = FxHashMap::default();
        let stretches = match sets {
            [siblings] if self.fold => self.stretches(siblings),
            _ => Vec::new(),
        };
        for stretch in stretches {
            class_of.extend(stretch.iter().map(|&item| (item, classes.len())));
            classes.push(Class { items: stretch, stretch: true });
        }
        let mut by_name: FxHashMap<(&str, Kind), Vec<u32>> = FxHashMap::default();
        for &item in sets.iter().flatten().filter(|item| !class_of.contains_key(item)) {
            by_name.entry(self.compared.name(item)).or_default().push(item);
        }
        by_name.retain(|_, items| self.together(sets.len(), items));
        for &item in sets.iter().flatten() {
            if class_of.contains_key(&item) {
                continue;
            }
            let items = by_name.remove(&self.compared.name(item)).unwrap_or_else(|| vec![item]);
            class_of.extend(items.iter().map(|&item| (item, classes.len())));
            classes.push(Class { items, stretch: false });
        }
        (classes, class_of)
    }

    /// Siblings in a row that are the same with all below them.
    fn stretches(&self, siblings: &[u32]) -> Vec<Vec<u32>> {
        let mut stretches = Vec::new();
        for row in siblings.chunk_by(|&a, &b| self.same(a) && self.same(b)) {
            let steps = row.iter().fold(0u32, |sum, &item| sum.saturating_add(self.compared.after(item) - item));
            let same = row.first().is_some_and(|&item| self.same(item));
            if same && row.len() > 1 && steps >= STRETCH && !self.toggled.contains(&self.key(row)) {
                stretches.push(row.to_vec());
            }
        }
        stretches
    }

    /// The key of a box for several items: the first without steps below it, so that what opens the box does not open
    /// the first step in it too.
    fn key(&self, items: &[u32]) -> u32 {
        let leaf = items.iter().copied().find(|&item| self.compared.after(item) == item.saturating_add(1));
        leaf.or(items.first().copied()).unwrap_or_default()
    }

    /// Whether items of one name are drawn as one box.
    fn together(&self, instances: usize, items: &[u32]) -> bool {
        let first = items.first().copied().unwrap_or_default();
        let childless = items.iter().all(|&item| self.compared.after(item) == item.saturating_add(1));
        if items.len() < 2 || !self.fold || childless && self.toggled.contains(&first) {
            return false;
        }
        let alike = items.iter().all(|&item| self.compared.sign(item) == self.compared.sign(first));
        if instances == 1 && !alike && items.len() <= UNLIKE {
            return false;
        }
        // A few that all run at once say more side by side.
        let at_once = |whole: &Whole, step: fn(&Item) -> Option<u32>| {
            let steps = items.iter().filter_map(|&item| step(&self.compared.item(item)));
            let intervals: Vec<Interval> = steps.map(|step| whole.interval(step)).collect();
            let last_enter = intervals.iter().map(|interval| interval.enter).max();
            intervals.len() > 1 && last_enter < intervals.iter().map(|interval| interval.exit).min()
        };
        let parallel = at_once(&self.compared.a, |item| item.a) || at_once(&self.compared.b, |item| item.b);
        !(parallel && instances == 1 && items.len() <= APART)
    }

    /// Whether this box was unfolded by hand, and can be folded again.
    fn can_fold(&self, class: &Class) -> bool {
        let childless = |item: u32| self.compared.after(item) == item.saturating_add(1);
        self.fold
            && !class.stretch
            && matches!(class.items[..], [item] if childless(item) && self.toggled.contains(&item))
    }

    fn box_for(&mut self, class: &Class, group: Option<usize>, opens: bool, unfolds: bool) -> usize {
        let key = if class.stretch { self.key(&class.items) } else { class.items.first().copied().unwrap_or_default() };
        let folded = Folded { compared: self.compared, items: &class.items, stretch: class.stretch };
        let mut node = folded.node();
        node.key = key;
        node.parent = group.and_then(|group| self.sketches.get(group)).map(|sketch| sketch.node.key);
        node.expandable = opens || unfolds;
        for &item in &class.items {
            let range = item as usize..(self.compared.after(item) as usize).min(self.node_of.len());
            if let Some(slots) = self.node_of.get_mut(range) {
                slots.fill(key);
            }
        }
        let below = class
            .items
            .iter()
            .map(|&item| self.compared.differences_in(item.saturating_add(1), self.compared.after(item)));
        self.inside.insert(key, below.fold(0, u32::saturating_add));
        let errors_inside = if opens { folded.errors_inside() } else { 0 };
        self.sketches.push(Sketch { node, group, errors_inside, dot: false });
        self.sketches.len() - 1
    }
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;

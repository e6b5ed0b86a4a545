//! Runs written by hand, for tests: a line a step, two blanks for each level.
//!
//! `retrieve:tool <battery warranty >four documents !` is a tool named `retrieve` with an input, an output, and an error
//! status. `|` in front means: at once with the sibling before. Names with blanks stand in quotes.

use crate::diff::meaning::Meaning;
use crate::diff::side::Side;
use crate::model::{Kind, Status};

/// One step of a run to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sketch {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) input: String,
    pub(super) output: String,
    pub(super) error: bool,
    /// Runs at once with the sibling before.
    pub(super) at_once: bool,
    /// For tests that know which step answers which: steps with the same number do.
    pub(super) tag: u32,
    pub(super) below: Vec<Sketch>,
}

/// A run from its lines.
pub(super) fn run(text: &str) -> Side {
    side(&sketches(text))
}

pub(super) fn sketches(text: &str) -> Vec<Sketch> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let least = lines.iter().map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    let mut open: Vec<Vec<Sketch>> = vec![Vec::new()];
    let close = |open: &mut Vec<Vec<Sketch>>| {
        let below = open.pop().unwrap();
        open.last_mut().unwrap().last_mut().unwrap().below = below;
    };
    for line in lines {
        let depth = (line.len() - line.trim_start().len() - least) / 2;
        while open.len() > depth + 1 {
            close(&mut open);
        }
        while open.len() < depth + 1 {
            open.push(Vec::new());
        }
        open.last_mut().unwrap().push(sketch(line.trim()));
    }
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().unwrap()
}

fn sketch(line: &str) -> Sketch {
    let mut sketch = Sketch::default();
    let mut rest = line;
    if let Some(after) = rest.strip_prefix("| ") {
        (sketch.at_once, rest) = (true, after);
    }
    let name = match rest.strip_prefix('"') {
        Some(quoted) => {
            let (name, after) = quoted.split_once('"').unwrap();
            rest = after;
            name
        }
        None => {
            let end = rest.find([' ', ':']).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            rest = after;
            name
        }
    };
    sketch.name = name.to_owned();
    if let Some(after) = rest.strip_prefix(':') {
        let end = after.find(' ').unwrap_or(after.len());
        sketch.kind = serde_json::from_str(&format!("\"{}\"", &after[..end])).unwrap();
        rest = &after[end..];
    }
    if let Some(before) = rest.strip_suffix('!') {
        (sketch.error, rest) = (true, before);
    }
    let (rest, output) = rest.split_once('>').unwrap_or((rest, ""));
    sketch.output = output.trim().to_owned();
    sketch.input = rest.trim().strip_prefix('<').unwrap_or_default().trim().to_owned();
    sketch
}

/// The tags of all steps, in tree order.
pub(super) fn tags(top: &[Sketch]) -> Vec<u32> {
    top.iter().flat_map(|sketch| std::iter::once(sketch.tag).chain(tags(&sketch.below))).collect()
}

/// A run from its steps.
pub(super) fn side(top: &[Sketch]) -> Side {
    let mut side = Side::default();
    let mut clock = 0;
    lay(&mut side, top, None, &mut clock);
    side
}

fn lay(side: &mut Side, sketches: &[Sketch], parent: Option<u32>, clock: &mut u32) {
    let mut index = 0;
    while index < sketches.len() {
        let mut end = index + 1;
        while end < sketches.len() && sketches[end].at_once {
            end += 1;
        }
        // All of a group begin before any of them ends; within it each has its own moments.
        let first = *clock;
        *clock += (end - index) as u32;
        let mut steps = Vec::new();
        for (place, sketch) in sketches[index..end].iter().enumerate() {
            let step = side.parent.len() as u32;
            steps.push(step);
            side.parent.push(parent);
            side.after.push(0);
            side.kind.push(sketch.kind);
            side.name.push(sketch.name.clone());
            side.status.push(if sketch.error { Status::Error } else { Status::Ok });
            side.input.push(meaning(&sketch.input));
            side.output.push(meaning(&sketch.output));
            side.enter.push(first + place as u32);
            side.exit.push(0);
            lay(side, &sketch.below, Some(step), clock);
            side.after[step as usize] = side.parent.len() as u32;
        }
        for step in steps {
            side.exit[step as usize] = *clock;
            *clock += 1;
        }
        index = end;
    }
}

/// What a text comes to.
pub(super) fn meaning(text: &str) -> Meaning {
    if text.is_empty() {
        return Meaning::default();
    }
    let hash = super::label::hash(text) | 1;
    let mut least: Vec<u32> = text.split_whitespace().map(|word| (super::label::hash(word) >> 7) as u32 | 1).collect();
    least.sort_unstable();
    least.dedup();
    let mut words = [0; 8];
    for (slot, word) in words.iter_mut().zip(least) {
        *slot = word;
    }
    Meaning { hash, words }
}

/// Items as lines: names, positions in A and B, and why.
pub(super) fn told(a: &Side, b: &Side, items: &[super::Item]) -> String {
    let mut told = String::new();
    for item in items {
        let name_a = item.a.map(|step| a.name[step as usize].as_str());
        let name_b = item.b.map(|step| b.name[step as usize].as_str());
        let name = match (name_a, name_b) {
            (Some(a), Some(b)) if a != b => format!("{a} → {b}"),
            (a, b) => a.or(b).unwrap_or("?").to_owned(),
        };
        let place = |step: Option<u32>| step.map_or("-".to_owned(), |step| step.to_string());
        let moved = if item.moved { ", moved" } else { "" };
        let indent = "  ".repeat(item.depth as usize);
        let (a, b, why) = (place(item.a), place(item.b), format!("{:?}", item.why).to_lowercase());
        told.push_str(&format!("{indent}{name}  {a} {b}  {why}{moved}\n"));
    }
    told
}

/// Aligns two runs given by their lines, and tells the items.
pub(super) fn aligned(a: &str, b: &str) -> String {
    let (a, b) = (run(a), run(b));
    let items = super::align(&a, &b, &super::ByHand::default());
    sound(&a, &b, &items);
    told(&a, &b, &items)
}

/// Fails unless each step is in one item, and the items are a tree in order that keeps B's tree.
pub(super) fn sound(a: &Side, b: &Side, items: &[super::Item]) {
    let mut seen_a = vec![0; a.parent.len()];
    let mut seen_b = vec![0; b.parent.len()];
    let mut item_of_a = vec![None; a.parent.len()];
    let mut item_of_b = vec![None; b.parent.len()];
    for (index, item) in items.iter().enumerate() {
        assert!(item.a.is_some() || item.b.is_some());
        if let Some(step) = item.a {
            seen_a[step as usize] += 1;
            item_of_a[step as usize] = Some(index as u32);
        }
        if let Some(step) = item.b {
            seen_b[step as usize] += 1;
            item_of_b[step as usize] = Some(index as u32);
        }
    }
    assert!(seen_a.iter().all(|&times| times == 1), "{seen_a:?}");
    assert!(seen_b.iter().all(|&times| times == 1), "{seen_b:?}");
    for (index, item) in items.iter().enumerate() {
        let index = index as u32;
        assert!(item.after > index && item.after as usize <= items.len());
        match item.parent {
            None => assert_eq!(item.depth, 0),
            Some(parent) => {
                let around = &items[parent as usize];
                assert!(parent < index && item.after <= around.after && item.depth == around.depth + 1);
            }
        }
        // What lies in the range of an item is below it.
        if let Some(next) = items.get(index as usize + 1) {
            assert_eq!(next.depth > item.depth, item.after > index + 1);
        }
        let around = match (item.a, item.b) {
            (_, Some(step)) => b.parent[step as usize].map(|parent| item_of_b[parent as usize]),
            (Some(step), _) => a.parent[step as usize].map(|parent| item_of_a[parent as usize]),
            _ => None,
        };
        assert_eq!(item.parent, around.flatten());
    }
}

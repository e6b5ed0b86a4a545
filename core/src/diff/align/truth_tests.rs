//! Runs of an agent that are changed in a known way, so that it is known which step answers which: how many of those
//! pairs are found, and how many others are made.

use super::notation::{Sketch, side, sound, tags};
use super::{ByHand, align};
use crate::model::Kind;
use std::collections::HashMap;

/// Numbers as if by chance, the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most.max(1)
    }

    fn words(&mut self, count: usize) -> String {
        let words: Vec<String> = (0..count).map(|_| format!("word{}", self.below(400))).collect();
        words.join(" ")
    }
}

/// An agent that plans, goes through rounds of deciding and acting, some with several tools at once, and answers.
fn agent(chance: &mut Chance, tag: &mut u32, inputs: bool) -> Vec<Sketch> {
    let mut step = |chance: &mut Chance, name: &str, kind: Kind, below: Vec<Sketch>| {
        *tag += 1;
        let texts = if inputs { (chance.words(12), chance.words(20)) } else { Default::default() };
        Sketch { name: name.to_owned(), kind, input: texts.0, output: texts.1, tag: *tag, below, ..Sketch::default() }
    };
    let mut below = vec![step(chance, "plan", Kind::Llm, vec![])];
    for round in 0..6 + chance.below(6) {
        let call = step(chance, "chat heron-2", Kind::Llm, vec![]);
        below.push(step(chance, "decide", Kind::Chain, vec![call]));
        let tools = ["search", "look_up", "calculate"];
        for at in 0..1 + chance.below(3) {
            let name = tools[chance.below(3)];
            let request = step(chance, "request", Kind::Http, vec![]);
            let inside = if chance.below(2) == 0 { vec![request] } else { vec![] };
            let mut tool = step(chance, name, Kind::Tool, inside);
            tool.at_once = at > 0;
            below.push(tool);
        }
        if round % 3 == 2 {
            below.push(step(chance, "reflect", Kind::Llm, vec![]));
        }
    }
    below.push(step(chance, "answer", Kind::Llm, vec![]));
    vec![step(chance, "agent", Kind::Agent, below)]
}

/// Changes half of the words of every third text, as another day's run has them.
fn reword(sketches: &mut [Sketch], chance: &mut Chance) {
    for sketch in sketches {
        for text in [&mut sketch.input, &mut sketch.output] {
            if !text.is_empty() && chance.below(3) == 0 {
                let kept: Vec<&str> = text.split(' ').filter(|_| chance.below(2) == 0).collect();
                *text = format!("{} {}", kept.join(" "), chance.words(6));
            }
        }
        reword(&mut sketch.below, chance);
    }
}

fn change(kind: &str, run: &mut Vec<Sketch>, chance: &mut Chance) {
    let below = &mut run[0].below;
    let free = |tag: u32| 1_000_000 + tag;
    match kind {
        "the same" => {}
        "other words" => reword(run, chance),
        "tries" => {
            for _ in 0..3 {
                let at = 1 + chance.below(below.len() - 2);
                let mut more = below[at].clone();
                (more.error, more.output, more.at_once) = (true, "timeout".to_owned(), false);
                more.tag = free(more.tag);
                more.below.clear();
                let behind = below[at].at_once;
                more.at_once = behind;
                below[at].at_once = false;
                below.insert(at, more);
            }
        }
        "a round more" => {
            let decide = below.iter().rposition(|step| step.name == "decide").unwrap();
            let place = below.iter().position(|step| step.name == "decide").unwrap();
            let mut round: Vec<Sketch> = below[decide..decide + 2].to_vec();
            for step in &mut round {
                step.tag = free(step.tag);
                step.input = if step.input.is_empty() { String::new() } else { chance.words(12) };
                step.output = if step.output.is_empty() { String::new() } else { chance.words(20) };
                step.below.clear();
            }
            below.splice(place..place, round);
        }
        "a few less" => {
            for _ in 0..3 {
                let at = 1 + chance.below(below.len() - 2);
                if !below.get(at + 1).is_some_and(|next| next.at_once) {
                    below.remove(at);
                }
            }
        }
        "another path" => {
            let from = 2 + chance.below(below.len() / 2);
            let mut other: Vec<Sketch> = Vec::new();
            for (at, name) in ["ask", "wait", "note"].into_iter().enumerate() {
                let (name, input) = (name.to_owned(), chance.words(12));
                other.push(Sketch { name, kind: Kind::Human, input, tag: free(at as u32), ..Sketch::default() });
            }
            let to = (from + 4).min(below.len() - 1);
            below.splice(from..to, other);
            if let Some(next) = below.get_mut(from + 3) {
                next.at_once = false;
            }
        }
        "one step around some" => {
            let from = below.iter().position(|step| step.kind == Kind::Chain).unwrap();
            let held: Vec<Sketch> = below.splice(from..from + 2, []).collect();
            let guard = Sketch { name: "guard".to_owned(), tag: free(0), below: held, ..Sketch::default() };
            below.insert(from, guard);
            if let Some(next) = below.get_mut(from + 1) {
                next.at_once = false;
            }
        }
        "another name" => {
            for step in below.iter_mut().filter(|step| step.name == "decide") {
                step.name = "choose".to_owned();
            }
        }
        "all of it" => {
            for kind in ["another name", "tries", "a few less", "another path", "one step around some"] {
                change(kind, run, chance);
            }
        }
        _ => unreachable!(),
    }
}

/// Of the pairs there are, how many are found; of the pairs that are made, how many are right; in thousandths.
fn judge(kind: &str, inputs: bool) -> (usize, usize) {
    let (mut there, mut made, mut right) = (0, 0, 0);
    for seed in 0..60 {
        let mut chance = Chance(seed * 7919 + 13);
        let a = agent(&mut chance, &mut 0, inputs);
        let mut b = a.clone();
        if inputs && kind != "the same" {
            reword(&mut b, &mut chance);
        }
        change(kind, &mut b, &mut chance);
        let (tags_a, tags_b) = (tags(&a), tags(&b));
        let (a, b) = (side(&a), side(&b));
        let items = align(&a, &b, &ByHand::default());
        sound(&a, &b, &items);
        let place: HashMap<u32, usize> = tags_b.iter().enumerate().map(|(at, tag)| (*tag, at)).collect();
        there += tags_a.iter().filter(|tag| place.contains_key(tag)).count();
        for (x, y) in items.iter().filter_map(|item| Some((item.a?, item.b?))) {
            made += 1;
            right += usize::from(tags_a[x as usize] == tags_b[y as usize]);
        }
    }
    (right * 1_000 / there, right * 1_000 / made)
}

#[test]
fn most_of_what_answers_each_other_is_found_and_little_else() {
    // Found and right with inputs to go by, and found without.
    let kinds = [
        ("the same", 1000, 1000, 1000),
        ("other words", 995, 995, 995),
        ("tries", 985, 985, 980),
        ("a round more", 990, 990, 990),
        ("a few less", 995, 995, 990),
        ("another path", 995, 995, 990),
        ("one step around some", 990, 990, 990),
        ("another name", 995, 995, 995),
        ("all of it", 940, 960, 820),
    ];
    let mut wrong = String::new();
    for (kind, found, right, without) in kinds {
        let with_inputs = judge(kind, true);
        let without_inputs = judge(kind, false);
        if with_inputs.0 < found || with_inputs.1 < right || without_inputs.0 < without {
            wrong.push_str(&format!("{kind}: {with_inputs:?}, without inputs {without_inputs:?}\n"));
        }
    }
    assert!(wrong.is_empty(), "found and right, in thousandths:\n{wrong}");
}

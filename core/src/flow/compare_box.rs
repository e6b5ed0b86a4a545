//! What a box of two runs says: its name, what differs, and the sentence for those who do not see it.

use super::compare::{Compared, Whole};
use super::{Sketch, label, short_name, weight};
use crate::diff::align::{Item, Why};
use crate::model::{Nanos, Status, StepIx};
use crate::protocol::{FlowNode, Sign};
use crate::wording::counted;
use rustc_hash::FxHashMap;

/// Items that are one box.
pub(super) struct Folded<'a> {
    pub(super) compared: &'a Compared<'a>,
    pub(super) items: &'a [u32],
    /// Siblings in a row that are the same, whatever their names.
    pub(super) stretch: bool,
}

impl Folded<'_> {
    /// The box, but for its key, the group around it, and whether it opens.
    pub(super) fn node(&self) -> FlowNode {
        let below = |item: u32| self.compared.item(item).after.saturating_sub(item.saturating_add(1));
        let inside = self.items.iter().fold(0u32, |sum, &item| sum.saturating_add(below(item)));
        let (_, kind) = self.compared.name(self.first());
        let count = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        let status = self.status();
        let sign = self.sign();
        let label = if self.stretch { self.steps() } else { self.label() };
        let sub = match self.items {
            _ if self.stretch => format!("{} steps, all the same", inside.saturating_add(count)),
            &[item] => self.one(item),
            _ => self.several(),
        };
        let mut spoken = if self.stretch { label.clone() } else { format!("{label}, {}", kind.name()) };
        if status == Some(Status::Error) {
            spoken.push_str(", error");
        }
        if inside > 0 && !self.stretch {
            spoken.push_str(&format!(", {} inside", counted(inside, "step", "steps")));
        }
        let bare = matches!(sub.as_str(), "changed" | "only in A" | "only in B");
        spoken.push_str(match sign {
            _ if bare => ", ",
            Sign::Same => ", ",
            Sign::Changed => ", changed: ",
            Sign::OnlyA => ", only in A, ",
            Sign::OnlyB => ", only in B, ",
        });
        spoken.push_str(&sub);
        let last = self.items.iter().map(|&item| self.compared.item(item).after).max().unwrap_or_default();
        FlowNode {
            label,
            sub,
            kind: if self.stretch { crate::model::Kind::Other } else { kind },
            status,
            count,
            errors: u32::try_from(self.steps_shown().filter(|(whole, step)| failed(whole, *step)).count())
                .unwrap_or(u32::MAX),
            inside: if self.stretch { 0 } else { inside },
            enter: self.items.iter().copied().min().unwrap_or_default(),
            exit: last.saturating_sub(1),
            reachable: true,
            spoken,
            sign: Some(sign),
            ..FlowNode::default()
        }
    }

    fn first(&self) -> u32 {
        self.items.first().copied().unwrap_or_default()
    }

    /// The step of each item that counts: B's where B has it, since B is the run that is looked at.
    fn steps_shown(&self) -> impl Iterator<Item = (&Whole<'_>, StepIx)> {
        self.items.iter().filter_map(|&item| {
            let Item { a, b, .. } = self.compared.item(item);
            b.map(|step| (&self.compared.b, step)).or(a.map(|step| (&self.compared.a, step)))
        })
    }

    fn status(&self) -> Option<Status> {
        if self.stretch {
            return None;
        }
        let statuses =
            self.steps_shown().filter_map(|(whole, step)| whole.run.steps.status.get(step as usize).copied());
        statuses.max_by_key(|status| weight(*status))
    }

    /// Steps with an error below those it stands for.
    pub(super) fn errors_inside(&self) -> u32 {
        self.steps_shown().fold(0u32, |sum, (whole, step)| {
            sum.saturating_add(whole.index.errors_in(step.saturating_add(1), whole.run.steps.after(step)))
        })
    }

    fn sign(&self) -> Sign {
        let first = self.compared.sign(self.first());
        let alike = self.items.iter().all(|&item| self.compared.sign(item) == first);
        if alike { first } else { Sign::Changed }
    }

    /// The name, with the one in A before it where that was another, and "again" for a try or a round more.
    fn label(&self) -> String {
        let Item { a, b, why, parent, .. } = self.compared.item(self.first());
        let (name, kind) = self.compared.name(self.first());
        let name = if name.is_empty() { "(no name)" } else { short_name(name, kind) };
        let around = parent.map(|parent| self.compared.item(parent).why);
        match (a, b) {
            (Some(a), Some(_)) if self.items.len() == 1 => {
                let (before, kind) = self.compared.a.name(a);
                let before = short_name(before, kind);
                if before == name || before.is_empty() { name.to_owned() } else { format!("{before} → {name}") }
            }
            _ if self.items.len() == 1 && why == Why::Repeated && around != Some(Why::Repeated) => {
                format!("{name}, again")
            }
            _ => name.to_owned(),
        }
    }

    /// What one item's box says below its name.
    fn one(&self, item: u32) -> String {
        let moved = self.compared.item(item).moved;
        match self.compared.sign(item) {
            Sign::Same if moved => "the same, moved".to_owned(),
            Sign::Same => "the same".to_owned(),
            Sign::Changed => {
                let what = (self.compared.what)(item);
                match (what.is_empty(), moved) {
                    (true, true) => "moved".to_owned(),
                    (true, false) => "changed".to_owned(),
                    (false, true) => format!("moved · {what}"),
                    (false, false) => what,
                }
            }
            Sign::OnlyA | Sign::OnlyB => self.amount(),
        }
    }

    /// What a box of several says: how often in A and in B, and how many of those that both have differ.
    fn several(&self) -> String {
        let has = |step: fn(&Item) -> Option<u32>| {
            self.items.iter().filter(|&&item| step(&self.compared.item(item)).is_some()).count()
        };
        let (a, b) = (has(|item| item.a), has(|item| item.b));
        let changed = self.items.iter().filter(|&&item| self.compared.sign(item) == Sign::Changed).count();
        match self.sign() {
            Sign::OnlyA | Sign::OnlyB => format!("×{} · {}", a.max(b), self.amount()),
            Sign::Same => format!("×{a}, all the same"),
            Sign::Changed => {
                let times = if a == b { format!("×{a}") } else { format!("×{a} → ×{b}") };
                if changed == 0 { times } else { format!("{times} · {changed} changed") }
            }
        }
    }

    /// What steps that only one side has take or add: `+0.97 s · +486 t`.
    fn amount(&self) -> String {
        let only_a = self.compared.item(self.first()).b.is_none();
        let sign = if only_a { "−" } else { "+" };
        let (mut time, mut tokens): (Option<i64>, Option<u64>) = (None, None);
        for (whole, step) in self.steps_shown() {
            if let Some(length) = whole.run.steps.duration(step) {
                time = Some(time.unwrap_or(0).saturating_add(length.0.max(0)));
            }
            if let Some(count) = whole.index.tokens_in(step, whole.run.steps.after(step)) {
                tokens = Some(tokens.unwrap_or(0).saturating_add(count));
            }
        }
        let time = time.map(|time| format!("{sign}{}", label::duration(Nanos(time))));
        let tokens = tokens.map(|tokens| format!("{sign}{} t", label::number(tokens)));
        let parts: Vec<String> = time.into_iter().chain(tokens).collect();
        match parts.is_empty() {
            true if only_a => "only in A".to_owned(),
            true => "only in B".to_owned(),
            false => parts.join(" · "),
        }
    }

    /// `Steps 2 to 7`, as they are numbered in both runs, or in each.
    fn steps(&self) -> String {
        let span = |step: fn(&Item) -> Option<u32>, whole: &Whole| {
            let steps = || self.items.iter().filter_map(|&item| step(&self.compared.item(item)));
            let last = steps().map(|step| whole.run.steps.after(step)).max().unwrap_or_default();
            (steps().min().unwrap_or_default().saturating_add(1), last)
        };
        let a = span(|item| item.a, &self.compared.a);
        let b = span(|item| item.b, &self.compared.b);
        let both = |(from, to): (u32, u32)| format!("{from} to {to}");
        if a == b { format!("Steps {}", both(a)) } else { format!("Steps {} → {}", both(a), both(b)) }
    }
}

fn failed(whole: &Whole, step: StepIx) -> bool {
    whole.run.steps.status.get(step as usize) == Some(&Status::Error)
}

/// A closed box is changed by what differs inside it, and says so; an open one shows it. `inside` tells the number of
/// differences below the items of a box, by key.
pub(super) fn tell_differences_inside(sketches: &mut [Sketch], inside: &FxHashMap<u32, u32>) {
    for Sketch { node, errors_inside, dot, .. } in sketches {
        let Some(&below) = inside.get(&node.key).filter(|_| !*dot) else { continue };
        let closed = !node.group && node.expandable;
        if closed {
            node.errors = node.errors.saturating_add(*errors_inside);
        }
        let both = matches!(node.sign, Some(Sign::Same | Sign::Changed));
        if !both || below == 0 {
            continue;
        }
        let said =
            format!("{} {}", counted(below, "difference", "differences"), if closed { "inside" } else { "below" });
        node.spoken = node.spoken.trim_end_matches(", the same").to_owned();
        node.spoken.push_str(&format!(", {said}"));
        match node.sign {
            // What is around differences is not the same, though there is nothing to say of it alone.
            Some(Sign::Same) if node.group => node.sub = String::new(),
            Some(Sign::Same) => {
                node.sub = said;
                node.sign = if closed { Some(Sign::Changed) } else { node.sign };
            }
            _ if closed => node.sub = format!("{} · {said}", node.sub),
            _ => {}
        }
    }
}

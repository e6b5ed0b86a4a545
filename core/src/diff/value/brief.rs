//! Differences of two values in a few words: one phrase for a row, and short notes beside a title.

use super::{Entry, ValueDiff};
use crate::diff::text;
use crate::json::NodeKind;
use crate::protocol::Sign;
use crate::wording::counted;

/// Places that are named; the others are counted.
const NAMED: usize = 3;
/// Longest value that is quoted, in characters.
const QUOTED: usize = 24;
/// Texts up to this many bytes are compared to say how many words differ.
const COMPARED: usize = 4 << 20;

impl ValueDiff {
    /// "query: 3 words · documents: 3 of 4 are others, 1 moved"; empty where nothing differs that means something.
    pub fn brief(&self) -> String {
        if self.is_same() {
            return String::new();
        }
        let places = self.places();
        let mut said: Vec<String> = places.iter().take(NAMED).map(|&at| self.say(at)).collect();
        if let Some(more) = places.len().checked_sub(NAMED).filter(|&more| more > 0) {
            said.push(counted(more as u64, "more change", "more changes"));
        }
        said.join(" · ")
    }

    /// "3 words", "1 moved", "3 only in A", "3 only in B": what there is, counted.
    pub fn chips(&self) -> Vec<String> {
        let counts = self.counts;
        let mut chips = Vec::new();
        let leaves: Vec<&Entry> = self.entries.iter().filter(|entry| entry.is_changed_leaf()).take(2).collect();
        match (counts.changed, leaves.as_slice()) {
            (0, _) => {}
            (1, [one]) => chips.push(self.words(one).unwrap_or_else(|| "1 change".to_owned())),
            (many, _) => chips.push(counted(many, "change", "changes")),
        }
        for (count, what) in [(counts.moved, "moved"), (counts.only_a, "only in A"), (counts.only_b, "only in B")] {
            if count > 0 {
                chips.push(format!("{count} {what}"));
            }
        }
        chips
    }

    /// The places to name: what changed, and the lists in which items did, going down where there is only one.
    fn places(&self) -> Vec<usize> {
        let mut at = 0;
        loop {
            let Some(entry) = self.entries.get(at) else { return Vec::new() };
            let list = entry.a.is_some_and(|a| self.a.kind(self.a.content(a)) == NodeKind::Array);
            let inside: Vec<usize> =
                entry.children().map(|child| child as usize).filter(|&child| self.differs(child)).collect();
            match inside.as_slice() {
                [] => return vec![at],
                _ if list
                    && inside
                        .iter()
                        .any(|&child| self.entries.get(child).is_some_and(|entry| entry.what().is_some())) =>
                {
                    return vec![at];
                }
                [one] => at = *one,
                _ => return inside,
            }
        }
    }

    fn differs(&self, at: usize) -> bool {
        self.entries.get(at).is_some_and(|entry| entry.changes > 0)
    }

    /// The key of an entry, or its position; of the first nothing.
    fn label(&self, entry: &Entry) -> String {
        let of = |doc: &super::Doc, node: u32| match doc.key(node) {
            Some(key) => Some(key.into_owned()),
            None => doc.parent(node).map(|_| format!("[{}]", doc.index(node))),
        };
        let found = match (entry.b, entry.a) {
            (Some(b), _) => of(&self.b, b),
            (None, Some(a)) => of(&self.a, a),
            (None, None) => None,
        };
        found.map(|label| label.chars().take(60).collect()).unwrap_or_default()
    }

    fn say(&self, at: usize) -> String {
        let Some(entry) = self.entries.get(at) else { return String::new() };
        let what = self.what(entry);
        let label = self.label(entry);
        match label.is_empty() {
            true => what,
            false => format!("{label}: {what}"),
        }
    }

    fn what(&self, entry: &Entry) -> String {
        match entry.sign {
            Sign::OnlyA => "only in A".to_owned(),
            Sign::OnlyB => "only in B".to_owned(),
            _ if entry.count == 0 => self.words(entry).unwrap_or_else(|| "changed".to_owned()),
            _ if entry.a.is_some_and(|a| self.a.kind(self.a.content(a)) == NodeKind::Array) => self.list(entry),
            _ => counted(entry.changes, "change", "changes"),
        }
    }

    /// "3 of 4 are others, 1 moved".
    fn list(&self, entry: &Entry) -> String {
        let children = entry.children().filter_map(|at| self.entries.get(at as usize));
        let (mut only_a, mut only_b, mut moved, mut changed, mut all) = (0u32, 0u32, 0u32, 0u32, 0u32);
        for child in children {
            all = all.saturating_add(u32::from(child.b.is_some()));
            if child.changes == 0 {
                continue;
            }
            match child.sign {
                Sign::OnlyA => only_a += 1,
                Sign::OnlyB => only_b += 1,
                _ => {
                    moved += u32::from(child.moved);
                    changed += u32::from(!child.moved || child.sign == Sign::Changed && !child.noise);
                }
            }
        }
        let mut said = Vec::new();
        match (only_a, only_b) {
            (0, 0) => {}
            (removed, added) if removed == added => {
                let others = if added == 1 { "is another" } else { "are others" };
                said.push(format!("{added} of {all} {others}"));
            }
            (removed, added) => {
                for (count, what) in [(removed, "only in A"), (added, "only in B")] {
                    if count > 0 {
                        said.push(format!("{count} {what}"));
                    }
                }
            }
        }
        for (count, what) in [(changed, "changed"), (moved, "moved")] {
            if count > 0 {
                said.push(format!("{count} {what}"));
            }
        }
        said.join(", ")
    }

    /// Of two texts the words that differ, of other scalars what they went from and to.
    fn words(&self, entry: &Entry) -> Option<String> {
        let (a, b) = (entry.a?, entry.b?);
        let (text_a, text_b) = (self.a.text(a), self.b.text(b));
        let scalar =
            |kind: NodeKind| matches!(kind, NodeKind::Number | NodeKind::Bool | NodeKind::Null | NodeKind::String);
        let (kind_a, kind_b) = (self.a.kind(a), self.b.kind(b));
        if !scalar(kind_a) || !scalar(kind_b) {
            return None;
        }
        let short = |text: &str| text.chars().nth(QUOTED).is_none() && !text.contains('\n') && !text.is_empty();
        let one = |text: &str| short(text) && !text.contains(' ');
        if short(&text_a)
            && short(&text_b)
            && (kind_a != NodeKind::String || kind_b != NodeKind::String || one(&text_a) && one(&text_b))
        {
            return Some(format!("{text_a} → {text_b}"));
        }
        if text_a.len().max(text_b.len()) > COMPARED {
            return None;
        }
        Some(text::diff(&text_a, &text_b).brief()).filter(|said| !said.is_empty())
    }
}

impl Entry {
    /// Another value on both sides, as a whole.
    fn is_changed_leaf(&self) -> bool {
        self.sign == Sign::Changed && self.count == 0 && !self.noise
    }
}

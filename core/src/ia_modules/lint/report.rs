//! Collecting findings: places, paths, and grouping what is repeated.

use crate::ia_modules::definition::Text;
use crate::json::NodeKind;
use crate::model::Severity;
use crate::order::Order as _;
use crate::protocol::{Finding, Fix, TextEdit};
use rustc_hash::FxHashMap;
use std::cell::{Cell, RefCell};

/// Findings of one id that are told one by one; the last of them stands for the rest.
const TOLD: u32 = 10;

/// What a rule has to say.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) message: String,
    /// Id of the step it speaks of.
    pub(super) step: String,
    /// The edge it speaks of.
    pub(super) edge: Option<u32>,
    pub(super) fixes: Vec<Fix>,
}

impl Said {
    pub(super) fn new(message: impl Into<String>) -> Said {
        Said { message: message.into(), ..Said::default() }
    }

    pub(super) fn step(mut self, id: &str) -> Said {
        id.clone_into(&mut self.step);
        self
    }

    pub(super) fn edge(mut self, node: u32) -> Said {
        self.edge = Some(node);
        self
    }

    pub(super) fn fix(mut self, fix: Option<Fix>) -> Said {
        self.fixes.extend(fix);
        self
    }
}

/// The ids of what a rule said of one element, and what it took from its budget, so that it need not look at the element
/// again.
#[derive(Debug, Default)]
pub(super) struct Heard(RefCell<Option<(Vec<&'static str>, usize)>>);

impl Heard {
    /// The element has to be looked at again.
    pub(super) fn forget(&self) {
        self.0.replace(None);
    }
}

/// The findings so far.
pub(super) struct Report<'a> {
    text: Text<'a>,
    findings: Vec<Finding>,
    /// What is said while somebody listens.
    listening: Option<Vec<&'static str>>,
    /// Whether what is said hangs on more than what makes it be forgotten.
    doubtful: bool,
    /// By id: how many, and where the last one that is told stands in the list.
    counts: FxHashMap<&'static str, (u32, usize)>,
}

impl<'a> Report<'a> {
    pub(super) fn new(text: Text<'a>) -> Self {
        Report { text, findings: Vec::new(), listening: None, doubtful: false, counts: FxHashMap::default() }
    }

    /// Lets a rule speak of an element. What it said of it before is only counted where no more of it is told. `budget` is
    /// what the rule may spend on all elements.
    pub(super) fn hear(&mut self, heard: &Heard, budget: &Cell<usize>, rule: impl FnOnce(&mut Self)) {
        if let Some((ids, spent)) = &*heard.0.borrow() {
            let told = |id: &&str| self.counts.get(*id).is_some_and(|(count, _)| *count >= TOLD);
            if let Some(left) = budget.get().checked_sub(*spent).filter(|_| ids.iter().all(told)) {
                budget.set(left);
                for id in ids {
                    let (count, _) = self.counts.entry(id).or_default();
                    *count = count.saturating_add(1);
                }
                return;
            }
        }
        let before = budget.get();
        self.listening = Some(Vec::new());
        self.doubtful = false;
        rule(self);
        let ids = self.listening.take().unwrap_or_default();
        heard.0.replace((!self.doubtful).then(|| (ids, before.saturating_sub(budget.get()))));
    }

    /// What is said of this element hangs on the whole, and is not kept.
    pub(super) fn doubt(&mut self) {
        self.doubtful = true;
    }

    /// Takes some of a budget; `None` where that is more than is left, and the rule has to stop.
    pub(super) fn spend(&mut self, budget: &Cell<usize>, some: usize) -> Option<()> {
        let left = budget.get().checked_sub(some);
        self.doubtful |= left.is_none();
        budget.set(left?);
        Some(())
    }

    /// Adds a finding at a node; its words are made only when it is told.
    pub(super) fn say(&mut self, id: &'static str, severity: Severity, node: u32, said: impl FnOnce() -> Said) {
        if let Some(said) = &mut self.listening {
            said.push(id);
        }
        let count = self.counts.entry(id).or_default();
        count.0 = count.0.saturating_add(1);
        if count.0 > TOLD {
            return;
        }
        count.1 = self.findings.len();
        let said = said();
        let (start, end) = self.text.tree.node(node).map_or((0, 0), |node| (node.start.into(), node.end.into()));
        self.findings.push(Finding {
            id: id.to_owned(),
            severity,
            message: said.message,
            path: path_of(self.text, node),
            line: 1,
            column: 1,
            start,
            end,
            step: said.step,
            edge: said.edge.map_or_else(String::new, |edge| path_of(self.text, edge)),
            fixes: said.fixes,
        });
    }

    /// The findings with lines and columns, the gravest first, then in the order of the text.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        for (count, last) in self.counts.values() {
            if let Some(finding) = self.findings.get_mut(*last).filter(|_| *count > TOLD) {
                finding.message.push_str(&format!(" And {} more like this.", count - TOLD));
            }
        }
        // In the order of the text, so that each line break is looked at once.
        self.findings.order_by_key(|finding| finding.start);
        let (mut at, mut line, mut begin) = (0, 1, 0);
        for finding in &mut self.findings {
            let start = usize::try_from(finding.start).unwrap_or(usize::MAX);
            let passed = self.text.bytes.get(at..start).unwrap_or(&[]);
            if let Some(last) = memchr::memrchr(b'\n', passed) {
                line += memchr::memchr_iter(b'\n', passed).count() as u64;
                begin = at + last + 1;
            }
            at = start;
            (finding.line, finding.column) = (line, (start - begin) as u64 + 1);
        }
        self.findings.order_by_key(|finding| (std::cmp::Reverse(finding.severity), finding.start, finding.end));
        self.findings
    }
}

/// The JSON path of a node.
pub(super) fn path_of(text: Text<'_>, node: u32) -> String {
    let mut parts = Vec::new();
    let mut at = node;
    while let Some(parent) = text.tree.parent(at) {
        parts.push(if text.is(parent, NodeKind::Object) {
            let key = text.key(at);
            let plain = !key.is_empty() && key.bytes().all(|b| b == b'_' || b.is_ascii_alphanumeric());
            if plain { format!(".{key}") } else { format!("[{}]", crate::json::quoted(&key)) }
        } else {
            format!("[{}]", text.tree.node(at).map_or(0, |node| node.index))
        });
        at = parent;
    }
    parts.push("$".to_owned());
    parts.reverse();
    parts.concat()
}

/// Replaces a node by other text.
pub(super) fn replace(text: Text<'_>, node: u32, with: &str) -> Option<TextEdit> {
    let node = text.tree.node(node)?;
    Some(TextEdit { start: node.start.into(), end: node.end.into(), text: with.to_owned() })
}

/// Renames the key of a member.
pub(super) fn rename_key(text: Text<'_>, member: u32, to: &str) -> Option<TextEdit> {
    let (start, end) = text.tree.key_range(member)?;
    Some(TextEdit { start: start as u64, end: end as u64, text: to.to_owned() })
}

/// A fix of some edits; `None` when there are none.
pub(super) fn fix(title: impl Into<String>, safe: bool, edits: impl IntoIterator<Item = TextEdit>) -> Option<Fix> {
    let mut edits: Vec<TextEdit> = edits.into_iter().collect();
    edits.order_by_key(|edit| (edit.start, edit.end));
    (!edits.is_empty()).then(|| Fix { title: title.into(), safe, edits })
}

//! Which result belongs to which tool call, and which step of the run was the tool at work.

use crate::model::{Kind, Message, Part};
use crate::view::Sight;
use rustc_hash::{FxHashMap, FxHashSet};

/// One piece of a message of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) step: u32,
    pub(super) message: u32,
    pub(super) piece: u32,
}

/// Message in the conversation, and piece of it.
type At = (u32, u32);

/// A call that was asked for.
#[derive(Clone, Debug)]
struct Call {
    at: At,
    step: u32,
    id: String,
    name: String,
}

/// Calls, their results and their steps.
#[derive(Debug, Default)]
pub(super) struct Pairing {
    calls: Vec<Call>,
    /// Calls without a result so far, as positions in `calls`, by id; those without an id by name.
    open: FxHashMap<(bool, String), Vec<usize>>,
    results: FxHashMap<At, Spot>,
    paired: FxHashSet<At>,
    steps: FxHashMap<At, u32>,
}

impl Pairing {
    /// Takes a message that would stand at `entry`: pairs its results, notes its calls. Whether anything of it is
    /// left to show by itself.
    pub(super) fn take(&mut self, entry: u32, spot: Spot, message: &Message) -> bool {
        let mut left = message.parts.is_empty();
        let mut mine = Vec::new();
        for (piece, part) in (0u32..).zip(&message.parts) {
            let Part::ToolResult { id, name, .. } = part else {
                left = true;
                continue;
            };
            match self.call_for(id, name) {
                Some(call) => {
                    self.results.insert(call, Spot { piece, ..spot });
                    mine.push((entry, piece));
                }
                None => left = true,
            }
        }
        if !left {
            return false;
        }
        self.paired.extend(mine);
        for (piece, part) in (0u32..).zip(&message.parts) {
            let Part::ToolCall { id, name, .. } = part else { continue };
            let key = if id.is_empty() { (false, name.clone()) } else { (true, id.clone()) };
            self.open.entry(key).or_default().push(self.calls.len());
            self.calls.push(Call { at: (entry, piece), step: spot.step, id: id.clone(), name: name.clone() });
        }
        true
    }

    /// The call a result answers: the latest open one with its id; without an id the earliest open one of its name.
    fn call_for(&mut self, id: &str, name: &str) -> Option<At> {
        let position = if id.is_empty() {
            let waiting = self.open.get_mut(&(false, name.to_owned())).filter(|waiting| !waiting.is_empty())?;
            waiting.remove(0)
        } else {
            self.open.get_mut(&(true, id.to_owned()))?.pop()?
        };
        self.calls.get(position).map(|call| call.at)
    }

    /// Finds the tools' own steps: by the call's id, else by name, in order, before the same tool is called again.
    pub(super) fn find_steps(&mut self, sight: Sight<'_>) {
        let steps = &sight.run.steps;
        let names = &sight.document.names;
        let mut by_name: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
        let mut by_id: FxHashMap<&str, u32> = FxHashMap::default();
        for (step, kind) in (0u32..).zip(&steps.kind) {
            if *kind == Kind::Tool {
                by_name.entry(tool_name(sight.name(step))).or_default().push(step);
                let id = steps.id.get(step as usize).map_or("", |&id| names.get(id));
                by_id.insert(id, step);
            }
        }
        let mut calls: FxHashMap<&str, Vec<&Call>> = FxHashMap::default();
        for call in &self.calls {
            match by_id.get(call.id.as_str()).filter(|_| !call.id.is_empty()) {
                Some(&step) => {
                    self.steps.insert(call.at, step);
                }
                None => calls.entry(call.name.as_str()).or_default().push(call),
            }
        }
        for (name, calls) in calls {
            let Some(tools) = by_name.get(name) else { continue };
            let mut next = 0;
            for (position, call) in calls.iter().enumerate() {
                let rest = calls.get(position..).unwrap_or(&[]);
                // Calls of one message share the stretch up to the next message that calls this tool.
                let again = rest.iter().map(|other| other.step).find(|&step| step > call.step).unwrap_or(u32::MAX);
                next += tools.get(next..).unwrap_or(&[]).partition_point(|&tool| tool <= call.step);
                if let Some(&tool) = tools.get(next).filter(|&&tool| tool < again) {
                    self.steps.insert(call.at, tool);
                    next += 1;
                }
            }
        }
    }

    /// Whether a piece is a result that is shown with its call.
    pub(super) fn is_paired(&self, entry: u32, piece: u32) -> bool {
        self.paired.contains(&(entry, piece))
    }

    /// Where the result of a call stands.
    pub(super) fn result_of(&self, entry: u32, piece: u32) -> Option<Spot> {
        self.results.get(&(entry, piece)).copied()
    }

    /// The step of the tool that a call led to.
    pub(super) fn step_of(&self, entry: u32, piece: u32) -> Option<u32> {
        self.steps.get(&(entry, piece)).copied()
    }
}

/// The tool's name in the name of its step: instrumentations put words around it.
fn tool_name(step: &str) -> &str {
    let name = step.strip_prefix("execute_tool ").unwrap_or(step);
    name.strip_suffix(".tool").unwrap_or(name)
}

//! The cursor: moves are sent one after the other, so that held keys never pile up.

use super::{Named, Page, Tone, Walked, What};
use chaindebug_core::protocol::{Answer, Command, Cursor, FlowNode, Request};
use leptos::{prelude::*, task::spawn_local};
use std::collections::VecDeque;

/// Moves that wait for the one under way.
#[derive(Default)]
pub(crate) struct Queue {
    busy: bool,
    waiting: VecDeque<Command>,
}

/// A person cannot press more keys than this in one round trip; what is more comes from a stuck key.
const MOST: usize = 32;

/// Whether the move leads to the same place wherever the cursor stands: it makes those waiting pointless.
fn absolute(command: Command) -> bool {
    matches!(command, Command::First | Command::Last | Command::To { .. } | Command::ToStep { .. })
}

fn push(waiting: &mut VecDeque<Command>, command: Command) {
    if absolute(command) {
        waiting.clear();
    }
    if waiting.len() < MOST {
        waiting.push_back(command);
    }
}

/// The box of a step of a pipeline: by its id, else the first with this name.
fn step_named(nodes: &[FlowNode], step: &str) -> Option<u32> {
    let found = nodes.iter().find(|node| node.id == step).or_else(|| nodes.iter().find(|node| node.label == step));
    found.map(|node| node.key)
}

impl Page {
    /// Moves the cursor of the run shown. Moves arrive in order, one at a time; while one is under way, a move to a
    /// fixed place (`To`, `ToStep`, `First`, `Last`) replaces those that wait, so scrubbing follows the newest.
    pub(crate) fn command(self, command: Command) {
        let Some(walked) = self.walked.get_untracked() else {
            // A pipeline's dry run is on its way.
            if let (Command::To { moment }, true) = (command, self.workbench.bench.with_untracked(Option::is_some)) {
                self.workbench.landing.set_value(Some(moment));
            }
            return;
        };
        // The inspector follows the cursor again, where a box was chosen.
        if self.node.with_untracked(Option::is_some) {
            self.node.set(None);
        }
        let start = self.queue.try_update_value(|queue| {
            push(&mut queue.waiting, command);
            !std::mem::replace(&mut queue.busy, true)
        });
        if start == Some(true) {
            spawn_local(self.work_off(walked));
        }
    }

    /// As [`Page::command`], for a key that repeats because it is held: nothing happens while a move is under way.
    pub(crate) fn command_repeated(self, command: Command) {
        if self.queue.try_with_value(|queue| queue.busy) == Some(false) {
            self.command(command);
        }
    }

    async fn work_off(self, mut walked: Walked) {
        loop {
            let next = self.queue.try_update_value(|queue| {
                let next = queue.waiting.pop_front();
                queue.busy = next.is_some();
                next
            });
            let Some(command) = next.flatten() else {
                return;
            };
            // A run of another number may have taken the place of the one that was shown when the move was asked for.
            if let Some(now) = self.walked.get_untracked() {
                walked = now;
            }
            let Walked { group, run, .. } = walked;
            let answer = self.ask_of(group, Request::Move { run, command }).await;
            // What is shown may have changed meanwhile: what waits now is meant for that.
            if self.walked.get_untracked() == Some(walked) {
                match answer {
                    Ok(Answer::Cursor(cursor)) => self.set_cursor(cursor),
                    Ok(_) => {}
                    Err(failure) => self.tell_failure(&failure),
                }
            }
        }
    }

    /// Moves the cursor to a step that somebody names, or chooses it in a pipeline that has no run; says so when there
    /// is none.
    pub(crate) fn go_to(self, named: Named) {
        if self.walked.with_untracked(Option::is_none) {
            return self.choose(named.step);
        }
        self.node.set(None);
        self.stand_where(|run| Request::GoTo { run, step: named.step, phase: named.phase });
    }

    /// Chooses the step of the pipeline shown that has this id or name.
    fn choose(self, step: String) {
        let Some(subject) = self.subject.get_untracked() else { return };
        let What::Pipeline(pipeline) = subject.what else { return };
        spawn_local(async move {
            let asked = Request::PipelineFlow { pipeline, reader: None, run: None };
            let answer = self.ask_of(subject.group, asked).await;
            // Its dry run may have joined meanwhile, which is another revision of the same.
            if self.subject.get_untracked().map(|now| (now.group, now.what)) != Some((subject.group, subject.what)) {
                return;
            }
            match answer {
                Ok(Answer::Flow(flow)) => match step_named(&flow.nodes, &step) {
                    Some(key) => self.select_node(Some(key)),
                    None => self.notify(Tone::Warning, format!("There is no step “{step}” in this pipeline.")),
                },
                Ok(_) => {}
                Err(failure) => self.tell_failure(&failure),
            }
        });
    }

    fn set_cursor(self, cursor: Cursor) {
        if self.cursor.with_untracked(|now| now.as_ref() != Some(&cursor)) {
            self.cursor.set(Some(cursor));
        }
    }

    /// Forgets the cursor and what waits, before another run is shown.
    pub(super) fn reset_cursor(self) {
        self.queue.try_update_value(|queue| queue.waiting.clear());
        self.cursor.set(None);
    }

    /// Asks where the cursor of the run shown stands. Also useful after the flowchart was asked for, because
    /// `Cursor::node` speaks of the newest.
    pub(crate) fn find_cursor(self) {
        self.stand_where(|run| Request::Where { run });
    }

    /// Shows the cursor that the engine answers with, unless another run is shown by then.
    fn stand_where(self, request: impl FnOnce(u32) -> Request) {
        let Some(walked) = self.walked.get_untracked() else { return };
        let request = request(walked.run);
        spawn_local(async move {
            let answer = self.ask_of(walked.group, request).await;
            if self.walked.get_untracked() != Some(walked) {
                return;
            }
            match answer {
                Ok(Answer::Cursor(cursor)) => self.set_cursor(cursor),
                Ok(_) => {}
                Err(failure) => self.tell_failure(&failure),
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_of_a_pipeline_is_named_by_its_id_before_its_name() {
        let node =
            |key, id: &str, label: &str| FlowNode { key, id: id.into(), label: label.into(), ..FlowNode::default() };
        let nodes = [node(0, "a", "b"), node(1, "b", "Load"), node(2, "c", "Load")];
        let named = |step| step_named(&nodes, step);
        assert_eq!((named("b"), named("Load"), named("load")), (Some(1), Some(1), None));
    }

    #[test]
    fn steps_add_up_and_a_fixed_place_replaces_them() {
        let mut waiting = VecDeque::new();
        push(&mut waiting, Command::Forward);
        push(&mut waiting, Command::Forward);
        assert_eq!(waiting.len(), 2);
        push(&mut waiting, Command::To { moment: 7 });
        push(&mut waiting, Command::Back);
        assert_eq!(waiting, [Command::To { moment: 7 }, Command::Back]);
        for _ in 0..100 {
            push(&mut waiting, Command::Forward);
        }
        assert_eq!(waiting.len(), MOST);
    }
}

//! The run and the pipeline under it: which box the cursor is in, which visits a box had, and where decisions were made.

use super::state::Workbench;
use crate::state::{Page, Pane, Sizes};
use chaindebug_core::model::{EdgeStyle, NodeKind};
use chaindebug_core::protocol::{Answer, Command, Decision, FlowNode, FlowView, Request, TableSort};
use leptos::{prelude::*, task::spawn_local};
use std::sync::Arc;
use wasm_bindgen::JsCast as _;

/// More steps than this are not looked up one by one: the cursor walks them all the same.
const MOST: u32 = 5_000;

/// One step of the run, and its box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Visit {
    /// Step in tree order.
    pub(super) step: u32,
    /// Its name: the id of the step in the pipeline, or what people call it.
    pub(super) name: String,
    /// Its two moments.
    pub(super) moments: (u32, u32),
}

/// The box of the step with an id or name.
pub(super) fn node<'a>(graph: &'a FlowView, name: &str) -> Option<&'a FlowNode> {
    let steps = || graph.nodes.iter().filter(|node| declared(node));
    steps().find(|node| node.id == name).or_else(|| steps().find(|node| node.label == name))
}

/// Whether a box is a step of the file, and not where runs begin or end.
pub(super) fn declared(node: &FlowNode) -> bool {
    matches!(node.node_kind, Some(NodeKind::Step | NodeKind::Human | NodeKind::Parallel))
}

/// Whether the engine has something to decide after a step.
fn decides(graph: &FlowView, key: u32) -> bool {
    let mut out = graph.edges.iter().filter(|edge| edge.from == key);
    let Some(first) = out.next() else { return false };
    first.style != EdgeStyle::Always || out.next().is_some()
}

/// The moments after which the engine decided: exits of steps with a choice.
fn decisions(graph: &FlowView, visits: &[Visit]) -> Vec<u32> {
    let decided = |visit: &&Visit| node(graph, &visit.name).is_some_and(|node| decides(graph, node.key));
    let mut moments: Vec<u32> = visits.iter().filter(decided).map(|visit| visit.moments.1).collect();
    moments.sort_unstable();
    moments
}

/// Keeps the visits of the run that the cursor walks, and the decision at the cursor's step.
pub(super) fn follow(page: Page) {
    let bench = page.workbench;
    // A recorded run counts when it has a pipeline.
    let walked = Memo::new(move |_| {
        let walked = page.walked.get()?;
        let known =
            bench.bench.get().is_some() || page.run.with(|run| run.as_ref().is_some_and(|run| run.pipeline.is_some()));
        known.then_some(walked)
    });
    Effect::new(move |_| {
        let Some(now) = walked.get() else {
            bench.visits.set(Arc::default());
            return;
        };
        let request = Request::Table { run: now.run, sort: TableSort::Order, descending: false, from: 0, count: MOST };
        spawn_local(async move {
            let answer = page.ask_of(now.group, request).await;
            if walked.get_untracked() != Some(now) {
                return;
            }
            if let Ok(Answer::Table(table)) = answer {
                let visits = table.rows.into_iter().map(|row| Visit {
                    step: row.row.step,
                    name: row.row.name,
                    moments: (row.row.enter, row.row.exit),
                });
                bench.visits.set(Arc::new(visits.collect()));
            }
        });
    });
    let step = Memo::new(move |_| {
        let walked = walked.get()?;
        let step =
            page.cursor.with(|cursor| cursor.as_ref().filter(|one| one.run == walked.run).map(|one| one.step))?;
        Some((walked, step))
    });
    Effect::new(move |_| {
        let Some((now, at)) = step.get() else {
            bench.decision.set(None);
            return;
        };
        spawn_local(async move {
            let answer = page.ask_of(now.group, Request::Decision { run: now.run, step: at }).await;
            if step.get_untracked() == Some((now, at)) {
                bench.pointed.set(String::new());
                // A recorded run has no turns: its decision is as new as it gets.
                bench.decided.set(if now.turn == 0 { bench.turn.get_untracked() } else { now.turn });
                bench.decision.set(match answer {
                    Ok(Answer::Decision(decision)) if !decision.edges.is_empty() => Some(Arc::from(decision)),
                    _ => None,
                });
            }
        });
    });
}

impl Workbench {
    /// The box of the cursor's step.
    pub(crate) fn here(self, page: Page) -> Option<u32> {
        let name =
            page.cursor.with(|cursor| cursor.as_ref().filter(|one| one.moments > 0).map(|one| one.name.clone()))?;
        self.graph.with(|graph| node(graph.as_ref()?, &name).map(|node| node.key))
    }

    /// The moment to go to for a box: the exit of its next visit after the cursor, else of its first.
    pub(crate) fn visit_of(self, page: Page, key: u32) -> Option<u32> {
        let now = page.cursor.with_untracked(|cursor| cursor.as_ref().map(|one| one.moment));
        self.graph.with_untracked(|graph| {
            let graph = graph.as_ref()?;
            let wanted = graph.nodes.iter().find(|node| node.key == key)?;
            self.visits.with_untracked(|visits| {
                let of = |visit: &&Visit| visit.name == wanted.id || visit.name == wanted.label;
                let exits = || visits.iter().filter(of).map(|visit| visit.moments.1);
                let next = exits().find(|&exit| now.is_some_and(|now| exit > now));
                next.or_else(|| exits().next())
            })
        })
    }

    /// Opens the mock of the cursor's step for editing, and puts the focus there.
    pub(crate) fn edit_here(self, page: Page) {
        let Some(key) = untrack(|| self.here(page)) else { return };
        let id = self.graph.with_untracked(|graph| {
            graph.as_ref()?.nodes.iter().find(|node| node.key == key).map(|node| node.id.clone())
        });
        self.open.set(id);
        page.pane.set(Pane::Steps);
        let sizes = page.sizes.get_untracked();
        if !sizes.steps_open {
            page.set_sizes(Sizes { steps_open: true, ..sizes });
        }
        request_animation_frame(|| {
            let row = web_sys::window()
                .and_then(|w| w.document())
                .and_then(|d| d.query_selector(".bench-row.open .bench-step").ok()?);
            if let Some(row) = row.and_then(|row| row.dyn_into::<web_sys::HtmlElement>().ok()) {
                row.scroll_into_view();
                let _ = row.focus();
            }
        });
    }

    /// Moves the cursor to the next decision, or to the one before; false when there is none.
    pub(crate) fn go_to_decision(self, page: Page, forward: bool) -> bool {
        let Some(now) = page.cursor.with_untracked(|cursor| cursor.as_ref().map(|one| one.moment)) else {
            return false;
        };
        let moments = untrack(|| self.decisions());
        let next = if forward {
            moments.iter().find(|&&moment| moment > now)
        } else {
            moments.iter().rev().find(|&&moment| moment < now)
        };
        if let Some(&moment) = next {
            page.playing.set(false);
            page.command(Command::To { moment });
        }
        next.is_some()
    }

    /// The moments of all decisions of the run.
    pub(crate) fn decisions(self) -> Vec<u32> {
        self.visits.with(|visits| {
            self.graph.with(|graph| graph.as_ref().map(|graph| decisions(graph, visits)).unwrap_or_default())
        })
    }

    /// The decision after the step that is shown.
    pub(crate) fn decision_of(self, run: u32, step: u32) -> Option<Arc<Decision>> {
        self.decision.with(|one| one.as_ref().filter(|one| (one.run, one.step) == (run, step)).cloned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chaindebug_core::protocol::FlowEdge;

    #[test]
    fn only_steps_with_a_choice_decide() {
        let step = |key: u32, id: &str| FlowNode {
            key,
            id: id.to_owned(),
            label: id.to_uppercase(),
            node_kind: Some(NodeKind::Step),
            ..FlowNode::default()
        };
        let edge = |from, to, style| FlowEdge { from, to, style, ..FlowEdge::default() };
        let graph = FlowView {
            nodes: vec![step(0, "a"), step(1, "b"), step(2, "c")],
            edges: vec![
                edge(0, 1, EdgeStyle::Always),
                edge(1, 0, EdgeStyle::Conditional),
                edge(2, 0, EdgeStyle::Always),
                edge(2, 1, EdgeStyle::Always),
            ],
            ..FlowView::default()
        };
        let visit = |step, name: &str, exit| Visit { step, name: name.to_owned(), moments: (exit - 1, exit) };
        let visits = [visit(0, "a", 1), visit(1, "B", 3), visit(2, "c", 5), visit(3, "other", 7)];
        assert_eq!(decisions(&graph, &visits), [3, 5]);
    }
}

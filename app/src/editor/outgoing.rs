//! The edges that leave a step, in the order in which the engine looks at them: moved, and removed. Conditions are the
//! builder's.

use super::connect::{declared, written};
use super::desk::Desk;
use chaindebug_core::model::EdgeStyle;
use chaindebug_core::protocol::{Change, FlowView};
use leptos::prelude::*;

/// One edge.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Out {
    path: String,
    to: String,
    condition: String,
}

/// The edges out of a step, in the order of the file.
fn edges(graph: &FlowView, from: &str) -> Vec<Out> {
    let Some(node) = graph.nodes.iter().find(|node| declared(node) && node.id == from) else { return Vec::new() };
    let name = |key: u32| {
        let node = graph.nodes.iter().find(|node| node.key == key);
        node.map(|node| if node.id.is_empty() { node.label.clone() } else { node.id.clone() }).unwrap_or_default()
    };
    let mut edges: Vec<_> = graph.edges.iter().filter(|edge| edge.from == node.key && written(graph, edge)).collect();
    edges.sort_by_key(|edge| edge.place.map_or(0, |place| place.start));
    // One edge of the file may be drawn in several pieces.
    edges.dedup_by(|a, b| a.path == b.path);
    let out = |edge: &&chaindebug_core::protocol::FlowEdge| Out {
        path: edge.path.clone(),
        to: name(edge.to),
        condition: match (edge.label.is_empty(), edge.style) {
            (true, EdgeStyle::Always) => "always".to_owned(),
            _ => edge.label.clone(),
        },
    };
    edges.iter().map(out).collect()
}

/// The list, live: it follows the chart.
#[component]
pub(super) fn Outgoing(from: String) -> impl IntoView {
    let desk = Desk::get();
    let bench = desk.page.workbench;
    let from = StoredValue::new(from);
    let list = Memo::new(move |_| {
        bench.graph.with(|graph| graph.as_ref().map(|graph| edges(graph, &from.get_value())).unwrap_or_default())
    });
    let row = move |index: usize, edge: Out| {
        let last = list.with_untracked(Vec::len).saturating_sub(1);
        let path = StoredValue::new(edge.path);
        let name = edge.to.clone();
        let moved = move |earlier: bool| desk.plan(Change::MoveEdge { edge: path.get_value(), earlier });
        view! {
            <li class="out-row">
                <span class="dim">{index + 1}</span>
                <span class="out-edge"><b>"→ "{edge.to}</b>" "<code>{edge.condition}</code></span>
                <button class="small" type="button" disabled=index == 0 aria-label=format!("Earlier: the edge to {name}") on:click=move |_| moved(true)>"Earlier"</button>
                <button class="small" type="button" disabled=index == last aria-label=format!("Later: the edge to {name}") on:click=move |_| moved(false)>"Later"</button>
                <button class="small" type="button" aria-label=format!("Remove the edge to {name}") on:click=move |_| desk.plan(Change::Disconnect { edge: path.get_value() })>"Remove"</button>
            </li>
        }
    };
    let note = move || match list.with(Vec::len) {
        0 => "No edge leaves this step: a run ends after it.",
        1 => "One edge leaves this step. When it is not true, the run ends here and is reported as success.",
        _ => {
            "The engine looks at all of them in this order and follows every one that is true: their steps run one \
             after the other, and only the last of them goes on along its own edges."
        }
    };
    view! {
        <div class="form">
            <ol class="out-list">{move || list.get().into_iter().enumerate().map(|(index, edge)| row(index, edge)).collect_view()}</ol>
            <p class="out-note" aria-live="polite">{note}</p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chaindebug_core::model::{NodeKind, Place};
    use chaindebug_core::protocol::{FlowEdge, FlowNode};

    #[test]
    fn the_edges_of_a_step_stand_in_the_order_of_the_file() {
        let node =
            |key, id: &str, kind| FlowNode { key, id: id.to_owned(), node_kind: Some(kind), ..FlowNode::default() };
        let edge = |from, to, start, path: &str| FlowEdge {
            from,
            to,
            path: path.to_owned(),
            place: Some(Place { file: 0, start, len: 5 }),
            style: EdgeStyle::Always,
            ..FlowEdge::default()
        };
        let nodes = vec![node(0, "START", NodeKind::Start), node(1, "a", NodeKind::Step), node(2, "b", NodeKind::Step)];
        let flow =
            vec![edge(0, 1, 1, "$.flow.start_at"), edge(1, 2, 60, "p1"), edge(1, 1, 30, "p0"), edge(1, 2, 60, "p1")];
        let graph = FlowView { nodes, edges: flow, ..FlowView::default() };
        let paths = |of: &str| edges(&graph, of).into_iter().map(|one| one.path).collect::<Vec<_>>();
        assert_eq!(paths("a"), ["p0", "p1"]);
        assert!(paths("START").is_empty() && paths("c").is_empty());
        assert_eq!(edges(&graph, "a")[0].condition, "always");
    }
}

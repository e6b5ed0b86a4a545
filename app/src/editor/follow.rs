//! Caret, chart and places lead to each other: the caret's step is chosen in the chart, the step chosen in the chart is
//! marked in the text, and whoever names a place brings the caret there.

use super::desk::{Desk, Held};
use chaindebug_core::model::Place;
use chaindebug_core::protocol::{FlowNode, FlowView};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use std::time::Duration;

/// How long the caret has to stand before the chart follows it.
const STILL: Duration = Duration::from_millis(120);

/// What stands at a byte of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct At {
    /// Key of the step's box.
    pub(super) node: Option<u32>,
    /// JSON path of the edge.
    pub(super) edge: Option<String>,
}

fn holds(place: Option<Place>, byte: u64) -> Option<u64> {
    place.filter(|place| place.len > 0 && place.start <= byte && byte <= place.end()).map(|place| place.len)
}

/// The innermost step and edge that a byte is in.
pub(super) fn at(graph: &FlowView, byte: u64) -> At {
    let node = graph.nodes.iter().filter_map(|node| Some((holds(node.place, byte)?, node.key))).min();
    let edge = graph.edges.iter().filter_map(|edge| Some((holds(edge.place, byte)?, &edge.path))).min();
    At { node: node.map(|(_, key)| key), edge: edge.map(|(_, path)| path.clone()) }
}

/// Whether the text has the focus.
fn typing(held: &Held) -> bool {
    let active = web_sys::window().and_then(|window| window.document()).and_then(|document| document.active_element());
    active.is_some_and(|active| held.host.contains(Some(&active)))
}

/// Boxes have other numbers when the text has changed: the step that was chosen stays chosen, and a new one is.
fn keep_chosen(desk: Desk) {
    let (page, bench) = (desk.page, desk.page.workbench);
    let was = StoredValue::new(None::<String>);
    Effect::new(move |_| {
        let key = page.node.get();
        was.set_value(bench.graph.with_untracked(|graph| {
            let node = graph.as_ref()?.nodes.iter().find(|node| Some(node.key) == key)?;
            Some(node.id.clone()).filter(|id| !id.is_empty())
        }));
    });
    // A change made on the chart is followed by a new chart and a new dry run, which moves the cursor.
    let choose_next = move || {
        let Some(id) = desk.next.get_value() else { return false };
        let key = bench
            .graph
            .with_untracked(|graph| graph.as_ref()?.nodes.iter().find(|node| node.id == id).map(|node| node.key));
        if key.is_some() && key != untrack(|| page.node.get().or_else(|| bench.here(page))) {
            page.select_node(key);
        }
        key.is_some()
    };
    Effect::new(move |_| {
        let Some(graph) = bench.graph.get() else { return };
        if choose_next() {
            return;
        }
        let Some(id) = was.get_value() else { return };
        let now = graph.nodes.iter().find(|node| node.id == id).map(|node| node.key);
        if page.node.get_untracked().is_some() && page.node.get_untracked() != now {
            page.node.set(now);
        }
    });
    Effect::new(move |before: Option<()>| {
        bench.turn.track();
        if before.is_some() {
            choose_next();
        }
    });
}

/// Id of the step chosen in the chart, else of the one the debugger stands in.
pub(super) fn chosen(page: crate::state::Page, fits: impl Fn(&FlowNode) -> bool) -> Option<String> {
    let key = page.node.get().or_else(|| page.workbench.here(page))?;
    page.workbench.graph.with(|graph| {
        let node = graph.as_ref()?.nodes.iter().find(|node| node.key == key)?;
        (!node.id.is_empty() && fits(node)).then(|| node.id.clone())
    })
}

/// What the caret is in, where the chart shows the text as it is.
pub(super) fn at_caret(desk: Desk) -> Option<At> {
    let held = desk.now.try_get_untracked().flatten()?;
    let field = held.field().filter(|_| held.version.get() == held.published.get())?;
    let byte = field.caret();
    desk.page.workbench.graph.with_untracked(|graph| graph.as_ref().map(|graph| at(graph, byte)))
}

/// Ties them together for as long as the panel is there. Gives the edge at the caret.
pub(super) fn follow(desk: Desk) -> RwSignal<Option<String>> {
    let (page, bench) = (desk.page, desk.page.workbench);
    let edge = RwSignal::new(None::<String>);
    // The node that was chosen because the caret is in it: it is not brought into sight once more.
    let by_caret = StoredValue::new(None::<u32>);
    let timer = StoredValue::new_local(None::<TimeoutHandle>);
    let look = move || {
        let Some(found) = at_caret(desk) else { return };
        if edge.try_get_untracked() != Some(found.edge.clone()) {
            edge.try_set(found.edge);
        }
        let here = page.node.get_untracked().or_else(|| untrack(|| bench.here(page)));
        if found.node.is_some() && found.node != here {
            by_caret.try_set_value(found.node);
            page.select_node(found.node);
        }
    };
    Effect::new(move |before: Option<()>| {
        desk.moved.track();
        if before.is_none() {
            return;
        }
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        timer.set_value(set_timeout_with_handle(look, STILL).ok());
    });
    on_cleanup(move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    });
    keep_chosen(desk);
    // The chart: what is chosen there, or where the debugger stands, is marked here.
    let chosen = Memo::new(move |_| {
        let key = page.node.get().or_else(|| bench.here(page))?;
        let place = bench.graph.with(|graph| graph.as_ref()?.nodes.iter().find(|node| node.key == key)?.place)?;
        Some((key, place))
    });
    Effect::new(move |before: Option<Option<u32>>| {
        let now = desk.now.get();
        let field = now.as_deref().and_then(Held::field);
        let chosen = chosen.get();
        if let Some(field) = field {
            match chosen {
                Some((key, place)) => {
                    // Where the debugger comes to stand first does not move the text, and nothing does while somebody types.
                    let led = page.node.get_untracked().is_some() || before.flatten().is_some();
                    let new = led && before.flatten() != Some(key) && by_caret.get_value() != Some(key);
                    let free = !desk.just_led() && !now.as_deref().is_some_and(typing);
                    field.mark(place.start, place.end(), new && free);
                }
                None => field.mark(0, 0, false),
            }
        }
        by_caret.set_value(None);
        chosen.map(|(key, _)| key)
    });
    Effect::new(move |_| {
        let Some(place) = bench.goto.get() else { return };
        if desk.now.with(Option::is_none) {
            return;
        }
        bench.goto.set(None);
        if !page.sizes.get_untracked().bottom_open {
            page.set_sizes(crate::state::Sizes { bottom_open: true, ..page.sizes.get_untracked() });
        }
        desk.go(place.start, false);
    });
    edge
}

#[cfg(test)]
mod tests {
    use super::*;
    use chaindebug_core::protocol::FlowEdge;

    #[test]
    fn the_innermost_step_and_the_edge_at_a_byte() {
        let place = |start, len| Some(Place { file: 0, start, len });
        let node = |key, place| FlowNode { key, place, ..FlowNode::default() };
        let edge = FlowEdge { path: "$.flow.paths[0]".to_owned(), place: place(60, 10), ..FlowEdge::default() };
        let nodes = vec![node(0, None), node(1, place(10, 40)), node(2, place(20, 5)), node(3, place(0, 0))];
        let graph = FlowView { nodes, edges: vec![edge], ..FlowView::default() };
        assert_eq!(at(&graph, 5), At::default());
        assert_eq!(at(&graph, 12).node, Some(1));
        assert_eq!(at(&graph, 22).node, Some(2));
        assert_eq!(at(&graph, 65), At { node: None, edge: Some("$.flow.paths[0]".to_owned()) });
    }
}

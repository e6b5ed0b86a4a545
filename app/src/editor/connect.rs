//! The small dialogs of "Edit on chart": two menus for an edge, a field for a name. Each ends in one change.

use super::desk::Desk;
use super::outgoing::Outgoing;
use crate::shell::dialog::Dialog;
use chaindebug_core::model::NodeKind;
use chaindebug_core::protocol::{Change, FlowEdge, FlowNode, FlowView};
use leptos::prelude::*;

/// What a dialog asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// A new step, behind this one where one is chosen.
    Add(Option<String>),
    /// Another id for this step.
    Rename(String),
    /// An edge from this step.
    Connect(Option<String>, Option<String>),
    /// The edges out of this step: their order, their conditions, and which to remove.
    Edges(String),
}

impl Asked {
    fn title(&self) -> String {
        match self {
            Asked::Add(_) => "Add a step".to_owned(),
            Asked::Rename(id) => format!("Rename {id}"),
            Asked::Connect(..) => "Connect two steps".to_owned(),
            Asked::Edges(id) => format!("Edges out of {id}"),
        }
    }
}

/// Whether a box is a step of the file, and not where runs begin or end.
pub(super) fn declared(node: &FlowNode) -> bool {
    let step = matches!(node.node_kind, Some(NodeKind::Step | NodeKind::Human | NodeKind::Parallel));
    step && !node.id.is_empty()
}

/// Ids of the steps of the chart, in the order of the file.
pub(super) fn steps(graph: &FlowView) -> Vec<String> {
    let mut nodes: Vec<(u64, &str)> = graph
        .nodes
        .iter()
        .filter(|node| declared(node))
        .map(|node| (node.place.map_or(0, |place| place.start), node.id.as_str()))
        .collect();
    nodes.sort_unstable();
    nodes.into_iter().map(|(_, id)| id.to_owned()).collect()
}

/// Whether a line of the chart is an edge of the file, and not the way in.
pub(super) fn written(graph: &FlowView, edge: &FlowEdge) -> bool {
    let from = graph.nodes.iter().find(|node| node.key == edge.from);
    !edge.path.is_empty() && from.is_some_and(|node| node.node_kind != Some(NodeKind::Start))
}

/// Ids an edge may lead to: the steps, and the ends the chart shows.
fn targets(graph: &FlowView) -> Vec<String> {
    let mut all = steps(graph);
    for node in &graph.nodes {
        if node.id.starts_with("end_") && !all.contains(&node.id) {
            all.push(node.id.clone());
        }
    }
    for end in ["end_with_success", "end_with_failure"] {
        if !all.iter().any(|id| id == end) {
            all.push(end.to_owned());
        }
    }
    all
}

fn options(all: &[String], chosen: Option<&String>) -> impl IntoView + use<> {
    let option = |id: &String| view! { <option value=id.clone() selected=Some(id) == chosen>{id.clone()}</option> };
    all.iter().map(option).collect_view()
}

/// The dialog, for whatever is asked.
#[component]
pub(super) fn Ask(asked: RwSignal<Option<Asked>>) -> impl IntoView {
    let title = Signal::derive(move || asked.with(|asked| asked.as_ref().map(Asked::title).unwrap_or_default()));
    view! {
        <Dialog open=Signal::derive(move || asked.with(Option::is_some)) on_close=move || asked.set(None) title class="dialog-form">
            {move || asked.get().map(|what| match what {
                Asked::Add(after) => view! { <Add asked after/> }.into_any(),
                Asked::Rename(id) => view! { <Rename asked id/> }.into_any(),
                Asked::Connect(from, to) => view! { <Connect asked from to/> }.into_any(),
                Asked::Edges(from) => view! { <Outgoing from/> }.into_any(),
            })}
        </Dialog>
    }
}

/// The graph as it is when the dialog opens.
fn graph() -> (Desk, StoredValue<FlowView>) {
    let desk = Desk::get();
    let graph = desk.page.workbench.graph.with_untracked(|graph| graph.as_deref().cloned().unwrap_or_default());
    (desk, StoredValue::new(graph))
}

#[component]
fn Acts(asked: RwSignal<Option<Asked>>, word: &'static str, ready: Signal<bool>) -> impl IntoView {
    view! {
        <div class="acts">
            <button class="primary" type="submit" disabled=move || !ready.get()>{word}</button>
            <button class="edged" type="button" on:click=move |_| asked.set(None)>"Cancel"</button>
        </div>
    }
}

/// A field for an id, and what is wrong with it.
#[component]
fn IdField(label: &'static str, id: RwSignal<String>, wrong: Signal<Option<String>>) -> impl IntoView {
    view! {
        <label class="form-row">
            <span>{label}</span>
            <input class="field code-field" spellcheck="false" autocomplete="off" autofocus prop:value=id on:input=move |event| id.set(event_target_value(&event))/>
        </label>
        <p class="form-note" class:form-warning=move || wrong.get().is_some() aria-live="polite">{move || wrong.get()}</p>
    }
}

fn wrong(id: &str, taken: &[String]) -> Option<String> {
    let id = id.trim();
    if taken.iter().any(|other| other == id) {
        Some(format!("There is a step {id} already."))
    } else if id.starts_with("end_") {
        Some("Names that begin with end_ are the ends of a pipeline.".to_owned())
    } else {
        None
    }
}

#[component]
fn Add(asked: RwSignal<Option<Asked>>, after: Option<String>) -> impl IntoView {
    let (desk, graph) = graph();
    let all = StoredValue::new(graph.with_value(steps));
    let id = RwSignal::new(String::new());
    let behind = RwSignal::new(after.clone().unwrap_or_default());
    let wrong = Signal::derive(move || all.with_value(|all| wrong(&id.get(), all)));
    let ready = Signal::derive(move || !id.get().trim().is_empty() && wrong.get().is_none());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if ready.get_untracked() {
            let after = Some(behind.get_untracked()).filter(|after| !after.is_empty());
            desk.plan(Change::AddStep { id: id.get_untracked().trim().to_owned(), after });
            asked.set(None);
        }
    };
    view! {
        <form class="form" on:submit=submit>
            <IdField label="Id" id wrong/>
            <label class="form-row">
                <span>"After"</span>
                <select class="field" on:change=move |event| behind.set(event_target_value(&event))>
                    <option value="">"no step: connect it later"</option>
                    {all.with_value(|all| options(all, after.as_ref()))}
                </select>
            </label>
            <Acts asked word="Add the step" ready/>
        </form>
    }
}

#[component]
fn Rename(asked: RwSignal<Option<Asked>>, id: String) -> impl IntoView {
    let (desk, graph) = graph();
    let old = StoredValue::new(id.clone());
    let others = StoredValue::new(
        graph.with_value(|graph| steps(graph).into_iter().filter(|one| *one != id).collect::<Vec<_>>()),
    );
    let to = RwSignal::new(id);
    let wrong = Signal::derive(move || others.with_value(|others| wrong(&to.get(), others)));
    let changed = move || old.with_value(|old| to.get().trim() != old);
    let ready = Signal::derive(move || changed() && !to.get().trim().is_empty() && wrong.get().is_none());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if ready.get_untracked() {
            desk.plan(Change::RenameStep { id: old.get_value(), to: to.get_untracked().trim().to_owned() });
            asked.set(None);
        }
    };
    view! {
        <form class="form" on:submit=submit>
            <IdField label="New id" id=to wrong/>
            <p class="form-note">"It changes wherever the file names the step: edges, start, sources of conditions."</p>
            <Acts asked word="Rename" ready/>
        </form>
    }
}

#[component]
fn Connect(asked: RwSignal<Option<Asked>>, from: Option<String>, to: Option<String>) -> impl IntoView {
    let (desk, graph) = graph();
    let (sources, ends) = (graph.with_value(steps), graph.with_value(targets));
    let first =
        |all: &[String], chosen: &Option<String>| chosen.clone().or_else(|| all.first().cloned()).unwrap_or_default();
    let a = RwSignal::new(first(&sources, &from));
    let b = RwSignal::new(first(&ends, &to));
    let ready = Signal::derive(move || !a.get().is_empty() && !b.get().is_empty());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if ready.get_untracked() {
            desk.plan(Change::Connect { from: a.get_untracked(), to: b.get_untracked(), condition: None });
            asked.set(None);
        }
    };
    view! {
        <form class="form" on:submit=submit>
            <label class="form-row">
                <span>"From"</span>
                <select class="field" on:change=move |event| a.set(event_target_value(&event))>{options(&sources, Some(&a.get_untracked()))}</select>
            </label>
            <label class="form-row">
                <span>"To"</span>
                <select class="field" on:change=move |event| b.set(event_target_value(&event))>{options(&ends, Some(&b.get_untracked()))}</select>
            </label>
            <p class="form-note">"The edge is always taken. The condition builder gives it a condition."</p>
            <Acts asked word="Connect" ready/>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chaindebug_core::{model::Place, protocol::FlowNode};

    #[test]
    fn what_an_edge_can_join() {
        let node = |id: &str, start| FlowNode {
            id: id.to_owned(),
            node_kind: Some(NodeKind::Step),
            place: Some(Place { file: 0, start, len: 1 }),
            ..FlowNode::default()
        };
        let end = FlowNode { id: "end_with_success".to_owned(), ..FlowNode::default() };
        let start = FlowNode { node_kind: Some(NodeKind::Start), ..node("START", 1) };
        let graph = FlowView { nodes: vec![start, node("b", 9), end, node("a", 2)], ..FlowView::default() };
        assert_eq!(steps(&graph), ["a", "b"]);
        assert_eq!(targets(&graph), ["a", "b", "end_with_success", "end_with_failure"]);
        assert!(wrong("a", &steps(&graph)).is_some());
        assert!(wrong("end_x", &[]).is_some());
        assert_eq!(wrong("c", &steps(&graph)), None);
    }
}

//! One condition as a form: what to read, how to compare, and with what. It offers only what the engine evaluates, and
//! writes through the engine, so that nothing else of the edge changes.

use super::condition::{as_json, caution, kind, when_missing, words, written_in};
use super::connect::written;
use super::desk::Desk;
use crate::shell::dialog::Dialog;
use crate::widgets::prose::Prose;
use chaindebug_core::protocol::{Answer, Change, ConditionDraft, ConditionForm, FlowEdge, FlowView, Request};
use leptos::{prelude::*, task::spawn_local};

/// An edge that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Edge {
    path: String,
    from: String,
    to: String,
    label: String,
    place: (u64, u64),
}

fn edges(graph: &FlowView) -> Vec<Edge> {
    let name = |key: u32| {
        let node = graph.nodes.iter().find(|node| node.key == key);
        node.map(|node| if node.id.is_empty() { node.label.clone() } else { node.id.clone() }).unwrap_or_default()
    };
    let edge = |edge: &FlowEdge| Edge {
        path: edge.path.clone(),
        from: name(edge.from),
        to: name(edge.to),
        label: edge.label.clone(),
        place: edge.place.map_or((0, 0), |place| (place.start, place.end())),
    };
    let mut all: Vec<Edge> = graph.edges.iter().filter(|edge| written(graph, edge)).map(edge).collect();
    all.sort_by_key(|edge| edge.place);
    // One edge of the file may be drawn in several pieces.
    all.dedup_by(|a, b| a.path == b.path);
    all
}

/// The dialog.
#[component]
pub(super) fn Builder(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// JSON path of the edge at the caret, which is chosen first.
    at_caret: RwSignal<Option<String>>,
) -> impl IntoView {
    view! {
        <Dialog open on_close=move || open.set(false) title=Signal::derive(|| "Condition builder".to_owned()) class="dialog-form">
            <Fields open at_caret/>
        </Dialog>
    }
}

/// The form: made anew each time the dialog opens.
#[component]
fn Fields(open: RwSignal<bool>, at_caret: RwSignal<Option<String>>) -> impl IntoView {
    let desk = Desk::get();
    let bench = desk.page.workbench;
    let all = StoredValue::new(
        bench.graph.with_untracked(|graph| graph.as_ref().map(|graph| edges(graph)).unwrap_or_default()),
    );
    // The edge at the caret, else the first that leaves the step chosen.
    let first = all.with_value(|all| {
        let caret = at_caret.get_untracked();
        let node = desk.page.node.get_untracked();
        let id = bench.graph.with_untracked(|graph| {
            graph.as_ref()?.nodes.iter().find(|one| Some(one.key) == node).map(|one| one.id.clone())
        });
        let at = all.iter().position(|edge| Some(&edge.path) == caret.as_ref());
        at.or_else(|| all.iter().position(|edge| Some(&edge.from) == id.as_ref())).unwrap_or(0)
    });
    let chosen = RwSignal::new(first);
    let edge = move || all.with_value(|all| all.get(chosen.get()).cloned());
    let conditional = RwSignal::new(false);
    let source = RwSignal::new(String::new());
    let operator = RwSignal::new(String::new());
    let value = RwSignal::new(String::new());
    let ignored = RwSignal::new(String::new());
    let form = RwSignal::new(ConditionForm::default());
    let newest = crate::engine::Newest::new();
    Effect::new(move |_| {
        let Some(edge) = edge() else { return };
        let found = desk.slice(edge.place.0, edge.place.1).map(|text| written_in(&text)).unwrap_or_default();
        conditional.set(found.draft.is_some());
        ignored.set(found.ignored);
        let draft = found.draft.unwrap_or(ConditionDraft {
            source: String::new(),
            operator: String::new(),
            value: String::new(),
        });
        source.set(draft.source);
        operator.set(draft.operator);
        value.set(draft.value);
        let turn = newest.begin();
        spawn_local(async move {
            let Some(of) = bench.bench.get_untracked() else { return };
            let target = bench.target.get_untracked();
            let request = Request::ConditionForm { pipeline: of.pipeline, from: edge.from, target };
            if let Ok(Answer::ConditionForm(view)) = desk.page.ask_of(of.group, request).await
                && newest.is(turn)
            {
                if operator.try_get_untracked().is_some_and(|now| now.is_empty())
                    && let Some(first) = view.operators.first()
                {
                    operator.set(first.clone());
                }
                form.set(view);
            }
        });
    });
    let draft = move || {
        conditional.get().then(|| ConditionDraft {
            source: source.get().trim().to_owned(),
            operator: operator.get(),
            value: as_json(&value.get()),
        })
    };
    let known = move || {
        let source = source.get();
        form.with(|form| form.sources.iter().find(|(name, ..)| *name == source.trim()).cloned())
    };
    let about = move || {
        let typed = source.get();
        if typed.trim().is_empty() {
            return view! { <p class="form-note">"A name of the state, e.g. one a step before it wrote."</p> }
                .into_any();
        }
        match known() {
            Some((_, who, example)) if example.is_empty() => {
                view! { <p class="form-note"><Prose text=who/></p> }.into_any()
            }
            Some((_, who, example)) => view! {
                <p class="form-note"><Prose text=format!("{who}, e.g. `{example}`")/></p>
            }
            .into_any(),
            None => {
                let then = draft().map_or("the edge is never taken", |draft| when_missing(&draft));
                view! {
                    <p class="form-note form-warning"><span aria-hidden="true">"▲ "</span>{format!("No step before this edge is known to write it. Where nothing does, {then}.")}</p>
                }.into_any()
            }
        }
    };
    let operators = move || {
        let now = operator.get();
        let mut all = form.with(|form| form.operators.clone());
        let foreign = !now.is_empty() && !all.contains(&now);
        if foreign {
            all.insert(0, now.clone());
        }
        let option = |one: String| {
            let unknown = foreign && one == now;
            let words = if unknown {
                format!("{one} (never true: the engine does not know it)")
            } else {
                one.replace('_', " ")
            };
            let selected = one == now;
            view! { <option value=one.clone() selected=selected>{words}</option> }
        };
        all.into_iter().map(option).collect_view()
    };
    let ready = move || {
        edge().is_some()
            && draft().is_none_or(|draft| {
                !draft.source.is_empty() && form.with(|form| form.operators.contains(&draft.operator))
            })
    };
    let write = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(edge) = edge() else { return };
        if ready() {
            desk.plan(Change::SetCondition { edge: edge.path, condition: draft() });
            open.set(false);
        }
    };
    let options = all.with_value(|all| {
        let option = |(index, edge): (usize, &Edge)| {
            let label = if edge.label.is_empty() { String::new() } else { format!(": {}", edge.label) };
            view! { <option value=index.to_string() selected=index == first>{format!("{} → {}{label}", edge.from, edge.to)}</option> }
        };
        all.iter().enumerate().map(option).collect_view()
    });
    if all.with_value(Vec::is_empty) {
        return view! { <p class="nothing">"This pipeline has no edge yet. Connect two steps first."</p> }.into_any();
    }
    view! {
        <form class="form" on:submit=write>
            <label class="form-row">
                <span>"Edge"</span>
                <select class="field" on:change=move |event| chosen.set(event_target_value(&event).parse().unwrap_or(0))>{options}</select>
            </label>
            {move || ignored.with(|text| (!text.is_empty()).then(|| view! {
                <p class="form-note form-warning"><span aria-hidden="true">"▲ "</span><Prose text=text.clone()/></p>
            }))}
            <fieldset class="form-row">
                <legend>"Taken"</legend>
                <label><input type="radio" name="taken" prop:checked=move || !conditional.get() on:change=move |_| conditional.set(false)/>" always"</label>
                <label><input type="radio" name="taken" prop:checked=move || conditional.get() on:change=move |_| conditional.set(true)/>" when"</label>
            </fieldset>
            <Show when=move || conditional.get()>
                <label class="form-row">
                    <span>"Source"</span>
                    <input class="field code-field" list="condition-sources" spellcheck="false" autocomplete="off" prop:value=source on:input=move |event| source.set(event_target_value(&event))/>
                </label>
                <datalist id="condition-sources">
                    {move || form.with(|form| form.sources.iter().map(|(name, who, _)| view! { <option value=name.clone()>{who.clone()}</option> }).collect_view())}
                </datalist>
                {about}
                <label class="form-row">
                    <span>"Operator"</span>
                    <select class="field" on:change=move |event| operator.set(event_target_value(&event))>{operators}</select>
                </label>
                <label class="form-row">
                    <span>"Value"</span>
                    <input class="field code-field" spellcheck="false" autocomplete="off" prop:value=value on:input=move |event| value.set(event_target_value(&event))/>
                </label>
                <p class="form-note">{move || {
                    let json = as_json(&value.get());
                    view! { <Prose text=format!("Written as `{json}`, {}.", kind(&json))/> }
                }}</p>
                {move || draft().map(|draft| caution(&draft)).filter(|text| !text.is_empty()).map(|text| view! { <p class="form-note"><Prose text/></p> })}
            </Show>
            <p class="form-preview" aria-live="polite">{move || edge().map(|edge| view! { <Prose text=words(&edge.from, &edge.to, draft().as_ref())/> })}</p>
            <div class="acts">
                <button class="primary" type="submit" disabled=move || !ready()>"Write the condition"</button>
                <button class="edged" type="button" on:click=move |_| open.set(false)>"Cancel"</button>
            </div>
        </form>
    }
    .into_any()
}

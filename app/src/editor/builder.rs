//! One condition as a form: what to read, how to compare, and with what. It offers only what the engine evaluates, and
//! writes through the engine, so that nothing else of the edge changes.

use super::connect::written;
use super::desk::Desk;
use crate::shell::dialog::Dialog;
use crate::widgets::prose::Prose;
use chaindebug_core::protocol::{Answer, Change, ConditionDraft, ConditionForm, FlowEdge, FlowView, Request};
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;

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

/// What the condition of an edge's text says now, where it is of the kind this form writes.
fn draft_in(text: &str) -> Option<ConditionDraft> {
    let edge: Value = serde_json::from_str(text).ok()?;
    let condition = edge.get("condition")?;
    let config = condition.get("config").filter(|config| config.is_object()).unwrap_or(condition);
    Some(ConditionDraft {
        source: config.get("source")?.as_str()?.to_owned(),
        operator: config.get("operator")?.as_str()?.to_owned(),
        value: config.get("value").map(Value::to_string).unwrap_or_default(),
    })
}

/// What somebody typed as JSON: a word that is no JSON is taken as text.
fn as_json(typed: &str) -> String {
    match serde_json::from_str::<Value>(typed) {
        Ok(_) => typed.trim().to_owned(),
        Err(_) => Value::String(typed.to_owned()).to_string(),
    }
}

/// What kind of value it is, in a word.
fn kind(json: &str) -> &'static str {
    match serde_json::from_str::<Value>(json) {
        Ok(Value::Null) => "null",
        Ok(Value::Bool(_)) => "true or false",
        Ok(Value::Number(_)) => "number",
        Ok(Value::String(_)) => "text",
        Ok(Value::Array(_)) => "list",
        Ok(Value::Object(_)) => "object",
        Err(_) => "no JSON",
    }
}

/// The condition in words, with code between backticks.
fn words(edge: &Edge, draft: Option<&ConditionDraft>) -> String {
    match draft {
        None => format!("`{}` always goes on to `{}`.", edge.from, edge.to),
        Some(draft) => {
            let operator = draft.operator.replace('_', " ");
            let value = if draft.value.is_empty() { String::new() } else { format!(" `{}`", draft.value) };
            format!("`{}` goes on to `{}` when `{}` {operator}{value}.", edge.from, edge.to, draft.source)
        }
    }
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
    let form = RwSignal::new(ConditionForm::default());
    let newest = crate::engine::Newest::new();
    Effect::new(move |_| {
        let Some(edge) = edge() else { return };
        let draft = desk.slice(edge.place.0, edge.place.1).and_then(|text| draft_in(&text));
        conditional.set(draft.is_some());
        let draft =
            draft.unwrap_or(ConditionDraft { source: String::new(), operator: String::new(), value: String::new() });
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
            Some((_, who, example)) if example.is_empty() => view! { <p class="form-note"><Prose text=who/></p> }.into_any(),
            Some((_, who, example)) => view! {
                <p class="form-note"><Prose text=format!("{who}, e.g. `{example}`")/></p>
            }.into_any(),
            None => view! {
                <p class="form-note form-warning"><span aria-hidden="true">"▲ "</span>"No step before this edge is known to write it: then the edge is never taken."</p>
            }.into_any(),
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
            let ignored = foreign && one == now;
            let words = if ignored { format!("{one} (the engine ignores it)") } else { one.replace('_', " ") };
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
            </Show>
            <p class="form-preview" aria-live="polite">{move || edge().map(|edge| view! { <Prose text=words(&edge, draft().as_ref())/> })}</p>
            <div class="acts">
                <button class="primary" type="submit" disabled=move || !ready()>"Write the condition"</button>
                <button class="edged" type="button" on:click=move |_| open.set(false)>"Cancel"</button>
            </div>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_read_where_it_is_one_of_this_form() {
        let text = r#"{"from":"a","condition":{"type":"expression","config":{"source":"x.y","operator":"equals","value":9007199254740993}}}"#;
        let draft = draft_in(text).unwrap();
        assert_eq!(
            (draft.source.as_str(), draft.operator.as_str(), draft.value.as_str()),
            ("x.y", "equals", "9007199254740993")
        );
        assert_eq!(draft_in(r#"{"condition":{"type":"always"}}"#), None);
        assert_eq!(draft_in("{"), None);
    }

    #[test]
    fn a_word_that_is_no_json_is_text() {
        assert_eq!(as_json("approve"), "\"approve\"");
        assert_eq!(as_json(" 3 "), "3");
        assert_eq!(as_json("\"3\""), "\"3\"");
        assert_eq!(kind("[1]"), "list");
        assert_eq!(kind(&as_json("")), "text");
    }

    #[test]
    fn the_condition_in_words() {
        let edge = Edge { path: String::new(), from: "a".into(), to: "b".into(), label: String::new(), place: (0, 0) };
        assert_eq!(words(&edge, None), "`a` always goes on to `b`.");
        let draft = ConditionDraft { source: "n".into(), operator: "greater_than".into(), value: "2".into() };
        assert_eq!(words(&edge, Some(&draft)), "`a` goes on to `b` when `n` greater than `2`.");
    }
}

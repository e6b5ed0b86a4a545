//! What stands in for a step's code, edited in place: generated, a value, values in turn, an error.

use super::fields::JsonField;
use super::json;
use super::state::Workbench;
use crate::state::Page;
use chaindebug_core::protocol::Mock;
use leptos::prelude::*;

/// Errors that steps raise in practice; any other name can be typed.
const ERRORS: &[&str] = &[
    "ValueError",
    "RuntimeError",
    "TimeoutError",
    "KeyError",
    "TypeError",
    "ConnectionError",
    "PermissionError",
    "FileNotFoundError",
    "Exception",
];

/// The four ways, with the word on their button.
const WAYS: &[(&str, &str)] =
    &[("generated", "Generated"), ("returns", "Returns"), ("sequence", "In turn"), ("raises", "Raises")];

fn way(mock: &Mock) -> &'static str {
    match mock {
        Mock::Generated => "generated",
        Mock::Returns { .. } => "returns",
        Mock::Sequence { .. } => "sequence",
        Mock::Raises { .. } => "raises",
    }
}

/// The mock after another way was picked: what was written is carried over where it can be.
fn turned(mock: &Mock, way: &str, wrote: &str) -> Mock {
    let value = match mock {
        Mock::Returns { value } => value.clone(),
        Mock::Sequence { values } => values.first().cloned().unwrap_or_default(),
        _ => String::new(),
    };
    let value = [value.as_str(), wrote].into_iter().find(|text| !text.trim().is_empty()).unwrap_or("{}");
    let value = json::pretty(value);
    match way {
        "returns" => Mock::Returns { value },
        "sequence" => Mock::Sequence { values: vec![value] },
        "raises" => Mock::Raises { error: "RuntimeError: the step failed".to_owned() },
        _ => Mock::Generated,
    }
}

/// A mock in one line: a word and, in the file's own letters, what it gives.
pub(super) fn words(mock: &Mock) -> (&'static str, String) {
    match mock {
        Mock::Generated => ("generated", String::new()),
        Mock::Returns { value } => ("returns", json::glimpse(value, 60)),
        Mock::Sequence { values } => {
            let each: Vec<String> = values.iter().take(4).map(|value| json::glimpse(value, 24)).collect();
            let more = if values.len() > 4 { ", …" } else { "" };
            ("in turn", format!("{}{more}", each.join(", then ")))
        }
        Mock::Raises { error } => ("raises", error.clone()),
    }
}

/// The editor of one step's mock.
#[component]
pub(super) fn MockEditor(
    /// Id of the step.
    step: String,
    /// What the step wrote in the newest run as JSON, else empty: what a value begins with.
    wrote: Signal<String>,
) -> impl IntoView {
    let bench = Page::get().workbench;
    let step = StoredValue::new(step);
    let mock = Memo::new(move |_| step.with_value(|step| bench.mock(step)));
    let way_now = Memo::new(move |_| mock.with(way));
    let set = move |mock: Mock| step.with_value(|step| bench.set_mock(step, mock));
    let name = step.with_value(|step| format!("how-{step}"));
    let ways = WAYS.iter().map(|&(id, word)| {
        view! {
            <label class="seg-item">
                <input
                    type="radio"
                    name=name.clone()
                    value=id
                    prop:checked=move || way_now.get() == id
                    on:change=move |_| set(turned(&mock.get_untracked(), id, &wrote.get_untracked()))
                />
                <span>{word}</span>
            </label>
        }
    });
    view! {
        <div class="bench-mock">
            <div class="seg" role="radiogroup" aria-label=step.with_value(|step| format!("What stands in for {step}"))>{ways.collect_view()}</div>
            {move || match way_now.get() {
                "returns" => view! { <Returned step=step mock=mock bench=bench/> }.into_any(),
                "sequence" => view! { <InTurn step=step mock=mock bench=bench/> }.into_any(),
                "raises" => view! { <Raised step=step mock=mock bench=bench/> }.into_any(),
                _ => view! {
                    <p class="bench-hint">"A value made from the output that the step declares; " <code class="code">"{}"</code> " where it declares none."</p>
                }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Returned(step: StoredValue<String>, mock: Memo<Mock>, bench: Workbench) -> impl IntoView {
    let value = Signal::derive(move || if let Mock::Returns { value } = mock.get() { value } else { String::new() });
    let change = Callback::new(move |value| step.with_value(|step| bench.set_mock(step, Mock::Returns { value })));
    let label = step.with_value(|step| format!("What {step} returns, as JSON"));
    view! { <JsonField label=label value=value change=change/> }
}

#[component]
fn InTurn(step: StoredValue<String>, mock: Memo<Mock>, bench: Workbench) -> impl IntoView {
    let values = move || if let Mock::Sequence { values } = mock.get() { values } else { Vec::new() };
    let values_now = move || untrack(values);
    let set = move |values: Vec<String>| step.with_value(|step| bench.set_mock(step, Mock::Sequence { values }));
    let count = Memo::new(move |_| values().len());
    let one = move |at: usize| {
        let value = Signal::derive(move || values().get(at).cloned().unwrap_or_default());
        let change = Callback::new(move |text: String| {
            let mut all = values_now();
            if let Some(slot) = all.get_mut(at) {
                *slot = text;
            }
            set(all);
        });
        let remove = move |_| {
            let mut all = values_now();
            if at < all.len() && all.len() > 1 {
                all.remove(at);
            }
            set(all);
        };
        let label = step.with_value(|step| format!("What {step} returns at visit {}, as JSON", at + 1));
        view! {
            <li class="bench-turn">
                <span class="bench-turn-number" aria-hidden="true">{at + 1}</span>
                <JsonField label=label value=value change=change least=1/>
                <button type="button" class="subtle bench-small" aria-label=format!("Remove visit {}", at + 1) title="Remove" disabled=move || count.get() < 2 on:click=remove>"✕"</button>
            </li>
        }
    };
    let add = move |_| {
        let mut all = values_now();
        all.push(all.last().cloned().unwrap_or_else(|| "{}".to_owned()));
        set(all);
    };
    view! {
        <ol class="bench-turns">
            <For each=move || 0..count.get() key=|at| *at children=one/>
        </ol>
        <div class="bench-turns-foot">
            <button type="button" class="edged bench-small" on:click=add>"Add a visit"</button>
            <span class="bench-hint">"Later visits return the last one."</span>
        </div>
    }
}

#[component]
fn Raised(step: StoredValue<String>, mock: Memo<Mock>, bench: Workbench) -> impl IntoView {
    let parts = move || {
        let error = if let Mock::Raises { error } = mock.get() { error } else { String::new() };
        let (kind, message) = error.split_once(':').unwrap_or((error.as_str(), ""));
        (kind.trim().to_owned(), message.strip_prefix(' ').unwrap_or(message).to_owned())
    };
    let set = move |kind: &str, message: &str| {
        let error = if message.is_empty() { kind.to_owned() } else { format!("{kind}: {message}") };
        step.with_value(|step| bench.set_mock(step, Mock::Raises { error }));
    };
    let list = step.with_value(|step| format!("errors-{step}"));
    let label = step.with_value(|step| format!("Type of the error that {step} raises"));
    let says = step.with_value(|step| format!("Message of the error that {step} raises"));
    view! {
        <div class="bench-raises">
            <input
                class="bench-input mono"
                list=list.clone()
                aria-label=label
                spellcheck="false"
                autocomplete="off"
                placeholder="RuntimeError"
                prop:value=move || parts().0
                on:input:target=move |event| set(event.target().value().replace(':', "").trim(), &untrack(parts).1)
            />
            <datalist id=list>{ERRORS.iter().map(|name| view! { <option value=*name></option> }).collect_view()}</datalist>
            <input
                class="bench-input"
                aria-label=says
                autocomplete="off"
                placeholder="message"
                prop:value=move || parts().1
                on:input:target=move |event| set(&untrack(parts).0, &event.target().value())
            />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_carried_over() {
        let value = "{\"score\": 2}".to_owned();
        let returns = Mock::Returns { value: value.clone() };
        let pretty = "{\n  \"score\": 2\n}".to_owned();
        assert_eq!(turned(&returns, "sequence", ""), Mock::Sequence { values: vec![pretty.clone()] });
        assert_eq!(turned(&Mock::Generated, "returns", &value), Mock::Returns { value: pretty });
        assert_eq!(turned(&Mock::Generated, "returns", ""), Mock::Returns { value: "{}".to_owned() });
        assert_eq!(turned(&returns, "generated", ""), Mock::Generated);
    }

    #[test]
    fn a_mock_is_said_in_one_line() {
        let mock = Mock::Sequence { values: vec!["{\"ok\": false}".to_owned(), "{\"ok\": true}".to_owned()] };
        assert_eq!(words(&mock), ("in turn", "{\"ok\": false}, then {\"ok\": true}".to_owned()));
    }
}

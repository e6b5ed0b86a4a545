//! The list of traces that were found: each opens by its name, several by their boxes.

use super::Found;
use super::dialog::Form;
use crate::text::count;
use crate::widgets::format::duration;
use chaindebug_core::model::Nanos;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The name a trace goes by.
fn name_of(found: &Found) -> String {
    match (found.service.as_str(), found.name.as_str()) {
        ("", "") => "trace without a root".to_owned(),
        ("", name) | (name, "") => name.to_owned(),
        (service, name) => format!("{service}: {name}"),
    }
}

/// `2026-11-22 09:15:03` of an RFC 3339 time.
fn when(start: Option<&String>) -> String {
    start.and_then(|text| text.get(..19)).map(|text| text.replace('T', " ")).unwrap_or_default()
}

fn length(milliseconds: Option<f64>) -> String {
    // From a JavaScript number, or divided for display: what does not fit is no length.
    #[allow(clippy::cast_possible_truncation)]
    milliseconds
        .filter(|length| (0.0..1e12).contains(length))
        .map_or_else(|| "not told".to_owned(), |length| duration(Nanos((length * 1e6) as i64)))
}

#[component]
fn Line(form: Form, found: Found) -> impl IntoView {
    let chosen = form.chosen;
    let name = name_of(&found);
    let label = format!("Choose {name}");
    let id = StoredValue::new(found.id.clone());
    let short: String = found.id.chars().take(8).collect();
    let errors = match found.errors {
        Some(0) => view! { <td class="dim">"0"</td> }.into_any(),
        Some(n) => view! { <td class="from-error">{format!("✗ {n}")}</td> }.into_any(),
        None => view! { <td class="dim">"not told"</td> }.into_any(),
    };
    let pick = move |event| {
        let on = event_target_checked(&event);
        chosen.update(|chosen| {
            let id = id.get_value();
            if on {
                chosen.insert(id)
            } else {
                chosen.remove(&id)
            };
        });
    };
    let open = {
        let name = name.clone();
        move |_| form.fetch(vec![(id.get_value(), name.clone())])
    };
    view! {
        <tr>
            <td><input type="checkbox" aria-label=label prop:checked=move || chosen.with(|chosen| chosen.contains(&id.get_value())) on:change=pick/></td>
            <td class="from-name"><button class="link" on:click=open title=found.id.clone()>{name}</button> <span class="dim">{short}</span></td>
            {errors}
            <td class="from-number">{length(found.milliseconds)}</td>
            <td class="from-number">{found.steps.map_or_else(|| "not told".to_owned(), |n| n.to_string())}</td>
            <td>{when(found.start.as_ref())}</td>
        </tr>
    }
}

/// The list.
#[component]
pub(super) fn FoundList(form: Form) -> impl IntoView {
    let chosen = form.chosen;
    let lines = move || {
        form.found.get().map(|found| {
            if found.is_empty() {
                return view! { <p class="nothing">"No trace fits. Try a longer time, fewer tags, or another service."</p> }.into_any();
            }
            let words = format!("{} found. Times are UTC.", count(found.len() as u64, "trace"));
            let lines = found.into_iter().map(|found| view! { <Line form found/> }).collect_view();
            view! {
                <p class="dim">{words}</p>
                <div class="from-scroll" tabindex="0" role="region" aria-label="Traces found">
                    <table class="from-list">
                        <thead><tr>
                            <th><span class="spoken">"Choose"</span></th><th>"Trace"</th><th>"Errors"</th>
                            <th class="from-number">"Took"</th><th class="from-number">"Steps"</th><th>"Began"</th>
                        </tr></thead>
                        <tbody>{lines}</tbody>
                    </table>
                </div>
            }
            .into_any()
        })
    };
    let open = move |_| {
        let wanted = chosen.get_untracked();
        let all = form.found.get_untracked().unwrap_or_default();
        let picked = all.iter().filter(|found| wanted.contains(&found.id));
        form.fetch(picked.map(|found| (found.id.clone(), name_of(found))).collect());
    };
    view! {
        {lines}
        <Show when=move || chosen.with(|chosen| !chosen.is_empty())>
            <div class="acts from-acts">
                <button class="primary" on:click=open>{move || format!("Open {}", count(chosen.with(BTreeSet::len) as u64, "trace"))}</button>
            </div>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_told_is_said() {
        assert_eq!(length(None), "not told");
        assert_eq!(length(Some(f64::NAN)), "not told");
        assert_eq!(length(Some(1500.0)), duration(Nanos(1_500_000_000)));
        assert_eq!(when(Some(&"2026-11-22T09:15:03.5Z".to_owned())), "2026-11-22 09:15:03");
        assert_eq!(when(Some(&"soon".to_owned())), "");
    }
}

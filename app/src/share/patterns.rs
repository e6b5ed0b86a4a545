//! Patterns of somebody's own: names of customers, hosts, whatever no rule can know.

use super::state::Share;
use chaindebug_core::protocol::OwnPattern;
use leptos::prelude::*;

/// The list, and a field for one more.
#[component]
pub(super) fn Patterns() -> impl IntoView {
    let share = Share::get();
    let text = RwSignal::new(String::new());
    let regex = RwSignal::new(false);
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let pattern = OwnPattern { text: text.get_untracked().trim().to_owned(), regex: regex.get_untracked() };
        if !pattern.text.is_empty() && share.patterns.with_untracked(|all| !all.contains(&pattern)) {
            share.patterns.update(|all| all.push(pattern));
        }
        text.set(String::new());
    };
    let one = move |pattern: OwnPattern| {
        let gone = pattern.clone();
        let name = if pattern.regex { format!("/{}/", pattern.text) } else { pattern.text.clone() };
        let label = format!("Do not look for {name}");
        view! {
            <li>
                <code class="code">{name}</code>
                <button
                    type="button"
                    class="subtle"
                    aria-label=label
                    on:click=move |_| share.patterns.update(|all| all.retain(|one| *one != gone))
                >
                    "×"
                </button>
            </li>
        }
    };
    view! {
        <form class="share-pattern" on:submit=add>
            <input
                class="field"
                type="text"
                aria-label="Also replace"
                placeholder="Also replace: a name, a host…"
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
            />
            <label>
                <input type="checkbox" prop:checked=move || regex.get() on:change=move |event| regex.set(event_target_checked(&event))/>
                "regular expression"
            </label>
            <button type="submit" class="edged">"Add"</button>
        </form>
        <ul class="share-patterns" aria-label="Own patterns">
            <For each=move || share.patterns.get() key=|pattern| (pattern.text.clone(), pattern.regex) let:pattern>
                {one(pattern)}
            </For>
        </ul>
    }
}

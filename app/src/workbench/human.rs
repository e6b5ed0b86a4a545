//! What people answer at the steps that wait for them: the step's own form, and the answers given so far.

use super::form::FormFields;
use super::json;
use crate::state::Page;
use chaindebug_core::protocol::{Answer, Form, Request};
use leptos::{prelude::*, task::spawn_local};

/// The answers given at a step, and the form for the next one while the run waits there.
#[component]
pub(super) fn Answers(
    /// Id of the step.
    step: String,
    /// Whether the run waits there now.
    waiting: Signal<bool>,
) -> impl IntoView {
    let page = Page::get();
    let bench = page.workbench;
    let form = RwSignal::new(None::<Form>);
    let step = StoredValue::new(step);
    let draft = RwSignal::new(String::new());
    Effect::new(move |_| {
        let Some(of) = bench.bench.get() else { return };
        let request = Request::Form { pipeline: of.pipeline, step: Some(step.get_value()) };
        spawn_local(async move {
            if let Ok(Answer::Form(found)) = page.ask_of(of.group, request).await {
                let _ = form.try_set(Some(found));
            }
        });
    });
    let given = move || {
        let scenario = bench.scenario().unwrap_or_default();
        let of =
            scenario.answers.into_iter().enumerate().filter(|(_, answer)| step.with_value(|step| answer.step == *step));
        of.map(|(at, answer)| (at, json::glimpse(&answer.value, 70))).collect::<Vec<_>>()
    };
    let send = move |_| {
        let value = draft.get_untracked();
        let value = if value.trim().is_empty() { "{}".to_owned() } else { value };
        draft.set(String::new());
        bench.answer(&step.get_value(), value);
    };
    view! {
        <div class="bench-answers">
            <ul>
                <For each=given key=Clone::clone let:one>
                    <li class="bench-answer">
                        <span>"answered"</span>
                        <code>{one.1.clone()}</code>
                        <button type="button" class="link" title="The run pauses here again" on:click=move |_| bench.take_back(one.0)>"take back"</button>
                    </li>
                </For>
            </ul>
            <Show when=move || waiting.get() && form.with(Option::is_some)>
                <div class="bench-ask">
                    {move || form.get().map(|form| {
                        let title = if form.title.is_empty() { "A person is asked here".to_owned() } else { form.title.clone() };
                        view! {
                            <p class="bench-ask-title">{title}</p>
                            {(!form.description.is_empty()).then(|| view! { <p class="bench-hint">{form.description.clone()}</p> })}
                        }
                    })}
                    <FormFields
                        form=Signal::derive(move || form.get().unwrap_or_default())
                        value=draft
                        change=Callback::new(move |text| draft.set(text))
                        prefix="answer"
                    />
                    <button type="button" class="primary bench-answer-go" on:click=send>"Answer and go on"</button>
                    {move || form.get().filter(|form| !form.note.is_empty()).map(|form| view! { <p class="bench-hint">{form.note}</p> })}
                </div>
            </Show>
        </div>
    }
}

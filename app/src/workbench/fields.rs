//! Fields for JSON: what is typed is kept while it is not JSON yet, with the fault said below it.

use super::json;
use leptos::prelude::*;

/// A text that is being typed over a value, as long as the value is the one it began with.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    value: Signal<String>,
    typed: RwSignal<Option<(String, String)>>,
}

impl Draft {
    pub(super) fn new(value: Signal<String>) -> Draft {
        Draft { value, typed: RwSignal::new(None) }
    }

    /// What the field shows; `plain` is how the value reads there.
    pub(super) fn text(self, plain: impl Fn(&str) -> String) -> String {
        let value = self.value.get();
        self.typed.with(|typed| match typed {
            Some((of, text)) if *of == value => text.clone(),
            _ => plain(&value),
        })
    }

    /// Whether what is typed is not taken over.
    pub(super) fn open(self) -> bool {
        let value = self.value.get();
        self.typed.with(|typed| typed.as_ref().is_some_and(|(of, _)| *of == value))
    }

    /// Keeps what was typed without taking it over.
    pub(super) fn hold(self, text: String) {
        self.typed.set(Some((self.value.get_untracked(), text)));
    }

    /// What was typed became the value.
    pub(super) fn done(self) {
        self.typed.set(None);
    }
}

/// How many lines a field should have for a text.
fn lines(text: &str, least: usize) -> String {
    text.lines().take(12).count().clamp(least, 12).to_string()
}

/// A field for any JSON value.
#[component]
pub(super) fn JsonField(
    /// Its name for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// The value.
    #[prop(into)]
    value: Signal<String>,
    /// Called with each text that is JSON.
    change: Callback<String>,
    /// Whether it may be empty.
    #[prop(optional)]
    optional: bool,
    /// The id, for a label that stands elsewhere.
    #[prop(optional, into)]
    id: String,
    /// Lines at least.
    #[prop(default = 2)]
    least: usize,
    /// What stands there while it is empty.
    #[prop(default = "{}")]
    placeholder: &'static str,
) -> impl IntoView {
    let draft = Draft::new(value);
    let text = move || draft.text(str::to_owned);
    let fault = Memo::new(move |_| {
        let text = text();
        if draft.open() && !(optional && text.trim().is_empty()) { json::fault(&text) } else { None }
    });
    let typed = move |text: String| {
        if (optional && text.trim().is_empty()) || json::fault(&text).is_none() {
            draft.done();
            change.run(text);
        } else {
            draft.hold(text);
        }
    };
    view! {
        <div class="bench-json" class:wrong=move || fault.with(Option::is_some)>
            <textarea
                id=(!id.is_empty()).then_some(id)
                class="bench-input mono"
                spellcheck="false"
                autocapitalize="off"
                rows=move || lines(&text(), least)
                placeholder=placeholder
                aria-label=move || label.get()
                aria-invalid=move || fault.with(Option::is_some).to_string()
                prop:value=text
                on:input:target=move |event| typed(event.target().value())
            ></textarea>
            {move || fault.get().map(|fault| view! { <p class="bench-fault" role="alert">{fault}</p> })}
        </div>
    }
}

//! The changes, grouped by the part of the definition they are about, and what is only written differently.

use crate::state::Page;
use crate::text::count;
use crate::widgets::prose::Prose;
use chaindebug_core::protocol::{Both, PipelineChange, PipelinePart, Sign};
use leptos::prelude::*;

/// The groups, in their order.
const PARTS: [(PipelinePart, &str); 4] = [
    (PipelinePart::Pipeline, "The pipeline as a whole"),
    (PipelinePart::Parameter, "Parameters"),
    (PipelinePart::Step, "Steps"),
    (PipelinePart::Edge, "Edges"),
];

/// What a sign is in a word, with the character and the word the style sheet knows.
fn words(sign: Sign) -> (&'static str, &'static str, &'static str) {
    match sign {
        Sign::Same => ("=", "same", "same"),
        Sign::Changed => ("≠", "changed", "changed"),
        Sign::OnlyA => ("A", "removed", "only-a"),
        Sign::OnlyB => ("B", "added", "only-b"),
    }
}

/// The list.
#[component]
pub(super) fn ChangeList() -> impl IntoView {
    let changes = Page::get().changes;
    let groups = move || {
        let view = changes.view.get()?;
        let group = |(part, title): (PipelinePart, &'static str)| {
            let of: Vec<PipelineChange> = view.changes.iter().filter(|change| change.part == part).cloned().collect();
            (!of.is_empty()).then(|| {
                let number = count(of.len() as u64, "change");
                let lines = of.into_iter().map(|change| view! { <Change change/> }).collect_view();
                view! {
                    <section class="changes-group">
                        <h2>{title}" "<span class="chip">{number}</span></h2>
                        <ul class="changes-list">{lines}</ul>
                    </section>
                }
            })
        };
        let spelling = (!view.spelling.is_empty()).then(|| {
            let lines = view.spelling.iter().map(|line| view! { <li><Prose text=line.clone()/></li> }).collect_view();
            view! {
                <section class="changes-group">
                    <h2>"Written differently, and the same"</h2>
                    <ul class="changes-spelling">{lines}</ul>
                </section>
            }
        });
        let none = (view.changes.is_empty() && view.spelling.is_empty())
            .then(|| view! { <p class="nothing">"Nothing was changed."</p> });
        Some(view! { {PARTS.into_iter().map(group).collect_view()} {spelling} {none} })
    };
    view! { <div class="changes-column">{groups}</div> }
}

#[component]
fn Change(change: PipelineChange) -> impl IntoView {
    let (character, word, sign) = words(change.sign);
    let name = (!change.name.is_empty()).then(|| view! { <code class="code">{change.name.clone()}</code> });
    let before = (!change.name_a.is_empty())
        .then(|| view! { <span class="dim">" in A: "<code class="code">{change.name_a.clone()}</code></span> });
    // What is short stands in the sentence already.
    let told = |value: &Option<String>| value.as_ref().is_none_or(|value| change.what.contains(value));
    let more = change.values.iter().any(|(_, both)| !told(&both.a) || !told(&both.b));
    let values = more.then(|| {
        let lines = change.values.iter().map(|(path, both)| view! { <Value path=path.clone() both=both.clone()/> });
        view! { <dl class="changes-values">{lines.collect_view()}</dl> }
    });
    view! {
        <li class="change" data-sign=sign>
            <p class="change-line">
                <span class="sign" data-sign=sign aria-hidden="true">{character}</span>
                <b class="change-word">{word}</b>
                {name}
                {before}
            </p>
            {(!change.what.is_empty()).then(|| view! { <p class="change-what"><Prose text=change.what.clone()/></p> })}
            {values}
        </li>
    }
}

/// A value on both sides.
#[component]
fn Value(path: String, both: Both<String>) -> impl IntoView {
    let side = |letter: &'static str, sign: &'static str, value: Option<String>| {
        value.map(|value| {
            view! {
                <dd class="change-value" data-sign=sign>
                    <span class="change-letter">{letter}</span>
                    <code>{value}</code>
                </dd>
            }
        })
    };
    view! {
        <dt>{if path.is_empty() { "value".to_owned() } else { path }}</dt>
        {side("A", "only-a", both.a)}
        {side("B", "only-b", both.b)}
    }
}

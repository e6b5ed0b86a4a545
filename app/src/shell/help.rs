//! The table of keys, as `keys` has it.

use super::dialog::Dialog;
use crate::keys::{ELSEWHERE, TABLE};
use crate::state::Page;
use leptos::prelude::*;

/// The dialog. Stands once in the page.
#[component]
pub(super) fn Help() -> impl IntoView {
    let page = Page::get();
    let part = |title: &'static str, lines: Vec<(Vec<String>, &'static str)>| {
        let lines = lines
            .into_iter()
            .map(|(keys, words)| {
                view! {
                    <div class="keys-line">
                        <dt>{keys.into_iter().map(|key| view! { <kbd>{key}</kbd> }).collect_view()}</dt>
                        <dd>{words}</dd>
                    </div>
                }
            })
            .collect_view();
        view! { <section class="keys-part"><h3>{title}</h3><dl>{lines}</dl></section> }
    };
    view! {
        <Dialog open=page.help on_close=move || page.help.set(false) title="Keys">
            <div class="keys">
                {TABLE.iter().map(|section| {
                    let lines = section.bindings.iter();
                    let lines = lines.map(|b| (b.keys.iter().map(|key| key.label()).collect(), b.words));
                    part(section.title, lines.collect())
                }).collect_view()}
                {part("Elsewhere", ELSEWHERE.iter().map(|(keys, words)| (vec![(*keys).to_owned()], *words)).collect())}
            </div>
            <p class="dim">"On a Mac, ⌘ stands for Ctrl."</p>
        </Dialog>
    }
}

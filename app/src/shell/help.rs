//! Help: its menu in the top bar, and the table of keys, as `keys` has it.

use super::dialog::Dialog;
use super::menu::{Menu, MenuOpen};
use crate::keys::{ELSEWHERE, TABLE};
use crate::learn::{Learn, MEND, TOUR, WinList};
use crate::state::Page;
use leptos::prelude::*;

/// The menu of what helps.
#[component]
pub(super) fn HelpMenu() -> impl IntoView {
    view! {
        <Menu class="menu-help" label="Help" button=ViewFn::from(|| "?")>
            <HelpPanel/>
        </Menu>
    }
}

#[component]
fn HelpPanel() -> impl IntoView {
    let (page, learn) = (Page::get(), Learn::get());
    let MenuOpen(open) = expect_context::<MenuOpen>();
    let item = move |words: Signal<String>, key: &'static str, pick: Callback<()>| {
        let pick = move |_| {
            open.set(false);
            pick.run(());
        };
        let key = (!key.is_empty()).then(|| view! { <kbd>{key}</kbd> });
        view! { <li><button class="menu-item" on:click=pick>{words} {key}</button></li> }
    };
    let lessons = Learn::offered().then(|| {
        [TOUR, MEND].map(|lesson| {
            item(Signal::derive(move || learn.offer(lesson)), "", Callback::new(move |()| learn.start(lesson)))
        })
    });
    view! {
        <ul class="menu-list">
            {item("Keys".to_owned().into(), "?", Callback::new(move |()| page.help.set(true)))}
            {lessons.map(|lessons| lessons.into_iter().collect_view())}
            {item("Say what is wrong or missing…".to_owned().into(), "", Callback::new(move |()| learn.feedback.set(true)))}
        </ul>
        <div class="menu-wins"><WinList/></div>
    }
}

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

//! The menu of open documents, and the ways to open more.

use super::menu::{Menu, MenuOpen};
use crate::install::InstallItem;
use crate::intake::{open_file_dialog, open_folder_dialog, paste_from_clipboard};
use crate::open_from::OpenFrom;
use crate::reading::{Asked, Reading};
use crate::state::Page;
use chaindebug_core::protocol::DocumentView;
use leptos::prelude::*;
use std::sync::Arc;

/// One line of the menu.
#[derive(Clone)]
struct Entry {
    group: u32,
    document: u32,
    view: Option<Arc<DocumentView>>,
    crashed: Option<String>,
}

fn entries(page: Page) -> Vec<Entry> {
    let dry = page.workbench.dry.get();
    page.groups.with(|groups| {
        let mut entries = Vec::new();
        for group in groups {
            if group.trouble.is_some() && group.documents.is_empty() {
                let name = group.inputs.first().map_or_else(String::new, |input| input.name.clone());
                entries.push(Entry { group: group.id, document: 0, view: None, crashed: Some(name) });
            }
            for view in group.documents.iter().filter(|view| !dry.contains(&(group.id, view.document))) {
                let crashed = group.trouble.as_ref().map(|_| view.file.clone());
                entries.push(Entry { group: group.id, document: view.document, view: Some(view.clone()), crashed });
            }
        }
        entries
    })
}

/// `3 runs · 240 steps · 2 errors`, or what there is instead.
fn summary(document: &DocumentView) -> String {
    let steps: u64 = document.runs.iter().map(|run| u64::from(run.steps)).sum();
    let errors: u64 = document.runs.iter().map(|run| u64::from(run.errors)).sum();
    let mut parts = Vec::new();
    let count = |n: u64, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    if document.runs.len() > 1 {
        parts.push(count(document.runs.len() as u64, "run"));
    }
    if !document.runs.is_empty() {
        parts.push(count(steps, "step"));
    }
    if errors > 0 {
        parts.push(count(errors, "error"));
    }
    if !document.pipelines.is_empty() {
        parts.push(count(document.pipelines.len() as u64, "pipeline"));
    }
    if parts.is_empty() {
        parts.push("nothing could be read".to_owned());
    }
    if !document.label.is_empty() {
        parts.push(document.label.clone());
    }
    parts.join(" · ")
}

#[component]
fn Line(entry: Entry) -> impl IntoView {
    let page = Page::get();
    let desk = crate::editor::Desk::get();
    let MenuOpen(open) = expect_context::<MenuOpen>();
    let Entry { group, document, view, crashed } = entry;
    let name = view.as_ref().map(|view| view.file.clone()).or(crashed.clone()).unwrap_or_default();
    let what = view.as_ref().map_or(crate::state::What::Nothing, |view| crate::state::first_of(view));
    let detail = match (&crashed, &view) {
        (Some(_), _) => "the engine crashed".to_owned(),
        (None, Some(view)) => summary(view),
        (None, None) => String::new(),
    };
    let current = move || page.subject.get().is_some_and(|s| s.group == group && s.document == document);
    let close_name = format!("Close {name}");
    view! {
        <li class="menu-line">
            <button
                class="menu-item"
                aria-current=move || current().then_some("true")
                on:click=move |_| {
                    open.set(false);
                    if !current() {
                        page.show(group, document, what);
                    }
                }
            >
                <span class="menu-name">{name}</span>
                <span class="menu-detail">{detail}</span>
            </button>
            <button
                class="subtle menu-close"
                aria-label=close_name.clone()
                title=close_name
                on:click=move |_| {
                    if desk.may_close(group, document) {
                        page.close_document(group, document);
                    }
                }
            >
                "×"
            </button>
        </li>
    }
}

/// The menu.
#[component]
pub(super) fn FilesMenu() -> impl IntoView {
    let page = Page::get();
    let name = Memo::new(move |_| {
        let shown = page.document.with(|document| document.as_ref().map(|document| document.file.clone()));
        shown.unwrap_or_else(|| match page.groups.with(Vec::len) {
            0 => "Open".to_owned(),
            1 => "1 open".to_owned(),
            n => format!("{n} open"),
        })
    });
    let short = move || {
        let name = name.get();
        name.rsplit('/').next().unwrap_or(&name).to_owned()
    };
    let button = ViewFn::from(move || view! { <span class="menu-title">{short}</span> });
    view! {
        <Menu class="menu-files" label=Signal::derive(move || format!("File: {}", name.get())) button>
            <FilesPanel/>
        </Menu>
    }
}

#[component]
fn FilesPanel() -> impl IntoView {
    let page = Page::get();
    let (reading, from) = (Reading::get(), OpenFrom::get());
    let MenuOpen(open) = expect_context::<MenuOpen>();
    let pick = move |what: fn(Page)| {
        move |_| {
            open.set(false);
            what(page);
        }
    };
    view! {
        <ul class="menu-list">
            <For
                each=move || entries(page)
                key=|entry| (entry.group, entry.document, entry.view.as_ref().map(Arc::as_ptr).map(|p| p as usize), entry.crashed.is_some())
                children=|entry| view! { <Line entry/> }
            />
        </ul>
        <ul class="menu-list menu-actions">
            <Show when=move || page.document.with(Option::is_some)>
                <li><button class="menu-item" on:click=move |_| {
                    open.set(false);
                    reading.ask(Asked::Verdict);
                }>"How this file was read…"</button></li>
            </Show>
            <li><button class="menu-item" on:click=pick(|_| open_file_dialog())>"Open file…" <kbd>"Ctrl O"</kbd></button></li>
            <li><button class="menu-item" on:click=pick(|_| open_folder_dialog())>"Open folder…"</button></li>
            <li><button class="menu-item" on:click=pick(paste_from_clipboard)>"Paste text" <kbd>"Ctrl V"</kbd></button></li>
            {from.offered().then(|| view! {
                <li><button class="menu-item" on:click=move |_| {
                    open.set(false);
                    from.ask();
                }>"Open from Jaeger or Tempo…"</button></li>
            })}
            <li><button class="menu-item" on:click=pick(Page::show_start)>"Samples and start page"</button></li>
            <InstallItem/>
        </ul>
    }
}

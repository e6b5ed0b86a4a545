//! What can be said of the pipeline without running it: our findings with their fixes, the real validator's words, how
//! each reader takes the file, and which scenarios pass.
//!
//! - `list`: our findings. - `validator`: its words. - `readers`: the file as each of the three takes it.
//! - `scenarios`: results. - `bottom`: this panel and the text beside each other below the chart.
//!
//! Everything here was said by the engine; what a fix does to the text is the editor's.

mod bottom;
mod list;
mod readers;
mod scenarios;
mod validator;

pub(crate) use bottom::BottomPanel;

use crate::editor::{Desk, together};
use crate::state::Page;
use crate::text::{count, grouped};
use crate::workbench::Said;
use chaindebug_core::model::Severity;
use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast as _;

/// The sign of a severity, its word, and the name the style sheet knows it by.
fn word(severity: Severity) -> (&'static str, &'static str, &'static str) {
    match severity {
        Severity::Error => ("✗", "error", "error"),
        Severity::Warning => ("▲", "warning", "warn"),
        Severity::Info => ("○", "remark", "info"),
    }
}

/// From the gravest.
const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Info];

/// What the panel shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Tab {
    #[default]
    Findings,
    Validator,
    Readers,
    Scenarios,
}

impl Tab {
    const ALL: [Tab; 4] = [Tab::Findings, Tab::Validator, Tab::Readers, Tab::Scenarios];

    fn id(self) -> &'static str {
        match self {
            Tab::Findings => "findings",
            Tab::Validator => "validator",
            Tab::Readers => "readers",
            Tab::Scenarios => "scenarios",
        }
    }

    /// Its name.
    fn name(self) -> &'static str {
        match self {
            Tab::Findings => "Findings",
            Tab::Validator => "Validator",
            Tab::Readers => "Readers",
            Tab::Scenarios => "Scenarios",
        }
    }

    /// What is behind it, in numbers: what always fits, and the word that follows where there is room.
    fn told(self, page: Page) -> (String, String) {
        let bench = page.workbench;
        let found = |tell: &dyn Fn(&Said) -> (String, String)| {
            bench.findings.with(|view| view.as_ref().map(|view| tell(view)).unwrap_or_default())
        };
        match self {
            Tab::Findings => found(&|view| (grouped(view.findings.len() as u64), String::new())),
            Tab::Validator => found(&|view| match view.validation.errors.len() {
                0 if view.validation.is_valid => ("✓".to_owned(), "valid".to_owned()),
                0 => ("✗".to_owned(), "not valid".to_owned()),
                errors => {
                    let word = if errors == 1 { "error" } else { "errors" };
                    (grouped(errors as u64), word.to_owned())
                }
            }),
            Tab::Readers => found(&|view| {
                let takes = view.readings.iter().filter(|one| one.accepts).count();
                (format!("{takes}/{}", view.readings.len()), "take it".to_owned())
            }),
            Tab::Scenarios => bench.coverage.with(|view| match view {
                Some(view) if !view.scenarios.is_empty() => {
                    let passed = view.scenarios.iter().filter(|one| one.passed).count();
                    (format!("{passed}/{}", view.scenarios.len()), "pass".to_owned())
                }
                _ => Default::default(),
            }),
        }
    }
}

/// Severities that are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Hidden([bool; 3]);

impl Hidden {
    fn index(severity: Severity) -> usize {
        SEVERITIES.iter().position(|one| *one == severity).unwrap_or(0)
    }

    fn has(self, severity: Severity) -> bool {
        self.0.get(Hidden::index(severity)).copied().unwrap_or(false)
    }

    fn toggled(mut self, severity: Severity) -> Hidden {
        if let Some(one) = self.0.get_mut(Hidden::index(severity)) {
            *one = !*one;
        }
        self
    }
}

/// Buttons that leave out a severity, with how many there are of it; only those there are.
#[component]
fn Filter(hidden: RwSignal<Hidden>) -> impl IntoView {
    let bench = Page::get().workbench;
    let counts = Memo::new(move |_| {
        bench.findings.with(|view| {
            SEVERITIES.map(|severity| {
                view.as_ref().map_or(0, |view| view.findings.iter().filter(|f| f.severity == severity).count())
            })
        })
    });
    let some = move || counts.get().iter().filter(|count| **count > 0).count() > 1;
    let button = move |(severity, count): (Severity, usize)| {
        let (sign, word, tone) = word(severity);
        let label = format!("Show {}", crate::text::count(count as u64, word));
        view! {
            <button
                class="finding-filter"
                data-tone=tone
                aria-pressed=move || (!hidden.get().has(severity)).to_string()
                aria-label=label.clone()
                title=label
                on:click=move |_| hidden.update(|hidden| *hidden = hidden.toggled(severity))
            >
                <span aria-hidden="true">{sign}" "{grouped(count as u64)}</span>
            </button>
        }
    };
    view! {
        <Show when=some>
            <div class="finding-filters" role="group" aria-label="Severities">
                {move || SEVERITIES.into_iter().zip(counts.get()).filter(|(_, count)| *count > 0).map(button).collect_view()}
            </div>
        </Show>
    }
}

/// The button for all fixes that change nothing but what their findings speak of.
#[component]
fn SafeFixes() -> impl IntoView {
    let desk = Desk::get();
    let bench = desk.page.workbench;
    let safe =
        Memo::new(move |_| bench.findings.with(|view| view.as_ref().map_or(0, |view| together(&view.findings).1)));
    view! {
        <Show when=move || { safe.get() > 0 }>
            <button class="subtle" on:click=move |_| desk.fix_all()>{move || format!("Apply {}", count(safe.get() as u64, "safe fix").replace("fixs", "fixes"))}</button>
        </Show>
    }
}

/// Says that the text cannot be read now, so that everything here is of the text as it was.
#[component]
fn Stale() -> impl IntoView {
    let desk = Desk::get();
    let line = move || desk.damaged();
    view! {
        <div role="status">
            {move || line().map(|line| {
                let place = if line > 0 { format!(" in line {}", grouped(line)) } else { String::new() };
                view! { <p class="bottom-stale">{format!("The text is damaged{place}. This is what was said before it was.")}</p> }
            })}
        </div>
    }
}

/// The panel.
#[component]
pub(crate) fn FindingsPanel() -> impl IntoView {
    let page = Page::get();
    let tab = RwSignal::new(Tab::default());
    let hidden = RwSignal::new(Hidden::default());
    let row = NodeRef::<html::Div>::new();
    let keys = move |event: ev::KeyboardEvent| {
        let here = Tab::ALL.iter().position(|one| *one == tab.get_untracked()).unwrap_or(0);
        let next = match event.key().as_str() {
            "ArrowRight" => (here + 1) % Tab::ALL.len(),
            "ArrowLeft" => here.checked_sub(1).unwrap_or(Tab::ALL.len() - 1),
            "Home" => 0,
            "End" => Tab::ALL.len() - 1,
            _ => return,
        };
        event.prevent_default();
        if let Some(next) = Tab::ALL.get(next) {
            tab.set(*next);
            let found = row
                .get_untracked()
                .and_then(|row| row.query_selector(&format!("#bottom-{}", next.id())).ok().flatten());
            if let Some(found) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
                let _ = found.focus();
            }
        }
    };
    let one = move |which: Tab| {
        view! {
            <button
                class="tab"
                role="tab"
                id=format!("bottom-{}", which.id())
                aria-selected=move || (tab.get() == which).to_string()
                aria-controls="bottom-shown"
                tabindex=move || if tab.get() == which { "0" } else { "-1" }
                on:click=move |_| tab.set(which)
            >
                {which.name()}
                {move || {
                    let (number, word) = which.told(page);
                    (!number.is_empty()).then(|| view! { " "<span class="tab-number">{number}</span>" "<span class="tab-word">{word}</span> })
                }}
            </button>
        }
    };
    view! {
        <header class="bottom-head">
            <div class="tabs" role="tablist" aria-label="What is said of the pipeline" node_ref=row on:keydown=keys>
                {Tab::ALL.map(one).collect_view()}
            </div>
            <span class="push"></span>
            <Show when=move || tab.get() == Tab::Findings>
                <Filter hidden/>
                <SafeFixes/>
            </Show>
        </header>
        <Stale/>
        <div class="bottom-shown" id="bottom-shown" role="tabpanel" aria-labelledby=move || format!("bottom-{}", tab.get().id())>
            {move || match tab.get() {
                Tab::Findings => view! { <list::List hidden/> }.into_any(),
                Tab::Validator => view! { <validator::Validator/> }.into_any(),
                Tab::Readers => view! { <readers::Readers/> }.into_any(),
                Tab::Scenarios => view! { <scenarios::Scenarios/> }.into_any(),
            }}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_severity_is_left_out_and_comes_back() {
        let none = Hidden::default();
        let some = none.toggled(Severity::Warning);
        assert!(some.has(Severity::Warning) && !some.has(Severity::Error) && !some.has(Severity::Info));
        assert_eq!(some.toggled(Severity::Warning), none);
    }
}

//! The list of findings: a row each, with its fix. Choosing one leads text and chart to its place.

use super::{Hidden, word};
use crate::editor::Desk;
use crate::state::{Page, Pane};
use crate::text::grouped;
use crate::widgets::list::{ListRole, ListState, RowAria, VirtualList};
use crate::widgets::prose::Prose;
use crate::widgets::scroll::Align;
use crate::workbench::Said;
use chaindebug_core::model::Severity;
use chaindebug_core::protocol::Finding;
use leptos::{ev, prelude::*};
use std::sync::Arc;

/// Pixels of a row: two lines of the sentence; three where the panel is narrow. Where the page is, the rest stands below.
const ROW: f64 = 44.0;
const ROW_TALL: f64 = 60.0;
const ROW_NARROW: f64 = 80.0;
/// A sentence longer than two lines is shown once more in full when it is chosen: in a wide window, and in others.
const LONG: usize = 150;
const LONG_TALL: usize = 120;
/// Narrowest window in which the panel is wide.
const WIDE: f64 = 1240.0;

fn wide() -> bool {
    let width = web_sys::window().and_then(|window| window.inner_width().ok()).and_then(|width| width.as_f64());
    width.is_none_or(|width| width > WIDE)
}

/// What is shown: the findings, and which of them.
type Shown = (Arc<Said>, Arc<Vec<usize>>);

/// The list.
#[component]
pub(super) fn List(hidden: RwSignal<Hidden>) -> impl IntoView {
    let page = Page::get();
    let desk = Desk::get();
    let bench = page.workbench;
    let shown = Memo::new(move |_| {
        let hidden = hidden.get();
        bench.findings.with(|view| {
            let view = view.clone()?;
            let which =
                view.findings.iter().enumerate().filter(|(_, one)| !hidden.has(one.severity)).map(|(index, _)| index);
            let which = Arc::new(which.collect::<Vec<_>>());
            Some((view, which)) as Option<Shown>
        })
    });
    let total = Memo::new(move |_| shown.with(|shown| shown.as_ref().map_or(0, |(_, which)| which.len() as u32)));
    let at = move |row: u32| shown.with(|shown| finding(shown.as_ref(), row));
    let state = ListState::new();
    let (height, long, class) = match (page.narrow.get_untracked(), wide()) {
        (true, _) => (ROW_NARROW, LONG_TALL, "finding-list finding-tall"),
        (false, false) => (ROW_TALL, LONG_TALL, "finding-list finding-tall"),
        (false, true) => (ROW, LONG, "finding-list"),
    };
    let chosen = RwSignal::new(None::<String>);
    let key = |finding: &Finding| format!("{} {} {}", finding.id, finding.path, finding.start);
    let choose = move |row: u32| {
        let Some(finding) = untrack(|| at(row)) else { return };
        chosen.set(Some(key(&finding)));
        // What is told of it below takes room from the list.
        request_animation_frame(move || state.reveal(row, Align::Nearest));
        let node = bench.graph.with_untracked(|graph| {
            let graph = graph.as_ref()?;
            let from = graph
                .edges
                .iter()
                .find(|edge| !finding.edge.is_empty() && edge.path == finding.edge)
                .map(|edge| edge.from);
            let step = || {
                graph.nodes.iter().find(|node| !finding.step.is_empty() && node.id == finding.step).map(|node| node.key)
            };
            from.or_else(step)
        });
        if node.is_some() {
            page.select_node(node);
        }
        desk.go(finding.start, false);
    };
    let fix = move |row: u32, which: usize| {
        if let Some(finding) = untrack(|| at(row)) {
            desk.fix(&finding, which);
        }
    };
    let on_key = move |(event, row): (ev::KeyboardEvent, u32)| {
        let command = event.ctrl_key() || event.meta_key();
        if command && event.key() == "." {
            fix(row, 0);
            return true;
        }
        false
    };
    let row = move |index: u32| {
        // A letter typed moves all findings behind it: only rows that read otherwise are made anew.
        let told = Memo::new(move |_| at(index).map(Row::of));
        let view = move || {
            let Some(finding) = told.get() else { return ().into_any() };
            let (sign, name, tone) = word(finding.severity);
            let (first, fixes) = (finding.fix, finding.fixes);
            view! {
                <div class="finding" class:finding-bare=fixes == 0 title=finding.message.clone()>
                    <span class="finding-sign" role="gridcell" data-tone=tone><span aria-hidden="true">{sign}</span><span class="spoken">{name}</span></span>
                    <span class="finding-text" role="gridcell"><span><Prose text=finding.message.clone()/></span></span>
                    <span class="finding-line" role="gridcell" title=finding.path.clone()>
                        {(finding.line > 0).then(|| view! { <span>{format!("line {}", grouped(finding.line))}</span> })}
                        <span class="finding-id">{finding.id.clone()}</span>
                    </span>
                    <span class="finding-fix" role="gridcell">
                        {first.map(|title| view! {
                            <button
                                class="small"
                                tabindex="-1"
                                title=title.clone()
                                on:click=move |event| {
                                    event.prevent_default();
                                    fix(index, 0);
                                }
                            >{title.clone()}</button>
                        })}
                        {(fixes > 1).then(|| view! { <span class="dim" title="Choose the finding to see its other fixes">{format!("+{}", fixes - 1)}</span> })}
                    </span>
                </div>
            }
            .into_any()
        };
        view.into_any()
    };
    let aria = move |index: u32| RowAria {
        current: at(index).is_some_and(|finding| chosen.with(|chosen| *chosen == Some(key(&finding)))),
        ..RowAria::default()
    };
    // The chosen finding once more, where its row does not hold all of it.
    let detail = Memo::new(move |_| {
        let chosen = chosen.get()?;
        let found = shown.with(|shown| {
            shown.as_ref().and_then(|(view, _)| view.findings.iter().find(|one| key(one) == chosen).cloned())
        })?;
        (found.message.chars().count() > long || found.fixes.len() > 1).then_some(found)
    });
    let nothing = move || {
        (total.get() == 0).then(|| match shown.get() {
            None => view! { <p class="nothing slow">"Reading the pipeline…"</p> }.into_any(),
            Some((view, _)) if view.findings.is_empty() => {
                let refused = !view.validation.is_valid;
                let also = refused.then_some(" IA Modules' own validator refuses it all the same: see Validator.");
                view! { <p class="nothing">"Nothing was found: the engine does what the file says."{also}</p> }
                    .into_any()
            }
            Some(_) => view! { <p class="nothing">"All severities are left out."</p> }.into_any(),
        })
    };
    view! {
        <Show when=move || { total.get() > 0 }>
            <VirtualList
                label="Findings"
                role=ListRole::Grid
                columns=4
                total
                row_height=height
                row=Callback::new(row)
                state
                aria
                on_key
                on_open=move |row| {
                    choose(row);
                    if page.narrow.get_untracked() {
                        page.pane.set(Pane::Text);
                    }
                }
                class
            />
        </Show>
        {nothing}
        {move || detail.get().map(|finding| {
            let buttons = finding.fixes.iter().enumerate().map(|(which, fix)| {
                let (title, finding) = (fix.title.clone(), finding.clone());
                view! { <button class="small" on:click=move |_| desk.fix(&finding, which)>{title}</button> }
            });
            view! {
                <div class="finding-detail">
                    <p><Prose text=finding.message.clone()/></p>
                    <p class="finding-place">{finding.path.clone()}" · "{finding.id.clone()}</p>
                    <div class="finding-fixes">{buttons.collect_view()}</div>
                </div>
            }
        })}
    }
}

/// What a row says of its finding.
#[derive(Clone, PartialEq)]
struct Row {
    severity: Severity,
    message: String,
    path: String,
    line: u64,
    id: String,
    /// Title of the first fix, and how many there are.
    fix: Option<String>,
    fixes: usize,
}

impl Row {
    fn of(finding: Finding) -> Row {
        let Finding { severity, message, path, line, id, fixes, .. } = finding;
        let count = fixes.len();
        Row { severity, message, path, line, id, fix: fixes.into_iter().next().map(|fix| fix.title), fixes: count }
    }
}

fn finding(shown: Option<&Shown>, row: u32) -> Option<Finding> {
    let (view, which) = shown?;
    view.findings.get(*which.get(row as usize)?).cloned()
}

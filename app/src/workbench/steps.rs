//! The steps of the pipeline with what stands in for their code: reached or not, how often, edited in place.

use super::human::Answers;
use super::mock::{MockEditor, words};
use super::walk::declared;
use crate::state::Page;
use crate::widgets::marks::KindTag;
use crate::widgets::prose::Prose;
use chaindebug_core::model::{Kind, NodeKind, Severity};
use chaindebug_core::protocol::{Answer, Part, Request, RunEnd, ValueInfo};
use leptos::{ev, html, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast as _;

/// More rows than this are found by their name.
const MOST: usize = 200;

/// Findings that a row tells already: "generated" in its words, a dead end by its sign.
const SAID: [&str; 2] = ["dry-run-no-mock", "dry-run-dead-end"];

/// One step, as the list shows it.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    key: u32,
    id: String,
    kind: Kind,
    human: bool,
    visits: u32,
    end: Option<RunEnd>,
    reachable: bool,
}

/// The sign at the end of a row, its word, and its tone.
fn mark(line: &Line) -> (&'static str, &'static str, &'static str) {
    match line.end {
        Some(RunEnd::DeadEnd) => ("⊣", "dead end", "bad"),
        Some(RunEnd::Failed) => ("✗", "failed", "bad"),
        Some(RunEnd::WaitingForHuman) => ("‖", "waits for a person", "wait"),
        _ if line.visits > 0 => ("✓", "reached", "good"),
        _ if line.reachable => ("–", "not reached", "quiet"),
        _ => ("U", "unreachable: no edge leads here", "quiet"),
    }
}

/// The list.
#[component]
pub(super) fn Steps() -> impl IntoView {
    let page = Page::get();
    let bench = page.workbench;
    let wanted = RwSignal::new(String::new());
    let lines = Memo::new(move |_| {
        bench.graph.with(|graph| {
            let nodes = graph.iter().flat_map(|graph| &graph.nodes).filter(|node| declared(node));
            let mut lines: Vec<Line> = nodes
                .map(|node| Line {
                    key: node.key,
                    id: node.id.clone(),
                    kind: node.kind,
                    human: node.node_kind == Some(NodeKind::Human),
                    visits: node.visits.unwrap_or(0),
                    end: node.end,
                    reachable: node.reachable,
                })
                .collect();
            lines.sort_by_key(|line| line.key);
            lines
        })
    });
    let found = Memo::new(move |_| {
        let wanted = wanted.get().to_lowercase();
        lines.with(|lines| {
            let hits = lines.iter().filter(|line| line.id.to_lowercase().contains(&wanted));
            hits.map(|line| (line.key, line.id.clone())).collect::<Vec<_>>()
        })
    });
    let more = move || found.with(|found| found.len().saturating_sub(MOST));
    let list = NodeRef::<html::Ul>::new();
    let keys = move |event: ev::KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowDown" | "j" => 1,
            "ArrowUp" | "k" => -1,
            _ => return,
        };
        if !crate::shell::typing(&event) && step_focus(list, by) {
            event.prevent_default();
        }
    };
    view! {
        <Show when=move || lines.with(|lines| lines.len() > 40)>
            <input class="field bench-filter" type="search" placeholder="Narrow by name" aria-label="Narrow the steps by name"
                prop:value=wanted on:input:target=move |event| wanted.set(event.target().value())/>
        </Show>
        <ul class="bench-steps" aria-label="Steps and what stands in for their code" node_ref=list on:keydown=keys>
            <For each=move || found.with(|found| found.iter().take(MOST).cloned().collect::<Vec<_>>()) key=Clone::clone let:one>
                {
                    let (key, id) = one;
                    let line = Memo::new(move |_| lines.with(|lines| lines.iter().find(|line| line.key == key).cloned()));
                    view! { <Row key id line/> }
                }
            </For>
        </ul>
        <Show when=move || { more() > 0 }>
            <p class="bench-hint bench-pad">{move || format!("{} more: type a part of the name.", more())}</p>
        </Show>
        <Show when=move || lines.with(Vec::is_empty) && bench.graph.with(Option::is_some)>
            <p class="nothing">"The file declares no step, so there is nothing to run. Add one in the text below or on the chart."</p>
        </Show>
    }
}

/// Moves the focus to the next row, or the one before.
fn step_focus(list: NodeRef<html::Ul>, by: i32) -> bool {
    let Some(rows) = list.get_untracked().and_then(|list| list.query_selector_all(".bench-step").ok()) else {
        return false;
    };
    let active = web_sys::window().and_then(|w| w.document()).and_then(|d| d.active_element());
    let Some(active) = active else { return false };
    let here = (0..rows.length()).find(|&at| rows.get(at).is_some_and(|row| row.is_same_node(Some(&active))));
    let next = here.and_then(|here| here.checked_add_signed(by)).and_then(|next| rows.get(next));
    next.and_then(|row| row.dyn_into::<web_sys::HtmlElement>().ok()).is_some_and(|row| row.focus().is_ok())
}

/// One step.
#[component]
fn Row(key: u32, id: String, line: Memo<Option<Line>>) -> impl IntoView {
    let page = Page::get();
    let bench = page.workbench;
    let id = StoredValue::new(id);
    let is = move |of: &str| id.with_value(|id| id == of);
    let open = Memo::new(move |_| bench.open.with(|open| open.as_deref().is_some_and(is)));
    let here = Memo::new(move |_| page.node.get().or_else(|| bench.here(page)) == Some(key));
    let changed = Memo::new(move |_| bench.changed.with(|changed| changed.iter().any(|one| is(one))));
    let waiting = Signal::derive(move || {
        bench.simulation.with(|one| {
            one.as_ref()
                .is_some_and(|one| one.status == RunEnd::WaitingForHuman && one.waiting_step.as_deref().is_some_and(is))
        })
    });
    let said = Memo::new(move |_| {
        let line = line.get()?;
        let (word, code) = words(&id.with_value(|id| bench.mock(id)));
        let answers = bench.scenario().map_or(0, |one| one.answers.iter().filter(|one| is(&one.step)).count());
        Some(match (line.human, answers) {
            _ if waiting.get() => ("waits for an answer".to_owned(), String::new()),
            (_, n) if n > 0 && word == "generated" => ("answered by the scenario".to_owned(), String::new()),
            (true, _) if word == "generated" => ("a person answers".to_owned(), String::new()),
            _ => (word.to_owned(), code),
        })
    });
    // Any step pauses the run when it returns the status for it, whatever its class is called.
    let asked = Memo::new(move |_| {
        let answered = bench.scenario().is_some_and(|one| one.answers.iter().any(|one| is(&one.step)));
        answered || line.with(|line| line.as_ref().is_some_and(|line| line.human))
    });
    // What the schema forbids, and what else the dry run found about the step.
    let warned = Memo::new(move |_| {
        bench.simulation.with(|one| {
            let found = one
                .iter()
                .flat_map(|one| &one.findings)
                .filter(|one| is(&one.step) && !SAID.contains(&one.id.as_str()));
            found.map(|one| (one.severity, one.message.clone())).collect::<Vec<_>>()
        })
    });
    let press = move |_| {
        let now = open.get_untracked();
        bench.open.set((!now).then(|| id.get_value()));
        if !now {
            page.select_node(Some(key));
        }
    };
    let tone = move || line.with(|line| line.as_ref().map_or("quiet", |line| mark(line).2));
    view! {
        <li class="bench-row" class:here=here class:open=open class:changed=changed class:waiting=waiting>
            <button type="button" class="bench-step" data-tone=tone aria-expanded=move || open.get().to_string() aria-current=move || here.get().then_some("true") on:click=press>
                {move || line.get().map(|line| {
                    let (sign, word, _) = mark(&line);
                    let count = if line.visits > 0 { format!("×{}", line.visits) } else { String::new() };
                    view! {
                        <KindTag kind=line.kind/>
                        <span class="bench-name" title=line.id.clone()>{line.id.clone()}</span>
                        <span class="bench-visits">{count}</span>
                        <span class="bench-sign" title=word><span aria-hidden="true">{sign}</span><span class="spoken">{word}</span></span>
                    }
                })}
                <span class="bench-said">{move || said.get().map(|(word, code)| view! {
                    {word} " " <code>{code}</code>
                })}</span>
            </button>
            {move || warned.get().into_iter().map(|(severity, text)| {
                let (tone, sign) = match severity {
                    Severity::Error => ("error", "✗"),
                    Severity::Warning => ("warning", "▲"),
                    Severity::Info => ("info", "i"),
                };
                view! { <p class="bench-warned" data-tone=tone><b aria-hidden="true">{sign}</b>" "<Prose text/></p> }
            }).collect_view()}
            <Show when=move || waiting.get() || (open.get() && asked.get())>
                <Answers step=id.get_value() waiting=waiting/>
            </Show>
            <Show when=move || open.get()>
                <MockEditor step=id.get_value() wrote=wrote(page, id)/>
            </Show>
        </li>
    }
}

/// What a step wrote at its last visit in the newest dry run, as JSON; empty until that is known.
fn wrote(page: Page, id: StoredValue<String>) -> Signal<String> {
    let bench = page.workbench;
    let text = RwSignal::new(String::new());
    let wanted = Memo::new(move |_| {
        let walked = page.walked.get()?;
        let step = bench.visits.with(|visits| {
            id.try_with_value(|id| visits.iter().rev().find(|visit| visit.name == *id).map(|visit| visit.step))
                .flatten()
        })?;
        Some((walked, step))
    });
    Effect::new(move |_| {
        let Some((walked, step)) = wanted.get() else { return };
        spawn_local(async move {
            let part = Part::Output { run: walked.run, step };
            let opened = page.ask_of(walked.group, Request::Open { part, as_text: false }).await;
            let Ok(Answer::Value(ValueInfo { value, .. })) = opened else { return };
            let found = page.ask_of(walked.group, Request::ValueText { value, node: None }).await;
            let _ = page.ask_of(walked.group, Request::ValueClose { value }).await;
            if let Ok(Answer::Text { text: found }) = found {
                let _ = text.try_set(found);
            }
        });
    });
    text.into()
}

//! The page before a file: drop target, what can be opened, sample gallery.

mod gallery;
mod sketch;

use crate::intake::{open_file_dialog, open_folder_dialog, paste_from_clipboard};
use crate::learn::Wins;
use crate::open_from::OpenFrom;
use crate::state::Page;
use gallery::GalleryCards;
use leptos::prelude::*;

/// What the engine reads, in families.
const READS: &[(&str, &str)] = &[
    ("Traces", "OTLP JSON, Jaeger, Zipkin, Chrome, with attributes of OpenInference, GenAI, OpenLLMetry, AI SDK"),
    (
        "Agents",
        "Claude Code, Codex, Gemini CLI, Copilot, Kiro, OpenHands, Aider, SWE-agent, ATIF, OpenAI Agents, smolagents, CrewAI",
    ),
    ("Platforms", "Langfuse, LangSmith, LangChain and LangGraph streams, Phoenix, MLflow, Weave, Inspect logs"),
    ("Workflows", "Temporal, Step Functions, Prefect, Dagster, Airflow, GitHub Actions, Argo, dbt, pytest, JUnit"),
    ("Pipelines", "IA Modules with their runs, States Language, n8n, Langflow, Flowise, Haystack, Mermaid, DOT"),
    ("The rest", "lists of chat messages, requests to a model, HAR; any JSON or JSON Lines whose fields you map"),
];

/// The list of what can be opened.
#[component]
pub(super) fn CanOpen() -> impl IntoView {
    let lines = READS.iter().map(|(family, formats)| view! { <dt>{*family}</dt><dd>{*formats}</dd> }).collect_view();
    view! {
        <section class="can-open" aria-labelledby="can-open">
            <h2 id="can-open">"What can be opened"</h2>
            <dl>{lines}</dl>
            <p>"Recognised by content, never by name. Also gzip, zip, zstd and tar, YAML and CSV, lines with a log prefix, and files cut off in the middle."</p>
        </section>
    }
}

/// A few keys, to show that there are some.
#[component]
fn FewKeys() -> impl IntoView {
    let lines: [(&[&str], &str); 6] = [
        (&["n", "b"], "step forward, back"),
        (&["i", "o"], "into, out"),
        (&["e"], "next error"),
        (&["/"], "search"),
        (&["1", "2", "3", "4"], "views"),
        (&["?"], "all keys"),
    ];
    let lines = lines.map(|(keys, words)| {
        let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view();
        view! { <li>{keys}{words}</li> }
    });
    view! { <ul class="few-keys" aria-label="Keys">{lines.collect_view()}</ul> }
}

/// The page.
#[component]
pub(super) fn StartPage() -> impl IntoView {
    let page = Page::get();
    let from = OpenFrom::get();
    view! {
        <main class="start-page">
            <div class="start-hero">
                <section class="start-drop" aria-labelledby="start-title">
                    <svg width="56" height="40" viewBox="0 0 56 40" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round" stroke-linecap="round" aria-hidden="true">
                        <path d="M4 5h11l6 6v24H4z"/>
                        <path d="M15 5v6h6"/>
                        <path d="M8 18h9M8 23h9M8 28h5" opacity="0.55"/>
                        <path d="M26 20h7m-3-3 3 3-3 3"/>
                        <rect x="38" y="4" width="14" height="8" rx="2.5"/>
                        <rect x="38" y="16" width="14" height="8" rx="2.5"/>
                        <rect x="38" y="28" width="14" height="8" rx="2.5"/>
                        <path d="M45 12v4M45 24v4"/>
                    </svg>
                    <h1 id="start-title">"Drop a trace or a pipeline here"</h1>
                    <p>"One file, several, or a folder."</p>
                    <div class="acts">
                        <button class="primary" on:click=|_| open_file_dialog()>"Open file… "<kbd>"Ctrl O"</kbd></button>
                        <button class="edged" on:click=move |_| paste_from_clipboard(page)>"Paste text "<kbd>"Ctrl V"</kbd></button>
                        <button class="edged" on:click=|_| open_folder_dialog()>"Open folder…"</button>
                        {from.offered().then(|| view! {
                            <button class="edged" on:click=move |_| from.ask()>"Open from Jaeger or Tempo…"</button>
                        })}
                    </div>
                    <p class="start-private">
                        <svg width="14" height="15" viewBox="0 0 14 15" fill="none" stroke="currentColor" stroke-width="1.6" aria-hidden="true">
                            <rect x="1.5" y="6.5" width="11" height="7.5" rx="1.6"/>
                            <path d="M4 6.5V4a3 3 0 0 1 6 0v2.5"/>
                        </svg>
                        "Files are read in this tab. Nothing is uploaded."
                    </p>
                </section>
                <CanOpen/>
            </div>
            <Wins/>
            <GalleryCards/>
            <FewKeys/>
        </main>
    }
}

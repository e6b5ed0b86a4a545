//! Other formats: the flowchart as a picture or as text, a run as a trace, a table, a comparison.

use super::making::{Made, exported, text_of};
use super::picture::png;
use super::state::{Outcome, Share, Shared};
use crate::flow::drawn;
use crate::state::Theme as PageTheme;
use crate::text::bytes;
use crate::widgets::copy::{download_blob, to_clipboard};
use chaindebug_core::protocol::{ExportFormat, Exported, Theme};
use leptos::{prelude::*, task::spawn_local};

/// One thing that can be saved.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Choice {
    to: ExportFormat,
    /// Whether the picture becomes pixels.
    pixels: bool,
    name: &'static str,
    about: &'static str,
}

const fn choice(to: ExportFormat, name: &'static str, about: &'static str) -> Choice {
    Choice { to, pixels: false, name, about }
}

const CHART: [Choice; 4] = [
    choice(ExportFormat::Svg, "Flowchart as SVG", "a picture that stays sharp"),
    Choice { to: ExportFormat::Svg, pixels: true, name: "Flowchart as PNG", about: "a picture for slides and chats" },
    choice(ExportFormat::Mermaid, "Flowchart as Mermaid", "for Markdown pages"),
    choice(ExportFormat::Dot, "Flowchart as DOT", "for Graphviz"),
];
const RUN: [Choice; 3] = [
    choice(ExportFormat::Jsonl, "Run as ChainDebug JSON Lines", "opens here again; nothing is lost"),
    choice(ExportFormat::Otlp, "Run as OTLP JSON", "for OpenTelemetry tools"),
    choice(ExportFormat::Csv, "Table as CSV", "one row a step"),
];
const DIFF: Choice = choice(ExportFormat::Markdown, "Comparison as Markdown", "for a comment on a change");
const PAGE: Choice =
    choice(ExportFormat::Markdown, "Page about the pipeline as Markdown", "chart, steps, edges, findings");
const TEXT: Choice = choice(ExportFormat::Text, "Pipeline as JSON", "its text as it stands");

fn choices(shared: &Shared) -> Vec<Choice> {
    let traces = RUN.into_iter().filter(|one| one.to != ExportFormat::Csv);
    match (shared.pipeline, shared.runs.len()) {
        (Some(_), _) => CHART.into_iter().chain([PAGE, TEXT]).collect(),
        (None, _) if shared.compared => std::iter::once(DIFF).chain(traces).collect(),
        (None, 1) => CHART.into_iter().chain(RUN).collect(),
        _ => traces.collect(),
    }
}

/// The panel.
#[component]
pub(super) fn Exports() -> impl IntoView {
    let share = Share::get();
    let theme = RwSignal::new("shown");
    let list = move || share.shared.with(|shared| shared.as_ref().map(choices).unwrap_or_default());
    let pictures = move || list().iter().any(|one| one.to == ExportFormat::Svg);
    let run = move |one: Choice, copied: bool| {
        let Some(shared) = share.shared.get_untracked() else { return };
        let theme = colours(share, theme.get_untracked(), one.pixels);
        share.outcome.set(None);
        share.busy.set("Writing…".to_owned());
        spawn_local(async move {
            let outcome = done(share, &shared, one, theme, copied).await;
            share.busy.set(String::new());
            if outcome.is_ok() {
                share.page.handed_on.set(true);
            }
            share.outcome.set(Some(outcome.unwrap_or_else(Outcome::failed)));
        });
    };
    let idle = move || share.ready() && share.busy.with(String::is_empty);
    let row = move |one: Choice| {
        view! {
            <li>
                <span class="share-format"><b>{one.name}</b>" "<span class="dim">{one.about}</span></span>
                {(!one.pixels).then(|| view! {
                    <button type="button" class="small" aria-label=format!("Copy {}", one.name) prop:disabled=move || !idle() on:click=move |_| run(one, true)>"Copy"</button>
                })}
                <button type="button" class="small" aria-label=format!("Save {}", one.name) prop:disabled=move || !idle() on:click=move |_| run(one, false)>"Save"</button>
            </li>
        }
    };
    view! {
        <Show when=pictures>
            <label class="share-colours">
                "Colours of pictures "
                <select class="field" on:change=move |event| theme.set(match event_target_value(&event).as_str() {
                    "light" => "light",
                    "dark" => "dark",
                    "system" => "system",
                    _ => "shown",
                })>
                    <option value="shown">"as here"</option>
                    <option value="light">"light"</option>
                    <option value="dark">"dark"</option>
                    <option value="system">"as the reader's system"</option>
                </select>
            </label>
        </Show>
        <ul class="share-formats">
            <For each=list key=|one| one.name let:one>{row(one)}</For>
        </ul>
    }
}

/// The colours of a picture. Pixels cannot follow the reader's system.
fn colours(share: Share, choice: &str, pixels: bool) -> Theme {
    let dark = || {
        let query =
            web_sys::window().and_then(|window| window.match_media("(prefers-color-scheme: dark)").ok().flatten());
        query.is_some_and(|query| query.matches())
    };
    let here = match share.page.theme.get_untracked() {
        PageTheme::Dark => Theme::Dark,
        PageTheme::Light => Theme::Light,
        PageTheme::System => {
            if dark() {
                Theme::Dark
            } else {
                Theme::Light
            }
        }
    };
    match choice {
        "light" => Theme::Light,
        "dark" => Theme::Dark,
        "system" if !pixels => Theme::System,
        _ => here,
    }
}

async fn done(share: Share, shared: &Shared, one: Choice, theme: Theme, copied: bool) -> Result<Outcome, String> {
    let (fold, toggled) = drawn();
    let (runs, pipeline) = (shared.runs.clone(), shared.pipeline);
    let document = pipeline.map(|_| shared.document);
    let what = Exported { to: one.to, runs, pipeline, document, fold, toggled, theme, ..Exported::default() };
    let redact = untrack(|| share.redaction());
    let made = exported(share, shared.group, what, redact, usize::MAX).await?;
    let Made { name, blob, notes, report } = made.ok_or("It is too large.")?;
    let said = if copied {
        if !to_clipboard(&text_of(&blob).await?).await {
            return Err("The browser does not let the page copy. Save it instead.".to_owned());
        }
        format!("{} is on the clipboard.", one.name)
    } else {
        let (name, blob) = if one.pixels {
            (format!("{}.png", name.trim_end_matches(".svg")), png(&blob).await?)
        } else {
            (name, blob)
        };
        if !download_blob(&name, &blob) {
            return Err("The browser refused the download.".to_owned());
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A size in bytes.
        let size = bytes(blob.size() as u64);
        format!("{name} was saved, {size}.")
    };
    Ok(Outcome { said, failed: false, notes, report })
}

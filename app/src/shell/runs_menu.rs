//! The menu of runs and pipelines: those of the document shown, then those of the files opened with it.

use super::menu::{Menu, MenuOpen};
use crate::many::ManyLine;
use crate::state::{Page, Subject, What};
use leptos::prelude::*;

/// More lines than this are found by typing.
const MOST: usize = 200;
/// A field to narrow the list appears beyond this.
const FEW: usize = 12;

#[derive(Clone, PartialEq)]
struct Choice {
    group: u32,
    document: u32,
    what: What,
    name: String,
    detail: String,
    errors: u32,
    /// File it stands in, when several are open together.
    file: String,
}

fn choices(page: Page) -> Vec<Choice> {
    let Some(subject) = page.subject.get() else { return Vec::new() };
    page.groups.with(|groups| {
        let Some(group) = groups.iter().find(|group| group.id == subject.group) else { return Vec::new() };
        let dry = |document: u32| page.workbench.dry.with(|dry| dry.contains(&(group.id, document)));
        // A dry run stands here only while it is shown.
        let there = |document: u32| document == subject.document || !dry(document);
        let mut documents: Vec<_> = group.documents.iter().filter(|view| there(view.document)).collect();
        documents.sort_by_key(|view| (view.document != subject.document, view.document));
        let alone = documents.len() == 1;
        let mut choices = Vec::new();
        for view in documents {
            let document = view.document;
            let file = if alone { String::new() } else { view.file.clone() };
            for pipeline in &view.pipelines {
                let name = if pipeline.name.is_empty() { "pipeline without a name" } else { &pipeline.name };
                choices.push(Choice {
                    group: group.id,
                    document,
                    what: What::Pipeline(pipeline.pipeline),
                    name: name.to_owned(),
                    detail: format!("pipeline · {} nodes", pipeline.nodes),
                    errors: 0,
                    file: file.clone(),
                });
            }
            for run in &view.runs {
                let name = if run.name.is_empty() { &run.id } else { &run.name };
                choices.push(Choice {
                    group: group.id,
                    document,
                    what: What::Run(run.run),
                    name: if name.is_empty() { "run without a name".to_owned() } else { name.clone() },
                    detail: format!("run · {} step{}", run.steps, if run.steps == 1 { "" } else { "s" }),
                    errors: run.errors,
                    file: file.clone(),
                });
            }
        }
        choices
    })
}

#[component]
fn Line(choice: Choice) -> impl IntoView {
    let page = Page::get();
    let MenuOpen(open) = expect_context::<MenuOpen>();
    let Choice { group, document, what, name, detail, errors, file } = choice;
    let current = move || page.subject.get().is_some_and(|s| (s.group, s.document, s.what) == (group, document, what));
    view! {
        <li class="menu-line">
            <button
                class="menu-item"
                aria-current=move || current().then_some("true")
                on:click=move |_| {
                    open.set(false);
                    page.show(group, document, what);
                }
            >
                <span class="menu-name">{name}</span>
                <span class="menu-detail">
                    {detail}
                    {(errors > 0).then(|| view! { <span class="menu-errors">{format!(" · ✗ {errors}")}</span> })}
                    {(!file.is_empty()).then(|| format!(" · {file}"))}
                </span>
            </button>
        </li>
    }
}

/// The menu. With a single run it shows only that run's name.
#[component]
pub(super) fn RunsMenu() -> impl IntoView {
    let page = Page::get();
    let choices = Memo::new(move |_| choices(page));
    let other = Memo::new(move |_| counterpart(page));
    // "run 2 of 3" counts among the runs alone, "pipeline 1 of 2" among the pipelines.
    let place = Memo::new(move |_| {
        let subject = page.subject.get()?;
        let word = match subject.what {
            What::Run(_) => "run",
            What::Pipeline(_) => "pipeline",
            What::Nothing => return None,
        };
        choices.with(|choices| {
            let alike = |c: &&Choice| matches!(c.what, What::Run(_)) == matches!(subject.what, What::Run(_));
            let among: Vec<_> = choices.iter().filter(alike).collect();
            let at = among.iter().position(|c| (c.document, c.what) == (subject.document, subject.what))?;
            let name = || among.get(at).map_or_else(String::new, |choice| choice.name.clone());
            Some(if among.len() > 1 {
                format!("{word} {} of {}", at + 1, among.len())
            } else {
                format!("{word}: {}", name())
            })
        })
    });
    view! {
        <Show when=move || place.with(Option::is_some) && choices.with(|choices| choices.len() > 1)>
            <Menu
                class="menu-runs"
                label=Signal::derive(move || format!("Runs and pipelines: {}", place.get().unwrap_or_default()))
                button=ViewFn::from(move || view! { <span class="menu-title">{move || place.get()}</span> })
            >
                <RunsPanel choices/>
            </Menu>
        </Show>
        {move || other.get().map(|(word, title, subject)| view! {
            <button
                class="edged counterpart"
                title=title
                on:click=move |_| page.show(subject.group, subject.document, subject.what)>{word}</button>
        })}
    }
}

/// The pipeline to a run and the run to a pipeline, with the word and the title of its button: the one that the file names, else the
/// only one there is among the files opened together.
fn counterpart(page: Page) -> Option<(&'static str, &'static str, Subject)> {
    let subject = page.subject.get()?;
    page.groups.with(|groups| {
        let group = groups.iter().find(|group| group.id == subject.group)?;
        let runs = || group.documents.iter().flat_map(|view| view.runs.iter().map(|run| (view.document, run)));
        let pipelines =
            || group.documents.iter().flat_map(|view| view.pipelines.iter().map(|one| (view.document, one)));
        let (word, title, document, what) = match subject.what {
            What::Run(run) => {
                let named = runs().find(|(_, view)| view.run == run)?.1.pipeline;
                let mut fitting = pipelines().filter(|(_, one)| named.is_none_or(|named| named == one.pipeline));
                let (document, one) = fitting.next().filter(|_| fitting.next().is_none())?;
                ("Pipeline", "Show the pipeline instead", document, What::Pipeline(one.pipeline))
            }
            What::Pipeline(pipeline) => {
                let mut fitting = runs().filter(|(_, run)| run.pipeline.is_none_or(|named| named == pipeline));
                let (document, run) = fitting.next().filter(|_| fitting.next().is_none())?;
                if page.workbench.dry.with(|dry| dry.contains(&(group.id, document))) {
                    ("As a run", "Show the dry run by itself: its steps, flow and table", document, What::Run(run.run))
                } else {
                    ("Run", "Show the run instead", document, What::Run(run.run))
                }
            }
            What::Nothing => return None,
        };
        Some((word, title, Subject { document, what, ..subject }))
    })
}

#[component]
fn RunsPanel(choices: Memo<Vec<Choice>>) -> impl IntoView {
    let wanted = RwSignal::new(String::new());
    let many = choices.with_untracked(|choices| choices.len() > FEW);
    let found = Memo::new(move |_| {
        let wanted = wanted.get().to_lowercase();
        choices.with(|choices| {
            let hits = choices.iter().filter(|c| wanted.is_empty() || c.name.to_lowercase().contains(&wanted));
            hits.cloned().collect::<Vec<_>>()
        })
    });
    let more = move || found.with(|found| found.len().saturating_sub(MOST));
    view! {
        {many.then(|| view! {
            <input
                class="field menu-filter"
                type="search"
                placeholder="Narrow by name"
                aria-label="Narrow by name"
                prop:value=wanted
                on:input:target=move |event| wanted.set(event.target().value())
            />
        })}
        <ul class="menu-list">
            {move || found.with(|found| found.iter().take(MOST).cloned().map(|choice| view! { <Line choice/> }).collect_view())}
        </ul>
        <Show when=move || { more() > 0 }>
            <p class="menu-note">{move || format!("{} more: type a part of the name.", more())}</p>
        </Show>
        <Show when=move || found.with(Vec::is_empty)>
            <p class="menu-note">"No name holds that."</p>
        </Show>
        <Show when=move || { choices.with(|choices| choices.iter().filter(|c| matches!(c.what, What::Run(_))).count() > 2) }><ManyLine/></Show>
    }
}

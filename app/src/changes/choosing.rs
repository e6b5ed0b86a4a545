//! Choosing a definition to compare with the pipeline shown: the list behind "Compare", and files.

use super::state::Definition;
use crate::compare::first_run;
use crate::engine::Input;
use crate::intake::open_other_dialog;
use crate::shell::MenuOpen;
use crate::state::{Origin, Page, Tone};
use crate::text::count;
use leptos::{prelude::*, task::spawn_local};

/// More lines than this make no list.
const MOST: usize = 100;

/// One pipeline.
#[derive(Clone, PartialEq)]
struct Choice {
    of: Definition,
    name: String,
    detail: String,
}

fn choices(page: Page) -> Vec<Choice> {
    let shown = page.definition();
    let mut choices = Vec::new();
    page.groups.with(|groups| {
        for group in groups.iter().filter(|group| group.trouble.is_none()) {
            for view in &group.documents {
                for one in &view.pipelines {
                    let of = Definition { group: group.id, document: view.document, pipeline: one.pipeline };
                    if Some(of) != shown {
                        let name = if one.name.is_empty() { "pipeline without a name" } else { &one.name };
                        let detail = format!("{} · {}", view.file, count(one.nodes.into(), "node"));
                        choices.push(Choice { of, name: name.to_owned(), detail });
                    }
                }
            }
        }
    });
    choices.truncate(MOST);
    choices
}

/// The part of the menu "Compare" that is about definitions; nothing while a run is shown.
#[component]
pub(crate) fn DefinitionChoices() -> impl IntoView {
    let page = Page::get();
    let MenuOpen(open) = expect_context::<MenuOpen>();
    let choices = Memo::new(move |_| choices(page));
    let line = move |choice: Choice| {
        let Choice { of, name, detail } = choice;
        view! {
            <li class="menu-line">
                <button class="menu-item" on:click=move |_| {
                    open.set(false);
                    if let Some(shown) = untrack(|| page.definition()) {
                        page.lay_definitions(shown, of);
                    }
                }>
                    <span class="menu-name">{name}</span>
                    <span class="menu-detail">{detail}</span>
                </button>
            </li>
        }
    };
    view! {
        <Show when=move || page.pipeline.with(Option::is_some)>
            <p class="menu-note menu-lead">"Lay another pipeline on this one:"</p>
            <ul class="menu-list">{move || choices.get().into_iter().map(line).collect_view()}</ul>
            // With a dry run the list of runs below ends with the same.
            <Show when=move || page.baseline().is_none()>
                <ul class="menu-list menu-actions">
                    <li>
                        <button class="menu-item" on:click=move |_| {
                            open.set(false);
                            open_other_dialog(false);
                        }>"Another file…"</button>
                    </li>
                </ul>
            </Show>
        </Show>
    }
}

impl Page {
    /// What a file does that is dropped on "Compare", or chosen there, while a pipeline is shown: its pipeline is laid on
    /// that one, else its run on the dry run. Whether a pipeline is shown.
    pub(crate) fn compare_with_pipeline(self, inputs: &[Input]) -> bool {
        let shown =
            if self.comparing.pair.with_untracked(Option::is_some) { None } else { untrack(|| self.definition()) };
        let (Some(shown), Some(input)) = (shown, inputs.first().cloned()) else { return false };
        spawn_local(async move {
            let Some((group, document)) = self.open_once(shown.group, input).await else { return };
            let view = self.groups.with_untracked(|groups| {
                groups.iter().find(|one| one.id == group).and_then(|group| group.document(document).cloned())
            });
            let Some(view) = view else { return };
            let file = &view.file;
            let other = view.pipelines.iter().map(|one| Definition { group, document, pipeline: one.pipeline });
            let rule = "A run can be laid on a run, and a pipeline on a pipeline.";
            if let Some(other) = other.clone().find(|of| *of != shown) {
                self.lay_definitions(shown, other);
            } else if other.count() > 0 {
                self.notify(Tone::Info, format!("{file} is the pipeline that is shown. Choose another one."));
            } else if let Some(run) = first_run(&view) {
                match untrack(|| self.baseline()) {
                    Some(_) => {
                        self.notify(Tone::Info, format!("{file} holds a run. {rule} So it is laid on the dry run."));
                        self.compare_with(group, run);
                    }
                    None => self.notify(
                        Tone::Warning,
                        format!("{file} holds a run and no pipeline. {rule} It is open beside this one."),
                    ),
                }
            } else {
                self.notify(Tone::Warning, format!("{file} holds no pipeline, so there is nothing to compare."));
                self.close_document(group, document);
            }
        });
        true
    }

    /// The group and document of a file: as it is open already, else opened beside what is shown.
    async fn open_once(self, host: u32, input: Input) -> Option<(u32, u32)> {
        if let Some((group, view)) = self.open_already(&input) {
            return Some((group, view.document));
        }
        let opened = self.open_beside(host, &[input], &Origin::Local).await;
        opened.first().map(|&document| (host, document))
    }
}

//! Choosing a run: the list of every run of every open document, behind the button "Compare" and the names of A and B.

use super::marks::Letter;
use super::state::{Place, Side};
use crate::changes::DefinitionChoices;
use crate::intake::open_other_dialog;
use crate::many::ManyLine;
use crate::shell::{Menu, MenuOpen};
use crate::state::Page;
use crate::text::count;
use leptos::prelude::*;

/// More lines than this are found by typing.
const MOST: usize = 200;
/// A field to narrow the list appears beyond this.
const FEW: usize = 10;

/// Ends of file names that say only how a file is written.
const WRITTEN: [&str; 8] = [".gz", ".json", ".jsonl", ".ndjson", ".log", ".txt", ".otlp", ".chaindebug"];

/// A file's name without its folders and without how it is written: there is little room, and two names differ before that.
fn stem(file: &str) -> &str {
    let mut name = file.rsplit('/').next().unwrap_or(file);
    while let Some(short) = WRITTEN.iter().find_map(|end| name.strip_suffix(end)).filter(|short| !short.is_empty()) {
        name = short;
    }
    name
}

/// Bytes at the beginning of a name that the other name begins with too, up to the end of a word; 0 when that is all.
fn alike(name: &str, other: &str) -> usize {
    let same = name.char_indices().zip(other.chars()).take_while(|((_, a), b)| a == b);
    let ends = same.filter(|((_, c), _)| "-_. /".contains(*c)).map(|((at, c), _)| at + c.len_utf8());
    ends.last().filter(|&end| end < name.len()).unwrap_or_default()
}

/// One run.
#[derive(Clone, PartialEq)]
struct Choice {
    group: u32,
    place: Place,
    name: String,
    file: String,
    detail: String,
    errors: u32,
}

/// Every run that could stand on a side: those of the engine that the other run is in come first.
fn choices(page: Page) -> Vec<Choice> {
    let host = page.baseline().map(|(group, _)| group);
    let mut choices = Vec::new();
    page.groups.with(|groups| {
        let mut groups: Vec<_> = groups.iter().filter(|group| group.trouble.is_none()).collect();
        groups.sort_by_key(|group| Some(group.id) != host);
        for group in groups {
            for view in &group.documents {
                let dry = page.workbench.dry.with(|dry| dry.contains(&(group.id, view.document)));
                for run in &view.runs {
                    let name = [&run.name, &run.id].into_iter().find(|name| !name.is_empty());
                    let status = if run.errors == 0 { "✓ no errors".to_owned() } else { String::new() };
                    let steps = count(u64::from(run.steps), "step");
                    choices.push(Choice {
                        group: group.id,
                        place: Place { document: view.document, run: run.run },
                        name: name.cloned().unwrap_or_else(|| "run without a name".to_owned()),
                        file: if dry { "dry run".to_owned() } else { view.file.clone() },
                        detail: [steps, status].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" · "),
                        errors: run.errors,
                    });
                }
            }
        }
    });
    choices
}

#[component]
fn Line(choice: Choice, side: Side, now: Memo<Option<(u32, Place)>>) -> impl IntoView {
    let page = Page::get();
    let MenuOpen(open) = expect_context::<MenuOpen>();
    let Choice { group, place, name, file, detail, errors } = choice;
    let current = move || (now.get() == Some((group, place))).then_some("true");
    view! {
        <li class="menu-line">
            <button
                class="menu-item"
                aria-current=current
                on:click=move |_| {
                    open.set(false);
                    page.choose_run(group, place, side);
                }
            >
                <span class="menu-name">{name}</span>
                <span class="menu-detail">
                    {format!("{file} · {detail}")}
                    {(errors > 0).then(|| view! { <span class="menu-errors">{format!(" · ✗ {}", count(u64::from(errors), "error"))}</span> })}
                </span>
            </button>
        </li>
    }
}

/// The list, with the way to another file.
#[component]
fn RunList(side: Side, now: Memo<Option<(u32, Place)>>) -> impl IntoView {
    let page = Page::get();
    let MenuOpen(open) = expect_context::<MenuOpen>();
    let wanted = RwSignal::new(String::new());
    let choices = Memo::new(move |_| choices(page));
    let found = Memo::new(move |_| {
        let wanted = wanted.get().trim().to_lowercase();
        let holds = |c: &Choice| [&c.name, &c.file].iter().any(|text| text.to_lowercase().contains(&wanted));
        choices.with(|all| all.iter().filter(|c| wanted.is_empty() || holds(c)).cloned().collect::<Vec<_>>())
    });
    let more = move || found.with(|found| found.len().saturating_sub(MOST));
    view! {
        <Show when=move || { choices.with(|all| all.len() > FEW) }>
            <input
                class="field menu-filter"
                type="search"
                placeholder="Narrow by name or file"
                aria-label="Narrow by name or file"
                prop:value=wanted
                on:input:target=move |event| wanted.set(event.target().value())
            />
        </Show>
        <ul class="menu-list">
            {move || found.with(|found| {
                found.iter().take(MOST).cloned().map(|choice| view! { <Line choice side now/> }).collect_view()
            })}
        </ul>
        <Show when=move || { more() > 0 }>
            <p class="menu-note">{move || format!("{} more: type a part of the name.", more())}</p>
        </Show>
        <ul class="menu-list menu-actions">
            <li>
                <button class="menu-item" on:click=move |_| {
                    open.set(false);
                    open_other_dialog(side == Side::A);
                }>"Another file…"</button>
            </li>
        </ul>
    }
}

/// The button "Compare" of a run that is shown alone.
#[component]
pub(crate) fn CompareMenu() -> impl IntoView {
    let page = Page::get();
    let now = Memo::new(move |_| page.baseline());
    let pipeline = Memo::new(move |_| page.pipeline.with(Option::is_some));
    let label = Signal::derive(move || {
        let this = if pipeline.get() { "Compare this pipeline with another" } else { "Compare this run with another" };
        this.to_owned()
    });
    let button = ViewFn::from(|| view! { <span class="menu-title">"Compare"</span> });
    view! {
        <Show when=move || now.with(Option::is_some) || pipeline.get()>
            <Menu class="menu-compare" label=label button=button.clone()>
                <ManyLine/>
                <DefinitionChoices/>
                <Show when=move || now.with(Option::is_some)>
                    <p class="menu-note menu-lead">
                        {move || if pipeline.get() { "Or lay a run on its dry run:" } else { "Lay another run on this one:" }}
                    </p>
                    <RunList side=Side::B now/>
                </Show>
                <p class="menu-note">{move || if pipeline.get() {
                    "Or drop a file on “Compare with this pipeline”."
                } else {
                    "Or drop a file on “Compare with this run”."
                }}</p>
            </Menu>
        </Show>
    }
}

/// The name of a side, which opens the list.
#[component]
pub(super) fn SideMenu(side: Side) -> impl IntoView {
    let page = Page::get();
    let pair = page.comparing.pair;
    let now = Memo::new(move |_| pair.get().map(|pair| (pair.group, pair.side(side))));
    let words = Memo::new(move |_| {
        let (group, place) = now.get()?;
        let (document, run) = page.placed(group, place)?;
        let short = stem(&document.file);
        let other = pair.get().map(|pair| pair.side(side.other())).and_then(|other| page.placed(group, other));
        let (head, tail) = short.split_at(other.map_or(0, |(other, _)| alike(short, stem(&other.file))));
        let name = if run.name.is_empty() { run.id.clone() } else { run.name.clone() };
        // With several runs in the file its name alone says too little.
        let at = document.runs.iter().position(|one| one.run == run.run).unwrap_or_default();
        let which = (document.runs.len() > 1).then(|| format!("run {} of {}", at + 1, document.runs.len()));
        Some((head.to_owned(), tail.to_owned(), which.unwrap_or(name)))
    });
    let head = move || words.get().map(|words| words.0);
    let tail = move || words.get().map(|words| words.1);
    let run = move || words.get().map(|words| words.2).filter(|run| !run.is_empty()).map(|run| format!(" · {run}"));
    let label = move || {
        let (head, tail, run) = words.get().unwrap_or_default();
        let run = if run.is_empty() { run } else { format!(" · {run}") };
        format!("Run {}: {head}{tail}{run}", side.letter())
    };
    let button = ViewFn::from(move || {
        view! {
            <Letter side/>
            <span class="menu-title"><span class="side-head">{head}</span>{tail}<span class="side-run">{run}</span></span>
        }
    });
    view! {
        <Menu class=if side == Side::A { "menu-side menu-side-a" } else { "menu-side" } label=Signal::derive(label) button>
            <RunList side now/>
        </Menu>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_says_nothing() {
        let names = ["runs/warranty.monday.chaindebug.jsonl", "trace.json.gz", ".json", "a.b", ""];
        assert_eq!((alike("a-b.monday", "a-b.tuesday"), alike("a-b", "a-b"), alike("x", "y")), (4, 2, 0));
        assert_eq!(names.map(stem), ["warranty.monday", "trace", ".json", "a.b", ""]);
    }
}

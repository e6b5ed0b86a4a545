//! The inspector: one step, or one node of a pipeline, with everything the file says of it.
//!
//! It follows the cursor: at the enter of a step it shows what went in, at the exit what came out, until somebody
//! picks a tab; a picked tab stays while stepping, and picking it again lets it follow once more.

mod events;
mod head;
mod lines;
mod markdown;
mod opened;
mod reader;
mod row;
mod shape;
mod tabs;
mod target;
mod tree;
mod value;

pub(crate) use lines::Lines;
pub(crate) use markdown::{inline_picture, markdown};
pub(crate) use opened::{Opened, Wanted, open};
pub(crate) use shape::Choices;
pub(crate) use value::ValuePane;

use crate::state::{Inspected, Page, Reveal, Subject, What};
use crate::workbench::DecisionView;
use chaindebug_core::protocol::{Part, Phase};
use events::Events;
use head::Head;
use leptos::{html, prelude::*};
use tabs::{Tab, TabBar, decision_tab, default_tab, definition_tab, tabs_of};
use target::description;
use value::Spot;

/// The inspector, with its tabs.
#[component]
pub(crate) fn Inspector() -> impl IntoView {
    let page = Page::get();
    let choices = Choices::new();
    let scroller = NodeRef::<html::Div>::new();
    let view = description(page);
    let decision = Memo::new(move |_| match page.inspected.get()? {
        Inspected::Step { run, step } => page.workbench.decision_of(run, step),
        Inspected::Node { .. } => None,
    });
    let tabs = Memo::new(move |_| {
        let mut tabs = view.with(|v| v.as_ref().map(tabs_of).unwrap_or_default());
        // What a dry run made up has no source to show.
        if page.workbench.bench.with(Option::is_some) {
            tabs.retain(|tab| !tab.invented());
        }
        // A step of a run that lies on its pipeline also has what the file says of it.
        let of_a_run = matches!(page.inspected.get(), Some(Inspected::Step { .. }));
        let under = page.subject.get().and_then(Subject::pipeline).or_else(|| page.followed());
        if let (Some(pipeline), Some(node), true) = (under, page.workbench.here(page), of_a_run) {
            tabs.push(definition_tab(pipeline, node));
        }
        if decision.with(Option::is_some) {
            tabs.insert(0, decision_tab());
        }
        tabs
    });
    let phase = Memo::new(move |_| page.cursor.with(|c| c.as_ref().map_or(Phase::Enter, |c| c.phase)));
    // A place to open counts while its own step is shown, until somebody picks a tab.
    let place = Memo::new(move |_| page.reveal.get().filter(|place| about(&place.part, page.inspected.get())));
    let tab = Memo::new(move |_| {
        let tabs = tabs.get();
        let by_place = place.get().and_then(|place| tabs.iter().position(|t| t.holds(&place)));
        let by_hand = || page.tab.with(|picked| tabs.iter().position(|t| &t.label == picked));
        let at = by_place.or_else(by_hand).unwrap_or_else(|| default_tab(&tabs, phase.get()));
        tabs.get(at).cloned()
    });
    let pick = Callback::new(move |label: String| {
        page.reveal.set(None);
        page.tab.update(|picked| if *picked == label { picked.clear() } else { *picked = label });
    });
    // A part that is not in the file has nothing to open.
    let part = Signal::derive(move || tab.get().filter(|t| t.missing.is_empty()).and_then(|t| t.part));
    let label = Signal::derive(move || tab.get().map(|t| t.label).unwrap_or_default());
    let of = Signal::derive(move || view.with(|v| v.as_ref().map(|v| v.name.clone()).unwrap_or_default()));
    let spot = Signal::derive(move || {
        let place = place.get()?;
        (Some(&place.part) == part.get().as_ref()).then_some(Spot { path: place.path, line: place.line })
    });
    let missing = move || {
        let tab = tab.get().filter(|t| !t.missing.is_empty())?;
        Some(view! { <p class="nothing">{format!("{}: {}.", tab.label, tab.missing.trim_end_matches('.'))}</p> })
    };
    let head = move || view.get().map(|step| view! { <Head step=step /> });
    let events = move || {
        let events = tab.get().is_some_and(|t| t.part.is_none() && t.missing.is_empty() && !t.decision);
        let step = events.then(|| view.get()).flatten()?;
        Some(view! { <Events step=step scroller=scroller choices=choices /> })
    };
    let decided = move || {
        let on = tab.with(|t| t.as_ref().is_some_and(|t| t.decision));
        on.then(|| decision.get()).flatten().map(|decision| view! { <DecisionView decision/> })
    };
    let nothing = move || match page.subject.get().map(|subject| subject.what) {
        Some(What::Pipeline(_)) => "Choose a box to see its definition.",
        _ => "Choose a step to see what went in and what came out.",
    };
    view! {
        <div class="inspector">
            <Show
                when=move || view.with(Option::is_some)
                fallback=move || view! { <p class="nothing">{nothing}</p> }
            >
                <TabBar tabs=tabs current=label picked=page.tab pick=pick />
                <div
                    class="inspector-body"
                    id="inspector-panel"
                    role="tabpanel"
                    aria-label=move || label.get()
                    tabindex="0"
                    node_ref=scroller
                >
                    {head}
                    {decided}
                    {missing}
                    {events}
                    <Show when=move || part.with(Option::is_some)>
                        <ValuePane part=part label=label of=of scroller=scroller choices=choices spot=spot />
                    </Show>
                </div>
            </Show>
        </div>
    }
}

impl Tab {
    /// Whether it would show how the run itself is written down.
    fn invented(&self) -> bool {
        let written = matches!(self.part, Some(Part::Attributes { .. } | Part::Raw { .. }));
        written || (self.part.is_none() && !self.decision)
    }

    /// Whether a place lies in what this tab shows.
    fn holds(&self, place: &Reveal) -> bool {
        match &self.part {
            None => !self.decision && matches!(place.part, Part::Event { .. }),
            Some(mine) => *mine == place.part,
        }
    }
}

/// Whether a part belongs to what is shown.
fn about(part: &Part, shown: Option<Inspected>) -> bool {
    let of = match *part {
        Part::Input { run, step }
        | Part::Output { run, step }
        | Part::State { run, step }
        | Part::StateAfter { run, step }
        | Part::Attributes { run, step }
        | Part::Event { run, step, .. }
        | Part::Stack { run, step }
        | Part::Raw { run, step }
        | Part::Message { run, step, .. } => Inspected::Step { run, step },
        Part::Node { pipeline, node, .. } => Inspected::Node { pipeline, node },
    };
    shown == Some(of)
}

//! The inspector's tabs: which there are for a step, which one is shown, and the bar they stand in.

use crate::widgets::format::count;
use chaindebug_core::protocol::{Part, Phase, StepView};
use leptos::{ev, html, prelude::*};

/// One tab.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tab {
    /// Its word, by which a choice is remembered.
    pub(super) label: String,
    /// How many it holds, where that is worth knowing; else 0.
    pub(super) number: u32,
    /// What to open; `None` for events.
    pub(super) part: Option<Part>,
    /// Why there is nothing to open, else empty.
    pub(super) missing: String,
    /// Whether it shows what the engine decided after the step.
    pub(super) decision: bool,
}

/// The tab of the engine's decision after a step.
pub(super) fn decision_tab() -> Tab {
    Tab { label: "Decision".to_owned(), number: 0, part: None, missing: String::new(), decision: true }
}

/// The tab of the step's definition, in the pipeline under the run.
pub(super) fn definition_tab(pipeline: u32, node: u32) -> Tab {
    let part = Some(Part::Node { pipeline, node, index: 0 });
    Tab { label: "Definition".to_owned(), number: 0, part, missing: String::new(), decision: false }
}

/// The tabs of a step: its values in their order, with the events before the raw source.
pub(super) fn tabs_of(step: &StepView) -> Vec<Tab> {
    let mut tabs: Vec<Tab> = step
        .values
        .iter()
        .map(|value| Tab {
            label: value.label.clone(),
            number: if matches!(value.part, Part::Attributes { .. }) { step.attributes } else { 0 },
            part: Some(value.part.clone()),
            missing: value.missing.clone(),
            decision: false,
        })
        // The stack has its place in the error box.
        .filter(|tab| !matches!(tab.part, Some(Part::Stack { .. })))
        .collect();
    let of_a_run = step.status.is_some();
    if of_a_run {
        let number = u32::try_from(step.events.len()).unwrap_or(u32::MAX);
        let missing = if number == 0 { "none in this file".to_owned() } else { String::new() };
        let raw = tabs.iter().position(|t| matches!(t.part, Some(Part::Raw { .. }))).unwrap_or(tabs.len());
        tabs.insert(raw, Tab { label: "Events".to_owned(), number, part: None, missing, decision: false });
    }
    tabs
}

/// The tab shown when none was picked: what went in at the enter, what came out at the exit, and the other one where
/// the file lacks it.
pub(super) fn default_tab(tabs: &[Tab], phase: Phase) -> usize {
    let at = |is: fn(&Part) -> bool| tabs.iter().position(|t| t.part.as_ref().is_some_and(is));
    let there = |at: &usize| tabs.get(*at).is_some_and(|t| t.missing.is_empty());
    let input = at(|p| matches!(p, Part::Input { .. }));
    let output = at(|p| matches!(p, Part::Output { .. }));
    let (first, second) = match phase {
        Phase::Enter => (input, output),
        Phase::Exit => (output, input),
    };
    let any = || tabs.iter().position(|t| t.missing.is_empty());
    // At the exit the engine decides where to go on: the first thing to know, where there is a choice.
    let decision = tabs.iter().position(|t| t.decision).filter(|_| phase == Phase::Exit);
    decision.or(first.filter(there)).or(second.filter(there)).or_else(any).unwrap_or(0)
}

/// The bar. Left and right move along it, as in every list of tabs.
#[component]
pub(super) fn TabBar(
    /// The tabs.
    tabs: Memo<Vec<Tab>>,
    /// Label of the one shown.
    current: Signal<String>,
    /// Label of the one that stays while stepping; empty when none does.
    picked: RwSignal<String>,
    /// A tab was picked, or let go by picking it again.
    pick: Callback<String>,
) -> impl IntoView {
    let bar = NodeRef::<html::Div>::new();
    let on_key = move |event: ev::KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key() {
            return;
        }
        let (tabs, now) = (tabs.get_untracked(), current.get_untracked());
        let Some(at) = tabs.iter().position(|t| t.label == now) else {
            return;
        };
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1) % tabs.len(),
            "ArrowLeft" => (at + tabs.len() - 1) % tabs.len(),
            "Home" => 0,
            "End" => tabs.len() - 1,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        if let Some(tab) = tabs.get(to) {
            // Walking along the tabs picks; it never lets go.
            if picked.with_untracked(|p| *p != tab.label) {
                pick.run(tab.label.clone());
            }
            request_animation_frame(move || focus_selected(bar));
        }
    };
    let one = move |tab: Tab| {
        let label = StoredValue::new(tab.label.clone());
        let on = Memo::new(move |_| label.with_value(|l| current.with(|c| c == l)));
        let held = Memo::new(move |_| label.with_value(|l| picked.with(|p| p == l)));
        let title = move || match (held.get(), on.get()) {
            (true, _) => {
                "Stays while you step. Click again to follow the cursor: input at the enter, output at the exit."
            }
            (false, true) => "Follows the cursor. Click to keep this tab while you step.",
            (false, false) => "Click to keep this tab while you step.",
        };
        let number =
            (tab.number > 0).then(|| view! { " " <span class="tab-number">{count(u64::from(tab.number))}</span> });
        view! {
            <button
                type="button"
                role="tab"
                class="tab"
                class:on=move || on.get()
                class:held=move || held.get()
                class:missing=!tab.missing.is_empty()
                aria-selected=move || on.get().to_string()
                aria-controls="inspector-panel"
                tabindex=move || if on.get() { "0" } else { "-1" }
                title=title
                on:click=move |_| pick.run(label.get_value())
            >
                {tab.label.clone()}
                {number}
            </button>
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label="What to show of the step" node_ref=bar on:keydown=on_key>
            <For each=move || tabs.get() key=|t| (t.label.clone(), t.number, t.missing.is_empty()) children=one />
        </div>
    }
}

fn focus_selected(bar: NodeRef<html::Div>) {
    let tab = bar.get_untracked().and_then(|b| b.query_selector("[aria-selected=true]").ok().flatten());
    if let Some(tab) = tab.and_then(|t| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(t).ok()) {
        let _ = tab.focus();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tab(part: Part, missing: &str) -> Tab {
        Tab { label: String::new(), number: 0, part: Some(part), missing: missing.to_owned(), decision: false }
    }

    #[test]
    fn the_tab_follows_the_phase_and_falls_back_to_what_there_is() {
        let (run, step) = (0, 0);
        let both = [tab(Part::Input { run, step }, ""), tab(Part::Output { run, step }, "")];
        assert_eq!(default_tab(&both, Phase::Enter), 0);
        assert_eq!(default_tab(&both, Phase::Exit), 1);
        let one = [tab(Part::Input { run, step }, ""), tab(Part::Output { run, step }, "not in this file")];
        assert_eq!(default_tab(&one, Phase::Exit), 0);
        let none = [
            tab(Part::Input { run, step }, "not in this file"),
            tab(Part::Output { run, step }, "not in this file"),
            tab(Part::Attributes { run, step }, ""),
        ];
        assert_eq!(default_tab(&none, Phase::Exit), 2);
        assert_eq!(default_tab(&[], Phase::Exit), 0);
    }
}

//! What of the page a condition may look at, as plain values: so conditions are plain functions.

use crate::state::{Origin, Page, Pane, View};
use chaindebug_core::model::{Kind, Severity, Status};
use chaindebug_core::protocol::{Phase, RunEnd};
use leptos::prelude::*;

/// Where the cursor stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct At {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) phase: Phase,
    pub(super) failed: bool,
    /// Whether it is the last moment of the run.
    pub(super) last: bool,
}

/// The page, as far as lessons and wins care.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Facts {
    /// Id of the sample shown; empty for what is none.
    pub(super) sample: String,
    /// Whether what is shown came from this machine.
    pub(super) own: bool,
    pub(super) at: Option<At>,
    pub(super) view: View,
    /// Whether the inspector is in sight.
    pub(super) inspector: bool,
    /// What is searched for, in small letters.
    pub(super) search: String,
    /// Whether somebody went to a hit of it.
    pub(super) hit: bool,
    /// Whether two runs are compared.
    pub(super) compared: bool,
    /// Which difference the cursors stand on, from 1; 0 for none.
    pub(super) difference: u32,
    /// The pipeline worked on: group and document.
    pub(super) bench: Option<(u32, u32)>,
    /// Name of the scenario that is run, and whether scenarios were changed.
    pub(super) scenario: String,
    pub(super) changed: bool,
    /// How the newest dry run ended, and the steps it entered.
    pub(super) end: Option<RunEnd>,
    pub(super) entered: Vec<String>,
    /// Findings that are errors; `None` until they are known.
    pub(super) wrong: Option<usize>,
    /// Counts the changes of the pipeline's text.
    pub(super) revision: u32,
    /// Whether something was handed on.
    pub(super) handed: bool,
}

/// Whether a narrow page shows the inspector: on a tab of its own, and below flowchart and timeline where it is high
/// enough, as the style sheet has it.
fn below(page: Page) -> bool {
    let height = web_sys::window().and_then(|window| window.inner_height().ok()).and_then(|height| height.as_f64());
    match page.pane.get() {
        Pane::Inspector => true,
        Pane::Main => {
            !matches!(page.shown_view(), View::Chat | View::Table) && height.is_some_and(|height| height >= 560.0)
        }
        _ => false,
    }
}

impl Facts {
    /// The page now; whoever asks follows it.
    pub(super) fn of(page: Page) -> Facts {
        let bench = page.workbench;
        let origin = page.subject.get().and_then(|subject| page.origin_of(subject.group, subject.document));
        let cursor = page.cursor.get();
        let narrow = page.narrow.get();
        let difference =
            page.comparing.cursor.with(|cursor| cursor.as_ref().filter(|one| one.here).map(|one| one.passed));
        let (end, entered) =
            bench.simulation.with(|one| one.as_ref().map(|one| (one.status, one.entered.clone()))).unzip();
        let is_error = |view: &std::sync::Arc<crate::workbench::Said>| {
            view.findings.iter().filter(|one| one.severity == Severity::Error).count()
        };
        Facts {
            own: origin == Some(Origin::Local),
            sample: if let Some(Origin::Sample(id)) = origin { id } else { String::new() },
            at: cursor.filter(|cursor| cursor.moments > 0).map(|cursor| At {
                last: cursor.moment + 1 == cursor.moments,
                failed: cursor.status == Status::Error,
                kind: cursor.kind,
                phase: cursor.phase,
                name: cursor.name,
            }),
            view: page.shown_view(),
            inspector: if narrow { below(page) } else { page.sizes.get().inspector_open },
            search: page.search.with(|text| text.trim().to_lowercase()),
            hit: page.found.at_hit(),
            compared: page.comparing.cursor.with(Option::is_some),
            difference: difference.unwrap_or_default(),
            bench: bench.bench.get().map(|bench| (bench.group, bench.document)),
            scenario: bench.scenario().map(|one| one.name).unwrap_or_default(),
            changed: bench.unsaved.get(),
            end,
            entered: entered.unwrap_or_default(),
            wrong: bench.findings.with(|view| view.as_ref().map(is_error)),
            revision: bench.revision.get(),
            handed: page.handed_on.get(),
        }
    }
}

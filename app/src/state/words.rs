//! The small types of the page's state: plain values without behaviour beyond their names.

use chaindebug_core::protocol::Part;

/// What is shown: one run or one pipeline of an open document.
///
/// It changes whenever what is shown must be asked for anew, also when the same run has grown because another file
/// joined it (`revision`). So a view that keeps answers keys them by the subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Subject {
    /// Which engine: [`super::Group::id`].
    pub(crate) group: u32,
    /// Document, counted in its engine's session.
    pub(crate) document: u32,
    /// The run or pipeline.
    pub(crate) what: What,
    /// Counts how often the group's documents changed.
    pub(crate) revision: u32,
}

impl Subject {
    /// The run, counted in the session, when it is one.
    pub(crate) fn run(self) -> Option<u32> {
        if let What::Run(run) = self.what { Some(run) } else { None }
    }

    /// The pipeline, counted in the session, when it is one.
    pub(crate) fn pipeline(self) -> Option<u32> {
        if let What::Pipeline(pipeline) = self.what { Some(pipeline) } else { None }
    }
}

/// What of a document is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A run, counted in the session.
    Run(u32),
    /// A pipeline, counted in the session.
    Pipeline(u32),
    /// The document holds neither: only its diagnostics can be shown.
    Nothing,
}

/// The run that the cursor walks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Walked {
    /// Which engine: [`super::Group::id`].
    pub(crate) group: u32,
    /// The run, counted in the session.
    pub(crate) run: u32,
    /// Counts dry runs: the same number holds another run each time. 0 for what was recorded.
    pub(crate) turn: u32,
}

/// What the middle of the page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// No document is open: drop target and gallery.
    Empty,
    /// The first document is being read.
    Opening,
    /// The engine of the current document crashed.
    Crashed,
    /// The current document holds tables, and no run and no pipeline.
    Sheets,
    /// The current document holds none of these.
    Unreadable,
    /// The current run has no steps.
    NoSteps,
    /// Two runs laid on each other.
    Compare,
    /// Many runs at once.
    Many,
    /// Two definitions laid on each other.
    Changes,
    /// Panels and views.
    Work,
}

/// What the inspector shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inspected {
    /// A step of a run.
    Step {
        /// Run.
        run: u32,
        /// Step.
        step: u32,
    },
    /// A node of a pipeline.
    Node {
        /// Pipeline.
        pipeline: u32,
        /// Node.
        node: u32,
    },
}

/// A place within a value that the inspector should open and scroll to, e.g. a search hit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reveal {
    /// Which value.
    pub(crate) part: Part,
    /// JSON path within it, else empty.
    pub(crate) path: String,
    /// Line within its text, from 1; 0 when unknown.
    pub(crate) line: u64,
}

/// The views in the middle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub(crate) enum View {
    #[default]
    Flow,
    Timeline,
    Chat,
    Table,
    /// The run laid on the pipeline it followed.
    Pipeline,
}

impl View {
    /// In the order of their tabs and keys.
    pub(crate) const ALL: [View; 5] = [View::Flow, View::Timeline, View::Chat, View::Table, View::Pipeline];

    /// The word on its tab.
    pub(crate) fn name(self) -> &'static str {
        match self {
            View::Flow => "Flow",
            View::Timeline => "Timeline",
            View::Chat => "Chat",
            View::Table => "Table",
            View::Pipeline => "On its pipeline",
        }
    }

    /// The word in the address.
    pub(crate) fn id(self) -> &'static str {
        match self {
            View::Flow => "flow",
            View::Timeline => "timeline",
            View::Chat => "chat",
            View::Table => "table",
            View::Pipeline => "pipeline",
        }
    }

    /// From the word in the address.
    pub(crate) fn from_id(id: &str) -> Option<View> {
        View::ALL.into_iter().find(|view| view.id() == id)
    }
}

/// Which panel has the room when the page is narrow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub(crate) enum Pane {
    Steps,
    #[default]
    Main,
    Inspector,
    Findings,
    Text,
}

impl Pane {
    /// The word the style sheet knows.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Pane::Steps => "steps",
            Pane::Main => "main",
            Pane::Inspector => "inspector",
            Pane::Findings => "findings",
            Pane::Text => "text",
        }
    }
}

/// Dark, light, or as the system is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub(crate) enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    /// The next one when the button is pressed.
    pub(crate) fn next(self) -> Theme {
        match self {
            Theme::System => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::System,
        }
    }

    /// The word in the address, in the store, and in `data-theme`.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// From [`Theme::id`].
    pub(crate) fn from_id(id: &str) -> Option<Theme> {
        [Theme::System, Theme::Light, Theme::Dark].into_iter().find(|theme| theme.id() == id)
    }
}

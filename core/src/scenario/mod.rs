//! Scenario files: cases to try a pipeline with, kept as one small JSON document beside it.
//!
//! Reading is in `read`, writing in `write`, how JSON is laid out in `layout`, and opening such a file like any other
//! in `import`. What a scenario does is the business of the engine it is run on. The form is in `docs/scenarios.md`.

mod import;
mod layout;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub use import::FORMAT;
pub use layout::compact;
pub use read::{Problem, mocks, read};
pub use write::write;

#[cfg(test)]
pub(crate) use tests::EVERYTHING;

use crate::protocol::{EngineId, Loader, RunEnd};

/// The key that says what a file is; its value is the version of the form.
pub const MARKER: &str = "chaindebug_scenarios";

/// The version that is written, and the newest that is known.
pub const VERSION: u32 = 1;

/// The engine of this name, as in `ia-modules@0.1.3`.
pub fn engine(name: &str) -> Option<EngineId> {
    [EngineId::IaModules013, EngineId::IaModules020].into_iter().find(|&engine| engine_name(engine) == name)
}

/// How an engine is called in files and on the command line.
pub fn engine_name(engine: EngineId) -> &'static str {
    match engine {
        EngineId::IaModules013 => "ia-modules@0.1.3",
        EngineId::IaModules020 => "ia-modules@0.2.0",
    }
}

/// The loader of this name.
pub fn loader(name: &str) -> Option<Loader> {
    [Loader::Raw, Loader::Pydantic].into_iter().find(|&loader| loader_name(loader) == name)
}

/// How a loader is called in files and on the command line.
pub fn loader_name(loader: Loader) -> &'static str {
    match loader {
        Loader::Raw => "raw",
        Loader::Pydantic => "pydantic",
    }
}

const ENDS: [RunEnd; 4] = [RunEnd::Completed, RunEnd::DeadEnd, RunEnd::WaitingForHuman, RunEnd::Failed];

/// The end of this name.
pub fn end(name: &str) -> Option<RunEnd> {
    ENDS.into_iter().find(|&end| end_name(end) == name)
}

/// How the end of a run is called in files and on the command line.
pub fn end_name(end: RunEnd) -> &'static str {
    match end {
        RunEnd::Completed => "completed",
        RunEnd::DeadEnd => "dead_end",
        RunEnd::WaitingForHuman => "waiting_for_human",
        RunEnd::Failed => "failed",
    }
}

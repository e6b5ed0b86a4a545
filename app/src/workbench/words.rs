//! The words and signs for how a run ends, for readers and for engines: the same everywhere.

use chaindebug_core::protocol::{EngineId, Loader, Reader, RunEnd, Simulation};

/// How a run ended: its sign, and a word.
pub(crate) fn end(end: RunEnd) -> (&'static str, &'static str) {
    match end {
        RunEnd::Completed => ("✓", "completed"),
        RunEnd::DeadEnd => ("⊣", "dead end"),
        RunEnd::WaitingForHuman => ("‖", "waits for a person"),
        RunEnd::Failed => ("✗", "failed"),
    }
}

/// The word the style sheet knows.
pub(super) fn end_id(end: RunEnd) -> &'static str {
    match end {
        RunEnd::Completed => "completed",
        RunEnd::DeadEnd => "dead_end",
        RunEnd::WaitingForHuman => "waiting_for_human",
        RunEnd::Failed => "failed",
    }
}

/// All ends, in the order of a menu.
pub(super) const ENDS: [RunEnd; 4] = [RunEnd::Completed, RunEnd::DeadEnd, RunEnd::WaitingForHuman, RunEnd::Failed];

/// The number on the engine's button.
pub(super) fn engine(engine: EngineId) -> &'static str {
    match engine {
        EngineId::IaModules013 => "0.1.3",
        EngineId::IaModules020 => "0.2.0",
    }
}

/// What a loader is called.
pub(super) fn loader(loader: Loader) -> &'static str {
    match loader {
        Loader::Raw => "raw loader",
        Loader::Pydantic => "pydantic loader",
    }
}

/// What a reader is called.
pub(super) fn reader(reader: Option<Reader>) -> &'static str {
    match reader {
        None => "as it is meant",
        Some(Reader::Validator) => "as the validator takes it",
        Some(Reader::Raw) => "as the raw loader takes it",
        Some(Reader::Pydantic) => "as the pydantic loader takes it",
    }
}

/// How a dry run ended, in a short line.
pub(super) fn ended(simulation: &Simulation) -> String {
    match (simulation.status, &simulation.error, &simulation.waiting_step) {
        (RunEnd::Failed, Some(error), _) if error.message.is_empty() => error.type_name.clone(),
        (RunEnd::Failed, Some(error), _) => format!("{}: {}", error.type_name, error.message),
        (RunEnd::WaitingForHuman, _, Some(step)) => format!("waits for a person at {step}"),
        (RunEnd::DeadEnd, ..) => "dead end, reported as success".to_owned(),
        (status, ..) => end(status).1.to_owned(),
    }
}

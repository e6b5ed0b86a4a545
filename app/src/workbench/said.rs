//! What is said of a pipeline, as the page keeps it. The engine says the findings after every letter, and the rest when
//! the text rests: until then it is shared, because the validator may have a line for every step.

use chaindebug_core::protocol::{Finding, FindingsView, Reading, Validation};
use std::sync::Arc;

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// Our own findings, the gravest first.
    pub(crate) findings: Vec<Finding>,
    /// The real validator's words.
    pub(crate) validation: Arc<Validation>,
    /// The file as each reader takes it.
    pub(crate) readings: Arc<Vec<Reading>>,
}

impl From<FindingsView> for Said {
    fn from(view: FindingsView) -> Said {
        let FindingsView { findings, validation, readings } = view;
        Said { findings, validation: Arc::new(validation), readings: Arc::new(readings) }
    }
}

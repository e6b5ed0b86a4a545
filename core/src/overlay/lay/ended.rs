//! How a run ended, and how bad that is. Found out in [`super`].

use crate::model::Status;

/// How a run ended, as far as it can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// At this terminal.
    Terminal(u32),
    /// No edge leaves the last step.
    NothingFollows,
    /// Edges leave it, and none was true.
    DeadEnd,
    /// The last step waits for a person.
    Waiting,
    /// The last step failed.
    Failed,
    /// A condition after it could not be compared, or the next step does not exist.
    FailedAfter,
    /// The last step was running when the file was written.
    Running,
    /// The last step was stopped from outside.
    Cancelled,
    /// Another step was to come, and the file does not have it.
    Cut(u32),
    /// An edge to a terminal left the last step; whether it was true is not recorded.
    Unclear(u32),
    /// The run visited nothing here.
    Nothing,
}

/// The worse of two statuses: the one a person would want to know first.
pub(super) fn worse(held: Option<Status>, other: Status) -> Status {
    let weight = crate::flow::weight;
    held.map_or(other, |status| if weight(other) > weight(status) { other } else { status })
}

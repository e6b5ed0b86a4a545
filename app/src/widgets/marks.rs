//! The tag of a step's kind and the mark of its status: the same everywhere a step is shown.

use super::icons::{Icon, icon};
use chaindebug_core::model::{Kind, Role, Status};
use leptos::prelude::*;

/// The short tag of a kind, e.g. `TOOL`; the whole name for screen readers and on hovering.
#[component]
pub(crate) fn KindTag(
    /// The kind.
    kind: Kind,
) -> impl IntoView {
    view! { <span class="kind" data-kind=kind.name() title=kind.name()>{kind.tag()}</span> }
}

/// The shape that stands for a status. No two statuses share one.
pub(crate) fn status_icon(status: Status) -> Icon {
    match status {
        Status::Ok => Icon::Check,
        Status::Error => Icon::Cross,
        Status::Running => Icon::Half,
        Status::Waiting => Icon::Pause,
        Status::Skipped => Icon::Dash,
        Status::Cancelled => Icon::Stop,
        Status::Unset => Icon::Dot,
    }
}

/// The word shown for a status.
pub(crate) fn status_word(status: Status) -> &'static str {
    match status {
        Status::Unset => "not stated",
        _ => status.name(),
    }
}

/// The same at length, for hovering.
fn status_title(status: Status) -> &'static str {
    match status {
        Status::Unset => "status not in this file",
        _ => status.name(),
    }
}

/// The mark of a status: its shape in its colour, with the word beside it or only spoken.
#[component]
pub(crate) fn StatusMark(
    /// The status.
    status: Status,
    /// Show the word.
    #[prop(optional)]
    word: bool,
) -> impl IntoView {
    let text = status_word(status);
    view! {
        <span class="status" data-status=status.name() title=status_title(status)>
            {icon(status_icon(status))}
            <span class:spoken=!word>{text}</span>
        </span>
    }
}

/// The word for who speaks.
pub(crate) fn role_word(role: &Role) -> &str {
    match role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => "tool",
        Role::Other(name) => name,
    }
}

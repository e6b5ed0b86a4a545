//! Short messages at the edge of the page: what happened that nobody pressed a button for.

use super::Page;
use crate::engine::{Failure, FailureKind};
use leptos::prelude::*;
use std::time::Duration;

/// How a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub(crate) enum Tone {
    Info,
    Warning,
    Error,
}

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Notice {
    /// Its number.
    pub(crate) id: u32,
    /// How it is meant. `Info` goes away by itself.
    pub(crate) tone: Tone,
    /// One or two sentences.
    pub(crate) text: String,
}

/// How long a message that needs no answer stays.
const STAY: Duration = Duration::from_secs(9);
/// Older ones make room.
const MOST: usize = 4;

impl Page {
    /// Shows a message. The same text twice shows once.
    pub(crate) fn notify(self, tone: Tone, text: impl Into<String>) {
        let id = self.fresh();
        let text = text.into();
        self.notices.update(|notices| {
            notices.retain(|notice| notice.text != text);
            notices.push(Notice { id, tone, text });
            let over = notices.len().saturating_sub(MOST);
            notices.drain(..over);
        });
        if tone == Tone::Info {
            set_timeout(move || self.dismiss(id), STAY);
        }
    }

    /// Takes a message away.
    pub(crate) fn dismiss(self, id: u32) {
        self.notices.try_update(|notices| notices.retain(|notice| notice.id != id));
    }

    /// Tells why something could not be answered, unless the page shows it already or somebody meant it.
    pub(crate) fn tell_failure(self, failure: &Failure) {
        if !failure.fatal() && !matches!(failure.kind, FailureKind::Closed | FailureKind::Cancelled) {
            self.notify(Tone::Warning, failure.message.clone());
        }
    }
}

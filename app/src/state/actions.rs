//! What a key means, and its way to whoever does it: the page itself, or the view on show.

use super::{Page, View};
use chaindebug_core::protocol::Command;
use leptos::prelude::*;
use std::rc::Rc;

/// What a key or a button asks for. The table of keys is in `keys`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names say what they do.
pub(crate) enum Action {
    /// Move the cursor.
    Move(Command),
    /// To the step after which the engine next had to decide.
    NextDecision,
    PreviousDecision,
    /// In a comparison: to the next place where the runs differ.
    NextDifference,
    PreviousDifference,
    /// In a comparison: to where the runs part.
    Parting,
    PlayPause,
    Show(View),
    ExpandAll,
    CollapseAll,
    Search,
    OpenFile,
    /// Save the pipeline's text.
    Save,
    /// Take the last change of the pipeline's text back, or make it again.
    Undo,
    Redo,
    Help,
    /// Close the innermost thing that can be closed.
    Escape,
    ZoomIn,
    ZoomOut,
    /// To 1:1.
    ZoomReset,
    /// To the cursor's step; when it is in sight already, to fit everything.
    Fit,
}

impl Action {
    /// Whether a key may ask for it where the page is a frame in another: what is about files, fields or dialogs stays
    /// with the page around.
    pub(crate) fn in_a_frame(self) -> bool {
        !matches!(self, Self::Search | Self::OpenFile | Self::Save | Self::Undo | Self::Redo | Self::Help)
    }
}

impl Page {
    /// Lets a view do actions while it is on show. The handler says whether it did; the newest is asked first, and
    /// the page does what no view did. Call it while the component is made: it ends with the component.
    pub(crate) fn handle_actions(self, handler: impl Fn(Action) -> bool + 'static) {
        let id = self.fresh();
        let handler: Rc<dyn Fn(Action) -> bool> = Rc::new(handler);
        self.handlers.update_value(|handlers| handlers.push((id, handler)));
        on_cleanup(move || {
            self.handlers.try_update_value(|handlers| handlers.retain(|(other, _)| *other != id));
        });
    }

    /// Offers an action to the views; whether one did it.
    pub(crate) fn offer(self, action: Action) -> bool {
        let handlers = self.handlers.get_value();
        handlers.iter().rev().any(|(_, handler)| handler(action))
    }
}

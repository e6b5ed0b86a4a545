//! What the parts of the page share: one [`Page`] in context, made of signals.
//!
//! Facts about traces are not kept here beyond what the engine answered last; each view asks for its own window of
//! the run. Views read signals and call the methods of `Page`; nothing writes a signal from an effect.
//!
//! - `page`: the struct itself, what is shown, asking.
//! - `moves`: the cursor. - `opening`, `under_way`, `beside`, `closing`, `matching`: files in and out.
//! - `actions`: keys on their way to views.
//! - `words`: the small types. - `prefs`: what the browser keeps. - `notices`: short messages.

mod actions;
mod beside;
mod closing;
mod matching;
mod moves;
mod notices;
mod opening;
mod page;
mod prefs;
mod under_way;
mod uniting;
mod words;

pub(crate) use crate::samples::Gallery;
pub(crate) use actions::Action;
pub(crate) use matching::first_of;
pub(crate) use notices::{Notice, Tone};
pub(crate) use opening::{Landing, Named, Origin};
pub(crate) use page::{Group, Page};
pub(crate) use prefs::{Sizes, read_stored, store};
pub(crate) use under_way::Opening;
pub(crate) use words::{Inspected, Pane, Reveal, Stage, Subject, Theme, View, Walked, What};

//! Searching names and values: the field in the top bar, and the list of hits.
//!
//! The engine searches part by part and says where it stopped; the page asks on until there is no more, so hits
//! appear as they are found and a new word ends the old search at once.

mod field;
mod found;
mod groups;
mod panel;

pub(crate) use field::SearchBox;
pub(crate) use found::Found;
pub(crate) use panel::SearchPanel;

//! The text of a pipeline file as somebody writes it: changing it, completing it, explaining it, forms from it.
//!
//! Works on the text and its tree alone, also while the text is damaged. How the real engine reads and runs a file is
//! not decided here.

mod caret;
mod changes;
mod complete;
mod declared;
mod forms;
mod hover;
mod keys;
mod outline;
mod sources;
#[cfg(test)]
mod tests;
mod words;

pub use changes::plan;
pub use complete::complete;
pub use declared::{Declared, output_schema, outputs, parameters};
pub use forms::{answer_form, defaults, input_form};
pub use hover::hover;
pub use outline::{Edge, Outline, Step, is_terminal};
pub use sources::{Source, operators, sources};

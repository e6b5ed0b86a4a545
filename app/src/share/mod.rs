//! Handing on what is open: as a link that holds it, as one HTML file, or exported to other formats; before anything
//! leaves, what looks like a secret or a person's data is shown and replaced. And taking such links and files in again.
//!
//! - `state`: what is shared, how, and what the engine found in it. - `making`: the bytes that leave.
//! - `dialog`: the dialog with its three ways: `link`, `page_file`, `exports`. - `redaction`: what was found, what stays.
//! - `report`: what was replaced. - `kept`: links and files on their way in. - `packing`: gzip. - `picture`: SVG as PNG.
//!
//! What is a secret, and what stands in its place, is the engine's to say.

mod dialog;
mod exports;
mod kept;
mod link;
mod making;
mod packing;
mod page_file;
mod patterns;
mod picture;
mod redaction;
mod report;
mod state;

pub(crate) use dialog::ShareDialog;
pub(crate) use kept::{given_inputs, unwrapped};
pub(crate) use state::Share;

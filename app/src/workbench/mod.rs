//! The page for a pipeline that can be simulated: its scenarios, the dry run of the one chosen, and what can be learned
//! from it.
//!
//! - `state`: the signals that its parts, the editor and the flowchart share. - `asking`: the questions behind them.

mod asking;
mod state;

pub(crate) use asking::drive;
#[allow(unused_imports)] // The editor and the flowchart use them.
pub(crate) use state::{Bench, Charted, Workbench};

//! The page for a pipeline that can be simulated: its scenarios, the dry run of the one chosen, and what can be learned
//! from it.
//!
//! - `state`: the signals that its parts, the editor and the flowchart share. - `asking`, `walk`: the questions behind
//!   them. - `scenarios`: changing and keeping scenarios.
//! - `panel`, `scenario_menu`, `form`, `outcome`, `steps`, `mock`, `human`: the panel on the left.
//! - `charts`, `coverage`: around the chart. - `decision`, `what_if`: the inspector's tab. - `target`: the bar at the top.
//! - `fields`, `json`, `words`: what these are made of.

mod asking;
mod charts;
mod coverage;
mod decision;
mod fields;
mod form;
mod human;
mod json;
mod mock;
mod outcome;
mod panel;
mod said;
mod scenario_menu;
mod scenarios;
mod state;
mod steps;
mod target;
mod walk;
mod what_if;
mod words;

pub(crate) use asking::drive;
pub(crate) use charts::{ChartMenu, ReadingBar, chart_name};
pub(crate) use coverage::CoverageList;
pub(crate) use decision::DecisionView;
pub(crate) use panel::ScenarioPanel;
pub(crate) use said::Said;
pub(crate) use state::{Bench, Charted, Workbench};
pub(crate) use target::TargetChoice;
pub(crate) use words::end as run_end;

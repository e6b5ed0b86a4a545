//! The text of the pipeline shown, live: every change reaches the engine, and findings and chart follow.
//!
//! - `bridge`, `calls`: the JavaScript side. - `field`, `plain`: the text on the screen, with and without it.
//! - `desk`: the texts that are open, and changes made elsewhere. - `round`: from a change to findings and chart.
//! - `follow`: caret, chart and places lead to each other. - `save`, `leaving`: the file. - `panel`: head and text.
//! - `builder`, `condition`: one condition as a form. - `chart`, `connect`, `outgoing`: changes made on the flowchart.
//!
//! What a text means is asked of the engine; nothing here reads JSON but to show it.

mod bridge;
mod builder;
mod calls;
mod chart;
mod condition;
mod connect;
mod desk;
mod field;
mod follow;
mod leaving;
mod outgoing;
mod panel;
mod plain;
mod round;
mod save;

pub(crate) use chart::{ChartEditing, ChartTools, EditOnChart};
pub(crate) use desk::{Desk, together};
pub(crate) use panel::TextPanel;

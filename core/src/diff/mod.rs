//! Two runs laid on each other: which step answers which, what differs, and where it began.
//!
//! [`value`] compares two values and [`text`] two texts; [`meaning`] says what a value comes to when [`noise`] is left
//! out, so that two values are told apart without walking both. [`side`] is a run as [`align`] looks at it, and [`align`]
//! makes pairs. [`comparison`] does the work on two runs, slice by slice; [`verdict`], [`rows`], [`cursor`], [`item`] and
//! [`report`] are what is shown of it. [`many`] counts over many runs, [`pipelines`]
//! compares two definitions. Nothing here knows the session, or reads a file.

pub mod align;
pub(crate) mod comparison;
mod content;
pub(crate) mod cursor;
pub(crate) mod item;
pub(crate) mod many;
pub mod meaning;
mod measures;
pub mod noise;
pub(crate) mod pipelines;
pub(crate) mod report;
pub(crate) mod rows;
pub mod rules;
pub mod sequence;
pub mod side;
pub mod text;
mod turns;
pub mod value;
pub(crate) mod verdict;

pub use measures::{Measured, measures};
pub use report::pipelines_as_markdown;

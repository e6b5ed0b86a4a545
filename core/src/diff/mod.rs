//! Two runs laid on each other: which step answers which, what differs, and where it began.
//!
//! [`value`] compares two values and [`text`] two texts; [`meaning`] says what a value comes to when [`noise`] is left
//! out, so that two values are told apart without walking both. [`side`] is a run as [`align`] looks at it, and [`align`]
//! makes pairs. Nothing here knows the session, or reads a file.

pub mod align;
pub mod meaning;
pub mod noise;
pub mod rules;
pub mod side;

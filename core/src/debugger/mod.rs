//! Moving through a run: the order of its moments, and the cursor that stands on one of them.
//!
//! Pure functions of a run. Which run somebody looks at, and where its cursor is, is kept by the session.

pub mod cursor;
pub mod moments;
pub mod named;

//! Learning the page by doing: a tour of seven stops, a pipeline to break and mend, first wins that tick themselves off,
//! and the way to say what is wrong.
//!
//! - `lessons`: the stops as data, texts and conditions. - `facts`: what of the page a condition may look at.
//! - `acts`: doing a stop for somebody. - `state`: where somebody stands, and what the browser keeps of it.
//! - `strip`: the row that shows a stop. - `wins`: the list of first wins. - `feedback`: the text of a report.
//!
//! Nothing here is asked of the engine, and nothing leaves the page. Where the page points at something, the style sheet
//! does: it knows the stop by its id.

mod acts;
mod facts;
mod feedback;
mod lessons;
mod state;
mod strip;
mod wins;

pub(crate) use feedback::FeedbackDialog;
pub(crate) use lessons::{MEND, TOUR};
pub(crate) use state::Learn;
pub(crate) use strip::LessonStrip;
pub(crate) use wins::{WinList, Wins};

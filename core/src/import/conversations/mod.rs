//! Conversations without a trace around them: lists of messages, requests with their answers, recordings of a browser.
//! Stands last: its signs are the weakest.
//!
//! `talk` reads messages one after the other, `exchange` requests that each repeat what was said before, `har` finds such
//! requests in a recording, `body` unpacks them, `stream` puts an answer together that came in pieces, `shape` says what
//! is a message.

mod body;
mod exchange;
mod har;
mod shape;
#[cfg(test)]
mod spelling_tests;
mod stream;
mod talk;
#[cfg(test)]
mod tests;

use crate::import::Format;
pub(in crate::import) use stream::together;

/// The formats, most specific first.
pub const FORMATS: &[Format] = &[har::FORMAT, exchange::FORMAT, talk::FORMAT];

/// A text of each, for the tests that damage them.
#[cfg(test)]
pub(super) const FIXTURES: &[&str] = &[
    include_str!("fixtures/messages.json"),
    include_str!("fixtures/tuning.jsonl"),
    include_str!("fixtures/exchanges.jsonl"),
    include_str!("fixtures/recording.har.json"),
    include_str!("fixtures/cassette.yaml"),
    include_str!("fixtures/mini.traj.json"),
];

//! Files of CODITECT and of KohakuEngine: task graphs with their state, logs, timelines, stores, records.

mod audit;
mod checkpoint;
mod critical;
mod kohaku;
mod kohaku_show;
mod project;
mod results;
mod store;
#[cfg(test)]
mod tests;
mod timeline;

use crate::import::Format;

/// The formats, most specific first.
pub const FORMATS: &[Format] = &[
    checkpoint::FORMAT,
    kohaku::FORMAT,
    kohaku_show::FORMAT,
    project::FORMAT,
    audit::FORMAT,
    timeline::FORMAT,
    results::FORMAT,
    store::FORMAT,
];

/// A text of each, for the tests that damage them.
#[cfg(test)]
pub(super) const FIXTURES: &[&str] = tests::FIXTURES;

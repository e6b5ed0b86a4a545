//! Histories of workflow engines, of continuous integration, and reports of tests.

mod airflow;
mod argo;
pub(crate) mod common;
mod dagster;
mod dbt;
mod github;
mod histories;
mod junit;
mod prefect;
mod pytest;
pub mod step_functions;
pub mod temporal;
#[cfg(test)]
mod tests;
mod xml;

use crate::import::Format;

pub(in crate::import) use dbt::tie as tie_dbt;

/// The formats, most specific first.
pub const FORMATS: &[Format] = &[
    dagster::FORMAT,
    prefect::FORMAT,
    argo::FORMAT,
    dbt::FORMAT,
    github::FORMAT,
    airflow::FORMAT,
    pytest::FORMAT,
    junit::FORMAT,
    temporal::FORMAT,
    step_functions::FORMAT,
];

/// A text of each, for the tests that damage them.
#[cfg(test)]
pub(super) const FIXTURES: &[&str] = tests::FIXTURES;

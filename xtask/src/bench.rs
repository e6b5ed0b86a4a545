//! `cargo xtask bench`: the benchmarks in Chromium, on a release build. What is measured stands in `tests/bench/`.

use crate::process::Run;
use crate::project::Project;
use crate::setup::{self, Need};
use crate::{Outcome, build};

/// Builds, then runs `tests/bench/open.mjs` with the arguments given.
pub(crate) fn command(project: &Project, arguments: &[String]) -> Outcome {
    setup::ensure(project, build::NEEDS)?;
    setup::ensure(project, &[Need::Chromium])?;
    build::release(project)?;
    setup::with_browser(project, Run::new(project, "node").args(["tests/bench/open.mjs"]).args(arguments)).show()
}

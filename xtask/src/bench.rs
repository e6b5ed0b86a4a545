//! `cargo xtask bench`: the benchmarks in Chromium and in Node, on a release build. What is measured stands in
//! `tests/bench/`.

use crate::process::Run;
use crate::project::Project;
use crate::setup::{self, Need};
use crate::{Outcome, build};

/// Builds, then runs `tests/bench/open.mjs` with the arguments given, and without any the other benchmarks too.
pub(crate) fn command(project: &Project, arguments: &[String]) -> Outcome {
    setup::ensure(project, build::NEEDS)?;
    setup::ensure(project, &[Need::Chromium])?;
    build::release(project)?;
    setup::with_browser(project, Run::new(project, "node").args(["tests/bench/open.mjs"]).args(arguments)).show()?;
    if arguments.is_empty() {
        for name in ["start", "diff", "typing"] {
            let script = format!("tests/bench/{name}.mjs");
            setup::with_browser(project, Run::new(project, "node").args([script])).show()?;
        }
        Run::new(project, "node").args(["tests/bench/families.mjs"]).show()?;
        return Run::new(project, "node").args(["tests/bench/findings.mjs"]).show();
    }
    Ok(())
}

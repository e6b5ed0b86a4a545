//! `cargo xtask package`: the folder of the npm package, made out of a build. What is in it, `embed/package.mjs` knows.

use crate::Outcome;
use crate::process::Run;
use crate::project::Project;
use crate::say;

/// Builds when there is no build, and makes the folder.
pub(crate) fn command(project: &Project, arguments: &[String]) -> Outcome {
    if let Some(argument) = arguments.first() {
        return Err(format!("`package` takes no arguments, so not `{argument}`."));
    }
    if !project.dist().join("chain-debug.js").is_file() {
        crate::build::command(project, &[])?;
    }
    let folder = project.at("target/npm/chaindebug");
    let script = Run::new(project, "node").args(["embed/package.mjs"]).args([project.dist(), folder.clone()]);
    script.args([env!("CARGO_PKG_VERSION"), env!("CARGO_PKG_REPOSITORY")]).show()?;
    say::line(&format!("{} is ready for `npm publish`.", folder.display()));
    Ok(())
}

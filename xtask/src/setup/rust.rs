//! The Rust side: the wasm32 library, the formatter and the linter, the crates. The compiler itself is rustup's work,
//! from rust-toolchain.toml.

use crate::process::Run;
use crate::project::Project;
use crate::{Outcome, say};
use std::path::Path;

const TARGET: &str = "wasm32-unknown-unknown";

pub(super) fn wasm_target(project: &Project) -> Outcome {
    let sysroot = Run::new(project, "rustc").args(["--print", "sysroot"]).ask();
    let sysroot = sysroot.ok_or("`rustc` does not run. Install Rust with rustup, https://rustup.rs, and try again.")?;
    // Looked for on the disk, so that a Rust that came another way than by rustup serves as well.
    if Path::new(&sysroot).join("lib/rustlib").join(TARGET).join("lib").is_dir() {
        return Ok(());
    }
    say::installing(TARGET, "the library for code that runs in the browser", "about 20 MB, under a minute");
    rustup(project, &["target", "add", TARGET])
}

pub(super) fn lints(project: &Project) -> Outcome {
    let has = |command| Run::new(project, "cargo").args([command, "--version"]).ask().is_some();
    if has("fmt") && has("clippy") {
        return Ok(());
    }
    say::installing("rustfmt and clippy", "the formatter and the linter", "about 10 MB, under a minute");
    rustup(project, &["component", "add", "rustfmt", "clippy"])
}

/// Fetches the crates of Cargo.lock. Quick when they are there, and silent.
pub(super) fn crates(project: &Project) -> Outcome {
    // Macros and build scripts run here, so what they need is needed too.
    let version = Run::new(project, "rustc").args(["-vV"]).ask().unwrap_or_default();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or(TARGET);
    let fetch = || Run::new(project, "cargo").args(["fetch", "--target", TARGET, "--target", host]);
    if fetch().args(["--offline", "--quiet"]).ask().is_some() {
        return Ok(());
    }
    say::installing("the crates of Cargo.lock", "Trunk builds the page without the network", "about a minute");
    fetch().show().map_err(|error| {
        format!("{error} If crates.io could not be reached, check the network or the proxy, then try again.")
    })
}

fn rustup(project: &Project, arguments: &[&str]) -> Outcome {
    if project.which("rustup").is_none() {
        return Err(format!(
            "rustup is missing, and `rustup {}` is needed. Install it from https://rustup.rs, or install the same thing \
             the way your Rust was installed.",
            arguments.join(" ")
        ));
    }
    Run::new(project, "rustup").args(arguments).show().map_err(|error| {
        format!("{error} If static.rust-lang.org could not be reached, check the network or the proxy, then try again.")
    })
}

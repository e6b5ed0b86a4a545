//! `cargo xtask test`: every check, one after the other, all of them even when one fails.
//!
//! Here: which checks there are, in which order, and the summary. What each one does stands in `checks`, how
//! tests are run in Node in `node`; the rules on the files of the project themselves in `tidy` and `styles`.

mod checks;
mod node;
mod styles;
mod tidy;

use crate::project::Project;
use crate::{Outcome, say};
use std::time::{Duration, Instant};

/// What came of a check that did not fail.
pub(crate) enum Verdict {
    Passed,
    /// Why it could not be run here. Never for something set-up could have installed.
    Skipped(String),
}

struct Check {
    group: &'static str,
    title: &'static str,
    run: fn(&Project) -> Outcome<Verdict>,
}

/// In the order they run: quick ones first, and the build before what needs it.
const CHECKS: &[Check] = &[
    Check { group: "lint", title: "Formatting", run: checks::formatting },
    Check { group: "lint", title: "Files and links", run: tidy::check },
    Check { group: "lint", title: "Clippy, native crates", run: checks::clippy_native },
    Check { group: "lint", title: "Clippy, browser crates", run: checks::clippy_wasm },
    Check { group: "lint", title: "Links in the code's documentation", run: checks::code_docs },
    Check { group: "lint", title: "Licences and sources of crates", run: checks::crates },
    Check { group: "lint", title: "Dockerfiles", run: checks::dockerfile },
    Check { group: "core", title: "Tests of core, cli and xtask", run: checks::native_tests },
    Check { group: "app", title: "Page, without a browser", run: checks::page_units },
    Check { group: "editor", title: "Text editor's adapter in Node", run: checks::editor },
    Check { group: "recorder", title: "Trace format and Python recorder", run: checks::recorder },
    Check { group: BUILD, title: RELEASE_BUILD, run: checks::release_build },
    Check { group: BUILD, title: "Sizes", run: checks::sizes },
    Check { group: "wasm", title: "Engine in Node", run: checks::wasm },
    Check { group: "e2e", title: "Page in Chromium", run: checks::page },
    Check { group: "docs", title: "MkDocs plugin", run: checks::docs_plugin },
    Check { group: "docs", title: "Documentation in Chromium", run: checks::docs },
    Check { group: "docker", title: "Static server", run: checks::server },
];

/// The group whose first check makes dist/, which these other groups then read.
const BUILD: &str = "build";
const RELEASE_BUILD: &str = "Release build";
const NEED_BUILD: &[&str] = &["wasm", "e2e", "docs", "docker"];

/// Runs all checks, or those of the groups named.
pub(crate) fn command(project: &Project, arguments: &[String]) -> Outcome {
    let chosen = choose(arguments)?;
    let begun = Instant::now();
    let mut results = Vec::new();
    let mut build_failed = false;
    for check in chosen {
        say::title(check.title);
        let started = Instant::now();
        let outcome = if build_failed && (check.group == BUILD || NEED_BUILD.contains(&check.group)) {
            Ok(Verdict::Skipped("the release build failed".to_owned()))
        } else {
            (check.run)(project)
        };
        match &outcome {
            Ok(Verdict::Passed) => say::line("passed"),
            Ok(Verdict::Skipped(reason)) => say::line(&format!("skipped: {reason}")),
            Err(sentence) => {
                say::error(sentence);
                build_failed |= check.title == RELEASE_BUILD;
            }
        }
        results.push((check, outcome, started.elapsed()));
    }
    summary(&results, begun.elapsed())
}

fn choose(groups: &[String]) -> Outcome<Vec<&'static Check>> {
    let known = |group: &str| CHECKS.iter().any(|check| check.group == group);
    if let Some(unknown) = groups.iter().find(|group| !known(group)) {
        let mut names: Vec<&str> = CHECKS.iter().map(|check| check.group).collect();
        names.dedup();
        return Err(format!("There is no group of checks `{unknown}`. There are: {}.", names.join(", ")));
    }
    let wanted = |group: &str| groups.iter().any(|name| name == group);
    let builds = NEED_BUILD.iter().any(|group| wanted(group));
    let takes = |check: &&Check| groups.is_empty() || wanted(check.group) || (builds && check.title == RELEASE_BUILD);
    Ok(CHECKS.iter().filter(takes).collect())
}

fn summary(results: &[(&Check, Outcome<Verdict>, Duration)], took: Duration) -> Outcome {
    say::title("Summary");
    let (mut passed, mut failed, mut skipped) = (0_usize, 0_usize, 0_usize);
    for (check, outcome, time) in results {
        let (word, more) = match outcome {
            Ok(Verdict::Passed) => ("passed", String::new()),
            Ok(Verdict::Skipped(reason)) => ("skipped", format!(": {reason}")),
            Err(_) => ("FAILED", String::new()),
        };
        match outcome {
            Ok(Verdict::Passed) => passed += 1,
            Ok(Verdict::Skipped(_)) => skipped += 1,
            Err(_) => failed += 1,
        }
        say::line(&format!("{word:<8} {:>7.1} s  {}{more}", time.as_secs_f64(), check.title));
    }
    say::line(&format!("{:>16.1} s  in all", took.as_secs_f64()));
    let skipped = if skipped == 0 { String::new() } else { format!(", {skipped} skipped") };
    let line = format!("{passed} passed, {failed} failed{skipped}");
    if failed == 0 {
        say::line(&format!("\n{line}"));
        Ok(())
    } else {
        Err(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(groups: &[&str]) -> Vec<&'static str> {
        let groups: Vec<String> = groups.iter().map(|text| (*text).to_owned()).collect();
        choose(&groups).unwrap().iter().map(|check| check.title).collect()
    }

    #[test]
    fn no_group_is_all_of_them() {
        assert_eq!(titles(&[]).len(), CHECKS.len());
    }

    #[test]
    fn what_reads_the_build_brings_the_build() {
        assert_eq!(titles(&["e2e"]), ["Release build", "Page in Chromium"]);
        assert_eq!(titles(&["core"]), ["Tests of core, cli and xtask"]);
    }

    #[test]
    fn an_unknown_group_is_refused() {
        assert!(choose(&["unit".to_owned()]).is_err());
    }
}

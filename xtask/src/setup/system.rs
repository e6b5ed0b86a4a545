//! Packages of the system, where it is a Debian-like one and we may install.

use crate::process::Run;
use crate::project::Project;
use crate::{Outcome, say};
use std::io::{IsTerminal as _, stdin};

/// Installs packages with apt-get, as root or through sudo. Elsewhere the error says what to install by hand.
pub(super) fn install(project: &Project, packages: &[&str], why: &str, how_long: &str) -> Outcome {
    let names = packages.join(" ");
    let by_hand = format!("Needed: {names} ({why}).");
    if project.which("apt-get").is_none() {
        return Err(format!("{by_hand} Install it with your package manager, then try again."));
    }
    let prefix = privilege(project).ok_or_else(|| {
        format!("{by_hand} Installing it needs root: `sudo apt-get install {names}`, then try again.")
    })?;
    say::installing(&names, why, how_long);
    let apt = |arguments: &[&str]| {
        let words: Vec<&str> = prefix.iter().copied().chain(["apt-get"]).chain(arguments.iter().copied()).collect();
        let (program, rest) = words.split_first().map_or(("apt-get", &[][..]), |(first, rest)| (*first, rest));
        Run::new(project, program).args(rest).with("DEBIAN_FRONTEND", "noninteractive").show()
    };
    // An old list is often good enough, so a failure to renew it is not the end.
    if let Err(error) = apt(&["update", "-q"]) {
        say::line(&format!("{error} Going on with the package lists that are there."));
    }
    let mut arguments = vec!["install", "-y", "-q", "--no-install-recommends"];
    arguments.extend(packages);
    apt(&arguments).map_err(|error| format!("{error} {by_hand}"))
}

/// What to put before a command that needs root; `None` when nothing would do.
fn privilege(project: &Project) -> Option<&'static [&'static str]> {
    if Run::new(project, "id").args(["-u"]).ask().as_deref() == Some("0") {
        return Some(&[]);
    }
    project.which("sudo")?;
    // Without a terminal nobody can type a password.
    let silent = Run::new(project, "sudo").args(["-n", "true"]).ask().is_some();
    (silent || stdin().is_terminal()).then_some(&["sudo"])
}

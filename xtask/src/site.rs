//! `cargo xtask site`: what GitHub Pages publishes, in site/: the page at the top and the documentation in site/docs/.
//!
//! All addresses of the page are relative, so the path that the site gets does not matter.

use crate::process::Run;
use crate::project::Project;
use crate::{Outcome, build, say, setup};
use std::fs;
use std::path::Path;

/// What builds the documentation, one Python package a line. Without it the site has none.
const REQUIREMENTS: &str = "docs/requirements.txt";
/// The documentation's configuration, the first that exists.
const CONFIGURATIONS: &[&str] = &["mkdocs.yml", ".mkdocs.yml"];

/// Builds both from scratch.
pub(crate) fn command(project: &Project, arguments: &[String]) -> Outcome {
    let site = project.at("site");
    build::command(project, arguments)?;
    if site.exists() {
        fs::remove_dir_all(&site).map_err(|error| format!("{} cannot be removed: {error}.", site.display()))?;
    }
    copy(&project.dist(), &site)?;
    // Without this file GitHub Pages leaves out what begins with an underscore.
    fs::write(site.join(".nojekyll"), "").map_err(|error| format!("site/.nojekyll cannot be written: {error}."))?;
    documentation(project)?;
    say::line("The site is in site/: the page, and its documentation in docs/ where there is one.");
    Ok(())
}

fn documentation(project: &Project) -> Outcome {
    let configuration = CONFIGURATIONS.iter().find(|name| project.at(name).is_file());
    let Some(configuration) = configuration.filter(|_| project.at(REQUIREMENTS).is_file()) else {
        say::line(&format!("There is no {REQUIREMENTS}, so the site has no documentation."));
        return Ok(());
    };
    let python = setup::python_with(project, "docs", REQUIREMENTS, "MkDocs, which makes the documentation")?;
    let run = Run::new(project, python).args(["-m", "mkdocs", "build", "--strict", "--config-file", configuration]);
    // The embeds in it use the build at the top of the site.
    let run = run.with("CHAINDEBUG_DIST", project.dist()).with("CHAINDEBUG_DOCS_URL", "../chain-debug.js");
    run.args([Path::new("--site-dir"), &project.at("site/docs")]).show()
}

/// Copies a folder. The compressed files stay behind: Pages compresses by itself.
fn copy(from: &Path, to: &Path) -> Outcome {
    let failed = |error| format!("{} cannot be copied to {}: {error}.", from.display(), to.display());
    fs::create_dir_all(to).map_err(failed)?;
    for entry in fs::read_dir(from).map_err(failed)?.flatten() {
        let target = to.join(entry.file_name());
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            copy(&entry.path(), &target)?;
        } else if !build::packed(&entry.file_name().to_string_lossy()) {
            fs::copy(entry.path(), &target).map_err(failed)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compressed_files_stay_behind_and_folders_come_along() {
        let base = std::env::temp_dir().join(format!("chaindebug-site-{}", std::process::id()));
        let (from, to) = (base.join("from"), base.join("to"));
        fs::create_dir_all(from.join("samples")).unwrap();
        for name in ["index.html", "index.html.br", "index.html.gz", "samples/one.json", "samples/one.json.br"] {
            fs::write(from.join(name), name).unwrap();
        }
        copy(&from, &to).unwrap();
        let there = |name: &str| to.join(name).is_file();
        assert!(there("index.html") && there("samples/one.json"));
        assert!(!there("index.html.br") && !there("index.html.gz") && !there("samples/one.json.br"));
        fs::remove_dir_all(base).unwrap();
    }
}

//! A Chromium for the end-to-end tests and the benchmarks.

use super::system;
use crate::Outcome;
use crate::project::Project;
use std::env;
use std::path::PathBuf;

const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// The browser: the one `CHAINDEBUG_CHROMIUM` names, or the first usual one on PATH.
pub(super) fn find(project: &Project) -> Option<PathBuf> {
    let named = env::var_os("CHAINDEBUG_CHROMIUM").map(PathBuf::from);
    let on_path = || NAMES.iter().find_map(|name| project.which(name));
    let mac = || Some(PathBuf::from(MAC)).filter(|path| path.is_file());
    named.or_else(on_path).or_else(mac)
}

pub(super) fn ensure(project: &Project) -> Outcome {
    match find(project) {
        Some(path) if path.is_file() => Ok(()),
        Some(path) => Err(format!("CHAINDEBUG_CHROMIUM names {}, and there is no such file.", path.display())),
        None => system::install(
            project,
            &["chromium", "fonts-liberation"],
            "the browser the end-to-end tests drive",
            "about 100 MB, a minute or two",
        )
        .map_err(|error| format!("{error} Any Chromium or Chrome will do: CHAINDEBUG_CHROMIUM may name it.")),
    }
}

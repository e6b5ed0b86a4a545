//! Rules on the project's own files: a Rust file says what belongs in it and stays short; a link in the docs leads
//! somewhere; the parts of the page keep their style to themselves (`styles`).

use super::Verdict;
use super::styles::Words;
use crate::Outcome;
use crate::project::Project;
use std::fs;
use std::path::{Path, PathBuf};

/// Lines of a Rust file, beyond which it does more than one thing.
const LONGEST: usize = 500;
/// Folders that hold no source of ours.
const SKIPPED: &[&str] = &[
    ".git",
    ".mypy_cache",
    ".ruff_cache",
    ".tools",
    "dist",
    "node_modules",
    "site",
    "target",
    "__pycache__",
    "test-results",
];

pub(super) fn check(project: &Project) -> Outcome<Verdict> {
    let mut complaints = Vec::new();
    let mut words = Words::default();
    for path in files(project.root()) {
        let within = path.strip_prefix(project.root()).unwrap_or(&path);
        let name = within.display();
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        words.add(within, &text);
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("rs") => {
                complaints.extend(rust(&text).map(|complaint| format!("{name}: {complaint}")));
            }
            Some("md") => {
                let folder = path.parent().unwrap_or(project.root());
                let dead = links(&text).into_iter().filter(|link| !folder.join(link).exists());
                complaints.extend(dead.map(|link| format!("{name}: the link `{link}` leads nowhere")));
            }
            _ => {}
        }
    }
    complaints.extend(words.complaints());
    if complaints.is_empty() { Ok(Verdict::Passed) } else { Err(complaints.join("\n")) }
}

/// Every file of ours, in order of its path.
fn files(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            if kind.is_file() {
                found.push(entry.path());
            } else if kind.is_dir() && !SKIPPED.iter().any(|name| entry.file_name() == *name) {
                folders.push(entry.path());
            }
        }
    }
    found.sort_unstable();
    found
}

fn rust(text: &str) -> Option<String> {
    let lines = text.lines().count();
    if lines > LONGEST {
        return Some(format!("{lines} lines; {LONGEST} are the most, so split it by what it does"));
    }
    let begins = text.trim_start().starts_with("//!");
    (!begins).then(|| "does not begin with a `//!` comment: what belongs here and what does not".to_owned())
}

/// The relative link targets of a Markdown text, without their fragments.
fn links(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        in_code ^= line.trim_start().starts_with("```");
        // A link in a code block is somebody's example.
        for rest in line.split("](").skip(1).filter(|_| !in_code) {
            let target = rest.split([')', ' ']).next().unwrap_or_default();
            let path = target.split('#').next().unwrap_or_default();
            // `chain-debug:` moves the cursor of a run in the same page (docs/mkdocs.md).
            let moves = target.starts_with("mailto:") || target.starts_with("chain-debug:");
            let elsewhere = moves || target.contains("://") || path.is_empty();
            if !elsewhere {
                found.push(path);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_links_only() {
        let text = "[a](docs/a.md#part) ![b](b.png \"title\") [c](https://x.y/z) [d](#here)\n```\n[e](e.md)\n```\n";
        assert_eq!(links(text), ["docs/a.md", "b.png"]);
        assert!(links("[step 3](chain-debug:step=retrieve)").is_empty());
    }

    #[test]
    fn a_rust_file_introduces_itself_and_stays_short() {
        assert_eq!(rust("//! What belongs here.\n"), None);
        assert!(rust("fn main() {}\n").is_some());
        assert!(rust(&format!("//! Long.\n{}", "\n".repeat(LONGEST))).is_some());
    }
}

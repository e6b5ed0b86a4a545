//! What a visitor downloads, held against the budgets.

use super::page::{EDITOR, EMBED, ENGINE, FULL, ONE_FILE};
use crate::project::Project;
use crate::{Outcome, say};
use std::fs;

/// Bytes of Brotli: where we want to be.
const PAGE_BUDGET: u64 = 250 * 1024;
const ENGINE_BUDGET: u64 = 350 * 1024;
const FULL_BUDGET: u64 = 1400 * 1024;
const EDITOR_BUDGET: u64 = 120 * 1024;
const EMBED_BUDGET: u64 = 18 * 1024;

/// Bytes of Brotli: what is not passed on the way there. Lower these whenever the sizes allow it; never raise them
/// without saying why in the changelog.
const PAGE_LIMIT: u64 = 1030 * 1024;
const ENGINE_LIMIT: u64 = 350 * 1024;
const FULL_LIMIT: u64 = 1430 * 1024;
const EDITOR_LIMIT: u64 = 120 * 1024;
const EMBED_LIMIT: u64 = 20 * 1024;

/// Prints the sizes. The inner result is an error above the limits.
pub(super) fn report(project: &Project) -> Outcome<Outcome> {
    let split = |names: Vec<String>, part: &[&str]| -> (Vec<String>, Vec<String>) {
        names.into_iter().partition(|name| part.contains(&name.as_str()))
    };
    let (engine, rest) = split(top_files(project)?, ENGINE);
    let (full, rest) = split(rest, FULL);
    let (editor, rest) = split(rest, EDITOR);
    let (embed, rest) = split(rest, EMBED);
    let (one_file, page) = split(rest, ONE_FILE);
    let page = Part { name: "page", size: measure(project, &page)?, budget: PAGE_BUDGET, limit: PAGE_LIMIT };
    let engine = Part { name: "engine", size: measure(project, &engine)?, budget: ENGINE_BUDGET, limit: ENGINE_LIMIT };
    let full = Part { name: "full", size: measure(project, &full)?, budget: FULL_BUDGET, limit: FULL_LIMIT };
    let editor = Part { name: "editor", size: measure(project, &editor)?, budget: EDITOR_BUDGET, limit: EDITOR_LIMIT };
    let embed = Part { name: "embed", size: measure(project, &embed)?, budget: EMBED_BUDGET, limit: EMBED_LIMIT };
    say::line("           raw    brotli    budget     limit");
    say::line(&page.line());
    say::line(&engine.line());
    say::line(&full.line());
    say::line(&editor.line());
    say::line(&embed.line());
    // Sent as it is, by mail too: what counts is how large it is on the disk.
    let one_file = measure(project, &one_file)?.raw;
    say::line(&format!("One HTML file without a run: {:.2} MB.", one_file as f64 / 1e6));
    let over: Vec<&str> =
        [&page, &engine, &full, &editor, &embed].iter().filter(|part| part.over()).map(|part| part.name).collect();
    Ok(if over.is_empty() { Ok(()) } else { Err(format!("Over the limit: {}.", over.join(", "))) })
}

struct Part {
    name: &'static str,
    size: Size,
    budget: u64,
    limit: u64,
}

struct Size {
    raw: u64,
    brotli: u64,
}

impl Part {
    fn over(&self) -> bool {
        self.size.brotli > self.limit
    }

    fn line(&self) -> String {
        let kilobytes = |bytes: u64| format!("{:.1} KB", bytes as f64 / 1024.0);
        let verdict = match self.size.brotli {
            size if size > self.limit => "over the limit",
            size if size > self.budget => "over the budget",
            _ => "within",
        };
        let [raw, brotli, budget, limit] = [self.size.raw, self.size.brotli, self.budget, self.limit].map(kilobytes);
        format!("{:<6} {raw:>9} {brotli:>9} {budget:>9} {limit:>9}  {verdict}", self.name)
    }
}

/// The files of dist/ itself. The samples lie in a folder and are fetched when somebody asks for one.
fn top_files(project: &Project) -> Outcome<Vec<String>> {
    let dist = project.dist();
    let entries = fs::read_dir(&dist).map_err(|error| format!("{} cannot be read: {error}.", dist.display()))?;
    let files = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
    let mut names: Vec<String> = files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| !super::packed(name));
    names.sort_unstable();
    Ok(names)
}

/// Sums of the files as they are, and as they are sent.
fn measure(project: &Project, names: &[String]) -> Outcome<Size> {
    let mut sum = Size { raw: 0, brotli: 0 };
    for name in names {
        let path = project.dist().join(name);
        let raw = fs::metadata(&path).map_err(|error| format!("{} cannot be read: {error}.", path.display()))?.len();
        sum.raw += raw;
        // What does not get smaller has no compressed form.
        sum.brotli += fs::metadata(project.dist().join(format!("{name}.br"))).map_or(raw, |packed| packed.len());
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_over_its_limit_from_the_first_byte() {
        let part = |brotli| Part { name: "page", size: Size { raw: 0, brotli }, budget: 100, limit: 150 };
        assert!(!part(150).over());
        assert!(part(101).line().ends_with("over the budget"));
        assert!(part(151).over());
    }
}

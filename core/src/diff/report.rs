//! A comparison as Markdown, short enough for a comment on a change.

use super::comparison::Comparison;
use super::item::Briefs;
use super::measures::measures;
use super::rows::row;
use super::verdict;
use crate::protocol::{DiffRow, PipelineComparison, Sign};
use crate::view::Sight;

/// Differences that the table lists.
const LISTED: usize = 40;

/// Characters of one cell.
const CELL: usize = 160;

/// The report.
pub(crate) fn markdown(made: &Comparison, sights: (Sight<'_>, Sight<'_>), briefs: &mut Briefs) -> String {
    let view = verdict::view(made, sights);
    let mut out = String::new();
    let sign = if view.same { "✓" } else { "≠" };
    out.push_str(&format!("### {sign} {}\n\n", inline(&view.verdict)));
    for said in [&view.detail, &view.note] {
        if !said.is_empty() {
            out.push_str(&format!("{}\n\n", inline(said)));
        }
    }
    let name = |sight: Sight<'_>| {
        let file = sight.document.files.first().map_or("", |file| file.name.as_str());
        (cell(file), cell(&sight.run.name))
    };
    let (a, b) = (name(sights.0), name(sights.1));
    out.push_str("| | A | B | |\n|---|---|---|---|\n");
    out.push_str(&format!("| file | {} | {} | |\n| run | {} | {} | |\n", a.0, b.0, a.1, b.1));
    out.push_str(&format!("| steps | {} | {} | |\n", view.steps.0, view.steps.1));
    for measured in measures(&view) {
        out.push_str(&format!(
            "| {} | {} | {} | {} |\n",
            measured.what, measured.both.0, measured.both.1, measured.change
        ));
    }
    if made.differences.is_empty() {
        return out;
    }
    out.push_str("\n<details open><summary>");
    out.push_str(&crate::wording::counted(made.differences.len() as u64, "difference", "differences"));
    out.push_str("</summary>\n\n| A | B | | step | what differs |\n|--:|--:|---|---|---|\n");
    for &item in made.differences.iter().take(LISTED) {
        let Some(row) = row(made, sights, item) else { continue };
        let number = |step: Option<u32>| step.map_or_else(|| "–".to_owned(), |step| (step + 1).to_string());
        out.push_str(&format!(
            "| {} | {} | {} | {} | {} |\n",
            number(row.a),
            number(row.b),
            letter(&row),
            names(&row),
            cell(&briefs.what(made, sights, item))
        ));
    }
    if let Some(more) = made.differences.len().checked_sub(LISTED).filter(|more| *more > 0) {
        out.push_str(&format!("\nand {more} more.\n"));
    }
    out.push_str("\n</details>\n");
    out
}

fn letter(row: &DiffRow) -> &'static str {
    match row.sign {
        Sign::Same | Sign::Changed => "≠",
        Sign::OnlyA => "only A",
        Sign::OnlyB => "only B",
    }
}

fn names(row: &DiffRow) -> String {
    if row.name_b.is_empty() { code(&row.name) } else { format!("{} → {}", code(&row.name), code(&row.name_b)) }
}

/// A name as code, in which nothing is mark-up; a backtick would end it, and a bar the cell.
fn code(name: &str) -> String {
    let name = line(name).replace('`', "'").replace('|', "¦");
    if name.trim().is_empty() { "–".to_owned() } else { format!("`{name}`") }
}

/// A sentence of ours: names in backticks stay code, and nothing in it is mark-up.
fn inline(text: &str) -> String {
    text.split('`')
        .enumerate()
        .map(|(at, part)| if at % 2 == 1 { format!("`{part}`") } else { escaped(part) })
        .collect()
}

/// Text of a file in a table: one line, and nothing in it is mark-up.
fn cell(text: &str) -> String {
    escaped(&line(text))
}

/// One line that fits into a cell.
fn line(text: &str) -> String {
    let mut cut: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(CELL).collect();
    if text.chars().nth(CELL).is_some() {
        cut.push('…');
    }
    cut
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '|' | '<' | '>' | '*' | '_' | '[' | ']' | '`' | '#' | '@' | '&') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Two definitions laid on each other, as Markdown.
pub fn pipelines_as_markdown(view: &PipelineComparison) -> String {
    let sign = if view.same { "✓" } else { "≠" };
    let mut out = format!("### {sign} {}\n\n", inline(&view.verdict));
    for said in view.spelling.iter().chain(Some(&view.note).filter(|note| !note.is_empty())) {
        out.push_str(&format!("{}\n\n", inline(said)));
    }
    if !view.changes.is_empty() {
        out.push_str("| | what | what was changed |\n|---|---|---|\n");
    }
    for change in view.changes.iter().take(LISTED) {
        let sign = match change.sign {
            Sign::OnlyA => "removed",
            Sign::OnlyB => "added",
            Sign::Same | Sign::Changed => "changed",
        };
        let name = if change.name.is_empty() { String::new() } else { format!(" {}", code(&change.name)) };
        out.push_str(&format!("| {sign} | {}{name} | {} |\n", change.part.word(), cell(&change.what)));
    }
    if let Some(more) = view.changes.len().checked_sub(LISTED).filter(|more| *more > 0) {
        out.push_str(&format!("\nand {more} more.\n"));
    }
    if !view.effects.is_empty() {
        out.push_str("\n| | scenario |\n|---|---|\n");
    }
    for effect in &view.effects {
        out.push_str(&format!("| {} | {} |\n", if effect.same { "✓" } else { "≠" }, inline(&effect.said)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_file_is_mark_up() {
        assert_eq!(cell("a|b <img> *x* @all\nend"), "a\\|b \\<img\\> \\*x\\* \\@all end");
        assert_eq!(code("a`b|c <b>_d_"), "`a'b¦c <b>_d_`");
        assert_eq!(inline("Same until step 3 `find_it`: 3 < 4"), "Same until step 3 `find_it`: 3 \\< 4");
    }
}

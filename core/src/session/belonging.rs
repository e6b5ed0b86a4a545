//! Which files belong to one document, by what is in them: parts of one run, pages of one history, a session and its
//! sub-agents. A run and its pipeline belong together too, but stay two documents; see `overlays`.

use crate::model::HistoryPart;
use crate::protocol::DocumentView;

/// An id shorter than this ("run-1") says nothing about two files belonging together.
const TELLING: usize = 12;

/// Why a file belongs to a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Belonging {
    /// The id both have.
    pub id: String,
    /// Steps of that run in the document that was there first; 0 when the id is no run's.
    pub steps: u32,
    /// A sentence for a person.
    pub reason: String,
}

/// The part of a format's id that two files of one whole share, whatever their wrapping.
fn family(format: &str) -> &str {
    format.split('-').next().unwrap_or(format)
}

/// Whether the file of a new document belongs to one that is open: open it again with that document as `into`.
pub fn belongs(open: &DocumentView, new: &DocumentView) -> Option<Belonging> {
    if open.format.is_empty() || family(&open.format) != family(&new.format) {
        return None;
    }
    let telling = |id: &&str| id.len() >= TELLING;
    let ids = |document: &'_ DocumentView| -> rustc_hash::FxHashSet<String> {
        let runs = document.runs.iter().map(|run| run.id.as_str());
        runs.chain(document.wholes.iter().map(String::as_str)).filter(telling).map(str::to_owned).collect()
    };
    let wanted = ids(new);
    if wanted.is_empty() {
        return pages(open, new);
    }
    let found = |id: &str, steps: u32, what: &str| Belonging {
        id: id.to_owned(),
        steps,
        reason: format!("Both files hold parts of the {what} {id}."),
    };
    let run = open.runs.iter().find(|run| wanted.contains(&run.id));
    run.map(|run| found(&run.id, run.steps, "run")).or_else(|| {
        let whole = open.wholes.iter().find(|id| wanted.contains(*id));
        whole.map(|id| found(id, 0, "whole")).or_else(|| pages(open, new))
    })
}

/// Pages of one history, in any order: one begins where the other ends. Where the page between them is not there yet,
/// both must be without what the other may have, and their times in the order of their numbers.
fn pages(open: &DocumentView, new: &DocumentView) -> Option<Belonging> {
    if open.format != new.format {
        return None;
    }
    let pairs = || open.parts.iter().flat_map(|held| new.parts.iter().map(move |part| (held, part)));
    let ordered = pairs().filter_map(|(held, part)| {
        let (first, second) = if held.first <= part.first { (held, part) } else { (part, held) };
        follows(first, second).then_some((first, second))
    });
    let (first, second) = ordered.min_by_key(|(first, second)| second.first.saturating_sub(first.last))?;
    Some(Belonging {
        id: open.runs.first().map_or_else(String::new, |run| run.id.clone()),
        steps: open.runs.first().map_or(0, |run| run.steps),
        reason: format!(
            "One file holds a history up to event {} and not its end, the other goes on with event {}.",
            first.last, second.first
        ),
    })
}

/// Whether a part may follow another of the same history.
fn follows(first: &HistoryPart, second: &HistoryPart) -> bool {
    let open = !first.ends && !second.begins && first.last < second.first;
    open && first.to.zip(second.from).is_some_and(|(end, start)| end <= start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::testing::open;

    fn span(trace: &str, id: &str) -> String {
        format!(
            r#"{{"name":"a","context":{{"trace_id":"0x{trace}","span_id":"0x{id}"}},"parent_id":null,"start_time":"2026-11-21T03:15:42Z","end_time":"2026-11-21T03:15:43Z","attributes":{{}}}}"#
        )
    }

    #[test]
    fn files_of_one_trace_belong_together() {
        let trace = "0af7651916cd43dd8448eb211c80319c";
        let (_, first) = open(&span(trace, "1"));
        let (_, second) = open(&span(trace, "2"));
        let (_, other) = open(&span("1af7651916cd43dd8448eb211c80319d", "2"));
        let (_, short) = open(&span("1", "1"));
        let found = belongs(&first, &second);
        assert_eq!(found.map(|found| (found.id, found.steps)), Some((trace.to_owned(), 1)));
        assert_eq!(belongs(&first, &other), None);
        assert_eq!(belongs(&short, &short), None);
    }

    #[test]
    fn an_id_of_the_whole_is_enough() {
        let whole = DocumentView { format: "x-a".into(), wholes: vec!["session-0123456789".into()], ..open("").1 };
        let part = DocumentView { format: "x-b".into(), ..whole.clone() };
        let found = belongs(&whole, &part);
        assert!(found.is_some_and(|found| found.steps == 0 && found.reason.contains("the whole session-0123456789")));
        assert_eq!(belongs(&whole, &DocumentView { format: "y".into(), ..part }), None);
    }
}

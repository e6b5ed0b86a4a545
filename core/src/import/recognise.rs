//! The vote: which format a text is of, by the signs in its first values, and which others would fit too.
//!
//! The most specific format whose signs are there wins, unless hardly any value has them and most have those of another.
//! Where no format is found, the first item of a list is looked at, and what stands under a key that is known to wrap
//! others.

use super::format::takes_what_is_left;
use super::refuse::WRAPPERS;
use super::{Format, Matched, Probe, formats};
use crate::json::NodeKind;

/// With fewer values than this nothing is voted on.
const VOTERS: usize = 4;

/// What a text was recognised as.
pub struct Recognised {
    /// The format.
    pub format: &'static Format,
    /// Its name for people, and by which signs.
    pub matched: Matched,
    /// Other formats whose signs are there too, the most specific first.
    pub also: Vec<&'static Format>,
    /// What was looked at, when it is not the text itself.
    pub payload: Option<Payload>,
}

/// What stands under a key that wraps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    /// The key; none of an item of a list, after which the others are read.
    pub key: &'static str,
    /// Where it begins in the head.
    pub at: usize,
    /// Where it ends in the head, or the head ends.
    pub end: usize,
}

/// The format a text is of.
pub fn recognise(probe: &Probe<'_>) -> Option<Recognised> {
    let sure = |found: &Recognised| !takes_what_is_left(found.format);
    let found = voted(probe);
    if !crate::FULL || found.as_ref().is_some_and(sure) {
        return found;
    }
    listed(probe).filter(sure).or(found).or_else(|| unwrapped(probe))
}

/// A list of documents of a format whose document is no list: the walk takes its items for documents.
fn listed(probe: &Probe<'_>) -> Option<Recognised> {
    let sample = probe.samples.first().filter(|sample| sample.is_array())?;
    let first = sample.tree.node(sample.object()?)?;
    let (at, end) = (sample.at + first.start as usize, sample.at + first.end as usize);
    let mut found = voted(&Probe::new(probe.head.get(at..end)?, sample.whole))?;
    found.payload = Some(Payload { key: "", at, end });
    Some(found)
}

fn voted(probe: &Probe<'_>) -> Option<Recognised> {
    let fitting = |probe: &Probe<'_>| -> Vec<(&'static Format, Matched)> {
        formats().filter_map(|format| (format.detect)(probe).map(|matched| (format, matched))).collect()
    };
    let mut found = fitting(probe);
    let mut chosen = 0;
    if found.len() > 1 && probe.samples.len() >= VOTERS {
        let mut votes = vec![0usize; found.len()];
        for sample in &probe.samples {
            let alone = Probe::new(sample.text, true);
            for (vote, (format, _)) in votes.iter_mut().zip(&found) {
                *vote += usize::from((format.detect)(&alone).is_some());
            }
        }
        let first = votes.first().copied().unwrap_or_default();
        // A format that is told only by several values has no votes, and is not outvoted.
        if first > 0 && first * 4 < probe.samples.len() {
            // What takes whatever others leave outvotes nothing: its signs are inside many formats' values.
            for (vote, (format, _)) in votes.iter_mut().zip(&found) {
                *vote *= usize::from(!takes_what_is_left(format));
            }
            let most = votes.iter().copied().max().unwrap_or_default();
            if most * 2 > probe.samples.len() {
                chosen = votes.iter().position(|&vote| vote == most).unwrap_or_default();
            }
        }
    }
    if found.is_empty() {
        return None;
    }
    let (format, matched) = found.remove(chosen);
    // Of what says itself what it is nothing else is made, nor of an example in a manual.
    let begins = probe.head.iter().find(|byte| !byte.is_ascii_whitespace());
    let prose = || !matches!(begins, Some(b'{' | b'[')) && !probe.sound();
    if takes_what_is_left(format) && (super::chaindebug::refuse(probe).is_some() || prose()) {
        return None;
    }
    let also = found.into_iter().map(|(format, _)| format).collect();
    Some(Recognised { format, matched, also, payload: None })
}

/// One level of wrapping: `{"data": …}`.
fn unwrapped(probe: &Probe<'_>) -> Option<Recognised> {
    let sample = probe.samples.first()?;
    let root = sample.tree.node(0).filter(|node| node.kind == NodeKind::Object).map(|_| 0)?;
    // What is known by its own name is no wrapping.
    if super::refuse::names_itself(probe) {
        return None;
    }
    WRAPPERS.into_iter().find_map(|key| {
        let node = sample.tree.node(sample.member(root, key)?)?;
        if !matches!(node.kind, NodeKind::Object | NodeKind::Array) {
            return None;
        }
        let (at, end) = (sample.at + node.start as usize, sample.at + node.end as usize);
        let mut found = voted(&Probe::new(probe.head.get(at..end)?, sample.whole))?;
        found.matched.because = format!("in its `{key}` {}", found.matched.because);
        found.payload = Some(Payload { key, at, end });
        Some(found)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: &str = r#"{"name":"a","context":{"trace_id":"0x1","span_id":"0x2"},"parent_id":null,"start_time":"2026-11-21T03:15:42Z","end_time":"2026-11-21T03:15:43Z","attributes":{}}"#;
    const JAEGER: &str = r#"{"traceID":"1","spans":[{"traceID":"1","spanID":"1","operationName":"o","startTime":1,"duration":1,"processID":"p"}],"processes":{"p":{"serviceName":"s"}}}"#;

    fn id(text: &str) -> Option<&'static str> {
        recognise(&Probe::new(text.as_bytes(), true)).map(|found| found.format.id)
    }

    #[test]
    fn most_values_win_over_a_single_odd_one() {
        assert_eq!(id(&format!("{SPAN}\n{JAEGER}")), Some("jaeger-json"));
        let many = format!("{JAEGER}\n{}", format!("{SPAN}\n").repeat(9));
        assert_eq!(id(&many), Some("otel-console"));
        let found = recognise(&Probe::new(many.as_bytes(), true));
        assert!(found.is_some_and(|found| found.also.iter().any(|format| format.id == "jaeger-json")));
    }

    #[test]
    fn brackets_without_end_are_not_read_again_and_again() {
        assert_eq!(id(&"[a ".repeat(80_000)), None);
        assert_eq!(id(&format!("12:00 [main] [2026-01-01 info] got {SPAN}\n")), Some("otel-console"));
    }

    #[test]
    fn one_level_is_unwrapped() {
        let text = format!("{{\"page\": 1, \"items\": [{SPAN}], \"next\": null}}");
        let found = recognise(&Probe::new(text.as_bytes(), true));
        let found = found.map(|found| (found.format.id, found.payload, found.matched.because));
        let Some((id, Some(payload), because)) = found else { panic!("{found:?}") };
        assert_eq!((id, payload.key, payload.at), ("otel-console", "items", 21));
        assert!(because.starts_with("in its `items` "), "{because}");
        assert!(recognise(&Probe::new(b"{\"items\": {\"items\": []}}", true)).is_none());
    }
}

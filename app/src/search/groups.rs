//! The rows of the list of hits: a heading for each value of a step, and below it the hits in it. Pure.

use chaindebug_core::protocol::Hit;

/// One row of the list.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum HitRow {
    /// A step and where in it.
    Heading {
        /// Position of its first hit.
        first: usize,
        /// Hits in it so far.
        count: usize,
    },
    /// A hit, by position.
    Hit(usize),
}

fn same_place(a: &Hit, b: &Hit) -> bool {
    a.run == b.run && a.step == b.step && a.where_ == b.where_
}

/// The rows for some hits, which come in document order.
pub(super) fn rows(hits: &[Hit]) -> Vec<HitRow> {
    let mut rows = Vec::with_capacity(hits.len() + hits.len() / 4 + 1);
    let mut at = 0;
    for group in hits.chunk_by(same_place) {
        rows.push(HitRow::Heading { first: at, count: group.len() });
        rows.extend((at..at + group.len()).map(HitRow::Hit));
        at += group.len();
    }
    rows
}

/// Steps that have a hit. Hits of one step may stand apart when a name and a value match.
pub(super) fn steps(hits: &[Hit]) -> usize {
    let mut steps: Vec<(u32, u32)> = hits.iter().map(|h| (h.run, h.step)).collect();
    steps.sort_unstable();
    steps.dedup();
    steps.len()
}

/// A path shortened at its front to the last `most` characters.
pub(super) fn path_end(path: &str, most: usize) -> String {
    let length = path.chars().count();
    if length <= most {
        return path.to_owned();
    }
    let tail: String = path.chars().skip(length - most).collect();
    // From where a segment begins, when one begins near.
    let at = tail.char_indices().take(12).find(|(_, c)| matches!(c, '.' | '[')).map_or(0, |(at, _)| at);
    format!("…{}", tail.get(at..).unwrap_or(&tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(step: u32, place: &str) -> Hit {
        Hit {
            run: 0,
            step,
            name: "diagnose".to_owned(),
            where_: place.to_owned(),
            part: None,
            path: String::new(),
            line: 1,
            before: String::new(),
            found: "x".to_owned(),
            after: String::new(),
        }
    }

    #[test]
    fn hits_stand_below_the_value_they_are_in() {
        let hits = [hit(3, "name"), hit(3, "input"), hit(3, "input"), hit(5, "input")];
        let expected = [
            HitRow::Heading { first: 0, count: 1 },
            HitRow::Hit(0),
            HitRow::Heading { first: 1, count: 2 },
            HitRow::Hit(1),
            HitRow::Hit(2),
            HitRow::Heading { first: 3, count: 1 },
            HitRow::Hit(3),
        ];
        assert_eq!(rows(&hits), expected);
        assert_eq!(steps(&hits), 2);
        assert_eq!(rows(&[]), []);
    }

    #[test]
    fn long_paths_keep_their_end() {
        assert_eq!(path_end("$.a", 20), "$.a");
        assert_eq!(path_end("$.messages[3].content[0].text", 16), "….content[0].text");
    }
}

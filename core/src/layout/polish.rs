//! The last touch on x: whole straight pieces slide, within the room they have, to where their lines are shorter,
//! straighter and more even.
//!
//! Starts from a placement without overlaps and never makes one. What is straight stays straight: a piece is moved
//! as one.

use super::graph::{Graph, Way};
use super::level::Line;
use super::request::Gaps;
use crate::order::Order as _;

/// Passes over all pieces, up and down in turn.
const PASSES: usize = 8;
/// Vertices above which fewer passes are made.
const MANY: usize = 60_000;
/// What a line that is not straight costs, in px of its way sideways.
const BEND: f64 = 6.0;
/// How much an even fan is worth against short lines.
const EVEN: f64 = 0.000_5;
/// Weight of the line that enters a box first in the request; breaks ties in its favour.
const FIRST: f64 = 1.05;
/// Below this two x are the same.
const SAME: f64 = 0.5;
/// More ends than this are not all tried as places.
const TRIED: usize = 12;

/// Vertices that move together: `members[start[b]..start[b + 1]]` are those of piece `b`.
struct Pieces {
    of: Vec<usize>,
    start: Vec<usize>,
    members: Vec<usize>,
}

/// Moves pieces of `x` to better places.
pub(super) fn slide(g: &Graph, lines: &[Line], x: &mut [f64], gaps: &Gaps) {
    let pieces = pieces(g, lines, x);
    let count = pieces.start.len() - 1;
    let passes = if g.rank.len() > MANY { PASSES / 4 } else { PASSES };
    let mut ends: Vec<(f64, f64)> = Vec::new();
    for pass in 0..passes {
        let mut moved = false;
        for k in 0..count {
            let b = if pass % 2 == 0 { count - 1 - k } else { k };
            let members = &pieces.members[pieces.start[b]..pieces.start[b + 1]];
            // Where each line would want the piece, as a distance from where it is.
            ends.clear();
            let (mut above, mut below) = (0, 0);
            for &v in members {
                let first = g.up.of(v).iter().filter(|&&i| !g.links[i].soft).min();
                for &i in g.up.of(v) {
                    let l = &g.links[i];
                    if !l.soft && pieces.of[l.u] != b {
                        above += 1;
                        ends.push((x[l.u] + l.du - l.dv - x[v], if first == Some(&i) { FIRST } else { 1.0 }));
                    }
                }
                for &i in g.down.of(v) {
                    let l = &g.links[i];
                    if !l.soft && pieces.of[l.v] != b {
                        below += 1;
                        ends.push((x[l.v] + l.dv - l.du - x[v], 1.0));
                    }
                }
            }
            if ends.is_empty() {
                continue;
            }
            let (mut low, mut high) = (f64::MIN, f64::MAX);
            for &v in members {
                let (lo, hi) = room(g, &pieces, x, v, gaps);
                (low, high) = (low.max(lo), high.min(hi));
            }
            let even = if above > 1 || below > 1 { EVEN } else { 0.0 };
            let by = best(&mut ends, low.min(0.0), high.max(0.0), even);
            if by.abs() > 1e-6 {
                moved = true;
                members.iter().for_each(|&v| x[v] += by);
            }
        }
        if !moved {
            break;
        }
    }
}

/// `ends` are where each line would want it, with the line's weight. The move within `low..=high` with the least cost; 0 when none is better than staying.
fn best(ends: &mut [(f64, f64)], low: f64, high: f64, even: f64) -> f64 {
    ends.order_by(|a, b| a.0.total_cmp(&b.0));
    let cost = |d: f64| -> f64 {
        ends.iter()
            .map(|(e, weight)| {
                let away = (e - d).abs();
                weight * away + even * away * away + if away > SAME { BEND } else { 0.0 }
            })
            .sum()
    };
    let mean = ends.iter().map(|e| e.0).sum::<f64>() / ends.len() as f64;
    let (first, last) = (ends[0].0, ends[ends.len() - 1].0);
    let median = (ends[(ends.len() - 1) / 2].0, ends[ends.len() / 2].0);
    let tried: &[(f64, f64)] = if ends.len() > TRIED { &[] } else { ends };
    let usual = [mean, (first + last) / 2.0, (median.0 + median.1) / 2.0, median.0, median.1];
    let mut kept = (0.0, cost(0.0) - 1e-6);
    for d in usual.iter().chain(tried.iter().map(|e| &e.0)) {
        let d = d.clamp(low, high);
        let c = cost(d);
        if c < kept.1 {
            kept = (d, c);
        }
    }
    kept.0
}

/// How far `v` may move left (negative) and right before it meets a neighbour of another piece.
fn room(g: &Graph, pieces: &Pieces, x: &[f64], v: usize, gaps: &Gaps) -> (f64, f64) {
    let row = &g.ranks[g.rank[v]];
    let k = g.pos[v];
    let other = |w: &&usize| pieces.of[**w] != pieces.of[v];
    let left = k.checked_sub(1).and_then(|k| row.get(k)).filter(other);
    let right = row.get(k + 1).filter(other);
    (
        left.map_or(f64::MIN, |&w| x[w] + g.r[w] + g.sep(w, v, gaps) + g.l[v] - x[v]),
        right.map_or(f64::MAX, |&w| x[w] - g.l[w] - g.sep(v, w, gaps) - g.r[v] - x[v]),
    )
}

/// Finds the pieces: straight links that are the only one at both ends (bends always are), and loops with both ends
/// on one piece. Numbered from the top.
fn pieces(g: &Graph, lines: &[Line], x: &[f64]) -> Pieces {
    let n = g.rank.len();
    let hard = |list: &[usize]| list.iter().filter(|&&i| !g.links[i].soft).take(2).count();
    let mut root: Vec<usize> = (0..n).collect();
    // Links lead from a rank to the next, so in the order of ranks the upper end has its root already.
    for row in &g.ranks {
        for &v in row {
            for &i in g.up.of(v) {
                let l = &g.links[i];
                let straight = (x[l.u] + l.du - x[v] - l.dv).abs() < SAME;
                if !l.soft && straight && hard(g.up.of(v)) == 1 && hard(g.down.of(l.u)) == 1 {
                    root[v] = root[l.u];
                }
            }
        }
    }
    for (run, l) in g.runs.iter().zip(lines) {
        if matches!(run.way, Way::Loop { .. }) && root[l.a] == root[l.b] {
            let to = root[l.a];
            root[run.first..run.first + run.count].fill(to);
        }
    }
    let mut number = vec![usize::MAX; n];
    let mut of = vec![0usize; n];
    let mut count = 0;
    for &v in g.ranks.iter().flatten() {
        if number[root[v]] == usize::MAX {
            number[root[v]] = count;
            count += 1;
        }
        of[v] = number[root[v]];
    }
    let mut start = vec![0usize; count + 1];
    for &b in &of {
        start[b + 1] += 1;
    }
    for b in 0..count {
        start[b + 1] += start[b];
    }
    let mut next = start.clone();
    let mut members = vec![0usize; n];
    for (v, &b) in of.iter().enumerate() {
        members[next[b]] = v;
        next[b] += 1;
    }
    Pieces { of, start, members }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_goes_where_its_lines_are_shortest() {
        let mut even = [(-10.0, 1.0), (20.0, 1.0), (300.0, 1.0)];
        assert!((best(&mut even, f64::MIN, f64::MAX, 0.0) - 20.0).abs() < 1e-9);
        assert!((best(&mut [(-100.0, 1.0), (140.0, 1.0)], f64::MIN, f64::MAX, EVEN) - 20.0).abs() < 1e-9);
        assert_eq!(best(&mut [(50.0, 1.0)], -5.0, 5.0, 0.0), 5.0);
    }
}

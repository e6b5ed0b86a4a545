//! Loops beside their boxes: the x each one runs at, as straight and as close as the neighbours allow.
//!
//! Runs after x is final for everything else; moves bends of loops only.

use super::graph::{Graph, Side, Way, lane};
use super::level::{Item, Line};
use super::request::Gaps;
use crate::order::Order as _;

/// Where the upright of a loop stands beside its source and its target.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ends {
    pub(super) source: f64,
    pub(super) target: f64,
}

/// For each line its ends (zero for lines that are no loops). Bends of loops in `x` are moved into line with them
/// where there is room all the way.
pub(super) fn straighten(g: &Graph, items: &[Item], lines: &[Line], x: &mut [f64], gaps: &Gaps) -> Vec<Ends> {
    let mut ends = vec![Ends::default(); lines.len()];
    // How far loops at each box reach already, outwards from its anchor: left, right.
    let mut reach: Vec<[f64; 2]> =
        (0..g.boxes).map(|v| [items[v].l + items[v].pad_l, items[v].r + items[v].pad_r]).collect();
    let mut loops: Vec<(usize, Side, usize, usize)> = g
        .runs
        .iter()
        .enumerate()
        .filter_map(|(i, r)| match r.way {
            Way::Loop { side, source, target } => Some((i, side, source, target)),
            _ => None,
        })
        .collect();
    loops.order_by_key(|&(i, _, source, target)| (source.max(target), g.runs[i].count, i));
    for (i, side, source, target) in loops {
        let sign = side.sign();
        let s = usize::from(side == Side::Right);
        let run = g.runs[i];
        let (a, b) = (lines[i].a, lines[i].b);
        // Everything below is measured outwards: x times sign.
        let near = |x: &[f64], v: usize, k: usize| {
            let own = if s == 1 { items[v].r + items[v].pad_r } else { items[v].l + items[v].pad_l };
            x[v] * sign + (own + lane(k)).max(reach[v][s] + gaps.edge * 0.8)
        };
        let (from_a, from_b) = (near(x, a, source), near(x, b, target));
        let mut low = from_a.max(from_b);
        let mut high = f64::MAX;
        for v in run.first..run.first + run.count {
            let (lo, hi) = between(g, x, &reach, v, s, gaps);
            (low, high) = (low.max(lo), high.min(hi));
        }
        for v in [a, b] {
            high = high.min(between(g, x, &reach, v, s, gaps).1);
        }
        let (xa, xb) = if low <= high {
            x[run.first..run.first + run.count].fill(low * sign);
            (low, low)
        } else {
            (from_a, from_b)
        };
        ends[i] = Ends { source: xa * sign, target: xb * sign };
        reach[a][s] = reach[a][s].max(xa - x[a] * sign);
        reach[b][s] = reach[b][s].max(xb - x[b] * sign);
    }
    ends
}

/// How far in and out vertex `v` may stand between its neighbours in its rank, measured outwards on side `s`.
fn between(g: &Graph, x: &[f64], reach: &[[f64; 2]], v: usize, s: usize, gaps: &Gaps) -> (f64, f64) {
    let row = &g.ranks[g.rank[v]];
    let k = g.pos[v];
    let (inner, outer) = if s == 1 { (k.checked_sub(1), k + 1) } else { (Some(k + 1), k.wrapping_sub(1)) };
    let sign = if s == 1 { 1.0 } else { -1.0 };
    // What `w` takes on its side `t` (0 left, 1 right), loops included.
    let takes = |w: usize, t: usize| {
        let own = if t == 1 { g.r[w] } else { g.l[w] };
        reach.get(w).map_or(own, |r| own.max(r[t] + 2.0))
    };
    let own = |t: usize| {
        if v < g.boxes {
            0.0
        } else if t == 1 {
            g.r[v]
        } else {
            g.l[v]
        }
    };
    let gap = |w: usize| {
        if v < g.boxes { gaps.edge } else { g.sep(w, v, gaps) }
    };
    let low = inner.and_then(|k| row.get(k)).map_or(f64::MIN, |&w| x[w] * sign + takes(w, s) + gap(w) + own(1 - s));
    let high = row.get(outer).map_or(f64::MAX, |&w| x[w] * sign - takes(w, 1 - s) - gap(w) - own(s));
    (low, high)
}

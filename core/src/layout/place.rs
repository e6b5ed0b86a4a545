//! The x of every vertex, given the order in the ranks: long lines straight, boxes over the middle of their neighbours.
//!
//! After Brandes and Köpf (2002): vertices are aligned into vertical blocks four times, preferring upper or lower and
//! left or right neighbours; each time the blocks are pushed together; of the four x the two middle ones are averaged.
//! Extended by unequal widths and by links that touch beside the anchor. Any order statistic of placements that keep
//! the distances keeps them too, so nothing overlaps.

use super::graph::Graph;
use super::request::Gaps;
use crate::order::Order as _;

/// The x of the anchor of every vertex.
pub(super) fn coordinates(g: &Graph, gaps: &Gaps) -> Vec<f64> {
    let n = g.rank.len();
    let broken = conflicts(g);
    let mut runs: Vec<(Vec<f64>, bool)> = Vec::with_capacity(4);
    for (down, right) in [(true, false), (true, true), (false, false), (false, true)] {
        runs.push((one(g, gaps, &broken, down, right), right));
    }
    let span =
        |x: &[f64]| (0..n).fold((f64::MAX, f64::MIN), |(lo, hi), v| (lo.min(x[v] - g.l[v]), hi.max(x[v] + g.r[v])));
    let spans: Vec<(f64, f64)> = runs.iter().map(|(x, _)| span(x)).collect();
    let narrow = spans.iter().copied().min_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0))).unwrap_or((0.0, 0.0));
    let move_by: Vec<f64> =
        runs.iter().zip(&spans).map(|((_, right), s)| if *right { narrow.1 - s.1 } else { narrow.0 - s.0 }).collect();
    (0..n)
        .map(|v| {
            let mut four = [0.0; 4];
            for ((slot, (x, _)), d) in four.iter_mut().zip(&runs).zip(&move_by) {
                *slot = x[v] + d;
            }
            four.order_by(f64::total_cmp);
            (four[1] + four[2]) / 2.0
        })
        .collect()
}

/// Links that cross the inside of a long line; they are not to be made straight.
fn conflicts(g: &Graph) -> Vec<bool> {
    let mut broken = vec![false; g.links.len()];
    let inner = |i: usize| g.links[i].u >= g.boxes && g.links[i].v >= g.boxes;
    for r in 1..g.ranks.len() {
        let row = &g.ranks[r];
        let (mut left, mut from) = (0, 0);
        for (k, &v) in row.iter().enumerate() {
            let fixed = g.up.of(v).iter().copied().find(|&i| inner(i));
            if fixed.is_none() && k + 1 < row.len() {
                continue;
            }
            let right = fixed.map_or(usize::MAX, |i| g.pos[g.links[i].u]);
            for &w in &row[from..=k] {
                for &i in g.up.of(w) {
                    let p = g.pos[g.links[i].u];
                    if !inner(i) && (p < left || p > right) {
                        broken[i] = true;
                    }
                }
            }
            from = k + 1;
            left = if fixed.is_some() { right } else { left };
        }
    }
    broken
}

/// One of the four placements. With `right` everything is computed mirrored.
fn one(g: &Graph, gaps: &Gaps, broken: &[bool], down: bool, right: bool) -> Vec<f64> {
    let n = g.rank.len();
    let sign = if right { -1.0 } else { 1.0 };
    let mirrored = |v: usize| {
        if right { g.ranks[g.rank[v]].len() - 1 - g.pos[v] } else { g.pos[v] }
    };
    let mut root: Vec<usize> = (0..n).collect();
    // Where a vertex stands beside the root of its block.
    let mut shift = vec![0.0; n];
    for k in 0..g.ranks.len() {
        let row = &g.ranks[if down { k } else { g.ranks.len() - 1 - k }];
        let mut free = 0;
        for at in 0..row.len() {
            let v = row[if right { row.len() - 1 - at } else { at }];
            let near = if down { g.up.of(v) } else { g.down.of(v) };
            let hard = near.iter().filter(|&&i| !g.links[i].soft).count();
            if hard == 0 {
                continue;
            }
            let (low, high) = ((hard - 1) / 2, hard / 2);
            let picks = if right { [high, low] } else { [low, high] };
            for pick in picks {
                let Some(&i) = near.iter().filter(|&&i| !g.links[i].soft).nth(pick) else {
                    continue;
                };
                let link = &g.links[i];
                let (u, du, dv) = if down { (link.u, link.du, link.dv) } else { (link.v, link.dv, link.du) };
                // Blocks may not cross: each neighbour further along than the last one taken, and taken once.
                if !broken[i] && mirrored(u) >= free {
                    root[v] = root[u];
                    shift[v] = shift[u] + (du - dv) * sign;
                    free = mirrored(u) + 1;
                    break;
                }
            }
        }
    }
    let x = compact(g, gaps, &root, &shift, right);
    (0..n).map(|v| sign * (x[root[v]] + shift[v])).collect()
}

/// Pushes blocks together: as far left as they go, then right as far as their neighbours allow.
fn compact(g: &Graph, gaps: &Gaps, root: &[usize], shift: &[f64], right: bool) -> Vec<f64> {
    let n = g.rank.len();
    let mut pairs: Vec<(usize, usize, f64)> = Vec::with_capacity(n);
    for row in &g.ranks {
        for w in row.windows(2) {
            let (a, b) = if right { (w[1], w[0]) } else { (w[0], w[1]) };
            let (ra, lb) = if right { (g.l[a], g.r[b]) } else { (g.r[a], g.l[b]) };
            let apart = ra + g.sep(a, b, gaps) + lb + shift[a] - shift[b];
            pairs.push((root[a], root[b], apart));
        }
    }
    let out = super::layers::Adjacent::new(n, pairs.len(), |i| Some(pairs[i].0));
    let mut open = vec![0usize; n];
    for p in &pairs {
        open[p.1] += 1;
    }
    let mut order: Vec<usize> = (0..n).filter(|&v| root[v] == v && open[v] == 0).collect();
    let mut x = vec![0.0f64; n];
    let mut at = 0;
    while at < order.len() {
        let v = order[at];
        at += 1;
        for &i in out.of(v) {
            let (_, w, apart) = pairs[i];
            x[w] = x[w].max(x[v] + apart);
            open[w] -= 1;
            if open[w] == 0 {
                order.push(w);
            }
        }
    }
    for &v in order.iter().rev() {
        let limit = out.of(v).iter().map(|&i| x[pairs[i].1] - pairs[i].2).fold(f64::MAX, f64::min);
        if limit < f64::MAX {
            x[v] = x[v].max(limit);
        }
    }
    x
}

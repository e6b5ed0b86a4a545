//! Who stands left of whom in each rank: few crossings, found by sweeps of averages and exchanges of neighbours.
//!
//! Works on positions only. Bounded by the counted budget, not by a clock.

use super::graph::{Graph, side_of};
use super::level::Work;
use crate::order::Order as _;

/// Rounds without a better order before giving up.
const PATIENCE: usize = 4;
const ROUNDS: usize = 24;
/// Below so many links twice the patience costs nothing that anyone would notice.
const FEW: usize = 4_000;

/// Reorders the ranks of `g`.
pub(super) fn reduce(g: &mut Graph, work: &mut Work) {
    let mut count = Count::default();
    if !work.spend(g.links.len()) {
        return;
    }
    let mut best = (count.all(g), out_of_order(g));
    let mut kept = g.ranks.clone();
    rounds(g, work, &mut count, &mut best, &mut kept);
    // Half the neighbours standing against the reading order: its mirror image may cross as little and read better.
    let neighbours: usize = g.ranks.iter().map(|r| r.len().saturating_sub(1)).sum();
    if 4 * best.1 > neighbours && g.links.len() < FEW {
        g.ranks.clone_from(&kept);
        g.ranks.iter_mut().for_each(|r| r.reverse());
        number(g);
        rounds(g, work, &mut count, &mut best, &mut kept);
    }
    g.ranks = kept;
    number(g);
}

/// Improves the order of `g` while that helps; the best one met is `kept`, with its crossings and its neighbours that
/// stand against the reading order.
fn rounds(g: &mut Graph, work: &mut Work, count: &mut Count, best: &mut (u64, usize), kept: &mut Vec<Vec<usize>>) {
    let patience = if g.links.len() < FEW { 2 * PATIENCE } else { PATIENCE };
    let mut stalled = 0;
    for round in 0..ROUNDS {
        if *best == (0, 0) || stalled >= patience || !work.spend(3 * g.links.len()) {
            break;
        }
        // Every other pair of rounds turns equals around, which frees orders that no single exchange improves.
        sweep(g, round % 2 == 0, round % 4 > 1);
        exchange(g, work);
        let now = (count.all(g), out_of_order(g));
        if now < *best {
            *best = now;
            kept.clone_from(&g.ranks);
            stalled = 0;
        } else {
            stalled += 1;
        }
    }
}

/// Boxes that stand right before one of a smaller number.
fn out_of_order(g: &Graph) -> usize {
    let turned = |r: &Vec<usize>| r.windows(2).filter(|w| w[0] < g.boxes && w[1] < w[0]).count();
    g.ranks.iter().map(turned).sum()
}

/// Writes down where each vertex stands.
fn number(g: &mut Graph) {
    for row in &g.ranks {
        for (k, &v) in row.iter().enumerate() {
            g.pos[v] = k;
        }
    }
}

/// A place in a rank with the side a link touches there, as one number.
fn key(pos: usize, d: f64) -> usize {
    let s = match side_of(d) {
        -1 => 0,
        0 => 1,
        _ => 2,
    };
    pos * 3 + s
}

/// Sorts every rank by the average place of its neighbours in the rank before (after, when not `down`).
/// Equals keep their order, or are turned around.
fn sweep(g: &mut Graph, down: bool, turn: bool) {
    let count = g.ranks.len();
    let mut means: Vec<(f64, usize)> = Vec::new();
    for k in 1..count {
        let r = if down { k } else { count - 1 - k };
        if g.ranks[r].len() < 2 {
            continue;
        }
        means.clear();
        let mut slots: Vec<usize> = Vec::new();
        for (at, &v) in g.ranks[r].iter().enumerate() {
            let near = if down { g.up.of(v) } else { g.down.of(v) };
            if near.is_empty() {
                continue;
            }
            let sum: usize = near
                .iter()
                .map(|&i| {
                    let l = &g.links[i];
                    if down { key(g.pos[l.u], l.du) } else { key(g.pos[l.v], l.dv) }
                })
                .sum();
            means.push((sum as f64 / near.len() as f64, v));
            slots.push(at);
        }
        if turn {
            means.reverse();
        }
        means.order_by(|a, b| a.0.total_cmp(&b.0));
        for (&at, &(_, v)) in slots.iter().zip(&means) {
            g.ranks[r][at] = v;
            g.pos[v] = at;
        }
    }
}

/// Exchanges neighbours where that removes crossings.
fn exchange(g: &mut Graph, work: &mut Work) {
    for _ in 0..4 {
        let mut better = false;
        for r in 0..g.ranks.len() {
            for k in 1..g.ranks[r].len() {
                let (u, v) = (g.ranks[r][k - 1], g.ranks[r][k]);
                let mut gain = 0i64;
                for (a, b, up) in [(g.up.of(u), g.up.of(v), true), (g.down.of(u), g.down.of(v), false)] {
                    // Boxes with very many lines are left to the averages: pairs are counted one by one here.
                    if a.len() * b.len() > 400 {
                        continue;
                    }
                    if !work.spend(a.len() * b.len() + 1) {
                        return;
                    }
                    let place = |i: usize| {
                        let l = &g.links[i];
                        if up { key(g.pos[l.u], l.du) } else { key(g.pos[l.v], l.dv) }
                    };
                    for &i in a {
                        let x = place(i);
                        for &j in b {
                            let y = place(j);
                            gain += i64::from(x > y) - i64::from(x < y);
                        }
                    }
                }
                if gain > 0 {
                    g.ranks[r].swap(k - 1, k);
                    (g.pos[u], g.pos[v]) = (k, k - 1);
                    better = true;
                }
            }
        }
        if !better {
            break;
        }
    }
}

/// Counts crossings; keeps its memory between calls.
#[derive(Default)]
struct Count {
    lower: Vec<usize>,
    near: Vec<(i8, usize)>,
    tree: Vec<u32>,
}

impl Count {
    fn all(&mut self, g: &Graph) -> u64 {
        (1..g.ranks.len()).map(|r| self.between(g, r - 1)).sum()
    }

    fn between(&mut self, g: &Graph, r: usize) -> u64 {
        if g.ranks[r].len() + g.ranks[r + 1].len() < 3 {
            return 0;
        }
        self.lower.clear();
        for &u in &g.ranks[r] {
            self.near.clear();
            self.near.extend(g.down.of(u).iter().map(|&i| {
                let l = &g.links[i];
                (side_of(l.du), key(g.pos[l.v], l.dv))
            }));
            self.near.order();
            self.lower.extend(self.near.iter().map(|n| n.1));
        }
        // A Fenwick tree over the lower places: how many of the links so far end further right.
        self.tree.clear();
        self.tree.resize(g.ranks[r + 1].len() * 3 + 1, 0);
        let mut crossings = 0u64;
        for (met, &p) in self.lower.iter().enumerate() {
            let mut not_right = 0u32;
            let mut i = p + 1;
            while i > 0 {
                not_right += self.tree[i];
                i &= i - 1;
            }
            crossings += (met as u64).saturating_sub(u64::from(not_right));
            let mut i = p + 1;
            while i < self.tree.len() {
                self.tree[i] += 1;
                i += i & i.wrapping_neg();
            }
        }
        crossings
    }
}

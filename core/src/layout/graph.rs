//! The layered graph: boxes and bends in ranks, links between neighbouring ranks only, and how each line runs.
//!
//! Built once from boxes, lines and layers; [`super::order`] permutes its ranks, [`super::place`] gives it x.

use super::layers::Adjacent;
use super::level::{Item, Line};
use super::request::Gaps;
use crate::order::Order as _;

/// Which side of its boxes a loop takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

impl Side {
    pub(super) fn sign(self) -> f64 {
        match self {
            Self::Left => -1.0,
            Self::Right => 1.0,
        }
    }
}

/// How a line runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Way {
    /// Down through the ranks, `port` px beside the anchors.
    Down { port: f64 },
    /// Up along one side, in the lane with this number at its source and at its target.
    Loop { side: Side, source: usize, target: usize },
    /// Around everything: too long to be given a place in every rank.
    Around,
}

/// A line with its bends: the vertices `first..first + count`, from the top down.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub(super) way: Way,
    pub(super) first: usize,
    pub(super) count: usize,
    /// The bend that makes room for the label.
    pub(super) label: Option<usize>,
}

/// A piece of a line between two neighbouring ranks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub(super) u: usize,
    pub(super) v: usize,
    /// Where it touches, beside the anchor.
    pub(super) du: f64,
    pub(super) dv: f64,
    /// True where a loop meets its box: such a link must not pull the box out of line.
    pub(super) soft: bool,
}

pub(super) struct Graph {
    /// The vertices below this number are the boxes.
    pub(super) boxes: usize,
    pub(super) rank: Vec<usize>,
    /// Space left and right of the anchor, everything included.
    pub(super) l: Vec<f64>,
    pub(super) r: Vec<f64>,
    /// Vertices of each rank from left to right, and where each stands in its rank.
    pub(super) ranks: Vec<Vec<usize>>,
    pub(super) pos: Vec<usize>,
    pub(super) links: Vec<Link>,
    pub(super) up: Adjacent,
    pub(super) down: Adjacent,
    pub(super) runs: Vec<Run>,
    /// Height of each rank, and whether it holds labels only.
    pub(super) height: Vec<f64>,
    pub(super) labels_only: Vec<bool>,
}

/// Lines that span more layers run around.
const LONG_DOWN: usize = 40;
const LONG_LOOP: usize = 24;
/// From a box's side to the first lane of its loops.
pub(super) const LANE_FIRST: f64 = 26.0;
/// Between lanes.
pub(super) const LANE: f64 = 13.0;
/// Lanes of their own at one side of a box; loops beyond share the last.
const MOST_LANES: usize = 20;
/// Between equal lines.
const TWIN: f64 = 16.0;

pub(super) fn lane(k: usize) -> f64 {
    LANE_FIRST + LANE * k.min(MOST_LANES) as f64
}

/// Which lines run around everything.
pub(super) fn around(items: &[Item], lines: &[Line], back: &[bool], layer: &[usize]) -> Vec<bool> {
    lines
        .iter()
        .zip(back)
        .map(|(l, &back)| {
            let span = layer[l.a].abs_diff(layer[l.b]);
            if back { span > LONG_LOOP || items[l.a].upright || items[l.b].upright } else { span > LONG_DOWN }
        })
        .collect()
}

/// The layer below which a line's label stands: next to the source, for a loop half way.
fn label_layer(l: &Line, back: bool, layer: &[usize]) -> usize {
    if back { (layer[l.a] + layer[l.b] - 1) / 2 } else { layer[l.a] }
}

/// For each layer whether labels stand below it.
pub(super) fn label_layers(lines: &[Line], back: &[bool], layer: &[usize], around: &[bool]) -> Vec<bool> {
    let mut has = vec![false; layer.iter().max().map_or(0, |m| m + 1)];
    for (i, l) in lines.iter().enumerate() {
        if !around[i] && l.label.is_some() {
            has[label_layer(l, back[i], layer)] = true;
        }
    }
    has
}

/// The rank of each layer: its number plus the label ranks above it.
pub(super) fn rank_of_layers(has_label: &[bool]) -> Vec<usize> {
    let mut extra = 0;
    has_label
        .iter()
        .enumerate()
        .map(|(i, &has)| {
            let rank = i + extra;
            extra += usize::from(has);
            rank
        })
        .collect()
}

/// Inputs of [`Graph::new`], each as long as the boxes or lines it speaks of.
pub(super) struct Parts<'a> {
    pub(super) items: &'a [Item],
    pub(super) lines: &'a [Line],
    pub(super) back: &'a [bool],
    pub(super) around: &'a [bool],
    pub(super) layer: &'a [usize],
    pub(super) has_label: &'a [bool],
    pub(super) rank_of: &'a [usize],
}

impl Graph {
    pub(super) fn new(p: &Parts<'_>, gaps: &Gaps) -> Self {
        let n = p.items.len();
        let count = p.rank_of.last().map_or(0, |r| r + 1);
        let mut g = Self {
            boxes: n,
            rank: p.layer.iter().map(|&l| p.rank_of[l]).collect(),
            l: p.items.iter().map(|i| i.l + i.pad_l).collect(),
            r: p.items.iter().map(|i| i.r + i.pad_r).collect(),
            ranks: Vec::new(),
            pos: Vec::new(),
            links: Vec::new(),
            up: Adjacent::new(0, 0, |_| None),
            down: Adjacent::new(0, 0, |_| None),
            runs: p.lines.iter().map(|_| Run { way: Way::Around, first: 0, count: 0, label: None }).collect(),
            height: vec![0.0; count],
            labels_only: vec![true; count],
        };
        for (v, it) in p.items.iter().enumerate() {
            g.height[g.rank[v]] = g.height[g.rank[v]].max(it.band);
            g.labels_only[g.rank[v]] = false;
        }
        g.lay_loops(p);
        g.lay_ports(p);
        // Loops on the left first and on the right last: the first order of the ranks follows the order of links.
        for pass in [Some(Side::Left), None, Some(Side::Right)] {
            for i in 0..p.lines.len() {
                let side = match g.runs[i].way {
                    Way::Around => continue,
                    Way::Down { .. } => None,
                    Way::Loop { side, .. } => Some(side),
                };
                if side == pass {
                    g.lay(p, i, gaps);
                }
            }
        }
        let total = g.rank.len();
        g.up = Adjacent::new(total, g.links.len(), |i| Some(g.links[i].v));
        g.down = Adjacent::new(total, g.links.len(), |i| Some(g.links[i].u));
        g.first_order(count);
        g
    }

    /// Gives each loop a side and lanes: short ones inside, and the side that is less used along the way.
    fn lay_loops(&mut self, p: &Parts<'_>) {
        let mut loops: Vec<usize> = (0..p.lines.len()).filter(|&i| p.back[i] && !p.around[i]).collect();
        let top = |i: usize| p.layer[p.lines[i].b];
        let bottom = |i: usize| p.layer[p.lines[i].a];
        // Loops to one box out of one layer stand next to each other in the order.
        loops.order_by_key(|&i| (bottom(i) - top(i), p.lines[i].b, p.lines[i].a));
        let together = |i: usize, j: usize| {
            let (i, j) = (&p.lines[i], &p.lines[j]);
            i.b == j.b && p.layer[i.a] == p.layer[j.a]
        };
        // From several boxes side by side, those of the left half return on the left.
        let mut given = vec![None; p.lines.len()];
        for same in loops.chunk_by(|&i, &j| together(i, j)) {
            let sources = same.windows(2).filter(|w| p.lines[w[0]].a != p.lines[w[1]].a).count() + 1;
            if sources > 1 {
                for (k, &i) in same.iter().enumerate() {
                    given[i] = Some(usize::from(k >= same.len() / 2));
                }
            }
        }
        let mut lanes = vec![[0usize; 2]; p.items.len()];
        let mut busy = vec![[0usize; 2]; p.has_label.len()];
        for i in loops {
            let Line { a, b, .. } = p.lines[i];
            let cost = |s: usize| {
                let along: usize = busy[top(i)..bottom(i)].iter().map(|c| c[s]).sum();
                let ear = [p.items[a].pad_l + p.items[b].pad_l, p.items[a].pad_r + p.items[b].pad_r][s] > 0.0;
                2 * (lanes[a][s] + lanes[b][s]) + along + 2 * usize::from(ear)
            };
            let s = given[i].unwrap_or_else(|| usize::from(cost(1) <= cost(0)));
            let side = [Side::Left, Side::Right][s];
            self.runs[i].way = Way::Loop { side, source: lanes[a][s], target: lanes[b][s] };
            lanes[a][s] += 1;
            lanes[b][s] += 1;
            busy[top(i)..bottom(i)].iter_mut().for_each(|c| c[s] += 1);
        }
        for (v, &[left, right]) in lanes.iter().enumerate() {
            if left > 0 {
                self.l[v] += lane(left - 1) + LANE / 2.0;
            }
            if right > 0 {
                self.r[v] += lane(right - 1) + LANE / 2.0;
            }
        }
    }

    /// Sets equal lines beside each other.
    fn lay_ports(&mut self, p: &Parts<'_>) {
        let mut down: Vec<usize> = (0..p.lines.len()).filter(|&i| !p.back[i] && !p.around[i]).collect();
        down.order_by_key(|&i| (p.lines[i].a, p.lines[i].b, i));
        for same in down.chunk_by(|&i, &j| (p.lines[i].a, p.lines[i].b) == (p.lines[j].a, p.lines[j].b)) {
            let Some(&i) = same.first() else { continue };
            let (a, b) = (&p.items[p.lines[i].a], &p.items[p.lines[i].b]);
            let room = a.l.min(a.r).min(b.l).min(b.r) * 0.8;
            let half = (same.len() - 1) as f64 / 2.0;
            let step = if half > 0.0 { TWIN.min(room / half) } else { 0.0 };
            for (k, &i) in same.iter().enumerate() {
                self.runs[i].way = Way::Down { port: (k as f64 - half) * step };
            }
        }
    }

    /// Adds the bends and links of line `i`.
    fn lay(&mut self, p: &Parts<'_>, i: usize, gaps: &Gaps) {
        let line = &p.lines[i];
        let back = p.back[i];
        let (top, bottom) = if back { (line.b, line.a) } else { (line.a, line.b) };
        let label_rank = line.label.map(|_| p.rank_of[label_layer(line, back, p.layer)] + 1);
        let (du, dv, soft) = match self.runs[i].way {
            Way::Down { port } => (port, port, false),
            Way::Loop { side, source, target } => {
                let port = |v: usize, k: usize| {
                    let it = &p.items[v];
                    match side {
                        Side::Left => -(it.l + it.pad_l + lane(k)),
                        Side::Right => it.r + it.pad_r + lane(k),
                    }
                };
                (port(top, target), port(bottom, source), true)
            }
            Way::Around => return,
        };
        let first = self.rank.len();
        let mut last = (top, du);
        for rank in self.rank[top] + 1..self.rank[bottom] {
            let v = self.rank.len();
            let half = match line.label {
                Some(s) if label_rank == Some(rank) => {
                    self.runs[i].label = Some(v);
                    self.height[rank] = self.height[rank].max(s.h);
                    s.w / 2.0 + gaps.edge / 4.0
                }
                _ => 0.0,
            };
            self.rank.push(rank);
            self.l.push(half);
            self.r.push(half);
            self.links.push(Link { u: last.0, v, du: last.1, dv: 0.0, soft: soft && last.0 == top });
            last = (v, 0.0);
        }
        self.links.push(Link { u: last.0, v: bottom, du: last.1, dv, soft });
        self.runs[i].first = first;
        self.runs[i].count = self.rank.len() - first;
    }

    /// Ranks in the order of a walk depth first from the boxes in their given order: trees come out uncrossed.
    fn first_order(&mut self, count: usize) {
        self.ranks = vec![Vec::new(); count];
        self.pos = vec![usize::MAX; self.rank.len()];
        let mut stack: Vec<usize> = Vec::new();
        let sources = (0..self.boxes).filter(|&v| self.up.of(v).is_empty());
        for root in sources.chain(0..self.boxes) {
            stack.push(root);
            while let Some(v) = stack.pop() {
                if self.pos[v] != usize::MAX {
                    continue;
                }
                let row = &mut self.ranks[self.rank[v]];
                self.pos[v] = row.len();
                row.push(v);
                stack.extend(
                    self.down.of(v).iter().rev().map(|&i| self.links[i].v).filter(|&w| self.pos[w] == usize::MAX),
                );
            }
        }
    }

    /// Sorts the links of every vertex by where their other end stands. To be called when the order is final.
    pub(super) fn sort_links(&mut self) {
        let (links, pos) = (&self.links, &self.pos);
        for v in 0..self.rank.len() {
            self.up.of_mut(v).order_by_key(|&i| (pos[links[i].u], side_of(links[i].du)));
            self.down.of_mut(v).order_by_key(|&i| (pos[links[i].v], side_of(links[i].dv)));
        }
    }

    /// Space to keep between two neighbours of a rank, beside their own.
    pub(super) fn sep(&self, a: usize, b: usize, gaps: &Gaps) -> f64 {
        if a < self.boxes && b < self.boxes { gaps.node } else { gaps.edge }
    }
}

/// -1, 0 or 1: on which side of an anchor a link touches.
pub(super) fn side_of(d: f64) -> i8 {
    if d < 0.0 { -1 } else { i8::from(d > 0.0) }
}

//! The curves of lines: upright through the ranks, bending only in the gaps between them, so that no box is crossed.
//!
//! Takes everything as placed; moves nothing.

use super::curve::{bend, line, quarter, rounded};
use super::graph::{Graph, Side, Way};
use super::level::{Item, Line};
use super::loops::Ends;
use super::request::Gaps;
use super::result::{Point, Rect, Route};
use crate::order::Order as _;

/// Where each rank begins and ends.
pub(super) struct Bands {
    pub(super) top: Vec<f64>,
    pub(super) bottom: Vec<f64>,
}

/// A placed part, ready to draw lines on.
pub(super) struct Sheet<'a> {
    pub(super) g: &'a Graph,
    pub(super) items: &'a [Item],
    pub(super) lines: &'a [Line],
    pub(super) gaps: &'a Gaps,
    pub(super) x: &'a [f64],
    /// Anchor x and top y of each box.
    pub(super) at: &'a [Point],
    pub(super) bands: &'a Bands,
}

/// An upright piece of a line at `x`, from one height to another.
#[derive(Clone, Copy)]
struct Stop {
    x: f64,
    from: f64,
    to: f64,
}

/// One route for each line.
pub(super) fn draw(s: &Sheet<'_>, ends: &[Ends], back: &[bool]) -> Vec<Route> {
    let slots = slots(s);
    let mut lanes = Outside::new(s);
    (0..s.lines.len())
        .map(|i| {
            let run = &s.g.runs[i];
            let mut route = match run.way {
                Way::Down { port } => down(s, i, port),
                Way::Loop { side, .. } => around_side(s, i, side, ends[i], slots[i]),
                Way::Around => lanes.route(s, i, back[i]),
            };
            if let (Some(v), Some(size)) = (run.label, s.lines[i].label) {
                let (top, bottom) = s.band(v);
                route.label =
                    Some(Rect { x: s.x[v] - size.w / 2.0, y: (top + bottom - size.h) / 2.0, w: size.w, h: size.h });
            }
            route.back = back[i];
            route
        })
        .collect()
}

impl Sheet<'_> {
    fn band(&self, v: usize) -> (f64, f64) {
        let r = self.g.rank[v];
        (self.bands.top[r], self.bands.bottom[r])
    }

    fn foot(&self, v: usize) -> f64 {
        self.at[v].y + self.items[v].h
    }
}

/// Continues `path` along `stops`, bending in between. Neighbouring stops at nearly the same x become one.
fn through(path: &mut Vec<Point>, stops: &[Stop]) {
    let mut current: Option<Stop> = None;
    for &s in stops {
        match &mut current {
            Some(c) if (c.x - s.x).abs() < 0.75 => c.to = s.to,
            Some(c) => {
                line(path, Point::new(c.x, c.to));
                bend(path, Point::new(s.x, s.from));
                current = Some(s);
            }
            None => current = Some(s),
        }
    }
    if let Some(c) = current {
        line(path, Point::new(c.x, c.to));
    }
}

fn down(s: &Sheet<'_>, i: usize, port: f64) -> Route {
    let Line { a, b, .. } = s.lines[i];
    let run = &s.g.runs[i];
    let start = Point::new(s.x[a] + port, s.foot(a));
    let mut stops = vec![Stop { x: start.x, from: start.y, to: s.band(a).1 }];
    for v in run.first..run.first + run.count {
        let (top, bottom) = s.band(v);
        stops.push(Stop { x: s.x[v], from: top, to: bottom });
    }
    stops.push(Stop { x: s.x[b] + port, from: s.band(b).0, to: s.at[b].y });
    let mut points = vec![start];
    through(&mut points, &stops);
    Route { points, label: None, back: false }
}

/// The heights where each loop leaves its source and enters its target.
#[derive(Clone, Copy, Default)]
struct Slot {
    source: f64,
    target: f64,
}

/// Shares the sides of boxes among the loops that meet there, so that they do not cross: leaving above entering,
/// leaving inner lanes above outer ones, entering outer lanes above inner ones.
fn slots(s: &Sheet<'_>) -> Vec<Slot> {
    let mut meets: Vec<(usize, bool, bool, usize, usize)> = Vec::new();
    for (i, run) in s.g.runs.iter().enumerate() {
        if let Way::Loop { side, source, target } = run.way {
            let right = side == Side::Right;
            meets.push((s.lines[i].a, right, false, source, i));
            meets.push((s.lines[i].b, right, true, usize::MAX - target, i));
        }
    }
    meets.order();
    let mut slots = vec![Slot::default(); s.lines.len()];
    for same in meets.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let step = 1.0 / (same.len() + 1) as f64;
        for (k, &(v, _, entering, _, i)) in same.iter().enumerate() {
            let zone = s.items[v].h.min(52.0);
            let at = zone * step * (k + 1) as f64;
            if entering {
                slots[i].target = s.at[v].y + at;
            } else {
                slots[i].source = s.foot(v) - zone + at;
            }
        }
    }
    slots
}

/// The largest radius of a loop's corners.
const CORNER: f64 = 24.0;

/// A line that leaves a box at its side, runs up beside everything between, and enters the upper box at its side.
fn around_side(s: &Sheet<'_>, i: usize, side: Side, ends: Ends, slot: Slot) -> Route {
    let Line { a, b, .. } = s.lines[i];
    let run = &s.g.runs[i];
    let border = |v: usize| match side {
        Side::Left => s.x[v] - s.items[v].l,
        Side::Right => s.x[v] + s.items[v].r,
    };
    let start = Point::new(border(a), slot.source);
    let end = Point::new(border(b), slot.target);
    let mut points = vec![start];
    let plain = s.items[a].h <= 90.0 && s.items[b].h <= 90.0 && (start.x - end.x).abs() < 30.0;
    if run.count == 0 && plain && (ends.source - ends.target).abs() < 1.0 && start.y - end.y < 140.0 {
        let reach = (ends.source - (start.x + end.x) / 8.0) / 0.75;
        points.extend([Point::new(reach, start.y), Point::new(reach, end.y), end]);
        return Route { points, label: None, back: true };
    }
    let (top, bottom) = (s.band(a).0, s.band(b).1);
    // The corner may use the free height beside its own box and, when the line goes straight on, the gap after it.
    let most = (start.y - end.y) / 2.0;
    let straight = (ends.source - ends.target).abs() < 1.0
        && (run.first..run.first + run.count).all(|v| (s.x[v] - ends.source).abs() < 1.0);
    let corner = |x: f64, from: f64, own: f64| {
        let high = if straight { (own + s.gaps.layer * 0.5).min(most) } else { own };
        (x - from).abs().min(CORNER).min(high.max(0.0))
    };
    let (r, q) = (corner(ends.source, start.x, start.y - top), corner(ends.target, end.x, bottom - end.y));
    let (leave, enter) = (start.y - r, end.y + q);
    line(&mut points, Point::new(ends.source - side.sign() * r, start.y));
    quarter(&mut points, Point::new(ends.source, leave), true);
    let mut stops = vec![Stop { x: ends.source, from: leave, to: top.min(leave) }];
    for v in (run.first..run.first + run.count).rev() {
        let (top, bottom) = s.band(v);
        stops.push(Stop { x: s.x[v], from: bottom, to: top });
    }
    stops.push(Stop { x: ends.target, from: bottom.max(enter), to: enter });
    through(&mut points, &stops);
    quarter(&mut points, Point::new(ends.target - side.sign() * q, end.y), false);
    line(&mut points, end);
    Route { points, label: None, back: true }
}

/// Lanes beside the whole part, for lines too long to run through it.
struct Outside {
    left: f64,
    right: f64,
    met: usize,
}

/// Lanes that get a place of their own; the rest share the last.
const MOST_LANES: usize = 64;

impl Outside {
    fn new(s: &Sheet<'_>) -> Self {
        let (mut left, mut right) = (f64::MAX, f64::MIN);
        for (v, x) in s.x.iter().enumerate() {
            left = left.min(x - s.g.l[v]);
            right = right.max(x + s.g.r[v]);
        }
        Self { left: left - s.gaps.node, right: right + s.gaps.node, met: 0 }
    }

    fn route(&mut self, s: &Sheet<'_>, i: usize, back: bool) -> Route {
        let Line { a, b, label } = s.lines[i];
        let half = label.map_or(0.0, |l| l.w / 2.0);
        let x = if back { self.right + half } else { self.left - half };
        if self.met < MOST_LANES {
            let wide = 2.0 * half + s.gaps.edge;
            if back {
                self.right += wide;
            } else {
                self.left -= wide;
            }
        }
        let wave = (self.met % 4) as f64 * 2.0;
        self.met += 1;
        let below = s.band(a).1 + s.gaps.edge * 0.6 + wave;
        let above = s.band(b).0 - s.gaps.edge * 0.9 - wave;
        let (start, end) = (Point::new(s.x[a], s.foot(a)), Point::new(s.x[b], s.at[b].y));
        let corners = [
            start,
            Point::new(start.x, below),
            Point::new(x, below),
            Point::new(x, above),
            Point::new(end.x, above),
            end,
        ];
        let label = label.map(|l| {
            let near = if back { below - 24.0 - l.h } else { below + 24.0 };
            Rect { x: x - l.w / 2.0, y: near, w: l.w, h: l.h }
        });
        Route { points: rounded(&corners, 8.0), label, back }
    }
}

//! One level: the members of one group and the lines between them, without anything inside or around them.
//!
//! Splits the level into connected parts, sends each to the placement that fits it, and packs the parts. The
//! placements themselves are next door.

use super::chain;
use super::curve::{Bounds, shift};
use super::fallback;
use super::groups::bounds;
use super::layered;
use super::request::{Budget, Gaps, Size};
use super::result::{Plain, Point, Rect, Route};
use super::strands;
use super::wrap;

/// A box seen from its level. It has an anchor: the x where lines enter at its top and leave at its bottom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    /// From the anchor to the left border.
    pub(super) l: f64,
    /// From the anchor to the right border.
    pub(super) r: f64,
    /// Height.
    pub(super) h: f64,
    /// Free space to keep left of the border.
    pub(super) pad_l: f64,
    /// Free space to keep right of the border.
    pub(super) pad_r: f64,
    /// Height to keep free, at least `h`: a loop's label may be taller than its box.
    pub(super) band: f64,
    /// True when lines may only touch its top and bottom.
    pub(super) upright: bool,
}

impl Item {
    pub(super) fn new(w: f64, h: f64) -> Self {
        Self::group(w / 2.0, w / 2.0, h)
    }

    pub(super) fn group(l: f64, r: f64, h: f64) -> Self {
        Self { l, r, h, pad_l: 0.0, pad_r: 0.0, band: h, upright: false }
    }
}

/// How far below the top of its row a box stands: in the middle of a row of about its height, at the top of a much
/// taller one, so that what begins together is seen together.
pub(super) fn sink(row: f64, h: f64) -> f64 {
    let spare = row - h;
    if spare > 36.0 { 0.0 } else { spare / 2.0 }
}

/// A line between two members, by their numbers in the level.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) a: usize,
    pub(super) b: usize,
    pub(super) label: Option<Size>,
}

/// A placed level; its corner is the origin.
#[derive(Clone, Debug, Default)]
pub(super) struct Placed {
    /// For each member the x of its anchor and the y of its top.
    pub(super) at: Vec<Point>,
    /// For each line its route.
    pub(super) routes: Vec<Route>,
    pub(super) w: f64,
    pub(super) h: f64,
    /// Where lines enter the level from above.
    pub(super) anchor: f64,
}

impl Placed {
    /// Moves everything so that its corner is the origin, and measures it.
    pub(super) fn settle(mut self, items: &[Item]) -> Self {
        let Bounds { left, top, right, bottom } = bounds(items, &self.at, &self.routes);
        if left != 0.0 || top != 0.0 {
            for p in &mut self.at {
                *p = Point::new(p.x - left, p.y - top);
            }
            for r in &mut self.routes {
                shift(r, -left, -top);
            }
            self.anchor -= left;
        }
        (self.w, self.h) = (right - left, bottom - top);
        self
    }
}

/// What is left of the budget.
#[derive(Clone, Copy, Debug)]
pub(super) struct Work {
    pub(super) ops: u64,
    pub(super) vertices: usize,
    pub(super) plain: Option<Plain>,
}

impl Work {
    pub(super) fn new(budget: &Budget) -> Self {
        Self { ops: budget.ops, vertices: budget.vertices, plain: None }
    }

    /// Takes `ops` operations; false when they are spent.
    pub(super) fn spend(&mut self, ops: usize) -> bool {
        let ops = ops as u64;
        let enough = self.ops >= ops;
        self.ops = self.ops.saturating_sub(ops);
        enough
    }

    /// Takes `count` vertices, or notes why the part must be placed plainly.
    pub(super) fn take(&mut self, count: usize) -> bool {
        if count > self.vertices {
            self.plain.get_or_insert(Plain::TooLarge { vertices: count, limit: self.vertices });
            return false;
        }
        self.vertices -= count;
        true
    }
}

/// Width at which unconnected parts start a new row.
const ROW: f64 = 1_400.0;
/// How far a line from a box to itself reaches out.
const EAR: f64 = 26.0;

/// Places the members of one level.
pub(super) fn place(items: &[Item], lines: &[Line], gaps: &Gaps, work: &mut Work) -> Placed {
    let mut roomy = items.to_vec();
    let ears: Vec<usize> = (0..lines.len()).filter(|&i| lines[i].a == lines[i].b).collect();
    let mut ear_at = vec![0.0; ears.len()];
    for (k, &i) in ears.iter().enumerate() {
        let it = &mut roomy[lines[i].a];
        let label = lines[i].label.unwrap_or_default();
        ear_at[k] = it.pad_r;
        it.pad_r += EAR + 6.0 + if label.w > 0.0 { label.w + 4.0 } else { 0.0 };
        it.band = it.band.max(label.h + 2.0 * (it.h.min(80.0) / 2.0 - label.h / 2.0).max(0.0));
    }
    let rest: Vec<usize> = (0..lines.len()).filter(|&i| lines[i].a != lines[i].b).collect();
    let joined: Vec<Line> = rest.iter().map(|&i| lines[i]).collect();
    let placed = match strands::fold(&roomy, &joined, gaps) {
        Some(f) => f.unfold(grids(&f.items, &f.lines, gaps, work)),
        None => grids(&roomy, &joined, gaps, work),
    };
    let mut routes = vec![Route::default(); lines.len()];
    for (&i, r) in rest.iter().zip(placed.routes) {
        routes[i] = r;
    }
    for (&i, &skip) in ears.iter().zip(&ear_at) {
        let (it, p) = (&items[lines[i].a], placed.at[lines[i].a]);
        routes[i] = ear(it, p, skip, lines[i].label);
    }
    Placed { routes, ..placed }.settle(items)
}

/// The line from a box to itself: an ear at its right side, `skip` px wider than the plain one.
fn ear(it: &Item, p: Point, skip: f64, label: Option<Size>) -> Route {
    let x = p.x + it.r;
    let y = p.y + it.h.min(80.0) / 2.0;
    let d = (it.h / 4.0).min(9.0) * if skip > 0.0 { 0.5 } else { 1.0 };
    let out = x + (EAR + skip) / 0.75;
    let points =
        vec![Point::new(x, y + d), Point::new(out, y + d * 1.9), Point::new(out, y - d * 1.9), Point::new(x, y - d)];
    let label = label.map(|s| Rect { x: x + EAR + skip + 4.0, y: y - s.h / 2.0, w: s.w, h: s.h });
    Route { points, label, back: true }
}

/// Places a level with its wide fan-outs as grids.
fn grids(items: &[Item], lines: &[Line], gaps: &Gaps, work: &mut Work) -> Placed {
    match wrap::fold(items, lines, gaps) {
        Some(f) => f.unfold(lines, parts(&f.items, &f.lines, gaps, work)),
        None => parts(items, lines, gaps, work),
    }
}

/// Places each connected part and packs them.
fn parts(items: &[Item], lines: &[Line], gaps: &Gaps, work: &mut Work) -> Placed {
    let (part_of, count) = connect(items.len(), lines);
    if count == 1 {
        return part(items, lines, gaps, work);
    }
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut index = vec![0usize; items.len()];
    for (i, &c) in part_of.iter().enumerate() {
        index[i] = members[c].len();
        members[c].push(i);
    }
    let mut inner: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (i, l) in lines.iter().enumerate() {
        inner[part_of[l.a]].push(i);
    }
    let mut out = Placed {
        at: vec![Point::default(); items.len()],
        routes: vec![Route::default(); lines.len()],
        ..Placed::default()
    };
    let placed: Vec<Placed> = members
        .iter()
        .zip(&inner)
        .map(|(m, e)| {
            let its: Vec<Item> = m.iter().map(|&i| items[i]).collect();
            let ls: Vec<Line> =
                e.iter().map(|&i| Line { a: index[lines[i].a], b: index[lines[i].b], ..lines[i] }).collect();
            part(&its, &ls, gaps, work)
        })
        .collect();
    let widest = placed.iter().fold(ROW, |w, p| w.max(p.w));
    let (mut x, mut y, mut row_h) = (0.0, 0.0, 0.0f64);
    for ((m, e), p) in members.iter().zip(&inner).zip(placed) {
        if x > 0.0 && x + p.w > widest {
            (x, y, row_h) = (0.0, y + row_h + gaps.layer, 0.0);
        }
        for (&i, at) in m.iter().zip(&p.at) {
            out.at[i] = Point::new(at.x + x, at.y + y);
        }
        for (&i, mut r) in e.iter().zip(p.routes) {
            shift(&mut r, x, y);
            out.routes[i] = r;
        }
        row_h = row_h.max(p.h);
        x += p.w + gaps.node;
        out.w = out.w.max(x - gaps.node);
        out.h = out.h.max(y + row_h);
    }
    out.anchor = out.w / 2.0;
    out
}

fn part(items: &[Item], lines: &[Line], gaps: &Gaps, work: &mut Work) -> Placed {
    let placed = chain::place(items, lines, gaps)
        .or_else(|| layered::place(items, lines, gaps, work))
        .unwrap_or_else(|| fallback::place(items, lines, gaps));
    placed.settle(items)
}

/// The connected part of each member, numbered by first member, and how many there are.
fn connect(n: usize, lines: &[Line]) -> (Vec<usize>, usize) {
    let mut root: Vec<usize> = (0..n).collect();
    fn find(root: &mut [usize], mut v: usize) -> usize {
        while root[v] != v {
            root[v] = root[root[v]];
            v = root[v];
        }
        v
    }
    for l in lines {
        let (a, b) = (find(&mut root, l.a), find(&mut root, l.b));
        root[a.max(b)] = a.min(b);
    }
    let mut number = vec![usize::MAX; n];
    let mut count = 0;
    let part = (0..n)
        .map(|v| {
            let r = find(&mut root, v);
            if number[r] == usize::MAX {
                number[r] = count;
                count += 1;
            }
            number[r]
        })
        .collect();
    (part, count)
}

//! Wide fan-outs: many boxes with the same neighbours become one grid of rows, with shared lines between the rows.
//!
//! Folds a level before it is placed and unfolds it afterwards; what lies around a grid sees it as one box.

use crate::order::Order as _;
use rustc_hash::FxHashMap;

use super::curve::{rounded, shift};
use super::level::{Item, Line, Placed, sink};
use super::request::{Gaps, Size};
use super::result::{Point, Rect, Route};

/// So many boxes alike make a grid.
pub(super) const LEAST: usize = 8;
/// Columns of a grid, when it is small and at most.
const COLUMNS: usize = 6;
const MOST_COLUMNS: usize = 8;
/// Width a grid keeps below where two columns allow it.
const WIDEST: f64 = 1_900.0;
/// Radius of the corners of shared lines.
const ROUND: f64 = 8.0;

/// Where a member of the level went.
#[derive(Clone, Copy)]
enum Seat {
    /// Itself, under this number.
    Own(usize),
    /// Into a grid, as this cell of it.
    Cell(usize, usize),
}

/// A box of a grid, relative to the grid's top middle.
struct Cell {
    at: Point,
    /// From the top middle of the grid to the box, and from the box to the bottom middle.
    into: Vec<Point>,
    out: Vec<Point>,
    label_in: Option<Rect>,
    label_out: Option<Rect>,
}

/// What a grid is made of: a box with the labels of the line into it and the line out of it.
type Filling = (Item, Option<Size>, Option<Size>);

struct Grid {
    item: usize,
    cells: Vec<Cell>,
}

/// A level with its fan-outs folded.
pub(super) struct Folded {
    pub(super) items: Vec<Item>,
    pub(super) lines: Vec<Line>,
    seats: Vec<Seat>,
    grids: Vec<Grid>,
    /// For each line of the level, the line of the folded level it runs along.
    along: Vec<usize>,
}

/// The members alike, in groups large enough. Two are alike when the same lines come in and go out.
fn alike(n: usize, lines: &[Line]) -> Vec<Vec<usize>> {
    let mut sides: Vec<[Vec<usize>; 2]> = vec![[Vec::new(), Vec::new()]; n];
    for l in lines {
        sides[l.b][0].push(l.a);
        sides[l.a][1].push(l.b);
    }
    let mut labelled = vec![[false; 2]; n];
    for l in lines.iter().filter(|l| l.label.is_some()) {
        labelled[l.b][0] = true;
        labelled[l.a][1] = true;
    }
    let mut classes: FxHashMap<[Vec<usize>; 2], Vec<usize>> = FxHashMap::default();
    for (v, mut side) in sides.into_iter().enumerate() {
        let mut plain = true;
        for (k, list) in side.iter_mut().enumerate() {
            list.order();
            // A line drawn twice, or one of several labels, needs its own place.
            plain &= list.windows(2).all(|w| w[0] != w[1]) && (list.len() < 2 || !labelled[v][k]);
        }
        if plain {
            classes.entry(side).or_default().push(v);
        }
    }
    let mut found: Vec<Vec<usize>> = classes.into_values().filter(|c| c.len() >= LEAST).collect();
    found.order();
    found
}

/// Folds the wide fan-outs of a level, or `None` when it has none.
pub(super) fn fold(items: &[Item], lines: &[Line], gaps: &Gaps) -> Option<Folded> {
    if items.len() < LEAST {
        return None;
    }
    let classes = alike(items.len(), lines);
    if classes.is_empty() {
        return None;
    }
    let mut class_of = vec![usize::MAX; items.len()];
    let mut label_in: Vec<Option<Size>> = vec![None; items.len()];
    let mut label_out = label_in.clone();
    for (c, members) in classes.iter().enumerate() {
        members.iter().for_each(|&v| class_of[v] = c);
    }
    let mut joined = vec![[false; 2]; classes.len()];
    for l in lines {
        for (v, k) in [(l.b, 0), (l.a, 1)] {
            if let Some(j) = joined.get_mut(class_of[v]) {
                j[k] = true;
            }
        }
        // Between two grids the label stands at the source.
        if class_of[l.a] != usize::MAX {
            label_out[l.a] = l.label;
        } else {
            label_in[l.b] = l.label;
        }
    }
    let mut f =
        Folded { items: Vec::new(), lines: Vec::new(), seats: Vec::new(), grids: Vec::new(), along: Vec::new() };
    let mut started = vec![usize::MAX; classes.len()];
    let mut filled = vec![0usize; classes.len()];
    for (v, &c) in class_of.iter().enumerate() {
        let Some(members) = classes.get(c) else {
            f.seats.push(Seat::Own(f.items.len()));
            f.items.push(items[v]);
            continue;
        };
        if started[c] == usize::MAX {
            started[c] = f.grids.len();
            let cells: Vec<Filling> = members.iter().map(|&m| (items[m], label_in[m], label_out[m])).collect();
            let (item, cells) = grid(&cells, joined[c], gaps);
            f.grids.push(Grid { item: f.items.len(), cells });
            f.items.push(item);
        }
        f.seats.push(Seat::Cell(started[c], filled[c]));
        filled[c] += 1;
    }
    let item_of = |f: &Folded, v: usize| match f.seats[v] {
        Seat::Own(i) => i,
        Seat::Cell(g, _) => f.grids[g].item,
    };
    let mut shared: FxHashMap<(usize, usize), usize> = FxHashMap::default();
    for l in lines {
        let (a, b) = (item_of(&f, l.a), item_of(&f, l.b));
        let in_grid = class_of[l.a] != usize::MAX || class_of[l.b] != usize::MAX;
        let next = f.lines.len();
        let index = if in_grid { *shared.entry((a, b)).or_insert(next) } else { next };
        if index == next {
            f.lines.push(Line { a, b, label: if in_grid { None } else { l.label } });
        }
        f.along.push(index);
    }
    Some(f)
}

/// Arranges boxes in rows. `joined` says whether lines come in and go out.
fn grid(cells: &[Filling], joined: [bool; 2], gaps: &Gaps) -> (Item, Vec<Cell>) {
    let n = cells.len();
    let wide = |c: &Filling| {
        let label = c.1.map_or(0.0, |s| s.w).max(c.2.map_or(0.0, |s| s.w)) / 2.0;
        ((c.0.l + c.0.pad_l).max(label), (c.0.r + c.0.pad_r).max(label))
    };
    let (l, r) = cells.iter().map(wide).fold((0.0f64, 0.0f64), |(l, r), (a, b)| (l.max(a), r.max(b)));
    let step = l + r + gaps.node;
    let fit = ((WIDEST / step).floor() as usize).clamp(2, if n > COLUMNS * COLUMNS { MOST_COLUMNS } else { COLUMNS });
    let rows = n.div_ceil(fit);
    let columns = n.div_ceil(rows);
    let width = step * columns as f64 - gaps.node;
    let (left, right) = (-width / 2.0, width / 2.0);
    let rail = gaps.edge * 1.2;
    let (first_bus, drop) = (gaps.layer * 0.4, gaps.layer * 0.8);
    let most = |row: &[Filling], pick: fn(&Filling) -> f64| row.iter().map(pick).fold(0.0f64, f64::max);
    let mut placed = Vec::with_capacity(n);
    let mut y = 0.0;
    // For each cell: its top middle, its foot, the shared line above it and the one below it.
    let mut spots: Vec<(Point, f64, f64, f64)> = Vec::with_capacity(n);
    for (k, row) in cells.chunks(columns).enumerate() {
        let labels_in = most(row, |c| c.1.map_or(0.0, |s| s.h));
        let labels_out = most(row, |c| c.2.map_or(0.0, |s| s.h));
        let high = most(row, |c| c.0.band);
        let bus_in = y + if k == 0 || !joined[1] { first_bus } else { 0.0 };
        if joined[0] {
            y = bus_in + drop + if labels_in > 0.0 { labels_in + first_bus } else { 0.0 };
        }
        let bus_out = y + high + drop + if labels_out > 0.0 { labels_out + first_bus } else { 0.0 };
        // A last row that is not full stands in the middle.
        let spare = (columns - row.len()) as f64 * step / 2.0;
        for (j, c) in row.iter().enumerate() {
            let x = left + spare + step * j as f64 + l;
            let top = y + sink(high, c.0.h);
            spots.push((Point::new(x, top), top + c.0.h, bus_in, bus_out));
        }
        y = if joined[1] { bus_out } else { y + high };
        y += if k + 1 == rows {
            0.0
        } else if joined[0] || joined[1] {
            gaps.edge
        } else {
            gaps.layer
        };
    }
    let last_bus = y;
    let height = y + if joined[1] { first_bus } else { 0.0 };
    let first_in = spots.first().map_or(0.0, |s| s.2);
    for (i, (c, (top, foot, bus_in, bus_out))) in cells.iter().zip(spots).enumerate() {
        let mut into = vec![Point::new(0.0, 0.0), Point::new(0.0, first_in)];
        if i / columns > 0 {
            into.extend([Point::new(left - rail, first_in), Point::new(left - rail, bus_in)]);
        }
        into.extend([Point::new(top.x, bus_in), top]);
        let mut out = vec![Point::new(top.x, foot), Point::new(top.x, bus_out)];
        if i / columns + 1 < rows {
            out.extend([Point::new(right + rail, bus_out), Point::new(right + rail, last_bus)]);
        }
        out.extend([Point::new(0.0, last_bus), Point::new(0.0, height)]);
        let on_line = |s: Option<Size>, y: f64| s.map(|s| Rect { x: top.x - s.w / 2.0, y, w: s.w, h: s.h });
        placed.push(Cell {
            at: top,
            into: rounded(&into, ROUND),
            out: rounded(&out, ROUND),
            label_in: c.1.and_then(|s| on_line(Some(s), top.y - drop * 0.6 - s.h)),
            label_out: on_line(c.2, foot + first_bus * 0.8),
        });
    }
    let side = |j: bool| width / 2.0 + if j && rows > 1 { rail } else { 0.0 };
    let mut item = Item::group(side(joined[0]), side(joined[1]), height);
    item.upright = true;
    (item, placed)
}

impl Folded {
    /// The placement of the whole level, from that of the folded one.
    pub(super) fn unfold(&self, lines: &[Line], mut placed: Placed) -> Placed {
        let at: Vec<Point> = self
            .seats
            .iter()
            .map(|s| match *s {
                Seat::Own(i) => placed.at[i],
                Seat::Cell(g, c) => {
                    let (grid, cell) = (&self.grids[g], &self.grids[g].cells[c]);
                    Point::new(placed.at[grid.item].x + cell.at.x, placed.at[grid.item].y + cell.at.y)
                }
            })
            .collect();
        placed.routes = lines.iter().zip(&self.along).map(|(l, &i)| self.route(l, &placed, i)).collect();
        placed.at = at;
        placed
    }

    /// A line through its grids: out of the first, along the shared line, into the second.
    fn route(&self, l: &Line, placed: &Placed, along: usize) -> Route {
        let mut route = placed.routes[along].clone();
        let piece = |v: usize, out: bool| match self.seats[v] {
            Seat::Own(_) => None,
            Seat::Cell(g, c) => {
                let (grid, cell) = (&self.grids[g], &self.grids[g].cells[c]);
                let points = if out { cell.out.clone() } else { cell.into.clone() };
                let label = if out { cell.label_out } else { cell.label_in };
                let mut piece = Route { points, label, back: false };
                shift(&mut piece, placed.at[grid.item].x, placed.at[grid.item].y);
                Some(piece)
            }
        };
        let (first, last) = (piece(l.a, true), piece(l.b, false));
        let label = l.label.and(first.as_ref().and_then(|p| p.label).or(last.as_ref().and_then(|p| p.label)));
        if let Some(first) = first {
            route.points = join(first.points, &route.points);
        }
        if let Some(last) = last {
            route.points = join(route.points, &last.points);
        }
        if label.is_some() {
            route.label = label;
        }
        route
    }
}

/// `a` then `b`, which begins where `a` ends.
fn join(mut a: Vec<Point>, b: &[Point]) -> Vec<Point> {
    match a.last_mut() {
        // The two meet up to rounding; the end of the first is taken as exact.
        Some(_) => a.extend_from_slice(b.get(1..).unwrap_or_default()),
        None => a.extend_from_slice(b),
    }
    a
}

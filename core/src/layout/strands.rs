//! Strands: many chains side by side between the same two boxes become one box each, so that [`super::wrap`] can set
//! them in a grid.
//!
//! Folds a level before it is placed and unfolds it afterwards. Only strands that a grid will take are folded.

use crate::order::Order as _;
use rustc_hash::FxHashMap;

use super::chain;
use super::curve::shift;
use super::level::{Item, Line, Placed};
use super::request::Gaps;
use super::result::{Point, Route};
use super::wrap::LEAST;

/// Where a line went.
#[derive(Clone, Copy)]
enum Along {
    /// A line of the folded level.
    Line(usize),
    /// Inside a strand, as its line with this number.
    Inside { strand: usize, line: usize },
}

/// A placed strand, relative to its anchor and top.
struct Strand {
    item: usize,
    placed: Placed,
}

/// A level with its strands folded.
pub(super) struct Folded {
    pub(super) items: Vec<Item>,
    pub(super) lines: Vec<Line>,
    /// For each box its item and, in a strand, the strand and its place there.
    seats: Vec<(usize, Option<(usize, usize)>)>,
    strands: Vec<Strand>,
    along: Vec<Along>,
}

/// Boxes in a row, and the line each but the first is entered by.
struct Row {
    boxes: Vec<usize>,
    lines: Vec<usize>,
}

/// The chains of a level that stand beside enough others between the same two boxes.
fn rows(n: usize, lines: &[Line]) -> Vec<Row> {
    // The only line in and the only line out; `usize::MAX` for none.
    let mut only = vec![[usize::MAX; 2]; n];
    let mut count = vec![[0u32; 2]; n];
    for (i, l) in lines.iter().enumerate() {
        for (v, k) in [(l.b, 0), (l.a, 1)] {
            only[v][k] = i;
            count[v][k] += 1;
        }
    }
    let slim = |v: usize| count[v][0] <= 1 && count[v][1] <= 1;
    let inner = |i: usize| i != usize::MAX && slim(lines[i].a) && slim(lines[i].b);
    let mut classes: FxHashMap<(usize, usize), Vec<Row>> = FxHashMap::default();
    for head in (0..n).filter(|&v| slim(v) && !inner(only[v][0])) {
        let mut row = Row { boxes: vec![head], lines: Vec::new() };
        let mut last = head;
        while inner(only[last][1]) {
            row.lines.push(only[last][1]);
            last = lines[only[last][1]].b;
            row.boxes.push(last);
        }
        let before = lines.get(only[head][0]).map_or(usize::MAX, |l| l.a);
        let after = lines.get(only[last][1]).map_or(usize::MAX, |l| l.b);
        classes.entry((before, after)).or_default().push(row);
    }
    let mut found: Vec<Row> = classes.into_values().filter(|c| c.len() >= LEAST).flatten().collect();
    found.retain(|r| r.boxes.len() > 1);
    found.order_by_key(|r| r.boxes.first().copied());
    found
}

/// Folds the strands of a level, or `None` when it has none.
pub(super) fn fold(items: &[Item], lines: &[Line], gaps: &Gaps) -> Option<Folded> {
    if items.len() < 2 * LEAST {
        return None;
    }
    let rows = rows(items.len(), lines);
    if rows.is_empty() {
        return None;
    }
    let mut seat: Vec<Option<(usize, usize)>> = vec![None; items.len()];
    let mut inside: Vec<Option<(usize, usize)>> = vec![None; lines.len()];
    for (s, row) in rows.iter().enumerate() {
        row.boxes.iter().enumerate().for_each(|(k, &v)| seat[v] = Some((s, k)));
        row.lines.iter().enumerate().for_each(|(k, &i)| inside[i] = Some((s, k)));
    }
    let mut f =
        Folded { items: Vec::new(), lines: Vec::new(), seats: Vec::new(), strands: Vec::new(), along: Vec::new() };
    let mut started: Vec<Option<(usize, usize)>> = vec![None; rows.len()];
    for (v, item) in items.iter().enumerate() {
        let Some((s, k)) = seat[v] else {
            f.seats.push((f.items.len(), None));
            f.items.push(*item);
            continue;
        };
        let (strand, at) = *started[s].get_or_insert_with(|| {
            let own: Vec<Item> = rows[s].boxes.iter().map(|&v| items[v]).collect();
            let joins: Vec<Line> = rows[s]
                .lines
                .iter()
                .enumerate()
                .map(|(k, &i)| Line { a: k, b: k + 1, label: lines[i].label })
                .collect();
            let mut placed = chain::place(&own, &joins, gaps).unwrap_or_default().settle(&own);
            let (at, anchor) = (f.items.len(), placed.anchor);
            f.items.push(Item::group(anchor, placed.w - anchor, placed.h));
            placed.at.iter_mut().for_each(|p| p.x -= anchor);
            placed.routes.iter_mut().for_each(|r| shift(r, -anchor, 0.0));
            f.strands.push(Strand { item: at, placed });
            (f.strands.len() - 1, at)
        });
        f.seats.push((at, Some((strand, k))));
    }
    for (i, l) in lines.iter().enumerate() {
        if let Some((strand, line)) = inside[i].and_then(|(s, k)| Some((started[s]?.0, k))) {
            f.along.push(Along::Inside { strand, line });
        } else {
            f.along.push(Along::Line(f.lines.len()));
            f.lines.push(Line { a: f.seats[l.a].0, b: f.seats[l.b].0, label: l.label });
        }
    }
    Some(f)
}

impl Folded {
    /// The placement of the whole level, from that of the folded one.
    pub(super) fn unfold(&self, mut placed: Placed) -> Placed {
        let corner = |s: &Strand| placed.at[s.item];
        let at = self
            .seats
            .iter()
            .map(|&(item, inside)| match inside {
                Some((s, k)) => {
                    let (own, base) = (self.strands[s].placed.at[k], corner(&self.strands[s]));
                    Point::new(base.x + own.x, base.y + own.y)
                }
                None => placed.at[item],
            })
            .collect();
        let routes = self
            .along
            .iter()
            .map(|along| match *along {
                Along::Line(i) => placed.routes[i].clone(),
                Along::Inside { strand, line } => {
                    let base = corner(&self.strands[strand]);
                    let mut route: Route = self.strands[strand].placed.routes[line].clone();
                    shift(&mut route, base.x, base.y);
                    route
                }
            })
            .collect();
        (placed.at, placed.routes) = (at, routes);
        placed
    }
}

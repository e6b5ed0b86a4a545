//! The layered placement of one connected part: layers, ranks, order, x, y, routes, each done next door in this order.

use super::graph::{self, Graph, Parts, Way};
use super::layers;
use super::level::{Item, Line, Placed, Work, sink};
use super::loops;
use super::order;
use super::place;
use super::polish;
use super::request::Gaps;
use super::result::Point;
use super::route::{self, Bands};

/// How much a gap grows for each px its lines go sideways, and the most it grows.
const SLANT: f64 = 0.08;
const SLANT_MOST: f64 = 64.0;

/// The placement, or `None` when the part is too large for what is left of the budget.
pub(super) fn place(items: &[Item], lines: &[Line], gaps: &Gaps, work: &mut Work) -> Option<Placed> {
    let back = layers::back_edges(items.len(), lines);
    let layer = layers::assign(items.len(), lines, &back);
    let around = graph::around(items, lines, &back, &layer);
    let has_label = graph::label_layers(lines, &back, &layer, &around);
    let rank_of = graph::rank_of_layers(&has_label);
    let bends = lines
        .iter()
        .zip(&around)
        .filter(|(_, around)| !**around)
        .map(|(l, _)| rank_of[layer[l.a]].abs_diff(rank_of[layer[l.b]]).saturating_sub(1));
    if !work.take(bends.fold(items.len(), usize::saturating_add)) {
        return None;
    }
    let parts =
        Parts { items, lines, back: &back, around: &around, layer: &layer, has_label: &has_label, rank_of: &rank_of };
    let mut g = Graph::new(&parts, gaps);
    order::reduce(&mut g, work);
    g.sort_links();
    let mut x = place::coordinates(&g, gaps);
    polish::slide(&g, lines, &mut x, gaps);
    let ends = loops::straighten(&g, items, lines, &mut x, gaps);
    let bands = bands(&g, lines, &x, gaps);
    let at: Vec<Point> = (0..items.len())
        .map(|v| {
            let (top, bottom) = (bands.top[g.rank[v]], bands.bottom[g.rank[v]]);
            Point::new(x[v], top + sink(bottom - top, items[v].h))
        })
        .collect();
    let sheet = route::Sheet { g: &g, items, lines, gaps, x: &x, at: &at, bands: &bands };
    let routes = route::draw(&sheet, &ends, &back);
    let lone = |row: &[usize]| if let [v] = row { Some(x[*v]) } else { None };
    let middle =
        (0..items.len()).fold((f64::MAX, f64::MIN), |(lo, hi), v| (lo.min(x[v] - g.l[v]), hi.max(x[v] + g.r[v])));
    let anchor = g
        .ranks
        .first()
        .and_then(|r| lone(r))
        .or_else(|| g.ranks.last().and_then(|r| lone(r)))
        .unwrap_or((middle.0 + middle.1) / 2.0);
    Some(Placed { at, routes, anchor, ..Placed::default() })
}

/// The heights of the ranks and of the gaps between them.
fn bands(g: &Graph, lines: &[Line], x: &[f64], gaps: &Gaps) -> Bands {
    let count = g.ranks.len();
    let mut slant = vec![0.0f64; count];
    for l in g.links.iter().filter(|l| !l.soft) {
        let dx = (x[l.u] + l.du - x[l.v] - l.dv).abs();
        slant[g.rank[l.u]] = slant[g.rank[l.u]].max(dx);
    }
    // Lines that run around turn in the gap below their source and in that above their target.
    let mut turn = vec![0.0; count + 1];
    for (_, l) in g.runs.iter().zip(lines).filter(|(r, _)| r.way == Way::Around) {
        turn[g.rank[l.a] + 1] = gaps.edge;
        turn[g.rank[l.b]] = gaps.edge;
    }
    let (mut top, mut bottom) = (Vec::with_capacity(count), Vec::with_capacity(count));
    let mut y = 0.0;
    for (k, &slant) in slant.iter().enumerate() {
        top.push(y);
        y += g.height[k];
        bottom.push(y);
        let below = g.labels_only.get(k + 1).copied().unwrap_or(false);
        let part = match (g.labels_only[k], below) {
            (false, true) => 0.45,
            (true, _) => 0.65,
            (false, false) => 1.0,
        };
        y += gaps.layer * part + (slant * SLANT).min(SLANT_MOST) + turn[k + 1];
    }
    Bands { top, bottom }
}

//! The plain placement: layers in rows of limited length, lines as simple curves that may pass behind boxes.
//!
//! For parts too large for the layered placement. Linear in boxes and lines; never refuses.

use super::curve::{bend, line};
use super::layers;
use super::level::{Item, Line, Placed};
use super::request::Gaps;
use super::result::{Point, Rect, Route};
use crate::order::Order as _;

/// Boxes in a row.
const PER_ROW: usize = 24;

pub(super) fn place(items: &[Item], lines: &[Line], gaps: &Gaps) -> Placed {
    let n = items.len();
    let back = layers::back_edges(n, lines);
    let layer = layers::assign(n, lines, &back);
    let mut order: Vec<usize> = (0..n).collect();
    order.order_by_key(|&v| layer[v]);
    let mut at = vec![Point::default(); n];
    let mut y = 0.0;
    for same in order.chunk_by(|&a, &b| layer[a] == layer[b]) {
        for row in same.chunks(PER_ROW) {
            let (mut x, mut h) = (0.0, 0.0f64);
            for &v in row {
                let it = &items[v];
                at[v] = Point::new(x + it.pad_l + it.l, y + (it.band - it.h) / 2.0);
                x += it.pad_l + it.l + it.r + it.pad_r + gaps.node;
                h = h.max(it.band);
            }
            let middle = (x - gaps.node) / 2.0;
            for &v in row {
                at[v].x -= middle;
            }
            y += h + gaps.layer;
        }
        y += gaps.layer;
    }
    let routes = lines
        .iter()
        .zip(&back)
        .map(|(l, &back)| {
            let (a, b) = (&items[l.a], &items[l.b]);
            let (p, q) = (at[l.a], at[l.b]);
            let points = if back {
                let from = Point::new(p.x + a.r, p.y + a.h / 2.0);
                let to = Point::new(q.x + b.r, q.y + b.h / 2.0);
                let out = from.x.max(to.x) + gaps.node;
                vec![from, Point::new(out, from.y), Point::new(out, to.y), to]
            } else {
                let mut path = vec![Point::new(p.x, p.y + a.h)];
                let to = Point::new(q.x, q.y);
                if p.x == q.x {
                    line(&mut path, to);
                } else {
                    bend(&mut path, to);
                }
                path
            };
            let label = l.label.map(|s| {
                let (a, b) = (points[0], points[points.len() - 1]);
                Rect { x: (a.x + b.x - s.w) / 2.0, y: (a.y + b.y - s.h) / 2.0, w: s.w, h: s.h }
            });
            Route { points, label, back }
        })
        .collect();
    Placed { at, routes, ..Placed::default() }
}

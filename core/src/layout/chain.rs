//! Chains: a part where each box has at most one line in and one out, placed in one pass as a straight column.
//!
//! The common shape of a run, and the only one with tens of thousands of boxes, so it costs nothing of the budget.

use super::curve::line;
use super::level::{Item, Line, Placed};
use super::request::Gaps;
use super::result::{Point, Rect, Route};

/// The placement of a connected chain, or `None` when the part is something else.
pub(super) fn place(items: &[Item], lines: &[Line], gaps: &Gaps) -> Option<Placed> {
    let n = items.len();
    if lines.len() + 1 != n {
        return None;
    }
    let mut next: Vec<Option<usize>> = vec![None; n];
    let mut entered = vec![false; n];
    for (i, l) in lines.iter().enumerate() {
        if next[l.a].replace(i).is_some() || std::mem::replace(&mut entered[l.b], true) {
            return None;
        }
    }
    let mut at = vec![Point::default(); n];
    let mut routes = vec![Route::default(); lines.len()];
    let mut v = entered.iter().position(|e| !e)?;
    let mut y = 0.0;
    loop {
        at[v] = Point::new(0.0, y + (items[v].band - items[v].h) / 2.0);
        let bottom = at[v].y + items[v].h;
        y += items[v].band;
        let Some(i) = next[v] else { break };
        let label = lines[i].label.map(|s| Rect { x: -s.w / 2.0, y: y + gaps.layer * 0.4, w: s.w, h: s.h });
        y += gaps.layer + label.map_or(0.0, |l| l.h);
        v = lines[i].b;
        let mut points = vec![Point::new(0.0, bottom)];
        line(&mut points, Point::new(0.0, y + (items[v].band - items[v].h) / 2.0));
        routes[i] = Route { points, label, back: false };
    }
    Some(Placed { at, routes, ..Placed::default() })
}

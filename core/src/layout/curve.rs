//! Small geometry for routes: lines, bends and rounded corners as cubic curves, and moving and measuring them.
//!
//! Knows nothing of nodes or layers.

use super::result::{Point, Rect, Route};

/// Appends a straight piece to `to`. The path must have been started.
pub(super) fn line(path: &mut Vec<Point>, to: Point) {
    let Some(&from) = path.last() else { return };
    if (from.x - to.x).abs() < 1e-9 && (from.y - to.y).abs() < 1e-9 {
        return;
    }
    let at = |t: f64| Point::new(from.x + (to.x - from.x) * t, from.y + (to.y - from.y) * t);
    path.extend([at(1.0 / 3.0), at(2.0 / 3.0), to]);
}

/// Appends a bend to `to` that leaves and arrives vertically. It stays between the two heights.
pub(super) fn bend(path: &mut Vec<Point>, to: Point) {
    let Some(&from) = path.last() else { return };
    if (from.x - to.x).abs() < 1e-9 {
        line(path, to);
        return;
    }
    let reach = (to.y - from.y) * 0.6;
    path.extend([Point::new(from.x, from.y + reach), Point::new(to.x, to.y - reach), to]);
}

/// A quarter turn to `to`: leaves along x when `flat_first`, else along y, and arrives along the other axis.
pub(super) fn quarter(path: &mut Vec<Point>, to: Point, flat_first: bool) {
    let Some(&from) = path.last() else { return };
    const K: f64 = 0.552_284_75;
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    if flat_first {
        path.extend([Point::new(from.x + dx * K, from.y), Point::new(to.x, to.y - dy * K), to]);
    } else {
        path.extend([Point::new(from.x, from.y + dy * K), Point::new(to.x - dx * K, to.y), to]);
    }
}

/// A path through `corners` made of straight pieces with corners of `radius` px (less where a piece is short).
pub(super) fn rounded(corners: &[Point], radius: f64) -> Vec<Point> {
    let mut turns: Vec<Point> = Vec::with_capacity(corners.len());
    for &c in corners {
        if turns.last().is_none_or(|l: &Point| (l.x - c.x).abs() > 1e-6 || (l.y - c.y).abs() > 1e-6) {
            turns.push(c);
        }
    }
    let mut path = Vec::with_capacity(turns.len() * 6);
    let Some(&first) = turns.first() else {
        return path;
    };
    path.push(first);
    for w in turns.windows(3) {
        let [a, b, c] = [w[0], w[1], w[2]];
        let (ab, bc) = ((b.x - a.x).hypot(b.y - a.y), (c.x - b.x).hypot(c.y - b.y));
        let r = radius.min(ab / 2.0).min(bc / 2.0);
        let enter = Point::new(b.x - (b.x - a.x) / ab * r, b.y - (b.y - a.y) / ab * r);
        let leave = Point::new(b.x + (c.x - b.x) / bc * r, b.y + (c.y - b.y) / bc * r);
        line(&mut path, enter);
        let toward = |p: Point| Point::new(p.x + (b.x - p.x) * 0.552_284_75, p.y + (b.y - p.y) * 0.552_284_75);
        path.extend([toward(enter), toward(leave), leave]);
    }
    if let (Some(&last), true) = (turns.last(), turns.len() > 1) {
        line(&mut path, last);
    }
    path
}

/// Moves a route by (`dx`, `dy`).
pub(super) fn shift(route: &mut Route, dx: f64, dy: f64) {
    for p in &mut route.points {
        p.x += dx;
        p.y += dy;
    }
    if let Some(l) = &mut route.label {
        l.x += dx;
        l.y += dy;
    }
}

/// The box around things added one by one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Bounds {
    pub(super) fn new() -> Self {
        Self { left: f64::MAX, top: f64::MAX, right: f64::MIN, bottom: f64::MIN }
    }

    pub(super) fn rect(&mut self, r: Rect) {
        self.left = self.left.min(r.x);
        self.top = self.top.min(r.y);
        self.right = self.right.max(r.x + r.w);
        self.bottom = self.bottom.max(r.y + r.h);
    }

    /// Adds a route by its points on the curve and its control points, which enclose it.
    pub(super) fn route(&mut self, route: &Route) {
        for p in &route.points {
            self.rect(Rect { x: p.x, y: p.y, w: 0.0, h: 0.0 });
        }
        if let Some(l) = route.label {
            self.rect(l);
        }
    }

    /// The same bounds, or an empty box at the origin when nothing was added.
    pub(super) fn or_empty(self) -> Self {
        if self.left > self.right { Self { left: 0.0, top: 0.0, right: 0.0, bottom: 0.0 } } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_corners_keep_the_ends_and_the_count() {
        let path = rounded(&[Point::new(0.0, 0.0), Point::new(0.0, 20.0), Point::new(30.0, 20.0)], 8.0);
        assert_eq!(path.len() % 3, 1);
        assert_eq!(path.first(), Some(&Point::new(0.0, 0.0)));
        assert_eq!(path.last(), Some(&Point::new(30.0, 20.0)));
    }

    #[test]
    fn repeated_points_give_no_nan() {
        let p = Point::new(3.0, 3.0);
        assert_eq!(rounded(&[p, p, p], 8.0), vec![p]);
    }
}

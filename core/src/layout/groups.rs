//! Nesting: which boxes lie in which, which group an edge belongs to, and putting finished groups into their parents.
//!
//! Does not place the members of one group; that is [`super::level`]. Nothing here recurses: depth is data.

use super::curve::{Bounds, rounded, shift};
use super::level::{self, Item, Line, Placed, Work};
use super::request::{Budget, Direction, Gaps, Request, Size, clean_gaps, clean_size};
use super::result::{Layout, Point, Rect, Route};
use crate::order::Order as _;

/// The forest of boxes, with everything needed to walk it without recursion.
struct Tree {
    parent: Vec<Option<usize>>,
    depth: Vec<u32>,
    /// An ancestor further up, such that any ancestor is reached in a logarithm of the depth.
    jump: Vec<usize>,
    /// Parents before children; children of one parent in the order of the request.
    order: Vec<usize>,
    /// `members[start[g]..start[g + 1]]` are the members of group `g`; the roots stand under `n`.
    start: Vec<usize>,
    members: Vec<usize>,
}

impl Tree {
    fn new(req: &Request) -> Self {
        let n = req.nodes.len();
        let mut parent: Vec<Option<usize>> =
            req.nodes.iter().enumerate().map(|(i, b)| b.parent.filter(|&p| p < n && p != i)).collect();
        cut_rings(&mut parent);
        let mut start = vec![0usize; n + 2];
        for p in &parent {
            start[p.unwrap_or(n) + 1] += 1;
        }
        for i in 0..=n {
            start[i + 1] += start[i];
        }
        let mut next = start.clone();
        let mut members = vec![0usize; n];
        for (i, p) in parent.iter().enumerate() {
            let slot = &mut next[p.unwrap_or(n)];
            members[*slot] = i;
            *slot += 1;
        }
        let mut order: Vec<usize> = Vec::with_capacity(n);
        order.extend_from_slice(&members[start[n]..start[n + 1]]);
        let mut depth = vec![0u32; n];
        let mut jump: Vec<usize> = (0..n).collect();
        let mut at = 0;
        while at < order.len() {
            let v = order[at];
            at += 1;
            if let Some(p) = parent[v] {
                depth[v] = depth[p] + 1;
                let far = jump[p];
                let even = depth[p] - depth[far] == depth[far] - depth[jump[far]];
                jump[v] = if even { jump[far] } else { p };
            }
            order.extend_from_slice(&members[start[v]..start[v + 1]]);
        }
        Self { parent, depth, jump, order, start, members }
    }

    fn members(&self, g: usize) -> &[usize] {
        &self.members[self.start[g]..self.start[g + 1]]
    }

    /// The ancestor of `v` (or `v`) at `depth`.
    fn lift(&self, mut v: usize, depth: u32) -> usize {
        while self.depth[v] > depth {
            v = if self.depth[self.jump[v]] >= depth { self.jump[v] } else { self.parent[v].unwrap_or(v) };
        }
        v
    }

    /// The group both ends lie in and the members of it that hold them. `n` stands for the drawing. When one end lies
    /// inside the other, the group is the outer end, whose place in the pair is `None`.
    fn meet(&self, a: usize, b: usize) -> (usize, Option<usize>, Option<usize>) {
        let n = self.parent.len();
        if a == b {
            return (self.parent[a].unwrap_or(n), Some(a), Some(b));
        }
        let (da, db) = (self.depth[a], self.depth[b]);
        let (mut x, mut y) = (self.lift(a, db), self.lift(b, da));
        if x == y {
            return if da < db { (a, None, Some(self.lift(b, da + 1))) } else { (b, Some(self.lift(a, db + 1)), None) };
        }
        while self.parent[x] != self.parent[y] {
            if self.jump[x] == self.jump[y] {
                (x, y) = (self.parent[x].unwrap_or(x), self.parent[y].unwrap_or(y));
            } else {
                (x, y) = (self.jump[x], self.jump[y]);
            }
        }
        (self.parent[x].unwrap_or(n), Some(x), Some(y))
    }
}

/// Makes the parents a forest: in each ring one link is dropped.
fn cut_rings(parent: &mut [Option<usize>]) {
    let mut seen = vec![usize::MAX; parent.len()];
    for i in 0..parent.len() {
        let mut v = i;
        while seen[v] == usize::MAX {
            seen[v] = i;
            match parent[v] {
                Some(p) if seen[p] == i => parent[v] = None,
                Some(p) => v = p,
                None => {}
            }
        }
    }
}

/// An edge that waits for its group: its number and the members it joins (`None`: the group's own border).
struct Waiting {
    edge: usize,
    from: Option<usize>,
    to: Option<usize>,
    label: Option<Size>,
}

/// Places everything in `req`. Pure and deterministic; never panics, never loops on data; cost is bounded by the size
/// of the request and by `budget`.
#[must_use]
pub fn layout(req: &Request, budget: &Budget) -> Layout {
    let n = req.nodes.len();
    let gaps = clean_gaps(&req.gaps);
    let tree = Tree::new(req);
    let mut work = Work::new(budget);
    let mut routes: Vec<Route> = vec![Route::default(); req.edges.len()];
    let (owner, waiting, first) = share_edges(req, &tree);

    let mut items: Vec<Item> = req
        .nodes
        .iter()
        .map(|b| {
            let s = clean_size(Size::new(b.w, b.h), req.direction);
            Item::new(s.w.max(1.0), s.h.max(1.0))
        })
        .collect();
    // Where a member's top left corner stands inside its group, once the group is placed.
    let mut offset = vec![Point::default(); n];
    let mut place_in_level = vec![0usize; n];
    let mut total = Size::default();
    let inset = Inset::new(&gaps, req.direction);
    for g in tree.order.iter().rev().copied().filter(|&g| !tree.members(g).is_empty()).chain([n]) {
        let members = tree.members(g);
        for (k, &m) in members.iter().enumerate() {
            place_in_level[m] = k;
        }
        let mine = &waiting[first[g]..first[g + 1]];
        let inner: Vec<Item> = members.iter().map(|&m| items[m]).collect();
        let joins = |w: &&Waiting| w.from.is_some() && w.to.is_some();
        let lines: Vec<Line> = mine
            .iter()
            .filter(joins)
            .filter_map(|w| Some(Line { a: place_in_level[w.from?], b: place_in_level[w.to?], label: w.label }))
            .collect();
        let placed = level::place(&inner, &lines, &gaps, &mut work);
        let (dx, dy);
        if g == n {
            total = Size::new(placed.w, placed.h);
            (dx, dy) = (0.0, 0.0);
        } else {
            let least = items[g];
            let (w, h) = (placed.w + inset.left + inset.right, placed.h + inset.top + inset.bottom);
            // Labels of lines that end on this border lie within it.
            let labels = mine.iter().filter(|w| !joins(w)).filter_map(|w| w.label);
            let (lw, lh) = labels.fold((0.0f64, 0.0f64), |(w, h), s| (w.max(s.w), h.max(s.h)));
            let (w2, h2) = (w.max(least.l + least.r).max(lw), h.max(least.h).max(lh));
            (dx, dy) = (inset.left + (w2 - w) / 2.0, inset.top);
            let anchor = (dx + placed.anchor).clamp(w2 * 0.2, w2 * 0.8);
            items[g] = Item::group(anchor, w2 - anchor, h2);
        }
        for (&m, p) in members.iter().zip(&placed.at) {
            offset[m] = Point::new(p.x - items[m].l + dx, p.y + dy);
        }
        for w in mine.iter().filter(|w| !joins(w)) {
            routes[w.edge] = to_border(w, &placed, &place_in_level, &items, items.get(g).copied(), (dx, dy), &gaps);
        }
        for (w, mut route) in mine.iter().filter(joins).zip(placed.routes) {
            shift(&mut route, dx, dy);
            routes[w.edge] = route;
        }
    }

    let mut nodes = vec![Rect::default(); n];
    for &v in &tree.order {
        let base = tree.parent[v].map_or(Point::default(), |p| Point::new(nodes[p].x, nodes[p].y));
        nodes[v] = Rect { x: base.x + offset[v].x, y: base.y + offset[v].y, w: items[v].l + items[v].r, h: items[v].h };
    }
    for (route, &g) in routes.iter_mut().zip(&owner) {
        if let Some(group) = nodes.get(g) {
            shift(route, group.x, group.y);
        }
    }
    let mut layout = Layout { nodes, edges: routes, width: total.w, height: total.h, plain: work.plain };
    if req.direction == Direction::Right {
        turn(&mut layout);
    }
    layout
}

/// For each edge its group, and the edges sorted by group: those of `g` are `[first[g]..first[g + 1]]`.
fn share_edges(req: &Request, tree: &Tree) -> (Vec<usize>, Vec<Waiting>, Vec<usize>) {
    let n = req.nodes.len();
    let mut first = vec![0usize; n + 2];
    let mut owner = vec![usize::MAX; req.edges.len()];
    let mut met = Vec::with_capacity(req.edges.len());
    for (i, e) in req.edges.iter().enumerate() {
        if e.from < n && e.to < n {
            let (g, from, to) = tree.meet(e.from, e.to);
            owner[i] = g;
            first[g + 1] += 1;
            met.push((g, Waiting { edge: i, from, to, label: e.label.map(|l| clean_size(l, req.direction)) }));
        }
    }
    for i in 0..=n {
        first[i + 1] += first[i];
    }
    met.order_by_key(|(g, _)| *g);
    (owner, met.into_iter().map(|(_, w)| w).collect(), first)
}

/// The space between a group's border and its members, in the turned drawing.
struct Inset {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Inset {
    fn new(g: &Gaps, direction: Direction) -> Self {
        let (pad, head) = (g.pad, g.pad * 0.75 + g.title);
        match direction {
            Direction::Down => Self { left: pad, top: head, right: pad, bottom: pad },
            Direction::Right => Self { left: head, top: pad, right: pad, bottom: pad },
        }
    }
}

/// An edge between a group and something inside it: from the border along the free space above or below the member.
fn to_border(
    w: &Waiting,
    placed: &Placed,
    place: &[usize],
    items: &[Item],
    group: Option<Item>,
    (dx, dy): (f64, f64),
    gaps: &Gaps,
) -> Route {
    let Some(group) = group else {
        return Route::default();
    };
    let mut points = Vec::new();
    let mut label = None;
    // Half way along the free space; inside the border whatever its size.
    let beside = |x: f64, y: f64| {
        w.label.map(|s| Rect {
            x: (x - s.w / 2.0).min(group.l + group.r - s.w).max(0.0),
            y: (y - s.h / 2.0).min(group.h - s.h).max(0.0),
            w: s.w,
            h: s.h,
        })
    };
    let at = |m: usize| placed.at.get(place[m]).map_or(Point::default(), |p| Point::new(p.x + dx, p.y + dy));
    if let Some(m) = w.to {
        let top = at(m);
        let y = top.y - gaps.layer.min(gaps.pad) * 0.75;
        label = beside(top.x / 2.0, y);
        points = rounded(&[Point::new(0.0, y), Point::new(top.x, y), top], 8.0);
    } else if let Some(m) = w.from {
        let p = at(m);
        let bottom = Point::new(p.x, p.y + items[m].h);
        let y = bottom.y + gaps.layer.min(gaps.pad) * 0.75;
        label = beside((p.x + group.l + group.r) / 2.0, y);
        points = rounded(&[bottom, Point::new(p.x, y), Point::new(group.l + group.r, y)], 8.0);
    }
    Route { points, label, back: false }
}

/// Swaps x and y of everything.
fn turn(layout: &mut Layout) {
    let rect = |r: &mut Rect| *r = Rect { x: r.y, y: r.x, w: r.h, h: r.w };
    layout.nodes.iter_mut().for_each(rect);
    for e in &mut layout.edges {
        for p in &mut e.points {
            *p = Point::new(p.y, p.x);
        }
        if let Some(l) = &mut e.label {
            rect(l);
        }
    }
    std::mem::swap(&mut layout.width, &mut layout.height);
}

/// Bounds of all members and routes of a level.
pub(super) fn bounds(items: &[Item], at: &[Point], routes: &[Route]) -> Bounds {
    let mut b = Bounds::new();
    for (i, p) in items.iter().zip(at) {
        let w = i.pad_l + i.l + i.r + i.pad_r;
        b.rect(Rect { x: p.x - i.l - i.pad_l, y: p.y, w, h: i.h });
    }
    for r in routes {
        b.route(r);
    }
    b.or_empty()
}

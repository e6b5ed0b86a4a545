//! What the layout is asked: boxes with sizes, lines between them, distances, and how much work it may do.
//!
//! Only data and its clean-up; no geometry is computed here.

/// A width and a height in px.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Size {
    /// Width in px.
    pub w: f64,
    /// Height in px.
    pub h: f64,
}

impl Size {
    /// A size of `w` by `h` px.
    #[must_use]
    pub const fn new(w: f64, h: f64) -> Self {
        Self { w, h }
    }
}

/// One box to place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NodeBox {
    /// Width in px. For a group with members: the least width (that of its title).
    pub w: f64,
    /// Height in px. For a group with members: the least height.
    pub h: f64,
    /// Index of the group this box lies in; `None` lies in the drawing itself. An index out of range, and a link that
    /// would close a ring of parents, count as `None`.
    pub parent: Option<usize>,
    /// True for a group. A box that others name as parent is a group whatever this says; a group without members
    /// (a folded one) is a box of its own size.
    pub is_group: bool,
}

/// One line to draw. Lines with an end out of range get an empty route.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct EdgeLine {
    /// Index of the node it leaves.
    pub from: usize,
    /// Index of the node it enters.
    pub to: usize,
    /// Space its label needs.
    pub label: Option<Size>,
}

/// Which way the flow runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// From the top to the bottom.
    #[default]
    Down,
    /// From the left to the right. Group titles stay on top.
    Right,
}

/// Distances in px.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gaps {
    /// Between boxes side by side.
    pub node: f64,
    /// Between layers; grows where lines need room to turn.
    pub layer: f64,
    /// Between lines side by side, and between a line and a label.
    pub edge: f64,
    /// Between a group's border and its members.
    pub pad: f64,
    /// Height of a group's title strip, above the padding.
    pub title: f64,
}

impl Default for Gaps {
    fn default() -> Self {
        Self { node: 24.0, layer: 28.0, edge: 14.0, pad: 16.0, title: 20.0 }
    }
}

/// Everything the layout depends on: equal requests give equal layouts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// The boxes. Their order is the reading order: put the entry first. It decides which edges of a cycle point
    /// back, and who stands left of whom when nothing else does.
    pub nodes: Vec<NodeBox>,
    /// The lines.
    pub edges: Vec<EdgeLine>,
    /// Which way the flow runs.
    pub direction: Direction,
    /// Distances.
    pub gaps: Gaps,
}

/// How much work a layout may do, in counted operations, so that the same request gives the same answer anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Operations for removing crossings. When they are spent the order reached so far is kept.
    pub ops: u64,
    /// Boxes and bends of lines, over all groups, that the layered placement may handle. Above it the rest is placed
    /// plainly. Chains are not counted.
    pub vertices: usize,
}

impl Default for Budget {
    /// Enough for 5,000 nodes and 10,000 edges in a fraction of a second.
    fn default() -> Self {
        Self { ops: 12_000_000, vertices: 300_000 }
    }
}

/// The longest side that is taken as meant.
const MAX_SIDE: f64 = 100_000.0;

/// A length that arithmetic can trust: finite, not negative, not absurd.
pub(super) fn clean(v: f64) -> f64 {
    if v.is_finite() { v.clamp(0.0, MAX_SIDE) } else { 0.0 }
}

/// A size with both sides cleaned, and turned when the flow runs to the right.
pub(super) fn clean_size(s: Size, direction: Direction) -> Size {
    let (w, h) = (clean(s.w), clean(s.h));
    match direction {
        Direction::Down => Size { w, h },
        Direction::Right => Size { w: h, h: w },
    }
}

/// Distances with every one cleaned and at least 1 px.
pub(super) fn clean_gaps(g: &Gaps) -> Gaps {
    let c = |v: f64| clean(v).clamp(1.0, 1_000.0);
    Gaps { node: c(g.node), layer: c(g.layer), edge: c(g.edge), pad: c(g.pad), title: clean(g.title).min(1_000.0) }
}

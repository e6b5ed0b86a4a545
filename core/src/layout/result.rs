//! What the layout answers: rectangles, curves, the size of the drawing, and whether it had to be simple.
//!
//! Only data; all of it is computed elsewhere.

/// A point in px of the drawing at 1:1, `x` to the right and `y` down from its top left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// Px from the left.
    pub x: f64,
    /// Px from the top.
    pub y: f64,
}

impl Point {
    /// The point (`x`, `y`).
    #[must_use]
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }
}

/// An upright rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left side.
    pub x: f64,
    /// Top side.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

impl Rect {
    /// X of the right side.
    #[must_use]
    pub fn right(&self) -> f64 {
        self.x + self.w
    }

    /// Y of the bottom side.
    #[must_use]
    pub fn bottom(&self) -> f64 {
        self.y + self.h
    }
}

/// The curve of one edge.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Route {
    /// A chain of cubic Bézier curves: the start, then three points for each curve (two control points and its end),
    /// so the count is 1 + 3n: `M p0 C p1 p2 p3 C p4 p5 p6 …`. Straight pieces are cubics too. It starts on the border
    /// of the source and ends on the border of the target, in the direction an arrow head should point. A line to a
    /// node inside another group ends at the outermost group its other end is not in. Empty when an end of the edge
    /// does not exist.
    pub points: Vec<Point>,
    /// Where the label goes: on the line, which may pass behind it. `None` without a label.
    pub label: Option<Rect>,
    /// True when the edge runs against the flow: it closes a cycle, or joins a node to itself.
    pub back: bool,
}

/// Why a part of the drawing was placed more simply than usual: rows in reading order, lines that may pass boxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain {
    /// Boxes and bends were more than the budget's `vertices`.
    TooLarge {
        /// How many boxes and bends the part needs, as far as they were counted.
        vertices: usize,
        /// How many were left to use.
        limit: usize,
    },
}

/// The answer to a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// One rectangle for each node of the request, in its order, all in px of the whole drawing.
    pub nodes: Vec<Rect>,
    /// One route for each edge of the request, in its order.
    pub edges: Vec<Route>,
    /// Width of the drawing; everything lies within.
    pub width: f64,
    /// Height of the drawing.
    pub height: f64,
    /// Set when at least one part was placed simply, with the first reason; to be told to the reader.
    pub plain: Option<Plain>,
}

//! Where the boxes and lines of a flowchart go: a comparable request, a pure function, a result.
//!
//! Belongs here: geometry only. Does not belong here: what a node means, how it is drawn, where the graph came from.
//!
//! The way of a request: [`groups`] turns the nesting into levels, innermost first; [`level`] lays out the members of
//! one group ([`strands`] and [`wrap`] fold wide fan-outs into grids, then each connected part goes to [`chain`], [`layered`] or
//! [`fallback`]); the results are put into each other from the outside in. Nothing recurses on the input.

mod chain;
mod curve;
mod fallback;
mod graph;
mod groups;
mod layered;
mod layers;
mod level;
mod loops;
mod order;
mod place;
mod polish;
mod request;
mod result;
mod route;
mod strands;
mod wrap;

#[cfg(test)]
mod look;
#[cfg(test)]
mod tests;

pub use groups::layout;
pub use request::{Budget, Direction, EdgeLine, Gaps, NodeBox, Request, Size};
pub use result::{Layout, Plain, Point, Rect, Route};

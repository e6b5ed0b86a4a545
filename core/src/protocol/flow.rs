//! The flowchart as it is drawn: boxes and lines in pixels of a 1:1 drawing, with what each stands for.

use super::{RunEnd, Sign};
use crate::model::{EdgeStyle, Kind, NodeKind, Place, Status};
use serde::{Deserialize, Serialize};

/// Room below a box for how the run ended there, px.
pub const FOOT: f32 = 24.0;

/// A point in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Downwards.
    pub y: f32,
}

/// A rectangle in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Rect {
    pub x: f32,
    pub y: f32,
    pub w: f32,
    pub h: f32,
}

/// A flowchart laid out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FlowView {
    /// Boxes; a group comes before its members.
    pub nodes: Vec<FlowNode>,
    /// Lines.
    pub edges: Vec<FlowEdge>,
    /// Width of the drawing.
    pub width: f32,
    /// Height of the drawing.
    pub height: f32,
    /// Steps that stand in a folded node or a closed group.
    pub folded: u32,
    /// Said above the drawing when something was simplified (too large, closed groups), else empty.
    pub note: String,
}

/// One box.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FlowNode {
    /// Stable key: for runs the first step it stands for, for pipelines the node. Two boxes never share one, except
    /// that terminals added by the drawing use keys from 2^31.
    pub key: u32,
    /// Key of the group it is in.
    pub parent: Option<u32>,
    /// Where it is.
    pub rect: Rect,
    /// First line.
    pub label: String,
    /// Second line: "0.31 s · 412 t", "×3", a class name; else empty.
    pub sub: String,
    /// Kind, for runs.
    pub kind: Kind,
    /// Kind, for pipelines.
    pub node_kind: Option<NodeKind>,
    /// Worst status of the steps it stands for; `None` in a definition.
    pub status: Option<Status>,
    /// Number of steps it stands for (repeats folded), 1 for a single step.
    pub count: u32,
    /// How many of them failed, those inside a closed box counted.
    pub errors: u32,
    /// Steps below those it stands for.
    pub inside: u32,
    /// Whether it is an open group drawn around its members.
    pub group: bool,
    /// Whether it can be opened or unfolded (its key in `toggled`).
    pub expandable: bool,
    /// Earliest enter among its steps.
    pub enter: u32,
    /// Latest exit among its steps.
    pub exit: u32,
    /// Whether a run that enters at the entry can reach it (definitions).
    pub reachable: bool,
    /// A sentence for the text equivalent: "decide, llm, visited 3 times, then refund_order".
    pub spoken: String,
    /// Id as edges name it, for pipelines; else empty.
    #[serde(default)]
    pub id: String,
    /// Where it is defined, for pipelines.
    #[serde(default)]
    pub place: Option<Place>,
    /// Visits by the run laid on the pipeline; `None` when none is.
    #[serde(default)]
    pub visits: Option<u32>,
    /// How the run laid on the pipeline ended here, where it did. Below the box of a step, [`FOOT`] pixels of its
    /// rectangle are left for [`RunEnd::words`].
    #[serde(default)]
    pub end: Option<RunEnd>,
    /// What it is in two runs that are compared; `None` for one run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign: Option<Sign>,
}

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FlowEdge {
    /// Key of the box it leaves.
    pub from: u32,
    /// Key of the box it enters.
    pub to: u32,
    /// Cubic Bézier: start, then three points (two controls and an end) for each piece.
    pub points: Vec<Point>,
    /// Text on the line, else empty.
    pub label: String,
    /// Where the text is.
    pub label_rect: Option<Rect>,
    /// A longer text for hovering and for the text equivalent, else empty.
    pub title: String,
    /// How it is drawn.
    pub style: EdgeStyle,
    /// Whether it leads back (a loop, a retry).
    pub back: bool,
    /// Moment from which on it has been passed (the enter of what it leads to).
    pub enter: u32,
    /// JSON path where it is defined, for pipelines; else empty.
    #[serde(default)]
    pub path: String,
    /// Where it is defined, for pipelines.
    #[serde(default)]
    pub place: Option<Place>,
    /// Times the run laid on the pipeline passed it; `None` when none is laid on it.
    #[serde(default)]
    pub taken: Option<u32>,
    /// Times that run looked at it and did not take it.
    #[serde(default)]
    pub refused: u32,
    /// Which of two runs that are compared went along it; `None` for one run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign: Option<Sign>,
}

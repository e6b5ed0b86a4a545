//! The words everything else is written in: document, run, step, pipeline, value, diagnostic.
//!
//! Plain data and what can be read off it. Reading files is in `import`, moving through a run in `debugger`,
//! what a screen asks for in `session`.

#[cfg(test)]
pub(crate) mod build_steps;
mod details;
mod diagnostic;
mod document;
mod intern;
mod kind;
mod pipeline;
mod sheet;
mod steps;
mod time;
mod usage;

pub use details::{Attribute, Details, Error, Event, Fact, Link, Message, Part, Role, Side, Value, ValueText};
pub use diagnostic::{Diagnostic, Place, Severity};
pub use document::{Document, FileInfo, HistoryPart, Origin, Run};
pub use intern::{Interner, Sym};
pub use kind::{Kind, Status};
pub use pipeline::{Condition, EdgeStyle, NodeKind, Parameter, Pipeline, PipelineEdge, PipelineNode};
pub use sheet::{Cell, Column, Mark, Sheet};
pub use steps::{Flags, StepIx, Steps};
pub use time::Nanos;
pub use usage::Usage;

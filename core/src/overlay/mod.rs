//! A run laid on its pipeline: which pipeline it followed, which edges it passed, where it ended, and why.
//!
//! [`visits`] says which steps of a run are visits of which node, [`fit`] whether a run followed a pipeline at all,
//! [`lay`](lay()) replays the visits along the edges as the engine walks them (first true edge first, the others queued), and
//! [`words`] puts the counts into a few words. What a condition is worth is not decided here: whoever lays a run hands
//! that in as a [`Truth`] for each edge. Of a dry run everything is known: [`dry`]. Drawing is in `flow`, looking things up in `session`.

mod decide;
pub(crate) mod dry;
mod fit;
mod lay;
mod visits;
mod words;

pub(crate) use decide::{Asked, decide};
pub(crate) use fit::{Candidate, Match, best};
pub(crate) use lay::{EdgeLaid, Laid, NEVER, Truth, Visit, lay, way};
pub(crate) use words::{edge_words, node_sub, node_words, note};

#[cfg(test)]
pub(crate) mod testing;

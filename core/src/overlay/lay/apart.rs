//! Runs whose steps do not follow each other: what is known of some nodes, and no way between them.

use super::{Ended, Laid};

impl Laid {
    /// Without a way: only the visits are left.
    pub(super) fn apart(mut self) -> Laid {
        for visit in &mut self.visits {
            (visit.via, visit.from, visit.against) = (None, None, false);
        }
        for edge in &mut self.edges {
            (edge.taken, edge.refused, edge.enter) = (0, 0, super::NEVER);
        }
        for node in &mut self.nodes {
            node.end = None;
        }
        (self.unexplained, self.first_unexplained, self.against) = (0, None, 0);
        self.ended = Ended::Nothing;
        self
    }
}

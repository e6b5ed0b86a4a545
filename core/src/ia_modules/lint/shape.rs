//! A pipeline as the rules look at it: the facts about its elements, what these make together, and questions to both.
//! Made without looking at the text again.

use super::facts::{Edge, Facts, Step};
use super::links::{AFTER_ERROR, Links};
use super::names::{Name, Names};
use super::report::Heard;
use crate::ia_modules::definition::Text;
use crate::protocol::{EngineId, Target};

/// First parts of a source that people write, and that no engine fills.
const HEADS: [&str; 9] =
    ["result", "results", "steps", "data", "output", "outputs", "context", "pipeline_input", "parameters"];

/// The whole.
pub(super) struct Shape<'a> {
    pub(super) text: Text<'a>,
    pub(super) target: Target,
    pub(super) names: &'a Names,
    pub(super) steps: &'a [Step],
    pub(super) flow: Option<u32>,
    pub(super) paths: &'a [Edge],
    pub(super) transitions: &'a [Edge],
    /// Whether there may be templates, and references to outputs of steps.
    pub(super) templates: bool,
    pub(super) references: bool,
    /// What was said of each step alone, of each edge of `paths`, and of what leaves each step.
    pub(super) said_of_steps: &'a [Heard],
    pub(super) said_of_edges: &'a [Heard],
    pub(super) said_of_exits: &'a [Heard],
    /// Whether some step has a key that nobody reads.
    pub(super) unread: bool,
    /// What the elements make together.
    pub(super) links: &'a Links,
}

impl Facts {
    /// Joins what is known of the elements.
    pub(super) fn join<'a>(&'a mut self, text: Text<'a>) -> Shape<'a> {
        let links = self.settled(text);
        let links = &*self.links.insert(links);
        let [(_, templates), (_, references)] = self.seen;
        Shape {
            text,
            target: self.target,
            names: &self.names,
            steps: &self.steps,
            flow: text.object(Text::ROOT, "flow"),
            paths: &self.paths,
            transitions: &self.transitions,
            said_of_steps: &self.said_of_steps,
            said_of_edges: &self.said_of_edges,
            said_of_exits: &self.said_of_exits,
            unread: self.unread > 0,
            templates,
            references,
            links,
        }
    }
}

impl<'a> Shape<'a> {
    /// A name as it is written.
    pub(super) fn name(&self, name: Name) -> &'a str {
        self.names.text(name)
    }

    /// The position of the step with an id that stands somewhere as a text.
    pub(super) fn step_of(&self, id: &str) -> Option<u32> {
        self.links.by_id.get(self.names.find(id)?)
    }

    /// The id of the first step with this display name, where no other step has the same id.
    pub(super) fn named(&self, name: &str) -> Option<&'a str> {
        let is = |step: &&Step| step.members.name.and_then(|name| self.text.string(name)).as_deref() == Some(name);
        let id = self.steps.iter().find(is)?.id.filter(|id| *id != Name::EMPTY)?;
        (self.steps.iter().filter(|step| step.id == Some(id)).count() == 1).then(|| self.name(id))
    }

    /// Whether nothing in this file writes a key of this name into the run's data.
    pub(super) fn unwritten(&self, head: Name) -> bool {
        let links = self.links;
        if links.by_id.get(head).is_some() || links.inputs.get(head).is_some() || links.declared.get(head).is_some() {
            return false;
        }
        let head = self.name(head);
        // What the engine itself writes: when a run begins, and as the result of a step that failed.
        let own = match head {
            "_execution_id" | "_pipeline_id" => self.target.engine == EngineId::IaModules020,
            _ => links.continues && AFTER_ERROR.contains(&head),
        };
        !own && (links.all_declared || HEADS.contains(&head))
    }

    /// The id of a step, for sentences.
    pub(super) fn id(&self, step: u32) -> &'a str {
        self.steps.get(step as usize).map_or("", |step| self.id_of(step))
    }

    /// The same of a step that is at hand.
    pub(super) fn id_of(&self, step: &Step) -> &'a str {
        step.id.map_or("", |id| self.name(id))
    }

    /// The edges of `paths` that leave a step.
    pub(super) fn leaving(&self, step: u32) -> impl Iterator<Item = &'a Edge> {
        let paths = self.paths;
        self.links.leaving(step).iter().filter_map(move |&at| paths.get(at as usize))
    }

    /// How many edges leave a step.
    pub(super) fn degree(&self, step: u32) -> usize {
        self.links.leaving(step).len()
    }
}

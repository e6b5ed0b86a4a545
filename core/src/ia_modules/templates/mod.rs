//! Pipelines to begin with. Each one runs as it is drawn, with the engine as it is, and comes with scenarios that reach
//! every edge of it.
//!
//! The readers of IA Modules want different keys, so each step has `id` and `name` (the same), `step_class` and
//! `class`, and each edge both spellings of its ends: the validator passes it, both loaders take it, in 0.1.3 and in
//! 0.2.0. Steps name classes of a module `my_steps`, which is the reader's to write.

use crate::json::quoted;
use crate::protocol::Target;
use crate::scenario;

/// A pipeline to begin with.
#[derive(Clone, Copy, Debug)]
pub struct Template {
    /// Id, as `chaindebug init --template` takes it.
    pub id: &'static str,
    /// What it shows, in a line.
    pub about: &'static str,
    /// Name of its pipeline.
    pub name: &'static str,
    /// Text of the pipeline.
    pub pipeline: &'static str,
    /// Text of its scenario file.
    pub scenarios: &'static str,
}

macro_rules! template {
    ($id:literal, $name:literal, $about:literal) => {
        Template {
            id: $id,
            about: $about,
            name: $name,
            pipeline: include_str!(concat!($id, ".json")),
            scenarios: include_str!(concat!($id, ".scenarios.json")),
        }
    };
}

/// All templates, the simplest first.
pub const TEMPLATES: &[Template] = &[
    template!("sequence", "weekly_report", "three steps, one after another"),
    template!("branch", "ticket_triage", "one of two ways, decided by a score; the limit itself is not forgotten"),
    template!("retry", "draft_and_review", "a loop that ends when the review is done, with a limit on its rounds"),
    template!("approval", "article_approval", "a step that waits for a person, and what follows each answer"),
    template!(
        "fan-out",
        "morning_briefing",
        "several branches and a join, in the one form this engine runs completely"
    ),
];

/// The template of this id.
pub fn find(id: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|template| template.id == id)
}

impl Template {
    /// The pipeline under another name.
    pub fn named(&self, name: &str) -> String {
        self.pipeline.replacen(&quoted(self.name), &quoted(name), 1)
    }

    /// The scenarios for a pipeline that lies in the file of this name, to be run on this target.
    ///
    /// # Errors
    /// Never for the templates here; the tests write each.
    pub fn scenarios_for(&self, pipeline: &str, target: Target) -> Result<String, String> {
        let mut file = scenario::read(self.scenarios);
        pipeline.clone_into(&mut file.pipeline);
        file.target = Some(target);
        scenario::write(&file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::testing::open;
    use crate::protocol::{EngineId, Loader};

    #[test]
    fn each_opens_without_a_word_and_bears_its_name() {
        assert_eq!(TEMPLATES.len(), 5);
        for template in TEMPLATES {
            let (_, view) = open(&template.named("mine \"now\""));
            assert_eq!(view.diagnostics, [], "{}", template.id);
            assert_eq!(view.pipelines[0].name, "mine \"now\"");
            let (_, own) = open(template.pipeline);
            assert_eq!(own.pipelines[0].name, template.name);
        }
    }

    #[test]
    fn scenarios_are_written_as_they_are_kept() {
        for template in TEMPLATES {
            let target = Target { engine: EngineId::IaModules013, loader: Loader::Raw };
            let file = format!("{}.json", template.id);
            assert_eq!(template.scenarios_for(&file, target).as_deref(), Ok(template.scenarios), "{}", template.id);
            assert_eq!(scenario::read(template.scenarios).problems, [] as [String; 0]);
        }
    }
}

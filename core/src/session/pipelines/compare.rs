//! Two definitions laid on each other.

use crate::diff::pipelines::{self, Definition};
use crate::protocol::{Answer, PipelineComparison, Scenario, Target};
use crate::session::Session;

pub(super) fn compare(
    session: &Session,
    (a, b): (u32, u32),
    target: Target,
    scenarios: &[Scenario],
) -> Result<Answer, String> {
    let (of_a, of_b) = (session.definition(a)?, session.definition(b)?);
    let left = Definition { pipeline: of_a.pipeline, text: &of_a.text, base: of_a.base };
    let right = Definition { pipeline: of_b.pipeline, text: &of_b.text, base: of_b.base };
    let known = of_a.pipeline.dialect == "ia-modules" && of_b.pipeline.dialect == "ia-modules";
    let mut note = String::new();
    let effects = match (known, scenarios) {
        (_, []) => Vec::new(),
        (false, _) => {
            "Scenarios were not run: the engine of these pipelines is not known.".clone_into(&mut note);
            Vec::new()
        }
        (true, scenarios) => {
            let stems = (session.stem(of_a.document), session.stem(of_b.document));
            pipelines::effects(left, right, stems, target, scenarios)?
        }
    };
    let compared = pipelines::compare(left, right, effects);
    Ok(Answer::PipelineComparison(Box::new(PipelineComparison { a, b, note, ..compared })))
}

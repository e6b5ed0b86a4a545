//! What can be said of a pipeline without running it: the findings, with places in the file. Keeps nothing, so that
//! it can be asked after every keystroke.

use super::findings_in_file;
use crate::ia_modules::definition::Text;
use crate::ia_modules::lint;
use crate::ia_modules::seen::seen_by;
use crate::ia_modules::validate::{NotJson, check_json};
use crate::json::Tree;
use crate::model::{Diagnostic, Document, Place, Severity};
use crate::protocol::{Answer, Reader, Target};
use crate::session::Session;
use crate::source::Source;

pub(super) fn findings(session: &Session, pipeline: u32, target: Target, strict: bool) -> Result<Answer, String> {
    let definition = session.definition(pipeline)?;
    let mut view = lint::view(&definition.text, target, strict);
    if definition.base > 0 && !view.findings.is_empty() {
        findings_in_file(&mut view.findings, &session.before(&definition)?);
    }
    Ok(Answer::Findings(view))
}

/// The definition drawn as one of the readers takes it.
pub(super) fn flow(session: &Session, pipeline: u32, reader: Reader) -> Result<Answer, String> {
    let definition = session.definition(pipeline)?;
    let tree = Tree::parse(&definition.text);
    let seen = seen_by(Text { bytes: &definition.text, tree: &tree }, definition.pipeline, reader);
    Ok(Answer::Flow(Box::new(crate::flow::pipeline_flow(&seen))))
}

/// A definition larger than this is not looked at while it is opened, only when its findings are asked for.
const LARGEST: u64 = 64 << 20;

/// Adds what is wrong with the pipelines of a file to its diagnostics: errors and warnings for the usual target.
pub(crate) fn diagnose(document: &Document, file: u16, source: &dyn Source, diagnostics: &mut Vec<Diagnostic>) {
    for pipeline in document.pipelines.iter().filter(|pipeline| pipeline.place.file == file) {
        let mut text = Vec::new();
        let len = usize::try_from(pipeline.place.len).unwrap_or(usize::MAX);
        if pipeline.dialect != "ia-modules" || pipeline.place.len > LARGEST {
            continue;
        }
        if source.read(pipeline.place.start, len, &mut text).is_err() {
            continue;
        }
        if let Err(wrong) = check_json(&text)
            && wrong.exception == "JSONDecodeError"
            && !diagnostics.iter().any(|one| one.code == "damaged-json" || one.code == "truncated")
        {
            diagnostics.push(damage(&wrong, file, pipeline.place));
        }
        // What is missing in a damaged text may stand behind the damage.
        for finding in lint::findings_of(&text, Target::default()) {
            if finding.severity == Severity::Info {
                continue;
            }
            let place = Place {
                file,
                start: pipeline.place.start + finding.start,
                len: finding.end.saturating_sub(finding.start),
            };
            diagnostics
                .push(Diagnostic::new(finding.severity, &finding.id, finding.message).at(place).path(finding.path));
        }
    }
}

/// What was read over generously, and what Python does not read.
fn damage(wrong: &NotJson, file: u16, of: Place) -> Diagnostic {
    let message = format!(
        "This is not JSON: {}. Python stops reading here, so IA Modules takes nothing of the file; what is shown leaves \
         the damage out.",
        wrong.message
    );
    let place = Place { file, start: of.start + wrong.at as u64, len: 1.min(of.len.saturating_sub(wrong.at as u64)) };
    Diagnostic::new(Severity::Error, "damaged-json", message).at(place)
}

#[cfg(test)]
mod tests {
    use crate::import::testing::open;
    use crate::protocol::{Answer, Request, Target};

    #[test]
    fn what_python_does_not_read_is_damage() {
        let text =
            r#"{"name": "é", "steps": [{"id": "a"}], "flow": {"start_at": "a", "paths": [{"from": "a" "to": "end"}]}}"#;
        let (_, document) = open(text);
        let damage = document.diagnostics.iter().find(|one| one.code == "damaged-json").expect("no damage told");
        assert!(damage.message.contains("Expecting ',' delimiter"), "{}", damage.message);
        assert_eq!((damage.line, damage.place.unwrap().start), (Some(1), text.find("\"to\"").unwrap() as u64));
        let whole = text.replacen("\" \"to", "\", \"to", 1);
        let (_, document) = open(&whole);
        assert!(document.diagnostics.iter().all(|one| one.code != "damaged-json"));
    }

    #[test]
    fn places_are_counted_in_the_file() {
        let one = r#"{"name": "p", "steps": [{"id": "a", "name": "a", "step_class": "A", "module": "m"}], "flow": {"start_at": "a", "transitions": [{"from": "a", "to": "end_x"}]}}"#;
        let text = format!("\n  {one}\n{one}\n");
        let (mut session, _) = open(&text);
        for (pipeline, line) in [(0, 2), (1, 3)] {
            let request = Request::Findings { pipeline, target: Target::default(), strict: false };
            let Answer::Findings(view) = session.answer(request) else { panic!("no findings") };
            let finding = &view.findings[0];
            assert_eq!((finding.id.as_str(), finding.line), ("transitions-ignored", line));
            assert_eq!(&text[finding.start as usize..finding.end as usize], r#"[{"from": "a", "to": "end_x"}]"#);
            let row = text.lines().nth(line as usize - 1).unwrap();
            assert!(row[finding.column as usize - 1..].starts_with("[{\"from\""));
            let edit = &finding.fixes[0].edits[0];
            assert_eq!(&text[edit.start as usize..edit.end as usize], "transitions");
            assert_eq!(view.validation.errors, ["Step 'a' is missing 'class' field"]);
        }
    }
}

//! Two definitions laid on each other.

use super::fail_on::FailOn;
use super::{Asked, Opened};
use crate::terminal::{Paint, Terminal, line};
use crate::{Outcome, file, say};
use chaindebug_core::protocol::{Answer, PipelineComparison, PipelinePart, Request, Scenario, Sign};
use chaindebug_core::session::Session;
use std::ffi::OsStr;
use std::io::{self, Write};

/// The two pipelines, when both files define one and hold no run.
///
/// # Errors
/// When one file holds a run and the other only a pipeline: a sentence.
pub(super) fn both(a: &Opened, b: Option<&Opened>) -> Result<Option<(u32, u32)>, String> {
    let defines = |of: &Opened| of.0.runs.is_empty() && !of.0.pipelines.is_empty();
    let Some(b) = b else { return Ok(None) };
    match (defines(a), defines(b)) {
        (true, true) => Ok(a.0.pipelines.first().zip(b.0.pipelines.first()).map(|(a, b)| (a.pipeline, b.pipeline))),
        (false, false) => Ok(None),
        (of_a, _) => {
            let (pipeline, run) = if of_a { (a, b) } else { (b, a) };
            Err(format!(
                "{} defines a pipeline and {} holds a run: two runs can be compared, or two pipelines. `chaindebug dry-run` \
                 makes a run of a pipeline.",
                line(&pipeline.1),
                line(&run.1)
            ))
        }
    }
}

fn scenarios(session: &mut Session, of: &OsStr) -> Result<Vec<Scenario>, String> {
    let name = file::name_of(of);
    let bytes = file::bytes(of).map_err(|error| format!("{} cannot be read: {error}.", line(&name)))?;
    match session.answer(Request::ReadScenarios { text: String::from_utf8_lossy(&bytes).into_owned() }) {
        Answer::Scenarios(read) => match read.problems.first() {
            Some(problem) if read.scenarios.is_empty() => Err(format!("{}: {problem}", line(&name))),
            _ => {
                for problem in &read.problems {
                    say(&format!("{}: {}", line(&name), line(problem)));
                }
                Ok(read.scenarios)
            }
        },
        Answer::Refused { message } => Err(message),
        _ => Err(format!("{} holds no scenarios.", line(&name))),
    }
}

/// Compares, and prints what was found.
pub(super) fn run(
    session: &mut Session,
    (a, b): (u32, u32),
    asked: &Asked,
    out: &mut dyn Write,
    terminal: Terminal,
) -> io::Result<Outcome> {
    let scenarios = match asked.scenarios.as_deref().map(|file| scenarios(session, file)).transpose() {
        Ok(scenarios) => scenarios.unwrap_or_default(),
        Err(wrong) => return Ok(Outcome::Usage(wrong)),
    };
    let request = Request::ComparePipelines { a, b, target: asked.target.target(), scenarios };
    let view = match session.answer(request) {
        Answer::PipelineComparison(view) => view,
        Answer::Refused { message } => return Ok(Outcome::Usage(message)),
        _ => return Ok(Outcome::Usage("The pipelines could not be compared.".to_owned())),
    };
    if asked.json {
        serde_json::to_writer_pretty(&mut *out, &view)?;
        writeln!(out)?;
    } else if asked.markdown {
        out.write_all(chaindebug_core::diff::pipelines_as_markdown(&view).as_bytes())?;
    } else {
        print(&view, out, terminal)?;
    }
    Ok(if fails(&asked.fail_on, &view) { Outcome::Status(1) } else { Outcome::Done })
}

/// Of what can fail, a definition has structure, and scenarios have outcomes.
fn fails(on: &[FailOn], view: &PipelineComparison) -> bool {
    let alone = |sign: Sign| matches!(sign, Sign::OnlyA | Sign::OnlyB);
    let structure = || {
        let parts = view.changes.iter().filter(|change| alone(change.sign) || !change.name_a.is_empty());
        parts.filter(|change| matches!(change.part, PipelinePart::Step | PipelinePart::Edge)).count() > 0
    };
    let effects = || view.effects.iter().filter(|effect| !effect.same);
    if on.is_empty() {
        return !view.same;
    }
    on.iter().any(|on| match on {
        FailOn::Structure => structure(),
        FailOn::Status => {
            effects().any(|effect| effect.status.a != effect.status.b || effect.error.a != effect.error.b)
        }
        FailOn::Output => effects().any(|effect| effect.output.a.is_some()),
        FailOn::Settings => view.changes.iter().any(|change| change.sign == Sign::Changed),
        FailOn::Input | FailOn::Cost(_) | FailOn::Duration(_) | FailOn::Tokens(_) => false,
    })
}

fn print(view: &PipelineComparison, out: &mut dyn Write, terminal: Terminal) -> io::Result<()> {
    let paint = if view.same { Paint::Good } else { Paint::Strong };
    writeln!(out, "{}", terminal.paint(paint, &line(&view.verdict)))?;
    for said in view.spelling.iter().chain(Some(&view.note).filter(|note| !note.is_empty())) {
        writeln!(out, "{}", terminal.paint(Paint::Quiet, &line(said)))?;
    }
    if !view.changes.is_empty() {
        writeln!(out)?;
    }
    for change in &view.changes {
        let sign = match change.sign {
            Sign::OnlyA => "-",
            Sign::OnlyB => "+",
            Sign::Same | Sign::Changed => "≠",
        };
        let name = [change.part.word(), change.name.as_str()].join(" ");
        writeln!(out, "{sign} {}  {}", line(name.trim_end()), terminal.paint(Paint::Quiet, &line(&change.what)))?;
    }
    if !view.effects.is_empty() {
        writeln!(out)?;
    }
    for effect in &view.effects {
        let (mark, paint) = if effect.same { ("✓", Paint::Good) } else { ("≠", Paint::Doubt) };
        writeln!(out, "{} {}", terminal.paint(paint, mark), line(&effect.said))?;
    }
    Ok(())
}

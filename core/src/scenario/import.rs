//! A scenario file opened like any other: it holds no run and no pipeline, and says so.

use super::{MARKER, read};
use crate::import::{Builder, Format, Here, Importer, Matched, Nothing, Probe, ROOT, Reveal, Route, State};
use crate::json::{Lack, Lexer, Str};
use crate::model::{Diagnostic, Severity};

/// The format.
pub const FORMAT: Format = Format {
    id: "chaindebug-scenarios",
    name: "ChainDebug scenarios",
    detect,
    importer: |file, _| Box::new(Scenarios { file, ..Scenarios::default() }),
};

const TOP: State = 1;
const LIST: State = 2;

const TAKE_SCENARIO: u8 = 0;
const TAKE_PIPELINE: u8 = 1;

/// Problems that become diagnostics of their own.
const SAID: usize = 100;

#[derive(Default)]
struct Scenarios {
    file: u16,
    count: u32,
    pipeline: String,
    problems: Vec<Diagnostic>,
    more: usize,
}

impl Importer for Scenarios {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        match (state, key.map(|key| key.raw), lead) {
            (ROOT, None, b'{') => Route::Enter(TOP),
            (TOP, Some(b"scenarios"), b'[') => Route::Enter(LIST),
            (TOP, Some(b"pipeline"), b'"') => Route::Take(TAKE_PIPELINE),
            (LIST, None, _) => Route::Take(TAKE_SCENARIO),
            _ => Route::Skip,
        }
    }

    fn take(&mut self, tag: u8, lexer: &mut Lexer<'_>, here: Here, _: &mut Builder) -> Result<(), Lack> {
        if tag == TAKE_PIPELINE {
            self.pipeline = lexer.string()?.text().into_owned();
            return Ok(());
        }
        let (start, end) = lexer.skip()?;
        let text = String::from_utf8_lossy(lexer.src().get(start..end).unwrap_or(&[]));
        let (_, problems) = read::one(&text, self.count as usize);
        self.count = self.count.saturating_add(1);
        for problem in problems {
            if self.problems.len() >= SAID {
                self.more += 1;
                continue;
            }
            let at = start.saturating_add(problem.at).min(end);
            let diagnostic = Diagnostic::new(Severity::Warning, "scenario-problem", problem.message);
            self.problems.push(diagnostic.at(here.place(at, at)).path(problem.path));
        }
        Ok(())
    }

    fn finish(self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        build.scenarios = build.scenarios.saturating_add(self.count);
        build.diagnostics.extend(self.problems);
        if self.more > 0 {
            build.warn(self.file, "scenario-problem", format!("And {} more problems like these.", self.more));
        }
        if self.count == 0 {
            build.warn(self.file, "no-scenarios", "This scenario file holds no scenario.");
            return Box::new(Nothing);
        }
        let of = if self.pipeline.is_empty() { "a pipeline".to_owned() } else { format!("`{}`", self.pipeline) };
        let message = format!(
            "These are cases to try {of} with. Open the pipeline, or run them with `chaindebug test PIPELINE SCENARIOS`."
        );
        let mut diagnostic = Diagnostic::new(Severity::Info, "scenarios", message);
        diagnostic.file = self.file;
        build.diagnostics.push(diagnostic);
        Box::new(Nothing)
    }
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    let first = probe.samples.first()?;
    let marked = !first.is_array() && first.get(MARKER).is_some();
    if marked { Matched::new("ChainDebug scenarios", format!("it has `{MARKER}`")) } else { None }
}

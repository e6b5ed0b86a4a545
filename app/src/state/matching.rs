//! Which documents belong together, and what of a document is meant: pure functions over what the engine said.

use super::{Landing, What};
use chaindebug_core::protocol::DocumentView;
use chaindebug_core::session::belongs;

/// The run both documents hold a part of, or what both are parts of: id, and steps in the first.
pub(super) fn shared(open: &DocumentView, new: &DocumentView) -> Option<(String, u32)> {
    belongs(open, new).map(|found| (found.id, found.steps))
}

/// What of a document is shown first.
pub(crate) fn first_of(document: &DocumentView) -> What {
    if let Some(run) = document.runs.iter().find(|run| run.steps > 0).or(document.runs.first()) {
        What::Run(run.run)
    } else if let Some(pipeline) = document.pipelines.first() {
        What::Pipeline(pipeline.pipeline)
    } else {
        What::Nothing
    }
}

/// The same run or pipeline after the document changed.
pub(super) fn same(before: &DocumentView, after: &DocumentView, what: What) -> What {
    match what {
        What::Run(number) => {
            let id = before.runs.iter().find(|run| run.run == number).map(|run| &run.id);
            let run = after.runs.iter().find(|run| Some(&run.id) == id);
            run.map_or_else(|| first_of(after), |run| What::Run(run.run))
        }
        What::Pipeline(number) => {
            let at = before.pipelines.iter().position(|pipeline| pipeline.pipeline == number);
            let pipeline = at.and_then(|at| after.pipelines.get(at));
            pipeline.map_or_else(|| first_of(after), |pipeline| What::Pipeline(pipeline.pipeline))
        }
        What::Nothing => first_of(after),
    }
}

pub(super) fn landed(document: &DocumentView, landing: &Landing) -> Option<What> {
    let wanted = landing.run.as_deref()?;
    let run = document.runs.iter().find(|run| run.id == wanted).map(|run| What::Run(run.run));
    run.or_else(|| document.pipelines.iter().find(|p| p.name == wanted).map(|p| What::Pipeline(p.pipeline)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chaindebug_core::protocol::RunView;

    fn document(format: &str, ids: &[&str]) -> DocumentView {
        let run = |id: &&str| RunView {
            run: 0,
            id: (*id).to_owned(),
            name: String::new(),
            steps: 3,
            roots: 1,
            orphans: 0,
            errors: 0,
            start: None,
            duration_ns: None,
            usage: chaindebug_core::model::Usage::default(),
            moments: 6,
            messages: false,
            pipeline: None,
            pipeline_reason: String::new(),
        };
        DocumentView {
            document: 0,
            file: String::new(),
            files: Vec::new(),
            format: format.to_owned(),
            label: String::new(),
            dialects: Vec::new(),
            explanation: String::new(),
            verdicts: Vec::new(),
            wholes: Vec::new(),
            parts: Vec::new(),
            bytes: 0,
            runs: ids.iter().map(run).collect(),
            more_runs: 0,
            pipelines: Vec::new(),
            sheets: Vec::new(),
            scenarios: 0,
            dry_run: false,
            diagnostics: Vec::new(),
        }
    }

    #[test]
    fn files_of_one_trace_belong_together() {
        let id = "5b8efff798038103d269b633813fc60c";
        let open = document("otlp-json", &["0af7651916cd43dd8448eb211c80319c", id]);
        assert_eq!(shared(&open, &document("otlp-lines", &[id])), Some((id.to_owned(), 3)));
        assert_eq!(shared(&open, &document("jaeger", &[id])), None);
        assert_eq!(shared(&document("chaindebug", &["run-1"]), &document("chaindebug", &["run-1"])), None);
    }
}

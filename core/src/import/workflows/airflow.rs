//! Runs of Airflow: DAG runs and task instances.
//!
//! Source: the REST API of Airflow 2 and 3 (`/dags/{id}/dagRuns`, `…/taskInstances`, `…/tries`, `/dags/{id}/tasks`) and
//! the command line (`airflow tasks states-for-dag-run … -o json`, `airflow dags list-runs … -o json`). Both lists are
//! joined when opened as one document. What follows what is only in the list of tasks, which becomes a pipeline.

use super::common::{Graph, adopt, fact, facts, status, unique};
use crate::import::record::{Record, Shown, read};
use crate::import::{
    Builder, Draft, Format, Here, Importer, Matched, Probe, Reveal, Revealing, Route, State, each_object,
};
use crate::json::{At, Lack, Lexer, Str};
use crate::model::{Details, Kind, Status, Sym};
use rustc_hash::FxHashMap;

/// The format.
pub(super) const FORMAT: Format = Format {
    id: "airflow",
    name: "Airflow runs",
    detect,
    importer: |file, _| Box::new(Airflow { file, tries: FxHashMap::default() }),
};

struct Airflow {
    file: u16,
    tries: FxHashMap<String, u32>,
}

impl Importer for Airflow {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        each_object(state, key.as_ref(), lead)
    }

    fn take(&mut self, _: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        let record = Record::take(lexer, here)?;
        let root = record.root();
        if root.get("dag_id").is_some() {
            self.item(&record, root, build);
        }
        for list in ["dag_runs", "task_instances"].into_iter().filter_map(|key| root.get(key)) {
            for item in list.items() {
                self.item(&record, item, build);
            }
        }
        if let Some(tasks) = root.get("tasks").filter(|tasks| tasks.items().any(is_task)) {
            graph(&record, tasks, build);
        }
        Ok(())
    }

    fn finish(self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        adopt(build, self.file);
        Box::new(Shown(shows))
    }
}

/// The run of an item: of its DAG by run id, or by date where the command line gives no id. Scripts that ask for the runs
/// of one DAG, or the tasks of one run, often leave out which one.
fn run_of(at: At<'_>, build: &mut Builder) -> Sym {
    let dag = read::text(at, &["dag_id"]).unwrap_or_default();
    let run = read::text(at, &["dag_run_id", "run_id", "logical_date", "execution_date"]).unwrap_or_default();
    let id = format!("{dag} {run}");
    let id = if id.trim().is_empty() { "Airflow run".to_owned() } else { id };
    let sym = build.names.intern(&id);
    build.run_names.entry(sym).or_insert_with(|| id.trim().to_owned());
    sym
}

impl Airflow {
    fn item(&mut self, record: &Record<'_>, at: At<'_>, build: &mut Builder) {
        if at.get("state").is_none() {
            return;
        }
        let run = run_of(at, build);
        let mut draft = match read::text(at, &["task_id"]) {
            None => {
                let mut draft = Draft::new(run, run, record.place(at));
                let name = read::text(at, &["dag_id", "dag_run_id", "run_id"]).unwrap_or_default();
                draft.name = build.names.intern(&name);
                draft.kind = Kind::Chain;
                draft
            }
            Some(task) => {
                // One of many of a mapped task; -1 is one that is not mapped.
                let index = read::count(at, &["map_index"]);
                let name = index.map_or(task.clone().into_owned(), |index| format!("{task} [{index}]"));
                let id = unique(&mut self.tries, &format!("{} {name}", build.names.get(run)));
                let mut draft = Draft::new(run, build.names.intern(&id), record.place(at));
                draft.name = build.names.intern(&name);
                draft.kind = Kind::Task;
                draft
            }
        };
        draft.start = read::iso(at, &["start_date"]);
        draft.end = read::iso(at, &["end_date"]);
        // No state: it was not scheduled when the list was made.
        let word = read::text(at, &["state"]);
        draft.status = word.map_or(Status::Waiting, |word| status(&word).unwrap_or_default());
        build.push(draft);
    }
}

fn is_task(at: At<'_>) -> bool {
    at.get("task_id").is_some() && at.get("downstream_task_ids").is_some()
}

/// The tasks of a DAG, with what follows what.
fn graph(record: &Record<'_>, tasks: At<'_>, build: &mut Builder) {
    let mut graph = Graph::new("Airflow tasks", "airflow", record.whole_place());
    for task in tasks.items().filter(|task| is_task(*task)) {
        let Some(id) = read::text(task, &["task_id"]) else { continue };
        let class = task.get("class_ref").and_then(|of| read::text(of, &["class_name"]));
        let class = class.or_else(|| read::text(task, &["operator_name"])).unwrap_or_default();
        let name = read::text(task, &["task_display_name"]).unwrap_or_else(|| id.clone());
        let definition = record.value(Some(task)).map(|value| ("Definition".to_owned(), value));
        graph.node(&id, &name, &class, record.place(task), definition.into_iter().collect());
        for next in task.get("downstream_task_ids").into_iter().flat_map(At::items) {
            if let Some(next) = read::scalar(next) {
                graph.edge(&id, &next, record.place(task));
            }
        }
    }
    graph.done(build);
}

fn shows(record: &Record<'_>, _: Revealing<'_>, details: &mut Details) {
    let at = record.root();
    facts(
        details,
        at,
        &[
            ("state", "state"),
            ("operator", "operator"),
            ("operator_name", "operator"),
            ("try_number", "try"),
            ("max_tries", "most tries"),
            ("run_type", "run type"),
            ("hostname", "host"),
            ("duration", "stated duration (s)"),
        ],
    );
    details.input = record.value(read::first(at, &["conf", "rendered_fields"]).filter(|at| at.count() > 0));
    let shown = [
        "state",
        "operator",
        "operator_name",
        "try_number",
        "max_tries",
        "run_type",
        "hostname",
        "duration",
        "conf",
        "rendered_fields",
        "start_date",
        "end_date",
    ];
    details.attributes = record.attributes(at, &shown);
    match read::text(at, &["state"]).as_deref() {
        Some("upstream_failed") => details.notes.push("It was never entered: a task before it failed.".into()),
        Some("failed") if at.get("task_id").is_some() => {
            details.notes.push("Why it failed stands in the log of the task, which is not in this file.".into());
        }
        None => fact(details, "state", "none yet"),
        _ => {}
    }
    if at.get("task_id").is_some() {
        details.notes.push("What it returned is not in this file: it is an XCom, or it is kept elsewhere.".into());
    }
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    let because = probe.samples.iter().find_map(|sample| {
        let has = |keys: &[&str]| sample.path(keys).is_some();
        let dated = |around: &[&str]| {
            ["dag_run_id", "run_id", "logical_date", "execution_date"]
                .into_iter()
                .any(|key| has(&[around, &[key]].concat()))
        };
        if has(&["dag_runs", "dag_run_id"]) && has(&["dag_runs", "state"]) {
            Some("it has `dag_runs` with `dag_run_id` and `state`")
        } else if has(&["task_instances", "task_id"]) && has(&["task_instances", "state"]) {
            Some("it has `task_instances` with `task_id` and `state`")
        } else if has(&["tasks", "task_id"]) && has(&["tasks", "downstream_task_ids"]) {
            Some("it has `tasks` with `downstream_task_ids`")
        } else if has(&["dag_id"]) && has(&["state"]) && dated(&[]) && (has(&["task_id"]) || has(&["start_date"])) {
            Some("it lists states with `dag_id` and the run they are of")
        } else {
            None
        }
    })?;
    Matched::new("Airflow run", because)
}

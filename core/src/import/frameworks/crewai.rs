//! What CrewAI leaves behind: the output of a crew as JSON, and the log of its tasks (`output_log_file="….json"`).
//!
//! Source: `CrewOutput` and `TaskOutput` of crewai 0.80 to 1.x, and its `FileHandler`: a list of `{timestamp, task_name,
//! task, agent, status, output}`, one when a task begins and one when it is done. Times are local.

use crate::import::agents::thread::title;
use crate::import::agents::told::fact;
use crate::import::record::{Record, Shown, converse, read};
use crate::import::{
    Builder, Draft, Format, Here, Importer, Matched, Probe, Reveal, Revealing, Route, State, each_object,
};
use crate::json::{At, Lack, Lexer, NodeKind, Str};
use crate::model::{Details, Flags, Kind, Status};

/// The format.
pub const FORMAT: Format = Format {
    id: "crewai",
    name: "CrewAI outputs and task logs",
    detect,
    importer: |file, _| Box::new(Crew { file, crews: 0, begun: Vec::new() }),
};

struct Crew {
    file: u16,
    crews: u32,
    /// Tasks of the log that have begun: who does what, and the draft.
    begun: Vec<(String, usize)>,
}

impl Importer for Crew {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        each_object(state, key.as_ref(), lead)
    }

    fn take(&mut self, _: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        let record = Record::take(lexer, here)?;
        if record.root().get("tasks_output").is_some() {
            self.output(&record, build);
        } else {
            self.line(&record, build);
        }
        Ok(())
    }

    fn finish(self: Box<Self>, _: &mut Builder) -> Box<dyn Reveal> {
        Box::new(Shown(shows))
    }
}

/// What a task is called: by its name, else by the beginning of its description.
fn called(at: At<'_>) -> String {
    let name = read::text(at, &["name", "task_name"]).map(std::borrow::Cow::into_owned);
    name.or_else(|| read::text(at, &["description", "task", "summary"]).map(|text| title(&text)))
        .unwrap_or_else(|| "task".to_owned())
}

impl Crew {
    fn output(&mut self, record: &Record<'_>, build: &mut Builder) {
        self.crews = self.crews.saturating_add(1);
        let root = record.root();
        let run = build.names.intern(&format!("crew {} of file {}", self.crews, self.file + 1));
        build.run_names.insert(run, "Crew".to_owned());
        let id = build.names.intern("crew");
        let mut draft = Draft::new(run, id, record.whole_place());
        draft.name = id;
        (draft.kind, draft.status) = (Kind::Agent, Status::Ok);
        draft.usage = root.get("token_usage").map(read::usage).unwrap_or_default();
        build.push(draft);
        for (number, task) in root.get("tasks_output").into_iter().flat_map(At::items).enumerate() {
            let own = build.names.intern(&format!("task-{}", number + 1));
            let mut draft = Draft::new(run, own, record.place(task));
            draft.parent = Some(id);
            draft.name = build.names.intern(&called(task));
            (draft.kind, draft.status) = (Kind::Agent, Status::Ok);
            if task.get("messages").is_some_and(|messages| messages.count() > 0) {
                draft.flags.set(Flags::MESSAGES);
            }
            build.push(draft);
        }
    }

    fn line(&mut self, record: &Record<'_>, build: &mut Builder) {
        let root = record.root();
        let Some(task) = read::text(root, &["task"]) else { return };
        let what = format!("{} {task}", read::text(root, &["agent"]).unwrap_or_default());
        let time = read::iso(root, &["timestamp"]);
        let status = read::text(root, &["status"]).unwrap_or_default();
        let begun = self.begun.iter().rposition(|(known, _)| *known == what).filter(|_| status != "started");
        if let Some(draft) = begun.map(|at| self.begun.remove(at)).and_then(|(_, at)| build.drafts.get_mut(at)) {
            draft.end = time;
            draft.status = if status == "completed" { Status::Ok } else { Status::Error };
            draft.more.push(record.whole_place());
            return;
        }
        let run = build.names.intern(&format!("crew log {}", self.file + 1));
        build.run_names.insert(run, "Crew".to_owned());
        let id = build.names.intern(&format!("task-{}", build.drafts.len() + 1));
        let mut draft = Draft::new(run, id, record.whole_place());
        draft.name = build.names.intern(&called(root));
        draft.kind = Kind::Agent;
        if status == "started" {
            (draft.start, draft.status) = (time, Status::Running);
        } else {
            (draft.end, draft.status) = (time, if status == "completed" { Status::Ok } else { Status::Error });
        }
        let at = build.push(draft);
        if status == "started" {
            self.begun.push((what, at));
        }
    }
}

fn shows(record: &Record<'_>, _: Revealing<'_>, details: &mut Details) {
    let at = record.root();
    if details.input.is_none() {
        details.input = record.value(read::first(at, &["description", "task"]));
        fact(details, "agent", read::text(at, &["agent"]));
    }
    let output = read::first(at, &["json_dict", "pydantic", "raw", "output"]);
    details.output = record.value(output).or(details.output.take());
    converse(details, at.get("messages"), None);
    let shown = [
        "description",
        "task",
        "agent",
        "json_dict",
        "pydantic",
        "raw",
        "output",
        "messages",
        "tasks_output",
        "name",
        "task_name",
        "timestamp",
        "status",
        "token_usage",
    ];
    details.attributes.extend(record.attributes(at, &shown));
    if at.get("tasks_output").is_none() && at.get("timestamp").is_none() {
        details.notes.push("When a task began and ended is not in a crew's output; its log tells it.".into());
    }
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    let output = probe.find(|sample| {
        let first = sample.get("tasks_output").and_then(|list| sample.tree.first_child(list));
        first.is_some_and(|task| {
            let has = |key: &str| sample.member(task, key).is_some();
            sample.is(task, NodeKind::Object) && has("agent") && (has("raw") || has("description"))
        })
    });
    if output.is_some() {
        return Matched::new("CrewAI output", "it holds `tasks_output` with agents and what they gave");
    }
    probe.find(|sample| {
        let text = |key: &str| sample.get(key).and_then(|node| sample.text_of(node));
        text("status").is_some_and(|status| status == "started" || status == "completed")
            && ["task", "agent", "timestamp"].iter().all(|key| text(key).is_some())
            && sample.get("task_name").is_some()
    })?;
    Matched::new("CrewAI task log", "it lists what agents began and completed, with `task_name`, `task` and `status`")
}

//! Memory of a smolagents agent: `agent.memory.get_full_steps()`, and the `RunResult` around it.
//!
//! Source: `smolagents/memory.py` and `RunResult` in `agents.py` (1.16 to 1.26): `{task}` begins a run; then steps with
//! what the model was given and wrote, its tool calls, what they gave back, and their times in seconds.

use crate::import::record::{Record, converse, read};
use crate::import::record::{Shown, Shows};
use crate::import::{Builder, Draft, Format, Here, Importer, Matched, Probe, ROOT, Reveal, Revealing, Route, State};
use crate::json::{At, Lack, Lexer, NodeKind, Str};
use crate::model::{Details, Fact, Flags, Interner, Kind, Nanos, Place, Status, Sym};

/// The format.
pub const FORMAT: Format = Format {
    id: "smolagents-steps",
    name: "smolagents steps and run results",
    detect,
    importer: |_, probe| {
        Box::new(Smolagents { results: probe.lists(&["steps", "full_steps"]), ..Smolagents::default() })
    },
};

const LIST: State = 1;
const TOP: State = 2;
const STEP: u8 = 0;
const OUTPUT: u8 = 1;
const STATE: u8 = 2;

/// What a draft's context says it is: the run, a step, the model's call in it, or (from here on) a tool call.
const RUN: u32 = 0;
const PART: u32 = 1;
const MODEL: u32 = 2;
const TOOL: u32 = 3;

#[derive(Default)]
struct Smolagents {
    /// The run's id, and the position of its draft.
    run: Option<(Sym, usize)>,
    count: u32,
    steps: u32,
    output: Option<Place>,
    state: Option<String>,
    /// A list of run results, and not of steps.
    results: bool,
}

impl Importer for Smolagents {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        match (state, key, lead) {
            (ROOT, None, b'[') if !self.results => Route::Enter(LIST),
            (ROOT, None, b'{') => Route::Enter(TOP),
            (LIST, None, b'{') => Route::Take(STEP),
            (TOP, Some(key), b'[') if key.is("steps") || key.is("full_steps") => Route::Enter(LIST),
            (TOP, Some(key), _) if key.is("output") => Route::Take(OUTPUT),
            (TOP, Some(key), _) if key.is("state") => Route::Take(STATE),
            _ => Route::Skip,
        }
    }

    fn enter(&mut self, state: State, _: u64) {
        if state == TOP {
            (self.run, self.output, self.state) = (None, None, None);
        }
    }

    fn take(&mut self, tag: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        let record = Record::take(lexer, here)?;
        match tag {
            OUTPUT => self.output = Some(record.whole_place()),
            STATE => self.state = record.root().string().map(Into::into),
            _ => self.step(&record, build),
        }
        Ok(())
    }

    fn leave(&mut self, _: State, _: u64) {}

    fn finish(mut self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        self.close(build);
        let shows: Shows = shows;
        Box::new(Shown(shows))
    }
}

impl Smolagents {
    /// The run that is over.
    fn close(&mut self, build: &mut Builder) {
        let Some((_, at)) = self.run else { return };
        let output = self.output.take();
        if let Some(draft) = build.drafts.get_mut(at) {
            draft.more.extend(output);
            draft.status = match self.state.take().as_deref() {
                Some("success") => Status::Ok,
                Some(_) => Status::Error,
                None => draft.status,
            };
        }
    }

    fn begin(&mut self, place: Place, task: Option<&str>, build: &mut Builder) -> Sym {
        self.count += 1;
        self.steps = 0;
        let run = build.names.intern(&format!("run {}", self.count));
        let id = build.names.intern("run");
        let mut draft = Draft::new(run, id, place);
        draft.name = build.names.intern("agent");
        (draft.kind, draft.context) = (Kind::Agent, RUN);
        let name = task.unwrap_or("smolagents run").split_whitespace().collect::<Vec<_>>().join(" ");
        build.run_names.insert(run, name.chars().take(80).collect());
        self.run = Some((run, build.push(draft)));
        run
    }

    fn step(&mut self, record: &Record<'_>, build: &mut Builder) {
        let at = record.root();
        let whole = record.whole_place();
        if let Some(task) = at.get("task") {
            self.close(build);
            self.begin(whole, task.string().as_deref(), build);
            return;
        }
        let run = match self.run {
            Some((run, _)) => run,
            None => self.begin(whole, None, build),
        };
        let Some((_, root)) = self.run else { return };
        let final_answer = read::flag(at, "is_final_answer");
        if at.get("system_prompt").is_some() || (at.get("output").is_some() && at.get("timing").is_none()) {
            // What the model is told at first stands in its calls; a last step repeats the answer.
            return;
        }
        self.steps += 1;
        let seconds = |key: &str| at.get("timing").and_then(|timing| read::epoch(timing, &[key], 1_000_000_000));
        let (start, end) = (seconds("start_time"), seconds("end_time"));
        let failed = at.get("error").is_some_and(|error| !error.is(NodeKind::Null));
        let planning = at.get("plan").is_some();
        let number = read::text(at, &["step_number"]).unwrap_or_default();
        let name = if planning { "Planning".to_owned() } else { format!("Step {number}").trim_end().to_owned() };
        let own = build.names.intern(&format!("step {}", self.steps));
        let make = |id: Sym, name: &str, kind: Kind, context: u32, build: &mut Builder| {
            let mut draft = Draft::new(run, id, whole);
            (draft.name, draft.kind, draft.context) = (build.names.intern(name), kind, context);
            draft.parent = Some(own);
            draft.status = Status::Ok;
            draft
        };
        let mut step = make(own, &name, Kind::Chain, PART, build);
        step.parent = build.drafts.get(root).map(|draft| draft.id);
        (step.start, step.end) = (start, end);
        step.status = if failed { Status::Error } else { Status::Ok };
        build.push(step);
        self.widen(root, start, end, final_answer, whole, build);

        let answer = at.get("model_output_message");
        if answer.is_some_and(|answer| !answer.is(NodeKind::Null)) || at.get("model_input_messages").is_some() {
            let id = build.names.intern(&format!("step {} model", self.steps));
            let mut call = make(id, "model call", Kind::Llm, MODEL, build);
            call.flags.set(Flags::MESSAGES);
            let usage = at.get("token_usage").filter(|usage| usage.is(NodeKind::Object));
            let usage = usage.or_else(|| answer.and_then(|answer| answer.get("token_usage")));
            call.usage = usage.map(read::usage).unwrap_or_default();
            let model = answer.and_then(|answer| answer.get("raw")).and_then(|raw| read::text(raw, &["model"]));
            call.model = model.map_or(Interner::EMPTY, |model| build.names.intern(&model));
            build.push(call);
        }
        for (index, call) in at.get("tool_calls").into_iter().flat_map(At::items).enumerate() {
            let function = call.get("function").unwrap_or(call);
            let name = read::text(function, &["name"]).unwrap_or_default();
            let id = build.names.intern(&format!("step {} tool {}", self.steps, index + 1));
            let context = TOOL.saturating_add(u32::try_from(index).unwrap_or(u32::MAX));
            let mut draft = make(id, &name, Kind::Tool, context, build);
            // The file says of the step that it failed, not of which call.
            draft.status = if failed { Status::Unset } else { Status::Ok };
            build.push(draft);
        }
    }

    fn widen(
        &self,
        root: usize,
        start: Option<Nanos>,
        end: Option<Nanos>,
        answer: bool,
        place: Place,
        build: &mut Builder,
    ) {
        let Some(draft) = build.drafts.get_mut(root) else { return };
        draft.start = draft.start.or(start);
        draft.end = draft.end.max(end);
        if answer {
            draft.status = Status::Ok;
            draft.more.push(place);
        }
    }
}

fn shows(record: &Record<'_>, about: Revealing<'_>, details: &mut Details) {
    let at = record.root();
    let given = at.get("model_input_messages");
    match about.context {
        RUN => {
            if let Some(task) = at.get("task") {
                details.input = record.value(Some(task));
                details.attributes.extend(record.attributes(at, &["task"]));
            } else if read::flag(at, "is_final_answer") {
                details.output =
                    details.output.take().or(record.value(read::first(at, &["action_output", "observations"])));
            } else if at.get("step_number").is_none() {
                details.output = record.value(Some(at));
            }
        }
        PART => {
            let mut said = ["plan", "code_action", "model_output"].iter().filter_map(|key| at.get(key));
            details.input = record.value(said.find(|at| read::scalar(*at).is_some()));
            details.output = record.value(read::first(at, &["action_output", "observations"]));
            details.error = at.get("error").and_then(read::error);
            let shown = [
                "model_input_messages",
                "model_output_message",
                "tool_calls",
                "error",
                "observations",
                "action_output",
                "timing",
                "token_usage",
                "step_number",
                "plan",
                "model_output",
                "is_final_answer",
            ];
            details.attributes.extend(record.attributes(at, &shown));
        }
        MODEL => {
            let answer = at.get("model_output_message");
            details.input = record.value(given);
            details.output = record.value(answer);
            converse(details, given, answer);
            details.notes.push("How long the model's call took is not in this file, only the whole step.".into());
        }
        tool => {
            let calls = at.get("tool_calls").into_iter().flat_map(At::items);
            let (mut calls, count) = (calls, at.get("tool_calls").map_or(0, At::count));
            let Some(call) = calls.nth(tool.saturating_sub(TOOL) as usize) else { return };
            let function = call.get("function").unwrap_or(call);
            details.input = record.value(function.get("arguments"));
            if let Some(id) = read::text(call, &["id"]) {
                details.facts.push(Fact { label: "call".into(), text: id.into_owned() });
            }
            details.output = record.value(read::first(at, &["observations", "action_output"]));
            if count > 1 {
                details.notes.push("The file keeps one text for what all calls of this step gave back.".into());
            }
        }
    }
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    let step = |has: &dyn Fn(&str) -> bool| {
        (has("task") && has("task_images"))
            || (has("step_number") && has("timing") && has("model_input_messages"))
            || (has("step_number") && has("tool_calls") && has("observations"))
            || (has("plan") && has("model_output_message") && has("timing"))
    };
    let listed = probe.find(|sample| sample.is_array() && step(&|key| sample.get(key).is_some()));
    if listed.is_some() {
        return Matched::new(
            "smolagents steps",
            "it lists a task and steps with `step_number` and `model_input_messages`",
        );
    }
    probe.find(|sample| step(&|key| sample.path(&["steps", key]).is_some()))?;
    Matched::new("smolagents run result", "its `steps` have `step_number` and `model_input_messages`")
}

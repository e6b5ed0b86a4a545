//! Argo Workflows: Workflow, WorkflowTemplate, ClusterWorkflowTemplate, CronWorkflow. The entrypoint is drawn, with the
//! tasks of the templates it calls inside each other; reading `depends` is in `depends`.
//!
//! Source: the API of argoproj.io/v1alpha1, Argo Workflows 3.x and 4.x. What happened in a run stands in `status.nodes`
//! and is read elsewhere; whoever reads it can draw the definition beside it with [`draw`].

mod depends;

use super::chart::Chart;
use super::text::{Text, definitions, holds, line, whole};
use crate::import::record::{Record, read};
use crate::import::{Builder, Format, Matched};
use crate::json::{At, NodeKind as Json};
use crate::model::{EdgeStyle, NodeKind, Parameter, PipelineNode};
use crate::order::Order as _;
use rustc_hash::{FxHashMap, FxHashSet};
use std::rc::Rc;

/// The format.
pub(super) const FORMAT: Format = Format {
    id: "argo",
    name: "Argo workflows",
    detect: |probe| {
        let because = "it is a workflow of argoproj.io: `spec` with `templates` and an `entrypoint`";
        holds(probe, is_workflow).then(|| Matched::new("Argo workflow", because))?
    },
    importer: |_, _| {
        whole(|_, record, build| {
            for at in definitions(record.root(), is_workflow) {
                draw(at, record, build);
            }
        })
    },
};

/// Nodes of one drawing, and templates within templates that are followed.
const MOST: usize = 3_000;
const DEEP: usize = 20;

/// Flows of a library of templates that are drawn.
const LIBRARY: usize = 50;

/// Whether an object is one of Argo's workflows.
pub(in crate::import) fn is_workflow(at: At<'_>) -> bool {
    let kind = at.text_of("kind");
    let Some(_) = at.get("apiVersion") else {
        // What was cut out of an answer may lack its head.
        let template = at.at(&["spec", "templates"]).and_then(|list| list.items().next());
        return at.at(&["spec", "entrypoint"]).is_some() && template.is_some_and(|one| one.get("name").is_some());
    };
    at.text_of("apiVersion").is_some_and(|version| version.starts_with("argoproj.io/"))
        && kind.is_some_and(|kind| {
            matches!(&*kind, "Workflow" | "WorkflowTemplate" | "ClusterWorkflowTemplate" | "CronWorkflow")
        })
}

/// Templates a run of templates went through, the innermost first.
struct Way(String, Option<Rc<Way>>);

/// A template whose tasks are still to be drawn.
struct Todo<'a> {
    template: At<'a>,
    parent: Option<u32>,
    prefix: String,
    way: Option<Rc<Way>>,
    depth: usize,
}

struct Drawing<'a> {
    text: Text<'a>,
    chart: Chart,
    templates: Rc<FxHashMap<String, At<'a>>>,
    todo: Vec<Todo<'a>>,
    left_out: bool,
}

/// Draws the definition of a workflow into a pipeline.
pub(in crate::import) fn draw(at: At<'_>, record: &Record<'_>, build: &mut Builder) {
    let text = Text::new(record);
    let spec = at.get("spec");
    let spec = spec.and_then(|spec| spec.get("workflowSpec")).or(spec);
    // A workflow made from a template has what it ran in its status.
    let stored = at.at(&["status", "storedWorkflowTemplateSpec"]);
    let listed = |of: Option<At<'_>>| of.is_some_and(|of| of.get("templates").is_some());
    let Some(spec) = (if listed(spec) { spec } else { stored.or(spec) }) else { return };
    let mut templates = FxHashMap::default();
    let mut called: FxHashSet<String> = FxHashSet::default();
    let all = || spec.get("templates").into_iter().flat_map(At::items);
    for template in all() {
        if let Some(name) = template.text_of("name") {
            templates.insert(name.into_owned(), template);
        }
        called.extend(
            tasks(template).into_iter().flatten().filter_map(|task| Some(task.text_of("template")?.into_owned())),
        );
    }
    let entry = read::text(spec, &["entrypoint"]).map(std::borrow::Cow::into_owned);
    let entries: Vec<String> = match entry {
        Some(entry) => vec![entry],
        None => {
            // A library of templates: those that no other calls.
            let names = all().filter(|template| is_flow(*template)).filter_map(|template| template.text_of("name"));
            let names: Vec<String> = names.map(std::borrow::Cow::into_owned).collect();
            let outer: Vec<String> = names.iter().filter(|name| !called.contains(*name)).cloned().collect();
            if outer.is_empty() { names } else { outer }
        }
    };
    let templates = Rc::new(templates);
    let library = entries.len() > 1;
    let lone: Vec<String> = if entries.is_empty() { vec![String::new()] } else { entries };
    for entry in lone.into_iter().take(LIBRARY) {
        let chart = Chart::new("argo", text.place(at));
        let mut drawing = Drawing { text, chart, templates: Rc::clone(&templates), todo: Vec::new(), left_out: false };
        drawing.about(at, spec, library.then_some(&entry));
        drawing.draw(at, spec, &entry);
        if drawing.left_out {
            let message = format!("Templates within templates are drawn to {MOST} nodes and a depth of {DEEP}.");
            build.warn(record.file(), "nested-too-deep", message);
        }
        let roots: Vec<u32> = drawing.chart.pipeline.entry.into_iter().collect();
        drawing.chart.finish(&roots, build);
    }
}

/// The tasks of a template, in the groups that run one after the other; all tasks of a DAG are one group.
fn tasks(template: At<'_>) -> Vec<Vec<At<'_>>> {
    if let Some(dag) = template.at(&["dag", "tasks"]) {
        return vec![dag.items().collect()];
    }
    let steps = template.get("steps").into_iter().flat_map(At::items);
    steps.map(|group| if group.is(Json::Array) { group.items().collect() } else { vec![group] }).collect()
}

fn is_flow(template: At<'_>) -> bool {
    template.get("dag").is_some() || template.get("steps").is_some()
}

/// What a template does, in a few words.
fn does(template: At<'_>) -> String {
    let image = |key: &str| template.at(&[key, "image"]).and_then(At::string).map(|image| line(&image, 60));
    let kinds = ["container", "script", "resource", "http", "plugin", "suspend", "data", "containerSet"];
    let kind = kinds.into_iter().find(|key| template.get(key).is_some());
    match kind {
        Some(kind @ ("container" | "script")) => image(kind).unwrap_or_else(|| kind.to_owned()),
        Some("resource") => match template.at(&["resource", "action"]).and_then(At::string) {
            Some(action) => format!("resource {action}"),
            None => "resource".to_owned(),
        },
        Some("http") => template.at(&["http", "url"]).and_then(At::string).map_or("http".into(), |url| line(&url, 60)),
        Some(kind) => kind.to_owned(),
        None => String::new(),
    }
}

impl<'a> Drawing<'a> {
    fn about(&mut self, at: At<'a>, spec: At<'a>, entry: Option<&String>) {
        let meta = at.get("metadata");
        let name = meta.and_then(|meta| read::text(meta, &["name", "generateName"])).unwrap_or_default();
        let name = name.trim_end_matches('-');
        let note = meta.and_then(|meta| meta.get("annotations"));
        let note = note.and_then(|notes| notes.text_of("workflows.argoproj.io/description"));
        let pipeline = &mut self.chart.pipeline;
        pipeline.name = entry.map_or_else(|| name.to_owned(), |entry| format!("{name}/{entry}"));
        let mut parts: Vec<String> = self.templates.keys().cloned().collect();
        parts.order_by(String::cmp);
        pipeline.parts = parts;
        pipeline.description = note.map(|note| line(&note, 1_000)).unwrap_or_default();
        for one in spec.at(&["arguments", "parameters"]).into_iter().flat_map(At::items) {
            pipeline.parameters.push(Parameter {
                name: one.text_of("name").unwrap_or_default().into_owned(),
                required: one.get("value").is_none() && one.get("default").is_none(),
                default: read::first(one, &["value", "default"]).and_then(|value| self.text.value(value)),
                description: one.text_of("description").unwrap_or_default().into_owned(),
                ..Parameter::default()
            });
        }
    }

    fn draw(&mut self, at: At<'a>, spec: At<'a>, entry: &str) {
        let place = self.text.place(at);
        match self.templates.get(entry).copied() {
            Some(template) if is_flow(template) => self.todo.push(Todo {
                template,
                parent: None,
                prefix: String::new(),
                way: Some(Rc::new(Way(entry.to_owned(), None))),
                depth: 0,
            }),
            Some(template) => {
                self.chart.add(self.leaf(entry, entry, template, None));
            }
            // A workflow that is made from a template elsewhere, or a library without flows.
            None => {
                let elsewhere = spec.at(&["workflowTemplateRef", "name"]).and_then(At::string);
                if let Some(name) = elsewhere.as_deref().or(Some(entry).filter(|entry| !entry.is_empty())) {
                    let detail = "defined in another file".to_owned();
                    let (id, name) = (name.to_owned(), name.to_owned());
                    self.chart.add(PipelineNode { id, name, detail, place, ..PipelineNode::default() });
                } else {
                    let mut all: Vec<(String, At<'a>)> =
                        self.templates.iter().map(|(name, at)| (name.clone(), *at)).collect();
                    all.order_by_key(|(_, at)| at.node);
                    for (name, template) in all.into_iter().take(MOST) {
                        self.chart.add(self.leaf(&name, &name, template, None));
                    }
                    return;
                }
            }
        }
        self.expand();
        let sources = self.chart.sources();
        if let Some(exit) = read::text(spec, &["onExit"]) {
            self.exit(&exit, place);
        }
        let cron = at.at(&["spec", "schedule"]).or_else(|| at.at(&["spec", "schedules"])?.items().next());
        let cron = cron.and_then(At::string).map(|schedule| format!("at {schedule}"));
        let start = self.chart.start(cron.as_deref().unwrap_or("Start"), place);
        for to in sources {
            self.chart.lead(start, to, place);
        }
    }

    /// What runs at the end, whatever happened: after everything nothing follows.
    fn exit(&mut self, name: &str, place: crate::model::Place) {
        let mut last = vec![true; self.chart.pipeline.nodes.len()];
        for edge in &self.chart.pipeline.edges {
            if let Some(slot) = last.get_mut(edge.from as usize) {
                *slot = false;
            }
        }
        let nodes = self.chart.pipeline.nodes.iter().zip(last).enumerate();
        let ends = nodes.filter(|(_, (node, last))| *last && node.parent.is_none()).map(|(at, _)| at as u32);
        let ends: Vec<u32> = ends.collect();
        let Some(template) = self.templates.get(name).copied() else { return };
        let node = self.chart.add(self.leaf("onExit", name, template, None));
        for from in ends {
            self.chart.link(from, node, "at the end", EdgeStyle::Conditional, place);
        }
        if is_flow(template) {
            let way = Some(Rc::new(Way(name.to_owned(), None)));
            self.todo.push(Todo { template, parent: Some(node), prefix: "onExit/".to_owned(), way, depth: 1 });
            self.expand();
        }
    }

    /// A node for a template that is no flow, or is drawn as a frame.
    fn leaf(&self, id: &str, name: &str, template: At<'a>, parent: Option<u32>) -> PipelineNode {
        let shown = [("inputs", "Inputs"), ("outputs", "Outputs"), ("retryStrategy", "Retry")];
        PipelineNode {
            id: id.to_owned(),
            name: name.to_owned(),
            kind: if template.get("suspend").is_some() { NodeKind::Human } else { NodeKind::Step },
            detail: does(template),
            place: self.text.place(template),
            values: self.text.values(template, &shown),
            parent,
            ..PipelineNode::default()
        }
    }

    fn expand(&mut self) {
        while let Some(todo) = self.todo.pop() {
            let groups = tasks(todo.template);
            let ordered = todo.template.get("dag").is_none();
            let mut names: FxHashMap<String, u32> = FxHashMap::default();
            let mut drawn: Vec<Vec<(At<'a>, u32)>> = Vec::new();
            for group in groups {
                let mut nodes = Vec::new();
                for task in group {
                    if self.chart.pipeline.nodes.len() >= MOST {
                        self.left_out = true;
                        break;
                    }
                    let name = task.text_of("name").unwrap_or_default().into_owned();
                    let node = self.task(task, &name, &todo);
                    names.entry(name).or_insert(node);
                    nodes.push((task, node));
                }
                drawn.push(nodes);
            }
            if ordered {
                self.one_after_the_other(&drawn, todo.parent);
            } else {
                self.after_what_they_depend_on(&drawn, &names, todo.parent);
            }
        }
    }

    fn task(&mut self, task: At<'a>, name: &str, todo: &Todo<'a>) -> u32 {
        let called = read::text(task, &["template"]);
        let template = called.as_deref().and_then(|called| self.templates.get(called).copied()).or(task.get("inline"));
        let elsewhere = task.get("templateRef").map(|of| {
            let text = |key| of.text_of(key).unwrap_or_default();
            format!("{}/{}", text("name"), text("template"))
        });
        let id = format!("{}{name}", todo.prefix);
        let mut node = template.map(|template| self.leaf(&id, name, template, todo.parent)).unwrap_or_else(|| {
            let (id, name) = (id.clone(), name.to_owned());
            PipelineNode { id, name, parent: todo.parent, ..PipelineNode::default() }
        });
        let many = ["withParam", "withItems", "withSequence"].into_iter().find_map(|key| task.get(key));
        let again = called.as_deref().is_some_and(|called| {
            std::iter::successors(todo.way.as_deref(), |way| way.1.as_deref()).any(|way| way.0 == called)
        });
        let mut words: Vec<String> = Vec::new();
        if again {
            words.push(format!("runs {} again", called.as_deref().unwrap_or_default()));
        } else {
            words.extend(elsewhere.or_else(|| called.as_deref().filter(|called| *called != name).map(str::to_owned)));
            words.extend(Some(std::mem::take(&mut node.detail)).filter(|detail| !detail.is_empty()));
        }
        if let Some(items) = many {
            node.kind = NodeKind::Parallel;
            let items = items.string().map_or_else(|| items.brief(40), |items| line(&items, 60));
            words.push(format!("for each of {items}"));
        }
        node.detail = words.join(" · ");
        node.place = self.text.place(task);
        let shown = [("arguments", "Arguments"), ("hooks", "Hooks")];
        let own = self.text.values(task, &shown);
        let called_values = std::mem::take(&mut node.values).into_iter().map(|(label, value)| match &*label {
            "Definition" => ("Template".to_owned(), value),
            _ => (label, value),
        });
        node.values = own.into_iter().chain(called_values).collect();
        let at = self.chart.add(node);
        if let Some(template) = template.filter(|template| is_flow(*template) && !again) {
            if todo.depth < DEEP {
                self.todo.push(Todo {
                    template,
                    parent: Some(at),
                    prefix: format!("{id}/"),
                    way: Some(Rc::new(Way(called.unwrap_or_default().into_owned(), todo.way.clone()))),
                    depth: todo.depth + 1,
                });
            } else {
                self.left_out = true;
            }
        }
        at
    }

    /// Steps: each group follows all of the one before.
    fn one_after_the_other(&mut self, groups: &[Vec<(At<'a>, u32)>], parent: Option<u32>) {
        let mut before: &[(At<'a>, u32)] = &[];
        for group in groups.iter().filter(|group| !group.is_empty()) {
            for &(task, to) in group {
                let when = when(task);
                let style = if when.is_empty() { EdgeStyle::Always } else { EdgeStyle::Conditional };
                let place = self.text.place(task);
                for &(_, from) in before {
                    if self.chart.is_full() {
                        return;
                    }
                    self.chart.link(from, to, &when, style, place);
                }
                if let Some(parent) = parent.filter(|_| before.is_empty()) {
                    self.chart.reaches(parent, to);
                }
            }
            before = group;
        }
    }

    /// A DAG: each task follows those it names.
    fn after_what_they_depend_on(
        &mut self,
        groups: &[Vec<(At<'a>, u32)>],
        names: &FxHashMap<String, u32>,
        parent: Option<u32>,
    ) {
        for &(task, to) in groups.iter().flatten() {
            let place = self.text.place(task);
            let when = when(task);
            let after = depends::after(task);
            if let Some(parent) = parent.filter(|_| after.is_empty()) {
                self.chart.reaches(parent, to);
            }
            for (name, on) in after {
                let said = [on.as_str(), when.as_str()].into_iter().filter(|text| !text.is_empty());
                let said = said.collect::<Vec<_>>().join(" and ");
                let style = if said.is_empty() { EdgeStyle::Always } else { EdgeStyle::Conditional };
                let from = names.get(&name).copied().unwrap_or_else(|| self.chart.named(&name, place));
                self.chart.link(from, to, &said, style, place);
            }
        }
    }
}

/// The condition of a task.
fn when(task: At<'_>) -> String {
    read::text(task, &["when"]).map(|when| line(&when, 200)).unwrap_or_default()
}

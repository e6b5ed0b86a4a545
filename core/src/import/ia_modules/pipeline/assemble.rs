//! From the parts of a file to a pipeline: nodes, terminals, edges, and what is broken between them.

use super::Raw;
use crate::import::Builder;
use crate::import::ia_modules::condition::condition;
use crate::import::ia_modules::part::Part;
use crate::json::NodeKind as Json;
use crate::model::{
    Condition, Diagnostic, EdgeStyle, NodeKind, Parameter, Pipeline, PipelineEdge, PipelineNode, Place, Severity,
};
use crate::order::Order as _;
use rustc_hash::{FxHashMap, FxHashSet};

/// Members of a step that have a tab of their own, and what it is called.
const VALUES: [(&str, &str); 7] = [
    ("config", "Config"),
    ("inputs", "Inputs"),
    ("outputs", "Outputs"),
    ("input_schema", "Input schema"),
    ("output_schema", "Output schema"),
    ("conditions", "Conditions"),
    ("error_handling", "Error handling"),
];

struct Assembly<'a> {
    raw: &'a Raw,
    pipeline: Pipeline,
    /// The node an edge means, by id. Of several steps with one id the last, as the engine takes it.
    by_id: FxHashMap<String, u32>,
    /// The first step of each display name.
    by_name: FxHashMap<String, u32>,
    diagnostics: Vec<Diagnostic>,
    /// Findings by code: beyond [`REPORTED`] only their number is told.
    counts: FxHashMap<&'static str, u32>,
}

/// Findings of one code that are reported one by one.
const REPORTED: u32 = 50;

/// Puts a pipeline together and reports what is broken.
pub(super) fn assemble(raw: &Raw, build: &mut Builder) {
    let mut assembly = Assembly {
        raw,
        pipeline: Pipeline::default(),
        by_id: FxHashMap::default(),
        by_name: FxHashMap::default(),
        diagnostics: Vec::new(),
        counts: FxHashMap::default(),
    };
    assembly.members();
    assembly.wrong();
    assembly.steps();
    assembly.start();
    assembly.edges();
    assembly.pipeline.mark_reachable();
    assembly.say_rest();
    assembly.pipeline.place = raw.place;
    assembly.pipeline.declared = (raw.steps.len() as u32, raw.edges.len() as u32);
    build.pipelines.push(assembly.pipeline);
    build.diagnostics.append(&mut assembly.diagnostics);
}

/// `end` and names that begin with `end_` stop a run.
fn is_terminal(id: &str) -> bool {
    id == "end" || id.starts_with("end_")
}

impl Assembly<'_> {
    /// What was found more often than is worth a line each.
    fn say_rest(&mut self) {
        let mut more: Vec<_> = self.counts.iter().filter(|(_, count)| **count > REPORTED).collect();
        more.order();
        for (code, count) in more {
            let message = format!("{} more of this kind were found.", count - REPORTED);
            self.diagnostics.push(Diagnostic::new(Severity::Warning, code, message));
        }
    }

    fn say(&mut self, severity: Severity, code: &'static str, message: String, place: Option<Place>, path: &str) {
        let count = self.counts.entry(code).or_default();
        *count = count.saturating_add(1);
        if *count > REPORTED {
            return;
        }
        let mut diagnostic = Diagnostic::new(severity, code, message).path(path);
        if let Some(place) = place {
            diagnostic = diagnostic.at(place);
        }
        self.diagnostics.push(diagnostic);
    }

    fn members(&mut self) {
        for (key, part) in &self.raw.members {
            let text = part.string(Part::ROOT).unwrap_or_else(|| match part.kind(Part::ROOT) {
                Json::Null => String::new(),
                _ => part.brief(Part::ROOT, 200),
            });
            match key.as_str() {
                "name" => self.pipeline.name = text,
                "description" => self.pipeline.description = text,
                "version" => self.pipeline.version = text,
                "parameters" => self.pipeline.parameters = parameters(part),
                _ => {}
            }
        }
        self.pipeline.dialect = "ia-modules".to_owned();
    }

    fn wrong(&mut self) {
        for (key, part) in &self.raw.wrong {
            let path = match key.as_str() {
                "paths" | "transitions" => format!("$.flow.{key}"),
                _ => format!("$.{key}"),
            };
            let wanted = if key == "flow" { "an object" } else { "a list" };
            let found = part.brief(Part::ROOT, 40);
            let message = format!("`{key}` must be {wanted}, and it is {found}; nothing in it is read.");
            self.say(Severity::Error, "wrong-kind", message, Some(part.whole()), &path);
        }
        if !self.raw.has_steps {
            let message = "The pipeline has no `steps`. Add a list of its steps.".to_owned();
            self.say(Severity::Error, "steps-missing", message, None, "$");
        }
    }

    fn steps(&mut self) {
        let raw = self.raw;
        for (index, part) in raw.steps.iter().enumerate() {
            let path = format!("$.steps[{index}]");
            let place = Some(part.whole());
            if !part.is(Part::ROOT, Json::Object) {
                let message =
                    format!("A step must be an object, and this is {}; left out.", part.brief(Part::ROOT, 40));
                self.say(Severity::Error, "wrong-kind", message, place, &path);
                continue;
            }
            let own = |key: &str| {
                let node = part.get(Part::ROOT, key)?;
                let text = part.string(node).or_else(|| match part.kind(node) {
                    Json::Number => Some(part.brief(node, 40)),
                    _ => None,
                })?;
                Some(text).filter(|text| !text.is_empty())
            };
            let name = own("name");
            let id = own("id").or_else(|| name.clone()).unwrap_or_else(|| {
                let message = "The step has neither `id` nor `name`: no edge can lead to it. Give it an `id`.";
                self.say(Severity::Error, "step-without-id", message.to_owned(), place, &path);
                format!("steps[{index}]")
            });
            if let Some(name) = &name {
                self.by_name.entry(name.clone()).or_insert(self.pipeline.nodes.len() as u32);
            }
            let class = own("step_class").or_else(|| own("class")).unwrap_or_default();
            let node = self.pipeline.nodes.len() as u32;
            if let Some(earlier) = self.by_id.insert(id.clone(), node) {
                let earlier = self.pipeline.nodes.get(earlier as usize).map(|node| node.place);
                let line = earlier.map_or_else(String::new, |place| format!(" (byte {})", place.start));
                let message = format!(
                    "The id `{id}` is already used by an earlier step{line}. One of the engine's loaders refuses the \
                     file, the other takes the later step; edges are drawn to the later one."
                );
                let place = part.get(Part::ROOT, "id").map(|node| part.place(node)).or(place);
                self.say(Severity::Error, "duplicate-step", message, place, &format!("{path}.id"));
            }
            let mut values = vec![("Definition".to_owned(), part.value(Part::ROOT))];
            values.extend(VALUES.iter().filter_map(|(key, label)| {
                let value = part.get(Part::ROOT, key).filter(|&node| !part.is(node, Json::Null))?;
                Some(((*label).to_owned(), part.value(value)))
            }));
            self.pipeline.nodes.push(PipelineNode {
                name: name.unwrap_or_else(|| id.clone()),
                id,
                kind: kind(part, &class),
                detail: class,
                reachable: false,
                place: part.whole(),
                values,
            });
        }
    }

    fn start(&mut self) {
        let raw = self.raw;
        let stated = raw.start_at.as_ref();
        let Some(part) = stated.filter(|part| part.string(Part::ROOT).is_some_and(|id| !id.is_empty())) else {
            let (path, message) = match (raw.has_flow, stated) {
                (false, _) => (
                    "$",
                    "The pipeline has no `flow`: the engine does not know where to start. Add `flow` with `start_at` and `paths`.",
                ),
                (true, None) => (
                    "$.flow",
                    "`flow` has no `start_at`: the engine does not know where to start. Name the first step there.",
                ),
                (true, Some(_)) => {
                    ("$.flow.start_at", "`start_at` must be the id of a step. Name the first step there.")
                }
            };
            let code = if raw.has_flow { "start-missing" } else { "flow-missing" };
            self.say(Severity::Error, code, message.to_owned(), stated.map(Part::whole), path);
            return;
        };
        let id = part.string(Part::ROOT).unwrap_or_default();
        if !self.by_id.contains_key(&id) {
            let message = if is_terminal(&id) {
                format!("The pipeline starts at `{id}`, which ends it: no step is run, and the engine reports success.")
            } else {
                format!("`start_at` names `{id}`, which is no step of this file{}.", self.meant(&id))
            };
            self.say(Severity::Error, "start-undefined", message, Some(part.whole()), "$.flow.start_at");
        }
        let to = self.node(&id, part.whole());
        let start = self.pipeline.nodes.len() as u32;
        self.pipeline.nodes.push(PipelineNode {
            id: "START".to_owned(),
            name: "Start".to_owned(),
            kind: NodeKind::Start,
            place: part.whole(),
            ..PipelineNode::default()
        });
        self.pipeline.entry = Some(start);
        self.pipeline.edges.push(PipelineEdge {
            from: start,
            to,
            place: part.whole(),
            path: "$.flow.start_at".to_owned(),
            ..PipelineEdge::default()
        });
    }

    /// Where an unknown id is the display name of a step: says so.
    fn meant(&self, id: &str) -> String {
        let named = self.by_name.get(id).and_then(|&node| self.pipeline.nodes.get(node as usize));
        let named = named.filter(|node| node.id != id);
        named.map_or_else(String::new, |node| {
            format!("; a step has that as its name, and its id is `{}`: edges go by id", node.id)
        })
    }

    /// The node of this id; a terminal or a missing one is made when it is first named.
    fn node(&mut self, id: &str, place: Place) -> u32 {
        if let Some(&node) = self.by_id.get(id) {
            return node;
        }
        let node = self.pipeline.nodes.len() as u32;
        let kind = if is_terminal(id) { NodeKind::End } else { NodeKind::Missing };
        let (id, name) = (id.to_owned(), id.to_owned());
        self.by_id.insert(id.clone(), node);
        self.pipeline.nodes.push(PipelineNode { id, name, kind, place, ..PipelineNode::default() });
        node
    }

    fn edges(&mut self) {
        let raw = self.raw;
        let (mut short, mut long, mut transitions) = (0u32, 0u32, 0u32);
        let mut crash = None;
        let parameters: FxHashSet<String> = self.pipeline.parameters.iter().map(|p| p.name.clone()).collect();
        for (transition, index, part) in &raw.edges {
            let list = if *transition { "transitions" } else { "paths" };
            let path = format!("$.flow.{list}[{index}]");
            transitions += u32::from(*transition);
            let end =
                |keys: [&'static str; 2]| keys.into_iter().find_map(|key| Some((key, part.get(Part::ROOT, key)?)));
            let (from, to) = (end(["from", "from_step"]), end(["to", "to_step"]));
            for (key, _) in [from, to].into_iter().flatten() {
                if key.ends_with("_step") { long += 1 } else { short += 1 }
            }
            let text =
                |end: Option<(&str, u32)>| end.and_then(|(_, node)| part.string(node)).filter(|id| !id.is_empty());
            let (Some(from_id), Some(to_id)) = (text(from), text(to)) else {
                let message = format!(
                    "An edge must name two steps, as `from` and `to` or `from_step` and `to_step`; this is {} and is left out.",
                    part.brief(Part::ROOT, 80)
                );
                self.say(Severity::Error, "edge-incomplete", message, Some(part.whole()), &path);
                continue;
            };
            for (id, at) in [(&from_id, from), (&to_id, to)] {
                let Some((key, node)) = at else { continue };
                if !self.by_id.contains_key(id) && !is_terminal(id) {
                    let message = format!("The edge names `{id}`, which is no step of this file{}.", self.meant(id));
                    let place = Some(part.place(node));
                    self.say(Severity::Error, "edge-to-undefined-step", message, place, &format!("{path}.{key}"));
                }
                if id == "end" && !self.by_id.contains_key(id) {
                    crash = crash.or(Some((part.place(node), format!("{path}.{key}"))));
                }
            }
            let (from, to) = (self.node(&from_id, part.whole()), self.node(&to_id, part.whole()));
            let known = |name: &str| self.by_id.contains_key(name) || parameters.contains(name);
            let (mut condition, mut style) = match part.get(Part::ROOT, "condition") {
                Some(node) => condition(part, node, &known),
                None => (None, EdgeStyle::Always),
            };
            if *transition {
                style = EdgeStyle::Never;
                let held = condition.get_or_insert_with(|| Condition { text: "always".to_owned(), remark: None });
                held.remark =
                    Some("never taken: the engine reads `flow.paths` and ignores `flow.transitions`".to_owned());
            }
            self.pipeline.edges.push(PipelineEdge { from, to, condition, style, place: part.whole(), path });
        }
        if let Some((place, path)) = crash {
            let message = "An edge leads to `end`: the engine accepts the name and then stops with \"Step 'end' not found\". Use `end_with_success`.";
            self.say(Severity::Warning, "terminal-not-found", message.to_owned(), Some(place), &path);
        }
        let first = |transition: bool| raw.edges.iter().find(|edge| edge.0 == transition).map(|edge| edge.2.whole());
        if transitions > 0 {
            let effect = if first(false).is_some() {
                "these edges are never taken"
            } else {
                "only the first step runs, and the run is reported as a success"
            };
            let message = format!(
                "The engine ignores `flow.transitions` ({transitions} here): {effect}. Move them to `flow.paths`."
            );
            self.say(Severity::Warning, "transitions-ignored", message, first(true), "$.flow.transitions");
        }
        if short > 0 && long > 0 {
            let message = "Edges are spelled both `from`/`to` and `from_step`/`to_step`. Both are read here; one of the engine's \
                           loaders knows only the first, and the validator only the second. Use one of them.";
            self.say(Severity::Warning, "edge-spellings-mixed", message.to_owned(), first(false), "$.flow.paths");
        }
    }
}

fn kind(part: &Part, class: &str) -> NodeKind {
    let stated = part.text(Part::ROOT, "type").unwrap_or_default().to_ascii_lowercase();
    let config = part.get(Part::ROOT, "config");
    let form = config.is_some_and(|config| part.get(config, "ui_schema").is_some());
    let parallel = part.get(Part::ROOT, "parallel").is_some_and(|node| part.brief(node, 8) == "true");
    if stated.contains("human") || stated == "hitl" || class.contains("Human") || class.contains("HITL") || form {
        NodeKind::Human
    } else if parallel || stated == "parallel" || class == "ParallelStep" {
        NodeKind::Parallel
    } else {
        NodeKind::Step
    }
}

fn type_name(part: &Part, node: u32) -> &'static str {
    match part.kind(node) {
        Json::Object => "object",
        Json::Array => "array",
        Json::String => "string",
        Json::Number => "number",
        Json::Bool => "boolean",
        Json::Null => "",
    }
}

/// Parameters as a list of declarations, or as an object of values.
fn parameters(part: &Part) -> Vec<Parameter> {
    let object = part.is(Part::ROOT, Json::Object);
    let mut out = Vec::new();
    for node in part.children(Part::ROOT) {
        if object {
            out.push(Parameter {
                name: part.key(node),
                type_name: type_name(part, node).to_owned(),
                default: Some(part.value(node)),
                ..Parameter::default()
            });
        } else if let Some(name) = part.text(node, "name") {
            let schema = part.get(node, "schema");
            let stated = schema.and_then(|schema| part.text(schema, "type")).or_else(|| part.text(node, "type"));
            out.push(Parameter {
                name,
                type_name: stated.unwrap_or_default(),
                required: part.get(node, "required").is_some_and(|node| part.brief(node, 8) == "true"),
                default: part.get(node, "default").map(|node| part.value(node)),
                description: part.text(node, "description").unwrap_or_default(),
            });
        } else if let Some(name) = part.string(node) {
            out.push(Parameter { name, ..Parameter::default() });
        }
    }
    out
}

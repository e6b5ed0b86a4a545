//! What became of an Argo workflow: the nodes in its `status`.
//!
//! Source: Argo Workflows 2 and 3 (`argo get NAME -o json`, `kubectl get wf NAME -o json`), `NodeStatus` of its API. A
//! node stands below the one around it (`boundaryID`); the tries of a retried node and the items of a loop stand below
//! theirs. The groups of steps that run together are left out: they have no name and do nothing. The definition in the
//! same file is drawn by `pipelines`.

use super::common::{fact, facts, status};
use crate::import::record::{Record, Records, read};
use crate::import::{Builder, Draft, Format, Matched, Probe, Revealing, each_object, pipelines};
use crate::json::{At, NodeKind};
use crate::model::{Details, Diagnostic, Error, Kind, Origin, Severity, Status, Sym};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;

/// The format.
pub(super) const FORMAT: Format = Format {
    id: "argo-run",
    name: "Argo workflow runs",
    detect,
    importer: |_, _| Box::new(Records { finds: each_object, takes, shows }),
};

fn takes(_: u8, record: &Record<'_>, build: &mut Builder) {
    let root = record.root();
    for item in root.get("items").into_iter().flat_map(At::items) {
        workflow(record, item, build);
    }
    workflow(record, root, build);
}

/// The run of one workflow, when its status holds one.
pub(crate) fn workflow(record: &Record<'_>, at: At<'_>, build: &mut Builder) {
    let Some(state) = at.get("status") else { return };
    let meta = at.get("metadata");
    let text = |keys: &[&str]| meta.and_then(|meta| read::text(meta, keys));
    let name = text(&["name", "generateName"]).unwrap_or_else(|| "workflow".into());
    if read::text(state, &["compressedNodes"]).is_some() {
        let message = format!(
            "The nodes of “{name}” are packed in `status.compressedNodes`. `argo get {name} -o json` writes them out."
        );
        build.diagnostics.push(Diagnostic::new(Severity::Warning, "packed-nodes", message).at(record.place(state)));
    }
    let Some(nodes) = state.get("nodes").filter(|nodes| nodes.is(NodeKind::Object) && nodes.count() > 0) else {
        return;
    };
    let run = build.names.intern(&text(&["uid"]).unwrap_or_else(|| name.clone()));
    build.run_names.insert(run, name.into_owned());
    if pipelines::is_argo(at) {
        // What was to be done stands beside what was.
        let drawn = build.pipelines.len() as u32;
        pipelines::draw_argo(at, record, build);
        // A workflow that was made from a template elsewhere names that alone.
        if build.pipelines.get(drawn as usize).is_some_and(|pipeline| !pipeline.parts.is_empty()) {
            build.run_pipelines.insert(run, drawn);
        }
    }
    build.origins.insert(run, Box::new(origin(at, nodes)));
    let inside = inside(nodes);
    for node in nodes.members() {
        if read::text(node, &["type"]).as_deref() == Some("StepGroup") {
            continue;
        }
        let Some(id) = read::text(node, &["id"]).or_else(|| node.key()).filter(|id| !id.is_empty()) else { continue };
        let parent = inside.get(&*id).cloned().or_else(|| Some(read::text(node, &["boundaryID"])?.into_owned()));
        step(record, node, &id, parent.filter(|parent| *parent != id).as_deref(), run, build);
    }
}

/// What a workflow says of its definition: the template or schedule it was made from, and the templates that ran.
fn origin(at: At<'_>, nodes: At<'_>) -> Origin {
    let labels = at.at(&["metadata", "labels"]);
    let label = |key: &str| labels?.text_of(&format!("workflows.argoproj.io/{key}"));
    let of = at.at(&["spec", "workflowTemplateRef", "name"]).and_then(At::string);
    let labelled = ["workflow-template", "cluster-workflow-template", "cron-workflow"].into_iter().filter_map(label);
    let mut origin = Origin { dialect: "argo", ..Origin::default() };
    origin.names = of.into_iter().chain(labelled).map(Cow::into_owned).collect();
    let mut seen = FxHashSet::default();
    for node in nodes.members().filter(|node| node.get("templateRef").is_none()) {
        // Templates of another library are not in the definition.
        let other = read::text(node, &["templateScope"]).is_some_and(|scope| !scope.starts_with("local/"));
        if let Some(name) = read::text(node, &["templateName"]).filter(|name| !other && seen.insert(name.to_string())) {
            origin.parts.push(name.into_owned());
        }
    }
    origin
}

/// By id of a try or an item of a loop, the node that tries or loops: its name with a number in brackets.
fn inside(nodes: At<'_>) -> FxHashMap<String, String> {
    let mut names: FxHashMap<String, String> = FxHashMap::default();
    for node in nodes.members() {
        if let Some(id) = read::text(node, &["id"]).or_else(|| node.key()) {
            names.insert(id.into_owned(), read::text(node, &["name"]).unwrap_or_default().into_owned());
        }
    }
    let mut inside = FxHashMap::default();
    for node in nodes.members() {
        if !matches!(read::text(node, &["type"]).as_deref(), Some("Retry" | "TaskGroup")) {
            continue;
        }
        let Some(id) = read::text(node, &["id"]).or_else(|| node.key()) else { continue };
        let begins = format!("{}(", read::text(node, &["name"]).unwrap_or_default());
        for child in node.get("children").into_iter().flat_map(At::items).filter_map(At::string) {
            if names.get(&*child).is_some_and(|name| name.starts_with(&begins)) {
                inside.insert(child.into_owned(), id.clone().into_owned());
            }
        }
    }
    inside
}

fn step(record: &Record<'_>, node: At<'_>, id: &str, parent: Option<&str>, run: Sym, build: &mut Builder) {
    let own = build.names.intern(id);
    let mut draft = Draft::new(run, own, record.place(node));
    draft.parent = parent.map(|parent| build.names.intern(parent));
    let name = read::text(node, &["displayName", "name", "templateName"]).unwrap_or_else(|| id.into());
    draft.name = build.names.intern(&name);
    let kind = read::text(node, &["type"]).unwrap_or_default();
    draft.kind = match &*kind {
        "Steps" | "DAG" | "Retry" | "TaskGroup" => Kind::Chain,
        "HTTP" => Kind::Http,
        "Suspend" => Kind::Human,
        _ => Kind::Task,
    };
    let phase = read::text(node, &["phase"]).unwrap_or_default();
    draft.status = match (&*kind, status(&phase)) {
        ("Skipped", None) => Status::Skipped,
        ("Suspend", Some(Status::Running)) => Status::Waiting,
        (_, Some(status)) => status,
        (_, None) => Status::Unset,
    };
    (draft.start, draft.end) = (read::iso(node, &["startedAt"]), read::iso(node, &["finishedAt"]));
    build.push(draft);
}

fn shows(record: &Record<'_>, _: Revealing<'_>, details: &mut Details) {
    let at = record.root();
    facts(
        details,
        at,
        &[
            ("type", "type"),
            ("phase", "phase"),
            ("templateName", "template"),
            ("podIP", "pod"),
            ("hostNodeName", "host"),
        ],
    );
    if let Some(template) = at.get("templateRef").and_then(|of| read::text(of, &["name"])) {
        fact(details, "template of", template);
    }
    details.input = record.value(read::first(at, &["inputs"]).filter(|at| at.count() > 0));
    details.output = record.value(read::first(at, &["outputs"]).filter(|at| at.count() > 0));
    let phase = read::text(at, &["phase"]).unwrap_or_default();
    if let Some(message) = read::text(at, &["message"]) {
        if status(&phase) == Some(Status::Error) {
            details.error = Some(Error { kind: phase.into_owned(), message: message.into_owned(), ..Error::default() });
        } else {
            fact(details, "message", message);
        }
    }
    let shown = [
        "id",
        "name",
        "displayName",
        "type",
        "phase",
        "templateName",
        "inputs",
        "outputs",
        "message",
        "startedAt",
        "finishedAt",
        "boundaryID",
        "hostNodeName",
    ];
    details.attributes = record.attributes(at, &shown);
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    probe.find(|sample| {
        let argo = |keys: &[&str]| {
            let version = sample.path(keys).and_then(|node| sample.text_of(node));
            version.is_some_and(|version| version.starts_with("argoproj.io/"))
        };
        let nodes = |keys: &[&str]| sample.path(keys).is_some_and(|node| sample.is(node, NodeKind::Object));
        argo(&["apiVersion"]) && (nodes(&["status", "nodes"]) || sample.path(&["status", "compressedNodes"]).is_some())
            || nodes(&["items", "status", "nodes"]) && (argo(&["items", "apiVersion"]) || sample.path(&["items", "metadata", "uid"]).is_some())
            // Without its head, as some tools print it.
            || nodes(&["status", "nodes"]) && sample.path(&["status", "phase"]).is_some() && nodes(&["metadata"])
    })?;
    Matched::new("Argo workflow run", "it is an Argo workflow with `status.nodes`")
}

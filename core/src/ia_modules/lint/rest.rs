//! Findings about templates and parameters.

use super::condition::engine_name;
use super::mend;
use super::report::{Report, Said};
use super::shape::Shape;
use crate::ia_modules::definition::Text;
use crate::ia_modules::validate::each_template;
use crate::json::NodeKind;
use crate::model::Severity::{Error, Info, Warning};
use crate::order::Order as _;
use crate::protocol::{EngineId, Loader};
use rustc_hash::FxHashSet;
use std::borrow::Cow;

pub(super) fn rest(shape: &Shape<'_>, report: &mut Report<'_>) {
    let templates = parameters(shape, report);
    if !templates {
        return;
    }
    let text = shape.text;
    let old = shape.target.engine == EngineId::IaModules013;
    let engine = engine_name(shape.target.engine);
    let list = text.get(Text::ROOT, "parameters");
    let as_list = list.is_some_and(|list| !text.is(list, NodeKind::Object));
    let defined = names(shape);
    let mut crash = old
        && match shape.target.loader {
            Loader::Raw => as_list,
            // It takes what is missing for a list, and a list for an object.
            Loader::Pydantic => list.is_none(),
        };
    for step in shape.steps.iter().filter(|step| step.templates.get() != Some(false)) {
        let Some(config) = step.members.config.filter(|&config| text.is(config, NodeKind::Object)) else { continue };
        let id = shape.id_of(step);
        let found = strings(text, config, |_| true);
        step.templates.set(Some(!found.is_empty()));
        for (node, name) in found {
            if std::mem::take(&mut crash) {
                report.say("template-with-list", Error, list.unwrap_or(node), || {
                    let kind = list.map_or("list", |list| text.type_name(list));
                    let why = match list {
                        Some(_) => "`parameters` is no object and",
                        None => "the pydantic loader takes the missing `parameters` for a list, and",
                    };
                    Said::new(format!(
                        "{engine} stops while it loads the file, because {why} a config holds \
                         `{{{{ parameters.{name} }}}}`: '{kind}' object has no attribute 'get'; make `parameters` an object."
                    ))
                    .fix(mend::parameters(text, list))
                });
            }
            let known = defined.contains(name.as_str());
            let told = if as_list { !defined.is_empty() } else { old };
            if told && !known {
                report.say("template-undefined", Warning, node, || {
                    Said::new(format!(
                        "There is no parameter `{name}`: {engine} leaves the template in the text as it stands."
                    ))
                    .step(id)
                });
            }
        }
    }
    let Some(flow) = shape.flow.filter(|_| old) else { return };
    for edge in shape.paths.iter().filter(|edge| edge.templates.get().is_none()) {
        edge.templates.set(Some(!strings(text, edge.node, |_| true).is_empty()));
    }
    let list = text.get(flow, "paths");
    let edge = |node: u32| shape.paths.binary_search_by_key(&node, |edge| edge.node).ok();
    let without = |node: u32| {
        edge(node).and_then(|at| shape.paths.get(at)).is_some_and(|edge| edge.templates.get() == Some(false))
    };
    let within = |node: u32| text.tree.parent(node) != list || !without(node);
    for (node, name) in strings(text, flow, within) {
        report.say("template-outside-config", Warning, node, || {
                Said::new(format!(
                    "{engine} resolves templates in a step's `config` alone: here `{{{{ parameters.{name} }}}}` stays a text, and is \
                     compared as one."
                ))
                .fix(mend::filled(text, node, &name))
            });
    }
}

/// Names of parameters as the file declares them.
fn names<'a>(shape: &'a Shape<'_>) -> FxHashSet<Cow<'a, str>> {
    let text = shape.text;
    let mut names = FxHashSet::default();
    super::facts::inputs(text, |name, _| {
        names.insert(Cow::Owned(name.to_owned()));
    });
    if let Some(object) = text.object(Text::ROOT, "parameters") {
        names.extend(text.children(object).map(|member| text.key(member)));
    }
    names
}

/// The strings below a node that hold `{{ parameters.NAME }}`, with the name; only below nodes that are to be looked at.
fn strings(text: Text<'_>, node: u32, within: impl Fn(u32) -> bool) -> Vec<(u32, String)> {
    let mut found = Vec::new();
    if !text.raw(node).contains(&b'{') {
        return found;
    }
    let mut open = vec![node];
    while let Some(at) = open.pop() {
        if text.is(at, NodeKind::String) {
            // A backslash may hide a bracket.
            if memchr::memchr2(b'{', b'\\', text.raw(at)).is_none() {
                continue;
            }
            each_template(&text.string(at).unwrap_or_default(), |inside| {
                if let Some(name) = inside.strip_prefix("parameters.") {
                    found.push((at, name.to_owned()));
                }
            });
        } else {
            open.extend(text.children(at).filter(|&child| within(child)));
        }
    }
    found.order_by_key(|(node, _)| *node);
    found
}

/// Whether there are templates at all. Tells of defaults that are never applied.
fn parameters(shape: &Shape<'_>, report: &mut Report<'_>) -> bool {
    let text = shape.text;
    let engine = engine_name(shape.target.engine);
    let with_default = text.items(Text::ROOT, "parameters").find_map(|parameter| text.get(parameter, "default"));
    if let Some(node) = with_default {
        report.say("parameter-defaults-ignored", Info, node, || {
            Said::new(format!(
                "{engine} applies no default and checks nothing that is `required`: what the input does not hold is missing."
            ))
        });
    }
    references(shape, report);
    shape.templates
}

/// `{steps.NAME.output.KEY}` in the inputs of a step, naming what is not declared.
fn references(shape: &Shape<'_>, report: &mut Report<'_>) {
    if !shape.references {
        return;
    }
    let text = shape.text;
    for step in shape.steps {
        let list = step.members.inputs.filter(|&list| text.is(list, NodeKind::Array));
        for input in list.into_iter().flat_map(|list| text.children(list)) {
            let Some((node, source)) = text.get(input, "source").and_then(|node| Some((node, text.string(node)?)))
            else {
                continue;
            };
            let Some(path) = source.strip_prefix("{steps.").and_then(|path| path.strip_suffix('}')) else { continue };
            // Several references in one are nobody's syntax, and say nothing of a single step.
            if path.contains(['{', '}']) {
                continue;
            }
            let parts: Vec<&str> = path.split('.').collect();
            let (Some(id), key) = (parts.first(), parts.get(2)) else { continue };
            let what = match shape.step_of(id).and_then(|step| shape.steps.get(step as usize)) {
                None => format!("There is no step `{id}`"),
                Some(other) => match (&other.outputs, key) {
                    (Some(outputs), Some(key)) if shape.names.find(key).and_then(|key| outputs.get(key)).is_none() => {
                        format!("The step `{id}` declares no output `{key}`")
                    }
                    _ => continue,
                },
            };
            report.say("undeclared-output", Warning, node, || {
                Said::new(format!("{what}, and no version of the engine resolves this reference."))
                    .step(shape.id_of(step))
            });
        }
    }
}

//! What the engine makes of a condition. The one place for this: findings, drawings and their remarks all ask here.
//!
//! Both versions evaluate two types, `always` and `expression`, and of an expression only
//! `config.{source, operator, value}` with four operators (six in 0.2.0). Everything else is silently false.

use crate::ia_modules::definition::Text;
use crate::json::NodeKind;
use crate::protocol::EngineId;
use std::borrow::Cow;

/// A comparison the engine makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // Named as the engine names them.
pub enum Operator {
    Equals,
    NotEquals,
    GreaterThan,
    LessThan,
    GreaterThanOrEquals,
    LessThanOrEquals,
}

impl Operator {
    /// The engine's own name.
    pub fn name(self) -> &'static str {
        match self {
            Operator::Equals => "equals",
            Operator::NotEquals => "not_equals",
            Operator::GreaterThan => "greater_than",
            Operator::LessThan => "less_than",
            Operator::GreaterThanOrEquals => "greater_than_or_equals",
            Operator::LessThanOrEquals => "less_than_or_equals",
        }
    }

    /// As people write it.
    pub fn sign(self) -> &'static str {
        match self {
            Operator::Equals => "=",
            Operator::NotEquals => "≠",
            Operator::GreaterThan => ">",
            Operator::LessThan => "<",
            Operator::GreaterThanOrEquals => "≥",
            Operator::LessThanOrEquals => "≤",
        }
    }

    /// Whether it orders, and so stops the run with a `TypeError` when a side is null.
    pub fn orders(self) -> bool {
        !matches!(self, Operator::Equals | Operator::NotEquals)
    }

    /// Whether only 0.2.0 knows it.
    pub fn newer(self) -> bool {
        matches!(self, Operator::GreaterThanOrEquals | Operator::LessThanOrEquals)
    }

    /// The operator of exactly this name.
    pub fn exact(name: &str) -> Option<Operator> {
        use Operator as O;
        let all = [O::Equals, O::NotEquals, O::GreaterThan, O::LessThan, O::GreaterThanOrEquals, O::LessThanOrEquals];
        all.into_iter().find(|operator| operator.name() == name)
    }

    /// The operator a name that the engine does not know was meant to be.
    pub fn meant(name: &str) -> Option<Operator> {
        Operator::exact(name).or(match name {
            "==" | "=" | "===" | "eq" | "equal" | "is" => Some(Operator::Equals),
            "!=" | "<>" | "!==" | "ne" | "neq" | "not_equal" | "is_not" => Some(Operator::NotEquals),
            ">" | "gt" | "greater" => Some(Operator::GreaterThan),
            "<" | "lt" | "less" => Some(Operator::LessThan),
            ">=" | "≥" | "gte" | "ge" | "greater_than_or_equal" | "greater_or_equal" => {
                Some(Operator::GreaterThanOrEquals)
            }
            "<=" | "≤" | "lte" | "le" | "less_than_or_equal" | "less_or_equal" => Some(Operator::LessThanOrEquals),
            _ => None,
        })
    }
}

/// How people read an operator, also one the engine does not know.
pub fn sign(name: &str) -> &str {
    match Operator::meant(name) {
        Some(operator) => operator.sign(),
        None => name,
    }
}

/// A comparison: what is looked up in the run's data, and with what it is compared.
#[derive(Clone, Debug)]
pub struct Test<'a> {
    /// Keys joined by dots.
    pub source: Cow<'a, str>,
    /// The node that states the source.
    pub source_node: Option<u32>,
    /// The comparison.
    pub operator: Operator,
    /// The node of the value; `None` for null.
    pub value: Option<u32>,
}

impl Test<'_> {
    /// Stands for a comparison that the input of the run fills in. Its source is empty, as no other test's is.
    const UNREADABLE: Test<'static> =
        Test { source: Cow::Borrowed(""), source_node: None, operator: Operator::Equals, value: None };

    /// Whether only the input of a run tells what is compared.
    pub fn is_unreadable(&self) -> bool {
        self.source.is_empty()
    }
}

/// Whether a string holds a template that 0.2.0 fills in from the input of the run.
pub(super) fn filled_in(text: Text<'_>, node: Option<u32>, engine: EngineId) -> bool {
    let template = |text: &str| text.contains("{{") && text.contains("parameters.");
    engine == EngineId::IaModules020 && node.and_then(|node| text.string(node)).is_some_and(|text| template(&text))
}

/// Why the engine does not do what a condition seems to say.
#[derive(Clone, Debug)]
#[allow(missing_docs)] // The names say it; fields are the words of the file and where they stand.
pub enum Cause<'a> {
    NotObject,
    WithoutType,
    UnknownType { node: u32, name: Cow<'a, str> },
    UnknownOperator { node: u32, name: Cow<'a, str> },
    NewerOperator { node: u32, operator: Operator },
    OutsideConfig,
    ConfigNotObject { node: u32 },
    SourceNotString { node: u32 },
    WithoutSource,
}

/// When an edge is taken.
#[derive(Clone, Debug)]
pub enum Truth<'a> {
    /// Always.
    Always,
    /// Never.
    Never,
    /// Evaluating it stops the run.
    Raises,
    /// It depends on the data.
    Depends(Test<'a>),
}

/// What the engine makes of a condition.
#[derive(Clone, Debug)]
pub struct Judged<'a> {
    /// When the edge is taken.
    pub truth: Truth<'a>,
    /// Why that is not what the condition seems to say.
    pub cause: Option<Cause<'a>>,
}

fn plain(truth: Truth<'_>) -> Judged<'_> {
    Judged { truth, cause: None }
}

fn odd<'a>(truth: Truth<'a>, cause: Cause<'a>) -> Judged<'a> {
    Judged { truth, cause: Some(cause) }
}

impl Test<'_> {
    fn owned(self) -> Test<'static> {
        let Test { source, source_node, operator, value } = self;
        Test { source: Cow::Owned(source.into_owned()), source_node, operator, value }
    }
}

impl Cause<'_> {
    fn owned(self) -> Cause<'static> {
        let own = |name: Cow<'_, str>| Cow::Owned(name.into_owned());
        match self {
            Cause::NotObject => Cause::NotObject,
            Cause::WithoutType => Cause::WithoutType,
            Cause::UnknownType { node, name } => Cause::UnknownType { node, name: own(name) },
            Cause::UnknownOperator { node, name } => Cause::UnknownOperator { node, name: own(name) },
            Cause::NewerOperator { node, operator } => Cause::NewerOperator { node, operator },
            Cause::OutsideConfig => Cause::OutsideConfig,
            Cause::ConfigNotObject { node } => Cause::ConfigNotObject { node },
            Cause::SourceNotString { node } => Cause::SourceNotString { node },
            Cause::WithoutSource => Cause::WithoutSource,
        }
    }
}

impl Judged<'_> {
    /// The same, for keeping while the text changes.
    pub(super) fn owned(self) -> Judged<'static> {
        let truth = match self.truth {
            Truth::Always => Truth::Always,
            Truth::Never => Truth::Never,
            Truth::Raises => Truth::Raises,
            Truth::Depends(test) => Truth::Depends(test.owned()),
        };
        Judged { truth, cause: self.cause.map(Cause::owned) }
    }

    /// Hands out every node it speaks of, for when they have other numbers.
    pub(super) fn each_node(&mut self, with: impl FnMut(&mut u32)) {
        let cause = match &mut self.cause {
            Some(
                Cause::UnknownType { node, .. }
                | Cause::UnknownOperator { node, .. }
                | Cause::NewerOperator { node, .. }
                | Cause::ConfigNotObject { node }
                | Cause::SourceNotString { node },
            ) => Some(node),
            _ => None,
        };
        let test = match &mut self.truth {
            Truth::Depends(test) => [test.source_node.as_mut(), test.value.as_mut()],
            _ => [None, None],
        };
        test.into_iter().flatten().chain(cause).for_each(with);
    }
}

/// Judges the condition of an edge; `None` where the edge has none.
pub fn judge<'a>(text: Text<'a>, node: Option<u32>, engine: EngineId) -> Judged<'a> {
    let Some(node) = node else { return plain(Truth::Always) };
    if !text.is(node, NodeKind::Object) {
        return odd(Truth::Raises, Cause::NotObject);
    }
    if text.tree.first_child(node).is_none() {
        return plain(Truth::Always);
    }
    let Some(kind) = text.get(node, "type") else { return odd(Truth::Always, Cause::WithoutType) };
    if filled_in(text, Some(kind), engine) {
        return plain(Truth::Depends(Test::UNREADABLE));
    }
    match text.string(kind).as_deref() {
        Some("always") => return plain(Truth::Always),
        Some("expression") => {}
        _ => return odd(Truth::Never, Cause::UnknownType { node: kind, name: text.str_of(kind) }),
    }
    let Some(config) = text.get(node, "config") else {
        let says = ["source", "field", "operator", "value"].iter().any(|key| text.get(node, key).is_some());
        return odd(Truth::Always, if says { Cause::OutsideConfig } else { Cause::WithoutSource });
    };
    if !text.is(config, NodeKind::Object) {
        return odd(Truth::Raises, Cause::ConfigNotObject { node: config });
    }
    expression(text, config, engine)
}

fn expression<'a>(text: Text<'a>, config: u32, engine: EngineId) -> Judged<'a> {
    let source_node = text.get(config, "source");
    if [source_node, text.get(config, "operator")].into_iter().any(|node| filled_in(text, node, engine)) {
        return plain(Truth::Depends(Test::UNREADABLE));
    }
    let source = match source_node {
        None => Cow::Borrowed(""),
        Some(node) => match text.string(node) {
            Some(source) => source,
            None => return odd(Truth::Raises, Cause::SourceNotString { node }),
        },
    };
    let operator = match text.get(config, "operator") {
        None => Operator::Equals,
        Some(node) => {
            let name = text.str_of(node);
            match Operator::exact(&name).filter(|_| text.is(node, NodeKind::String)) {
                Some(operator) if operator.newer() && engine == EngineId::IaModules013 => {
                    return odd(Truth::Never, Cause::NewerOperator { node, operator });
                }
                Some(operator) => operator,
                None => return odd(Truth::Never, Cause::UnknownOperator { node, name }),
            }
        }
    };
    let value = text.get(config, "value");
    if source.is_empty() && filled_in(text, value, engine) {
        return odd(Truth::Depends(Test::UNREADABLE), Cause::WithoutSource);
    }
    if source.is_empty() {
        // A key "" is in nobody's data: null is compared.
        let null = value.is_none_or(|value| text.is(value, NodeKind::Null));
        let truth = match operator {
            Operator::Equals => {
                if null {
                    Truth::Always
                } else {
                    Truth::Never
                }
            }
            Operator::NotEquals => {
                if null {
                    Truth::Never
                } else {
                    Truth::Always
                }
            }
            _ => Truth::Raises,
        };
        return odd(truth, Cause::WithoutSource);
    }
    plain(Truth::Depends(Test { source, source_node, operator, value }))
}

/// The name of an engine as sentences have it.
pub fn engine_name(engine: EngineId) -> &'static str {
    match engine {
        EngineId::IaModules013 => "IA Modules 0.1.3",
        EngineId::IaModules020 => "IA Modules 0.2.0",
    }
}

impl Cause<'_> {
    /// The stable id of the finding.
    pub fn id(&self) -> &'static str {
        match self {
            Cause::NotObject | Cause::ConfigNotObject { .. } | Cause::SourceNotString { .. } => "condition-raises",
            Cause::WithoutType => "condition-without-type",
            Cause::UnknownType { .. } => "condition-type-ignored",
            Cause::UnknownOperator { .. } | Cause::NewerOperator { .. } => "operator-ignored",
            Cause::OutsideConfig => "expression-outside-config",
            Cause::WithoutSource => "source-missing",
        }
    }

    /// The node it speaks of, where that is not the condition as a whole.
    pub fn node(&self) -> Option<u32> {
        match self {
            Cause::UnknownType { node, .. }
            | Cause::UnknownOperator { node, .. }
            | Cause::NewerOperator { node, .. }
            | Cause::ConfigNotObject { node }
            | Cause::SourceNotString { node } => Some(*node),
            Cause::NotObject | Cause::WithoutType | Cause::OutsideConfig | Cause::WithoutSource => None,
        }
    }

    /// What the engine does: a sentence without its full stop.
    pub fn words(&self, truth: &Truth<'_>, engine: EngineId) -> String {
        let name = engine_name(engine);
        let effect = match truth {
            Truth::Always => "always true",
            Truth::Never => "never true",
            Truth::Raises => "stops the run with an error",
            Truth::Depends(_) => "as it says",
        };
        match self {
            Cause::NotObject => format!("{effect}: {name} asks the condition for its type, so it must be an object"),
            Cause::WithoutType => format!("{effect}: {name} takes a condition without `type` as `always`"),
            Cause::UnknownType { name: kind, .. } => {
                format!("{effect}: {name} evaluates the types `always` and `expression` alone, and `{kind}` is false")
            }
            Cause::UnknownOperator { name: operator, .. } => {
                let more = match engine {
                    EngineId::IaModules013 => "equals, not_equals, greater_than and less_than",
                    EngineId::IaModules020 => {
                        "equals, not_equals, greater_than, less_than, greater_than_or_equals and less_than_or_equals"
                    }
                };
                format!("{effect}: {name} does not know the operator `{operator}`; it knows {more}")
            }
            Cause::NewerOperator { operator, .. } => {
                format!("{effect}: {name} does not know the operator `{}`; 0.2.0 does", operator.name())
            }
            Cause::OutsideConfig => {
                format!(
                    "{effect}: {name} reads `source`, `operator` and `value` only inside `config`, and compares null with null"
                )
            }
            Cause::ConfigNotObject { .. } => format!("{effect}: {name} needs an object as `config`"),
            Cause::SourceNotString { .. } => {
                format!("{effect}: {name} splits `source` at its dots, so it must be a string")
            }
            Cause::WithoutSource => format!("{effect}: without a `source` {name} compares null"),
        }
    }
}

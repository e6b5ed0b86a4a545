//! From the text of a definition to the program the engine runs, or the exception with which it refuses it.
//!
//! Both loaders of both versions: [`pydantic`] is the model in front of the second one, `step` makes the steps, `flow`
//! the edges and loops, [`template`] fills in `{{ parameters.x }}`. Nothing is executed here.

pub mod exception;
mod flow;
pub mod pydantic;
mod step;
pub mod template;

#[cfg(test)]
mod tests;

pub use exception::Exception;
pub use flow::Loops;
pub use step::{ErrorHandling, Retry};

use super::python::{Dict, Value};
use crate::protocol::{EngineId, Loader, Target};
use exception::{get, index, iterate};
use rustc_hash::FxHashMap;
use template::Context;

/// Deepest nesting of a file that Python's `json` reads. Asked through the engine's own command line.
const DEEPEST_JSON: usize = 990;

/// What stands in for a step's code.
#[derive(Clone, Debug, Default)]
pub enum Mock {
    /// Nothing was given: a value made from the declared output schema, else `{}`.
    #[default]
    Generated,
    /// The same value at each visit.
    Returns(Value),
    /// One value a visit, the last one again when there are more visits.
    Sequence(Vec<Value>),
    /// An error: `ErrorType: message`.
    Raises(String),
}

/// Mocks by id of the step.
#[derive(Clone, Debug, Default)]
pub struct Mocks(FxHashMap<String, Mock>);

impl Mocks {
    /// The mock of a step.
    pub fn of(&self, id: &Value) -> Option<&Mock> {
        self.0.get(id.as_str()?)
    }

    /// Ids of the steps that have a mock.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl FromIterator<(String, Mock)> for Mocks {
    fn from_iter<I: IntoIterator<Item = (String, Mock)>>(mocks: I) -> Self {
        Mocks(mocks.into_iter().collect())
    }
}

/// A step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its id; with the raw loader any value.
    pub id: Value,
    /// JSON path of its definition.
    pub path: String,
    /// Its configuration with parameters filled in.
    pub config: Value,
    /// What it does about errors.
    pub errors: ErrorHandling,
    /// What stands in for its code, with parameters filled in.
    pub mock: Mock,
    /// The schema of what it returns, where the file declares one.
    pub output_schema: Option<Value>,
}

/// An edge.
#[derive(Clone, Debug)]
pub struct Edge {
    /// JSON path of its definition.
    pub path: String,
    /// Where it leaves; with the raw loader any value.
    pub from: Value,
    /// Where it leads; with the raw loader any value.
    pub to: Value,
    /// Its condition; `None` when the file has none, which the engine takes for always.
    pub condition: Option<Value>,
}

/// A pipeline as the engine holds it.
#[derive(Clone, Debug)]
pub struct Program {
    /// What it runs on.
    pub target: Target,
    /// Its name; with the raw loader any value.
    pub name: Value,
    /// Steps in the order of the file.
    pub steps: Vec<Step>,
    /// Edges in the order of the file.
    pub edges: Vec<Edge>,
    /// `start_at`; `None` of Python when there is none.
    pub start: Value,
    /// What the engine raises when it looks for the start, where the flow is no dictionary.
    pub no_flow: Option<Exception>,
    /// Loops; `None` when the engine found none and counts no visits.
    pub loops: Option<Loops>,
    /// Position of each step; of equal ids the last.
    by_id: FxHashMap<String, usize>,
    /// Edges that leave each step.
    leaving: FxHashMap<String, Vec<usize>>,
}

impl Program {
    /// The step of this id: the last one, where several have it.
    pub fn step(&self, id: &str) -> Option<(usize, &Step)> {
        let &at = self.by_id.get(id)?;
        Some((at, self.steps.get(at)?))
    }

    /// The edges that leave a step, with their positions, in the order of the file.
    pub fn leaving(&self, id: &str) -> impl ExactSizeIterator<Item = usize> + '_ {
        self.leaving.get(id).map_or(&[][..], Vec::as_slice).iter().copied()
    }
}

/// What a definition is loaded with.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// Engine and loader.
    pub target: Target,
    /// The input of the run: 0.2.0 fills in parameters from it.
    pub input: &'a Value,
    /// What stands in for the code of the steps.
    pub mocks: &'a Mocks,
}

/// Loads a definition.
///
/// # Errors
/// The exception with which the engine refuses it.
pub fn load(definition: &Value, given: Given<'_>) -> Result<Program, Exception> {
    if definition.depth() > DEEPEST_JSON {
        return Err(Exception::recursion(" while decoding a JSON object from a unicode string"));
    }
    let Target { engine, loader } = given.target;
    let mut program = match loader {
        Loader::Raw => create(definition, given)?,
        Loader::Pydantic => create(&pydantic::read(definition)?, given)?,
    };
    // The model drops what a file declares about outputs; for mocks the file's own words count.
    let declared = definition.get("steps").and_then(Value::as_list).unwrap_or_default();
    for (at, step) in program.steps.iter_mut().enumerate() {
        step.path = format!("$.steps[{at}]");
        step.output_schema = declared.get(at).and_then(output_schema);
    }
    program.target = Target { engine, loader };
    Ok(program)
}

/// Nested calls after which Python gives up, in the search for loops. Asked through the engines' own command lines; a
/// program that calls the engine from deeper down meets it some steps earlier.
fn deepest(engine: EngineId) -> usize {
    match engine {
        EngineId::IaModules013 => 982,
        EngineId::IaModules020 => 981,
    }
}

/// `create_pipeline_from_json`.
fn create(definition: &Value, given: Given<'_>) -> Result<Program, Exception> {
    let engine = given.target.engine;
    let empty = Value::dict(Dict::new());
    let parameters = match engine {
        EngineId::IaModules013 => get(definition, "parameters")?.unwrap_or(&empty),
        EngineId::IaModules020 => given.input,
    };
    let context = Context { engine, parameters };
    let mut steps = Vec::new();
    for step in iterate(index(definition, "steps")?)? {
        steps.push(step::create(&step, given.mocks, context)?);
    }
    let name = get(definition, "name")?.cloned().unwrap_or_else(|| Value::from("Unknown"));
    let flow = get(definition, "flow")?.unwrap_or(&empty);
    let flow = match engine {
        EngineId::IaModules013 => flow.clone(),
        EngineId::IaModules020 => template::resolve(flow, context)?,
    };
    let nothing = Value::None;
    let loop_config = get(definition, "loop_config")?.unwrap_or(&nothing);
    let mut edges = Vec::new();
    let mut loops = None;
    if flow.truthy() && has_paths(&flow)? {
        let paths = get(&flow, "paths")?.cloned().unwrap_or_default();
        edges = flow::edges(&paths)?;
        loops = flow::loops(&edges, loop_config, deepest(engine))?;
    }
    let mut by_id = FxHashMap::default();
    for (at, step) in steps.iter().enumerate() {
        flow::hashable(&step.id)?;
        if let Some(id) = step.id.as_str() {
            by_id.insert(id.to_owned(), at);
        }
    }
    let mut leaving: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (at, edge) in edges.iter().enumerate() {
        if let Some(from) = edge.from.as_str() {
            leaving.entry(from.to_owned()).or_default().push(at);
        }
    }
    let start = get(&flow, "start_at");
    let no_flow = start.as_ref().err().cloned();
    let start = start.ok().flatten().cloned().unwrap_or_default();
    Ok(Program { target: given.target, name, steps, edges, start, no_flow, loops, by_id, leaving })
}

/// `'paths' in flow`.
fn has_paths(flow: &Value) -> Result<bool, Exception> {
    match flow {
        Value::Dict(dict) => Ok(dict.contains("paths")),
        Value::List(list) => Ok(list.items().iter().any(|item| item.as_str() == Some("paths"))),
        Value::Str(text) => Ok(text.contains("paths")),
        other => Err(Exception::of_type(format!("argument of type '{}' is not iterable", other.type_name()))),
    }
}

/// The schema a step declares for what it returns: `output_schema`, or one made of the schemas in its `outputs`.
fn output_schema(step: &Value) -> Option<Value> {
    if let Some(schema) = step.get("output_schema").filter(|schema| schema.as_dict().is_some()) {
        return Some(schema.clone());
    }
    let outputs = step.get("outputs")?.as_list()?;
    let mut properties = Dict::new();
    let mut required = Vec::new();
    for output in outputs {
        let name = output.get("name").or(Some(output)).and_then(Value::as_str)?;
        properties.set(name, output.get("schema").cloned().unwrap_or_else(|| Value::dict(Dict::new())));
        if output.get("schema").is_some() && output.get("required").is_none_or(Value::truthy) {
            required.push(Value::from(name));
        }
    }
    // Names alone say nothing of the values.
    outputs.iter().any(|output| output.get("schema").is_some()).then(|| {
        let mut schema = Dict::new();
        schema.set("type", "object");
        schema.set("properties", properties);
        schema.set("required", required);
        Value::dict(schema)
    })
}

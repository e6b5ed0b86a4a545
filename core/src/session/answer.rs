//! From a request to its answer: looks up what it speaks of and hands it to whoever knows.

use super::desk::{Desk, Key, OpenValue};
use super::{Opened, Session};
use crate::FULL;
use crate::debugger::{cursor, named};
use crate::model::{Details, Place};
use crate::protocol::{Answer, Command, FormatView, Part, Request, Rows, SearchPage};
use crate::search::{Search, Target};
use crate::view::chat::Chat;
use crate::view::value::{Opened as Value, Read};
use crate::view::{Reader, Sight, overview, source, step, value};
use std::rc::Rc;

/// Most bytes read to find the line of a value that is opened; beyond, it has no line.
const LINE_BUDGET: u64 = 64 << 20;

impl Reader for Opened {
    fn bytes(&self, place: Place) -> Result<Vec<u8>, String> {
        Opened::bytes(self, place)
    }

    fn len(&self, file: u16) -> u64 {
        self.sources.get(file as usize).map_or(0, |source| source.len())
    }

    fn details(&self, run: u32, step: u32) -> Result<Details, String> {
        let run = self.document.runs.get(run as usize).ok_or("There is no such run.")?;
        Opened::details(self, run, step)
    }
}

/// The documents, apart from the desk so that both can be held at once.
#[derive(Clone, Copy)]
pub(super) struct Shelf<'a> {
    pub(super) opened: &'a [Option<Opened>],
    pub(super) runs: &'a [(u32, u32)],
    pub(super) pipelines: &'a [(u32, u32)],
}

impl<'a> Shelf<'a> {
    pub(super) fn document(self, index: u32) -> Result<&'a Opened, String> {
        let opened = self.opened.get(index as usize).and_then(Option::as_ref);
        opened.ok_or_else(|| "This document is closed.".to_owned())
    }

    pub(super) fn sight(self, number: u32) -> Result<(Sight<'a>, Key), String> {
        let missing = || format!("There is no run {number}.");
        let &key = self.runs.get(number as usize).ok_or_else(missing)?;
        let opened = self.document(key.0)?;
        let run = opened.document.runs.get(key.1 as usize).ok_or_else(missing)?;
        Ok((Sight { document: &opened.document, run, local: key.1, number, reader: opened }, key))
    }

    fn pipeline(self, number: u32) -> Result<(&'a Opened, u32, &'a crate::model::Pipeline), String> {
        let missing = || format!("There is no pipeline {number}.");
        let &(document, local) = self.pipelines.get(number as usize).ok_or_else(missing)?;
        let opened = self.document(document)?;
        let pipeline = opened.document.pipelines.get(local as usize).ok_or_else(missing)?;
        Ok((opened, document, pipeline))
    }

    /// A step by run id (empty: `home`) and step id, over all documents.
    fn find_step(self, home: u32, run_id: &str, step_id: &str) -> Option<(u32, u32, String)> {
        let numbers = 0..u32::try_from(self.runs.len()).unwrap_or(u32::MAX);
        numbers.filter_map(|number| self.sight(number).ok()).find_map(|(sight, _)| {
            let names = &sight.document.names;
            let here = if run_id.is_empty() { sight.number == home } else { names.get(sight.run.id) == run_id };
            let id = here.then(|| names.find(step_id)).flatten()?;
            let step = u32::try_from(sight.run.steps.id.iter().position(|&other| other == id)?).ok()?;
            Some((sight.number, step, sight.name(step).to_owned()))
        })
    }
}

fn no_step(step: u32) -> String {
    format!("There is no step {step} in this run.")
}

impl Session {
    /// Answers a request. What cannot be answered is refused with a sentence for a person.
    pub fn answer(&mut self, request: Request) -> Answer {
        self.dispatch(request).unwrap_or_else(|message| Answer::Refused { message })
    }

    #[allow(clippy::too_many_lines)] // One arm per request, each a look-up and a call.
    fn dispatch(&mut self, request: Request) -> Result<Answer, String> {
        // What is asked while somebody types looks at the text alone; all else wants its document as it is now.
        if FULL && !matches!(request, Request::Amend { .. } | Request::Complete { .. } | Request::Hover { .. }) {
            self.settle();
        }
        // These speak of the session itself, or may change its documents.
        match request {
            Request::Formats => {
                let named =
                    |format: &crate::import::Format| FormatView { id: format.id.into(), name: format.name.into() };
                return Ok(Answer::Formats { formats: crate::import::formats().map(named).collect() });
            }
            Request::Documents { runs } => {
                return Ok(Answer::Documents { documents: self.described(runs.unwrap_or(u32::MAX)) });
            }
            Request::Runs { document, from, count } => {
                let opened = self.opened.get(document as usize).and_then(Option::as_ref);
                let opened = opened.ok_or("This document is closed.")?;
                return Ok(Answer::Runs { runs: super::describe::runs(self, document, opened, from, count) });
            }
            Request::Close { document } => {
                self.close(document);
                return Ok(Answer::Done);
            }
            Request::Prices if FULL => return Ok(super::prices::prices(self)),
            Request::SetPrices { table } if FULL => return super::prices::set_prices(self, table),
            Request::Verdict { document } if FULL => return super::reading::verdict(self, document),
            Request::Mapping { document, mapping, saved } if FULL => {
                return super::reading::mapping(self, document, mapping, &saved);
            }
            Request::Sheet { document, sheet, sort, descending, from, count } if FULL => {
                return super::sheet::sheet(self, document, sheet, sort, descending, (from, count));
            }
            Request::PipelineFlow { pipeline, run: Some(run), .. } if FULL => return self.flow_of_run(pipeline, run),
            _ => {}
        }
        if FULL
            && let Some(answer) = self
                .about_pipelines(&request)
                .or_else(|| self.about_comparisons(&request))
                .or_else(|| self.about_handing_on(&request))
        {
            return answer;
        }
        let shelf = Shelf { opened: &self.opened, runs: &self.runs, pipelines: &self.pipelines };
        let desk = &mut self.desk;
        Ok(match request {
            Request::Rows { run, from, count } => {
                let (sight, key) = shelf.sight(run)?;
                let state = desk.run(key, sight.run);
                Answer::Rows(state.tree.rows(sight.run, &state.index, &sight.document.names, from, count))
            }
            Request::SetOpen { run, step, open, deep } => {
                let (sight, key) = shelf.sight(run)?;
                let tree = &mut desk.run(key, sight.run).tree;
                tree.set_open(sight.run, step, open, deep);
                Answer::Rows(Rows { total: tree.total(sight.run), from: 0, rows: Vec::new() })
            }
            Request::Reveal { run, step } => {
                let (sight, key) = shelf.sight(run)?;
                let row = desk.run(key, sight.run).tree.reveal(sight.run, step);
                Answer::Row { row: row.ok_or_else(|| no_step(step))? }
            }
            Request::Where { run } => at_cursor(shelf.sight(run)?, desk, None),
            Request::Move { run, command } => at_cursor(shelf.sight(run)?, desk, Some(command)),
            Request::GoTo { run, step, phase } => {
                let (sight, key) = shelf.sight(run)?;
                let (names, steps) = (&sight.document.names, &sight.run.steps);
                let found = named::find(names, steps, &step).ok_or_else(|| named::missing(names, steps, &step))?;
                at_cursor((sight, key), desk, Some(Command::ToStep { step: found, phase }))
            }
            Request::Step { run, step } => {
                let (sight, key) = shelf.sight(run)?;
                if step as usize >= sight.run.steps.len() {
                    return Err(no_step(step));
                }
                let details = desk.details(key, step, || sight.details(step))?;
                let find = |run_id: &str, step_id: &str| shelf.find_step(run, run_id, step_id);
                let view = step::step_view(sight, step, &details, &find).ok_or_else(|| no_step(step))?;
                Answer::Step(Box::new(view))
            }
            Request::Node { pipeline, node } => {
                let (_, _, definition) = shelf.pipeline(pipeline)?;
                let view = step::node_view(pipeline, definition, node);
                Answer::Step(Box::new(view.ok_or_else(|| format!("There is no node {node} in this pipeline."))?))
            }
            Request::Open { part, as_text } => open(shelf, desk, &part, as_text)?,
            Request::ValueRows { value, from, count } => {
                Answer::ValueRows(opened(desk, value)?.value.rows(from, count))
            }
            Request::ValueToggle { value, node, deep } => {
                opened(desk, value)?.value.toggle(node, deep);
                info(desk, value)?
            }
            Request::ValueDecode { value, node } => {
                opened(desk, value)?.value.decode(node)?;
                info(desk, value)?
            }
            Request::ValueText { value, node } => {
                let text = opened(desk, value)?.value.text_of(node);
                Answer::Text { text: text.ok_or("There is no such node in this value.")? }
            }
            Request::ValueReveal { value, path } => {
                let row = opened(desk, value)?.value.reveal(&path);
                Answer::Row { row: row.ok_or("There is nothing at this path in the value.")? }
            }
            Request::ValueOpen { value, node, as_text } => {
                let outer = opened(desk, value)?;
                let (document, place) = (outer.document, outer.place);
                let text = outer.value.text_of(Some(node)).ok_or("There is no such node in this value.")?;
                let handle = desk.keep(OpenValue { document, value: Value::new(Read::plain(text), as_text), place });
                info(desk, handle)?
            }
            Request::ValueClose { value } => {
                desk.values.remove(&value);
                Answer::Done
            }
            Request::Chat { run, step: None, from, count } => {
                let (sight, key) = shelf.sight(run)?;
                let chat = desk.run(key, sight.run).chat.get_or_insert_with(|| Chat::of_run(sight));
                let messages = chat.window(sight, from, count);
                Answer::Chat { total: chat.total(), messages }
            }
            Request::Chat { run, step: Some(step), from, count } => {
                let (sight, key) = shelf.sight(run)?;
                let details = desk.details(key, step, || sight.details(step))?;
                let mut chat = Chat::of_step(sight, step, &details);
                let messages = chat.window(sight, from, count);
                Answer::Chat { total: chat.total(), messages }
            }
            Request::Table { run, sort, descending, from, count } => {
                let (sight, key) = shelf.sight(run)?;
                let state = desk.run(key, sight.run);
                let names = &sight.document.names;
                Answer::Table(state.table.rows(sight.run, &state.index, names, sort, descending, from, count))
            }
            Request::Overview { run, buckets } => {
                let (sight, key) = shelf.sight(run)?;
                Answer::Overview(overview::overview(sight.run, &desk.run(key, sight.run).index, buckets))
            }
            Request::Flow { run, fold, toggled } => {
                let (sight, key) = shelf.sight(run)?;
                let state = desk.run(key, sight.run);
                let flow = crate::flow::run_flow(sight.run, &state.index, &sight.document.names, fold, &toggled);
                state.node_of = flow.node_of;
                Answer::Flow(Box::new(flow.view))
            }
            Request::PipelineFlow { pipeline, reader: _, run: _ } if FULL => {
                Answer::Flow(Box::new(crate::flow::pipeline_flow(shelf.pipeline(pipeline)?.2)))
            }
            Request::Search { text, from, limit } => Answer::Search(search(shelf, desk, &text, from, limit)?),
            Request::Source { document, file, at, around } => {
                let opened = shelf.document(document)?;
                let name = opened.document.files.get(file as usize).ok_or("There is no such file in this document.")?;
                let lines = desk.lines.entry((document, file)).or_default();
                Answer::Source(source::source(opened, lines, file, &name.name, at, around)?)
            }
            // Answered above.
            _ => Answer::Done,
        })
    }
}

fn at_cursor((sight, key): (Sight<'_>, Key), desk: &mut Desk, command: Option<Command>) -> Answer {
    let state = desk.run(key, sight.run);
    let errors = &state.index.error_exits;
    if let Some(command) = command {
        state.cursor = cursor::apply(sight.run, errors, state.cursor, command);
    }
    let mut cursor = cursor::describe(sight.number, sight.run, &sight.document.names, errors, state.cursor);
    cursor.row = state.tree.row_of(sight.run, cursor.step);
    cursor.node = super::overlays::node_at(&state.node_of, cursor.step);
    Answer::Cursor(cursor)
}

/// Goes on with a search, or begins one when the text is another or no place to go on is given.
fn search(shelf: Shelf<'_>, desk: &mut Desk, text: &str, from: Option<u64>, limit: u32) -> Result<SearchPage, String> {
    let mut search = match desk.search.take().filter(|search| from.is_some() && search.text() == text) {
        Some(search) => search,
        None => Search::new(text).ok_or("There is nothing to search for.")?,
    };
    let numbers = 0..u32::try_from(shelf.runs.len()).unwrap_or(u32::MAX);
    let targets = numbers.filter_map(|number| shelf.sight(number).ok());
    let targets: Vec<Target<'_>> = targets.map(|(sight, key)| Target { sight, document: key.0 }).collect();
    let page = search.page(&targets, from, limit);
    desk.search = Some(search);
    Ok(page)
}

fn opened(desk: &mut Desk, handle: u32) -> Result<&mut OpenValue, String> {
    desk.values.get_mut(&handle).ok_or_else(|| "This value is closed. Open it again.".to_owned())
}

fn info(desk: &mut Desk, handle: u32) -> Result<Answer, String> {
    let open = opened(desk, handle)?;
    Ok(Answer::Value(open.value.info(handle, open.place)))
}

/// Run and step a part is of; `None` for a part of a pipeline.
fn of_step(part: &Part) -> Option<(u32, u32)> {
    match *part {
        Part::Input { run, step }
        | Part::Output { run, step }
        | Part::State { run, step }
        | Part::StateAfter { run, step }
        | Part::Attributes { run, step }
        | Part::Event { run, step, .. }
        | Part::Stack { run, step }
        | Part::Raw { run, step }
        | Part::Message { run, step, .. } => Some((run, step)),
        Part::Node { .. } => None,
    }
}

/// Reads the text of a part: the document it is of, and what was read.
fn read(shelf: Shelf<'_>, desk: &mut Desk, part: &Part) -> Result<(u32, Read), String> {
    if let Some((run, step)) = of_step(part) {
        let (sight, key) = shelf.sight(run)?;
        if step as usize >= sight.run.steps.len() {
            return Err(no_step(step));
        }
        // The raw bytes need no decoding, and can be had where decoding fails.
        let details = match part {
            Part::Raw { .. } => Rc::default(),
            _ => desk.details(key, step, || sight.details(step))?,
        };
        return Ok((key.0, value::read_part(sight, &details, part)?));
    }
    let Part::Node { pipeline, node, index } = *part else { return Err("There is no such value.".to_owned()) };
    let (opened, document, definition) = shelf.pipeline(pipeline)?;
    Ok((document, value::read(opened, value::value_of_node(definition, node, index)?)?))
}

fn open(shelf: Shelf<'_>, desk: &mut Desk, part: &Part, as_text: bool) -> Result<Answer, String> {
    let (document, read) = read(shelf, desk, part)?;
    let value = Value::new(read, as_text);
    let mut place = None;
    if let Some(at) = value.place {
        let lines = desk.lines.entry((document, at.file)).or_default();
        // A place is a help, not the answer: a value whose line cannot be told is still shown.
        let found = lines.line_column(shelf.document(document)?, at.file, at.start, LINE_BUDGET).ok().flatten();
        place = found.map(|(line, column)| (document, at.file, line, column));
    }
    let handle = desk.keep(OpenValue { document, value, place });
    info(desk, handle)
}

//! Finding text in the names and values of all runs, part by part.
//!
//! Most steps do not hold the text: a file's bytes are read once for blocks that may ([`blocks`]), and only steps in
//! such blocks are decoded and looked through ([`found`]). Each call does a bounded amount of work and says where to
//! go on.

mod blocks;
mod found;
mod needle;

use crate::model::{Attribute, Details, Part as Piece, Place, Side, Sym, Value};
use crate::order::Order as _;
use crate::protocol::{Hit, Part, SearchPage};
use crate::view::value::{Read, path, read};
use crate::view::{Reader, Sight};
use blocks::Blocks;
use found::Sink;
use needle::Needle;
use rustc_hash::FxHashMap;

/// Bytes read and decoded in one call, about.
const BUDGET: u64 = 16 << 20;
/// Steps looked at in one call even when none of them holds anything.
const STEPS: u64 = 1_000_000;
/// Hits of one step found at once, at least.
const KEPT: usize = 2_000;
/// A place to go on is the step's number over all runs times this, plus the hits of it already told. The product stays
/// below 2^53, so that it crosses JavaScript.
const HITS: u64 = 1 << 20;

/// A run to search, and which document it is of.
#[derive(Clone, Copy)]
pub struct Target<'a> {
    /// The run.
    pub sight: Sight<'a>,
    /// Its document.
    pub document: u32,
}

/// Hits of a step that were found and not told yet, so that a large step is not looked through for each answer.
#[derive(Debug)]
struct Rest {
    at: u64,
    /// Hits of the step told before these.
    skip: u64,
    hits: Vec<Hit>,
    /// Whether the step has more beyond these.
    more: bool,
}

/// A search that goes on over several calls.
#[derive(Debug)]
pub struct Search {
    text: String,
    needle: Needle,
    blocks: FxHashMap<(u32, u16), Blocks>,
    /// Whether a name holds the text, by document and name.
    names: FxHashMap<(u32, Sym), bool>,
    rest: Option<Rest>,
    bytes: u64,
}

impl Search {
    /// A search for `text`; `None` when it is empty.
    pub fn new(text: &str) -> Option<Search> {
        Some(Search {
            text: text.to_owned(),
            needle: Needle::new(text)?,
            blocks: FxHashMap::default(),
            names: FxHashMap::default(),
            rest: None,
            bytes: 0,
        })
    }

    /// What it looks for.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Forgets what it knows of a document.
    pub fn forget(&mut self, document: u32) {
        self.blocks.retain(|key, _| key.0 != document);
        self.names.retain(|key, _| key.0 != document);
        self.rest = None;
    }

    /// The next hits, at most `limit`, from where the last answer stopped.
    pub fn page(&mut self, targets: &[Target<'_>], from: Option<u64>, limit: u32) -> SearchPage {
        let limit = (limit as usize).max(1);
        let total: u64 = targets.iter().map(|target| target.sight.run.steps.len() as u64).sum();
        let (mut at, mut skip) = from.map_or((0, 0), |from| (from / HITS, from % HITS));
        let mut hits: Vec<Hit> = Vec::new();
        let mut budget = BUDGET;
        let last_step = at.saturating_add(STEPS);
        let mut first = 0u64;
        let mut next = None;
        'runs: for target in targets {
            let count = target.sight.run.steps.len() as u64;
            while at < first + count {
                if budget == 0 || hits.len() >= limit || at >= last_step {
                    next = Some(at * HITS + skip);
                    break 'runs;
                }
                let step = u32::try_from(at - first).unwrap_or(u32::MAX);
                match self.may_hold(target, step, &mut budget) {
                    // The file was not read far enough: go on with this step in the next call.
                    None => {
                        next = Some(at * HITS + skip);
                        break 'runs;
                    }
                    Some(false) => {}
                    Some(true) => {
                        let room = limit - hits.len();
                        let kept = self.rest.take().filter(|rest| (rest.at, rest.skip) == (at, skip));
                        let rest = kept.unwrap_or_else(|| {
                            let sink = self.step(target, step, skip, room.max(KEPT), &mut budget);
                            Rest { at, skip, more: sink.full(), hits: sink.hits }
                        });
                        let Rest { hits: mut found, more, .. } = rest;
                        let later = found.split_off(room.min(found.len()));
                        let told = skip + found.len() as u64;
                        hits.append(&mut found);
                        if (more || !later.is_empty()) && told < HITS {
                            next = Some(at * HITS + told);
                            if !later.is_empty() {
                                self.rest = Some(Rest { at, skip: told, hits: later, more });
                            }
                            break 'runs;
                        }
                    }
                }
                skip = 0;
                at += 1;
            }
            first += count;
        }
        let done = if next.is_none() || total == 0 { 1.0 } else { self.share(targets, at, total) };
        SearchPage { hits, next, done, bytes: self.bytes }
    }

    /// Share searched: half for bytes read, half for steps passed.
    fn share(&self, targets: &[Target<'_>], at: u64, total: u64) -> f32 {
        let steps = at as f64 / total as f64;
        let mut files: Vec<(u32, u16, u64)> = Vec::new();
        for target in targets {
            for file in 0..u16::try_from(target.sight.document.files.len()).unwrap_or(u16::MAX) {
                files.push((target.document, file, target.sight.reader.len(file)));
            }
        }
        files.order();
        files.dedup();
        let bytes: u64 = files.iter().map(|file| file.2).sum();
        let scanned: u64 = self.blocks.values().map(Blocks::scanned).sum();
        let read = if bytes == 0 { steps } else { scanned as f64 / bytes as f64 };
        (f64::midpoint(steps, read.min(1.0)).min(0.999)) as f32
    }

    /// Whether a step may hold the text; `None` when its bytes are not read yet and the budget is used up.
    fn may_hold(&mut self, target: &Target<'_>, step: u32, budget: &mut u64) -> Option<bool> {
        let steps = &target.sight.run.steps;
        let further = steps.more_places.get(&step).map_or(&[][..], Vec::as_slice);
        let mut may = self.name_holds(target, step);
        for &place in steps.place.get(step as usize).into_iter().chain(further) {
            let blocks = self.blocks.entry((target.document, place.file)).or_default();
            let before = blocks.scanned();
            let covered = blocks.cover(target.sight.reader, place.file, &self.needle, place.end(), budget);
            self.bytes += blocks.scanned() - before;
            match covered {
                Ok(true) => may |= blocks.may_hold(place),
                Ok(false) => return None,
                // Bytes that cannot be read hold no hits; the name may.
                Err(_) => {}
            }
        }
        Some(may)
    }

    fn name_holds(&mut self, target: &Target<'_>, step: u32) -> bool {
        let Some(&name) = target.sight.run.steps.name.get(step as usize) else { return false };
        let needle = &self.needle;
        let text = || target.sight.document.names.get(name);
        *self.names.entry((target.document, name)).or_insert_with(|| needle.is_in(text()))
    }

    /// Looks through one step.
    fn step(&mut self, target: &Target<'_>, step: u32, skip: u64, limit: usize, budget: &mut u64) -> Sink {
        let sight = target.sight;
        let run = sight.number;
        let like = Hit {
            run,
            step,
            name: sight.name(step).to_owned(),
            where_: "name".to_owned(),
            part: None,
            path: String::new(),
            line: 1,
            before: String::new(),
            found: String::new(),
            after: String::new(),
        };
        let mut looking =
            Looking { needle: &self.needle, reader: sight.reader, sink: Sink::new(like, skip, limit), budget };
        looking.sink.text(&self.needle, sight.name(step), "");
        if let Ok(details) = sight.details(step) {
            looking.details(&details, run, step);
        }
        looking.sink
    }
}

/// One step being looked through.
struct Looking<'a> {
    needle: &'a Needle,
    reader: &'a dyn Reader,
    sink: Sink,
    budget: &'a mut u64,
}

impl Looking<'_> {
    fn details(&mut self, details: &Details, run: u32, step: u32) {
        let mut told: Vec<(Place, String)> = Vec::new();
        for (where_, value, part) in [
            ("input", &details.input, Part::Input { run, step }),
            ("output", &details.output, Part::Output { run, step }),
            ("state", &details.state, Part::State { run, step }),
            ("state after", &details.state_after, Part::StateAfter { run, step }),
        ] {
            let Some(value) = value else { continue };
            self.sink.enter(where_, Some(part));
            let before = self.sink.seen;
            let text = self.value(value);
            if self.sink.seen > before {
                told.push((value.place, text));
            }
        }
        if details.input.is_none() && details.output.is_none() {
            self.messages(details, run, step);
        }
        self.sink.enter("attributes", Some(Part::Attributes { run, step }));
        self.attributes(&details.attributes, &told);
        for (index, event) in (0u32..).zip(&details.events) {
            self.sink.enter("events", Some(Part::Event { run, step, index }));
            self.sink.text(self.needle, &event.name, "");
            self.attributes(&event.attributes, &[]);
        }
        if let Some(error) = &details.error {
            self.sink.enter("error", None);
            self.sink.text(self.needle, &error.kind, "");
            self.sink.text(self.needle, &error.message, "");
            self.sink.enter("error", Some(Part::Stack { run, step }));
            self.sink.text(self.needle, &error.stack, "");
        }
    }

    fn read(&mut self, value: &Value) -> Option<Read> {
        let read = read(self.reader, value).ok()?;
        *self.budget = self.budget.saturating_sub(read.text.len() as u64);
        Some(read)
    }

    /// Looks through a value that is opened as a whole; its text.
    fn value(&mut self, value: &Value) -> String {
        let Some(read) = self.read(value) else { return String::new() };
        if !self.sink.full() {
            if read.json {
                self.sink.json(self.needle, &read.text, "$");
            } else {
                self.sink.text(self.needle, &read.text, "");
            }
        }
        read.text
    }

    /// Looks through attributes, as members of the object they are opened as. What was found in the input or output
    /// made of an attribute is not told twice.
    fn attributes(&mut self, attributes: &[Attribute], told: &[(Place, String)]) {
        for attribute in attributes {
            if self.sink.full() {
                return;
            }
            let mut at = "$".to_owned();
            path::push_key(&mut at, &attribute.name);
            self.sink.text(self.needle, &attribute.name, &at);
            let Some(read) = self.read(&attribute.value) else { continue };
            let place = attribute.value.place;
            let again = told.iter().any(|(other, text)| {
                let inside = other.file == place.file && other.start <= place.start && place.end() <= other.end();
                inside && (*other == place || text.contains(&read.text))
            });
            if again {
                continue;
            }
            let string = !matches!(
                attribute.value.text,
                crate::model::ValueText::Json | crate::model::ValueText::Made { json: true, .. }
            );
            match (read.json, string) {
                (true, false) => self.sink.json(self.needle, &read.text, &at),
                (_, true) => self.sink.string(self.needle, &read.text, &at),
                (false, false) => self.sink.text(self.needle, &read.text, &at),
            }
        }
    }

    /// Messages, for steps that have nothing else to show.
    fn messages(&mut self, details: &Details, run: u32, step: u32) {
        for (number, message) in (0u32..).zip(&details.messages) {
            let where_ = if message.side == Side::Input { "input" } else { "output" };
            for (piece, part) in (0u32..).zip(&message.parts) {
                if self.sink.full() {
                    return;
                }
                self.sink.enter(where_, Some(Part::Message { run, step, message: number, piece }));
                let text = match part {
                    Piece::Image { .. } => continue,
                    other => crate::view::value::piece_text(other),
                };
                *self.budget = self.budget.saturating_sub(text.len() as u64);
                if crate::json::looks_like_container(text) {
                    self.sink.json(self.needle, text, "$");
                } else {
                    self.sink.text(self.needle, text, "");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;

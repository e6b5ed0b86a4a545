//! What a step of a Chrome trace holds, when somebody looks.

use super::super::cpuprofile;
use crate::import::record::{Record, read};
use crate::import::{Piece, Reveal, Revealing};
use crate::json::At;
use crate::model::{Details, Event, Fact, Link, Status};
use crate::order::Order as _;
use rustc_hash::{FxHashMap, FxHashSet};

pub(super) struct ChromeReveal {
    /// By context, the steps that flows lead here from.
    pub(super) links: FxHashMap<u32, Vec<String>>,
}

/// Members that are the step's own columns, or shown as facts.
const SHOWN: [&str; 10] = ["ph", "name", "cat", "pid", "tid", "ts", "dur", "args", "bp", "s"];

/// Adds `args`. Begin and end may both tell what they are about: what says the same is shown once.
fn args(record: &Record<'_>, at: At<'_>, told: &mut FxHashSet<String>, details: &mut Details) {
    for member in at.get("args").into_iter().flat_map(At::members) {
        let text = format!("{}:{}", member.key().unwrap_or_default(), member.json());
        if told.insert(text) {
            details.attributes.extend(record.attribute(member, true));
        }
    }
}

fn event(record: &Record<'_>, at: At<'_>) -> Event {
    let step = at.get("args").and_then(|args| args.text_of("step"));
    let name = step.or_else(|| at.text_of("name")).unwrap_or_default().into_owned();
    let attributes = at.get("args").map(|args| record.attributes(args, &[])).unwrap_or_default();
    Event { name, time: read::epoch(at, &["ts"], 1_000), attributes, place: record.whole_place() }
}

impl ChromeReveal {
    fn first(&self, record: &Record<'_>, about: Revealing<'_>, told: &mut FxHashSet<String>, details: &mut Details) {
        let at = record.root();
        let mut fact = |label: &str, key: &str| {
            if let Some(text) = read::text(at, &[key]) {
                details.facts.push(Fact { label: label.into(), text: text.into_owned() });
            }
        };
        fact("process", "pid");
        if about.context == 0 {
            let thread =
                about.run.steps.parent(about.step).is_some() || at.text_of("name").as_deref() == Some("thread_name");
            if thread {
                fact("thread", "tid");
            }
            details.notes.push("What happened here stands in the steps below; the times are theirs.".into());
            return;
        }
        fact("thread", "tid");
        fact("category", "cat");
        args(record, at, told, details);
        details.attributes.extend(record.attributes(at, &SHOWN));
        if about.run.steps.status.get(about.step as usize) == Some(&Status::Running) {
            details.notes.push("Its end is not in this file.".into());
        }
        let links = self.links.get(&about.context).into_iter().flatten();
        details.links.extend(links.map(|step| Link { run: String::new(), step: step.clone(), attributes: Vec::new() }));
    }
}

impl Reveal for ChromeReveal {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let (mut details, mut told) = (Details::default(), FxHashSet::default());
        for (index, piece) in pieces.iter().enumerate() {
            let record = Record::told(piece, &mut details);
            let at = record.root();
            if at.get("callFrame").is_some() {
                // A function of a profile, for which the context is the number of samples.
                cpuprofile::shows(&record, about, &mut details);
                continue;
            }
            match at.text_of("ph").as_deref() {
                _ if index == 0 => self.first(&record, about, &mut told, &mut details),
                Some("E" | "e" | "F") => args(&record, at, &mut told, &mut details),
                _ => details.events.push(event(&record, at)),
            }
        }
        details.events.order_by_key(|event| event.time);
        details
    }
}

//! Checkpoints that CODITECT writes as Markdown: a title, a moment, sections, and lists of boxes that are ticked or not.
//!
//! A section is a step, a box in it a step below. No section has a time of its own: only the order is known.

use crate::import::{Builder, Draft, Format, Here, Importer, Matched, Piece, Probe, Reveal, Revealing, time};
use crate::model::{Details, Fact, Kind, Nanos, Status, Sym, Value, ValueText};

/// The format.
pub(super) const FORMAT: Format = Format {
    id: "coditect-checkpoint",
    name: "CODITECT checkpoints (Markdown)",
    detect,
    importer: |_, _| Box::new(Checkpoint),
};

/// What a step's context says it is.
const SECTION: u32 = 0;
const BOX: u32 = 1;

struct Checkpoint;

/// The title of a checkpoint: its first heading says that it is one.
fn title(text: &str) -> Option<&str> {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let heading = first.trim_start_matches('\u{FEFF}').strip_prefix("# ")?;
    let title = heading.strip_prefix("CODITECT Checkpoint")?;
    let title = title.trim_start_matches([':', '-', '–', ' ']).trim();
    Some(if title.is_empty() { "Checkpoint" } else { title })
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    let head = String::from_utf8_lossy(probe.head.get(..4096).unwrap_or(probe.head));
    title(&head)?;
    Matched::new("CODITECT checkpoint", "its first heading is `CODITECT Checkpoint`")
}

/// The moment in `**Timestamp:** 2025-11-16T09-26-41Z`: file names took the colons.
fn moment(line: &str) -> Option<Nanos> {
    let (label, text) = line.trim().strip_prefix("**")?.split_once("**")?;
    if !matches!(label.trim_end_matches(':'), "Timestamp" | "Created" | "Date") {
        return None;
    }
    let text = text.trim_start_matches(':').trim();
    let (day, clock) = text.split_once(['T', ' ']).unwrap_or((text, "00:00:00Z"));
    time::iso(&format!("{day}T{}", clock.replace('-', ":"))).or_else(|| time::iso(text)).map(|found| found.0)
}

/// A box: whether it is ticked, and its text.
fn ticked(line: &str) -> Option<(bool, &str)> {
    let item = line.trim_start().strip_prefix(['-', '*', '+'])?.trim_start();
    let (mark, text) = item.strip_prefix('[')?.split_once(']')?;
    match mark {
        "x" | "X" => Some((true, text.trim())),
        " " | "" => Some((false, text.trim())),
        _ => None,
    }
}

impl Importer for Checkpoint {
    fn whole(&self) -> bool {
        true
    }

    fn read(&mut self, bytes: &[u8], here: Here, build: &mut Builder) {
        let text = String::from_utf8_lossy(bytes);
        let name = title(&text).unwrap_or("Checkpoint").to_owned();
        let when = text.lines().take(40).find_map(moment);
        let id = when.map_or_else(|| name.clone(), |when| format!("checkpoint {}", when.to_rfc3339()));
        let run = build.names.intern(&id);
        build.run_names.insert(run, name);
        let mut sections = Sections { run, here, open: None, boxes: 0, done: 0, number: 0 };
        let (mut at, mut fenced) = (0usize, false);
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let (start, end) = (at, at + line.len());
            at = end;
            let line = String::from_utf8_lossy(line);
            let line = line.trim_end();
            fenced ^= line.trim_start().starts_with("```");
            match (fenced, line.strip_prefix("## ")) {
                (false, Some(heading)) => sections.begin(heading.trim(), start, build),
                (false, None) => {
                    if let Some((done, text)) = ticked(line) {
                        sections.tick(done, text, start, end, build);
                    }
                }
                _ => {}
            }
            sections.reach(end, build);
        }
        sections.close(build);
    }

    fn finish(self: Box<Self>, _: &mut Builder) -> Box<dyn Reveal> {
        Box::new(Told)
    }
}

/// The sections as they are read.
struct Sections {
    run: Sym,
    here: Here,
    /// The draft of the newest section, and where it begins.
    open: Option<(usize, usize)>,
    boxes: u32,
    done: u32,
    number: u32,
}

impl Sections {
    fn step(&mut self, name: &str, start: usize, end: usize, build: &mut Builder) -> usize {
        self.number = self.number.saturating_add(1);
        let id = build.names.intern(&format!("{}.{}", self.here.file, self.number));
        let mut draft = Draft::new(self.run, id, self.here.place(start, end));
        draft.name = build.names.intern(if name.is_empty() { "(no heading)" } else { name });
        draft.kind = Kind::Task;
        build.push(draft)
    }

    fn begin(&mut self, heading: &str, start: usize, build: &mut Builder) {
        self.close(build);
        let at = self.step(heading.trim_end_matches('#').trim(), start, start, build);
        (self.open, self.boxes, self.done) = (Some((at, start)), 0, 0);
    }

    /// A box; one before the first section stands at the top.
    fn tick(&mut self, done: bool, text: &str, start: usize, end: usize, build: &mut Builder) {
        (self.boxes, self.done) = (self.boxes.saturating_add(1), self.done.saturating_add(u32::from(done)));
        let parent = self.open.and_then(|(at, _)| build.drafts.get(at)).map(|section| section.id);
        let at = self.step(&crate::import::agents::thread::title(text), start, end, build);
        if let Some(draft) = build.drafts.get_mut(at) {
            (draft.parent, draft.context) = (parent, BOX);
            draft.status = if done { Status::Ok } else { Status::Waiting };
        }
    }

    /// The section goes on to here.
    fn reach(&self, end: usize, build: &mut Builder) {
        if let Some((at, start)) = self.open
            && let Some(draft) = build.drafts.get_mut(at)
        {
            draft.place = self.here.place(start, end);
        }
    }

    /// A section is done when all of its boxes are ticked.
    fn close(&mut self, build: &mut Builder) {
        let Some(draft) = self.open.take().and_then(|(at, _)| build.drafts.get_mut(at)) else { return };
        draft.context = SECTION;
        draft.status = match (self.boxes, self.done) {
            (0, _) => Status::Unset,
            (boxes, done) if boxes == done => Status::Ok,
            _ => Status::Waiting,
        };
    }
}

struct Told;

impl Reveal for Told {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        if let Some(piece) = pieces.first() {
            details.output = Some(Value { place: piece.place, text: ValueText::Plain });
            let text = String::from_utf8_lossy(&piece.bytes);
            let mut fenced = false;
            let boxes = text.lines().filter_map(|line| {
                fenced ^= line.trim_start().starts_with("```");
                ticked(line).filter(|_| !fenced).map(|found| found.0)
            });
            let boxes: Vec<bool> = boxes.collect();
            if about.context == SECTION && !boxes.is_empty() {
                let done = boxes.iter().filter(|done| **done).count();
                details.facts.push(Fact { label: "ticked".into(), text: format!("{done} of {}", boxes.len()) });
            }
        }
        details.notes.push("A section of a checkpoint: when it was worked on is not in this file.".into());
        details
    }
}

#[cfg(test)]
mod tests {
    use crate::import::dump::dump;
    use crate::import::testing::open;

    #[test]
    fn sections_and_boxes() {
        insta::assert_snapshot!(dump(include_bytes!("fixtures/checkpoint.txt")));
    }

    #[test]
    fn only_a_checkpoint_is_one() {
        for other in
            ["# Notes\n\n## CODITECT Checkpoint\n- [ ] a\n", "CODITECT Checkpoint\n", "#CODITECT Checkpoint: x\n"]
        {
            assert_ne!(open(other).1.format, "coditect-checkpoint", "{other}");
        }
        let (_, view) = open("# CODITECT Checkpoint\n");
        assert_eq!((view.format.as_str(), view.runs.len()), ("coditect-checkpoint", 0));
    }
}

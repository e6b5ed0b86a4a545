//! The history that Aider keeps beside the code it changes: `.aider.chat.history.md`.
//!
//! Source: `aider/io.py` and histories of versions 0.30 to 0.86. `# aider chat started at` begins a session, lines with
//! `#### ` are what was asked, lines with `> ` what Aider says itself, anything else is what the model answered. Aider
//! ends its own lines with two spaces, so that a quotation or heading in an answer is told from them. Only sessions
//! have a time.

use super::thread::{Known, Thread, settle_call, title, undamaged};
use super::told::failure;
use crate::dialect;
use crate::import::{Builder, Format, Here, Importer, Matched, Piece, Probe, Reveal, Revealing};
use crate::model::{Details, Fact, Kind, Message, Part, Place, Role, Side, Status, Usage, Value, ValueText};

/// The format.
pub(super) const FORMAT: Format = Format {
    id: "aider",
    name: "Aider chat histories",
    detect,
    importer: |_, _| Box::new(Aider { known: Known::default(), sessions: 0 }),
};

const SESSION: &str = "# aider chat started at ";

/// Commands that ask a model.
const ASKING: [&str; 5] = ["/ask", "/code", "/architect", "/context", "/help"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Session,
    Prompt,
    Program,
    Answer,
}

/// A stretch of the text.
#[derive(Clone, Copy, Debug)]
struct Stretch<'a> {
    sort: Sort,
    start: usize,
    text: &'a str,
}

struct Aider {
    known: Known,
    sessions: u32,
}

/// What a line is; `marked` says whether Aider's lines still end with their two spaces.
fn sort_of(line: &str, marked: bool) -> Sort {
    let line = line.trim_end_matches(['\r', '\n']);
    let own = !marked || line.ends_with("  ");
    match line {
        _ if line.starts_with(SESSION) => Sort::Session,
        _ if own && (line.starts_with("#### ") || line.trim_end() == "####") => Sort::Prompt,
        _ if own && line.starts_with("> ") => Sort::Program,
        _ => Sort::Answer,
    }
}

/// Whether editors left the spaces at the ends of Aider's lines.
fn is_marked(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("> ") && line.trim_end_matches('\r').ends_with("  "))
}

/// The text in stretches: lines of a prompt and of an answer together, the program's one by one.
fn stretches(text: &str) -> Vec<Stretch<'_>> {
    let marked = is_marked(text);
    let mut out: Vec<Stretch<'_>> = Vec::new();
    let mut from = 0;
    for line in text.split_inclusive('\n') {
        let sort = sort_of(line, marked);
        let end = from + line.len();
        let goes_on = matches!(sort, Sort::Prompt | Sort::Answer);
        match out.last_mut().filter(|last| goes_on && last.sort == sort) {
            Some(last) => last.text = text.get(last.start..end).unwrap_or(last.text),
            None if sort == Sort::Answer && line.trim().is_empty() => {}
            None => out.push(Stretch { sort, start: from, text: line }),
        }
        from = end;
    }
    out
}

/// What stands behind the marks.
fn said(text: &str, sort: Sort) -> String {
    let mark = match sort {
        Sort::Session => SESSION,
        Sort::Prompt => "####",
        Sort::Program => ">",
        Sort::Answer => return text.trim().to_owned(),
    };
    let lines = text.lines().map(|line| line.strip_prefix(mark).unwrap_or(line));
    let lines: Vec<&str> = lines.map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end()).collect();
    lines.join("\n").trim().to_owned()
}

/// `2.4k` as a number.
fn rounded(text: &str) -> Option<u64> {
    let (digits, unit) = match text.chars().last()? {
        'k' => (text.strip_suffix('k')?, 1e3),
        'M' => (text.strip_suffix('M')?, 1e6),
        _ => (text, 1.0),
    };
    let number: f64 = digits.replace(',', "").parse().ok()?;
    let number = (number * unit).round();
    // Far below the numbers that a float cannot hold.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    (0.0..1e12).contains(&number).then_some(number as u64)
}

/// `Tokens: 2.4k sent, 104 received. Cost: $0.00042 message, $0.0034 session.`
fn usage(line: &str) -> Option<Usage> {
    let rest = line.strip_prefix("Tokens: ")?;
    let mut usage = Usage::default();
    let (tokens, cost) = rest.split_once(" Cost: ").unwrap_or((rest, ""));
    for part in tokens.trim_end_matches('.').split(", ") {
        let Some((number, what)) = part.split_once(' ') else { continue };
        match what.trim_end_matches('.') {
            "sent" => usage.input = rounded(number),
            "received" => usage.output = rounded(number),
            "cache hit" => usage.cached = rounded(number),
            "cache write" => usage.written = rounded(number),
            _ => {}
        }
    }
    let message = cost.split(" message").next().and_then(|cost| cost.trim().strip_prefix('$'));
    usage.cost = message.and_then(|cost| cost.parse().ok()).filter(|cost: &f64| cost.is_finite());
    Some(usage)
}

/// The model that a line names: `Model: x with diff edit format`.
fn model(line: &str) -> Option<&str> {
    let rest = ["Model: ", "Main model: ", "Models: "].iter().find_map(|begin| line.strip_prefix(begin))?;
    rest.split(" with ").next()
}

/// What Aider did, as the name of a step, and whether it went well.
fn deed(line: &str) -> Option<(&str, Status)> {
    let began = |begins: &[&str]| begins.iter().any(|begin| line.starts_with(begin));
    if began(&["Applied edit to ", "Commit ", "Running "]) {
        return Some((line, Status::Ok));
    }
    let wrong = ["litellm.", "The LLM did not conform", "SEARCH/REPLACE block failed", "Only 3 reflections", "Error "];
    (began(&wrong) || line.contains("SearchReplaceNoExactMatch")).then_some((line, Status::Error))
}

impl Importer for Aider {
    fn whole(&self) -> bool {
        true
    }

    fn read(&mut self, text: &[u8], here: Here, build: &mut Builder) {
        let text = undamaged(text, here, build);
        self.known.look(build);
        let mut thread: Option<Thread> = None;
        let mut named = String::new();
        for stretch in stretches(text) {
            let place = here.place(stretch.start, stretch.start + stretch.text.trim_end().len());
            let said = said(stretch.text, stretch.sort);
            if stretch.sort == Sort::Session || thread.is_none() {
                if let Some(mut before) = thread.take() {
                    before.close(build);
                }
                thread = Some(self.session(&said, stretch.sort, here, build));
                named.clear();
            }
            if let Some(thread) = &mut thread {
                self.step(&stretch, place, &said, &mut named, thread, build);
            }
        }
        if let Some(mut thread) = thread {
            thread.close(build);
        }
    }

    fn finish(self: Box<Self>, _: &mut Builder) -> Box<dyn Reveal> {
        Box::new(Told)
    }
}

impl Aider {
    fn session(&mut self, said: &str, sort: Sort, here: Here, build: &mut Builder) -> Thread {
        self.sessions = self.sessions.saturating_add(1);
        let when = if sort == Sort::Session { said } else { "without a beginning" };
        let id = format!("aider {when} #{} of file {}", self.sessions, here.file + 1);
        let run = build.names.intern(&id);
        build.run_names.insert(run, format!("Aider {when}"));
        Thread::new(run, None)
    }

    fn step(
        &mut self,
        stretch: &Stretch<'_>,
        place: Place,
        said: &str,
        named: &mut String,
        thread: &mut Thread,
        build: &mut Builder,
    ) {
        let run = thread.run;
        match stretch.sort {
            Sort::Session => thread.note(build, place),
            Sort::Prompt if said.is_empty() => {}
            Sort::Prompt => {
                let command = said.split_whitespace().next().filter(|word| word.starts_with('/'));
                if command.is_some_and(|command| !ASKING.contains(&command)) {
                    thread.close(build);
                    let id = self.known.free(build, run, "command");
                    thread.mark(&mut self.known, build, id, &title(said), place, None);
                    return;
                }
                let id = self.known.free(build, run, "turn");
                thread.open(&mut self.known, build, id, &title(said), place, None);
                thread.give(place, None);
            }
            Sort::Program => {
                if let Some(model) = model(said) {
                    model.clone_into(named);
                }
                if let Some(usage) = usage(said) {
                    if let Some(call) = thread.call {
                        settle_call(build, call, "", usage);
                    }
                } else if let Some((name, status)) = deed(said).filter(|_| thread.turn.is_some()) {
                    let id = self.known.free(build, run, "did");
                    let step = thread.mark(&mut self.known, build, id, &title(name), place, None);
                    if let Some(draft) = build.drafts.get_mut(step) {
                        (draft.kind, draft.status) = (Kind::Tool, status);
                    }
                    thread.give(place, None);
                    return;
                }
                thread.note(build, place);
            }
            Sort::Answer => {
                let id = self.known.free(build, run, "answer");
                let call = thread.call(&mut self.known, build, id, place, None);
                settle_call(build, call, named, Usage::default());
                thread.said = Some(place);
            }
        }
    }
}

struct Told;

/// The sort of a piece by its first line. A piece of an answer never begins like a line of Aider's own.
fn sort_of_piece(raw: &str, kind: Kind, first: bool) -> Sort {
    match sort_of(raw.lines().next().unwrap_or_default(), false) {
        Sort::Session => Sort::Session,
        _ if kind == Kind::Llm && first => Sort::Answer,
        sort => sort,
    }
}

impl Reveal for Told {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        let kind = about.run.steps.kind.get(about.step as usize).copied().unwrap_or_default();
        let status = about.run.steps.status.get(about.step as usize).copied().unwrap_or_default();
        let mut answer: Option<Message> = None;
        for (number, piece) in pieces.iter().enumerate() {
            let raw = String::from_utf8_lossy(&piece.bytes);
            let sort = sort_of_piece(&raw, kind, number == 0);
            let text = said(&raw, sort);
            let made = ValueText::Made { text: text.clone(), json: false, note: "without marks".into() };
            let value = Value { place: piece.place, text: made };
            match sort {
                Sort::Session => details.facts.push(Fact { label: "session".into(), text }),
                Sort::Prompt => {
                    details.input = Some(value);
                    details.messages.push(dialect::message(Side::Input, Role::User, vec![Part::Text(text)]));
                }
                Sort::Answer => {
                    details.output = Some(value);
                    if kind == Kind::Llm {
                        answer = Some(dialect::message(Side::Output, Role::Assistant, vec![Part::Text(text)]));
                    }
                }
                Sort::Program if kind == Kind::Tool => {
                    if status == Status::Error {
                        details.error = Some(failure(&text));
                    }
                    details.output = Some(value);
                }
                Sort::Program => details.facts.push(Fact { label: "Aider".into(), text }),
            }
        }
        details.messages.extend(answer);
        if kind == Kind::Agent {
            let note = "A history has the time of its sessions only, and numbers of tokens that are rounded.";
            details.notes.push(note.into());
        }
        details
    }
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    let head = String::from_utf8_lossy(probe.head.get(..probe.head.len().min(16 << 10)).unwrap_or(probe.head));
    head.lines().take(40).any(|line| line.starts_with(SESSION)).then_some(())?;
    Matched::new("Aider chat history", "it has the line `# aider chat started at`")
}

#[cfg(test)]
mod tests {
    use super::{rounded, usage};
    use crate::import::dump::dump;
    use crate::import::testing::open;

    const FIXTURE: &str = include_str!("fixtures/aider.txt");

    #[test]
    fn a_history_with_everything() {
        insta::assert_snapshot!(dump(FIXTURE.as_bytes()));
    }

    #[test]
    fn tokens_and_costs() {
        assert_eq!(
            [rounded("2.4k"), rounded("104"), rounded("1.5M"), rounded("x")],
            [Some(2400), Some(104), Some(1_500_000), None]
        );
        let told = usage(
            "Tokens: 9.1k sent, 1.2k cache write, 8k cache hit, 1,004 received. Cost: $0.01 message, $0.10 session.",
        );
        let told = told.map(|usage| (usage.input, usage.written, usage.cached, usage.output, usage.cost));
        assert_eq!(told, Some((Some(9100), Some(1200), Some(8000), Some(1004), Some(0.01))));
        assert_eq!(usage("Tokens: 1.6k sent, 1.7k received.").and_then(|usage| usage.output), Some(1700));
    }

    #[test]
    fn where_an_editor_took_the_spaces_it_is_read_all_the_same() {
        let trimmed: Vec<&str> = FIXTURE.lines().map(str::trim_end).collect();
        let (_, view) = open(&trimmed.join("\n"));
        assert_eq!((view.format.as_str(), view.runs.len()), ("aider", 2));
    }
}

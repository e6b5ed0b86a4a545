//! The text that `/export` of Claude Code writes: what stood on the screen. No ids and no times, so only the order.
//!
//! Source: exports of the versions 2.0.8 to 2.0.54. Marks in the first column begin something: `> ` a prompt, `⏺ ` or
//! `● ` an answer or a tool with its arguments, `∴ ` a thought; `  ⎿  ` is what came back from the step above it.

use super::thread::{Known, Thread, settle_call, title, undamaged};
use super::told::failure;
use crate::dialect;
use crate::import::{Builder, Draft, Format, Here, Importer, Matched, Piece, Probe, Reveal, Revealing};
use crate::model::{
    Details, Fact, Flags, Kind, Message, Part, Place, Role, Side, Status, Sym, Usage, Value, ValueText,
};

/// The format.
pub(super) const FORMAT: Format = Format {
    id: "claude-export",
    name: "Claude Code /export texts",
    detect,
    importer: |_, _| Box::new(Export { known: Known::default(), thread: None }),
};

/// What a mark begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Prompt,
    Answer,
    Thought,
    Result,
    Compacted,
}

/// A stretch of the text.
#[derive(Clone, Copy, Debug)]
struct Stretch<'a> {
    mark: Mark,
    start: usize,
    text: &'a str,
}

struct Export {
    known: Known,
    thread: Option<Thread>,
}

fn mark_of(line: &str) -> Option<Mark> {
    let begins = |marks: &[&str]| marks.iter().any(|mark| line.starts_with(mark));
    if begins(&["> ", "❯ "]) || matches!(line, ">" | "❯") {
        Some(Mark::Prompt)
    } else if begins(&["⏺", "●"]) {
        Some(Mark::Answer)
    } else if begins(&["∴", "✻ Thinking"]) {
        Some(Mark::Thought)
    } else if line.trim_start().starts_with('⎿') && line.starts_with(' ') {
        Some(Mark::Result)
    } else if line.contains("Conversation compacted") && begins(&["═", "─", "✻"]) {
        Some(Mark::Compacted)
    } else {
        None
    }
}

/// The text cut at its marks. What stands before the first is the banner.
fn stretches(text: &str) -> Vec<Stretch<'_>> {
    let mut out: Vec<Stretch<'_>> = Vec::new();
    let mut from = 0;
    for line in text.split_inclusive('\n') {
        if let Some(mark) = mark_of(line.trim_end()) {
            if let Some(last) = out.last_mut() {
                last.text = text.get(last.start..from).unwrap_or("");
            }
            out.push(Stretch { mark, start: from, text: "" });
        }
        from += line.len();
    }
    if let Some(last) = out.last_mut() {
        last.text = text.get(last.start..).unwrap_or("");
    }
    out
}

/// What stands behind the mark, the lines of a block without their indent.
fn said(text: &str) -> String {
    let text = text.trim_start();
    let mut chars = text.chars();
    chars.next();
    let mut lines = chars.as_str().lines();
    let mut out = lines.next().unwrap_or("").trim().to_owned();
    for line in lines {
        let indent = line.bytes().take(5).take_while(|b| *b == b' ').count();
        out.push('\n');
        out.push_str(line.get(indent..).unwrap_or(line).trim_end());
    }
    out.truncate(out.trim_end().len());
    out
}

/// The name of a tool, when an answer is one: `Bash(`, `Web Search(`, `server - tool (MCP)(`, `a:b(`.
fn tool_name(text: &str) -> Option<&str> {
    let line = text.lines().next()?;
    let (name, rest) = match line.find(" (MCP)(") {
        Some(at) => line.split_at(at),
        None => line.split_at(line.find('(')?),
    };
    let mcp = rest.starts_with(" (MCP)");
    let words = name
        .split(' ')
        .all(|word| word.starts_with(|c: char| c.is_ascii_uppercase()) && word.chars().all(char::is_alphanumeric));
    let scoped = name.contains(':') && !name.contains(' ');
    (!name.is_empty() && name.len() < 120 && (mcp || words || scoped)).then_some(name)
}

/// How a tool ended, by the first words of its result.
fn outcome(text: &str) -> Status {
    let begins = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
    if begins(&["Interrupted", "[Request interrupted", "User rejected", "No (tell Claude", "Sibling tool call errored"])
    {
        Status::Cancelled
    } else if begins(&["Error:", "Error ", "API Error"]) {
        Status::Error
    } else {
        Status::Ok
    }
}

impl Importer for Export {
    fn whole(&self) -> bool {
        true
    }

    fn read(&mut self, text: &[u8], here: Here, build: &mut Builder) {
        let text = undamaged(text, here, build);
        self.known.look(build);
        let run =
            build.names.intern(&if here.file == 0 { "export".to_owned() } else { format!("export-{}", here.file) });
        let mut thread = Thread::new(run, None);
        self.steps(text, here, run, &mut thread, build);
        thread.close(build);
        self.thread = Some(thread);
    }

    fn finish(self: Box<Self>, _: &mut Builder) -> Box<dyn Reveal> {
        Box::new(Told)
    }
}

impl Export {
    fn steps(&mut self, text: &str, here: Here, run: Sym, thread: &mut Thread, build: &mut Builder) {
        let all = stretches(text);
        // A command of the program's own, and what a step was.
        let mut asked: Option<(Place, String)> = None;
        let mut step: Option<usize> = None;
        let mut thoughts: Vec<Place> = Vec::new();
        for (at, stretch) in all.iter().enumerate() {
            let place = here.place(stretch.start, stretch.start + stretch.text.trim_end().len());
            let said = said(stretch.text);
            match stretch.mark {
                Mark::Prompt if said.is_empty() => {}
                Mark::Prompt => {
                    asked = Some((place, title(&said)));
                    step = None;
                    if !said.starts_with('/') {
                        self.turn(&mut asked, thread, build);
                    }
                }
                Mark::Thought => thoughts.push(place),
                Mark::Compacted => {
                    let id = self.known.free(build, run, "compacted");
                    step = Some(thread.mark(&mut self.known, build, id, "Conversation compacted", place, None));
                }
                Mark::Answer => {
                    self.turn(&mut asked, thread, build);
                    if thread.turn.is_none() {
                        asked = Some((place, "Session goes on".to_owned()));
                        self.turn(&mut asked, thread, build);
                        thread.given.clear();
                    }
                    // A short line with a result below it is a tool without arguments.
                    let alone = all.get(at + 1).is_some_and(|next| next.mark == Mark::Result);
                    let bare = alone && said.len() < 60 && !said.contains('\n') && !said.ends_with(['.', ':', '?']);
                    let name = tool_name(&said).or(bare.then_some(said.as_str()));
                    step = Some(match name {
                        Some(name) => self.tool(name, place, thread, build),
                        None => {
                            let id = self.known.free(build, run, "answer");
                            let call = thread.call(&mut self.known, build, id, place, None);
                            settle_call(build, call, "", Usage::default());
                            if let Some(call) = build.drafts.get_mut(call) {
                                call.more.append(&mut thoughts);
                            }
                            thread.said = Some(place);
                            call
                        }
                    });
                }
                Mark::Result => {
                    let tool = step.and_then(|step| build.drafts.get_mut(step)).filter(|step| step.kind == Kind::Tool);
                    match tool {
                        Some(tool) => {
                            tool.more.push(place);
                            let status = outcome(&said);
                            if tool.status == Status::Unset || status != Status::Ok {
                                tool.status = status;
                            }
                            thread.give(place, None);
                        }
                        None => thread.note(build, place),
                    }
                }
            }
        }
        if let Some((place, _)) = asked {
            thread.note(build, place);
        }
    }

    /// Opens the turn of a prompt that waits.
    fn turn(&mut self, asked: &mut Option<(Place, String)>, thread: &mut Thread, build: &mut Builder) {
        let Some((place, name)) = asked.take() else { return };
        let id = self.known.free(build, thread.run, "turn");
        thread.open(&mut self.known, build, id, &name, place, None);
        thread.give(place, None);
        build.run_names.entry(thread.run).or_insert(name);
    }

    fn tool(&mut self, name: &str, place: Place, thread: &mut Thread, build: &mut Builder) -> usize {
        let mut draft = Draft::new(thread.run, self.known.free(build, thread.run, "tool"), place);
        draft.parent = thread.turn_id;
        draft.name = build.names.intern(name);
        draft.kind = Kind::Tool;
        draft.status = Status::Unset;
        draft.flags = Flags::default();
        self.known.push(build, draft)
    }
}

struct Told;

/// A value of its own text: without the mark and the indent.
fn value(piece: &Piece, text: String) -> Value {
    Value { place: piece.place, text: ValueText::Made { text, json: false, note: "without marks and indent".into() } }
}

impl Reveal for Told {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        let kind = about.run.steps.kind.get(about.step as usize).copied().unwrap_or_default();
        let status = about.run.steps.status.get(about.step as usize).copied().unwrap_or_default();
        let mut answer: Vec<Part> = Vec::new();
        let mut inputs: Vec<Message> = Vec::new();
        for piece in pieces {
            let raw = String::from_utf8_lossy(&piece.bytes);
            let text = said(&raw);
            if raw.contains("(ctrl+o to expand)") || raw.contains("(ctrl+r to expand)") {
                details.notes.push("The export left out lines here: `… +N lines` stands in their place.".into());
            }
            let mark = raw.lines().next().and_then(mark_of);
            match (kind, mark.or_else(|| raw.trim_start().starts_with('⎿').then_some(Mark::Result))) {
                (Kind::Tool, Some(Mark::Result)) => {
                    facts(&text, &mut details);
                    if status == Status::Error && details.error.is_none() {
                        details.error = Some(failure(&text));
                    }
                    // Of a tool that reports on the way the last result is the result.
                    details.output = Some(value(piece, text));
                }
                (Kind::Tool, _) => {
                    let inner = text.find('(').and_then(|from| text.get(from + 1..)).unwrap_or("");
                    let inner = inner.strip_prefix("MCP)(").unwrap_or(inner);
                    let inner = inner.trim_end().strip_suffix(')').unwrap_or(inner);
                    details.input = (!inner.is_empty()).then(|| value(piece, inner.to_owned()));
                }
                (Kind::Llm, Some(Mark::Thought)) => answer.insert(0, Part::Reasoning(text)),
                (Kind::Llm, Some(Mark::Answer)) => {
                    details.output = Some(value(piece, text.clone()));
                    answer.push(Part::Text(text));
                }
                (Kind::Llm, Some(Mark::Result)) => {
                    let error = outcome(&text) == Status::Error;
                    let part = Part::ToolResult { id: String::new(), name: String::new(), content: text, error };
                    inputs.push(dialect::message(Side::Input, Role::Tool, vec![part]));
                }
                (Kind::Llm, _) => {
                    details.input = Some(value(piece, text.clone()));
                    inputs.push(dialect::message(Side::Input, Role::User, vec![Part::Text(text)]));
                }
                (Kind::Agent, Some(Mark::Prompt)) if details.input.is_none() => {
                    details.input = Some(value(piece, text.clone()));
                    details.messages.push(dialect::message(Side::Input, Role::User, vec![Part::Text(text)]));
                }
                (Kind::Agent, Some(Mark::Answer)) => details.output = Some(value(piece, text)),
                (Kind::Agent, _) => details.facts.push(Fact { label: "attached".into(), text }),
                _ => {}
            }
        }
        if details.input.is_none() && kind == Kind::Llm && !inputs.is_empty() {
            let count = pieces.len();
            details
                .notes
                .push(format!("It was given what the steps before it brought, of {count} places of the text."));
        }
        if !answer.is_empty() {
            details.messages.append(&mut inputs);
            details.messages.push(dialect::message(Side::Output, Role::Assistant, answer));
        }
        if kind == Kind::Agent {
            let note = "An export has no times and no ids: only the order is known. Long lines were wrapped.";
            details.notes.push(note.into());
        }
        details
    }
}

/// `Done (19 tool uses · 61.4k tokens · 28m 38s)` says what a sub-agent took.
fn facts(text: &str, details: &mut Details) {
    let Some(inner) = text.strip_prefix("Done (").and_then(|rest| rest.split(')').next()) else { return };
    for (part, label) in inner.split(" · ").zip(["stated tool calls", "stated tokens", "stated duration"]) {
        details.facts.push(Fact { label: label.into(), text: part.to_owned() });
    }
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    let head = String::from_utf8_lossy(probe.head.get(..probe.head.len().min(64 << 10)).unwrap_or(probe.head));
    if head.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']) {
        return None;
    }
    let marks: Vec<Mark> = head.lines().filter_map(|line| mark_of(line.trim_end())).collect();
    let count = |mark: Mark| marks.iter().filter(|found| **found == mark).count();
    let banner = head.lines().take(20).any(|line| line.contains("Claude Code v") || line.contains("▐▛███▜▌"));
    let (answers, results, prompts) = (count(Mark::Answer), count(Mark::Result), count(Mark::Prompt));
    let speaks = answers > 0 && (results > 0 || prompts > 0);
    if banner && (speaks || prompts > 0) {
        return Matched::new("Claude Code /export", "it begins with the banner of Claude Code, and its marks follow");
    }
    // A dot or a quotation begins lines of other texts too.
    let own = results > 0 || head.lines().any(|line| line.starts_with("⏺ "));
    (speaks && own).then_some(())?;
    Matched::new("Claude Code /export", "its lines begin with the marks of Claude Code's screen (`⏺`, `⎿`, `>`)")
}

#[cfg(test)]
mod tests {
    use super::tool_name;
    use crate::import::dump::dump;
    use crate::import::testing::open;

    #[test]
    fn an_export_with_everything() {
        insta::assert_snapshot!(dump(include_bytes!("fixtures/export.txt")));
    }

    #[test]
    fn tools_are_told_from_answers() {
        for (line, name) in [
            ("Bash(ls -la)", Some("Bash")),
            ("Web Search(\"rust\")", Some("Web Search")),
            ("github - create_issue (MCP)(title: \"x\")", Some("github - create_issue")),
            ("plugin:tool(a: 1)", Some("plugin:tool")),
            ("I changed parse() and main().", None),
            ("Done (see above)", None),
            ("The function f(x) fails", None),
        ] {
            assert_eq!(tool_name(line), name, "{line}");
        }
    }

    #[test]
    fn a_reminder_without_a_conversation_is_refused_by_name() {
        let (_, view) = open("# Reminder\n\nPlease run /export to save this conversation here.\n");
        assert!(view.format.is_empty() && view.explanation.contains("reminder"), "{}", view.explanation);
    }
}

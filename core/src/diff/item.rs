//! What is said of one item: what differs in a few words, why it was paired, and its values on both sides.

use super::align::Why;
use super::comparison::{Comparison, Differs};
use super::content::Content;
use super::meaning::Options;
use super::rows;
use super::turns::turns;
use super::value::rows::Laid;
use crate::model::Side;
use crate::protocol::{DiffItem, DiffRow, DiffSection, DiffTurn, DiffValueRow, Part, Sign, Span};
use crate::view::Sight;
use crate::view::value::Read;
use crate::wording::counted;
use rustc_hash::FxHashMap;

/// Rows of a value that are looked at to say what differs in it.
const LOOKED_AT: u32 = 200;

/// Characters of a scalar that a sentence holds.
const SHORT: usize = 32;

/// Words of rows that are kept.
const KEPT: usize = 20_000;

/// What differs in items, in a few words each, made when somebody looks.
#[derive(Default)]
pub(crate) struct Briefs {
    said: FxHashMap<u32, String>,
}

impl Briefs {
    /// What differs in an item, in a few words; empty when nothing does.
    pub(crate) fn what(&mut self, made: &Comparison, sights: (Sight<'_>, Sight<'_>), item: u32) -> String {
        if made.difference(item).is_none() && made.sign(item) == Sign::Same {
            return String::new();
        }
        if let Some(said) = self.said.get(&item) {
            return said.clone();
        }
        let said = what(made, sights, item);
        if self.said.len() >= KEPT {
            self.said.clear();
        }
        self.said.insert(item, said.clone());
        said
    }
}

fn what(made: &Comparison, sights: (Sight<'_>, Sight<'_>), at: u32) -> String {
    let Some(item) = made.items.get(at as usize) else { return String::new() };
    let differs = made.differs(at);
    let shown = Shown::of(made, sights, at);
    let mut parts = Vec::new();
    let alone = match made.sign(at) {
        Sign::OnlyA => Some(("A", &shown.a)),
        Sign::OnlyB => Some(("B", &shown.b)),
        _ => None,
    };
    if let Some((side, content)) = alone {
        let more = if item.why == Why::Repeated { ", once more" } else { "" };
        parts.push(format!("only in {side}{more}"));
        if let Some(error) = content.as_ref().and_then(|content| content.error.as_deref()) {
            parts.push(format!("fails: {}", short(error)));
        }
        let below = item.after.saturating_sub(at).saturating_sub(1);
        if below > 0 {
            parts.push(format!("{} inside", counted(below, "step", "steps")));
        }
        return parts.join(" · ");
    }
    if item.moved {
        parts.push("moved".to_owned());
    }
    match item.why {
        Why::Renamed => parts.push("renamed".to_owned()),
        Why::Kind => {
            let kind = |sight: Sight<'_>, step: Option<u32>| rows::kind(sight, step).unwrap_or_default().name();
            parts.push(format!("kind: {} → {}", kind(sights.0, item.a), kind(sights.1, item.b)));
        }
        _ => {}
    }
    if differs.has(Differs::STATUS) {
        let status = |sight: Sight<'_>, step: Option<u32>| rows::status(sight, step).unwrap_or_default().name();
        parts.push(format!("{} → {}", status(sights.0, item.a), status(sights.1, item.b)));
    }
    if differs.has(Differs::INPUT) {
        parts.push(shown.brief(Side::Input, &made.options));
    }
    if differs.has(Differs::MODEL) {
        let models = rows::models(sights, (item.a, item.b));
        let of = |model: Option<String>| model.unwrap_or_else(|| "none".to_owned());
        parts.push(format!("model: {} → {}", of(models.a), of(models.b)));
    }
    if differs.has(Differs::SETTINGS) {
        parts.push(shown.settings_brief(&made.options));
    }
    if differs.has(Differs::ERROR) {
        match (shown.error_a(), shown.error_b()) {
            (None, Some(error)) => parts.push(short(error)),
            (Some(_), None) => parts.push("no error".to_owned()),
            (Some(_), Some(error)) => parts.push(format!("another error: {}", short(error))),
            (None, None) => {}
        }
    } else if differs.has(Differs::OUTPUT) {
        parts.push(shown.brief(Side::Output, &made.options));
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

/// A text on one line, cut.
fn short(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(SHORT * 2).collect();
    if text.chars().nth(SHORT * 2).is_some() { format!("{line}…") } else { line }
}

/// The contents of an item on both sides.
pub(crate) struct Shown {
    a: Option<Content>,
    b: Option<Content>,
}

impl Shown {
    pub(crate) fn of(made: &Comparison, (a, b): (Sight<'_>, Sight<'_>), at: u32) -> Shown {
        let item = made.items.get(at as usize).copied().unwrap_or_default();
        let content = |sight: Sight<'_>, step: Option<u32>| {
            let step = step?;
            Some(match sight.details(step) {
                Ok(details) => Content::of(sight, &details),
                Err(why) => Content { unread: Some(why), ..Content::default() },
            })
        };
        Shown { a: content(a, item.a), b: content(b, item.b) }
    }

    pub(crate) fn error_a(&self) -> Option<&str> {
        self.a.as_ref()?.error.as_deref()
    }

    pub(crate) fn error_b(&self) -> Option<&str> {
        self.b.as_ref()?.error.as_deref()
    }

    fn both(&self, of: impl Fn(&Content) -> Option<&Read>) -> (Option<&Read>, Option<&Read>) {
        (self.a.as_ref().and_then(&of), self.b.as_ref().and_then(&of))
    }

    fn values(&self, side: Side) -> (Option<&Read>, Option<&Read>) {
        match side {
            Side::Input => self.both(|content| content.input.as_ref()),
            Side::Output => self.both(|content| content.output.as_ref()),
        }
    }

    fn settings(&self) -> (Option<Read>, Option<Read>) {
        let of = |content: &Option<Content>| {
            let text = content.as_ref().map(|content| content.settings.as_str()).filter(|text| !text.is_empty())?;
            Some(Read { text: text.to_owned(), json: true, ..Read::default() })
        };
        (of(&self.a), of(&self.b))
    }

    /// The turns of the two conversations that differ on one side; none when there is no conversation.
    fn turns(&self, side: Side, options: &Options) -> Vec<DiffTurn> {
        let (Some(a), Some(b)) = (&self.a, &self.b) else { return Vec::new() };
        if a.messages.is_empty() && b.messages.is_empty() {
            return Vec::new();
        }
        let (mut told, _, _) = turns(a, b, options);
        told.retain(|turn| turn.side == side && turn.sign != Sign::Same);
        told
    }

    /// "query: 3 words · documents: 3 of 4 are others".
    fn brief(&self, side: Side, options: &Options) -> String {
        let what = if side == Side::Input { "input" } else { "output" };
        let turns = self.turns(side, options);
        match &turns[..] {
            [] => {}
            [only] if !only.what.is_empty() => return format!("{} message: {}", role_of(only), only.what),
            more => {
                let number = more.len() as u64;
                return counted(number, "message differs", "messages differ");
            }
        }
        let (a, b) = self.values(side);
        brief(&Laid::new(a, b, options), what)
    }

    fn settings_brief(&self, options: &Options) -> String {
        let (a, b) = self.settings();
        brief(&Laid::new(a.as_ref(), b.as_ref(), options), "parameters")
    }

    /// "the query differs in 3 words".
    pub(crate) fn input_phrase(&self, options: &Options) -> String {
        self.phrase(Side::Input, options)
    }

    /// "the text differs in 3 words".
    pub(crate) fn output_phrase(&self, options: &Options) -> String {
        self.phrase(Side::Output, options)
    }

    fn phrase(&self, side: Side, options: &Options) -> String {
        let what = if side == Side::Input { "input" } else { "output" };
        let turns = self.turns(side, options);
        if let Some(first) = turns.first() {
            let more = match turns.len() - 1 {
                0 => String::new(),
                more => format!(", and {}", counted(more as u64, "more message", "more messages")),
            };
            let role = role_of(first);
            return match first.sign {
                Sign::OnlyA => format!("B lacks a {role} message that A has{more}"),
                Sign::OnlyB => format!("B has one more {role} message{more}"),
                _ => format!("the {role} message differs in {}{more}", first.what),
            };
        }
        let (a, b) = self.values(side);
        match (a, b) {
            (Some(_), None) => format!("B has no {what}"),
            (None, Some(_)) => format!("only B has an {what}"),
            _ => phrase(&mut Laid::new(a, b, options), what),
        }
    }

    /// "the attribute `query_template` is v8 instead of v7".
    pub(crate) fn settings_phrase(&self, options: &Options) -> String {
        let (a, b) = self.settings();
        phrase(&mut Laid::new(a.as_ref(), b.as_ref(), options), "parameters")
    }
}

fn role_of(turn: &DiffTurn) -> String {
    use crate::model::Role;
    match &turn.role {
        Role::System => "system".to_owned(),
        Role::User => "user".to_owned(),
        Role::Assistant => "assistant".to_owned(),
        Role::Tool => "tool".to_owned(),
        Role::Other(name) => short(name),
    }
}

fn brief(laid: &Laid, what: &str) -> String {
    match laid.brief() {
        said if said.is_empty() => format!("{what} differs"),
        // Members are named; of a whole value it has to be said what it is.
        said if said.contains(": ") => said,
        said => format!("{what}: {said}"),
    }
}

fn text_of(spans: &[Span]) -> String {
    spans.iter().map(|span| span.text.as_str()).collect()
}

/// What differs first in two values, as the rest of a sentence.
fn phrase(laid: &mut Laid, what: &str) -> String {
    let rows = laid.rows(0, LOOKED_AT);
    let differs = |row: &&DiffValueRow| row.sign != Sign::Same && !row.noise && (!row.open || row.children == 0);
    let mut found = rows.iter().filter(differs);
    let Some(first) = found.next() else { return format!("the {what} differs") };
    let more = match found.count() {
        0 => String::new(),
        more if laid.total() > LOOKED_AT => format!(", and at least {more} more values"),
        1 => ", and one more value".to_owned(),
        more => format!(", and {more} more values"),
    };
    let label = if first.label_b.is_empty() { &first.label_a } else { &first.label_b };
    let whole = first.path.is_empty() || first.path == "$";
    let named = if whole { format!("the {what}") } else { format!("`{}`", place(&first.path, label)) };
    let (a, b) = (text_of(&first.a), text_of(&first.b));
    let is_short = |text: &str| text.chars().count() <= SHORT && !text.contains('\n');
    match first.sign {
        Sign::OnlyA => format!("{named} is missing in B{more}"),
        Sign::OnlyB => format!("{named} is new in B{more}"),
        _ if first.moved && a == b => format!("{named} stands at another place{more}"),
        _ if [&a, &b].iter().all(|text| is_short(text) && text.split(' ').count() < 3) => {
            format!("{named} is {} instead of {}{more}", tick(&b), tick(&a))
        }
        _ => {
            let words = |spans: &[Span]| {
                let changed = spans.iter().filter(|span| span.sign != Sign::Same);
                changed.map(|span| span.text.split_whitespace().count()).sum::<usize>()
            };
            let count = words(&first.a).max(words(&first.b)) as u64;
            let by = if count == 0 { String::new() } else { format!(" in {}", counted(count, "word", "words")) };
            format!("{named} differs{by}{more}")
        }
    }
}

/// A scalar in a sentence.
fn tick(text: &str) -> String {
    if text.is_empty() { "empty".to_owned() } else { format!("`{}`", text.replace('`', "'")) }
}

/// The last keys of a path, which say enough: `documents[2].title`.
fn place(path: &str, label: &str) -> String {
    let tail = path.strip_prefix("$.").unwrap_or(path);
    let tail: String = if tail.chars().count() <= SHORT { tail.to_owned() } else { label.to_owned() };
    tail.replace('`', "'")
}

/// One item for the inspector, and the values that can be looked at, each with the section it is of.
pub(crate) fn item(made: &Comparison, sights: (Sight<'_>, Sight<'_>), row: DiffRow) -> (DiffItem, Vec<(usize, Laid)>) {
    let at = row.item;
    let of = made.items.get(at as usize).copied().unwrap_or_default();
    let shown = Shown::of(made, sights, at);
    let mut sections = Vec::new();
    let mut values = Vec::new();
    let mut noise = 0;
    let part = |sight: Sight<'_>, step: Option<u32>, make: &dyn Fn(u32, u32) -> Part| {
        step.map(|step| make(sight.number, step))
    };
    let mut add = |title: &str, a: Option<&Read>, b: Option<&Read>, make: Option<&dyn Fn(u32, u32) -> Part>| {
        if a.is_none() && b.is_none() {
            return;
        }
        let laid = Laid::new(a, b, &made.options);
        noise += laid.noise();
        let chips = laid.chips();
        sections.push(DiffSection {
            title: title.to_owned(),
            sign: match (a, b) {
                (Some(_), None) => Sign::OnlyA,
                (None, Some(_)) => Sign::OnlyB,
                _ if laid.is_same() => Sign::Same,
                _ => Sign::Changed,
            },
            chips,
            part_a: make.filter(|_| a.is_some()).and_then(|make| part(sights.0, of.a, make)),
            part_b: make.filter(|_| b.is_some()).and_then(|make| part(sights.1, of.b, make)),
            noise: laid.noise(),
            note: laid.note(),
            ..DiffSection::default()
        });
        values.push((sections.len() - 1, laid));
    };
    let (input_a, input_b) = shown.values(Side::Input);
    add("Input", input_a, input_b, Some(&|run, step| Part::Input { run, step }));
    let (output_a, output_b) = shown.values(Side::Output);
    add("Output", output_a, output_b, Some(&|run, step| Part::Output { run, step }));
    let error = |error: Option<&str>| error.map(|error| Read { text: error.to_owned(), ..Read::default() });
    let (error_a, error_b) = (error(shown.error_a()), error(shown.error_b()));
    add("Error", error_a.as_ref(), error_b.as_ref(), None);
    let (set_a, set_b) = shown.settings();
    add("Parameters", set_a.as_ref(), set_b.as_ref(), Some(&|run, step| Part::Attributes { run, step }));
    let (state_a, state_b) = shown.both(|content| content.state.as_ref());
    add("State", state_a, state_b, Some(&|run, step| Part::StateAfter { run, step }));
    conversation(&shown, &made.options, &mut sections, &mut values);
    for (content, letter) in [(&shown.a, "A"), (&shown.b, "B")] {
        if let Some(why) = content.as_ref().and_then(|content| content.unread.as_ref())
            && let Some(first) = sections.first_mut()
        {
            first.note = format!("A value of {letter} could not be read: {why} {}", first.note).trim_end().to_owned();
        }
    }
    let shown =
        DiffItem { why: why(of.why, &row, &shown), model: rows::models(sights, (of.a, of.b)), row, sections, noise };
    (shown, values)
}

/// The conversation as a section of its own, before everything that is not what the step was given.
fn conversation(shown: &Shown, options: &Options, sections: &mut Vec<DiffSection>, values: &mut [(usize, Laid)]) {
    let none = Content::default();
    let (a, b) = (shown.a.as_ref().unwrap_or(&none), shown.b.as_ref().unwrap_or(&none));
    if a.messages.is_empty() && b.messages.is_empty() {
        return;
    }
    let (told, differ, left) = turns(a, b, options);
    let sign = match (&shown.a, &shown.b) {
        (Some(_), None) => Sign::OnlyA,
        (None, Some(_)) => Sign::OnlyB,
        _ if differ > 0 => Sign::Changed,
        _ => Sign::Same,
    };
    let mut chips = Vec::new();
    if differ > 0 && sign == Sign::Changed {
        chips.push(counted(differ, "turn differs", "turns differ"));
    }
    let note = if left > 0 { format!("{left} more turns are not shown.") } else { String::new() };
    let section =
        DiffSection { title: "Messages".to_owned(), sign, chips, note, turns: told, ..DiffSection::default() };
    sections.insert(0, section);
    for (of, _) in values {
        *of += 1;
    }
}

/// Why two were paired, or why one stands alone.
fn why(why: Why, row: &DiffRow, shown: &Shown) -> String {
    let words = || {
        let (a, b) = shown.values(Side::Input);
        let (a, b) = (a?, b?);
        let found = super::text::diff(&a.text, &b.text);
        let (equal, all) = found.shared();
        (all > 0).then(|| format!("{equal} of {all} words of the input are equal"))
    };
    match why {
        Why::Equal => "Paired: the same name, kind and place, and everything in it is equal.".to_owned(),
        Why::Input => "Paired: the same name, kind and place, and the same input.".to_owned(),
        Why::Words => match words() {
            Some(words) => format!("Paired: the same name, kind and place; {words}."),
            None => "Paired: the same name, kind and place, and an input that has words in common.".to_owned(),
        },
        Why::Place => "Paired: the same name, kind and place.".to_owned(),
        Why::Kind => "Paired: the same name and place, and another kind.".to_owned(),
        Why::Renamed => "Paired: another name at the same place, with much the same in it.".to_owned(),
        Why::Elsewhere => "Paired: the same name and kind at another place, with much the same in it.".to_owned(),
        Why::Pinned => "Paired by hand.".to_owned(),
        Why::Broken => "Alone: its pair was undone by hand.".to_owned(),
        Why::Repeated | Why::Alone => {
            let (side, other) = if row.sign == Sign::OnlyA { ("A", "B") } else { ("B", "A") };
            match why {
                Why::Repeated => format!("Only in {side}: one round or one try more than {other} has here."),
                _ => format!("Only in {side}: {other} has nothing like it here."),
            }
        }
    }
}

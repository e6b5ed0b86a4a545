//! The part of the page's state that its address carries: pure reading and writing of the fragment.
//!
//! `#v=1&sample=ID|open=URL&run=ID&at=MOMENT|step=ID or NAME&phase=enter&view=WORD&engine=VERSION&loader=WORD&scenario=N&chart=WORD&theme=WORD`. Of two runs laid on
//! each other `run` is A, and B follows: `&b=ID&bsample=ID|bopen=URL&an=N&bn=N&pins=A-B,…&breaks=A-B,…&rule=PATH&noise=1&item=N`,
//! where `bsample` or `bopen` stands when B's file is another one, `an` and `bn` count among runs of one id, and `rule` comes
//! once for each. `many=1` shows all runs together. In the place of `sample` or `open`, files may stand in the address itself,
//! at its end: `&files=N&name=NAME&data=GZIP…`, with `name` and `data` once for each. A field that is missing or makes no sense is left out; only a newer version is refused. When the version grows, an upgrader from each older one belongs here.

use crate::state::{Named, Theme, View};
use crate::workbench::Charted;
use chaindebug_core::protocol::{self, CompareOptions, EngineId, Loader, Phase};
use std::fmt::Write as _;

/// The version written.
const VERSION: u32 = 1;

/// What can be opened by an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A sample of the gallery.
    Sample(String),
    /// A file beside the page.
    Open(String),
    /// Files in the address itself.
    Given(Vec<Given>),
}

/// A file in an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Given {
    /// Its name.
    pub(crate) name: String,
    /// Its bytes: gzip in base64 for addresses.
    pub(crate) data: String,
}

/// The run that is laid on the one the address names, and how they are compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Laid {
    /// What holds it, where that is not what holds run A.
    pub(crate) target: Option<Target>,
    /// Runs of A's id before it.
    pub(crate) a_nth: u32,
    /// Its id; `None` when it has none.
    pub(crate) run: Option<String>,
    /// Runs of its id before it.
    pub(crate) b_nth: u32,
    /// The first run that is in another file than A will do: a sample says so, an address never.
    pub(crate) first: bool,
    /// Rules, and pairs by hand.
    pub(crate) options: CompareOptions,
    /// Item at which the cursors stand.
    pub(crate) item: Option<u32>,
}

/// The state in the address. Fields that are `None` say nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Address {
    /// What is open.
    pub(crate) target: Option<Target>,
    /// Id of the run, or name of the pipeline.
    pub(crate) run: Option<String>,
    /// Moment of the cursor.
    pub(crate) at: Option<u32>,
    /// Step of the cursor, where no moment is said.
    pub(crate) step: Option<Named>,
    /// View in the middle.
    pub(crate) view: Option<View>,
    /// Theme.
    pub(crate) theme: Option<Theme>,
    /// What the pipeline is meant to run on: engine and loader.
    pub(crate) runs_on: Option<protocol::Target>,
    /// Place of the scenario that a pipeline is simulated with, the first being 0.
    pub(crate) scenario: Option<u32>,
    /// What the chart of a pipeline shows.
    pub(crate) chart: Option<Charted>,
    /// The run that is compared with this one.
    pub(crate) laid: Option<Laid>,
    /// All runs are shown together.
    pub(crate) many: bool,
    /// Files are announced that are not all there: the address was cut.
    pub(crate) cut: bool,
}

/// The address was written by a newer ChainDebug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Newer(pub(crate) u32);

impl Address {
    /// Reads a fragment or a query, with or without its `#` or `?`.
    pub(crate) fn parse(text: &str) -> Result<Address, Newer> {
        let mut address = Address::default();
        let (mut laid, mut compared, mut enter) = (Laid::default(), false, false);
        let (mut given, mut announced) = (Vec::<Given>::new(), None::<usize>);
        for pair in text.trim_start_matches(['#', '?']).split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = decoded(value);
            if value.is_empty() {
                continue;
            }
            match key {
                "v" => {
                    if let Some(version) = value.parse().ok().filter(|&version| version > VERSION) {
                        return Err(Newer(version));
                    }
                }
                "sample" => address.target = Some(Target::Sample(value)),
                "open" => address.target = Some(Target::Open(value)),
                "files" => announced = value.parse().ok(),
                "name" => given.push(Given { name: value, data: String::new() }),
                "data" => given.last_mut().map_or((), |file| file.data = value),
                "run" => address.run = Some(value),
                "at" => address.at = value.parse().ok(),
                "step" => address.step = Some(Named { step: value, phase: Phase::Exit }),
                "phase" => enter = value == "enter",
                "view" => address.view = View::from_id(&value),
                "engine" | "loader" => {
                    let mut target = address.runs_on.unwrap_or_default();
                    match (key, value.as_str()) {
                        ("engine", "0.1.3") => target.engine = EngineId::IaModules013,
                        ("engine", "0.2.0") => target.engine = EngineId::IaModules020,
                        ("loader", "raw") => target.loader = Loader::Raw,
                        ("loader", "pydantic") => target.loader = Loader::Pydantic,
                        _ => continue,
                    }
                    address.runs_on = Some(target);
                }
                // Counted from one, as people do.
                "scenario" => address.scenario = value.parse().ok().and_then(|nth: u32| nth.checked_sub(1)),
                "chart" => address.chart = Charted::ALL.into_iter().find(|one| one.id() == value),
                "many" => address.many = value == "1",
                "theme" => address.theme = Theme::from_id(&value),
                _ => compared |= laid.read(key, value),
            }
        }
        if let Some(named) = address.step.as_mut().filter(|_| enter) {
            named.phase = Phase::Enter;
        }
        address.laid = compared.then_some(laid);
        // They stand last, so whatever cuts an address cuts these.
        if announced.is_some() || !given.is_empty() {
            address.cut = announced != Some(given.len()) || given.iter().any(|file| file.data.is_empty());
            address.target = Some(Target::Given(given));
        }
        Ok(address)
    }

    /// Writes the fragment with its `#`; empty when there is nothing to say.
    pub(crate) fn format(&self) -> String {
        let mut fields = Vec::new();
        match &self.target {
            Some(Target::Sample(id)) => fields.push(("sample", id.clone())),
            Some(Target::Open(url)) => fields.push(("open", url.clone())),
            Some(Target::Given(_)) | None => {}
        }
        fields.extend(self.run.clone().map(|run| ("run", run)));
        fields.extend(self.at.map(|at| ("at", at.to_string())));
        if let Some(named) = &self.step {
            fields.push(("step", named.step.clone()));
            fields.extend((named.phase == Phase::Enter).then(|| ("phase", "enter".to_owned())));
        }
        fields.extend(self.view.map(|view| ("view", view.id().to_owned())));
        if let Some(target) = self.runs_on {
            let engine = if target.engine == EngineId::IaModules013 { "0.1.3" } else { "0.2.0" };
            let loader = if target.loader == Loader::Raw { "raw" } else { "pydantic" };
            fields.extend([("engine", engine.to_owned()), ("loader", loader.to_owned())]);
        }
        fields.extend(self.scenario.map(|at| ("scenario", (u64::from(at) + 1).to_string())));
        fields.extend(self.chart.map(|chart| ("chart", chart.id().to_owned())));
        if let Some(laid) = &self.laid {
            laid.write(&mut fields);
        }
        if self.many {
            fields.push(("many", "1".to_owned()));
        }
        fields.extend(self.theme.map(|theme| ("theme", theme.id().to_owned())));
        if let Some(Target::Given(given)) = &self.target {
            fields.push(("files", given.len().to_string()));
            for file in given {
                fields.extend([("name", file.name.clone()), ("data", file.data.clone())]);
            }
        }
        if fields.is_empty() {
            return String::new();
        }
        let mut text = format!("#v={VERSION}");
        for (key, value) in fields {
            let _ = write!(text, "&{key}={}", encoded(&value));
        }
        text
    }
}

impl Laid {
    /// Takes one field; whether it says that there is a comparison.
    fn read(&mut self, key: &str, value: String) -> bool {
        match key {
            "b" => self.run = Some(value),
            "bn" => self.b_nth = value.parse().unwrap_or_default(),
            "an" => self.a_nth = value.parse().unwrap_or_default(),
            "bsample" => self.target = Some(Target::Sample(value)),
            "bopen" => self.target = Some(Target::Open(value)),
            "pins" => self.options.pins = pairs(&value),
            "breaks" => self.options.breaks = pairs(&value),
            "rule" => self.options.rules.push(value),
            "noise" => self.options.noise = value == "1",
            "item" => self.item = value.parse().ok(),
            _ => {}
        }
        matches!(key, "b" | "bn")
    }

    fn write(&self, fields: &mut Vec<(&str, String)>) {
        match &self.target {
            Some(Target::Sample(id)) => fields.push(("bsample", id.clone())),
            Some(Target::Open(url)) => fields.push(("bopen", url.clone())),
            // Files in the address are there once, for both.
            Some(Target::Given(_)) | None => {}
        }
        fields.extend(self.run.clone().map(|run| ("b", run)));
        if self.a_nth > 0 {
            fields.push(("an", self.a_nth.to_string()));
        }
        if self.b_nth > 0 || self.run.is_none() {
            fields.push(("bn", self.b_nth.to_string()));
        }
        let written = |pairs: &[(u32, u32)]| {
            let pairs: Vec<String> = pairs.iter().map(|(a, b)| format!("{a}-{b}")).collect();
            Some(pairs.join(",")).filter(|text| !text.is_empty())
        };
        fields.extend(written(&self.options.pins).map(|text| ("pins", text)));
        fields.extend(written(&self.options.breaks).map(|text| ("breaks", text)));
        fields.extend(self.options.rules.iter().map(|rule| ("rule", rule.clone())));
        if self.options.noise {
            fields.push(("noise", "1".to_owned()));
        }
        fields.extend(self.item.map(|item| ("item", item.to_string())));
    }
}

/// Pairs of steps as `write` has them; what is none is left out.
fn pairs(text: &str) -> Vec<(u32, u32)> {
    let pair = |text: &str| text.split_once('-').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    text.split(',').filter_map(pair).collect()
}

/// Percent-encodes what could end a value, and what is not plain ASCII.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/:,".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Reads percent-encoded text; what is not well encoded stays as it stands.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let pair = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.filter(|_| byte == b'%').and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(value) => {
                out.push(value);
                at += 3;
            }
            None => {
                out.push(if byte == b'+' { b' ' } else { byte });
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let address = Address {
            target: Some(Target::Open("runs/día 1.json?x=1&y=#2".to_owned())),
            run: Some("a+b%41 & c".to_owned()),
            at: Some(17),
            step: Some(Named { step: "look up#2".to_owned(), phase: Phase::Enter }),
            view: Some(View::Timeline),
            theme: Some(Theme::Dark),
            runs_on: Some(protocol::Target { engine: EngineId::IaModules020, loader: Loader::Pydantic }),
            scenario: Some(2),
            chart: Some(Charted::Coverage),
            laid: Some(Laid {
                target: Some(Target::Sample("six-refunds".to_owned())),
                a_nth: 1,
                run: None,
                b_nth: 0,
                first: false,
                options: CompareOptions {
                    rules: vec!["$.request_id".to_owned(), "$..[\"a & b\"]".to_owned()],
                    pins: vec![(3, 4), (5, 9)],
                    breaks: vec![(0, 0)],
                    noise: true,
                },
                item: Some(12),
            }),
            many: true,
            cut: false,
        };
        let text = address.format();
        assert!(text.starts_with("#v=1&open=runs/d%C3%ADa%201.json%3Fx"));
        assert_eq!(Address::parse(&text), Ok(address));
        assert_eq!(Address::default().format(), "");
    }

    #[test]
    fn files_in_an_address_stand_last_and_a_cut_is_seen() {
        let given = |name: &str, data: &str| Given { name: name.to_owned(), data: data.to_owned() };
        let target = Some(Target::Given(vec![given("a&b.json", "H4sI-_A"), given("c", "H4sIB")]));
        let address = Address { target, at: Some(3), ..Address::default() };
        let text = address.format();
        assert_eq!(text, "#v=1&at=3&files=2&name=a%26b.json&data=H4sI-_A&name=c&data=H4sIB");
        assert_eq!(Address::parse(&text), Ok(address));
        for end in [text.len() - 6, text.len() - 7, text.len() - 13, text.len() - 20, "#v=1&at=3&files=2".len()] {
            let read = Address::parse(&text[..end]).unwrap();
            assert!(read.cut && read.at == Some(3), "{}", &text[..end]);
        }
        assert!(!Address::parse("#v=1&at=3").unwrap().cut);
    }

    #[test]
    fn nonsense_is_passed_over_and_a_newer_version_refused() {
        let read = Address::parse("#v=1&sample=six-refunds&at=minus&view=cinema&%%%&run=&other=1");
        let target = Some(Target::Sample("six-refunds".to_owned()));
        assert_eq!(read, Ok(Address { target, ..Address::default() }));
        assert_eq!(Address::parse("#v=2&sample=x"), Err(Newer(2)));
        assert_eq!(
            Address::parse("?open=%zz%4"),
            Ok(Address { target: Some(Target::Open("%zz%4".to_owned())), ..Address::default() })
        );
        assert_eq!(Address::parse(""), Ok(Address::default()));
        let laid = Address::parse("#run=x&b=y&pins=1-2,7,-,3-x&item=-1").unwrap().laid.unwrap();
        let options = CompareOptions { pins: vec![(1, 2)], ..CompareOptions::default() };
        assert_eq!(laid, Laid { run: Some("y".to_owned()), options, ..Laid::default() });
        assert_eq!(Address::parse("#run=x&pins=1-2").unwrap().laid, None);
    }
}

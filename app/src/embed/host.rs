//! The page around: what it asks for arrives here, and what happens is told here. Who may ask, and who is told what, is
//! decided in JavaScript (`embed/src/frame`), which gives itself as `globalThis.chaindebugHost`:
//!
//! - `attach(page)` takes an object with `open(files, place)`, `go(place)`, `show(view)` and `theme(word)`, where a file is
//!   `{ name, blob, address }` and a place is JSON, [`Wanted`];
//! - `tell(event)` takes an event as JSON, [`Event`];
//! - `full` is the address of the full page, empty where there is none; `drop` whether dropped files are taken;
//! - `hand(address, files)` opens the full page and gives it the files.

use crate::address::{Address, Laid, Target};
use crate::engine::Input;
use crate::shell::address_now;
use crate::state::{Landing, Named, Origin, Page, Theme, Tone, View};
use chaindebug_core::protocol::{Answer, Command, Phase, Request};
use js_sys::{Array, Function, Object, Reflect};
use leptos::{prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{Blob, Url};

/// Where to stand. What is not said stays.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Wanted {
    /// Id of a run, or name of a pipeline.
    run: Option<String>,
    /// A moment, from 0.
    at: Option<u32>,
    /// A step, by id or name.
    step: Option<String>,
    /// Its enter or its exit.
    phase: Option<Phase>,
    /// A move of the cursor.
    command: Option<Command>,
    /// A view.
    view: Option<String>,
    /// Two files are laid on each other.
    compare: bool,
}

/// What is told.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Event<'a> {
    /// The page takes what is asked for.
    Started,
    /// A document is shown.
    Opened { name: &'a str, format: &'a str, runs: usize, pipelines: usize, problems: usize },
    /// The cursor stands elsewhere.
    Step { id: &'a str, name: &'a str, phase: Phase, moment: u32, of: u32 },
    /// Something could not be done.
    Trouble { kind: &'a str, message: &'a str },
}

/// The page around.
#[derive(Clone)]
pub(super) struct Host(Object);

impl Host {
    /// Lets the page around ask, and tells it what happens.
    pub(super) fn attach(page: Page) -> Host {
        let host = Host::here().unwrap_or_else(|| Host(Object::new()));
        host.watch(page);
        host.call("attach", &[&offer(page)]);
        host.tell(&Event::Started);
        host
    }

    fn here() -> Option<Host> {
        Reflect::get(&js_sys::global(), &"chaindebugHost".into()).ok()?.dyn_into().ok().map(Host)
    }

    /// Takes the files of a frame that opened this page, which is a full one.
    pub(super) fn receive(page: Page) {
        if let Some(host) = Host::here() {
            host.call("attach", &[&offer(page)]);
        }
    }

    fn call(&self, name: &str, arguments: &[&JsValue]) {
        let Ok(function) = Reflect::get(&self.0, &name.into()).and_then(wasm_bindgen::JsCast::dyn_into::<Function>)
        else {
            return;
        };
        let arguments: Array = arguments.iter().copied().collect();
        // It reports its own errors; there is nobody else to tell.
        let _ = function.apply(&self.0, &arguments);
    }

    fn tell(&self, event: &Event<'_>) {
        if let Ok(text) = serde_json::to_string(event) {
            self.call("tell", &[&text.into()]);
        }
    }

    /// Whether files dropped on the frame are opened.
    pub(super) fn takes_drops(&self) -> bool {
        Reflect::get(&self.0, &"drop".into()).is_ok_and(|value| value.is_truthy())
    }

    fn full(&self) -> String {
        Reflect::get(&self.0, &"full".into()).ok().and_then(|value| value.as_string()).unwrap_or_default()
    }

    /// Whether there is a full page.
    pub(super) fn full_page(&self) -> bool {
        !self.full().is_empty()
    }

    /// The full page with what is shown, as far as an address can say it.
    pub(super) fn link(&self, page: Page) -> String {
        let mut address = address_now(page);
        let full = self.full();
        if !carried(&full, &address) {
            address.target = None;
        }
        format!("{full}{}", address.format())
    }

    /// Opens the full page and gives it the files, when an address cannot say where they are; whether it did.
    pub(super) fn hand(&self, page: Page) -> bool {
        let mut address = untrack(|| address_now(page));
        let subject = page.subject.get_untracked();
        if carried(&self.full(), &address) || subject.is_none() {
            return false;
        }
        let files: Array = page.groups.with_untracked(|groups| {
            let group = groups.iter().find(|group| subject.is_some_and(|subject| subject.group == group.id));
            group.into_iter().flat_map(|group| &group.inputs).map(|input| file(&input.name, &input.blob)).collect()
        });
        address.target = None;
        if address.at.is_none() {
            address.at = page.cursor.with_untracked(|cursor| cursor.as_ref().map(|cursor| cursor.moment));
        }
        self.call("hand", &[&address.format().into(), &files]);
        true
    }

    fn watch(&self, page: Page) {
        let host = StoredValue::new_local(self.clone());
        let tell = move |event: &Event<'_>| host.with_value(|host| host.tell(event));
        Effect::new(move |_| {
            let Some(document) = page.document.get() else { return };
            tell(&Event::Opened {
                name: &document.file,
                format: &document.label,
                runs: document.runs.len(),
                pipelines: document.pipelines.len(),
                problems: document.diagnostics.len(),
            });
            if document.runs.is_empty() && document.pipelines.is_empty() && document.sheets.is_empty() {
                tell(&Event::Trouble { kind: "content", message: &document.explanation });
            }
        });
        Effect::new(move |_| {
            let Some((cursor, walked)) = page.cursor.get().zip(page.walked.get_untracked()) else { return };
            spawn_local(async move {
                let asked = Request::Step { run: cursor.run, step: cursor.step };
                let id = match page.ask_of(walked.group, asked).await {
                    Ok(Answer::Step(step)) => step.id,
                    _ => String::new(),
                };
                let (phase, moment, of) = (cursor.phase, cursor.moment, cursor.moments);
                tell(&Event::Step { id: &id, name: &cursor.name, phase, moment, of });
            });
        });
        Effect::new(move |told: Option<u32>| {
            let told = told.unwrap_or_default();
            page.notices.with(|notices| {
                for notice in notices.iter().filter(|notice| notice.id > told && notice.tone != Tone::Info) {
                    tell(&Event::Trouble { kind: "notice", message: &notice.text });
                }
                notices.iter().map(|notice| notice.id).max().unwrap_or_default().max(told)
            })
        });
        Effect::new(move |_| {
            let trouble = page.groups.with(|groups| groups.iter().find_map(|group| group.trouble.clone()));
            if let Some(failure) = trouble {
                tell(&Event::Trouble { kind: "engine", message: &failure.message });
            }
        });
    }
}

/// Whether the address says where the file is, in a way that the full page follows: it fetches from its own host alone.
fn carried(full: &str, address: &Address) -> bool {
    let Some(Target::Open(file)) = &address.target else { return matches!(address.target, Some(Target::Sample(_))) };
    let origin = |address: &str| Url::new(address).ok().map(|url| url.origin()).filter(|origin| origin != "null");
    origin(full).is_some() && origin(full) == origin(file)
}

/// What the page around may ask for.
fn offer(page: Page) -> Object {
    let own = Object::new();
    let word = |word: &JsValue| word.as_string().unwrap_or_default();
    let view = move |id: JsValue, _| View::from_id(&word(&id)).map_or((), |view| page.show_view(view));
    let theme = move |id: JsValue, _| page.theme.set(Theme::from_id(&word(&id)).unwrap_or_default());
    let functions = [
        ("open", two(move |files, place| open(page, &files, &read(&place)))),
        ("go", two(move |place, _| go(page, read(&place)))),
        ("show", two(view)),
        ("theme", two(theme)),
    ];
    for (name, function) in functions {
        // Setting a field of a fresh plain object cannot fail.
        let _ = Reflect::set(&own, &name.into(), &function);
    }
    own
}

/// A function for the other side, for as long as the page lives.
fn two(does: impl FnMut(JsValue, JsValue) + 'static) -> Function {
    Closure::<dyn FnMut(JsValue, JsValue)>::new(does).into_js_value().unchecked_into()
}

fn read(place: &JsValue) -> Wanted {
    place.as_string().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

fn file(name: &str, blob: &Blob) -> JsValue {
    let file = Object::new();
    for (key, value) in [("name", &JsValue::from_str(name)), ("blob", blob)] {
        let _ = Reflect::set(&file, &key.into(), value);
    }
    file.into()
}

/// Opens files in the place of what is shown.
fn open(page: Page, files: &JsValue, wanted: &Wanted) {
    let mut origin = Origin::Local;
    let mut inputs = Vec::new();
    for file in Array::from(files).iter() {
        let field = |name: &str| Reflect::get(&file, &name.into()).unwrap_or(JsValue::UNDEFINED);
        let Ok(blob) = field("blob").dyn_into::<Blob>() else { continue };
        let address = field("address").as_string().unwrap_or_default();
        if inputs.is_empty() && !address.is_empty() {
            origin = Origin::Address(address);
        }
        inputs.push(Input { name: field("name").as_string().unwrap_or_default(), blob, modified: None });
    }
    page.close_everything();
    let view = wanted.view.as_deref().and_then(View::from_id);
    if let Some(view) = view {
        page.view.set(view);
    }
    let laid = (wanted.compare && inputs.len() > 1).then(|| Laid { first: true, ..Laid::default() });
    let landing = Landing {
        run: wanted.run.clone(),
        at: wanted.at,
        step: named(wanted),
        viewed: view.is_some(),
        laid,
        many: false,
    };
    page.open_files(inputs, origin, landing);
}

fn named(wanted: &Wanted) -> Option<Named> {
    Some(Named { step: wanted.step.clone()?, phase: wanted.phase.unwrap_or(Phase::Exit) })
}

/// Goes somewhere in what is shown.
fn go(page: Page, wanted: Wanted) {
    if let Some(view) = wanted.view.as_deref().and_then(View::from_id) {
        page.show_view(view);
    }
    let step = named(&wanted);
    if wanted.run.is_some() || wanted.at.is_some() || step.is_some() {
        page.land(&Landing { run: wanted.run, at: wanted.at, step, ..Landing::default() });
    }
    if let Some(command) = wanted.command {
        page.playing.set(false);
        page.command(command);
    }
}

//! Open files as groups that travel: out of the page before a reload, and into it after one or from another program.
//! The shape of a group is told in `public/install.js`.

use crate::address::Address;
use crate::engine::Input;
use crate::intake::{file_of, keep_file};
use crate::reading::Said;
use crate::shell::{described, land_on};
use crate::state::{Group, Landing, Origin, Page};
use js_sys::{Array, Object, Reflect};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast as _, JsValue};

fn field(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a field of a fresh plain object cannot fail.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}

/// An origin as text: `sample:ID`, `open:ADDRESS`, or nothing for this machine.
fn written(origin: &Origin) -> String {
    match origin {
        // What came in a link goes on as a file: the files themselves are packed beside this.
        Origin::Local | Origin::Given(_) | Origin::Kept => String::new(),
        Origin::Sample(id) => format!("sample:{id}"),
        Origin::Address(url) => format!("open:{url}"),
    }
}

fn read(origin: &str) -> Origin {
    match origin.split_once(':') {
        Some(("sample", id)) => Origin::Sample(id.to_owned()),
        Some(("open", url)) => Origin::Address(url.to_owned()),
        _ => Origin::Local,
    }
}

/// Where the files of a group are from: of several places none can be named for all.
fn origin(group: &Group) -> &Origin {
    if group.brought.iter().all(|(_, origin)| *origin == group.origin) { &group.origin } else { &Origin::Local }
}

/// All that is open, the group that is shown last.
pub(super) async fn pack(page: Page) -> Array {
    let mut groups = page.groups.get_untracked();
    let shown = page.subject.get_untracked().map(|subject| subject.group);
    groups.sort_by_key(|group| Some(group.id) == shown);
    let packed = Array::new();
    for group in groups {
        let files = Array::new();
        for input in &group.inputs {
            let modified = input.modified.map_or(JsValue::NULL, JsValue::from);
            let fields =
                [("name", JsValue::from(&input.name)), ("file", input.blob.clone().into()), ("modified", modified)];
            let file = object(&fields);
            if let Some(handle) = file_of(&input.blob).await {
                let _ = Reflect::set(&file, &"handle".into(), &handle);
            }
            files.push(&file);
        }
        let landing = match untrack(|| described(page)).format() {
            _ if Some(group.id) != shown => String::new(),
            // A file in which nothing was found is shown too.
            nowhere if nowhere.is_empty() => "#".to_owned(),
            somewhere => somewhere,
        };
        // How its documents are read, where somebody said.
        let said = serde_json::to_string(&page.reading.said_in(group.id)).unwrap_or_default();
        let fields = [
            ("origin", written(origin(&group)).into()),
            ("files", files.into()),
            ("said", said.into()),
            ("priced", page.reading.is_priced(group.id).into()),
            ("landing", landing.into()),
        ];
        packed.push(&object(&fields));
    }
    packed
}

fn inputs(group: &JsValue) -> Vec<Input> {
    let files = Array::from(&field(group, "files"));
    let one = |file: JsValue| {
        let blob: web_sys::Blob = field(&file, "file").dyn_into().ok()?;
        let handle = field(&file, "handle");
        if handle.is_object() {
            keep_file(&blob, &handle);
        }
        let name = field(&file, "name").as_string()?;
        Some(Input { name, blob, modified: field(&file, "modified").as_f64() })
    };
    files.iter().filter_map(one).collect()
}

/// Opens groups one after the other. Those that come from a reload bring back what was shown, and where.
pub(super) fn open(page: Page, groups: &Array) {
    let groups: Vec<JsValue> = groups.iter().collect();
    spawn_local(async move {
        for group in &groups {
            let from = read(&field(group, "origin").as_string().unwrap_or_default());
            let landing = field(group, "landing").as_string();
            let newest = move || page.groups.with_untracked(|groups| groups.last().map(|group| group.id));
            let before = newest();
            // Where to stand is said once all files of the group are there.
            page.open_and_wait(inputs(group), from, Landing { viewed: landing.is_some(), ..Landing::default() }).await;
            let said: Vec<(u32, Said)> =
                field(group, "said").as_string().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
            let opened = newest().filter(|_| newest() != before);
            for (document, said) in said {
                if let Some(opened) = opened {
                    page.reading.say(page, (opened, document), said).await;
                }
            }
            if let Some(opened) = opened.filter(|_| field(group, "priced").is_truthy()) {
                page.reading.price_again(page, opened).await;
            }
            match landing.as_deref().map(Address::parse) {
                Some(Ok(address)) if address != Address::default() => land_on(page, &address),
                _ => {}
            }
        }
        let last = groups.last().and_then(|group| field(group, "landing").as_string());
        if last.is_some_and(|landing| landing.is_empty()) {
            // The start page was shown, with files open behind it.
            page.show_start();
        }
    });
}

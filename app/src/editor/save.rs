//! Saving a text: back into its file where the browser lets us, else where somebody says, else as a download.
//!
//! The browser's interface for files is asked for by name, because not every browser has it.

use super::desk::{Desk, Held};
use crate::intake::file_of;
use crate::state::Tone;
use crate::widgets::copy::download;
use js_sys::{Function, Object, Promise, Reflect};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Calls a method of a browser object that may not have it, and waits for what it promises.
async fn call(of: &JsValue, method: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
    let function: Function = Reflect::get(of, &method.into())?.dyn_into()?;
    let promise: Promise = function.call1(of, argument)?.dyn_into()?;
    JsFuture::from(promise).await
}

fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a field of a fresh plain object cannot fail.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}

/// Whether somebody closed the browser's dialog, which is no error.
fn cancelled(error: &JsValue) -> bool {
    Reflect::get(error, &"name".into()).is_ok_and(|name| name == "AbortError")
}

/// Writes to a file on the disk; asks for leave where the browser wants that.
async fn write(file: &JsValue, text: &str) -> Result<(), JsValue> {
    let mode = object(&[("mode", "readwrite".into())]).into();
    if let Ok(answer) = call(file, "requestPermission", &mode).await
        && answer != "granted"
    {
        return Err("the browser was not given leave to write".into());
    }
    let stream = call(file, "createWritable", &JsValue::UNDEFINED).await?;
    call(&stream, "write", &text.into()).await?;
    call(&stream, "close", &JsValue::UNDEFINED).await?;
    Ok(())
}

/// Lets somebody choose where to save; `None` where the browser has no such dialog.
async fn choose(name: &str) -> Option<Result<JsValue, JsValue>> {
    let window: JsValue = web_sys::window()?.into();
    if !Reflect::get(&window, &"showSaveFilePicker".into()).ok()?.is_function() {
        return None;
    }
    let chosen = call(&window, "showSaveFilePicker", &object(&[("suggestedName", name.into())]).into()).await;
    match chosen {
        // In a frame of another site there is no such dialog, for all that the function is there.
        Err(error) if !cancelled(&error) => None,
        chosen => Some(chosen),
    }
}

/// The name a text is saved under: that of its file, without folders and without the ending of a packed one.
fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let plain = last.strip_suffix(".gz").unwrap_or(last);
    match plain {
        "" | "pasted text" => "pipeline.json".to_owned(),
        plain => plain.to_owned(),
    }
}

/// How a text was saved.
enum Saved {
    Back(JsValue),
    Downloaded,
    Nowhere,
}

async fn save(held: &Held, blob: Option<web_sys::Blob>, text: &str) -> Result<Saved, String> {
    let said = |error: &JsValue| {
        let message = Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
        message.or_else(|| error.as_string()).unwrap_or_else(|| "the browser does not say why".to_owned())
    };
    let name = file_name(&held.name);
    let mut file = held.file.borrow().clone();
    if file.is_none()
        && let Some(blob) = blob
    {
        // A packed file is not written over with its unpacked text.
        file = if held.name.ends_with(".gz") { None } else { file_of(&blob).await };
    }
    if file.is_none() {
        match choose(&name).await {
            Some(Ok(chosen)) => file = Some(chosen),
            Some(Err(_)) => return Ok(Saved::Nowhere),
            None => {}
        }
    }
    match file {
        Some(file) => match write(&file, text).await {
            Ok(()) => Ok(Saved::Back(file)),
            Err(error) if cancelled(&error) => Ok(Saved::Nowhere),
            Err(error) => Err(format!("{name} was not saved: {}.", said(&error).trim_end_matches('.'))),
        },
        None if download(&name, text) => Ok(Saved::Downloaded),
        None => Err(format!("{name} was not saved: the browser refused the download.")),
    }
}

impl Desk {
    /// Saves the text shown. Only works from a key or a click, because the browser may ask where.
    pub(super) fn save(self) {
        let Some(held) = self.now.get_untracked() else { return };
        spawn_local(async move {
            let Some(field) = held.field() else { return };
            let (text, depth) = (field.text(), field.depth().0);
            let blob = self.page.groups.with_untracked(|groups| {
                let group = groups.iter().find(|group| group.id == held.group)?;
                group.inputs.iter().find(|input| input.name == held.name).map(|input| input.blob.clone())
            });
            match save(&held, blob, &text).await {
                Ok(Saved::Nowhere) => {}
                Ok(saved) => {
                    let words = match &saved {
                        Saved::Downloaded => "was downloaded. The file it was opened from is as it was.",
                        _ => "is saved.",
                    };
                    if let Saved::Back(file) = saved {
                        held.file.replace(Some(file));
                    }
                    held.saved.replace((text, depth));
                    held.look();
                    self.page.notify(Tone::Info, format!("{} {words}", file_name(&held.name)));
                }
                Err(message) => self.page.notify(Tone::Error, message),
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_to_save_under() {
        assert_eq!(file_name("review.json"), "review.json");
        assert_eq!(file_name("a/b/review.json.gz"), "review.json");
        assert_eq!(file_name("pasted text"), "pipeline.json");
        assert_eq!(file_name("folder/"), "pipeline.json");
    }
}

//! Getting text out of the page: to the clipboard and into a file. Neither leaves the machine.

use super::icons::{Icon, icon};
use leptos::prelude::*;
use std::{future::Future, pin::Pin, time::Duration};
use wasm_bindgen::{JsCast as _, JsValue};

/// Text that is fetched when somebody wants it; `None` when it cannot be had.
pub(crate) type LateText = Pin<Box<dyn Future<Output = Option<String>>>>;

/// Text that is there already, as [`LateText`].
pub(crate) fn now(text: impl Into<String>) -> LateText {
    let text = text.into();
    Box::pin(async move { Some(text) })
}

/// Puts text on the clipboard; false when the browser refuses.
pub(crate) async fn to_clipboard(text: &str) -> bool {
    let Some(window) = web_sys::window() else {
        return false;
    };
    // Pages served over plain http have no `navigator.clipboard`; the binding would hand out `undefined`.
    let navigator = window.navigator();
    let has = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard")).is_ok_and(|c| c.is_object());
    if has && wasm_bindgen_futures::JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok() {
        return true;
    }
    old_way(text).unwrap_or(false)
}

/// Copies by way of a selected field, as browsers did before the clipboard had an interface.
fn old_way(text: &str) -> Option<bool> {
    let document = web_sys::window()?.document()?;
    let field = document.create_element("textarea").ok()?.dyn_into::<web_sys::HtmlTextAreaElement>().ok()?;
    field.set_class_name("spoken");
    field.set_value(text);
    let body = document.body()?;
    body.append_child(&field).ok()?;
    field.select();
    let done = js_sys::Reflect::get(&document, &JsValue::from_str("execCommand"))
        .ok()
        .and_then(|f| f.dyn_into::<js_sys::Function>().ok())
        .and_then(|f| f.call1(&document, &JsValue::from_str("copy")).ok())
        .is_some_and(|done| done.is_truthy());
    field.remove();
    Some(done)
}

/// Offers text as a file to save; false when the browser refuses.
pub(crate) fn download(name: &str, text: &str) -> bool {
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let options = web_sys::BlobPropertyBag::new();
    options.set_type("text/plain;charset=utf-8");
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options);
    blob.is_ok_and(|blob| download_blob(name, &blob))
}

/// Offers bytes as a file to save; false when the browser refuses.
pub(crate) fn download_blob(name: &str, blob: &web_sys::Blob) -> bool {
    let save = || -> Option<()> {
        let document = web_sys::window()?.document()?;
        let url = web_sys::Url::create_object_url_with_blob(blob).ok()?;
        let link = document.create_element("a").ok()?.dyn_into::<web_sys::HtmlAnchorElement>().ok()?;
        link.set_href(&url);
        link.set_download(name);
        link.click();
        // The browser reads the address after this event has ended.
        set_timeout(
            move || {
                let _ = web_sys::Url::revoke_object_url(&url);
            },
            Duration::from_secs(60),
        );
        Some(())
    };
    save().is_some()
}

/// A file name made of a step's name and a part: letters, digits, `-`, `_` and `.` stay.
pub(crate) fn file_name(name: &str, part: &str, json: bool) -> String {
    let clean = |text: &str| -> String {
        let short: String = text.chars().take(60).collect();
        let plain: String =
            short.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' }).collect();
        plain.trim_matches(['-', '.']).to_owned()
    };
    let name = clean(name);
    let name = if name.is_empty() { "step".to_owned() } else { name };
    format!("{name}-{}.{}", clean(part).to_lowercase(), if json { "json" } else { "txt" })
}

/// What a button that fetches text has to say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Nothing,
    Done,
    Failed,
}

/// A button that fetches text and does something with it, and says for a moment whether that worked.
#[component]
fn TextButton(
    label: &'static str,
    done: &'static str,
    drawing: Icon,
    text: Callback<(), LateText>,
    then: Callback<String, Pin<Box<dyn Future<Output = bool>>>>,
) -> impl IntoView {
    let said = RwSignal::new(Said::Nothing);
    let on_click = move |_| {
        leptos::task::spawn_local(async move {
            let worked = match text.run(()).await {
                Some(text) => then.run(text).await,
                None => false,
            };
            // The button may be gone by now.
            if said.try_set(if worked { Said::Done } else { Said::Failed }).is_none() {
                set_timeout(
                    move || {
                        let _ = said.try_set(Said::Nothing);
                    },
                    Duration::from_millis(1800),
                );
            }
        });
    };
    view! {
        <button type="button" class="small" class:done=move || said.get() == Said::Done on:click=on_click>
            {move || icon(if said.get() == Said::Done { Icon::Check } else { drawing })}
            <span aria-live="polite">
                {move || match said.get() {
                    Said::Nothing => label,
                    Said::Done => done,
                    Said::Failed => "Did not work",
                }}
            </span>
        </button>
    }
}

/// A button that copies.
#[component]
pub(crate) fn CopyButton(
    /// What it says.
    #[prop(default = "Copy")]
    label: &'static str,
    /// What it copies.
    text: Callback<(), LateText>,
) -> impl IntoView {
    let then = Callback::new(|text: String| -> Pin<Box<dyn Future<Output = bool>>> {
        Box::pin(async move { to_clipboard(&text).await })
    });
    view! { <TextButton label=label done="Copied" drawing=Icon::Copy text=text then=then /> }
}

/// A button that saves to a file; nothing in a frame, which leaves that to the full page.
#[component]
pub(crate) fn DownloadButton(
    /// Name of the file.
    name: Signal<String>,
    /// What it saves.
    text: Callback<(), LateText>,
) -> impl IntoView {
    let then = Callback::new(move |text: String| -> Pin<Box<dyn Future<Output = bool>>> {
        Box::pin(async move { download(&name.get_untracked(), &text) })
    });
    (!crate::place::Place::embedded())
        .then(|| view! { <TextButton label="Download" done="Saved" drawing=Icon::Download text=text then=then /> })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_hold_nothing_a_file_system_dislikes() {
        assert_eq!(file_name("refund_order", "Output", true), "refund_order-output.json");
        assert_eq!(file_name("GET /v1/../etc", "$.a[3]", false), "GET--v1-..-etc-a-3.txt");
        assert_eq!(file_name("../", "Raw", false), "step-raw.txt");
    }
}

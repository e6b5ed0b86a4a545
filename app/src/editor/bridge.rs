//! The JavaScript side of the editor: loading it, and its handle as Rust sees it. What it does stands in
//! `editor/src/main.js`; nothing here knows what the text means.

use js_sys::{Function, Object, Reflect};
use std::{pin::Pin, rc::Rc};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure, prelude::wasm_bindgen};
use web_sys::HtmlElement;

#[wasm_bindgen]
extern "C" {
    /// Runs the editor's file, which the page has fetched ahead; defined in `public/boot.js`.
    #[wasm_bindgen(js_name = chaindebugEditor, catch)]
    async fn load() -> Result<JsValue, JsValue>;

    /// What `mount` gives back.
    pub(super) type Handle;

    /// JSON of the edits the engine has not been told of; from now on they count as told.
    #[wasm_bindgen(method)]
    pub(super) fn take(this: &Handle) -> Option<String>;
    /// Makes edits of the engine's text, as one step to undo; `made` when the engine has made them already.
    #[wasm_bindgen(method)]
    pub(super) fn edit(this: &Handle, edits: &str, made: bool);
    /// Sets what is underlined.
    #[wasm_bindgen(method)]
    pub(super) fn findings(this: &Handle, list: &str);
    /// Moves the caret to a byte.
    #[wasm_bindgen(method)]
    pub(super) fn go(this: &Handle, start: f64, focus: bool);
    /// Marks the lines of a stretch of bytes.
    #[wasm_bindgen(method)]
    pub(super) fn mark(this: &Handle, start: f64, end: f64, reveal: bool);
    /// The byte of the caret.
    #[wasm_bindgen(method)]
    pub(super) fn caret(this: &Handle) -> f64;
    /// The byte of a place on the screen.
    #[wasm_bindgen(method)]
    pub(super) fn byte(this: &Handle, place: f64) -> f64;
    /// The text as a file holds it.
    #[wasm_bindgen(method)]
    pub(super) fn text(this: &Handle) -> String;
    /// Takes the last change back.
    #[wasm_bindgen(method)]
    pub(super) fn undo(this: &Handle);
    /// Makes it again.
    #[wasm_bindgen(method)]
    pub(super) fn redo(this: &Handle);
    /// Changes that can be taken back.
    #[wasm_bindgen(method)]
    pub(super) fn undoable(this: &Handle) -> u32;
    /// Changes that can be made again.
    #[wasm_bindgen(method)]
    pub(super) fn redoable(this: &Handle) -> u32;
    /// Gives it the focus.
    #[wasm_bindgen(method)]
    pub(super) fn focus(this: &Handle);
    /// Ends it.
    #[wasm_bindgen(method)]
    pub(super) fn destroy(this: &Handle);
}

/// An answer on its way: JSON, or nothing.
pub(super) type Asked = Pin<Box<dyn Future<Output = Option<String>>>>;

/// What the editor tells and asks. Answers are JSON; `None` for nothing.
pub(super) trait Calls {
    /// Somebody changed the text; the screen does not show it yet.
    fn typed(&self);
    /// The screen shows a change.
    fn changed(&self);
    /// The caret moved.
    fn moved(&self);
    /// A fix was chosen: positions in what [`Handle::findings`] was given.
    fn fix(&self, finding: usize, fix: usize);
    /// Completions at a place on the screen.
    fn complete(&self, place: f64) -> Asked;
    /// What is to be said about a place on the screen.
    fn hover(&self, place: f64) -> Asked;
}

/// Puts an editor into `host`; `None` when its file could not be loaded, and the page has to do without.
pub(super) async fn mount(
    host: &HtmlElement,
    text: &str,
    label: &str,
    calls: Rc<impl Calls + 'static>,
) -> Option<Handle> {
    let module = load().await.ok()?;
    let mount: Function = Reflect::get(&module, &"mount".into()).ok()?.dyn_into().ok()?;
    let table = table(calls);
    let arguments = js_sys::Array::of4(host, &text.into(), &label.into(), &table);
    Some(mount.apply(&JsValue::UNDEFINED, &arguments).ok()?.unchecked_into())
}

/// The functions under the names the editor knows. They live as long as the editor: as long as the document is open.
fn table(calls: Rc<impl Calls + 'static>) -> Object {
    let table = Object::new();
    let set = |name: &str, function: JsValue| {
        // Setting a field of a fresh plain object cannot fail.
        let _ = Reflect::set(&table, &name.into(), &function);
    };
    let to = calls.clone();
    set("typed", Closure::<dyn Fn()>::new(move || to.typed()).into_js_value());
    let to = calls.clone();
    set("changed", Closure::<dyn Fn()>::new(move || to.changed()).into_js_value());
    let to = calls.clone();
    set("moved", Closure::<dyn Fn()>::new(move || to.moved()).into_js_value());
    let to = calls.clone();
    set(
        "fix",
        Closure::<dyn Fn(u32, u32)>::new(move |finding, fix| to.fix(finding as usize, fix as usize)).into_js_value(),
    );
    let to = calls.clone();
    set("complete", asking(move |place| to.complete(place)));
    set("hover", asking(move |place| calls.hover(place)));
    table
}

/// A function that gives a promise.
fn asking(ask: impl Fn(f64) -> Asked + 'static) -> JsValue {
    let asked = move |place: f64| {
        let answer = ask(place);
        wasm_bindgen_futures::future_to_promise(
            async move { Ok(answer.await.map_or(JsValue::UNDEFINED, JsValue::from)) },
        )
    };
    Closure::<dyn Fn(f64) -> js_sys::Promise>::new(asked).into_js_value()
}

//! The page as a program of the system: new versions of it, "Install", files that other programs hand over, and what is
//! open carried over a reload (`parcel`).
//!
//! Asking the browser for all that is `public/install.js`; here is what is done with its answers, and what is drawn.

mod parcel;

use crate::editor::Desk;
use crate::place::Place;
use crate::shell::MenuOpen;
use crate::state::{Page, Tone};
use js_sys::{Array, Object, Reflect};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    /// Runs the file, which the page has fetched ahead; defined in `public/boot.js`.
    #[wasm_bindgen(js_name = chaindebugInstall, catch)]
    async fn load() -> Result<JsValue, JsValue>;

    /// The file's functions.
    #[derive(Clone)]
    type Browser;

    #[wasm_bindgen(method, catch)]
    async fn start(this: &Browser, page: &Object) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn install(this: &Browser, page: &Object) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn reload(this: &Browser, groups: &Array) -> Result<JsValue, JsValue>;
}

/// What the browser has said. `Copy`; one in context, made by the shell.
#[derive(Clone, Copy)]
pub(crate) struct Install {
    page: Page,
    /// A new version is ready, and nobody has said "later".
    updated: RwSignal<bool>,
    /// The browser would install the page.
    installable: RwSignal<bool>,
    browser: StoredValue<Option<(Browser, Object)>, LocalStorage>,
}

impl Install {
    /// Starts it, and puts it into context. Call it once, in the shell.
    pub(crate) fn provide(page: Page) {
        let this = Install {
            page,
            updated: RwSignal::new(false),
            installable: RwSignal::new(false),
            browser: StoredValue::new_local(None),
        };
        provide_context(this);
        // A frame in somebody's page is no program, and a file that holds everything needs none.
        if Place::here() != Place::Hosted {
            return;
        }
        spawn_local(async move {
            let Ok(browser) = load().await else { return };
            let browser: Browser = browser.unchecked_into();
            let calls = this.calls();
            this.browser.set_value(Some((browser.clone(), calls.clone())));
            let _ = browser.start(&calls).await;
        });
    }

    /// The functions under the names that `install.js` knows. They live as long as the page.
    fn calls(self) -> Object {
        let table = Object::new();
        let set = |name: &str, function: JsValue| {
            // Setting a field of a fresh plain object cannot fail.
            let _ = Reflect::set(&table, &name.into(), &function);
        };
        set("updated", Closure::<dyn Fn()>::new(move || self.updated.set(true)).into_js_value());
        set("installable", Closure::<dyn Fn(bool)>::new(move |yes| self.installable.set(yes)).into_js_value());
        let open = move |groups: Array| parcel::open(self.page, &groups);
        set("open", Closure::<dyn Fn(Array)>::new(open).into_js_value());
        table
    }

    fn install(self) {
        let Some((browser, calls)) = self.browser.get_value() else { return };
        spawn_local(async move {
            let _ = browser.install(&calls).await;
        });
    }

    /// Begins the page anew with the newest version, with what is open open again.
    fn reload(self, desk: Desk) {
        let page = self.page;
        if let Some(name) = desk.edited_name() {
            let text = format!("{name} has changes that are not saved. Save it, then reload.");
            return page.notify(Tone::Warning, text);
        }
        let Some((browser, _)) = self.browser.get_value() else { return };
        spawn_local(async move {
            let groups = parcel::pack(page).await;
            if let Err(error) = browser.reload(&groups).await {
                let why = String::from(Object::from(error).to_string());
                let text = format!(
                    "What is open could not be kept for the new version, so the page was not reloaded ({why}). It comes by itself once this tab is closed."
                );
                page.notify(Tone::Warning, text);
            }
        });
    }
}

/// Says that a new version is ready, and waits until somebody wants it.
#[component]
pub(crate) fn UpdateNotice() -> impl IntoView {
    // A frame in somebody's page has messages too, and none of this.
    let install = use_context::<Install>()?;
    let desk = Desk::get();
    Some(view! {
        <Show when=move || install.updated.get()>
            <div class="notice" data-tone="info">
                <p>"A new version is ready. What is open stays open."</p>
                <button class="edged" on:click=move |_| install.reload(desk)>"Reload"</button>
                <button class="subtle" on:click=move |_| install.updated.set(false)>"Later"</button>
            </div>
        </Show>
    })
}

/// The line of the menu, where the browser offers to install the page.
#[component]
pub(crate) fn InstallItem() -> impl IntoView {
    let install = expect_context::<Install>();
    let MenuOpen(open) = expect_context::<MenuOpen>();
    view! {
        <Show when=move || install.installable.get()>
            <li><button class="menu-item" on:click=move |_| {
                open.set(false);
                install.install();
            }>"Install ChainDebug…"</button></li>
        </Show>
    }
}

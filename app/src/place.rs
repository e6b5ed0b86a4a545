//! Where the page runs, and what that place gives it: the one module that is asked when the page behaves otherwise in one
//! place than in another. What each place looks like belongs elsewhere.
//!
//! `<meta name="chaindebug-place">` names the place: `hosted` as it is built, `embed` in the element's frame, `file` in a
//! file that holds everything. An address with `embed=1` is an embed too, which is the iframe form. Whoever has the engine
//! already gives it in `globalThis.chaindebugFiles`, before the page starts:
//!
//! - `traces()`: a promise of `{ glue, shell, module }`: the text of `chaindebug-traces.js`, that of `engine-worker.js`,
//!   and the compiled module;
//! - `full()`: a promise of `{ glue, module }`: an address of `chaindebug-wasm.js` that a worker can load, and the module.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};

/// Where the page runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A page of its own, on a host.
    Hosted,
    /// A frame in somebody's page.
    Embed,
    /// One file with everything in it.
    File,
}

impl Place {
    /// The place of this page. It never changes.
    pub(crate) fn here() -> Place {
        thread_local! {
            static HERE: Place = {
                let window = web_sys::window();
                let named = window.as_ref().and_then(web_sys::Window::document).and_then(|document| {
                    document.query_selector("meta[name=chaindebug-place]").ok()??.get_attribute("content")
                });
                let hash = window.and_then(|window| window.location().hash().ok());
                Place::told(&named.unwrap_or_default(), &hash.unwrap_or_default())
            };
        }
        HERE.with(|here| *here)
    }

    /// From the word in the page and the fragment of its address.
    fn told(named: &str, fragment: &str) -> Place {
        match named {
            "embed" => Place::Embed,
            _ if fragment.trim_start_matches('#').split('&').any(|field| field == "embed=1") => Place::Embed,
            "file" => Place::File,
            _ => Place::Hosted,
        }
    }

    /// Whether it is a frame in somebody's page.
    pub(crate) fn embedded() -> bool {
        Place::here() == Place::Embed
    }
}

/// What the place gives of the engine, by the name of the function in `chaindebugFiles`; `None` where it has to be fetched.
pub(crate) fn supplied(what: &str) -> Option<Promise> {
    let files = Reflect::get(&js_sys::global(), &"chaindebugFiles".into()).ok()?;
    let give: Function = Reflect::get(&files, &what.into()).ok()?.dyn_into().ok()?;
    Some(Promise::resolve(&give.call0(&files).unwrap_or(JsValue::UNDEFINED)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_in_the_page_counts_and_then_the_fragment() {
        assert_eq!(Place::told("hosted", ""), Place::Hosted);
        assert_eq!(Place::told("hosted", "#v=1&embed=1&open=run.json"), Place::Embed);
        assert_eq!(Place::told("hosted", "#open=embed=1"), Place::Hosted);
        assert_eq!(Place::told("embed", ""), Place::Embed);
        assert_eq!(Place::told("file", ""), Place::File);
        // In a page that is read from a disk, the file is what an embed is made of.
        assert_eq!(Place::told("file", "#embed=1"), Place::Embed);
    }
}

//! The page's address: read when the page starts and when somebody changes it, written a moment after what it says
//! has changed.

use crate::address::{Address, Newer, Target};
use crate::state::{Landing, Origin, Page, Theme, Tone, View, What};
use crate::workbench::Charted;
use chaindebug_core::protocol::{self, Command};
use leptos::{ev, leptos_dom::helpers::TimeoutHandle, prelude::*};
use std::time::Duration;
use wasm_bindgen::JsValue;

/// Stepping with a held key must not write the address thirty times a second: browsers stop that.
const PAUSE: Duration = Duration::from_millis(350);

/// What the address should say now.
pub(crate) fn now(page: Page) -> Address {
    let mut address = described(page);
    // Without something to open, an address that says where in it would mislead.
    let kept =
        page.subject.get().and_then(|subject| page.origin_of(subject.group, subject.document)) == Some(Origin::Kept);
    if address.target.is_none() && !kept {
        (address.run, address.at, address.laid, address.many) = (None, None, None, false);
    }
    address
}

/// What is shown, and where in it: also of a file that no address can name.
pub(crate) fn described(page: Page) -> Address {
    let mut address = Address::default();
    let theme = page.theme.get();
    address.theme = (theme != Theme::System).then_some(theme);
    let Some(subject) = page.subject.get() else { return address };
    let view = page.view.get();
    let bench = page.workbench;
    if bench.bench.with(Option::is_some) {
        let target = bench.target.get();
        // Scenarios say what they are run on; a link says where it differs.
        let usual = bench.file.with(|file| file.target).unwrap_or_default();
        address.runs_on = (target != usual || target != protocol::Target::default()).then_some(target);
        address.scenario = u32::try_from(bench.chosen.get()).ok().filter(|&at| at > 0);
        let charted = bench.charted.get();
        address.chart = (charted != Charted::default()).then_some(charted);
    }
    // A run on a pipeline is shown on it when nothing else is said.
    address.view = (view != View::Flow || page.followed().is_some()).then_some(view);
    address.target = match page.origin_of(subject.group, subject.document) {
        Some(Origin::Sample(id)) => Some(Target::Sample(id)),
        Some(Origin::Address(url)) => Some(Target::Open(url)),
        Some(Origin::Given(files)) => Some(Target::Given(files)),
        _ => None,
    };
    address.run = match subject.what {
        What::Run(_) => page.run.with(|run| run.as_ref().map(|run| run.id.clone())),
        What::Pipeline(_) => page.pipeline.with(|pipeline| pipeline.as_ref().map(|pipeline| pipeline.name.clone())),
        What::Nothing => None,
    };
    address.at = page.cursor.with(|cursor| cursor.as_ref().map(|cursor| cursor.moment)).filter(|&at| at > 0);
    if let Some(pair) = page.comparing.pair.get() {
        page.write_comparison(pair, &mut address);
    } else {
        page.write_many(&mut address);
    }
    address
}

fn location() -> Option<web_sys::Location> {
    Some(web_sys::window()?.location())
}

fn write(address: &Address) {
    let Some((window, location)) = web_sys::window().zip(location()) else { return };
    let text = address.format();
    if location.hash().unwrap_or_default() == text {
        return;
    }
    let path = format!("{}{}{text}", location.pathname().unwrap_or_default(), location.search().unwrap_or_default());
    if let Ok(history) = window.history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&path));
    }
}

/// Takes up the parts of an address that say how things are shown, and gives those that say where.
fn taken_up(page: Page, address: &Address) -> Landing {
    if let Some(theme) = address.theme {
        page.theme.set(theme);
    }
    settle(page, address)
}

/// The same without the theme, which is the reader's own where a run is handed on.
pub(crate) fn settle(page: Page, address: &Address) -> Landing {
    if let Some(view) = address.view {
        page.view.set(view);
    }
    if let Some(target) = address.runs_on {
        page.workbench.given.set_value(Some(target));
        page.workbench.target.set(target);
    }
    page.workbench.wished.set_value(address.scenario.map(|at| at as usize));
    if let Some(chart) = address.chart {
        page.workbench.charted.set(chart);
    }
    let viewed = address.view.is_some();
    Landing {
        run: address.run.clone(),
        at: address.at,
        step: address.step.clone(),
        viewed,
        laid: address.laid.clone(),
        many: address.many,
    }
}

/// Goes where an address says, within what is shown.
pub(crate) fn land_on(page: Page, address: &Address) {
    let landing = taken_up(page, address);
    land_here(page, &landing);
}

/// Goes to a place in what is shown already.
fn land_here(page: Page, landing: &Landing) {
    page.workbench.wish_now();
    page.land(landing);
}

/// Does what an address says; what it does not say stays.
fn apply(page: Page, address: Address) {
    if address.cut {
        return page.notify(
            Tone::Error,
            "This link was cut off on its way, and the run in it is not whole. Chats and mail programs cut long links; ask for \
             one HTML file instead.",
        );
    }
    let landing = taken_up(page, &address);
    let open = page.subject.get_untracked();
    let open = open.and_then(|subject| untrack(|| page.origin_of(subject.group, subject.document)));
    match address.target {
        Some(Target::Sample(id)) if open == Some(Origin::Sample(id.clone())) => land_here(page, &landing),
        Some(Target::Open(url)) if open == Some(Origin::Address(url.clone())) => land_here(page, &landing),
        Some(Target::Given(files)) if open == Some(Origin::Given(files.clone())) => land_here(page, &landing),
        Some(Target::Sample(id)) => page.open_sample(&id, landing),
        Some(Target::Open(url)) => page.open_address(&url, landing),
        Some(Target::Given(files)) => page.open_given(files, landing),
        None => match (address.at, address.step) {
            (Some(moment), _) => page.command(Command::To { moment }),
            (None, Some(named)) => page.go_to(named),
            (None, None) => {}
        },
    }
}

fn read(page: Page, text: &str) {
    match Address::parse(text) {
        Ok(address) => apply(page, address),
        Err(Newer(version)) => page.notify(
            Tone::Warning,
            format!(
                "This link was made by a newer ChainDebug (version {version}; this page reads 1), and was not followed."
            ),
        ),
    }
}

/// Reads the address now, follows it, and keeps it.
pub(super) fn follow(page: Page) {
    let location = location();
    let part = |part: fn(&web_sys::Location) -> Result<String, JsValue>| {
        location.as_ref().and_then(|location| part(location).ok()).unwrap_or_default()
    };
    // A query is read once: a link from a page of somebody's own may be easier to write with it.
    let (hash, query) = (part(web_sys::Location::hash), part(web_sys::Location::search));
    read(page, if hash.len() > 1 { &hash } else { &query });
    let listener = window_event_listener(ev::hashchange, move |_| {
        let hash = web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
        read(page, &hash);
    });
    on_cleanup(move || listener.remove());

    let waiting = StoredValue::new_local(None::<TimeoutHandle>);
    Effect::new(move |first: Option<()>| {
        let address = now(page);
        if let Some(handle) = waiting.try_update_value(Option::take).flatten() {
            handle.clear();
        }
        // The first run only learns what to follow: the address may still name what is about to be opened.
        if first.is_some() && page.openings.with(Vec::is_empty) {
            let handle = set_timeout_with_handle(move || write(&address), PAUSE).ok();
            waiting.set_value(handle);
        }
    });
}

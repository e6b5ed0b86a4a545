//! The link: to where the file is, where it has an address; else, or when asked for, one that holds the run.

use super::making::{files, joined, packed, state};
use super::state::{Outcome, Share, Way};
use crate::address::{Address, Given, Target};
use crate::engine::Newest;
use crate::place::Place;
use crate::shell::link::now;
use crate::text::{bytes, grouped};
use crate::widgets::copy::to_clipboard;
use chaindebug_core::base64;
use chaindebug_core::protocol::RedactionReport;
use leptos::{prelude::*, task::spawn_local};

/// Characters of the longest link. Browsers open far longer ones; what cuts them is where links are sent: a field of
/// Jira holds 32,767 characters, a Slack message 40,000.
const LONGEST: usize = 32_000;
/// Bytes that cannot become so short however well they pack, so that nobody waits for it.
const HOPELESS: usize = 4_000_000;

/// A link on its way.
#[derive(Clone, Debug, PartialEq)]
enum Link {
    Making,
    Ready {
        text: String,
        notes: Vec<String>,
        report: Option<RedactionReport>,
    },
    /// Characters it would have; `None` when nobody counted them.
    TooLong(Option<usize>),
    Failed(String),
}

/// The panel.
#[component]
pub(super) fn LinkPanel() -> impl IntoView {
    let share = Share::get();
    move || {
        if Place::here() == Place::File {
            return view! {
                <p>"This page is a file on a disk, so no link to it leads anybody else here. Send the file, or save another one."</p>
                <ToFile/>
            }
            .into_any();
        }
        let addressed = share.addressed.get().then(|| {
            view! {
                <p>"The file has an address. The link holds that and where you stand, and nothing of the file."</p>
                <div class="acts">
                    <button type="button" class="primary" on:click=move |_| copy(share, here(&untrack(|| now(share.page))))>"Copy link"</button>
                    <Show when=move || !share.carry.get()>
                        <button type="button" class="edged" on:click=move |_| share.carry.set(true)>{move || format!("A link that holds the {}…", thing(share))}</button>
                    </Show>
                </div>
            }
        });
        view! {
            {addressed}
            <Show when=move || share.carries()><Carried/></Show>
        }
        .into_any()
    }
}

/// A link to this page with another fragment.
fn here(address: &Address) -> String {
    let location = web_sys::window().map(|window| window.location());
    let part = |part: Result<String, wasm_bindgen::JsValue>| part.unwrap_or_default();
    location.map_or_else(String::new, |at| format!("{}{}{}", part(at.origin()), part(at.pathname()), address.format()))
}

fn copy(share: Share, link: String) {
    spawn_local(async move {
        let outcome = if to_clipboard(&link).await {
            share.page.handed_on.set(true);
            Outcome { said: "The link is on the clipboard.".to_owned(), ..Outcome::default() }
        } else {
            Outcome::failed(format!("The browser does not let the page copy. This is the link: {link}"))
        };
        share.outcome.set(Some(outcome));
    });
}

/// What the link holds, in a word.
fn thing(share: Share) -> &'static str {
    if share.page.pipeline.with(Option::is_some) { "pipeline" } else { "run" }
}

/// The link that holds the run, made as long as the panel is open.
#[component]
fn Carried() -> impl IntoView {
    let share = Share::get();
    let link = RwSignal::new(Link::Making);
    let newest = Newest::new();
    Effect::new(move |_| {
        let Some(shared) = share.shared.get() else { return };
        let _ = share.redaction();
        let turn = newest.begin();
        link.set(Link::Making);
        // What the engine has not looked at yet is not handed on.
        if !share.ready() {
            if share.scan.with(|scan| scan.as_ref().is_some_and(Result::is_err)) {
                link.set(Link::Failed("What is in the run could not be looked through.".to_owned()));
            }
            return;
        }
        let address = untrack(|| state(share, &shared));
        spawn_local(async move {
            let made = make(share, &shared, address).await.unwrap_or_else(Link::Failed);
            if newest.is(turn) {
                link.set(made);
            }
        });
    });
    let shown = move || match link.get() {
        Link::Making => view! { <p class="dim">"Packing…"</p> }.into_any(),
        Link::Failed(message) => view! { <p class="share-said failed">"✗ "{message}</p> }.into_any(),
        Link::TooLong(chars) => {
            let size = match chars {
                Some(chars) => format!("This would be a link of {}", bytes(chars as u64)),
                None => format!("This is more than {}, packed or not", bytes(HOPELESS as u64)),
            };
            view! {
                <p class="share-said">
                    "▲ "{size}"; a link holds "{bytes(LONGEST as u64)}", because chats and trackers cut longer ones. Save it as one HTML file instead."
                </p>
                <ToFile/>
            }
            .into_any()
        }
        Link::Ready { text, notes, report } => {
            let chars = text.len();
            let text = StoredValue::new(text);
            let thing = untrack(|| thing(share));
            view! {
                <p class="share-meter">
                    <meter min="0" max=LONGEST.to_string() value=chars.to_string() aria-label="Length of the link"></meter>
                    <span>{format!("{} of {} characters", grouped(chars as u64), grouped(LONGEST as u64))}</span>
                </p>
                {local().then(|| view! {
                    <p class="dim">"This page runs on your own machine: the link opens where ChainDebug runs at the same address."</p>
                })}
                <div class="acts">
                    <button type="button" class="primary" on:click=move |_| {
                        copy(share, text.get_value());
                    }>{format!("Copy the link that holds the {thing}")}</button>
                </div>
                <p class="dim">{format!("The {thing} is in the part behind the #, which browsers do not send to any server. Whoever has the link has the {thing}.")}</p>
                <ul class="share-notes">{notes.into_iter().map(|note| view! { <li>{note}</li> }).collect_view()}</ul>
                {report.map(|report| view! { <super::report::ReportView report/> })}
            }
            .into_any()
        }
    };
    view! { <div class="share-link">{shown}</div> }
}

/// Whether the page comes from this machine.
fn local() -> bool {
    let name = web_sys::window().and_then(|window| window.location().hostname().ok()).unwrap_or_default();
    matches!(name.as_str(), "localhost" | "127.0.0.1" | "[::1]")
}

async fn make(share: Share, shared: &super::state::Shared, mut address: Address) -> Result<Link, String> {
    let Some(files) = files(share, shared, HOPELESS).await? else { return Ok(Link::TooLong(None)) };
    let report = joined(files.iter().filter_map(|made| made.report.clone()));
    let (mut given, mut notes) = (Vec::new(), Vec::new());
    for made in files {
        let data = base64::encode_url(&packed(&made.blob).await?);
        given.push(Given { name: made.name, data });
        notes.extend(made.notes);
    }
    address.target = Some(Target::Given(given));
    let text = here(&address);
    Ok(if text.len() > LONGEST { Link::TooLong(Some(text.len())) } else { Link::Ready { text, notes, report } })
}

#[component]
fn ToFile() -> impl IntoView {
    let share = Share::get();
    view! {
        <div class="acts">
            <button type="button" class="primary" on:click=move |_| share.way.set(Way::File)>"One HTML file…"</button>
        </div>
    }
}

//! Before anything leaves: what was found in it, by kind, each find with its places, and what stays as it is.

use super::patterns::Patterns;
use super::state::Share;
use crate::state::{Reveal, What};
use crate::text::{count, grouped};
use chaindebug_core::protocol::{Answer, Find, FindPlace, Part, Request, ScanKind};
use leptos::{prelude::*, task::spawn_local};

/// Finds asked for at once.
const WINDOW: u32 = 40;

/// The step before every way that carries something of the file.
#[component]
pub(super) fn Redactions() -> impl IntoView {
    let share = Share::get();
    let choice = move |redact: bool, name: &'static str| {
        view! {
            <label>
                <input
                    type="radio"
                    name="share-redact"
                    prop:checked=move || share.redact.get() == redact
                    on:change=move |_| {
                        share.outcome.set(None);
                        share.redact.set(redact);
                    }
                />
                {name}
            </label>
        }
    };
    view! {
        <section class="share-redaction" aria-labelledby="share-redaction">
            <h3 id="share-redaction">"Before it leaves"</h3>
            <fieldset class="share-choice">
                <legend class="spoken">"What was found"</legend>
                {choice(true, "Replace what was found")}
                {choice(false, "As it is")}
            </fieldset>
            <Found/>
            <Show when=move || share.redact.get()><Patterns/></Show>
        </section>
    }
}

/// How far the engine has looked, and the kinds.
#[component]
fn Found() -> impl IntoView {
    let share = Share::get();
    let line = move || match share.scan.get() {
        None => "Looking for secrets and people's data…".to_owned(),
        Some(Err(message)) => message,
        Some(Ok(view)) => {
            let found = match view.finds {
                0 => "Nothing that looks like a secret or a person's data".to_owned(),
                finds => format!("{} in {}", count(u64::from(finds), "different thing"), count(view.places, "place")),
            };
            match (view.next, view.finds, share.redact.get()) {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // From 0 to 1.
                (Some(_), ..) => format!("Looking… {} %: {found} until now.", (view.progress * 100.0) as u32),
                (None, 0, _) => {
                    format!("{found} was found. Names in plain sentences are not recognised: look for yourself.")
                }
                (None, _, true) => format!(
                    "{found} look like a secret or a person's data. The same thing gets the same stand-in everywhere."
                ),
                (None, _, false) => format!("▲ {found} look like a secret or a person's data, and leave as they are."),
            }
        }
    };
    let kinds = move || {
        share
            .scan
            .with(|scan| scan.as_ref()?.as_ref().ok().map(|view| (view.kinds.clone(), view.notes.clone())))
            .unwrap_or_default()
    };
    view! {
        <p class="share-found" class:share-warned=move || !share.redact.get() role="status">{line}</p>
        <ul class="share-kinds" class:share-idle=move || !share.redact.get()>
            <For each=move || kinds().0 key=|kind| (kind.kind.clone(), kind.finds, kind.places) let:kind><Kind kind/></For>
        </ul>
        <ul class="share-notes">{move || kinds().1.into_iter().map(|note| view! { <li>{note}</li> }).collect_view()}</ul>
    }
}

/// One kind: whether it is replaced, and its finds when somebody wants to see them.
#[component]
fn Kind(kind: ScanKind) -> impl IntoView {
    let share = Share::get();
    let ScanKind { kind: id, label, finds, places } = kind;
    let open = RwSignal::new(false);
    let shown = StoredValue::new(id.clone());
    let on = move || share.off.with(|off| !off.contains(&shown.get_value()));
    let named = label.clone();
    let list = format!("share-finds-{id}");
    let controls = list.clone();
    view! {
        <li class="share-kind">
            <div class="share-kind-line">
                <label>
                    <input
                        type="checkbox"
                        prop:checked=on
                        prop:disabled=move || !share.redact.get()
                        on:change=move |_| {
                            share.outcome.set(None);
                            let id = shown.get_value();
                            share.off.update(|off| match off.iter().position(|one| *one == id) {
                                Some(at) => { off.remove(at); }
                                None => off.push(id),
                            });
                        }
                    />
                    {label}
                </label>
                <button
                    type="button"
                    class="subtle share-more"
                    aria-expanded=move || open.get().to_string()
                    aria-controls=controls
                    aria-label=format!("{named}: {} in {}", grouped(u64::from(finds)), count(places, "place"))
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    {format!("{} in {}", grouped(u64::from(finds)), count(places, "place"))}
                    <span aria-hidden="true">{move || if open.get() { " ▾" } else { " ▸" }}</span>
                </button>
            </div>
            <div id=list>
                <Show when=move || open.get()><Finds kind=shown.get_value() on=Signal::derive(on)/></Show>
            </div>
        </li>
    }
}

/// The finds of a kind, a window at a time.
#[component]
fn Finds(kind: String, on: Signal<bool>) -> impl IntoView {
    let share = Share::get();
    let finds = RwSignal::new(Vec::<Find>::new());
    let total = RwSignal::new(0_u32);
    let more = move || {
        let Some(group) = share.shared.with_untracked(|shared| shared.as_ref().map(|shared| shared.group)) else {
            return;
        };
        let from = u32::try_from(finds.with_untracked(Vec::len)).unwrap_or(u32::MAX);
        let request = Request::Finds { kind: Some(kind.clone()), from, count: WINDOW };
        spawn_local(async move {
            if let Ok(Answer::Finds(view)) = share.page.ask_of(group, request).await {
                total.try_set(view.total);
                finds.try_update(|finds| finds.extend(view.finds));
            }
        });
    };
    more();
    let rest = move || total.get().saturating_sub(u32::try_from(finds.with(Vec::len)).unwrap_or(u32::MAX));
    view! {
        <ul class="share-finds">
            <For each=move || finds.get() key=|find| find.find let:find><OneFind find on/></For>
        </ul>
        {move || (rest() > 0).then(|| {
            let more = more.clone();
            view! {
                <button type="button" class="small" on:click=move |_| more()>
                    {format!("{} more", grouped(u64::from(rest().min(WINDOW))))}
                </button>
            }
        })}
    }
}

#[component]
fn OneFind(find: Find, on: Signal<bool>) -> impl IntoView {
    let share = Share::get();
    let Find { find: number, original, stand_in, count: times, places, .. } = find;
    let replaced = move || on.get() && share.redact.get() && share.keep.with(|keep| !keep.contains(&number));
    let more = times.saturating_sub(places.len() as u64);
    let places = places.into_iter().map(|place| view! { <li><PlaceButton place/></li> }).collect_view();
    view! {
        <li class="share-find">
            <label>
                <input
                    type="checkbox"
                    prop:checked=move || share.keep.with(|keep| !keep.contains(&number))
                    prop:disabled=move || !on.get() || !share.redact.get()
                    on:change=move |_| {
                        share.outcome.set(None);
                        share.keep.update(|keep| match keep.iter().position(|one| *one == number) {
                            Some(at) => { keep.remove(at); }
                            None => keep.push(number),
                        });
                    }
                />
                <span class="share-original" class:share-struck=replaced>{original}</span>
                {move || if replaced() {
                    view! { <span class="dim">" → "</span><span class="share-stand-in">{stand_in.clone()}</span> }.into_any()
                } else {
                    view! { <span class="dim">" stays"</span> }.into_any()
                }}
            </label>
            <ul class="share-places">
                {places}
                {(more > 0).then(|| view! { <li class="dim">{format!("{} more", grouped(more))}</li> })}
            </ul>
        </li>
    }
}

/// A place of a find: leads there.
#[component]
fn PlaceButton(place: FindPlace) -> impl IntoView {
    let share = Share::get();
    let FindPlace { run, step, name, part, path } = place;
    let words = match step {
        Some(step) if name.is_empty() => format!("step {} · {part} {path}", grouped(u64::from(step) + 1)),
        Some(step) => format!("{name} (step {}) · {part} {path}", grouped(u64::from(step) + 1)),
        None => format!("{part} {path}"),
    };
    let words = words.trim_end().to_owned();
    let Some((run, step)) = run.zip(step) else { return view! { <span class="dim">{words}</span> }.into_any() };
    let go = move |_| {
        let page = share.page;
        let Some(shared) = share.shared.get_untracked() else { return };
        share.close();
        let document = page.groups.with_untracked(|groups| {
            let group = groups.iter().find(|group| group.id == shared.group)?;
            group
                .documents
                .iter()
                .find(|document| document.runs.iter().any(|one| one.run == run))
                .map(|one| one.document)
        });
        if let Some(document) = document {
            page.show(shared.group, document, What::Run(run));
        }
        let part = match part.as_str() {
            "input" => Part::Input { run, step },
            "output" => Part::Output { run, step },
            "attributes" => Part::Attributes { run, step },
            // What the inspector has no tab for leads to the step.
            _ => return page.select_step(step),
        };
        page.reveal_value(step, Reveal { part, path: path.clone(), line: 0 });
    };
    view! { <button type="button" class="share-place" on:click=go>{words}</button> }.into_any()
}

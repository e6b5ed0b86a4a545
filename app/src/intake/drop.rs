//! Dropping anywhere on the page: the sheet that shows while files are dragged over it, and what is dropped. While a run
//! is shown the sheet has two halves: a file is opened, or compared with that run.

use super::{dialogs::open_folder, folder::files_below, handles, input};
use crate::engine::Input;
use crate::state::{Landing, Origin, Page};
use leptos::{ev, html, prelude::*, task::spawn_local};
use web_sys::{DataTransfer, DragEvent, FileSystemEntry};

fn holds_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|transfer| transfer.types().iter().any(|kind| kind == "Files"))
}

/// The entries dropped: must be taken before the event ends, because the browser empties the list then.
fn entries(transfer: &DataTransfer) -> Vec<FileSystemEntry> {
    let items = transfer.items();
    (0..items.length())
        .filter_map(|index| items.get(index))
        .filter(|item| item.kind() == "file")
        .filter_map(|item| item.webkit_get_as_entry().ok().flatten())
        .collect()
}

/// The files dropped, each with the file on the disk that can be written back to.
fn files(transfer: &DataTransfer) -> Vec<Input> {
    let items = transfer.items();
    let items = (0..items.length()).filter_map(|index| items.get(index)).filter(|item| item.kind() == "file");
    let files = items.filter_map(|item| {
        let file = item.get_as_file().ok().flatten()?;
        handles::remember(&item, &file);
        Some(input(file, None))
    });
    files.collect()
}

fn take(page: Page, transfer: &DataTransfer, compare: bool) {
    let files = files(transfer);
    let entries = entries(transfer);
    if compare {
        page.compare_files(files, false);
    } else if entries.iter().any(FileSystemEntry::is_directory) {
        spawn_local(async move { open_folder(page, files_below(entries).await) });
    } else {
        page.open_files(files, Origin::Local, Landing::default());
    }
}

/// Whether the pointer is over an element that takes no pointer events itself.
fn within(node: NodeRef<html::Div>, event: &DragEvent) -> bool {
    node.get_untracked().is_some_and(|node| {
        let rect = node.get_bounding_client_rect();
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        (rect.left()..rect.right()).contains(&x) && (rect.top()..rect.bottom()).contains(&y)
    })
}

/// Listens for the whole page, and shows the sheet.
#[component]
pub(crate) fn DropTarget() -> impl IntoView {
    let page = Page::get();
    let over = RwSignal::new(false);
    let half = NodeRef::<html::Div>::new();
    let comparing = RwSignal::new(false);
    let pipeline = Memo::new(move |_| page.pipeline.with(Option::is_some) && page.comparing.pair.with(Option::is_none));
    let baseline = Memo::new(move |_| page.baseline().is_some() || pipeline.get());
    // Enter and leave come for every element passed; the pointer is outside when the counts are even.
    let depth = StoredValue::new(0_i32);
    let move_depth = move |by: i32| {
        depth.update_value(|depth| *depth = (*depth + by).max(0));
        over.set(depth.get_value() > 0);
    };
    let listeners = [
        window_event_listener(ev::dragenter, move |event| {
            if holds_files(&event) {
                event.prevent_default();
                move_depth(1);
            }
        }),
        window_event_listener(ev::dragleave, move |event| {
            if holds_files(&event) {
                move_depth(-1);
            }
        }),
        window_event_listener(ev::dragover, move |event| {
            if holds_files(&event) {
                event.prevent_default();
                let here = within(half, &event);
                if comparing.get_untracked() != here {
                    comparing.set(here);
                }
                if let Some(transfer) = event.data_transfer() {
                    transfer.set_drop_effect("copy");
                }
            }
        }),
        window_event_listener(ev::drop, move |event| {
            depth.set_value(0);
            // Before the sheet is gone: what is not shown has no place.
            let compare = within(half, &event);
            over.set(false);
            comparing.set(false);
            if holds_files(&event) {
                event.prevent_default();
                if let Some(transfer) = event.data_transfer() {
                    take(page, &transfer, compare);
                }
            }
        }),
    ];
    on_cleanup(move || listeners.into_iter().for_each(WindowListenerHandle::remove));
    view! {
        <div class="dropping" class:over=over aria-hidden="true">
            <div class="dropping-frame" class:aimed=move || baseline.get() && !comparing.get()>
                <p class="dropping-title">{move || if baseline.get() { "Open" } else { "Drop to open" }}</p>
                <p>"One file, several, or a folder. They are read in this tab; nothing is uploaded."</p>
            </div>
            <Show when=move || baseline.get()>
                <div class="dropping-frame" class:aimed=comparing node_ref=half>
                    <p class="dropping-title">
                        {move || if page.comparing.pair.with(Option::is_some) {
                            "Compare with A"
                        } else if pipeline.get() {
                            "Compare with this pipeline"
                        } else {
                            "Compare with this run"
                        }}
                    </p>
                    <p>{move || if pipeline.get() {
                        "The pipeline in the file is laid on the one that is open; a run on its dry run."
                    } else {
                        "The run in the file is laid on the one that is open."
                    }}</p>
                </div>
            </Show>
        </div>
    }
}

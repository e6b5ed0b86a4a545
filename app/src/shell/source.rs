//! The lines of a file around a place, in a dialog.

use super::dialog::Dialog;
use crate::engine::Newest;
use crate::state::Page;
use chaindebug_core::protocol::{Answer, Request, SourceLine, SourceView};
use leptos::{prelude::*, task::spawn_local};

/// Lines before and after the one asked for.
const AROUND: u32 = 40;

/// Shows lines of the current document; in context for whoever knows a place.
#[derive(Clone, Copy)]
pub(crate) struct SourceAt {
    shown: RwSignal<Option<Result<SourceView, String>>>,
    newest: Newest,
}

impl SourceAt {
    /// Opens the dialog at a byte of a file of the document shown.
    pub(crate) fn show(self, page: Page, file: u16, at: u64) {
        let Some(subject) = page.subject.get_untracked() else { return };
        let turn = self.newest.begin();
        spawn_local(async move {
            let request = Request::Source { document: subject.document, file, at, around: AROUND };
            let answer = page.ask_of(subject.group, request).await;
            if self.newest.is(turn) {
                self.shown.set(match answer {
                    Ok(Answer::Source(view)) => Some(Ok(view)),
                    Ok(_) => None,
                    Err(failure) => Some(Err(failure.message)),
                });
            }
        });
    }
}

/// Puts [`SourceAt`] into context.
pub(crate) fn provide_source() -> SourceAt {
    let source = SourceAt { shown: RwSignal::new(None), newest: Newest::new() };
    provide_context(source);
    source
}

/// Lines with their numbers; the one that is meant is marked and brought into sight.
#[component]
pub(super) fn Lines(
    /// The lines.
    lines: Vec<SourceLine>,
    /// Number of the line that is meant; 0 for none.
    line: u64,
) -> impl IntoView {
    let here = NodeRef::<leptos::html::Li>::new();
    Effect::new(move |_| {
        if let Some(element) = here.get() {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Center);
            element.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
    let cut = |bytes: u64| {
        (bytes > 0).then(|| view! { <span class="source-cut">{format!("… {} …", crate::text::bytes(bytes))}</span> })
    };
    let lines = lines
        .into_iter()
        .map(|one| {
            let body = view! {
                <span class="source-number" aria-hidden="true">{one.number}</span>
                <code>{cut(one.cut.0)}{one.text}{cut(one.cut.1)}</code>
            };
            if one.number == line {
                view! { <li class="source-here" aria-current="true" node_ref=here>{body}</li> }.into_any()
            } else {
                view! { <li>{body}</li> }.into_any()
            }
        })
        .collect_view();
    view! { <ol class="source">{lines}</ol> }
}

/// The dialog. Stands once in the page.
#[component]
pub(crate) fn SourceDialog(source: SourceAt) -> impl IntoView {
    let shown = source.shown;
    let title = Signal::derive(move || {
        shown.with(|shown| match shown {
            Some(Ok(view)) => format!("{}, line {}", view.file, crate::text::grouped(view.line)),
            _ => "Source".to_owned(),
        })
    });
    view! {
        <Dialog
            open=Signal::derive(move || shown.with(Option::is_some))
            on_close=move || shown.set(None)
            title
            class="dialog-wide"
        >
            {move || shown.get().map(|result| match result {
                Ok(view) => view! { <Lines lines=view.lines line=view.line/> }.into_any(),
                Err(message) => view! { <p class="nothing">{message}</p> }.into_any(),
            })}
        </Dialog>
    }
}

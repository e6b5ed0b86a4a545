//! Saying what is wrong: a text that the person sees, edits and copies, and a plain link to a new issue with it. The page
//! sends nothing, and nothing of what a file holds comes into the text.

use super::state::Learn;
use crate::address::encoded;
use crate::shell::dialog::Dialog;
use crate::state::Page;
use crate::text::count;
use crate::widgets::copy::to_clipboard;
use chaindebug_core::protocol::DocumentView;
use leptos::{prelude::*, task::spawn_local};

/// Where the project is kept, as its manifest says; empty where it says nothing.
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// Servers refuse addresses that are longer than about 8,000 bytes.
const LONGEST: usize = 7_000;

const BEGIN: &str = "What I did:\n\n\nWhat I expected:\n\n\nWhat happened:\n\n";

/// What can be added to the text, each on a line of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fact {
    Version,
    Browser,
    Document,
}

impl Fact {
    const ALL: [Fact; 3] = [Fact::Version, Fact::Browser, Fact::Document];

    fn words(self) -> &'static str {
        match self {
            Fact::Version => "the version",
            Fact::Browser => "the browser",
            Fact::Document => "format and counts of what is open",
        }
    }

    fn line(self, page: Page) -> Option<String> {
        match self {
            Fact::Version => Some(format!("ChainDebug {}", env!("CARGO_PKG_VERSION"))),
            Fact::Browser => Some(format!("Browser: {}", web_sys::window()?.navigator().user_agent().ok()?)),
            Fact::Document => page.document.with_untracked(|document| document.as_deref().map(counts)),
        }
    }
}

/// A document in numbers. Its format is one of ours; no name and no text of the file is among them.
fn counts(document: &DocumentView) -> String {
    let steps: u64 = document.runs.iter().map(|run| u64::from(run.steps)).sum();
    let errors: u64 = document.runs.iter().map(|run| u64::from(run.errors)).sum();
    let numbers = [
        count(document.runs.len() as u64, "run"),
        count(steps, "step"),
        count(errors, "error"),
        count(document.pipelines.len() as u64, "pipeline"),
        count(document.diagnostics.len() as u64, "problem"),
        count(document.bytes, "byte"),
    ];
    let format = if document.format.is_empty() { "not recognised" } else { &document.format };
    format!("Open: format {format}, {}", numbers.join(", "))
}

/// The text with a line at its end, or without it.
fn with_line(text: &str, line: &str, on: bool) -> String {
    let mut kept: Vec<&str> = text.lines().filter(|one| *one != line).collect();
    if on {
        kept.push(line);
    }
    kept.join("\n") + "\n"
}

/// The page for a new issue with title and text in it, and whether the text fits.
fn issue(repository: &str, title: &str, body: &str) -> Option<(String, bool)> {
    let base =
        format!("{}/issues/new?title={}", Some(repository).filter(|r| r.starts_with("https://"))?, encoded(title));
    let whole = format!("{base}&body={}", encoded(body));
    Some(if whole.len() <= LONGEST { (whole, true) } else { (base, false) })
}

/// The dialog. Stands once in the page.
#[component]
pub(crate) fn FeedbackDialog() -> impl IntoView {
    let learn = Learn::get();
    view! {
        <Dialog open=learn.feedback on_close=move || learn.feedback.set(false) title="Say what is wrong or missing" class="feedback-dialog">
            <Feedback/>
        </Dialog>
    }
}

#[component]
fn Feedback() -> impl IntoView {
    let page = Page::get();
    let title = RwSignal::new(String::new());
    let version = Fact::Version.line(page).unwrap_or_default();
    let body = RwSignal::new(with_line(BEGIN, &version, true));
    let copied = RwSignal::new("");
    let issue = Memo::new(move |_| issue(REPOSITORY, title.get().trim(), &body.get()));
    let host = REPOSITORY.trim_start_matches("https://").split('/').next().unwrap_or_default();
    let boxes = Fact::ALL.map(|fact| {
        let line = fact.line(page);
        let there = line.is_some();
        let line = StoredValue::new(line.unwrap_or_default());
        // What is ticked is what stands in the text, also after somebody took it out by hand.
        let on = move || there && body.with(|body| line.with_value(|line| body.lines().any(|one| one == line)));
        view! {
            <label class="feedback-fact">
                <input
                    type="checkbox"
                    disabled=!there
                    prop:checked=on
                    on:change:target=move |event| {
                        let on = event.target().checked();
                        body.update(|body| *body = line.with_value(|line| with_line(body, line, on)));
                    }
                />
                {fact.words()}
            </label>
        }
    });
    let copy = move |_| {
        let text = format!("{}\n\n{}", title.get_untracked(), body.get_untracked());
        spawn_local(async move {
            let done = to_clipboard(text.trim_start()).await;
            copied.try_set(if done { "Copied." } else { "The browser does not let the page copy." });
        });
    };
    let link = move || {
        issue.get().map(|(address, _)| {
            view! { <a class="primary" href=address target="_blank" rel="noopener noreferrer">"Open the issue page"</a> }
        })
    };
    let note = move || match issue.get() {
        None => "Copy the text and send it to whoever gave you this page.".to_owned(),
        Some((_, false)) => {
            format!("The text is too long for a link. Copy it; the link opens an issue at {host} to paste it into.")
        }
        Some(_) => format!("The link opens a new issue at {host} with this text. It is sent when you send it there."),
    };
    view! {
        <div class="feedback">
            <label class="feedback-field">"Title"
                <input class="field" type="text" autocomplete="off" prop:value=title on:input:target=move |event| title.set(event.target().value())/>
            </label>
            <label class="feedback-field">"Text"
                <textarea class="field" rows="12" prop:value=body on:input:target=move |event| body.set(event.target().value())></textarea>
            </label>
            <fieldset class="feedback-facts">
                <legend>"Add to the text"</legend>
                {boxes.into_iter().collect_view()}
            </fieldset>
            <p class="dim">{note} " Nothing of a file is in it unless you write it."</p>
            <div class="acts">
                {link}
                <button class="edged" on:click=copy>"Copy the text"</button>
                <span class="feedback-copied" role="status">{move || copied.get()}</span>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_added_once_and_taken_out_whole() {
        let text = with_line("Hello\n", "ChainDebug 1", true);
        assert_eq!(text, "Hello\nChainDebug 1\n");
        assert_eq!(with_line(&text, "ChainDebug 1", true), text);
        assert_eq!(
            with_line("I use ChainDebug 1 now\nChainDebug 1\n", "ChainDebug 1", false),
            "I use ChainDebug 1 now\n"
        );
    }

    #[test]
    fn the_link_holds_the_text_or_says_that_it_does_not_fit() {
        let (address, whole) = issue("https://host.example/a/b", "A & B", "1\n2 #").unwrap();
        assert_eq!(address, "https://host.example/a/b/issues/new?title=A%20%26%20B&body=1%0A2%20%23");
        assert!(whole);
        let (address, whole) = issue("https://host.example/a/b", "A", &"é".repeat(LONGEST)).unwrap();
        assert!(!whole && !address.contains("body") && address.len() <= LONGEST);
        assert_eq!(issue("", "A", "B"), None);
        assert_eq!(issue("javascript:alert(1)", "A", "B"), None);
    }

    #[test]
    fn counts_say_nothing_of_the_file_itself() {
        use chaindebug_core::protocol::{Answer, Request};
        use chaindebug_core::{session::Session, source::Memory};
        let mut session = Session::new();
        let text = include_bytes!("../../../playground-samples/first-trace.chaindebug.jsonl");
        let mut opening = session.open("secret-name.jsonl", Box::new(Memory(text.to_vec())), None);
        while session.advance(&mut opening, 64).document.is_none() {}
        let Answer::Documents { documents } = session.answer(Request::Documents { runs: None }) else {
            unreachable!("documents")
        };
        let said = counts(&documents[0]);
        assert!(said.starts_with("Open: format chaindebug, 1 run, 11 steps, 0 errors, 0 pipelines, "), "{said}");
        assert!(!said.contains("secret") && !said.contains("soup"), "{said}");
    }
}

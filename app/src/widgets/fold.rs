//! Long things closed behind one line that says what they are and how large: nothing is ever cut without a word.

use super::icons::{Icon, icon};
use leptos::prelude::*;

/// Texts of more characters than this are folded where many stand below each other.
const LONG: usize = 1_200;

/// Lines from which on a text is folded.
const MANY: usize = 18;

/// Where to cut a text that is shown among others: `None` when it is short enough to stand whole. The cut falls
/// between characters, after a line or a word where one ends near.
pub(crate) fn cut_at(text: &str) -> Option<usize> {
    let by_lines = text.match_indices('\n').nth(MANY - 1).map(|(at, _)| at);
    let by_length = text.char_indices().nth(LONG).map(|(at, _)| at);
    // A text that is only a little too long is not worth a click.
    let lines = text.match_indices('\n').nth(MANY + 5).and(by_lines);
    let length = text.char_indices().nth(LONG + 300).and(by_length);
    let at = match (lines, length) {
        (Some(a), Some(b)) => a.min(b),
        (a, b) => a.or(b)?,
    };
    let head = text.get(..at)?;
    let floor = at.saturating_sub(120);
    let nice = head.rfind('\n').or_else(|| head.rfind(' ')).filter(|&n| n >= floor && n > 0);
    Some(nice.unwrap_or(at))
}

/// The first line of a text, for a closed fold.
pub(crate) fn first_line(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|l| !l.is_empty()).unwrap_or_default();
    line.chars().take(160).collect()
}

/// One line that opens and closes what belongs to it.
#[component]
pub(crate) fn Fold(
    /// What is in it.
    #[prop(into)]
    label: String,
    /// A glimpse of it, shown while it is closed; may be empty.
    #[prop(optional, into)]
    glimpse: String,
    /// How large it is; may be empty.
    #[prop(optional, into)]
    size: String,
    /// Open from the beginning.
    #[prop(optional)]
    open: bool,
    /// What it holds; made when it is first opened.
    children: ChildrenFn,
) -> impl IntoView {
    let open = RwSignal::new(open);
    let chip = (!size.is_empty()).then(|| view! { <span class="chip">{size}</span> });
    let label = (!label.is_empty()).then(|| view! { <b>{label}</b> });
    view! {
        <div class="fold" class:open=open>
            <button
                type="button"
                class="fold-bar"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|o| *o = !*o)
            >
                <span class="twist" class:open=open>{icon(Icon::Chevron)}</span>
                {label}
                <span class="glimpse">{move || (!open.get()).then(|| glimpse.clone())}</span>
                {chip}
                <span class="fold-word">{move || if open.get() { "hide" } else { "show" }}</span>
            </button>
            <Show when=move || open.get()>
                <div class="fold-body">{children()}</div>
            </Show>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_stand_whole() {
        assert_eq!(cut_at(""), None);
        assert_eq!(cut_at(&"word ".repeat(240)), None);
        assert_eq!(cut_at(&"line\n".repeat(20)), None);
    }

    #[test]
    fn long_texts_are_cut_between_words_and_characters() {
        let words = "word ".repeat(1_000);
        assert_eq!(cut_at(&words), Some(1_199));
        let lines = "a line\n".repeat(100);
        assert_eq!(cut_at(&lines), Some(lines.match_indices('\n').nth(16).map(|(at, _)| at).unwrap_or_default()));
        let wide = "é".repeat(5_000);
        assert_eq!(cut_at(&wide), Some(2_400));
        assert!(wide.is_char_boundary(2_400));
    }

    #[test]
    fn the_glimpse_is_the_first_line_with_something_on_it() {
        assert_eq!(first_line("\n\n  You are on call.\nBe brief."), "You are on call.");
        assert_eq!(first_line(""), "");
    }
}

//! One row of a JSON tree: its key, its text in the colour of its kind, and what can be done with it.

use super::tree::Act;
use crate::widgets::format::{bytes, things};
use crate::widgets::icons::{Icon, icon};
use chaindebug_core::protocol::ValueRow;
use leptos::{ev, prelude::*};

/// Whether a row is the end of an open container.
pub(super) fn closes(row: &ValueRow) -> bool {
    matches!(row.kind.as_str(), "close_object" | "close_array")
}

/// Whether a row is a container with something in it.
pub(super) fn can_open(row: &ValueRow) -> bool {
    matches!(row.kind.as_str(), "object" | "array") && row.children > 0
}

/// Whether a row's text is worth a place of its own: cut, of several lines, or longer than a row shows.
pub(super) fn can_read(row: &ValueRow) -> bool {
    matches!(row.kind.as_str(), "string" | "damaged") && (row.cut || row.text.len() > 48 || row.text.contains('\n'))
}

/// What the row's line says after its key.
#[derive(Debug, PartialEq)]
struct Said {
    class: &'static str,
    text: String,
    /// Said more quietly behind it.
    quiet: String,
}

fn said(row: &ValueRow) -> Said {
    let plain = |class, text: &str| Said { class, text: text.to_owned(), quiet: String::new() };
    let comma = if row.comma { "," } else { "" };
    match row.kind.as_str() {
        "object" | "array" => {
            let (open, close, word) = if row.kind == "object" { ("{", "}", "key") } else { ("[", "]", "item") };
            if row.children == 0 {
                plain("v-mark", &format!("{open}{close}{comma}"))
            } else if row.open {
                plain("v-mark", open)
            } else {
                let count = things(u64::from(row.children), word);
                Said { class: "v-mark", text: format!("{open} {count} {close}{comma}"), quiet: row.text.clone() }
            }
        }
        "close_object" => plain("v-mark", &format!("}}{comma}")),
        "close_array" => plain("v-mark", &format!("]{comma}")),
        "string" => {
            // One row is one line: line ends are shown, not obeyed. The full text is a click away.
            let line = row.text.replace('\n', "↵").replace(['\r', '\t'], " ");
            let end = if row.cut { "…" } else { "\"" };
            Said { class: "v-string", text: format!("\"{line}{end}"), quiet: String::new() }
        }
        "number" => plain("v-number", &row.text),
        "bool" | "null" => plain("v-word", &row.text),
        _ => plain("v-damaged", &row.text),
    }
}

/// Draws a row; an empty line while it is on its way.
#[component]
pub(super) fn ValueRowView(
    /// The row.
    row: Memo<Option<ValueRow>>,
    /// Does something with a row.
    act: Callback<(ValueRow, Act)>,
) -> impl IntoView {
    move || {
        let row = row.get()?;
        let said = said(&row);
        let key = row.key.clone().map(|key| view! { <span class="v-key">{format!("\"{key}\"")}</span>": " });
        let index = row.index.filter(|_| row.key.is_none() && !closes(&row));
        let index = index.map(|i| view! { <span class="v-mark">{format!("{i}: ")}</span> });
        let shown = !closes(&row);
        let twist = (can_open(&row) && shown).then(|| {
            view! { <span class="twist" class:open=row.open>{icon(Icon::Chevron)}</span> }
        });
        let chip = |label: String, title: &'static str, what: Act| {
            let row = row.clone();
            let on_click = move |event: ev::MouseEvent| {
                event.prevent_default();
                act.run((row.clone(), what));
            };
            view! { <span class="chip chip-act" title=title on:click=on_click>{label}</span> }
        };
        let size = can_read(&row).then(|| {
            let whole = row.text.len() as u64 + row.bytes * u64::from(row.cut);
            let label = if row.cut { bytes(whole) } else { "show".to_owned() };
            chip(label, "Show all of this text (Enter)", Act::Read)
        });
        let decode = (row.json && row.kind == "string")
            .then(|| chip("JSON".to_owned(), "This string holds JSON: open it in place (→)", Act::Decode));
        let encode = (row.json && shown && row.kind != "string")
            .then(|| chip("was a string".to_owned(), "Show the string as it stands", Act::Decode));
        let comma = (row.comma && !said.class.starts_with("v-mark")).then_some(",");
        // Deep values stop indenting before they leave the panel; the level is still said.
        let indent = format!("{}px", 6 + row.depth.min(40) * 14);
        let deep = (row.depth > 40).then(|| view! { <span class="chip">{format!("level {}", row.depth)}</span> });
        Some(view! {
            <div class="v-row" style:padding-left=indent>
                <span class="v-twist">{twist}</span>
                {deep}
                <span class="v-line">
                    {key} {index} <span class=said.class>{said.text}</span> {comma}
                    <span class="v-quiet">{said.quiet}</span>
                </span>
                {size} {decode} {encode}
            </div>
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(kind: &str, text: &str) -> ValueRow {
        ValueRow {
            node: 1,
            depth: 1,
            key: None,
            index: None,
            kind: kind.to_owned(),
            text: text.to_owned(),
            bytes: 0,
            cut: false,
            children: 0,
            open: false,
            json: false,
            comma: true,
            path: "$.a".to_owned(),
        }
    }

    #[test]
    fn closed_containers_say_how_much_they_hold() {
        let full = ValueRow { children: 6, ..row("object", "") };
        assert_eq!(said(&full).text, "{ 6 keys },");
        let one = ValueRow { children: 1, comma: false, ..row("array", "") };
        assert_eq!(said(&one).text, "[ 1 item ]");
        assert_eq!(said(&row("object", "")).text, "{},");
        assert_eq!(said(&ValueRow { open: true, ..full }).text, "{");
    }

    #[test]
    fn strings_stay_on_one_line_and_show_when_they_were_cut() {
        assert_eq!(said(&row("string", "a\nb")).text, "\"a↵b\"");
        assert_eq!(said(&ValueRow { cut: true, ..row("string", "long") }).text, "\"long…");
        assert!(can_read(&row("string", "a\nb")));
        assert!(!can_read(&row("string", "short")));
        assert!(!can_read(&row("number", "1")));
    }
}

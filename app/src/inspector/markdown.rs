//! Markdown drawn as elements, never as HTML: trace content is hostile.
//!
//! Raw HTML in the text is shown as the text it is. Links are links only to http, https and mail addresses, and open
//! elsewhere. Pictures are drawn only when they are in the text themselves (`data:`); others are named by address.
//! The parser's events are folded with a stack of our own, so nesting in the text is no recursion here; parts nested
//! deeper than [`DEEPEST`] are flattened, because the drawing library and the browser would recurse.

use leptos::prelude::*;
use pulldown_cmark::{Alignment, CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag};

/// Open elements beyond which further ones add no element of their own.
const DEEPEST: usize = 60;

/// Whether an address may become a link.
pub(crate) fn safe_link(address: &str) -> bool {
    let lower = address.trim_start().to_ascii_lowercase();
    ["https://", "http://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme))
}

/// Whether an address is a picture that is in the text itself. SVG is not: it can hold anything.
pub(crate) fn inline_picture(address: &str) -> bool {
    let lower: String = address.chars().take(40).collect::<String>().to_ascii_lowercase();
    ["png", "jpeg", "jpg", "gif", "webp", "avif", "bmp"]
        .iter()
        .any(|kind| lower.starts_with(&format!("data:image/{kind};base64,")))
}

/// An element that is open while its content is read.
enum Open {
    Paragraph,
    Heading(HeadingLevel),
    Quote,
    Code(String),
    List(Option<u64>),
    /// Whether it has a box to tick.
    Item(bool),
    Strong,
    Emphasis,
    Struck,
    Link(String),
    Image(String),
    Table,
    Row,
    /// Whether it heads its column, and how that is aligned.
    Cell(bool, Alignment),
    /// Nothing of its own: its content goes where it stands.
    Flat,
}

impl Open {
    fn close(self, inside: Vec<AnyView>) -> AnyView {
        match self {
            Open::Paragraph => view! { <p>{inside}</p> }.into_any(),
            // The page's own headings go to level 2; what a text calls a heading stays below them.
            Open::Heading(HeadingLevel::H1) => view! { <h3>{inside}</h3> }.into_any(),
            Open::Heading(HeadingLevel::H2) => view! { <h4>{inside}</h4> }.into_any(),
            Open::Heading(_) => view! { <h5>{inside}</h5> }.into_any(),
            Open::Quote => view! { <blockquote>{inside}</blockquote> }.into_any(),
            Open::Code(language) => {
                let language = (!language.is_empty()).then(|| view! { <span class="m-language">{language}</span> });
                view! { <div class="m-code">{language}<pre tabindex="0"><code>{inside}</code></pre></div> }.into_any()
            }
            Open::List(None) => view! { <ul>{inside}</ul> }.into_any(),
            Open::List(Some(start)) => view! { <ol start=start.to_string()>{inside}</ol> }.into_any(),
            Open::Item(task) => view! { <li class=task.then_some("m-task")>{inside}</li> }.into_any(),
            Open::Strong => view! { <strong>{inside}</strong> }.into_any(),
            Open::Emphasis => view! { <em>{inside}</em> }.into_any(),
            Open::Struck => view! { <s>{inside}</s> }.into_any(),
            Open::Link(address) if safe_link(&address) => {
                let title = address.clone();
                view! { <a href=address title=title rel="noopener noreferrer" target="_blank">{inside}</a> }.into_any()
            }
            Open::Link(address) => {
                view! { {inside}<span class="m-address">{format!(" ({address})")}</span> }.into_any()
            }
            Open::Image(address) => picture(address, inside),
            Open::Table => view! { <div class="m-table" tabindex="0"><table>{inside}</table></div> }.into_any(),
            Open::Row => view! { <tr>{inside}</tr> }.into_any(),
            Open::Cell(true, alignment) => view! { <th scope="col" class=aligned(alignment)>{inside}</th> }.into_any(),
            Open::Cell(false, alignment) => view! { <td class=aligned(alignment)>{inside}</td> }.into_any(),
            Open::Flat => inside.into_any(),
        }
    }
}

fn aligned(alignment: Alignment) -> Option<&'static str> {
    match alignment {
        Alignment::Center => Some("m-center"),
        Alignment::Right => Some("m-right"),
        Alignment::None | Alignment::Left => None,
    }
}

/// A picture of the text itself, or the address of one that is not loaded.
pub(crate) fn picture(address: String, described: Vec<AnyView>) -> AnyView {
    if inline_picture(&address) {
        return view! { <img class="picture" src=address alt="picture in the text" /> }.into_any();
    }
    let short: String = address.chars().take(200).collect();
    view! { <span class="m-picture">"picture, not loaded: " {described} " " <code>{short}</code></span> }.into_any()
}

fn open(tag: Tag<'_>, columns: &mut Columns) -> Open {
    match tag {
        Tag::Paragraph => Open::Paragraph,
        Tag::Heading { level, .. } => Open::Heading(level),
        Tag::BlockQuote(_) => Open::Quote,
        Tag::CodeBlock(CodeBlockKind::Fenced(language)) => {
            Open::Code(language.split_whitespace().next().unwrap_or_default().chars().take(30).collect())
        }
        Tag::CodeBlock(CodeBlockKind::Indented) => Open::Code(String::new()),
        Tag::List(start) => Open::List(start),
        Tag::Item => Open::Item(false),
        Tag::Strong => Open::Strong,
        Tag::Emphasis => Open::Emphasis,
        Tag::Strikethrough => Open::Struck,
        Tag::Link { dest_url, .. } => Open::Link(dest_url.into_string()),
        Tag::Image { dest_url, .. } => Open::Image(dest_url.into_string()),
        Tag::Table(alignments) => {
            columns.alignments = alignments;
            Open::Table
        }
        Tag::TableHead | Tag::TableRow => {
            columns.head = matches!(tag, Tag::TableHead);
            columns.next = 0;
            Open::Row
        }
        Tag::TableCell => {
            let alignment = columns.alignments.get(columns.next).copied().unwrap_or(Alignment::None);
            columns.next += 1;
            Open::Cell(columns.head, alignment)
        }
        _ => Open::Flat,
    }
}

/// Where in a table the text is. Tables do not nest.
#[derive(Default)]
struct Columns {
    alignments: Vec<Alignment>,
    /// Whether the row is the head.
    head: bool,
    /// The column of the next cell.
    next: usize,
}

/// Draws a text as Markdown.
pub(crate) fn markdown(text: &str) -> AnyView {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    // Each open element with what is in it so far; the first stands for the whole text.
    let mut stack: Vec<(Open, Vec<AnyView>)> = vec![(Open::Flat, Vec::new())];
    let mut columns = Columns::default();
    for event in Parser::new_ext(text, options) {
        let piece: AnyView = match event {
            Event::Start(tag) => {
                let open = if stack.len() < DEEPEST { open(tag, &mut columns) } else { Open::Flat };
                stack.push((open, Vec::new()));
                continue;
            }
            Event::End(_) => {
                // The parser closes what it opened, in order; without its pair an end means nothing.
                if stack.len() < 2 {
                    continue;
                }
                let Some((open, inside)) = stack.pop() else {
                    continue;
                };
                open.close(inside)
            }
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => text.into_string().into_any(),
            Event::Code(code) => view! { <code>{code.into_string()}</code> }.into_any(),
            Event::InlineMath(math) | Event::DisplayMath(math) => {
                view! { <code>{math.into_string()}</code> }.into_any()
            }
            Event::SoftBreak => " ".into_any(),
            Event::HardBreak => view! { <br /> }.into_any(),
            Event::Rule => view! { <hr /> }.into_any(),
            Event::TaskListMarker(done) => {
                // In a loose list a paragraph stands between.
                if let Some((Open::Item(task), _)) =
                    stack.iter_mut().rev().find(|(open, _)| matches!(open, Open::Item(_)))
                {
                    *task = true;
                }
                if done { "☑ " } else { "☐ " }.into_any()
            }
            Event::FootnoteReference(name) => format!("[{name}]").into_any(),
        };
        if let Some((_, inside)) = stack.last_mut() {
            inside.push(piece);
        }
    }
    let whole: Vec<AnyView> = stack.into_iter().flat_map(|(_, inside)| inside).collect();
    view! { <div class="markdown">{whole}</div> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_and_mail_addresses_become_links() {
        for good in ["https://a.example/x", "HTTP://A.EXAMPLE", "mailto:a@b.example", "  https://a.example"] {
            assert!(safe_link(good), "{good}");
        }
        for bad in ["javascript:alert(1)", "data:text/html,x", "//a.example", "/x", "vbscript:x", " java\nscript:x", ""]
        {
            assert!(!safe_link(bad), "{bad}");
        }
    }

    #[test]
    fn only_pictures_within_the_text_are_drawn() {
        assert!(inline_picture("data:image/png;base64,iVBOR"));
        assert!(!inline_picture("data:image/svg+xml;base64,PHN2Zz4="));
        assert!(!inline_picture("https://a.example/x.png"));
        assert!(!inline_picture("data:text/html;base64,eA=="));
    }
}

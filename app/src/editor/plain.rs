//! The text in a plain field, for when the editor's file could not be loaded: no colours and no underlines, but every
//! change reaches the engine, and everything beside it works.

use chaindebug_core::edit::apply_text;
use chaindebug_core::protocol::TextEdit;
use std::cell::{Cell, RefCell};
use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{HtmlElement, HtmlTextAreaElement};

/// The field, and the text the engine has.
pub(super) struct Plain {
    area: HtmlTextAreaElement,
    known: RefCell<String>,
    /// Whether every line of the file ends with a carriage return, which a field does not keep.
    returns: bool,
    /// Texts before the changes that were made here, and after those that were taken back.
    past: RefCell<Vec<String>>,
    future: RefCell<Vec<String>>,
    moving: Cell<bool>,
}

/// Changes that can be taken back; a plain field holds the whole text for each.
const MOST_PAST: usize = 50;

impl Plain {
    /// Puts a field into `host`.
    pub(super) fn mount(host: &HtmlElement, text: &str, label: &str, changed: impl Fn() + 'static) -> Option<Plain> {
        let document = web_sys::window()?.document()?;
        let area = document.create_element("textarea").ok()?.dyn_into::<HtmlTextAreaElement>().ok()?;
        area.set_class_name("editor-plain");
        area.set_spellcheck(false);
        area.set_value(text);
        let _ = area.set_attribute("aria-label", label);
        let heard = Closure::<dyn Fn()>::new(changed).into_js_value();
        area.set_oninput(Some(heard.unchecked_ref()));
        host.append_child(&area).ok()?;
        let returns = text.contains("\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']);
        let (past, future) = (RefCell::default(), RefCell::default());
        Some(Plain { area, known: RefCell::new(text.to_owned()), returns, past, future, moving: Cell::new(false) })
    }

    /// The text as a file holds it.
    pub(super) fn text(&self) -> String {
        let value = self.area.value();
        if self.returns { value.replace('\n', "\r\n") } else { value }
    }

    /// The edit the engine has not been told of.
    pub(super) fn take(&self) -> Option<Vec<TextEdit>> {
        let now = self.text();
        let edit = difference(&self.known.borrow(), &now)?;
        let before = self.known.replace(now);
        if !self.moving.replace(false) {
            self.future.borrow_mut().clear();
            let mut past = self.past.borrow_mut();
            past.push(before);
            if past.len() > MOST_PAST {
                past.remove(0);
            }
        }
        Some(vec![edit])
    }

    /// Makes edits of the engine's text.
    pub(super) fn edit(&self, edits: &[TextEdit]) {
        if let Some(text) = apply_text(&self.known.borrow(), edits) {
            self.area.set_value(&text);
        }
    }

    /// Takes the last change back, or makes it again.
    pub(super) fn travel(&self, back: bool) {
        let (from, to) = if back { (&self.past, &self.future) } else { (&self.future, &self.past) };
        let Some(text) = from.borrow_mut().pop() else { return };
        to.borrow_mut().push(self.text());
        self.area.set_value(&text);
        self.moving.set(true);
    }

    /// How many changes can be taken back, and made again.
    pub(super) fn depth(&self) -> (u32, u32) {
        let count = |list: &RefCell<Vec<String>>| u32::try_from(list.borrow().len()).unwrap_or(u32::MAX);
        (count(&self.past), count(&self.future))
    }

    /// The byte of the caret.
    pub(super) fn caret(&self) -> u64 {
        let unit = self.area.selection_start().ok().flatten().unwrap_or(0) as usize;
        let value = self.area.value();
        let bytes: usize = value
            .chars()
            .scan(0, |at, c| {
                let here = *at;
                *at += c.len_utf16();
                (here < unit).then(|| c.len_utf8() + usize::from(self.returns && c == '\n'))
            })
            .sum();
        bytes as u64
    }

    /// Moves the caret to a byte.
    pub(super) fn go(&self, byte: u64, focus: bool) {
        let text = self.text();
        let head = usize::try_from(byte).ok().and_then(|byte| text.get(..byte)).unwrap_or(&text);
        let units = head.chars().filter(|c| !(self.returns && *c == '\r')).map(char::len_utf16).sum::<usize>();
        let units = u32::try_from(units).unwrap_or(u32::MAX);
        let _ = self.area.set_selection_range(units, units);
        if focus {
            self.focus();
        }
    }

    /// Gives it the focus.
    pub(super) fn focus(&self) {
        let _ = self.area.focus();
    }
}

/// The one edit that makes `after` of `before`; `None` when they are alike.
fn difference(before: &str, after: &str) -> Option<TextEdit> {
    if before == after {
        return None;
    }
    let (a, b) = (before.as_bytes(), after.as_bytes());
    let mut start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    while !(before.is_char_boundary(start) && after.is_char_boundary(start)) {
        start -= 1;
    }
    let most = a.len().min(b.len()) - start;
    let mut tail = a.iter().rev().zip(b.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    while !(before.is_char_boundary(a.len() - tail) && after.is_char_boundary(b.len() - tail)) {
        tail -= 1;
    }
    let text = after.get(start..b.len() - tail).unwrap_or_default().to_owned();
    Some(TextEdit { start: start as u64, end: (a.len() - tail) as u64, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_edit_leads_from_one_text_to_the_other() {
        let texts = ["", "a", "aa", "aaa", "é", "è", "xéy", "xèy", "💡", "💢", "a💡b", "a💢b", "ab", "aéaé"];
        for before in texts {
            for after in texts {
                match difference(before, after) {
                    None => assert_eq!(before, after),
                    Some(edit) => assert_eq!(apply_text(before, &[edit]).as_deref(), Some(after)),
                }
            }
        }
        assert_eq!(difference("one two", "one 2"), Some(TextEdit { start: 4, end: 7, text: "2".to_owned() }));
    }

    #[test]
    fn edits_that_do_not_fit_change_nothing() {
        let edit = |start, end| TextEdit { start, end, text: String::new() };
        assert_eq!(apply_text("é", &[edit(1, 2)]), None);
        assert_eq!(apply_text("abc", &[edit(2, 1)]), None);
        assert_eq!(apply_text("abc", &[edit(1, 2), edit(0, 1)]), None);
        assert_eq!(apply_text("abc", &[edit(0, 9)]), None);
    }
}

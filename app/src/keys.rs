//! The one table of keys: what each does, and how the help shows it. Modifiers must match exactly.
//!
//! F-keys have letter twins, because browsers keep some of them. Lists, trees and fields handle their own arrows and
//! letters first and call `preventDefault`; the page's keys come after.

use crate::state::{Action, View};
use chaindebug_core::protocol::Command;

/// One key with its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    /// As `KeyboardEvent.key` names it; letters small.
    pub(crate) name: &'static str,
    /// Ctrl, or ⌘ on a Mac.
    pub(crate) ctrl: bool,
    /// Alt.
    pub(crate) alt: bool,
    /// Shift. For signs like `?` it is not looked at, since keyboards differ in where they are.
    pub(crate) shift: bool,
}

/// What was pressed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pressed<'a> {
    /// `KeyboardEvent.key`.
    pub(crate) name: &'a str,
    /// Ctrl or ⌘.
    pub(crate) ctrl: bool,
    /// Alt.
    pub(crate) alt: bool,
    /// Shift.
    pub(crate) shift: bool,
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Binding {
    /// The keys, the one to show first.
    pub(crate) keys: &'static [Key],
    /// What they do.
    pub(crate) action: Action,
    /// The same in words.
    pub(crate) words: &'static str,
    /// Whether it works while typing in a field.
    pub(crate) in_fields: bool,
}

/// A heading of the help with its lines.
pub(crate) struct Section {
    /// The heading.
    pub(crate) title: &'static str,
    /// The lines.
    pub(crate) bindings: &'static [Binding],
}

const fn key(name: &'static str) -> Key {
    Key { name, ctrl: false, alt: false, shift: false }
}

const fn shift(name: &'static str) -> Key {
    Key { shift: true, ..key(name) }
}

const fn ctrl(name: &'static str) -> Key {
    Key { ctrl: true, ..key(name) }
}

const fn ctrl_shift(name: &'static str) -> Key {
    Key { shift: true, ..ctrl(name) }
}

const fn alt(name: &'static str) -> Key {
    Key { alt: true, ..key(name) }
}

const fn bind(keys: &'static [Key], action: Action, words: &'static str) -> Binding {
    Binding { keys, action, words, in_fields: false }
}

const fn anywhere(keys: &'static [Key], action: Action, words: &'static str) -> Binding {
    Binding { keys, action, words, in_fields: true }
}

use Action::Move;

/// Every key the page itself knows.
pub(crate) const TABLE: &[Section] = &[
    Section {
        title: "Stepping",
        bindings: &[
            bind(&[key("n")], Move(Command::Forward), "Forward one moment; of two runs: both one step"),
            bind(&[key("b"), shift("n")], Move(Command::Back), "Back one moment; of two runs: both one step"),
            bind(&[key("i"), alt("f11")], Move(Command::Into), "Into the step"),
            bind(&[key("v"), alt("f10"), key("f10")], Move(Command::Over), "Over the step"),
            bind(&[shift("v")], Move(Command::OverBack), "Back over the step"),
            bind(&[key("o"), shift("f11")], Move(Command::Out), "Out of the step"),
            bind(&[key("e")], Move(Command::NextError), "Next error"),
            bind(&[shift("e")], Move(Command::PreviousError), "Previous error"),
            bind(&[key("x")], Action::NextDecision, "Next decision of the engine"),
            bind(&[shift("x")], Action::PreviousDecision, "Previous decision"),
            bind(&[key("home")], Move(Command::First), "First moment"),
            bind(&[key("end")], Move(Command::Last), "Last moment"),
            bind(&[key(" ")], Action::PlayPause, "Play or pause"),
        ],
    },
    Section {
        title: "Views",
        bindings: &[
            bind(&[key("1")], Action::Show(View::Flow), "Flow; of a pipeline: its definition"),
            bind(
                &[key("2")],
                Action::Show(View::Timeline),
                "Timeline; of a pipeline: this run; of two runs: differences",
            ),
            bind(&[key("3")], Action::Show(View::Chat), "Chat; of a pipeline: coverage"),
            bind(&[key("4")], Action::Show(View::Table), "Table"),
            bind(&[key("5")], Action::Show(View::Pipeline), "The run on its pipeline"),
            bind(&[key("+"), key("=")], Action::ZoomIn, "Zoom in"),
            bind(&[key("-")], Action::ZoomOut, "Zoom out"),
            bind(&[key("0")], Action::ZoomReset, "Zoom to 100 %"),
            bind(&[key("f")], Action::Fit, "To the cursor; again: fit everything"),
            bind(&[key("]")], Action::ExpandAll, "Open all steps"),
            bind(&[key("[")], Action::CollapseAll, "Close all steps"),
        ],
    },
    Section {
        title: "Comparing two runs",
        bindings: &[
            bind(&[key("d")], Action::NextDifference, "Next difference"),
            bind(&[shift("d")], Action::PreviousDifference, "Previous difference"),
            bind(&[key("p")], Action::Parting, "Where they part"),
        ],
    },
    Section {
        title: "Page",
        bindings: &[
            anywhere(&[ctrl("o")], Action::OpenFile, "Open a file"),
            anywhere(&[ctrl("s")], Action::Save, "Save the pipeline"),
            bind(&[ctrl("z")], Action::Undo, "Take the last change of the pipeline back"),
            bind(&[ctrl("y"), ctrl_shift("z")], Action::Redo, "Make it again"),
            bind(&[key("/")], Action::Search, "Search names and values"),
            anywhere(&[ctrl("f")], Action::Search, "Search names and values"),
            bind(&[key("?")], Action::Help, "This table"),
            anywhere(&[key("escape")], Action::Escape, "Close the innermost"),
        ],
    },
];

/// Keys that views and fields handle themselves: shown by the help, never looked up.
pub(crate) const ELSEWHERE: &[(&str, &str)] = &[
    ("Ctrl V", "Open the text that was copied"),
    ("↑ ↓  j k", "Move in a list"),
    ("→ ←", "Open and go in; close and go out (steps, values, flow)"),
    ("← →", "Nudge the scrubber, or a panel's handle, that has the focus"),
    ("c", "In the paths of all runs: compare two that part at that row"),
    ("Ctrl .  Ctrl Space", "In a pipeline's text: apply the fix at the caret; what could stand here"),
    ("Ctrl click", "On a box of the flowchart: run to its end"),
];

/// Whether Shift is looked at for this key: for letters and named keys, not for signs.
fn shift_counts(name: &str) -> bool {
    name == " " || name.chars().count() > 1 || name.chars().all(char::is_alphabetic)
}

impl Key {
    fn is(self, pressed: Pressed<'_>) -> bool {
        self.name == pressed.name.to_lowercase()
            && self.ctrl == pressed.ctrl
            && self.alt == pressed.alt
            && (self.shift == pressed.shift || !shift_counts(self.name))
    }

    /// As the help shows it: `Shift e`, `Ctrl F`.
    pub(crate) fn label(self) -> String {
        let mut text = String::new();
        for (held, word) in [(self.ctrl, "Ctrl "), (self.alt, "Alt "), (self.shift, "Shift ")] {
            if held {
                text.push_str(word);
            }
        }
        match self.name {
            " " => text.push_str("Space"),
            "escape" => text.push_str("Esc"),
            "home" => text.push_str("Home"),
            "end" => text.push_str("End"),
            name if self.ctrl || name.chars().count() > 1 => text.push_str(&name.to_uppercase()),
            name => text.push_str(name),
        }
        text
    }
}

/// What a key does; `typing` when a field has the focus.
pub(crate) fn look_up(pressed: Pressed<'_>, typing: bool) -> Option<Action> {
    TABLE
        .iter()
        .flat_map(|section| section.bindings)
        .find(|binding| (binding.in_fields || !typing) && binding.keys.iter().any(|key| key.is(pressed)))
        .map(|binding| binding.action)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(name: &str) -> Pressed<'_> {
        Pressed { name, ctrl: false, alt: false, shift: false }
    }

    #[test]
    fn modifiers_match_exactly() {
        assert_eq!(look_up(plain("n"), false), Some(Move(Command::Forward)));
        assert_eq!(look_up(Pressed { shift: true, ..plain("N") }, false), Some(Move(Command::Back)));
        assert_eq!(look_up(Pressed { ctrl: true, ..plain("n") }, false), None);
        assert_eq!(look_up(Pressed { alt: true, ..plain("F10") }, false), Some(Move(Command::Over)));
        assert_eq!(look_up(Pressed { ctrl: true, shift: true, ..plain("F") }, false), None);
    }

    #[test]
    fn signs_work_wherever_the_keyboard_has_them() {
        assert_eq!(look_up(Pressed { shift: true, ..plain("?") }, false), Some(Action::Help));
        assert_eq!(look_up(Pressed { shift: true, ..plain("/") }, false), Some(Action::Search));
        assert_eq!(look_up(plain("]"), false), Some(Action::ExpandAll));
    }

    #[test]
    fn letters_are_text_while_typing() {
        assert_eq!(look_up(plain("n"), true), None);
        assert_eq!(look_up(Pressed { ctrl: true, ..plain("f") }, true), Some(Action::Search));
        assert_eq!(look_up(plain("Escape"), true), Some(Action::Escape));
    }

    #[test]
    fn no_key_means_two_things() {
        let keys: Vec<Key> =
            TABLE.iter().flat_map(|section| section.bindings).flat_map(|binding| binding.keys).copied().collect();
        for (index, key) in keys.iter().enumerate() {
            assert!(!keys[..index].contains(key), "{} stands twice", key.label());
        }
    }
}

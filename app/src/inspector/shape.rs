//! In which shape each kind of value is shown, remembered while the page lives: a choice for Output is one for Output
//! of every step.

use leptos::prelude::*;
use std::collections::BTreeMap;

/// How a value is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// JSON as a tree.
    Tree,
    /// Lines.
    Text,
    /// Drawn as Markdown.
    Markdown,
}

impl Shape {
    /// The word on its button.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Shape::Tree => "Tree",
            Shape::Text => "Text",
            Shape::Markdown => "Markdown",
        }
    }
}

/// What has been chosen.
#[derive(Clone, Copy)]
pub(crate) struct Choices {
    shapes: RwSignal<BTreeMap<String, Shape>>,
    /// Whether long lines wrap; `None` lets the length of the text decide.
    pub(crate) wrap: RwSignal<Option<bool>>,
}

impl Choices {
    /// Nothing is chosen.
    pub(crate) fn new() -> Self {
        Choices { shapes: RwSignal::new(BTreeMap::new()), wrap: RwSignal::new(None) }
    }

    /// The shape chosen for values with this label.
    pub(crate) fn shape(self, label: &str) -> Option<Shape> {
        self.shapes.with(|s| s.get(label).copied())
    }

    /// Chooses the shape for values with this label.
    pub(crate) fn choose(self, label: &str, shape: Shape) {
        self.shapes.update(|s| {
            s.insert(label.to_owned(), shape);
        });
    }
}

//! A table in a file that is neither a run nor a pipeline: benchmarks and their comparison.

use super::{Nanos, Place};
use serde::{Deserialize, Serialize};

/// What is to be thought of a cell. Never told by colour alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Nothing.
    #[default]
    None,
    /// It became better.
    Better,
    /// It became worse.
    Worse,
    /// It stayed as it was.
    Unchanged,
}

/// A column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name as the file spells it.
    pub name: String,
    /// Unit of its numbers, else empty.
    pub unit: String,
    /// Whether it holds numbers.
    pub numeric: bool,
}

/// A cell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Its text as in the file; empty where the file has none.
    pub text: String,
    /// What is to be thought of it.
    #[serde(default)]
    pub mark: Mark,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// What it shows.
    pub title: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows; each has a cell for each column.
    pub rows: Vec<Vec<Cell>>,
    /// Where it stands.
    pub place: Place,
    /// When it was recorded.
    pub time: Option<Nanos>,
}

impl Sheet {
    /// Position of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

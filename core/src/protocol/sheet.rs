//! Tables that are neither runs nor pipelines, in windows.

use crate::model::{Cell, Column};
use serde::{Deserialize, Serialize};

/// A table of a document, in a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetSummary {
    /// What it shows.
    pub name: String,
    /// Number of rows.
    pub rows: u32,
    /// Number of columns.
    pub columns: u32,
}

/// A window of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetView {
    /// What it shows.
    pub title: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Rows in all.
    pub total: u32,
    /// First row of this window.
    pub from: u32,
    /// The rows.
    pub rows: Vec<SheetRow>,
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetRow {
    /// Its position in the file.
    pub row: u32,
    /// A cell for each column.
    pub cells: Vec<Cell>,
}

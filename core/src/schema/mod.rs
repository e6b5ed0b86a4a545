//! JSON Schema, as loosely as people write it beside a pipeline: a believable value for a schema, and where a value
//! differs from one.
//!
//! Read are `type`, `properties`, `required`, `additionalProperties`, `patternProperties`, `items`, `prefixItems`,
//! `enum`, `const`, `default`, `examples`, the bounds of numbers, strings, lists and objects, `multipleOf`, `pattern`
//! (what [`pattern`] can), the common `format`s, `oneOf`, `anyOf`, `allOf`, `not` and local `$ref`s. Also the short
//! forms `"string"` for `{"type": "string"}` and `{"url": "string"}` for an object with that property, and Python's
//! names of types. Whatever else a schema says is not looked at.
//!
//! Schemas and values are nodes of trees in their texts, so numbers stay as they are written. Nothing here knows a
//! dialect of pipelines: where a step declares its schema is in `ia_modules`.

mod check;
mod equal;
mod format;
mod generate;
mod keywords;
mod number;
mod pattern;

pub use check::{Mismatch, check};
pub use equal::equal;
pub use generate::generate;
pub use keywords::{Types, type_names};
pub use number::Decimal;

#[cfg(test)]
mod tests;

//! The engine of ChainDebug: from the bytes of a trace or pipeline file to everything a debugger shows of it.
//!
//! Pure Rust: no web types, no clock, no files, no threads. Three faces stand on it (the page through a worker,
//! the command line, and other people's pages through the wasm package), all through one `session::Session` and
//! its [`protocol`].
//!
//! The way of a file: `source` gives its bytes by range, `json` reads them without copying, an importer in
//! `import` pushes drafts of steps into the builder, and the builder makes the [`model`]: columns, ids and byte
//! ranges. Values are decoded only when somebody looks.

/// Whether this is the full engine. The other one reads traces as OpenTelemetry, Jaeger and ChainDebug write them and
/// shows them; it is what a visitor downloads first. All else is compiled for both and falls away in that one because
/// nothing leads there: the list of formats, and the requests that are about more than one run.
pub const FULL: bool = cfg!(feature = "full");

pub mod base64;
pub mod debugger;
pub mod dialect;
pub mod diff;
pub mod edit;
pub mod export;
pub mod flow;
pub mod ia_modules;
pub mod import;
pub mod json;
pub mod layout;
pub mod model;
mod order;
mod overlay;
pub mod prices;
pub mod protocol;
pub mod redact;
pub mod scenario;
pub mod schema;
pub mod search;
pub mod session;
pub mod source;
pub mod view;
mod wording;

//! The engine of ChainDebug: from the bytes of a trace or pipeline file to everything a debugger shows of it.
//!
//! Pure Rust: no web types, no clock, no files, no threads. Three faces stand on it (the page through a worker,
//! the command line, and other people's pages through the wasm package), all through one [`session`] and its protocol.

pub mod layout;

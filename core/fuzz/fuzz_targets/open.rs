//! Any bytes: opened, described, and asked everything about. Fails by a panic, a hang, or too much memory.

#![no_main]

use chaindebug_core::session::Session;
use libfuzzer_sys::fuzz_target;

#[path = "../../tests/support/mod.rs"]
mod support;

fuzz_target!(|bytes: &[u8]| {
    // The first byte chooses the size of the slices, so that the fuzzer also finds what depends on them.
    let (budget, bytes) = match bytes.split_first() {
        Some((first, rest)) => (1_u64 << (first % 21), rest),
        None => (1, bytes),
    };
    let mut session = Session::new();
    let document = support::open(&mut session, bytes, budget);
    support::check(&document);
    support::ask_everything(&mut session, &document);
});

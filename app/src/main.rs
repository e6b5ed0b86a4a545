//! Beginning.
fn main() {}

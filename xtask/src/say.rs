//! What is printed. One place, so that every command speaks the same way.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a developer command talks to a terminal")]

/// A plain line.
pub(crate) fn line(text: &str) {
    println!("{text}");
}

/// The beginning of a piece of work that shows its own progress below.
pub(crate) fn title(text: &str) {
    println!("\n── {text} {}", "─".repeat(76usize.saturating_sub(text.chars().count())));
}

/// What set-up is about to install: the thing, why, and how long it takes.
pub(crate) fn installing(what: &str, why: &str, how_long: &str) {
    println!("set-up: {what}: {why} ({how_long})");
}

/// Why the command stops.
pub(crate) fn error(text: &str) {
    eprintln!("{text}");
}

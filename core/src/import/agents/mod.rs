//! Sessions of coding agents: Claude Code, Codex, Gemini CLI, Kiro, OpenHands, Aider, exports of ChatGPT, and the trajectories made of such sessions.
//!
//! `thread` holds what they have in common while they are read (turns with calls and tools), `told` while they are shown.

mod aider;
mod atif;
mod chatgpt;
mod claude;
mod codex;
mod export;
mod gemini;
mod kiro;
mod openhands;
pub(in crate::import) mod thread;
pub(in crate::import) mod told;

use crate::import::Format;

/// The formats, most specific first.
pub const FORMATS: &[Format] = &[
    aider::FORMAT,
    export::FORMAT,
    claude::FORMAT,
    codex::FORMAT,
    codex::exec::FORMAT,
    gemini::FORMAT,
    kiro::FORMAT,
    atif::FORMAT,
    chatgpt::FORMAT,
    openhands::FORMAT,
];

/// A text of each, for the tests that damage them.
#[cfg(test)]
pub(super) const FIXTURES: &[&str] = &[
    include_str!("fixtures/claude_code.jsonl"),
    include_str!("fixtures/claude_agent.jsonl"),
    include_str!("fixtures/codex.jsonl"),
    include_str!("fixtures/codex_exec.jsonl"),
    include_str!("fixtures/chatgpt.json"),
    include_str!("fixtures/gemini.json"),
    include_str!("fixtures/kiro.json"),
    include_str!("fixtures/atif.json"),
    include_str!("fixtures/export.txt"),
    include_str!("fixtures/openhands.jsonl"),
    include_str!("fixtures/aider.txt"),
    include_str!("fixtures/openhands_events.json"),
];

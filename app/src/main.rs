//! The page's entry: mounts the shell. What is drawn belongs in modules of its own.
//!
//! The page draws and computes nothing about traces: everything shown was asked of the engine (`engine`), and what
//! the parts of the page share is in one place (`state`).

// The component macro makes its types public whatever the function is, and components own what they are given.
#![allow(unreachable_pub, clippy::needless_pass_by_value)]

mod address;
mod changes;
mod chat;
mod compare;
mod editor;
mod embed;
mod engine;
mod findings;
mod flow;
mod inspector;
mod install;
mod intake;
mod keys;
mod learn;
mod many;
mod open_from;
mod place;
mod reading;
mod samples;
mod search;
mod share;
mod sheet;
mod shell;
mod state;
mod steps;
mod table;
mod text;
mod timeline;
mod transport;
mod widgets;
mod workbench;

use leptos::prelude::*;

fn main() {
    console_error_panic_hook::set_once();
    match place::Place::here() {
        place::Place::Embed => mount_to_body(embed::EmbedShell),
        _ => mount_to_body(shell::Shell),
    }
}

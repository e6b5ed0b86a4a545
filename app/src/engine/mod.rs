//! The page's side of the engine: its files, its workers, and questions with their answers.
//!
//! Nothing here knows what a trace is, and nothing here draws. Each [`Engine`] is one worker with one session;
//! dropping the last handle of it ends the worker, which is the only way its memory is given back.

mod client;
mod failure;
mod files;
mod newest;

pub(crate) use client::{Engine, Input, Job};
pub(crate) use failure::{Failure, FailureKind};
pub(crate) use files::Files;
pub(crate) use newest::{Limiter, Newest};

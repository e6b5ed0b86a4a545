//! Two ways to keep only what is still wanted when questions follow each other faster than answers.

use leptos::prelude::*;
use std::{cell::RefCell, future::Future, pin::Pin, rc::Rc};

/// Tells whether an answer is still the newest that was asked for.
///
/// ```ignore
/// let newest = Newest::new();
/// // in a callback:
/// let turn = newest.begin();
/// let answer = page.ask(request).await;
/// if newest.is(turn) { shown.set(answer) }
/// ```
///
/// `Copy`; lives as long as the reactive owner it was made in. After that nothing is the newest, so an answer that
/// comes late touches nothing.
#[derive(Clone, Copy)]
pub(crate) struct Newest(StoredValue<u64>);

impl Newest {
    pub(crate) fn new() -> Self {
        Newest(StoredValue::new(0))
    }

    /// Begins a question: every earlier one is stale from now on.
    pub(crate) fn begin(self) -> u64 {
        self.0
            .try_update_value(|count| {
                *count += 1;
                *count
            })
            .unwrap_or(0)
    }

    /// Whether nothing newer has begun.
    pub(crate) fn is(self, turn: u64) -> bool {
        self.0.try_get_value() == Some(turn)
    }
}

type Task = Pin<Box<dyn Future<Output = ()>>>;

#[derive(Default)]
struct Limited {
    busy: bool,
    queued: Option<Task>,
}

/// Runs one task at a time; of those handed in meanwhile only the newest runs next, the others never start.
///
/// For what follows a pointer or a key: layout, search as one types, windows of rows.
#[derive(Clone, Default)]
pub(crate) struct Limiter(Rc<RefCell<Limited>>);

impl Limiter {
    /// Runs the task now, or after the one under way unless a newer one comes.
    pub(crate) fn run(&self, task: impl Future<Output = ()> + 'static) {
        let task: Task = Box::pin(task);
        {
            let mut limited = self.0.borrow_mut();
            if limited.busy {
                limited.queued = Some(task);
                return;
            }
            limited.busy = true;
        }
        let state = self.0.clone();
        leptos::task::spawn_local(async move {
            let mut next = Some(task);
            while let Some(task) = next {
                task.await;
                let mut limited = state.borrow_mut();
                next = limited.queued.take();
                limited.busy = next.is_some();
            }
        });
    }
}

//! Rows asked for in windows as they come into sight: one question at a time, and always for what is in sight now.
//!
//! A [`Windows`] is a `Copy` handle that lives as long as the reactive owner it was made in. Which rows are in sight
//! is told by `VirtualList`; what a row looks like is the caller's.

use super::cache::{BLOCK, Cache};
use leptos::prelude::*;
use std::{future::Future, pin::Pin, rc::Rc};

/// What one question brought.
#[derive(Clone, Debug)]
pub(crate) struct Window<T> {
    /// Rows in all.
    pub(crate) total: u32,
    /// The rows from the one asked for on.
    pub(crate) rows: Vec<T>,
}

/// The answer to a question for rows; `None` when there is none (refused, engine gone).
pub(crate) type Asked<T> = Pin<Box<dyn Future<Output = Option<Window<T>>>>>;

struct Inner<T> {
    cache: Cache<T>,
    ask: Rc<dyn Fn(u32, u32) -> Asked<T>>,
    /// What is in sight: first row, and the row after the last.
    sight: (u32, u32),
    /// Counts refreshes: an answer from before one is dropped.
    epoch: u64,
    busy: bool,
    /// The rows kept are of an earlier epoch: shown until the first new ones arrive, so that nothing flickers.
    stale: bool,
    /// The last question failed: nothing more is asked until the next refresh.
    failed: bool,
}

impl<T> Inner<T> {
    fn next(&mut self) -> Option<u32> {
        if self.busy || self.failed {
            return None;
        }
        let (from, to) = self.sight;
        if self.stale {
            return (from < to).then_some((from + (to - from) / 2) / BLOCK * BLOCK);
        }
        self.cache.missing(from, to)
    }
}

/// Rows of one list, asked for lazily.
pub(crate) struct Windows<T: 'static> {
    total: RwSignal<u32>,
    arrived: RwSignal<u64>,
    inner: StoredValue<Inner<T>, LocalStorage>,
}

impl<T: 'static> Clone for Windows<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: 'static> Copy for Windows<T> {}

impl<T: Clone + 'static> Windows<T> {
    /// `total` is the number of rows when it is known; `ask(from, count)` asks for a window.
    pub(crate) fn new<F>(total: u32, ask: impl Fn(u32, u32) -> F + 'static) -> Self
    where
        F: Future<Output = Option<Window<T>>> + 'static,
    {
        Windows {
            total: RwSignal::new(total),
            arrived: RwSignal::new(0),
            inner: StoredValue::new_local(Inner {
                cache: Cache::default(),
                ask: Rc::new(move |from, count| Box::pin(ask(from, count)) as Asked<T>),
                sight: (0, 0),
                epoch: 0,
                busy: false,
                stale: false,
                failed: false,
            }),
        }
    }

    /// Rows in all, as last heard.
    pub(crate) fn total(self) -> Signal<u32> {
        self.total.into()
    }

    /// The row, when it is here; tracked, so that it appears when it arrives.
    pub(crate) fn get(self, row: u32) -> Option<T> {
        self.arrived.track();
        self.peek(row)
    }

    /// The row, when it is here; not tracked.
    pub(crate) fn peek(self, row: u32) -> Option<T> {
        self.inner.try_with_value(|i| i.cache.get(row).cloned()).flatten()
    }

    /// The first row that is here and for which `is` holds, with its position; not tracked.
    pub(crate) fn find(self, is: impl Fn(&T) -> bool) -> Option<(u32, T)> {
        let found = |i: &Inner<T>| i.cache.iter().find(|(_, row)| is(row)).map(|(at, row)| (at, row.clone()));
        self.inner.try_with_value(found).flatten()
    }

    /// Tells which rows are in sight and asks for those that are missing.
    pub(crate) fn sight(self, from: u32, to: u32) {
        let _ = self.inner.try_update_value(|i| i.sight = (from, to));
        self.pump();
    }

    /// What the rows stand for has changed: asks again for what is in sight. `total` when it is known already.
    pub(crate) fn refresh(self, total: Option<u32>) {
        let _ = self.inner.try_update_value(|i| {
            i.epoch += 1;
            i.stale = true;
            i.failed = false;
            // Somebody must ask even if nothing was in sight before, or the total would never become known.
            if i.sight.1 <= i.sight.0 {
                i.sight = (0, 1);
            }
        });
        if let Some(total) = total {
            let _ = self.total.try_set(total);
        }
        self.pump();
    }

    /// Forgets every row at once, for a list that is about something else now, and asks for its beginning.
    pub(crate) fn restart(self) {
        let _ = self.inner.try_update_value(|i| {
            i.cache.clear();
            i.sight = (0, 1);
        });
        let _ = self.arrived.try_update(|n| *n += 1);
        self.refresh(Some(0));
    }

    /// Asks for the next missing window, unless an answer is under way: its arrival comes back here.
    fn pump(self) {
        let job = self.inner.try_update_value(|i| {
            let from = i.next()?;
            i.busy = true;
            Some((Rc::clone(&i.ask), from, i.epoch))
        });
        let Some(Some((ask, from, epoch))) = job else {
            return;
        };
        leptos::task::spawn_local(async move {
            let answer = ask(from, BLOCK).await;
            let total = self.inner.try_update_value(|i| {
                i.busy = false;
                if i.epoch != epoch {
                    return None;
                }
                let Some(window) = answer else {
                    i.failed = true;
                    return None;
                };
                if i.stale {
                    i.cache.clear();
                    i.stale = false;
                }
                i.cache.put(from, window.rows);
                i.sight.1 = i.sight.1.min(window.total);
                Some(window.total)
            });
            // The list is gone: nobody waits for the rows.
            let Some(total) = total else { return };
            if let Some(total) = total {
                if self.total.try_get_untracked() != Some(total) {
                    let _ = self.total.try_set(total);
                }
                let _ = self.arrived.try_update(|n| *n += 1);
            }
            self.pump();
        });
    }
}

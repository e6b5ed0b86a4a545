//! What is known of what the inspector shows: asked of the engine, and kept until the next answer is there.

use crate::state::{Inspected, Page};
use chaindebug_core::protocol::{Answer, Request, StepView};
use leptos::prelude::*;

/// The description of the step or node shown; `None` when there is none.
pub(super) fn description(page: Page) -> RwSignal<Option<StepView>> {
    let view = RwSignal::new(None);
    // The subject counts too, and the turn of a dry run: the same step of a run that another file joined, or that was
    // simulated anew, is described anew.
    let wanted = Memo::new(move |_| (page.subject.get(), page.inspected.get(), page.walked.get()));
    Effect::new(move |_| {
        let now = wanted.get();
        leptos::task::spawn_local(async move {
            let request = match now.1 {
                Some(Inspected::Step { run, step }) => Request::Step { run, step },
                Some(Inspected::Node { pipeline, node }) => Request::Node { pipeline, node },
                None => {
                    let _ = view.try_set(None);
                    return;
                }
            };
            let answer = page.ask(request).await;
            if wanted.try_get_untracked() == Some(now)
                && let Ok(Answer::Step(step)) = answer
            {
                let _ = view.try_set(Some(*step));
            }
        });
    });
    view
}

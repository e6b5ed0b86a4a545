//! What is left aside: ids and times that are recognised, rules of one's own, and pairs made and undone by hand. All of
//! it is in the link.

use crate::state::{Page, Tone};
use crate::text::count;
use chaindebug_core::protocol::DiffItem;
use leptos::{ev, prelude::*};

impl Page {
    /// Ignores a path from now on, unless that is so already.
    pub(super) fn add_rule(self, path: &str) {
        let path = path.trim();
        if path.is_empty() {
            return;
        }
        if self.comparing.options.with_untracked(|options| options.rules.iter().any(|rule| rule == path)) {
            return self.notify(Tone::Info, format!("{path} is ignored already."));
        }
        self.lay_again(|options| options.rules.push(path.to_owned()));
    }
}

/// The line below an item's values.
#[component]
pub(super) fn Aside(item: Memo<Option<DiffItem>>) -> impl IntoView {
    let page = Page::get();
    let comparing = page.comparing;
    let options = comparing.options;
    let adding = RwSignal::new(false);
    let noise = Memo::new(move |_| options.with(|options| options.noise));
    let ignored = move || {
        let here = item.with(|item| item.as_ref().map_or(0, |item| item.noise));
        let all = comparing.view.with(|view| view.as_ref().map_or(0, |view| view.noise));
        match (noise.get(), here, all) {
            (true, ..) => "Ids, times and lengths of time count like everything else".to_owned(),
            (false, 0, 0) => "No ids or times differ".to_owned(),
            (false, 0, all) => format!("{all} ids and times ignored, none of them here"),
            (false, here, all) if here == all => format!("{here} ids and times ignored"),
            (false, here, all) => format!("{here} ids and times ignored here, {all} in all"),
        }
    };
    let some = move || noise.get() || comparing.view.with(|view| view.as_ref().is_some_and(|view| view.noise > 0));
    let rules = move || {
        let rules = options.with(|options| options.rules.clone());
        let one = |rule: String| {
            let label = format!("Do not ignore {rule} any more");
            let gone = rule.clone();
            view! {
                <li>
                    <span>"ignore " <code class="code">{rule}</code></span>
                    <button type="button" class="small" aria-label=label.clone() title=label.clone() on:click=move |_| {
                        page.lay_again(|options| options.rules.retain(|rule| *rule != gone));
                    }>"×"</button>
                </li>
            }
        };
        (!rules.is_empty()).then(|| {
            view! { <ul class="diff-rules" aria-label="Rules">{rules.into_iter().map(one).collect_view()}</ul> }
        })
    };
    let hands = move || {
        let (pins, breaks) = options.with(|options| (options.pins.len(), options.breaks.len()));
        (pins + breaks > 0).then(|| {
            let mut words = Vec::new();
            if pins > 0 {
                words.push(format!("{} made", count(pins as u64, "pair")));
            }
            if breaks > 0 {
                words.push(format!("{} undone", count(breaks as u64, "pair")));
            }
            view! {
                <p class="diff-aside">
                    <span>{format!("By hand: {}", words.join(", "))}</span>
                    <button type="button" class="link" on:click=move |_| page.lay_again(|options| {
                        options.pins.clear();
                        options.breaks.clear();
                    })>"as recognised"</button>
                </p>
            }
        })
    };
    view! {
        <div class="diff-asides">
            <p class="diff-aside">
                <span>{ignored}</span>
                <Show when=some>
                    <button type="button" class="link" on:click=move |_| page.lay_again(|options| options.noise = !options.noise)>
                        {move || if noise.get() { "ignore them" } else { "show" }}
                    </button>
                </Show>
                <span class="push"></span>
                <button type="button" class="link" aria-expanded=move || adding.get().to_string() on:click=move |_| adding.update(|adding| *adding = !*adding)>
                    "add a rule"
                </button>
            </p>
            <Show when=move || adding.get()><NewRule done=Callback::new(move |()| adding.set(false))/></Show>
            {rules}
            {hands}
        </div>
    }
}

/// The field for a path.
#[component]
fn NewRule(done: Callback<()>) -> impl IntoView {
    let page = Page::get();
    let text = RwSignal::new(String::new());
    let node = NodeRef::<leptos::html::Input>::new();
    Effect::new(move |_| {
        if let Some(field) = node.get() {
            let _ = field.focus();
        }
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let path = text.get_untracked();
        if !path.trim().is_empty() {
            page.add_rule(&path);
            done.run(());
        }
    };
    let keys = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            event.stop_propagation();
            done.run(());
        }
    };
    view! {
        <form class="diff-new-rule" on:submit=submit on:keydown=keys>
            <label>
                <span>"Path to ignore"</span>
                <input class="field" node_ref=node spellcheck="false" autocomplete="off" placeholder="$.request_id" prop:value=text on:input:target=move |event| text.set(event.target().value())/>
            </label>
            <button type="submit" class="edged">"Ignore it"</button>
            <p class="dim">"[*] stands for every item of a list, .. for any depth: $.items[*].at, $..trace_id"</p>
        </form>
    }
}

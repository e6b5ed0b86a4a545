//! The page's entry: mounts the view. What is drawn belongs in modules of its own.

use leptos::prelude::*;

fn main() {
    console_error_panic_hook::set_once();
    mount_to_body(|| view! { <main><h1>"ChainDebug"</h1></main> });
}

//! What the engine said when it crashed. After a panic the instance must not be used again, except to ask for this.

use std::cell::RefCell;
use std::sync::Once;

thread_local! {
    static MESSAGE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps the message of a panic and prints it on the console, with the stack.
pub(crate) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            MESSAGE.with(|message| {
                if let Ok(mut message) = message.try_borrow_mut() {
                    *message = Some(info.to_string());
                }
            });
            console_error_panic_hook::hook(info);
        }));
    });
}

/// The message of the panic, if there was one.
pub(crate) fn message() -> Option<String> {
    MESSAGE.with(|message| message.try_borrow().ok().and_then(|message| message.clone()))
}

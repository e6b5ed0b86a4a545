// chain-debug.js: a plain script, so that it also runs in a page that was opened as a file. Everything else lies beside it.

import { define } from "./define.js";

const own = document.currentScript ?? [...document.scripts].find((script) => /\/chain-debug\.js($|[?#])/.test(script.src));
define(new URL(".", /** @type {HTMLScriptElement | undefined} */ (own)?.src || document.baseURI).href);

// chain-debug.mjs: the same for whoever imports it.

import { define } from "./define.js";

export const ChainDebug = define(new URL(".", import.meta.url).href);
export { VERSION } from "../protocol.js";

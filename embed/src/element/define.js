// Registers the element, once, however often its script comes into the page.

import { VERSION } from "../protocol.js";
import { counts } from "./assets.js";
import { chainDebug } from "./element.js";

const NAME = "chain-debug";

/** @param {string} home Folder of the script. */
export function define(home) {
  const had = customElements.get(NAME);
  if (had) return had;
  const made = chainDebug(home);
  // For tests, and for whoever wants to know what several embeds share.
  Object.assign(made, { version: VERSION, counts });
  customElements.define(NAME, made);
  return made;
}

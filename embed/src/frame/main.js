// The frame's side, loaded by boot.js before the page starts: finds who the page around is, gets the compiled modules from
// it when it has them, and stands between it and the page. Also the full page that a frame hands its files to.

import { Embed } from "./embed.js";
import { byElement, byWindow } from "./channel.js";
import { receive } from "./receive.js";
import { message } from "../protocol.js";

/**
 * Prepares an embed. Gives the compiled module of the page, when the page around has one.
 * @returns {Promise<WebAssembly.Module | undefined>}
 */
export async function embed() {
  const connect = ownFrame()?.chaindebugConnect;
  if (!connect) {
    globalThis.chaindebugHost = new Embed(byWindow(), { fragment: location.hash });
    return undefined;
  }
  const { channel, given } = await byElement(connect);
  // The policy of the page around holds here too. What it stops of ours is told there: another kind of frame may do.
  addEventListener("securitypolicyviolation", ({ effectiveDirective, disposition }) => {
    if (disposition !== "enforce" || !/^(worker|script|style)-src/.test(effectiveDirective)) return;
    channel.post(message("blocked", { directive: effectiveDirective }));
  });
  globalThis.chaindebugFiles = { traces: async () => given.traces, full: () => channel.full() };
  globalThis.chaindebugHost = new Embed(channel, { full: given.full, drop: given.drop });
  return given.page;
}

/** The element around this frame, when the two share an origin: it is the one place where the element's script leaves word. */
function ownFrame() {
  try {
    return /** @type {any} */ (window.frameElement);
  } catch {
    return undefined;
  }
}

export { receive };

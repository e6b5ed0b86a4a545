// Two frames for the page. `inPage`: its HTML as srcdoc, which shares compiled modules with all embeds of the page and works
// from any host. `byAddress`: the page by its address, where a page's own policy lets nothing compile or the page's HTML is
// not for us to write. Both give a link: `post` to the page in the frame, and messages from it.

import { isOurs, message } from "../protocol.js";
import { framed } from "./page.js";
import { Trouble } from "./trouble.js";

/** How long a frame may take to say that it is there, once it is loaded. */
const PATIENCE = 8_000;

/** @typedef {{ frame: HTMLIFrameElement, post: (said: any, transfer?: Transferable[]) => void, ready: Promise<void> }} Link */

function iframe() {
  const frame = document.createElement("iframe");
  frame.className = "frame";
  frame.title = "ChainDebug";
  frame.setAttribute("allow", "clipboard-write");
  frame.referrerPolicy = "no-referrer";
  return frame;
}

/**
 * @param {ParentNode} root Where the frame goes.
 * @param {import("./assets.js").Assets} shared
 * @param {{ theme: string, full: string, drop: boolean, heard: (said: any) => void, signal: AbortSignal }} options
 * @returns {Link}
 */
export function inPage(root, shared, { theme, full, drop, heard, signal }) {
  const frame = iframe();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let patience;
  /** @type {MessagePort | undefined} */
  let port;
  /** @type {any[]} */
  const waiting = [];
  const post = (/** @type {any} */ said, /** @type {Transferable[]} */ transfer = []) => {
    if (port) port.postMessage(said, transfer);
    else waiting.push([said, transfer]);
  };
  const ready = new Promise((done, failed) => {
    /** @type {any} */ (frame).chaindebugConnect = (/** @type {MessagePort} */ given) => {
      port = given;
      clearTimeout(patience);
      given.onmessage = ({ data }) => {
        if (!isOurs(data)) return;
        if (data.type === "ready") done(undefined);
        if (data.type === "need-full") {
          shared.full().then(
            (had) => given.postMessage(message("full", had)),
            (error) => given.postMessage(message("full", { message: String(error?.message ?? error) })),
          );
        } else heard(data);
      };
      given.postMessage(message("files", { page: shared.page, traces: shared.traces, full, drop }));
      for (const [said, transfer] of waiting.splice(0)) given.postMessage(said, transfer);
    };
    frame.addEventListener("load", () => {
      if (port) return;
      // The policy of this page holds in the frame too: what it stopped there is told by the frame's document.
      const stopped = stoppedBy(frame.contentDocument);
      const late = () => failed(new Trouble("frame", `The page around this trace stopped it from starting${stopped()}`));
      // Nothing may hold a frame that is gone, not even for a while.
      patience = setTimeout(late, PATIENCE);
      signal.addEventListener("abort", () => clearTimeout(patience), { once: true });
    });
  });
  frame.srcdoc = framed(shared.index, { base: shared.base, theme });
  root.append(frame);
  return { frame, post, ready: /** @type {Promise<void>} */ (ready) };
}

/** What a policy stopped in a document, in words. @param {Document | null} doc */
function stoppedBy(doc) {
  /** @type {Set<string>} */
  const found = new Set();
  doc?.addEventListener("securitypolicyviolation", (event) => found.add(event.effectiveDirective));
  return () => (found.size > 0 ? ` (${[...found].join(", ")})` : "");
}

/**
 * @param {ParentNode} root
 * @param {string} address Of the page.
 * @param {{ drop: boolean, heard: (said: any) => void, signal: AbortSignal }} options
 * @returns {Link}
 */
export function byAddress(root, address, { drop, heard, signal }) {
  const frame = iframe();
  const { origin, protocol } = new URL(address);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let patience;
  frame.src = `${address}#embed=1${drop ? "&drop=1" : ""}`;
  /** @type {MessagePort | undefined} */
  let port;
  /** @type {any[]} */
  const waiting = [];
  const ready = new Promise((done, failed) => {
    const begin = () => {
      if (port) return;
      clearTimeout(patience);
      const { port1, port2 } = new MessageChannel();
      port = port1;
      port1.onmessage = ({ data }) => {
        if (!isOurs(data)) return;
        if (data.type === "ready") done(undefined);
        heard(data);
      };
      frame.contentWindow?.postMessage(message("hello"), /^https?:/.test(protocol) ? origin : "*", [port2]);
      for (const [said, transfer] of waiting.splice(0)) port1.postMessage(said, transfer);
    };
    const hear = (/** @type {MessageEvent} */ event) => {
      if (event.source === frame.contentWindow && isOurs(event.data) && event.data.type === "ready") begin();
    };
    addEventListener("message", hear, { signal });
    frame.addEventListener("load", () => {
      if (port) return;
      const late = () => failed(new Trouble("frame", "The page around this trace does not let ChainDebug run in it"));
      patience = setTimeout(late, PATIENCE);
      signal.addEventListener("abort", () => clearTimeout(patience), { once: true });
    });
  });
  const post = (/** @type {any} */ said, /** @type {Transferable[]} */ transfer = []) => {
    if (port) port.postMessage(said, transfer);
    else waiting.push([said, transfer]);
  };
  root.append(frame);
  return { frame, post, ready: /** @type {Promise<void>} */ (ready) };
}

/** Whether this page's policy lets modules be compiled: the smallest module there is says so. */
export function compiles() {
  try {
    return Boolean(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])));
  } catch {
    return false;
  }
}

// Opening the full page with the files of a frame: the page that is opened says that it is there, and gets them when it is
// the one that was opened and of the origin it was opened under.

import { isOurs, message } from "../protocol.js";

/** How long the full page may take to say so. */
const PATIENCE = 20_000;

/**
 * @param {string} full Address of the full page.
 * @param {string} fragment Where to stand, as the page's address says it.
 * @param {{ name: string, blob: Blob }[]} files
 */
export async function handOver(full, fragment, files, { here = window } = {}) {
  const url = new URL(full);
  // A file on a disk has no origin that could be named: there the window itself has to do.
  const origin = /^https?:/.test(url.protocol) ? url.origin : "*";
  url.hash = `${fragment ? `${fragment.slice(1)}&` : "v=1&"}hand=1`;
  const opened = here.open(url.href, "_blank");
  if (!opened) throw new Error("The browser did not let this page open another. Allow pop-ups, and try again.");
  await new Promise((done, failed) => {
    const end = (/** @type {() => void} */ then) => {
      here.removeEventListener("message", hear);
      clearTimeout(timer);
      then();
    };
    const hear = (/** @type {MessageEvent} */ event) => {
      if (event.source !== opened || (origin !== "*" && event.origin !== origin) || !isOurs(event.data)) return;
      if (event.data.type !== "ready") return;
      opened.postMessage(message("open", { files: files.map(({ name, blob }) => ({ name, data: blob })) }), origin);
      end(() => done(undefined));
    };
    const timer = setTimeout(
      () => end(() => failed(new Error("The full page did not answer. Save the file and drop it there."))),
      PATIENCE,
    );
    here.addEventListener("message", hear);
  });
}

// The full page, opened by a frame that hands its files over: says that it is there, takes files from the page that
// opened it and from no other, and asks first when that page is of another origin.

import { isOurs, message, place } from "../protocol.js";
import { blobOf } from "./bytes.js";

/** How long to wait for the files. */
const PATIENCE = 20_000;

/**
 * To be called before the page starts: the page attaches itself when it is there.
 * @param {URLSearchParams} fields Of the address: where to stand.
 */
export function receive(fields, { here = window, opener = window.opener } = {}) {
  globalThis.chaindebugHost = {
    attach: (/** @type {any} */ page) => {
      if (!opener) return refuse("The page that opened this one is gone, and the file with it. Go back and try again.");
      const late = setTimeout(() => {
        here.removeEventListener("message", hear);
        refuse("The page that opened this one did not hand over its file. Save the file there and drop it here.");
      }, PATIENCE);
      const hear = async (/** @type {MessageEvent} */ event) => {
        if (event.source !== opener || !isOurs(event.data) || event.data.type !== "open") return;
        clearTimeout(late);
        here.removeEventListener("message", hear);
        // Whatever comes later, this page answers to nobody.
        here.opener = null;
        const files = [];
        for (const { name, data } of event.data.files ?? []) files.push({ name: String(name), blob: await blobOf(data) });
        if (files.length === 0) return;
        const own = event.origin === here.location.origin && event.origin !== "null";
        if (!own && !(await agreed(event.origin, files))) return;
        const at = fields.get("at");
        const wanted = place({ ...Object.fromEntries(fields), at: at === null ? undefined : Number(at) });
        page.open(files, JSON.stringify({ ...wanted, compare: fields.has("bn") || fields.has("b") }));
      };
      here.addEventListener("message", hear);
      opener.postMessage(message("ready", { version: 1 }), "*");
    },
    tell: () => {},
  };
}

/** @param {string} text */
function refuse(text) {
  const dialog = asking("No file came", text);
  button(dialog, "Close", "primary");
}

/**
 * Asks the person, once for each hand-over.
 * @param {string} origin @param {{ name: string, blob: Blob }[]} files
 */
function agreed(origin, files) {
  const who = /^https?:/.test(origin) ? origin : "A page on this computer";
  const what = files.map(({ name, blob }) => `${name} (${size(blob.size)})`).join(", ");
  const dialog = asking("Open a file from another page?", `${who} hands over ${what}. It is read in this tab and sent nowhere.`);
  button(dialog, "Open", "primary", "yes");
  button(dialog, "No", "edged");
  return new Promise((done) => dialog.addEventListener("close", () => done(dialog.returnValue === "yes")));
}

/** @param {string} title @param {string} text */
function asking(title, text) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog handed";
  const head = document.createElement("h2");
  head.id = "handed-title";
  head.textContent = title;
  dialog.setAttribute("aria-labelledby", head.id);
  const line = document.createElement("p");
  line.textContent = text;
  const acts = document.createElement("div");
  acts.className = "acts";
  dialog.append(head, line, acts);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** @param {HTMLDialogElement} dialog @param {string} word @param {string} kind @param {string} [value] */
function button(dialog, word, kind, value = "") {
  const button = document.createElement("button");
  button.className = kind;
  button.textContent = word;
  button.addEventListener("click", () => dialog.close(value));
  dialog.querySelector(".acts")?.append(button);
}

/** @param {number} bytes */
const size = (bytes) => (bytes < 1024 ? `${bytes} bytes` : bytes < 1 << 20 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / (1 << 20)).toFixed(1)} MB`);

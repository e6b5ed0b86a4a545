// What stands in the element until the page in its frame is there: a button, a word of waiting, or what went wrong.

import { told } from "./trouble.js";

/** @param {string} name @param {Record<string, string>} [attributes] @param {string} [text] */
function make(name, attributes = {}, text = "") {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
}

/** What a printed page says where nothing was shown yet. @param {string} name */
const paper = (name) => make("p", { class: "paper" }, `${name}, a run to step through on the page itself.`);

/** @param {Element} card @param {string} name @param {() => void} start */
export function offer(card, name, start) {
  const button = make("button", { type: "button" }, `▸ Open ${name}`);
  button.addEventListener("click", start);
  card.replaceChildren(button, make("p", { class: "help" }, "Step through the run here. Nothing is sent anywhere."), paper(name));
}

/** @param {Element} card @param {string} name */
export function wait(card, name) {
  card.replaceChildren(make("p", { class: "wait", role: "status" }, `Opening ${name}…`), paper(name));
}

/** What went wrong, what helps, and the way to the full page. @param {Element} card @param {unknown} error @param {string} full @param {() => void} again */
export function sorry(card, error, full, again) {
  const { sentence, help } = told(error);
  const parts = [make("p", { role: "alert" }, sentence)];
  if (help) parts.push(make("p", { class: "help" }, help));
  const retry = make("button", { type: "button" }, "Try again");
  retry.addEventListener("click", again);
  parts.push(retry);
  if (full) parts.push(make("a", { href: full, target: "_blank", rel: "noopener" }, "Open the playground ↗"));
  card.replaceChildren(...parts);
}

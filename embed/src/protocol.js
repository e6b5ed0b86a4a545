// What the two sides of a frame say to each other: one place for the words, the version, and what a message must look
// like. docs/embed.md is its table for people, types/chain-debug.d.ts its types.

/** The version of the words below. A page that says a newer one is told so and not followed. */
export const VERSION = 1;

/** What a page may ask of a frame. */
export const ASKS = ["hello", "open", "go", "view", "theme", "close"];

/** Moves of the cursor, as `go` has them, with the engine's word for each. */
export const MOVES = {
  forward: "forward",
  back: "back",
  into: "into",
  over: "over",
  out: "out",
  "over-back": "over_back",
  first: "first",
  last: "last",
  "next-error": "next_error",
  "previous-error": "previous_error",
};

export const VIEWS = ["flow", "timeline", "chat", "table", "pipeline"];

/** A message of ours. @param {string} type @param {object} [fields] */
export const message = (type, fields) => ({ chaindebug: VERSION, type, ...fields });

/** Whether anything at all is one of our messages. @param {any} data */
export const isOurs = (data) =>
  typeof data === "object" && data !== null && Number.isInteger(data.chaindebug) && typeof data.type === "string";

const text = (/** @type {unknown} */ value) => (typeof value === "string" && value !== "" ? value : undefined);
const moment = (/** @type {unknown} */ value) => (Number.isSafeInteger(value) && Number(value) >= 0 ? value : undefined);

/**
 * Where to stand, as the page's `Wanted` (app/src/embed/host.rs) reads it: only what makes sense.
 * @param {any} from A message, or the attributes of an element.
 */
export function place(from) {
  const wanted = {
    run: text(from.run),
    at: moment(from.at),
    step: text(from.step),
    phase: from.phase === "enter" || from.phase === "exit" ? from.phase : undefined,
    view: VIEWS.includes(from.view) ? from.view : undefined,
    command: Object.hasOwn(MOVES, from.move ?? "") ? { do: MOVES[/** @type {keyof MOVES} */ (from.move)] } : undefined,
  };
  return JSON.parse(JSON.stringify(wanted));
}

/** `auto`, or one of the two. @param {unknown} word */
export const theme = (word) => (word === "light" || word === "dark" ? word : "system");

// What can go wrong around an embed, each in one sentence with what helps. What goes wrong with a trace is said by the page
// in the frame.

export class Trouble extends Error {
  /** @param {string} kind A word for programs. @param {string} sentence Without its full stop. @param {unknown} [cause] */
  constructor(kind, sentence, cause) {
    super(sentence, { cause });
    this.kind = kind;
  }
}

/** What helps, by kind. */
const HELP = {
  src: "Check the address in src.",
  cors: "Put the file beside this page, or let its server send Access-Control-Allow-Origin.",
  content: "Give a trace or a pipeline, in src or as text inside the element.",
  base: "chain-debug.js has to lie beside the rest of the ChainDebug files; or name their folder in base.",
  fetch: "The network or this page's Content-Security-Policy stands in the way.",
  wasm: "Add 'wasm-unsafe-eval' to script-src in this page's Content-Security-Policy.",
  csp: "Allow what is named there, or open the full page.",
  frame: "In this page's Content-Security-Policy, add the folder of chain-debug.js to frame-src; or 'wasm-unsafe-eval' to script-src and blob: to worker-src.",
  file: "From a file on the disk a browser lets nothing be fetched: write the trace into the element.",
};

/** The sentence, what helps, and both as one text. @param {unknown} error */
export function told(error) {
  const kind = error instanceof Trouble ? error.kind : "unexpected";
  const sentence = `${error instanceof Error ? error.message : String(error)}.`.replace(/([.!?])\.$/, "$1");
  const help = Object.hasOwn(HELP, kind) ? HELP[/** @type {keyof HELP} */ (kind)] : "";
  return { kind, sentence, help, message: `${sentence} ${help}`.trim() };
}

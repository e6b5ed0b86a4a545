// The engine as it ships, in Node: the wasm-bindgen glue and the worker script of the release build, each evaluated
// in a context of its own, as a browser's worker would. Not a test itself.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import vm from "node:vm";
import { MessageChannel } from "node:worker_threads";
import { DIST } from "../support/serve.mjs";

const find = (pattern) => {
  const name = readdirSync(DIST).find((name) => pattern.test(name));
  if (!name) throw new Error(`${DIST} holds no ${pattern}: run \`cargo xtask build\` first`);
  return join(DIST, name);
};

const GLUE = readFileSync(find(/^chaindebug-wasm.*\.js$/), "utf8");
const WORKER = readFileSync(find(/^engine-worker.*\.js$/), "utf8");
const MODULE = new WebAssembly.Module(readFileSync(find(/^chaindebug-wasm.*_bg\.wasm$/)));
const TRACES_GLUE = readFileSync(find(/^chaindebug-traces.*\.js$/), "utf8");
const TRACES = new WebAssembly.Module(readFileSync(find(/^chaindebug-traces.*_bg\.wasm$/)));

/** What a context needs to have of the world outside. */
const world = () => ({ console: quiet(), TextDecoder, TextEncoder, WebAssembly, Blob, Uint8Array, performance });

/** A console that keeps what the panic hook prints to itself. */
const quiet = () => ({ ...console, error: () => {} });

/** A fresh instance of the engine: what the glue exports. */
export function instantiate(globals = {}) {
  const context = vm.createContext({ ...world(), ...globals, module: MODULE });
  // The object that holds the module must be one of the context: the glue looks at its prototype.
  return vm.runInContext(`${GLUE}\n;wasm_bindgen.initSync({ module }); wasm_bindgen`, context);
}

/** Reads to the end what was begun; returns the document. */
function finish({ engine, ask }, budget, seen) {
  for (let slices = 0; ; slices++) {
    if (slices > 1_000_000) throw new Error("reading does not come to an end");
    const progress = JSON.parse(engine.advance(budget));
    seen(progress);
    if (progress.document !== null) return ask({ ask: "documents" }).documents[progress.document];
  }
}

/** An engine, and `ask` in objects instead of text. */
export function newEngine() {
  const engine = new (instantiate().Engine)();
  return {
    engine,
    ask: (request) => JSON.parse(engine.ask(JSON.stringify(request))),
    /** Opens bytes or text whole; returns the document. `seen` gets each progress. */
    open(name, content, { into, budget = 1 << 16, seen = () => {} } = {}) {
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      engine.openBytes(name, bytes, into);
      return finish(this, budget, seen);
    },
    /** Reads a document anew, as `{ format }`, by `{ mapping }`, or by its content; returns the document. */
    readAs(document, { format, mapping } = {}, { budget = 1 << 16, seen = () => {} } = {}) {
      engine.readAs(document, format, mapping && JSON.stringify(mapping));
      return finish(this, budget, seen);
    },
  };
}

/**
 * The worker script in a context of its own. Blobs are [`FakeBlob`]s: Node has no FileReaderSync. With `traces` it begins
 * with the engine that reads traces, as in the page.
 */
export function startWorker({ mend = (source) => source, traces = false } = {}) {
  const posted = [];
  const waiting = [];
  class FileReaderSync {
    readAsArrayBuffer({ blob, from, to }) {
      return blob.read(from, to);
    }
  }
  const channels = [];
  class Channel extends MessageChannel {
    constructor() {
      super();
      channels.push(this);
    }
  }
  const context = vm.createContext({
    ...world(),
    MessageChannel: Channel,
    FileReaderSync,
    postMessage: (message) => {
      posted.push(structuredClone(message));
      for (const wake of waiting.splice(0)) wake();
    },
  });
  const first = traces ? `let traceEngine; {\n${TRACES_GLUE}\ntraceEngine = wasm_bindgen; }` : mend(GLUE);
  context.importScripts = () => vm.runInContext(GLUE, context);
  vm.runInContext(`${first}\n${WORKER}`, context);
  const send = (data) => context.onmessage({ data });
  return {
    posted,
    send,
    start: () => send({ id: "init", init: traces ? TRACES : MODULE }),
    /** Gives the full engine, as the page does when it is asked. */
    full: () => send({ full: MODULE, glue: "chaindebug-wasm.js" }),
    /** The first message, from now or before, for which `wanted` holds. */
    async until(wanted) {
      for (;;) {
        const found = posted.find(wanted);
        if (found) return found;
        await new Promise((wake) => waiting.push(wake));
      }
    },
    stop: () => channels.forEach((channel) => channel.port1.close()),
  };
}

/** A blob of the tests, read by `read(from, to)`: what the glue and the worker use of one. */
export class FakeBlob {
  constructor(size, read) {
    this.size = size;
    this.read = read;
  }
  slice(from, to) {
    return { blob: this, from, to, arrayBuffer: async () => this.read(from, to) };
  }
}

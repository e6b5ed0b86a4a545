// The engine's worker. A plain script: the page puts the wasm-bindgen glue (target no-modules) and this file into one
// Blob and starts the worker from it, so that it works from any origin, in embeds, and from a file.
//
// Here: the order of jobs, slices of reading with other messages in between, and what a crash becomes. What the
// requests mean is the engine's. JSON goes through as text both ways; whoever asked parses it.
//
// Page to worker                                  Worker to page
//   { id, init: WebAssembly.Module }                { id, ready: true }
//   { id, open: [{ name, file }], into? }           { id, progress: "…" } many times, then { id, answer: "…" }
//   { id, read_as: document, format?, mapping? }    the same
//   { id, ask: "…" }                                { id, answer: "…" }
//   { id, cancel: id of a reading }                 (the reading's own { id, failed: { kind: "cancelled" } })
//   { full: WebAssembly.Module, glue }              { need: "full" }, once at most
//                                                   { id, failed: { kind, message } } instead of an answer
//
// - `file` is a File or Blob (read by range where it lies) or a Uint8Array (copied in).
// - Each file of one `open` becomes a document, one after the other, or joins document `into`. The answer is the
//   engine's answer to "documents", with the first 2,000 runs of each. A file that is no trace is a document too, and so is
//   what was read of a file that went away while it was read: its diagnostics say why.
// - `read_as` reads an open document anew: as the format with this id, by a mapping (as JSON text), or by its content when
//   neither is given. Until it is read, and when that is cancelled, the document stays as it is.
// - `ask` is answered between two slices of a reading, so it waits some 50 ms at most.
// - { id, cancel: true } cancels the reading with that same id, { cancel: true } without an id cancels every one.
// - There are two engines: a small one that reads traces, which a page loads first, and the full one. The worker begins with
//   what it is given: with `glue` (the address of its script) in `init` that is the full engine, else the one whose glue
//   stands before this file. When the small one can make nothing of a file or of a question, the worker asks for the
//   full one, opens in it what was open, and goes on; { renewed: true } says that what was asked before is to be asked
//   again. When it cannot be had, { full: null, message } ends what waits for it.
// - Failures: `cancelled`, `unreadable` (the file of a value changed or went away), `usage` (a fault of the page), and the two
//   after which the worker must be ended and a fresh one started: `panic` and `memory`.
"use strict";

(() => {
  /** Milliseconds a slice should take: short enough that the page's questions are answered while a file opens. */
  const SLICE_MS = 30;
  /** Bytes of work in a slice: the first guess, and the bounds the measured speed moves it between. */
  const FIRST_BUDGET = 1 << 20;
  const LEAST_BUDGET = 1 << 16;
  const MOST_BUDGET = 1 << 22;
  /** Bytes of one read ahead, and how many are under way at once. The engine reads pieces of this size in order. */
  const PIECE = 1 << 22;
  const PIECES = 4;
  /** Runs of each document in the answer to a reading; the page asks for the others (app/src/engine/client.rs). */
  const RUNS = 2000;

  /**
   * @typedef {{ name: string, file: Blob | Uint8Array, into?: number }} Input A file to open.
   * @typedef {{ read_as: number, format?: string, mapping?: string }} Again A document to read anew.
   * @typedef {{ id: unknown, todo: (Input | Again)[], begun: boolean, ahead?: Ahead }} Job
   * @typedef {{ kind: string, message: string }} Failure
   */

  /** @type {any} The glue of the engine in use. */
  let glue;
  /** @type {any} The engine, once its module has arrived. */
  let engine;
  /** Whether it is the full one. */
  let full = false;
  /** @type {(Input | Again | { ask: string })[]} What the full engine would have to repeat. */
  let history = [];
  /** @type {any[] | undefined} Questions that wait for the full engine. */
  let held;
  /** @type {any} The job or the message it was asked for. */
  let wanting;
  /** @type {Failure | undefined} Set once the engine has crashed: nothing may touch it any more. */
  let dead;
  /** @type {any[]} Messages that came before the module. */
  let early = [];
  /** @type {Job[]} The first is under way. */
  let jobs = [];
  let budget = FIRST_BUDGET;
  let looping = false;

  // A message to oneself is the quickest way back to the event loop: setTimeout waits at least 4 ms.
  const turn = new MessageChannel();
  turn.port1.onmessage = slice;

  /** @param {unknown} id @param {Failure} failure */
  const fail = (id, failure) => postMessage({ id, failed: failure });

  /**
   * What an exception means to the page. A trap leaves the engine unusable; its own errors carry a `kind`.
   * @param {any} error
   * @returns {Failure}
   */
  function understand(error) {
    if (error?.kind) return { kind: error.kind, message: error.message };
    let said;
    try {
      said = glue.panicMessage();
    } catch {
      // Too broken to say anything.
    }
    const text = String(error?.message ?? error);
    // Running out of memory traps like a panic, but the panic hook has not heard of it.
    const memory = error instanceof WebAssembly.RuntimeError && /unreachable/.test(text) && !said;
    if (memory || /capacity overflow|out of memory|allocation (failed|size)/i.test(`${said ?? ""} ${text}`)) {
      dead = {
        kind: "memory",
        message: "The engine ran out of memory. Close other documents, or open a smaller part of the file.",
      };
    } else {
      dead = { kind: "panic", message: said ?? text };
    }
    return dead;
  }

  /** The engine is gone: every job fails with it. */
  function bury() {
    const lost = jobs;
    jobs = [];
    for (const job of lost) if (dead) fail(job.id, dead);
  }

  /** @param {Job} job @param {any} engine */
  function begin(job, engine) {
    const [next] = job.todo;
    job.begun = true;
    if ("read_as" in next) {
      engine.readAs(next.read_as, next.format, next.mapping);
      return;
    }
    const { name, file, into } = next;
    if (file instanceof Uint8Array) {
      engine.openBytes(name, file, into);
      return;
    }
    const ahead = new Ahead(file);
    job.ahead = ahead;
    // Only while it is opened: values are read one by one, from anywhere.
    engine.openBlob(name, file, into, (/** @type {number} */ from, /** @type {number} */ to) =>
      job.ahead === ahead ? ahead.take(from, to) : undefined,
    );
  }

  /**
   * Reads a blob ahead of the engine, which can only wait: half of the time of a large file would go into that.
   * What is not here the engine reads itself, so nothing depends on this but the speed.
   */
  class Ahead {
    /** @param {Blob} blob */
    constructor(blob) {
      this.blob = blob;
      /** @type {{ from: number, to: number, bytes?: Uint8Array, done: Promise<void> }[]} In order, end to end. */
      this.pieces = [];
      this.more(0);
    }

    /** Begins the reads that follow what there is, or at `from` when there is nothing. @param {number} from */
    more(from) {
      while (this.pieces.length < PIECES) {
        const at = this.pieces.at(-1)?.to ?? from;
        if (at >= this.blob.size) return;
        const to = Math.min(at + PIECE, this.blob.size);
        const read = this.blob.slice(at, to).arrayBuffer();
        const piece = { from: at, to, bytes: undefined, done: Promise.resolve() };
        // A read that fails is left to the engine, which fails again and knows what to say.
        piece.done = read.then((bytes) => void (piece.bytes = new Uint8Array(bytes)), () => {});
        this.pieces.push(piece);
      }
    }

    /** When the next piece is here. */
    next() {
      return (this.pieces.find((piece) => !piece.bytes) ?? this.pieces.at(-1))?.done;
    }

    /** The bytes from..to, when they were read; else undefined. @param {number} from @param {number} to */
    take(from, to) {
      // The piece before is kept: the engine looks at the beginning of a file more than once.
      while (this.pieces.length > 0 && this.pieces[0].to + PIECE <= from) this.pieces.shift();
      const touched = this.pieces.filter((piece) => piece.from < to && piece.to > from);
      this.more(to);
      if (touched.length === 0 || touched[0].from > from || touched[touched.length - 1].to < to) return undefined;
      if (touched.some((piece) => !piece.bytes)) return undefined;
      const [first] = touched;
      if (touched.length === 1) return first.bytes?.subarray(from - first.from, to - first.from);
      const whole = new Uint8Array(to - from);
      for (const piece of touched) {
        const start = Math.max(from, piece.from);
        const part = piece.bytes?.subarray(start - piece.from, Math.min(to, piece.to) - piece.from);
        if (part) whole.set(part, start - from);
      }
      return whole;
    }
  }

  /** One slice of the first job. */
  async function slice() {
    const job = jobs[0];
    try {
      if (job && !job.begun && !held) begin(job, engine);
      await job?.ahead?.next();
    } catch (error) {
      failed(job, error);
    }
    // Whatever arrived while this waited has been handled: the job may be cancelled, and the engine another, or dead.
    looping = false;
    if (!job?.begun || job !== jobs[0] || dead || held) return go();
    try {
      const started = performance.now();
      const progress = engine.advance(budget);
      const took = performance.now() - started;
      const better = (budget * SLICE_MS) / Math.max(took, 1);
      // At most twice or half as much at once: one slow read must not make the next hundred slices tiny.
      budget = Math.round(Math.min(MOST_BUDGET, Math.max(LEAST_BUDGET, budget / 2, Math.min(budget * 2, better))));
      const told = JSON.parse(progress);
      if (told.elsewhere && !full) return need(job);
      postMessage({ id: job.id, progress });
      if (told.document !== null) {
        const done = job.todo.splice(0, 1);
        if (!full) history.push(...done);
        job.begun = false;
        job.ahead = undefined;
        if (job.todo.length === 0) {
          jobs.shift();
          postMessage({ id: job.id, answer: engine.ask(`{"ask":"documents","runs":${RUNS}}`) });
        }
      }
    } catch (error) {
      failed(job, error);
    }
    go();
  }

  /** @param {Job} job @param {unknown} error */
  function failed(job, error) {
    if (!full && error?.kind === "elsewhere") return need(job);
    const failure = understand(error);
    if (dead) return bury();
    jobs = jobs.filter((other) => other !== job);
    fail(job.id, failure);
  }

  /** Goes on with the jobs after whatever else has arrived. */
  function go() {
    if (looping || dead || held || jobs.length === 0) return;
    looping = true;
    turn.port2.postMessage(null);
  }

  /** @param {any} message */
  function cancel(message) {
    const which = message.cancel === true ? message.id : message.cancel;
    const hit = jobs.filter((job) => which === undefined || job.id === which);
    if (hit.some((job) => job.begun)) engine.cancel();
    jobs = jobs.filter((job) => !hit.includes(job));
    for (const job of hit) fail(job.id, { kind: "cancelled", message: "Reading was cancelled." });
  }

  /** Asks the page for the full engine, for what only it can do. @param {{ id: unknown }} what A job or a message. */
  function need(what) {
    held = [];
    wanting = what;
    postMessage({ need: "full" });
  }

  /**
   * Puts the full engine in the place of the one that reads traces: the same files opened in the same order, the same
   * ones closed, cursors where they were.
   * @param {any} message
   */
  async function renew(message) {
    try {
      if (!message.full) throw { kind: "missing", message: message.message };
      const moments = history.length > 0 ? cursors() : [];
      importScripts(message.glue);
      wasm_bindgen.initSync({ module: message.full });
      const next = new wasm_bindgen.Engine();
      for (const done of history) {
        if ("ask" in done) {
          next.ask(done.ask);
          continue;
        }
        /** @type {Job} */
        const job = { id: undefined, todo: [done], begun: false };
        begin(job, next);
        do await job.ahead?.next();
        while (JSON.parse(next.advance(MOST_BUDGET)).document === null);
      }
      for (const [run, moment] of moments) {
        next.ask(JSON.stringify({ ask: "move", run, command: { do: "to", moment } }));
      }
      if (history.length > 0) postMessage({ renewed: true });
      engine = next;
      glue = wasm_bindgen;
      full = true;
      history = [];
      // What the other one had begun to read, this one begins anew.
      for (const job of jobs) {
        job.begun = false;
        job.ahead = undefined;
      }
      // Nothing holds the other engine any more: its memory is given back.
      if (typeof traceEngine !== "undefined") traceEngine = undefined;
    } catch (error) {
      // What it was wanted for cannot be done; the engine that reads traces goes on.
      fail(wanting.id, error?.kind ? { kind: error.kind, message: error.message } : understand(error));
      jobs = jobs.filter((job) => job !== wanting);
      wanting = undefined;
      if (dead) bury();
    }
    const waiting = held ?? [];
    held = undefined;
    if (wanting?.ask !== undefined) handle(wanting);
    wanting = undefined;
    waiting.forEach(handle);
    go();
  }

  /** Run and moment of every cursor. */
  function cursors() {
    const { documents } = JSON.parse(engine.ask('{"ask":"documents"}'));
    const runs = documents.flatMap((/** @type {any} */ document) => document.runs.map((/** @type {any} */ run) => run.run));
    return runs.map((/** @type {number} */ run) => [run, JSON.parse(engine.ask(JSON.stringify({ ask: "where", run }))).moment]);
  }

  /** @param {any} message */
  function handle(message) {
    const { id } = message;
    if (dead) return message.cancel === undefined ? fail(id, dead) : undefined;
    if (message.full !== undefined) return void renew(message);
    // Jobs wait among themselves, where they can be cancelled.
    if (held && message.ask !== undefined) return void held.push(message);
    try {
      if (message.ask !== undefined) {
        postMessage({ id, answer: engine.ask(message.ask) });
        if (!full && /"ask"\s*:\s*"(close|set_open|reveal)"/.test(message.ask)) history.push({ ask: message.ask });
      } else if (message.open !== undefined) {
        const todo = message.open.map((/** @type {Input} */ input) => ({ ...input, into: message.into ?? undefined }));
        if (todo.length === 0) return fail(id, { kind: "usage", message: "There is no file to open." });
        jobs.push({ id, todo, begun: false });
        go();
      } else if (message.read_as !== undefined) {
        const { read_as, format, mapping } = message;
        jobs.push({ id, todo: [{ read_as, format: format ?? undefined, mapping: mapping ?? undefined }], begun: false });
        go();
      } else if (message.cancel !== undefined) {
        cancel(message);
      } else {
        fail(id, { kind: "usage", message: "The engine's worker does not know this message." });
      }
    } catch (error) {
      if (!full && error?.kind === "elsewhere") return need(message);
      fail(id, understand(error));
      if (dead) bury();
    }
  }

  onmessage = ({ data }) => {
    if (data?.init === undefined) {
      if (engine || dead) handle(data);
      else early.push(data);
      return;
    }
    try {
      if (data.glue) importScripts(data.glue);
      full = Boolean(data.glue) || typeof traceEngine === "undefined";
      glue = full ? wasm_bindgen : traceEngine;
      glue.initSync({ module: data.init });
      engine = new glue.Engine();
      postMessage({ id: data.id, ready: true });
    } catch (error) {
      dead = { kind: "panic", message: `The engine could not start: ${String(error)}` };
      fail(data.id, dead);
    }
    const waiting = early;
    early = [];
    waiting.forEach(handle);
  };
})();

// The engine of a build, in Node: says what files hold. `engine.py` starts it.
//
// In: a path as JSON, a line. Out, a line each: { runs: [{ id, name, steps: [{ step, id, name, status }] }], pipelines: [{ name,
// steps: [{ id, name }] }], label } or { wrong: "a sentence" }.

import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import vm from "node:vm";

const dist = process.argv[2];
const WINDOW = 1000;

const module = new WebAssembly.Module(readFileSync(join(dist, "chaindebug-wasm_bg.wasm")));
const context = vm.createContext({
  console: { ...console, log() {}, error() {} },
  TextDecoder,
  TextEncoder,
  WebAssembly,
  Blob,
  Uint8Array,
  performance,
  module,
});
const glue = readFileSync(join(dist, "chaindebug-wasm.js"), "utf8");
const { Engine } = vm.runInContext(`${glue}\n;wasm_bindgen.initSync({ module }); wasm_bindgen`, context);

/** What one file holds. Each gets an engine of its own, so that none sees another's runs. */
function read(path) {
  const engine = new Engine();
  const ask = (request) => JSON.parse(engine.ask(JSON.stringify(request)));
  try {
    engine.openBytes(basename(path), readFileSync(path));
    while (JSON.parse(engine.advance(1 << 22)).document === null);
    const { documents } = ask({ ask: "documents" });
    const runs = documents.flatMap((document) => document.runs).map((run) => ({ id: run.id, name: run.name, steps: steps(ask, run.run) }));
    const pipelines = documents.flatMap((document) => document.pipelines).map(({ name, pipeline }) => ({ name, steps: defined(ask, pipeline) }));
    if (runs.length + pipelines.length === 0 && !documents.some((document) => document.sheets?.length)) {
      const said = documents.flatMap((document) => document.diagnostics)[0]?.message;
      return { wrong: said?.replace(/\.$/, "") ?? "there is no run and no pipeline in it" };
    }
    return { runs, pipelines, label: documents.map((document) => document.label).join(" · ") };
  } finally {
    engine.free();
  }
}

/** The steps that a pipeline defines. */
const defined = (ask, pipeline) =>
  ask({ ask: "pipeline_flow", pipeline, reader: null, run: null }).nodes.map(({ id, label }) => ({ id, name: label }));

function steps(ask, run) {
  const all = [];
  for (;;) {
    const { rows } = ask({ ask: "table", run, sort: "order", descending: false, from: all.length, count: WINDOW });
    if (rows.length === 0) return all;
    for (const { row } of rows) {
      const { id } = ask({ ask: "step", run, step: row.step });
      all.push({ step: row.step, id, name: row.name, status: row.status });
    }
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = read(JSON.parse(line));
  } catch (error) {
    answer = { wrong: String(error?.message ?? error).replace(/\.$/, "") };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

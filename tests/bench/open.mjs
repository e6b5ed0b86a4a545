// How long a large OTLP file takes to open, beside JSON.parse of the same bytes in the same page.
//
//   node tests/bench/open.mjs [--size MEGABYTES] [--rounds N] [--json]
//
// Engine: from `new Worker` until the document, the first rows and the cursor have been answered. The file lies on the
// disk and is read by the worker. JSON.parse: `JSON.parse(new TextDecoder().decode(bytes))` with the bytes already in
// memory; for JSON Lines, each line. Both alternate, with a garbage collection before each; the medians are compared.

import { mkdtemp, readFile, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { launch } from "../support/browser.mjs";
import { DIST, serve } from "../support/serve.mjs";
import { write } from "./generate.mjs";

const { values } = parseArgs({
  options: { size: { type: "string", default: "100" }, rounds: { type: "string", default: "5" }, json: { type: "boolean" } },
});
const rounds = Number(values.rounds);
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

const folder = await mkdtemp(join(tmpdir(), "chaindebug-bench-"));
const site = await serve();
const browser = await launch({ args: ["--no-sandbox", "--disable-gpu", "--js-flags=--expose-gc", "--enable-precise-memory-info"] });
const results = [];
try {
  for (const lines of [false, true]) {
    const file = join(folder, lines ? "trace.jsonl" : "trace.json");
    const spans = await write(file, Number(values.size) * 1e6, { lines });
    const { size } = await stat(file);
    const measured = await measure(file, lines);
    if (measured.steps !== spans) throw new Error(`${spans} spans were written, ${measured.steps} were read`);
    results.push({
      what: lines ? "OTLP JSON Lines" : "OTLP JSON",
      megabytes: size / 1e6,
      spans,
      engine_ms: median(measured.engine),
      parse_ms: median(measured.parse),
      ratio: median(measured.engine) / median(measured.parse),
      first_steps_ms: median(measured.first),
      longest_task_ms: measured.longest,
      rounds: { engine_ms: measured.engine, parse_ms: measured.parse },
    });
  }
} finally {
  await browser.close();
  await site.close();
  await rm(folder, { recursive: true, force: true });
}

if (values.json) {
  console.log(JSON.stringify({ results }, null, 2));
} else {
  for (const result of results) {
    const ms = (value) => `${Math.round(value).toString().padStart(6)} ms`;
    console.log(`${result.what}, ${result.megabytes.toFixed(1)} MB, ${result.spans} spans, median of ${rounds}:`);
    console.log(`  engine, file to first view    ${ms(result.engine_ms)}`);
    console.log(`  JSON.parse of the same bytes  ${ms(result.parse_ms)}`);
    console.log(`  ratio                         ${result.ratio.toFixed(2).padStart(6)}    (at most 1; the aim is 0.5)`);
    console.log(`  first steps known after       ${ms(result.first_steps_ms)}`);
    console.log(`  longest task of the page      ${ms(result.longest_task_ms)}    while the engine read\n`);
  }
}

/** Times of each round for one file, in a page of its own. */
async function measure(file, lines) {
  const page = await browser.newPage();
  // An empty page of the same origin, so that nothing else runs in it.
  await page.route("**/bench.html", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><input type=file>" }));
  await page.goto(`${site.url}bench.html`);
  await page.setInputFiles("input", file);
  const names = await readdir(DIST);
  const named = (pattern) => names.find((name) => pattern.test(name)) ?? fail(`no ${pattern} in ${DIST}`);
  const script = async (pattern) => readFile(join(DIST, named(pattern)), "utf8");
  const source = `${await script(/^chaindebug-wasm.*\.js$/)}\n${await script(/^engine-worker.*\.js$/)}`;
  const outcome = await page.evaluate(inPage, { source, wasm: named(/^chaindebug-wasm.*_bg\.wasm$/), rounds, lines });
  await page.close();
  return outcome;
}

function fail(message) {
  throw new Error(message);
}

/** Runs in the page. */
async function inPage({ source, wasm, rounds, lines }) {
  const file = document.querySelector("input").files[0];
  const module = await WebAssembly.compileStreaming(fetch(wasm));
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const bytes = new Uint8Array(await file.arrayBuffer());
  let longest = 0;
  let watching = false;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) if (watching) longest = Math.max(longest, duration);
  }).observe({ type: "longtask" });
  const settle = async () => {
    globalThis.gc?.();
    await new Promise((done) => setTimeout(done, 200));
  };

  async function engine() {
    const begun = performance.now();
    let first;
    const worker = new Worker(address);
    const waiting = new Map();
    worker.onmessage = ({ data }) => {
      if (data.progress !== undefined) {
        if (first === undefined && JSON.parse(data.progress).first.length > 0) first = performance.now() - begun;
        return;
      }
      waiting.get(data.id)(data);
    };
    const send = (id, message) =>
      new Promise((done, failed) => {
        waiting.set(id, (data) => (data.failed ? failed(new Error(data.failed.message)) : done(data.answer && JSON.parse(data.answer))));
        worker.postMessage({ id, ...message });
      });
    send(0, { init: module });
    const opened = await send(1, { open: [{ name: file.name, file }] });
    const run = opened.documents[0].runs[0].run;
    await Promise.all([
      send(2, { ask: JSON.stringify({ ask: "rows", run, from: 0, count: 60 }) }),
      send(3, { ask: JSON.stringify({ ask: "where", run }) }),
    ]);
    const took = performance.now() - begun;
    worker.terminate();
    return { took, first, steps: opened.documents[0].runs.reduce((sum, run) => sum + run.steps, 0) };
  }

  function parse() {
    const begun = performance.now();
    const text = new TextDecoder().decode(bytes);
    const value = lines ? text.trimEnd().split("\n").map((line) => JSON.parse(line)) : JSON.parse(text);
    const took = performance.now() - begun;
    if (!value) throw new Error("nothing was parsed");
    return took;
  }

  const times = { engine: [], first: [], parse: [], steps: 0, longest: 0 };
  for (let round = 0; round < rounds; round++) {
    await settle();
    watching = true;
    const { took, first, steps } = await engine();
    watching = false;
    times.engine.push(took);
    times.first.push(first ?? took);
    times.steps = steps;
    await settle();
    times.parse.push(parse());
  }
  times.longest = longest;
  return times;
}

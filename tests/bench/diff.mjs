// How long two runs, and two values, take to compare, beside jsondiffpatch on the same pair in the same page.
//
//   node tests/bench/diff.mjs [--rounds N] [--json]
//
// Engine: in its worker, with both files open: from the question until the first rows and the first item are there; for
// the value until its rows are. jsondiffpatch: `diff(a, b)` of the same files as parsed JSON, with steps and documents
// matched by their ids, in the page itself. Parsing and opening are not counted on either side. Both alternate, with a
// garbage collection before each; the medians are compared.

import { readFile, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { launch } from "../support/browser.mjs";
import { DIST, serve } from "../support/serve.mjs";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "5" }, json: { type: "boolean" } } });
const rounds = Number(values.rounds);
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const RIVAL = dirname(createRequire(import.meta.url).resolve("jsondiffpatch"));

/** Cases: a name, the two files are made in the page from these numbers. */
const CASES = [
  { what: "two runs of 2,000 steps", steps: 2000, rival: true },
  { what: "two runs of 20,000 steps", steps: 20000, rival: false },
  { what: "a value of 10 MB against another", documents: 20000, rival: true },
  { what: "a value of 10 MB against itself", documents: 20000, equal: true, rival: true },
];

const site = await serve();
const browser = await launch({ args: ["--no-sandbox", "--disable-gpu", "--js-flags=--expose-gc"] });
const results = [];
try {
  const names = await readdir(DIST);
  const named = (pattern) => names.find((name) => pattern.test(name)) ?? fail(`no ${pattern} in ${DIST}`);
  const script = async (pattern) => readFile(join(DIST, named(pattern)), "utf8");
  const source = `${await script(/^chaindebug-wasm.*\.js$/)}\n${await script(/^engine-worker.*\.js$/)}`;
  const wasm = named(/^chaindebug-wasm.*_bg\.wasm$/);
  for (const { what, ...sizes } of CASES) {
    const page = await browser.newPage();
    await page.route("**/bench.html", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
    await page.route("**/rival/**", async (route) => {
      const path = new URL(route.request().url()).pathname.split("/rival/")[1];
      await route.fulfill({ contentType: "text/javascript", body: await readFile(join(RIVAL, path)) });
    });
    await page.goto(`${site.url}bench.html`);
    const times = await page.evaluate(inPage, { source, wasm, rounds, ...sizes });
    await page.close();
    const [engine_ms, rival_ms] = [median(times.engine), times.rival.length > 0 ? median(times.rival) : null];
    const ratio = rival_ms === null ? null : engine_ms / rival_ms;
    results.push({ what, megabytes: times.bytes / 1e6, differences: times.differences, engine_ms, rival_ms, ratio, rounds: times });
  }
} finally {
  await browser.close();
  await site.close();
}

if (values.json) {
  console.log(JSON.stringify({ results }, null, 2));
} else {
  const ms = (value) => (value === null ? "not run" : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`).padStart(10);
  for (const { what, megabytes, differences, engine_ms, rival_ms, ratio } of results) {
    console.log(`${what}, ${megabytes.toFixed(1)} MB each, ${differences} differences, median of ${rounds}:`);
    console.log(`  engine, question to first view ${ms(engine_ms)}`);
    console.log(`  jsondiffpatch, diff(a, b)      ${ms(rival_ms)}`);
    if (ratio !== null) console.log(`  ratio                          ${ratio.toFixed(2).padStart(10)}`);
    console.log("");
  }
}

function fail(message) {
  throw new Error(message);
}

/** Runs in the page. */
async function inPage({ source, wasm, rounds, steps, documents, equal, rival }) {
  const WORDS = "lamp warranty battery price list Europe period refund parcel voucher invoice address courier order desk".split(" ");
  const made = (seed) => {
    let state = seed;
    return (below) => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) % below;
  };
  const sentence = (next, words) => Array.from({ length: words }, () => WORDS[next(WORDS.length)]).join(" ");

  /** A run: rounds of a plan, a search, a tool call and an answer. In B one step in fifty differs, some are new. */
  function run(count, changed) {
    const next = made(7);
    const lines = [{ chaindebug: 1, run: { id: changed ? "b" : "a", name: "Answer" } }];
    lines.push({ id: "root", name: "agent", kind: "agent", input: "Is my lamp covered?" });
    for (let i = 1; i < count; i++) {
      const [name, kind] = [["plan", "llm"], ["search", "retriever"], ["lookup", "tool"], ["answer", "llm"]][i % 4];
      const step = { id: `${changed ? "b" : "a"}${i}`, parent: "root", name, kind, input: { query: sentence(next, 12), page: next(9) }, output: sentence(next, 30) };
      if (changed && i % 50 === 17) step.input.query = `${step.input.query} in Europe`;
      lines.push(step);
      if (changed && i % 400 === 99) lines.push({ ...step, id: `extra${i}`, name: "rewrite", kind: "llm" });
    }
    return lines;
  }

  /** A list of documents; in B one in a hundred is another, one in a hundred is new, the last comes first. */
  function list(count, changed) {
    const next = made(11);
    const found = Array.from({ length: count }, (_, i) => ({ id: `d${i}`, title: sentence(next, 5), score: next(1000) / 1000, text: sentence(next, 60) }));
    if (!changed) return found;
    found.unshift(found.pop());
    return found.flatMap((one, i) => {
      if (i % 100 === 3) return [{ ...one, text: `${one.text} and more` }];
      return i % 100 === 5 ? [one, { ...one, id: `new${i}`, title: sentence(next, 5) }] : [one];
    });
  }

  const value = (changed) => [
    { chaindebug: 1, run: { id: changed ? "b" : "a", name: "Search" } },
    { id: "1", name: "search", kind: "retriever", input: "lamp", output: { documents: list(documents, changed) } },
  ];
  const side = (changed) => (steps ? run(steps, changed) : value(changed));
  const parsed = [side(false), side(!equal)];
  const text = parsed.map((lines) => lines.map((line) => JSON.stringify(line)).join("\n"));
  const module = await WebAssembly.compileStreaming(fetch(wasm));
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const settle = async () => {
    globalThis.gc?.();
    await new Promise((done) => setTimeout(done, 200));
  };

  async function engine() {
    const worker = new Worker(address);
    const waiting = new Map();
    worker.onmessage = ({ data }) => data.progress === undefined && waiting.get(data.id)(data);
    let id = 0;
    const send = (message) =>
      new Promise((done, failed) => {
        waiting.set(++id, (data) => (data.failed ? failed(new Error(data.failed.message)) : done(data.answer && JSON.parse(data.answer))));
        worker.postMessage({ id, ...message });
      });
    const ask = (request) => send({ ask: JSON.stringify(request) });
    send({ init: module });
    await send({ open: text.map((one, i) => ({ name: `${i}.jsonl`, file: new Blob([one]) })) });
    await settle();
    const begun = performance.now();
    let view;
    do view = await ask({ ask: "compare", a: 0, b: 1, options: {} });
    while (!view.done);
    await ask({ ask: "diff_rows", fold: true, from: 0, count: 60 });
    const cursor = await ask({ ask: "diff_go", go: { do: "parting" }, fold: true });
    const item = await ask({ ask: "diff_item", item: cursor.item });
    for (const { value } of item.sections) if (value !== null) await ask({ ask: "diff_value_rows", value, from: 0, count: 100 });
    const took = performance.now() - begun;
    worker.terminate();
    return { took, differences: view.differences };
  }

  const times = { engine: [], rival: [], bytes: text[0].length, differences: 0 };
  const patcher = rival && (await import("./rival/index.js")).create({ objectHash: (one) => one.id, textDiff: { minLength: Infinity } });
  for (let round = 0; round < rounds; round++) {
    const { took, differences } = await engine();
    times.engine.push(took);
    times.differences = differences;
    if (!patcher) continue;
    await settle();
    // Steps have other ids in each run, as they have in real ones: without ids they are matched by place.
    const strip = (lines) => (steps ? lines.map(({ id, ...rest }) => rest) : lines);
    const [a, b] = parsed.map(strip);
    const begun = performance.now();
    const delta = patcher.diff(a, b);
    times.rival.push(performance.now() - begun);
    if (!delta && !equal) throw new Error("jsondiffpatch found nothing");
  }
  return times;
}

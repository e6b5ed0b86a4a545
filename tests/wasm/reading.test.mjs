// Files that are read as somebody says: mappings of fields, a format in place of the one that was recognised, prices.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BASE, OWN, otlp, span } from "./fixtures.mjs";
import { typed } from "./typed.mjs";
import { check } from "./types.mjs";

const LOG = [
  { step: "s-1", from: null, what: "plan", began: 1700000000000, took: 90 },
  { step: "s-2", from: "s-1", what: "look up", began: 1700000000010, took: 30 },
].map((record) => JSON.stringify(record)).join("\n");

test("a file of no known format is read by a mapping, and by its content again", () => {
  const engine = typed();
  assert.equal(engine.open("queue.jsonl", LOG).format, "");
  const guess = engine.ask({ ask: "mapping", document: 0 });
  assert.equal(guess.mapping.fields.parent, "from");
  assert.deepEqual(guess.lists, [{ path: "", records: 2 }]);
  assert.ok(guess.reasons.some(({ role, why }) => role === "parent" && why.includes("`step`")), JSON.stringify(guess.reasons));
  const fields = { id: "step", parent: "from", name: "what", start: "began", duration: "took" };
  const mapping = { name: "steps", records: "", fields, times: "ms", durations: "ms" };
  const tried = engine.ask({ ask: "mapping", document: 0, mapping, saved: [mapping, { ...mapping, fields: { id: "no" } }] });
  assert.deepEqual(tried.fits, [0]);
  assert.deepEqual(tried.rows.map(({ depth, name, duration }) => [depth, name, duration]), [[0, "plan", "90000000"], [1, "look up", "30000000"]]);
  const mapped = engine.readAs(0, { mapping });
  assert.deepEqual([mapped.format, mapped.label, mapped.runs[0].steps], ["mapped", "JSON by the mapping “steps”", 2]);
  assert.equal(engine.readAs(0).format, "");
});

test("a file is read as another format when somebody says so", () => {
  const engine = typed();
  engine.open("own.jsonl", OWN);
  const forced = engine.readAs(0, { format: "jaeger-json" });
  assert.equal(forced.format, "jaeger-json");
  assert.match(forced.explanation, /that was asked for/);
  const verdict = engine.ask({ ask: "verdict", document: 0 });
  assert.deepEqual([verdict.format, verdict.asked, verdict.mappable], ["jaeger-json", true, true]);
  // The most telling first: the first one is what it was read as before.
  assert.equal(verdict.formats.filter(({ because }) => because)[0].id, "chaindebug");
  assert.equal(engine.readAs(0).runs[0].steps, 3);
});

test("reading anew goes in slices, of each file, and changes nothing until it is done", () => {
  const engine = typed();
  const part = (id, parent) => otlp([span({ id, parent, name: id, start: BASE, end: BASE + 1n, attributes: { padding: "x".repeat(9000) } })]);
  engine.open("root.json", part("00000000000000ff"));
  engine.open("child.json", part("00000000000000aa", "00000000000000ff"), { into: 0 });
  const before = engine.ask({ ask: "documents" });
  const slices = (as) => {
    const seen = [];
    engine.readAs(0, as, { budget: 1 << 10, seen: (progress) => seen.push(check("Progress", progress)) });
    return seen;
  };
  for (const as of [{ format: "jaeger-json" }, { mapping: { name: "m", records: "", fields: { name: "traceId" }, times: "ms", durations: "ms" } }, {}]) {
    for (let some = 0; some < 6; some++) {
      engine.engine.readAs(0, as.format, as.mapping && JSON.stringify(as.mapping));
      for (let i = 0; i < some; i++) assert.equal(JSON.parse(engine.engine.advance(1 << 10)).document, null);
      assert.deepEqual(engine.ask({ ask: "documents" }), before);
      assert.equal(engine.engine.cancel(), true);
      assert.deepEqual(engine.ask({ ask: "documents" }), before);
    }
    const seen = slices(as);
    assert.deepEqual([...new Set(seen.map(({ file }) => file))], ["root.json", "child.json"]);
    assert.ok(seen.length > 6 && seen.every(({ read, bytes }) => read <= bytes), `${seen.length} slices`);
    assert.deepEqual(engine.ask({ ask: "documents" }).documents[0].files, ["root.json", "child.json"]);
    slices({});
    assert.deepEqual(engine.ask({ ask: "documents" }), before);
  }
});

test("what cannot be read anew is said, and nothing is begun", () => {
  const engine = typed();
  engine.open("own.jsonl", OWN);
  for (const [document, format, mapping] of [[7], [0, "no-format"], [0, undefined, "no mapping"], [0, undefined, '{"fields":{}}']]) {
    assert.throws(() => engine.engine.readAs(document, format, mapping), { name: "EngineError", kind: "usage" });
  }
  assert.equal(engine.engine.cancel(), false);
});

test("costs are worked out from a price table, marked, and taken back", () => {
  const engine = typed();
  engine.open("own.jsonl", OWN.replace(',"cost":0.00031', ""));
  const before = engine.ask({ ask: "prices" });
  assert.equal(before.table, null);
  const [{ model }] = before.models;
  const row = { model, input: 1, output: 2, cached: 1, cache_write: 1, reasoning: null, source: "a test" };
  const priced = engine.ask({ ask: "set_prices", table: { date: "2026-11-21", prices: [row] } });
  const { usage, run } = priced.documents[0].runs[0];
  assert.equal(usage.cost_computed, true);
  assert.ok(usage.cost_usd > 0);
  assert.ok(engine.ask({ ask: "rows", run, from: 0, count: 9 }).rows.some((row) => row.cost_computed));
  const after = engine.ask({ ask: "set_prices", table: null });
  assert.deepEqual(after.documents, before.documents);
});

// The engine's interface for JavaScript: what goes in, what comes out, and that both are what protocol.d.ts says.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { newEngine } from "./engine.mjs";
import { BASE, JAEGER, OWN, otlp, otlpRun, span } from "./fixtures.mjs";
import { check, tags } from "./types.mjs";
import { COMPARING_QUESTIONS, HANDING_QUESTIONS, PIPELINE_QUESTIONS, READING_QUESTIONS, typed } from "./typed.mjs";

describe("opening", () => {
  test("reads the own format, OTLP and Jaeger by their content", () => {
    for (const [content, format, steps] of [[OWN, /chaindebug/, 3], [otlpRun(4), /otlp/, 5], [JAEGER, /jaeger/, 2]]) {
      for (const name of ["trace.json", "unknown", ""]) {
        const document = typed().open(name, content);
        assert.match(document.format, format);
        assert.equal(document.file, name);
        assert.deepEqual(document.runs.map((run) => run.steps), [steps]);
        assert.equal(document.bytes, new TextEncoder().encode(content).length);
        assert.notEqual(document.explanation, "");
      }
    }
  });

  test("goes forward only, and tells of the first steps before the end", () => {
    const content = otlpRun(4000);
    const seen = [];
    const document = typed().open("many.json", content, { seen: (progress) => seen.push(check("Progress", progress)) });
    assert.equal(document.runs[0].steps, 4001);
    assert.ok(seen.length > 10, `${seen.length} slices`);
    for (let i = 1; i < seen.length; i++) {
      assert.ok(seen[i].read >= seen[i - 1].read && seen[i].steps >= seen[i - 1].steps);
      assert.ok(seen[i].read <= seen[i].bytes);
    }
    const half = seen[seen.length >> 1];
    assert.ok(half.steps > 0 && half.first.length > 0, "nothing to show half-way");
    assert.equal(half.document, null);
  });

  test("can be cancelled at any slice, and the next file opens", () => {
    const engine = typed();
    const bytes = new TextEncoder().encode(otlpRun(2000));
    for (let slices = 0; slices < 8; slices++) {
      engine.engine.openBytes("first.json", bytes);
      for (let i = 0; i < slices; i++) engine.engine.advance(1 << 14);
      assert.equal(engine.engine.cancel(), true);
      assert.equal(engine.engine.cancel(), false);
    }
    assert.deepEqual(engine.ask({ ask: "documents" }).documents, []);
    assert.equal(engine.open("second.json", OWN).runs[0].steps, 3);
  });

  test("keeps several documents apart, and forgets one when told", () => {
    const engine = typed();
    const one = engine.open("one.json", OWN);
    const two = engine.open("two.json", JAEGER);
    assert.notEqual(one.runs[0].run, two.runs[0].run);
    assert.equal(engine.ask({ ask: "step", run: two.runs[0].run, step: 0 }).name, "GET /order");
    assert.equal(engine.ask({ ask: "step", run: one.runs[0].run, step: 0 }).name, "answer");
    engine.ask({ ask: "close", document: 0 });
    // Runs are numbered over what is open: the documents say how.
    const [left, ...others] = engine.ask({ ask: "documents" }).documents;
    assert.deepEqual([left.file, others.length], ["two.json", 0]);
    assert.equal(engine.ask({ ask: "step", run: left.runs[0].run, step: 1 }).name, "SELECT");
  });

  test("hands the runs of a document out in pieces", () => {
    const engine = typed();
    const spans = Array.from({ length: 5 }, (_, i) => span({ trace: String(i + 1).padStart(32, "0"), id: String(i + 1).padStart(16, "0"), name: `call ${i}`, start: BASE, end: BASE + 1n }));
    const whole = engine.open("five.json", otlp(spans));
    const [cut] = engine.ask({ ask: "documents", runs: 2 }).documents;
    assert.deepEqual([cut.runs.length, cut.more_runs, whole.runs.length, whole.more_runs], [2, 3, 5, undefined]);
    const { runs } = engine.ask({ ask: "runs", document: 0, from: 2, count: 9 });
    assert.deepEqual([...cut.runs, ...runs], whole.runs);
  });

  test("joins more of the same trace to a document", () => {
    const engine = typed();
    engine.open("root.json", otlp([span({ id: "00000000000000ff", name: "root", start: BASE, end: BASE + 100n })]));
    const child = otlp([span({ id: "00000000000000aa", parent: "00000000000000ff", name: "child", start: BASE + 1n, end: BASE + 9n })]);
    const document = engine.open("child.json", child, { into: 0 });
    assert.equal(engine.ask({ ask: "documents" }).documents.length, 1);
    assert.deepEqual(document.files, ["root.json", "child.json"]);
    assert.deepEqual(document.runs.map(({ steps, roots, orphans }) => ({ steps, roots, orphans })), [{ steps: 2, roots: 1, orphans: 0 }]);
  });
});

describe("exactness", () => {
  test("times are nanoseconds to the last digit, as text", () => {
    const engine = typed();
    const { runs } = engine.open("x", otlpRun(3));
    const { run } = runs[0];
    assert.equal(runs[0].start, "2025-11-21T03:15:42.056666123Z");
    assert.equal(runs[0].duration_ns, 3001);
    const { rows } = engine.ask({ ask: "rows", run, from: 0, count: 10 });
    assert.deepEqual(rows.map(({ start, duration }) => [start, duration]), [["0", "3001"], ["0", "999"], ["1000", "999"], ["2000", "999"]]);
    assert.equal(engine.ask({ ask: "step", run, step: 2 }).started, "2025-11-21T03:15:42.056667123Z");
  });

  test("ids beyond 2^53 and values are the text of the file", () => {
    const engine = typed();
    const { run } = engine.open("x", OWN).runs[0];
    assert.equal(engine.ask({ ask: "step", run, step: 0 }).id, "9007199254740993");
    const big = '{"id":9007199254740993,"pi":3.141592653589793238462643,"e":1e400,"s":"\\u00e9 \\ud83d\\ude00"}';
    const other = typed();
    const opened = other.open("y", `{"chaindebug":1}\n{"name":"exact","input":${big}}\n`).runs[0].run;
    const value = other.ask({ ask: "open", part: { of: "input", run: opened, step: 0 }, as_text: true }).value;
    assert.equal(other.ask({ ask: "value_text", value, node: null }).text, big);
  });
});

describe("looking", () => {
  test("every question is answered as the types say", () => {
    const engine = typed();
    const { run } = engine.open("own.jsonl", OWN).runs[0];
    engine.ask({ ask: "where", run });
    engine.ask({ ask: "set_open", run, step: null, open: true, deep: true });
    engine.ask({ ask: "reveal", run, step: 2 });
    const named = engine.ask({ ask: "step", run, step: 2 }).name;
    assert.equal(engine.ask({ ask: "go_to", run, step: named, phase: "exit" }).step, 2);
    assert.equal(engine.ask({ ask: "rows", run, from: 0, count: 100 }).total, 3);
    const view = engine.ask({ ask: "step", run, step: 2 });
    assert.deepEqual(view.error, { type: "Denied", message: "No refund without a receipt", stack: "at refund (shop.py:12)" });
    assert.equal(view.parent[1], "answer");
    const input = view.values.find((tab) => tab.label === "Input");
    const { value } = engine.ask({ ask: "open", part: input.part, as_text: false });
    const { nodes } = engine.ask({ ask: "value_rows", value, from: 0, count: 50 });
    assert.ok(nodes.some((node) => node.key === "note" && node.text.includes("<img")));
    engine.ask({ ask: "value_toggle", value, node: nodes[0].node, deep: true });
    engine.ask({ ask: "value_reveal", value, path: "$.order" });
    engine.ask({ ask: "value_open", value, node: nodes.find((node) => node.key === "note").node, as_text: true });
    engine.ask({ ask: "value_text", value, node: null });
    engine.ask({ ask: "value_close", value });
    const chat = engine.ask({ ask: "chat", run, step: 1, from: 0, count: 10 });
    assert.deepEqual(chat.messages.map((message) => message.role), ["user", "assistant"]);
    const table = engine.ask({ ask: "table", run, sort: "duration", descending: true, from: 0, count: 10 });
    assert.equal(table.rows[0].row.name, "answer");
    engine.ask({ ask: "overview", run, buckets: 16 });
    const flow = engine.ask({ ask: "flow", run, fold: true, toggled: [] });
    assert.ok(flow.nodes.length >= 2);
    const hits = engine.ask({ ask: "search", text: "receipt", from: null, limit: 10 });
    assert.equal(hits.hits[0]?.step, 2);
    const source = engine.ask({ ask: "source", document: 0, file: 0, at: 0, around: 2 });
    assert.equal(source.lines[0].number, 1);
    engine.ask({ ask: "documents" });
    engine.ask({ ask: "runs", document: 0, from: 0, count: 1 });
    const { formats } = engine.ask({ ask: "formats" });
    assert.ok(["chaindebug", "claude-code", "zipkin-json"].every((id) => formats.some((format) => format.id === id)));

    const decoded = typed();
    const opened = decoded.open("x", `{"chaindebug":1}\n{"name":"a","input":{"inner":"{\\"deep\\":[1,2]}"}}\n`).runs[0].run;
    const held = decoded.ask({ ask: "open", part: { of: "input", run: opened, step: 0 }, as_text: false });
    const inner = decoded.ask({ ask: "value_rows", value: held.value, from: 0, count: 9 }).nodes.find((node) => node.key === "inner");
    assert.equal(inner.json, true);
    assert.ok(decoded.ask({ ask: "value_decode", value: held.value, node: inner.node }).rows > held.rows);

    const asked = new Set([...engine.asked, ...decoded.asked, "close", "move", ...PIPELINE_QUESTIONS, ...COMPARING_QUESTIONS, ...HANDING_QUESTIONS, ...READING_QUESTIONS]);
    assert.deepEqual(tags("Request", "ask").filter((tag) => !asked.has(tag)), []);
  });

  test("pipelines are drawn and their nodes looked at", () => {
    const engine = typed();
    const { pipelines } = engine.open("p.json", JSON.stringify({
      name: "Two steps",
      steps: [{ id: "a", name: "A", step_class: "First", module: "m" }, { id: "b", name: "B", step_class: "Second", module: "m" }],
      flow: { start_at: "a", paths: [{ from_step: "a", to_step: "b" }, { from_step: "b", to_step: "end_with_success" }] },
    }));
    assert.equal(pipelines.length, 1);
    const { pipeline } = pipelines[0];
    assert.ok(engine.ask({ ask: "pipeline_flow", pipeline }).nodes.length >= 2);
    assert.notEqual(engine.ask({ ask: "node", pipeline, node: 0 }).name, "");
  });

  test("the cursor goes there and back through every moment", () => {
    const engine = typed();
    const { run, moments } = engine.open("x", otlpRun(50)).runs[0];
    assert.equal(moments, 102);
    const move = (command) => engine.ask({ ask: "move", run, command });
    const forth = [move({ do: "first" })];
    while (forth.at(-1).moment < moments - 1) forth.push(move({ do: "forward" }));
    assert.equal(forth.length, moments);
    assert.deepEqual(move({ do: "forward" }), forth.at(-1));
    for (const before of forth.slice(0, -1).reverse()) assert.deepEqual(move({ do: "back" }), before);
    for (const command of ["into", "over", "out", "over_back", "last", "next_error", "previous_error"]) move({ do: command });
    assert.equal(move({ do: "to", moment: 4_000_000_000 }).moment, moments - 1);
    assert.equal(move({ do: "to_step", step: 3, phase: "exit" }).step, 3);
  });

  test("windows beyond the end are empty, and what is not there is refused in a sentence", () => {
    const { engine, ask, open } = newEngine();
    const { run } = open.call({ engine, ask }, "x", OWN).runs[0];
    assert.deepEqual(ask({ ask: "rows", run, from: 4_000_000_000, count: 4_000_000_000 }).rows, []);
    for (const request of [
      { ask: "rows", run: 77, from: 0, count: 1 },
      { ask: "step", run, step: 4_000_000_000 },
      { ask: "node", pipeline: 0, node: 0 },
      { ask: "value_rows", value: 12345, from: 0, count: 1 },
      { ask: "source", document: 9, file: 0, at: 0, around: 1 },
      { ask: "open", part: { of: "message", run, step: 1, message: 99, piece: 0 }, as_text: false },
    ]) {
      const answer = check("Answer", ask(request));
      assert.equal(answer.answer, "refused", JSON.stringify(request));
      assert.match(answer.message, /\w+ .*\./);
    }
  });

  test("a question that is none is an error of the caller", () => {
    const { engine } = newEngine();
    for (const text of ["", "{", '{"ask":"frobnicate"}', '{"ask":"rows","run":-1,"from":0,"count":1}', "[".repeat(100_000)]) {
      assert.throws(() => engine.ask(text), { name: "EngineError", kind: "usage" });
    }
    assert.throws(() => engine.advance(1000), { kind: "usage" });
    assert.deepEqual(JSON.parse(engine.ask('{"ask":"documents"}')).documents, []);
    assert.ok(engine.memory() > 65536);
  });
});

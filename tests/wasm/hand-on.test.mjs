// What leaves: scans for secrets and people's data, and exports with and without them.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { HANDING_QUESTIONS, typed } from "./typed.mjs";

const asked = new Set();
after(() => assert.deepEqual(HANDING_QUESTIONS.filter((question) => !asked.has(question)), []));

const RUN = [
  { chaindebug: 1, run: { id: "r-1", name: "Mail" } },
  { type: "step", id: "1", name: "send", kind: "tool", status: "ok", input: { to: "ana@acme.org", key: "sk-ant-api03-Zq81Kx0pLmA7Wc2Rt5Yh" } },
  { type: "step", id: "2", parent: "1", name: "log", output: "mail for ana@acme.org from /home/mvogt/run" },
].map((line) => JSON.stringify(line)).join("\n");

/** Asks until all pieces are there: the whole text, and the last answer. */
function exported(engine, what, redact = null) {
  let text = "";
  for (let from = null; ;) {
    const view = engine.ask({ ask: "export", what, redact, from });
    text += view.text;
    if (view.next === null) return { ...view, text };
    from = view.next;
  }
}

test("a run is scanned, looked at and written without what was found", () => {
  const engine = typed();
  engine.open("mail.jsonl", RUN);
  let scan = engine.ask({ ask: "scan", runs: [0], patterns: [{ text: "Mail" }], from: null });
  while (scan.next !== null) scan = engine.ask({ ask: "scan", runs: [0], patterns: [{ text: "Mail" }], from: scan.next });
  assert.deepEqual(scan.kinds.map(({ kind }) => kind), ["own", "api-key", "email", "user-name"]);
  const { total, finds } = engine.ask({ ask: "finds", kind: "api-key", from: 0, count: 9 });
  assert.deepEqual([total, finds[0].stand_in, finds[0].places[0].path], [1, "[key:anthropic-1]", "$.key"]);
  const view = exported(engine, { to: "jsonl", runs: [0] }, { off: ["own"] });
  assert.ok(view.report.clean);
  assert.doesNotMatch(view.text, /ana@|sk-ant|mvogt/);
  assert.match(view.text, /email-1@redacted\.invalid/);
  const again = typed();
  again.open("redacted.jsonl", view.text);
  assert.equal(again.ask({ ask: "documents" }).documents[0].runs[0].steps, 2);
  for (const question of engine.asked) asked.add(question);
});

test("a run is written as every format", () => {
  const engine = typed();
  engine.open("mail.jsonl", RUN);
  for (const [to, begins] of [["jsonl", '{"chaindebug":1'], ["otlp", '{"resourceSpans"'], ["csv", "step,id"], ["svg", "<svg"], ["mermaid", "flowchart TD"], ["dot", "digraph"]]) {
    const view = exported(engine, { to, runs: [0], fold: true, theme: "dark" });
    assert.ok(view.text.startsWith(begins), to);
    assert.ok(view.file.startsWith("mail.") && view.media.includes("/"), view.file);
  }
  JSON.parse(exported(engine, { to: "otlp", runs: [0] }).text);
  assert.match(exported(engine, { to: "markdown", runs: [0, 0] }).text, /^### ✓/);
  assert.equal(exported(engine, { to: "text", document: 0 }).text, RUN);
});

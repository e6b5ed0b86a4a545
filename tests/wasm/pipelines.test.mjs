// Pipelines as programs, through the engine's interface for JavaScript.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { PIPELINE_QUESTIONS, typed } from "./typed.mjs";

const sample = (name) => readFileSync(fileURLToPath(new URL(`../../playground-samples/${name}`, import.meta.url)), "utf8");
const PIPELINE = sample("approved-and-forgotten.pipeline.json");
const SCENARIOS = sample("approved-and-forgotten.scenarios.json");
const target = { engine: "ia-modules@0.1.3", loader: "pydantic" };

const asked = new Set();
const opened = () => {
  const engine = typed();
  const ask = engine.ask;
  engine.ask = (request) => {
    asked.add(request.ask);
    return ask(request);
  };
  const document = engine.open("release.json", PIPELINE);
  return { ...engine, ask: engine.ask, document: document.document, pipeline: document.pipelines[0].pipeline };
};

describe("a pipeline", () => {
  test("has findings, a chart as each reader takes it, and pages", () => {
    const { ask, pipeline } = opened();
    const view = ask({ ask: "findings", pipeline, target, strict: false });
    assert.ok(view.findings.some((finding) => finding.id === "source-unknown" && finding.fixes.length > 0));
    assert.equal(view.validation.is_valid, false);
    assert.deepEqual(view.readings.map((reading) => reading.reader), ["validator", "raw", "pydantic"]);
    for (const reader of [null, "validator", "raw", "pydantic"]) {
      assert.ok(ask({ ask: "pipeline_flow", pipeline, reader, run: null }).nodes.length > 5);
    }
    ask({ ask: "node", pipeline, node: 0 });
    for (const [drawing, begins] of [["mermaid", "flowchart"], ["dot", "digraph"], ["svg", "<svg"], ["markdown", "# "]]) {
      assert.ok(ask({ ask: "draw", pipeline, drawing }).text.startsWith(begins), drawing);
    }
  });

  test("is dry-run, decided, and covered by its scenarios", () => {
    const { ask, pipeline } = opened();
    const file = ask({ ask: "read_scenarios", text: SCENARIOS });
    assert.deepEqual([file.scenarios.length, file.problems], [4, []]);
    assert.equal(JSON.parse(ask({ ask: "write_scenarios", file: strip(file) }).text).scenarios.length, 4);
    const [scenario] = file.scenarios;
    const first = ask({ ask: "simulate", pipeline, target, scenario });
    assert.equal(first.status, "dead_end");
    const last = first.entered.length - 1;
    const decision = ask({ ask: "decision", run: first.run, step: last });
    assert.ok(decision.dead_end && decision.edges.every((edge) => edge.verdict === "refused"));
    const again = ask({ ask: "simulate", pipeline, target, scenario: file.scenarios[1] });
    assert.ok(again.changed.length > 0);
    const recorded = ask({ ask: "scenario_of_run", pipeline, run: again.run });
    assert.ok(recorded.mocks.length > 0);
    const coverage = ask({ ask: "coverage", pipeline, target, scenarios: file.scenarios, suggest: true });
    assert.equal(coverage.scenarios.filter((one) => one.passed).length, 2);
    assert.ok(coverage.edges.some((edge) => edge.by.length === 0 && (edge.suggestion || edge.why)));
    for (const step of [null, "manager"]) ask({ ask: "form", pipeline, step });
  });

  test("is edited without a byte more than meant, and helped with", () => {
    const { ask, pipeline, document } = opened();
    const { text } = ask({ ask: "document_text", document });
    assert.equal(text, PIPELINE);
    const { edits } = ask({ ask: "plan", pipeline, change: { change: "rename_step", id: "watch", to: "observe" } });
    assert.ok(edits.every((edit) => text.slice(edit.start, edit.end).includes("watch")));
    const amended = ask({ ask: "amend", document, edits, target });
    assert.equal(amended.bytes, text.length + edits.length * ("observe".length - "watch".length));
    assert.equal(ask({ ask: "rewrite", document, edits: [] }).document.pipelines[0].nodes, 8);
    const now = ask({ ask: "document_text", document }).text;
    assert.ok(!now.includes('"watch"') && now.includes('"observe"'));
    const operator = now.indexOf('"operator"');
    assert.match(ask({ ask: "hover", document, at: operator + 2, target }).hover.text, /./);
    const value = now.indexOf('"', now.indexOf(":", operator)) + 1;
    assert.ok(ask({ ask: "complete", document, at: value, target }).completions.some(({ label }) => label.includes("equals")));
    assert.ok(ask({ ask: "condition_form", pipeline, from: "run_tests", target }).operators.includes("equals"));
  });

  test("files of benchmarks are tables", () => {
    const engine = typed();
    asked.add("sheet");
    const benchmarks = [0.1, 0.2].map((mean, i) => ({ name: `b${i}`, iterations: 10, mean_time: mean, p95_time: mean }));
    const { document } = engine.open("x", JSON.stringify({ benchmarks, timestamp: "2026-03-02T09:00:00+00:00", total_benchmarks: 2 }));
    const sheet = engine.ask({ ask: "sheet", document, sheet: 0, sort: null, descending: false, from: 0, count: 10 });
    assert.equal(sheet.rows.length, 2);
  });

  after(() => {
    assert.deepEqual(PIPELINE_QUESTIONS.filter((question) => !asked.has(question)), []);
  });
});

/** Without the word that makes it an answer. */
function strip({ answer, ...rest }) {
  return rest;
}

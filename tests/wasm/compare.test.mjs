// Runs and pipelines laid on each other, through the engine's interface for JavaScript.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { OWN } from "./fixtures.mjs";
import { COMPARING_QUESTIONS, typed } from "./typed.mjs";

const asked = new Set();
const engineWith = (...texts) => {
  const engine = typed();
  const ask = engine.ask;
  engine.ask = (request) => {
    asked.add(request.ask);
    return ask(request);
  };
  texts.forEach((text, i) => engine.open(`${i}.jsonl`, text));
  return engine;
};

/** Asks until the comparison is done. */
function compared(engine, options) {
  for (let slices = 0; slices < 1000; slices++) {
    const view = engine.ask({ ask: "compare", a: 0, b: 1, options });
    if (view.done) return view;
  }
  throw new Error("comparing does not come to an end");
}

const other = OWN.replace("Yes, within 30 days.", "No, not after 30 days.").replace("{\"order\":7,", "{\"order\":8,");

describe("two runs", () => {
  test("are compared, walked through, looked at and told of", () => {
    const engine = engineWith(OWN, other);
    const { ask } = engine;
    const view = compared(engine, {});
    assert.equal(view.same, false);
    assert.match(view.verdict, /^Same until step 3 `refund`: `order` is `8` instead of `7`/);
    const rows = ask({ ask: "diff_rows", fold: true, from: 0, count: 100 });
    assert.equal(rows.rows.length, 3);
    ask({ ask: "diff_open", item: 0, open: false, fold: true });
    assert.equal(ask({ ask: "diff_rows", fold: true, from: 0, count: 100 }).total, 1);
    assert.equal(ask({ ask: "differences", from: 0, count: 9 }).total, view.differences);
    for (const go of ["stay", "first", "last", "forward", "back", "parting", "next_difference", "previous_difference"]) {
      ask({ ask: "diff_go", go: { do: go }, fold: true });
    }
    ask({ ask: "diff_go", go: { do: "to_step_a", step: 1 }, fold: true });
    const cursor = ask({ ask: "diff_go", go: { do: "to", item: 2 }, fold: true });
    assert.deepEqual([cursor.a, cursor.b, cursor.here], [[2, true], [2, true], true]);
    const item = ask({ ask: "diff_item", item: 2 });
    const input = item.sections.find((section) => section.title === "Input");
    const shown = ask({ ask: "diff_value_rows", value: input.value, from: 0, count: 50 });
    assert.ok(shown.rows.some((row) => row.path === "$.order" && row.sign === "changed"));
    ask({ ask: "diff_value_toggle", value: input.value, node: shown.rows[0].node });
    const flow = ask({ ask: "diff_flow", fold: true, toggled: [] });
    assert.ok(flow.nodes.some((node) => node.sign === "changed"));
    assert.match(ask({ ask: "diff_report" }).text, /^### ≠ Same until step 3/);
  });

  test("follow rules and pairs by hand", () => {
    const engine = engineWith(OWN, other);
    assert.equal(compared(engine, { rules: ["$.order"] }).inputs, 0);
    assert.equal(compared(engine, { breaks: [[2, 2]] }).only_a, 1);
    assert.equal(compared(engine, { pins: [[2, 1]], noise: true }).done, true);
  });

  test("the same is the same", () => {
    const view = compared(engineWith(OWN, OWN), {});
    assert.deepEqual([view.same, view.differences], [true, 0]);
  });
});

test("many runs are counted", () => {
  const view = engineWith(OWN, OWN, other).ask({ ask: "many", runs: [0, 1, 2] });
  assert.equal(view.runs.length, 3);
  assert.match(view.verdict, /^All 3 runs take the same path/);
});

test("two pipelines are compared with what scenarios do", () => {
  const pipeline = (limit) =>
    JSON.stringify({
      name: "p",
      steps: [{ id: "a", name: "a", step_class: "A", module: "m" }, { id: "b", name: "b", step_class: "B", module: "m" }],
      flow: {
        start_at: "a",
        paths: [{ from: "a", to: "b", condition: { type: "expression", config: { source: "a.n", operator: "greater_than", value: limit } } }],
      },
    });
  const scenario = { name: "one", input: "", mocks: [{ step: "a", how: "returns", value: '{"n": 2}' }], answers: [], expect: null };
  const target = { engine: "ia-modules@0.1.3", loader: "raw" };
  const view = engineWith(pipeline(1), pipeline(3)).ask({ ask: "compare_pipelines", a: 0, b: 1, target, scenarios: [scenario] });
  assert.equal(view.changes.length, 1);
  assert.deepEqual(view.effects.map((effect) => [effect.same, effect.status.b]), [[false, "dead_end"]]);
});

after(() => assert.deepEqual(COMPARING_QUESTIONS.filter((question) => !asked.has(question)), []));

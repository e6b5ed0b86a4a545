// An engine whose every question and answer is held against the types. Not a test itself.

import assert from "node:assert/strict";
import { newEngine } from "./engine.mjs";
import { check } from "./types.mjs";

/** The questions that `pipelines.test.mjs` asks, all of them. */
export const PIPELINE_QUESTIONS = [
  "node", "pipeline_flow", "findings", "simulate", "decision", "coverage", "form", "scenario_of_run", "read_scenarios",
  "write_scenarios", "document_text", "rewrite", "amend", "plan", "complete", "hover", "condition_form", "draw", "sheet",
];

/** The questions that `compare.test.mjs` asks, all of them. */
export const COMPARING_QUESTIONS = [
  "compare", "diff_rows", "diff_open", "differences", "diff_go", "diff_item", "diff_value_rows", "diff_value_toggle",
  "diff_flow", "diff_report", "compare_pipelines", "many",
];

/** The questions that `reading.test.mjs` asks, all of them. */
export const READING_QUESTIONS = ["mapping", "verdict", "prices", "set_prices"];

/** The questions that `hand-on.test.mjs` asks, all of them. */
export const HANDING_QUESTIONS = ["scan", "finds", "export"];

/** An engine whose every question and answer is held against the types. */
export function typed() {
  const plain = newEngine();
  const ask = plain.ask;
  plain.asked = new Set();
  plain.ask = (request) => {
    check("Request", request);
    plain.asked.add(request.ask);
    const answer = check("Answer", ask(request));
    assert.notEqual(answer.answer, "refused", answer.message);
    return answer;
  };
  return plain;
}

// How long after an edit of a large pipeline its findings are there, beside JSON.parse of the same text.
//
//   node tests/bench/findings.mjs [--steps NUMBER] [--rounds N] [--json]
//
// The engine as it ships, in Node, on one thread: from the request with the edit to the findings as objects. One letter
// in the middle of the text changes each time. Both alternate; the medians are compared. A frame is 16 ms.

import { parseArgs } from "node:util";
import { newEngine } from "../wasm/engine.mjs";
import { pipeline } from "./pipeline.mjs";

const { values } = parseArgs({
  options: { steps: { type: "string", default: "10000" }, rounds: { type: "string", default: "21" }, json: { type: "boolean" } },
});
const steps = Number(values.steps);
const rounds = Number(values.rounds);
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const target = { engine: "ia-modules@0.1.3", loader: "raw" };

const text = pipeline(steps);
const at = text.indexOf(`line ${steps >> 1}`);
const engineAtWork = newEngine();
const { document } = engineAtWork.open("large.json", text);
const [engine, parse] = [[], []];
let findings = 0;
for (let round = 0; round <= rounds; round++) {
  const edits = [{ start: at, end: at + 1, text: String.fromCharCode(97 + (round % 26)) }];
  const begin = performance.now();
  const answer = engineAtWork.ask({ ask: "amend", document, edits, target });
  const middle = performance.now();
  JSON.parse(text);
  const end = performance.now();
  if (answer.answer !== "amended" || answer.damage || answer.findings.length === 0) {
    throw new Error(`no findings: ${JSON.stringify(answer).slice(0, 300)}`);
  }
  findings = answer.findings.length;
  // The first one reads all of the text.
  if (round > 0) {
    engine.push(middle - begin);
    parse.push(end - middle);
  }
}
const result = {
  what: "findings after an edit",
  steps,
  megabytes: text.length / 1e6,
  findings,
  engine_ms: median(engine),
  parse_ms: median(parse),
  ratio: median(engine) / median(parse),
};
if (values.json) {
  console.log(JSON.stringify({ results: [result] }, null, 2));
} else {
  const ms = (value) => `${value.toFixed(1).padStart(6)} ms`;
  console.log(`Findings after an edit, ${steps} steps, ${result.megabytes.toFixed(1)} MB, median of ${rounds}:`);
  console.log(`  engine, edit to findings      ${ms(result.engine_ms)}`);
  console.log(`  JSON.parse of the same text   ${ms(result.parse_ms)}`);
  console.log(`  ratio                         ${result.ratio.toFixed(2).padStart(6)}`);
}

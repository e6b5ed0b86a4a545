// How fast a file of each family of formats opens, beside JSON.parse of the same bytes.
//
//   node tests/bench/families.mjs [--megabytes NUMBER] [--rounds N] [--only NAME] [--json]
//
// The full engine as it ships, in Node, on one thread: from the bytes to the document. What is made here are files of the
// usual shape of each format, a run with many steps in it. Both alternate; the medians are compared.

import { parseArgs } from "node:util";
import { newEngine } from "../wasm/engine.mjs";

const { values } = parseArgs({
  options: {
    megabytes: { type: "string", default: "20" },
    rounds: { type: "string", default: "3" },
    only: { type: "string" },
    json: { type: "boolean" },
  },
});
const bytes = Number(values.megabytes) * 1e6;
const rounds = Number(values.rounds);
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

const SAYING = "The courier confirms an address in Malmö, although the tracking page says otherwise. ".repeat(4);
const at = (i) => new Date(1_767_225_600_000 + i * 250).toISOString();
const uuid = (i) => `00000000-0000-4000-8000-${String(i).padStart(12, "0")}`;

/** A text of `head`, items joined by `between`, and `tail`, of about the size wanted. */
function text(head, item, between, tail) {
  const parts = [];
  let size = 0;
  for (let i = 1; size < bytes; i++) {
    const one = JSON.stringify(item(i));
    parts.push(one);
    size += one.length + between.length;
  }
  return head + parts.join(between) + tail;
}
const list = (head, item, tail) => text(head, item, ",", tail);
const lines = (item) => text("", item, "\n", "\n");

/** What a page would do: one document, or one a line. */
function read(text) {
  if (text.endsWith("\n")) text.trimEnd().split("\n").forEach((line) => JSON.parse(line));
  else JSON.parse(text);
}

/** One file a family. */
const FILES = {
  "agents: Claude Code": () =>
    lines((i) => {
      const line = { sessionId: uuid(1), uuid: uuid(i), parentUuid: i > 1 ? uuid(i - 1) : null, timestamp: at(i), cwd: "/shop", version: "2.1.0", isSidechain: false };
      const turn = Math.ceil(i / 2);
      if (i % 2 === 1) {
        const content = [{ type: "text", text: SAYING }, { type: "tool_use", id: `toolu_${turn}`, name: "Read", input: { file_path: `/shop/${turn}.md` } }];
        return { ...line, type: "assistant", requestId: `req_${turn}`, message: { id: `msg_${turn}`, role: "assistant", model: "claude-x", content, usage: { input_tokens: 10, output_tokens: 50, cache_read_input_tokens: 4000 } } };
      }
      return { ...line, type: "user", message: { role: "user", content: [{ type: "tool_result", tool_use_id: `toolu_${turn}`, content: SAYING }] } };
    }),
  "platforms: LangSmith runs": () =>
    list(
      "[",
      (i) => {
        const run = { id: uuid(i), trace_id: uuid(1), parent_run_id: i > 1 ? uuid(1) : null, name: i > 1 ? "ChatModel" : "agent", run_type: i > 1 ? "llm" : "chain", start_time: at(i), end_time: at(i + 1), status: "success", error: null, tags: [], extra: { metadata: { ls_model_name: "m-1", ls_provider: "p" } } };
        const outputs = { generations: [[{ text: SAYING, message: { lc: 1, type: "constructor", id: ["langchain", "schema", "messages", "AIMessage"], kwargs: { content: SAYING, usage_metadata: { input_tokens: 9, output_tokens: 4, total_tokens: 13 } } } }]] };
        return { ...run, inputs: { messages: [[{ role: "user", content: SAYING }]] }, outputs };
      },
      "]",
    ),
  "frameworks: smolagents": () =>
    list(
      '[{"task":"find it","task_images":null},',
      (i) => ({ step_number: i, timing: { start_time: 1767225600 + i, end_time: 1767225601 + i, duration: 1 }, model_input_messages: [{ role: "user", content: [{ type: "text", text: SAYING }] }], tool_calls: [{ id: `call_${i}`, type: "function", function: { name: "python_interpreter", arguments: "print(1)" } }], error: null, model_output_message: { role: "assistant", content: SAYING }, code_action: "print(1)", observations: "1", action_output: null, token_usage: { input_tokens: 9, output_tokens: 4 }, is_final_answer: false }),
      "]",
    ),
  "traces: Chrome trace": () => list('{"traceEvents":[', (i) => ({ ph: "X", name: `work ${i % 40}`, cat: "cpu_op", ts: i * 10.5, dur: 8.25, pid: 1, tid: (i % 4) + 1, args: { "External id": i } }), "]}"),
  "traces: Zipkin": () => list("[", (i) => ({ traceId: "463ac35c9f6413ad48485a3953bb6124", id: i.toString(16).padStart(16, "0"), parentId: i > 1 ? (i >> 1).toString(16).padStart(16, "0") : undefined, kind: "CLIENT", name: `get /${i % 20}`, timestamp: 1767225600000000 + i * 100, duration: 90, localEndpoint: { serviceName: `shop-${i % 7}`, ipv4: "10.0.0.1" }, tags: { "http.method": "GET", "http.path": "/orders", note: SAYING } }), "]"),
  "workflows: Temporal": () =>
    list(
      '{"events":[',
      (i) => {
        const [round, part] = [Math.floor((i - 1) / 3), (i - 1) % 3];
        const first = round * 3 + 1;
        const event = { eventId: String(i), eventTime: at(i), taskId: String(1000 + i) };
        const payloads = { payloads: [{ metadata: { encoding: "anNvbi9wbGFpbg==" }, data: Buffer.from(JSON.stringify(SAYING)).toString("base64") }] };
        if (part === 0) return { ...event, eventType: "EVENT_TYPE_ACTIVITY_TASK_SCHEDULED", activityTaskScheduledEventAttributes: { activityId: String(i), activityType: { name: "ship" }, input: payloads } };
        if (part === 1) return { ...event, eventType: "EVENT_TYPE_ACTIVITY_TASK_STARTED", activityTaskStartedEventAttributes: { scheduledEventId: String(first), attempt: 1 } };
        return { ...event, eventType: "EVENT_TYPE_ACTIVITY_TASK_COMPLETED", activityTaskCompletedEventAttributes: { scheduledEventId: String(first), startedEventId: String(first + 1), result: payloads } };
      },
      "]}",
    ),
  "pipelines: dbt manifest": () => {
    const names = Array.from({ length: Math.ceil(bytes / 900) }, (_, i) => `model.shop.m${i}`);
    const nodes = Object.fromEntries(names.map((name, i) => [name, { unique_id: name, name: name.slice(11), resource_type: "model", package_name: "shop", path: `m${i}.sql`, raw_code: SAYING, description: SAYING, depends_on: { macros: [], nodes: i > 0 ? [names[i >> 1]] : [] }, config: { materialized: "table" }, tags: [] }]));
    return JSON.stringify({ metadata: { dbt_schema_version: "https://schemas.getdbt.com/dbt/manifest/v12.json", project_name: "shop" }, nodes, sources: {}, exposures: {}, parent_map: {}, child_map: {} });
  },
  "coditect: task results": () => list("[", (i) => ({ task_id: `T${i}`, agent: "writer", status: "completed", started_at: at(i), completed_at: at(i + 1), output: SAYING, tokens_used: 40 }), "]"),
  "conversations: messages": () => list('{"messages":[', (i) => ({ role: i % 2 ? "user" : "assistant", content: SAYING }), "]}"),
};

const results = [];
for (const [name, make] of Object.entries(FILES)) {
  if (values.only && !name.includes(values.only)) continue;
  const content = new TextEncoder().encode(make());
  const [engine, parse] = [[], []];
  let document;
  for (let round = 0; round < rounds; round++) {
    // A fresh engine each time: what is open already would be in its memory.
    const fresh = newEngine();
    const begin = performance.now();
    document = fresh.open("bench", content, { budget: 1 << 22 });
    const middle = performance.now();
    read(new TextDecoder().decode(content));
    parse.push(performance.now() - middle);
    engine.push(middle - begin);
  }
  const steps = document.runs.reduce((sum, run) => sum + run.steps, 0) + document.pipelines.reduce((sum, one) => sum + one.nodes, 0);
  if (!document.format || steps < 100) throw new Error(`${name}: ${document.explanation}`);
  const megabytes = content.length / 1e6;
  results.push({ name, format: document.format, megabytes, steps, engine_ms: median(engine), parse_ms: median(parse), megabytes_per_second: megabytes / (median(engine) / 1e3), ratio: median(engine) / median(parse) });
}
if (values.json) {
  console.log(JSON.stringify({ results }, null, 2));
} else {
  console.log(`Opening, about ${values.megabytes} MB each, median of ${rounds}:`);
  console.log("                                 steps     engine    JSON.parse     MB/s   ratio");
  for (const { name, steps, engine_ms, parse_ms, megabytes_per_second, ratio } of results) {
    console.log(`  ${name.padEnd(28)}${String(steps).padStart(8)} ${engine_ms.toFixed(0).padStart(7)} ms ${parse_ms.toFixed(0).padStart(10)} ms ${megabytes_per_second.toFixed(0).padStart(8)} ${ratio.toFixed(2).padStart(7)}`);
  }
}

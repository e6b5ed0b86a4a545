// Writes a large OTLP trace as a fleet of agents would export it: model calls with prompts and answers, tool calls,
// retrievals, in the attribute names of OpenTelemetry GenAI and of OpenInference. The same seed gives the same bytes.

import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { pathToFileURL } from "node:url";

/** A generator of numbers from 0 to 1, the same for the same seed. */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const SUBJECTS = ["The customer", "Our warehouse in Gdańsk", "The courier", "Order 48-1173", "The returns desk", "A second parcel", "The invoice", "Your policy"];
const VERBS = ["confirms", "disputes", "cannot find", "has already sent", "asks again about", "refunded", "delayed", "changed"];
const OBJECTS = ["the lamp with the brass foot", "a “next-day” delivery", "three of the four chairs", "the price of €1,249.00", "paragraph 7.2 of the terms", "an address in Malmö", "the missing screw set (M6 × 40)", "the voucher SPRING-25"];
const ENDS = [".", " since Monday.", ", although the tracking page says otherwise.", " and wants a written answer.", "; see the photo attached.", ".\n\nPlease check this twice."];
const TOOLS = ["lookup_order", "search_policy", "issue_refund", "track_parcel", "send_mail"];
const MODELS = ["small-chat-2", "large-chat-4", "reason-1"];

/** Spans of one trace after the other, as OTLP JSON values. */
export function* traces(seed = 7) {
  const next = random(seed);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const whole = (from, to) => from + Math.floor(next() * (to - from + 1));
  const hex = (digits) => Array.from({ length: digits }, () => Math.floor(next() * 16).toString(16)).join("");
  const text = (least, most) => {
    const sentences = Array.from({ length: whole(least, most) }, () => `${pick(SUBJECTS)} ${pick(VERBS)} ${pick(OBJECTS)}${pick(ENDS)}`);
    return sentences.join(" ");
  };
  const string = (key, value) => ({ key, value: { stringValue: value } });
  const number = (key, value) => ({ key, value: { intValue: String(value) } });
  let clock = 1_767_225_600_000_000_000n;

  for (;;) {
    const trace = hex(32);
    const openInference = next() < 0.4;
    const spans = [];
    let now = clock;
    const add = (parent, name, nanos, attributes, error) => {
      const span = {
        traceId: trace,
        spanId: hex(16),
        ...(parent ? { parentSpanId: parent } : {}),
        flags: 256,
        name,
        kind: 1,
        startTimeUnixNano: String(now),
        endTimeUnixNano: String(now + BigInt(nanos)),
        attributes,
        status: error ? { code: 2, message: error } : {},
      };
      if (error) {
        const attributes = [string("exception.type", "ToolError"), string("exception.message", error), string("exception.stacktrace", `Traceback (most recent call last):\n  File "shop/tools.py", line ${whole(10, 900)}, in call\n${error}`)];
        span.events = [{ timeUnixNano: String(now), name: "exception", attributes }];
      }
      spans.push(span);
      now += BigInt(nanos);
      return span;
    };
    const root = add(undefined, "invoke_agent support", 1, openInference ? [string("openinference.span.kind", "AGENT")] : [string("gen_ai.operation.name", "invoke_agent"), string("gen_ai.agent.name", "support")]);
    const conversation = [{ role: "system", parts: [{ type: "text", content: text(6, 20) }] }, { role: "user", parts: [{ type: "text", content: text(1, 4) }] }];
    for (let turn = whole(2, 7); turn > 0; turn--) {
      const tool = pick(TOOLS);
      const call = { type: "tool_call", id: `call_${hex(12)}`, name: tool, arguments: { order: `48-${whole(1000, 9999)}`, reason: text(1, 1), amount: whole(1, 99999) / 100 } };
      const answer = turn === 1 ? { type: "text", content: text(3, 10) } : call;
      const [input, output] = [whole(300, 9000), whole(10, 700)];
      if (openInference) {
        const attributes = [string("openinference.span.kind", "LLM"), string("llm.model_name", pick(MODELS)), number("llm.token_count.prompt", input), number("llm.token_count.completion", output), string("input.mime_type", "application/json"), string("input.value", JSON.stringify({ messages: conversation }))];
        conversation.forEach(({ role, parts: [part] }, i) => {
          attributes.push(string(`llm.input_messages.${i}.message.role`, role), string(`llm.input_messages.${i}.message.content`, part.content ?? JSON.stringify(part)));
        });
        attributes.push(string("output.value", JSON.stringify(answer)));
        add(root.spanId, "ChatModel", whole(2e8, 4e9), attributes);
      } else {
        add(root.spanId, "chat", whole(2e8, 4e9), [
          string("gen_ai.operation.name", "chat"),
          string("gen_ai.provider.name", "example"),
          string("gen_ai.request.model", pick(MODELS)),
          number("gen_ai.usage.input_tokens", input),
          number("gen_ai.usage.output_tokens", output),
          string("gen_ai.input.messages", JSON.stringify(conversation)),
          string("gen_ai.output.messages", JSON.stringify([{ role: "assistant", parts: [answer], finish_reason: turn === 1 ? "stop" : "tool_call" }])),
        ]);
      }
      if (turn === 1) break;
      const failed = next() < 0.06 ? `${tool}: no order with this number` : undefined;
      const result = failed ?? text(2, 12);
      add(root.spanId, `execute_tool ${tool}`, whole(1e6, 9e8), [
        ...(openInference ? [string("openinference.span.kind", "TOOL"), string("tool.name", tool), string("input.value", JSON.stringify(call.arguments)), string("output.value", result)] : [string("gen_ai.operation.name", "execute_tool"), string("gen_ai.tool.name", tool), string("gen_ai.tool.call.arguments", JSON.stringify(call.arguments)), string("gen_ai.tool.call.result", result)]),
        string("server.address", "tools.internal"),
        number("retry.count", whole(0, 2)),
      ], failed);
      conversation.push({ role: "assistant", parts: [call] }, { role: "tool", parts: [{ type: "tool_call_response", id: call.id, response: result }] });
    }
    root.endTimeUnixNano = String(now);
    clock += BigInt(whole(1e6, 3e9));
    yield { resource: { attributes: [string("service.name", "support-agents"), string("telemetry.sdk.language", "python")] }, scopeSpans: [{ scope: { name: openInference ? "openinference.instrumentation" : "opentelemetry.instrumentation.genai" }, spans }] };
  }
}

/** Writes at least `bytes` bytes to `file`, as one document or, with `lines`, as JSON Lines. Returns the spans written. */
export async function write(file, bytes, { lines = false, seed = 7 } = {}) {
  const out = createWriteStream(file);
  const [before, between, after] = lines ? ['{"resourceSpans":[', ']}\n{"resourceSpans":[', "]}\n"] : ['{"resourceSpans":[', ",", "]}"];
  let written = 0;
  let spans = 0;
  for (const resource of traces(seed)) {
    const chunk = (written === 0 ? before : between) + JSON.stringify(resource);
    written += Buffer.byteLength(chunk);
    spans += resource.scopeSpans[0].spans.length;
    if (!out.write(chunk)) await once(out, "drain");
    if (written >= bytes) break;
  }
  out.end(after);
  await once(out, "finish");
  return spans;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [file, megabytes = "100", form = "document"] = process.argv.slice(2);
  if (!file) throw new Error("usage: node tests/bench/generate.mjs FILE [MEGABYTES] [document|lines]");
  console.log(`${await write(file, Number(megabytes) * 1e6, { lines: form === "lines" })} spans`);
}

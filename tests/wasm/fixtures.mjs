// Small traces for the tests, written here so that a test and what it reads stand together. Not a test itself.

/** A run in ChainDebug's own format: an agent, a model call with messages, and a tool that fails. */
export const OWN = [
  { chaindebug: 1, run: { id: "q-1042", name: "Return a lamp", start: "2026-03-02T09:15:04Z" } },
  { id: "9007199254740993", name: "answer", kind: "agent", start: "2026-03-02T09:15:04.000000001Z", end: "2026-03-02T09:15:06.950000002Z", status: "ok", input: "May I return a lamp?", output: "Yes, within 30 days." },
  { id: "2", parent: "9007199254740993", name: "write", kind: "llm", start: "2026-03-02T09:15:04.1Z", end: "2026-03-02T09:15:05Z", status: "ok", model: "small-chat-2", usage: { input_tokens: 212, output_tokens: 9, cost: 0.00031 }, messages: [{ role: "user", content: "May I return a lamp?" }, { role: "assistant", parts: [{ type: "tool_call", id: "c1", name: "refund", arguments: { order: 7 } }] }] },
  { id: "3", parent: "9007199254740993", name: "refund", kind: "tool", start: "2026-03-02T09:15:05.1Z", end: "2026-03-02T09:15:05.2Z", error: { type: "Denied", message: "No refund without a receipt", stack: "at refund (shop.py:12)" }, input: { order: 7, note: "<img src=x onerror=alert(1)>" } },
]
  .map((line) => JSON.stringify(line) + "\n")
  .join("");

/** One attribute of OTLP. */
const attribute = ([key, value]) => ({
  key,
  value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value },
});

/** One span of OTLP. Times are BigInt nanoseconds. */
export function span({ id, parent = "", trace = "0af7651916cd43dd8448eb211c80319c", name, start, end, attributes = {}, error }) {
  return {
    traceId: trace,
    spanId: id,
    parentSpanId: parent,
    name,
    kind: 1,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(end),
    attributes: Object.entries(attributes).map(attribute),
    status: error ? { code: 2, message: error } : { code: 1 },
  };
}

export const otlp = (spans) =>
  JSON.stringify({
    resourceSpans: [
      { resource: { attributes: [attribute(["service.name", "shop"])] }, scopeSpans: [{ scope: { name: "demo" }, spans }] },
    ],
  });

/** A time that a float cannot hold. */
export const BASE = 1_763_694_942_056_666_123n;

/** An OTLP run: a root with `count` model calls, one after the other. */
export function otlpRun(count, { trace, prompt = "Say hello." } = {}) {
  const spans = [span({ trace, id: "00000000000000ff", name: "root", start: BASE, end: BASE + BigInt(count) * 1000n + 1n })];
  for (let i = 0; i < count; i++) {
    spans.push(
      span({
        trace,
        id: (0x1000 + i).toString(16).padStart(16, "0"),
        parent: "00000000000000ff",
        name: `chat ${i}`,
        start: BASE + BigInt(i) * 1000n,
        end: BASE + BigInt(i) * 1000n + 999n,
        attributes: {
          "gen_ai.operation.name": "chat",
          "gen_ai.request.model": "small-chat-2",
          "gen_ai.usage.input_tokens": 10,
          "gen_ai.usage.output_tokens": 3,
          "gen_ai.input.messages": JSON.stringify([{ role: "user", parts: [{ type: "text", content: prompt }] }]),
          "gen_ai.output.messages": JSON.stringify([{ role: "assistant", parts: [{ type: "text", content: "Hello." }], finish_reason: "stop" }]),
        },
      }),
    );
  }
  return otlp(spans);
}

/** A Jaeger trace of two spans. */
export const JAEGER = JSON.stringify({
  data: [
    {
      traceID: "5c9b1f0000000000a1",
      spans: [
        { traceID: "5c9b1f0000000000a1", spanID: "a1", operationName: "GET /order", references: [], startTime: 1763694942056666, duration: 1500, tags: [], logs: [], processID: "p1" },
        { traceID: "5c9b1f0000000000a1", spanID: "b2", operationName: "SELECT", references: [{ refType: "CHILD_OF", traceID: "5c9b1f0000000000a1", spanID: "a1" }], startTime: 1763694942056700, duration: 900, tags: [{ key: "error", type: "bool", value: true }], logs: [], processID: "p1" },
      ],
      processes: { p1: { serviceName: "shop", tags: [] } },
    },
  ],
});

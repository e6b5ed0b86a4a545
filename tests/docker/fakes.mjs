// A Jaeger and a Tempo that answer as the real ones do, as far as the page asks them. Not a test itself.

import { createServer } from "node:http";

const ID = "5b8efff798038103d269b633813fc60c";
const OTHER = "0af7651916cd43dd8448eb211c80319c";

const SPAN = (traceID, spanID, name, start, duration, parent, failed) => ({
  traceID,
  spanID,
  operationName: name,
  references: parent ? [{ refType: "CHILD_OF", traceID, spanID: parent }] : [],
  startTime: start,
  duration,
  tags: failed ? [{ key: "error", type: "bool", value: true }] : [],
  logs: [],
  processID: "p1",
});

function jaegerTrace(id, start, failed) {
  return {
    traceID: id,
    spans: [
      SPAN(id, "eee19b7ec3c1b174", "answer a question", start, 1_500_000, undefined, false),
      SPAN(id, "eee19b7ec3c1b175", "look it up", start + 1000, 90_000, "eee19b7ec3c1b174", failed),
    ],
    processes: { p1: { serviceName: "shop", tags: [] } },
  };
}

/** The OTLP of a trace as Tempo writes it: ids in base64. */
function otlp(id) {
  const base64 = (hex) => Buffer.from(hex, "hex").toString("base64");
  const span = (spanId, parentSpanId, name) => ({
    traceId: base64(id),
    spanId: base64(spanId),
    ...(parentSpanId ? { parentSpanId: base64(parentSpanId) } : {}),
    name,
    kind: "SPAN_KIND_INTERNAL",
    startTimeUnixNano: "1763800000000000000",
    endTimeUnixNano: "1763800001500000000",
    attributes: [],
    status: {},
  });
  return [
    {
      resource: { attributes: [{ key: "service.name", value: { stringValue: "shop" } }] },
      scopeSpans: [{ scope: { name: "test" }, spans: [span("eee19b7ec3c1b174", "", "answer a question"), span("eee19b7ec3c1b175", "eee19b7ec3c1b174", "look it up")] }],
    },
  ];
}

/** Serves `answer(url)`: an object as JSON, a number as a status. Keeps what it was asked. */
async function listen(answer, { cors, status } = {}) {
  const asked = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://fake");
    asked.push({ method: request.method, path: url.pathname, query: Object.fromEntries(url.searchParams), headers: request.headers });
    if (cors) response.setHeader("Access-Control-Allow-Origin", cors);
    const found = status ?? answer(url);
    if (typeof found === "number") return response.writeHead(found, { "Content-Type": "text/plain" }).end("no");
    response.setHeader("Set-Cookie", "secret=1");
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(found));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const close = () => new Promise((done) => (server.closeAllConnections(), server.close(done)));
  return { origin: `http://127.0.0.1:${server.address().port}`, asked, close };
}

export const IDS = { failed: ID, fine: OTHER };

export function jaeger(options) {
  const start = Date.now() * 1000 - 60_000_000;
  const traces = [jaegerTrace(ID, start, true), jaegerTrace(OTHER, start - 5_000_000, false)];
  const wrap = (data) => ({ data, total: 0, limit: 0, offset: 0, errors: null });
  return listen((url) => {
    const [, id] = /^\/api\/traces\/([0-9a-f]+)$/.exec(url.pathname) ?? [];
    if (id) return traces.some(({ traceID }) => traceID === id) ? wrap(traces.filter(({ traceID }) => traceID === id)) : 404;
    if (url.pathname === "/api/services") return wrap(["shop", "billing"]);
    if (url.pathname !== "/api/traces") return 404;
    const failed = JSON.parse(url.searchParams.get("tags") ?? "{}").error === "true";
    return wrap(url.searchParams.get("service") === "shop" ? traces.slice(0, failed ? 1 : 2) : []);
  }, options);
}

/** `version` 2 has the newer addresses and shapes, 1 has only the older. */
export function tempo({ version = 2, ...options } = {}) {
  return listen((url) => {
    const path = url.pathname;
    if (path === "/api/search/tag/service.name/values") return { tagValues: ["shop"] };
    if (path === "/api/search") {
      const newer = version === 2 ? { serviceStats: { shop: { spanCount: 2, errorCount: 1 } } } : {};
      const row = { rootServiceName: "shop", rootTraceName: "answer a question", startTimeUnixNano: "1763800000000000000", durationMs: 1500 };
      return { traces: [{ traceID: ID, ...row, ...newer }], metrics: {} };
    }
    if (path === `/api/traces/${ID}`) return { batches: otlp(ID) };
    if (version === 1) return 404;
    if (path === "/api/v2/search/tag/resource.service.name/values") return { tagValues: [{ type: "string", value: "shop" }], metrics: {} };
    if (path === `/api/v2/traces/${ID}`) return { trace: { resourceSpans: otlp(ID) }, metrics: {} };
    if (path.startsWith("/api/v2/traces/")) return { trace: {}, metrics: {} };
    return 404;
  }, options);
}

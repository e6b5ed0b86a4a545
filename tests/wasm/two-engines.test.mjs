// The engine that reads traces, and the full one that takes its place: what was open stays open.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { startWorker } from "./engine.mjs";
import { JAEGER, OWN, otlpRun } from "./fixtures.mjs";

const bytes = (text) => new TextEncoder().encode(text);
const answerTo = (id) => (message) => message.id === id && (message.answer !== undefined || message.failed !== undefined);
const PIPELINE = JSON.stringify({
  name: "p",
  steps: [{ id: "a", name: "a", step_class: "A", module: "m" }],
  flow: { start_at: "a", paths: [{ from: "a", to: "end" }] },
});

function worker(t) {
  const made = startWorker({ traces: true });
  t.after(made.stop);
  made.start();
  let last = 0;
  const ask = async (request) => {
    const id = `ask ${++last}`;
    made.send({ id, ask: JSON.stringify(request) });
    const { answer, failed } = await made.until(answerTo(id));
    return failed ?? JSON.parse(answer);
  };
  const open = async (name, text, into) => {
    const id = `open ${++last}`;
    made.send({ id, open: [{ name, file: bytes(text) }], into });
    const { answer, failed } = await made.until(answerTo(id));
    return failed ?? JSON.parse(answer);
  };
  const readAs = async (document, as = {}, id = `read ${++last}`) => {
    made.send({ id, read_as: document, ...as });
    const { answer, failed } = await made.until(answerTo(id));
    return failed ?? JSON.parse(answer);
  };
  return { ...made, ask, open, readAs };
}

const asked = (w) => w.posted.filter((message) => message.need).length;

describe("the engine that reads traces", () => {
  test("opens traces and answers about them by itself", async (t) => {
    const w = worker(t);
    const { documents } = await w.open("own", OWN);
    assert.equal(documents[0].runs[0].steps, 3);
    assert.equal((await w.ask({ ask: "rows", run: 0, from: 0, count: 10 })).total, 3);
    assert.equal((await w.open("jaeger", JAEGER)).documents[1].format, "jaeger-json");
    assert.equal(asked(w), 0);
  });

  test("makes way when a file is none of its own", async (t) => {
    const w = worker(t);
    const opened = w.open("p.json", PIPELINE);
    await w.until((message) => message.need === "full");
    w.full();
    const { documents } = await opened;
    assert.deepEqual(documents.map(({ document, format }) => [document, format]), [[0, "ia-modules-pipeline"]]);
    // Nothing was there before, so nothing is to be asked again; and it is asked for once.
    assert.ok(!w.posted.some((message) => message.renewed));
    assert.equal((await w.open("q.json", PIPELINE)).documents.length, 2);
    assert.equal(asked(w), 1);
  });

  test("hands over what is open: documents, those that were closed, cursors, open steps", async (t) => {
    const w = worker(t);
    await w.open("own", OWN);
    await w.open("closed", OWN);
    await w.open("jaeger", JAEGER);
    await w.ask({ ask: "close", document: 1 });
    await w.ask({ ask: "move", run: 1, command: { do: "last" } });
    await w.ask({ ask: "set_open", run: 0, step: 0, open: false, deep: false });
    const before = await w.ask({ ask: "documents" });
    const cursor = await w.ask({ ask: "where", run: 1 });
    const rows = await w.ask({ ask: "rows", run: 0, from: 0, count: 10 });
    const comparison = w.ask({ ask: "compare", a: 0, b: 1, options: {} });
    // What is asked meanwhile waits, in order.
    const later = w.ask({ ask: "where", run: 1 });
    await w.until((message) => message.need === "full");
    w.full();
    assert.equal((await comparison).answer, "comparison");
    assert.deepEqual((await later).moment, cursor.moment);
    // But for the verdict: the full engine knows more that it could be.
    const plain = ({ documents }) => documents.map(({ verdicts, ...document }) => document);
    assert.deepEqual(plain(await w.ask({ ask: "documents" })), plain(before));
    assert.deepEqual(await w.ask({ ask: "rows", run: 0, from: 0, count: 10 }), rows);
    assert.ok(w.posted.some((message) => message.renewed));
  });

  test("makes way when a file is to be read as somebody says, which then goes on", async (t) => {
    const w = worker(t);
    await w.open("own", OWN);
    await w.open("jaeger", JAEGER);
    const before = await w.ask({ ask: "documents" });
    const read = w.readAs(1, { format: "otel-console" });
    await w.until((message) => message.need === "full");
    w.full();
    assert.deepEqual((await read).documents.map(({ document, format }) => [document, format]), [[0, "chaindebug"], [1, "otel-console"]]);
    assert.deepEqual((await w.readAs(1)).documents.map(({ format }) => format), before.documents.map(({ format }) => format));
    assert.equal(asked(w), 1);
  });

  test("has what was being read or was cancelled meanwhile in the full engine as well", async (t) => {
    const w = worker(t);
    await w.open("own", OWN);
    const opened = w.open("many", otlpRun(20_000));
    await w.until((message) => message.progress && JSON.parse(message.progress).file === "many");
    const comparison = w.ask({ ask: "compare", a: 0, b: 0, options: {} });
    const read = w.readAs(0, { format: "jaeger-json" }, "read");
    await w.until((message) => message.need === "full");
    w.send({ cancel: "read" });
    w.full();
    await comparison;
    assert.deepEqual((await opened).documents.map(({ file, format }) => [file, format !== ""]), [["own", true], ["many", true]]);
    assert.equal((await read).kind, "cancelled");
    assert.equal((await w.ask({ ask: "documents" })).documents[0].format, "chaindebug");
  });

  test("goes on when the full engine cannot be had, and asks again the next time", async (t) => {
    const w = worker(t);
    await w.open("own", OWN);
    const opened = w.open("p.json", PIPELINE);
    const meanwhile = w.ask({ ask: "where", run: 0 });
    await w.until((message) => message.need === "full");
    w.send({ full: null, message: "The engine could not be fetched." });
    assert.deepEqual(await opened, { kind: "missing", message: "The engine could not be fetched." });
    assert.equal((await meanwhile).moment, 0);
    const again = w.ask({ ask: "compare", a: 0, b: 0, options: {} });
    await w.until(() => asked(w) === 2);
    w.full();
    assert.notEqual((await again).kind, "missing");
  });
});

// The worker script around the engine: its messages, questions while a file opens, cancelling, and what a crash becomes.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FakeBlob, startWorker } from "./engine.mjs";
import { JAEGER, OWN, otlpRun } from "./fixtures.mjs";
import { check } from "./types.mjs";

const bytes = (text) => new TextEncoder().encode(text);
const answerTo = (id) => (message) => message.id === id && (message.answer !== undefined || message.failed !== undefined);

/** A worker that is stopped when the test ends. */
function worker(t, options) {
  const made = startWorker(options);
  t.after(made.stop);
  return made;
}

describe("the worker", () => {
  test("keeps messages until the module is there", async (t) => {
    const w = worker(t);
    w.send({ id: 1, open: [{ name: "own", file: bytes(OWN) }] });
    w.send({ id: 2, ask: '{"ask":"documents"}' });
    assert.deepEqual(w.posted, []);
    w.start();
    assert.equal(w.posted[0].ready, true);
    const { answer } = await w.until(answerTo(1));
    assert.equal(check("Answer", JSON.parse(answer)).documents[0].runs[0].steps, 3);
  });

  test("opens several files in order, one document each", async (t) => {
    const w = worker(t);
    w.start();
    w.send({ id: 1, open: [{ name: "a", file: bytes(OWN) }, { name: "b", file: bytes("no trace") }, { name: "c", file: bytes(JAEGER) }] });
    const { documents } = JSON.parse((await w.until(answerTo(1))).answer);
    assert.deepEqual(documents.map(({ file, format }) => [file, format !== ""]), [["a", true], ["b", false], ["c", true]]);
    const files = w.posted.filter((message) => message.progress).map((message) => check("Progress", JSON.parse(message.progress)).file);
    assert.deepEqual([...new Set(files)], ["a", "b", "c"]);
  });

  test("reads a blob by range, and answers questions in between", async (t) => {
    const content = bytes(otlpRun(20_000));
    const reads = [];
    const read = (from, to) => {
      reads.push(to - from);
      return content.slice(from, to).buffer;
    };
    const w = worker(t);
    w.start();
    w.send({ id: 1, open: [{ name: "big", file: new FakeBlob(content.length, read) }] });
    await w.until((message) => message.id === 1 && message.progress);
    w.send({ id: 2, ask: '{"ask":"documents"}' });
    await w.until(answerTo(1));
    const order = w.posted.filter(answerTo(1)).concat(w.posted.filter(answerTo(2)));
    assert.ok(w.posted.indexOf(order[1]) < w.posted.indexOf(order[0]), "the question waited for the file");
    assert.ok(Math.max(...reads) < content.length / 2, "the file was read as a whole");
    const read_once = reads.reduce((sum, bytes) => sum + bytes, 0);
    assert.ok(read_once < content.length * 1.3, `${read_once} bytes were read of ${content.length}`);
  });

  test("reads a blob exactly, whatever arrives when", async (t) => {
    const content = bytes(otlpRun(15_000));
    for (const delay of [() => 0, () => 5, (from) => (from / (1 << 22)) % 2 ? 15 : 0]) {
      const blob = new FakeBlob(content.length, (from, to) => content.slice(from, to).buffer);
      const slice = blob.slice.bind(blob);
      blob.slice = (from, to) => {
        const made = slice(from, to);
        return { ...made, arrayBuffer: () => new Promise((done) => setTimeout(() => done(made.blob.read(from, to)), delay(from))) };
      };
      const w = worker(t);
      w.start();
      w.send({ id: 1, open: [{ name: "big", file: blob }] });
      const [document] = JSON.parse((await w.until(answerTo(1))).answer).documents;
      assert.deepEqual([document.runs[0].steps, document.diagnostics], [15_001, []]);
    }
  });

  test("cancels an opening, and the next one works", async (t) => {
    const w = worker(t);
    w.start();
    w.send({ id: 1, open: [{ name: "big", file: bytes(otlpRun(20_000)) }] });
    w.send({ id: 2, open: [{ name: "next", file: bytes(OWN) }] });
    await w.until((message) => message.id === 1 && message.progress);
    w.send({ id: 3, cancel: 1 });
    assert.equal((await w.until(answerTo(1))).failed.kind, "cancelled");
    const { documents } = JSON.parse((await w.until(answerTo(2))).answer);
    assert.deepEqual(documents.map(({ file }) => file), ["next"]);
    w.send({ id: 4, open: [{ name: "again", file: bytes(OWN) }] });
    w.send({ id: 4, cancel: true });
    assert.equal((await w.until(answerTo(4))).failed.kind, "cancelled");
  });

  test("reads a document anew in slices, which can be cancelled, and answers questions in between", async (t) => {
    const w = worker(t);
    w.start();
    const documents = async (id) => {
      w.send({ id, ask: '{"ask":"documents"}' });
      return (await w.until(answerTo(id))).answer;
    };
    w.send({ id: 1, open: [{ name: "big", file: bytes(otlpRun(20_000)) }] });
    const { answer: before } = await w.until(answerTo(1));
    w.send({ id: 2, read_as: 0, format: "jaeger-json" });
    await w.until((message) => message.id === 2 && message.progress);
    assert.equal(await documents(3), before);
    w.send({ id: 4, cancel: 2 });
    assert.equal((await w.until(answerTo(2))).failed.kind, "cancelled");
    assert.equal(await documents(5), before);
    const mapping = JSON.stringify({ name: "m", records: "", fields: { name: "traceId" }, times: "ms", durations: "ms" });
    for (const [id, as, format] of [[6, { mapping }, "mapped"], [7, { format: "jaeger-json", mapping: null }, "jaeger-json"]]) {
      w.send({ id, read_as: 0, ...as });
      assert.equal(check("Answer", JSON.parse((await w.until(answerTo(id))).answer)).documents[0].format, format);
    }
    assert.ok(w.posted.filter((message) => message.id === 7 && message.progress).length > 2);
    w.send({ id: 8, read_as: 0 });
    assert.equal((await w.until(answerTo(8))).answer, before);
    w.send({ id: 9, read_as: 7 });
    assert.equal((await w.until(answerTo(9))).failed.kind, "usage");
  });

  test("keeps what was read of a file that vanishes, says so, and lives on", async (t) => {
    const content = bytes(otlpRun(40_000));
    let gone = false;
    const read = (from, to) => {
      if (gone) throw new DOMException("no", "NotReadableError");
      return content.slice(from, to).buffer;
    };
    const w = worker(t);
    w.start();
    w.send({ id: 1, open: [{ name: "lost.json", file: new FakeBlob(content.length, read) }] });
    await w.until((message) => message.progress && JSON.parse(message.progress).steps > 0);
    gone = true;
    const [document] = JSON.parse((await w.until(answerTo(1))).answer).documents;
    assert.ok(document.runs[0].steps > 0 && document.runs[0].steps < 40_000);
    const said = document.diagnostics.find(({ code }) => code === "unreadable");
    assert.equal(said.severity, "error");
    assert.match(said.message, /lost\.json can no longer be read/);
    w.send({ id: 2, open: [{ name: "own", file: bytes(OWN) }] });
    assert.equal(JSON.parse((await w.until(answerTo(2))).answer).documents[1].runs[0].steps, 3);
  });

  test("a value of a file that vanished after it was opened is a failure, not a wrong text", async (t) => {
    const content = bytes(OWN);
    let gone = false;
    const read = (from, to) => {
      if (gone) throw new DOMException("no", "NotFoundError");
      return content.slice(from, to).buffer;
    };
    const w = worker(t);
    w.start();
    w.send({ id: 1, open: [{ name: "own", file: new FakeBlob(content.length, read) }] });
    await w.until(answerTo(1));
    gone = true;
    w.send({ id: 2, ask: '{"ask":"open","part":{"of":"raw","run":0,"step":1},"as_text":true}' });
    const { failed } = await w.until(answerTo(2));
    assert.equal(failed?.kind, "unreadable");
  });

  test("refuses what makes no sense, one message at a time", async (t) => {
    const w = worker(t);
    w.start();
    for (const [id, message] of [[1, { open: [] }], [2, { ask: "{" }], [3, {}]]) {
      w.send({ id, ...message });
      assert.equal((await w.until(answerTo(id))).failed.kind, "usage");
    }
    w.send({ id: 9, ask: '{"ask":"documents"}' });
    assert.ok((await w.until(answerTo(9))).answer);
  });
});

describe("a crash", () => {
  const trap = (method, said) => (glue) => `${glue}
    wasm_bindgen.Engine.prototype.${method} = () => { throw new WebAssembly.RuntimeError("unreachable"); };
    wasm_bindgen.panicMessage = () => ${JSON.stringify(said) ?? "undefined"};`;

  test("of the engine tells what it said, and everything after fails the same way", async (t) => {
    const w = worker(t, { mend: trap("advance", "panicked at core/src/x.rs:1:2: boom") });
    w.start();
    w.send({ id: 1, open: [{ name: "a", file: bytes(OWN) }] });
    w.send({ id: 2, open: [{ name: "b", file: bytes(OWN) }] });
    for (const id of [1, 2]) {
      assert.deepEqual((await w.until(answerTo(id))).failed, { kind: "panic", message: "panicked at core/src/x.rs:1:2: boom" });
    }
    w.send({ id: 3, ask: '{"ask":"documents"}' });
    assert.equal((await w.until(answerTo(3))).failed.kind, "panic");
  });

  test("without a word is a lack of memory", async (t) => {
    const w = worker(t, { mend: trap("ask", undefined) });
    w.start();
    w.send({ id: 1, ask: '{"ask":"documents"}' });
    const { failed } = await w.until(answerTo(1));
    assert.equal(failed.kind, "memory");
    assert.match(failed.message, /out of memory/);
  });
});

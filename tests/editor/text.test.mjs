// The editor's adapter without a browser: bytes against units, and who knows which text while somebody types.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { breaksOf, ByteIndex, bytesOf, unitsIn } from "../../editor/src/bytes.js";
import { Ledger } from "../../editor/src/ledger.js";

const { ChangeSet, Text } = createRequire(new URL("../../editor/package.json", import.meta.url))("@codemirror/state");

const encoded = (text) => new TextEncoder().encode(text).length;
/** As the engine makes edits: on bytes. */
function rewritten(text, edits) {
  const bytes = Buffer.from(text);
  let at = 0;
  const parts = [];
  for (const { start, end, text } of edits) {
    assert.ok(start >= at && end >= start && end <= bytes.length, "edits are in order and inside");
    parts.push(bytes.subarray(at, start), Buffer.from(text));
    at = end;
  }
  return Buffer.concat([...parts, bytes.subarray(at)]).toString();
}
const docOf = (text) => Text.of(text.split(/\r\n?|\n/));
const exact = (text) => Text.of(text.split("\n"));
const shown = (doc, breaks) => doc.sliceString(0, doc.length, breaks.text);

/** Numbers that are the same on every run. */
function dice(seed) {
  let state = seed;
  return (most) => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return state % most;
  };
}

const SAMPLES = ["", "a", "é", "日本", "💡", 'x💡y\n"é": "日本"\n', "a".repeat(5000), "💡é\n".repeat(3000), "€".repeat(4095) + "💡".repeat(9)];

describe("bytes and units", () => {
  test("agree with the encoder at every character", () => {
    for (const text of SAMPLES) {
      const index = new ByteIndex(exact(text));
      assert.equal(index.total, encoded(text));
      let unit = 0;
      for (const character of text.slice(0, 9000)) {
        const byte = index.toBytes(unit);
        if (unit % 97 === 0 || text.length < 50) assert.equal(byte, encoded(text.slice(0, unit)));
        assert.equal(index.toUnits(byte), unit);
        unit += character.length;
      }
    }
  });

  test("a byte inside a character is the place before it, and what lies outside is held at the ends", () => {
    const index = new ByteIndex(exact("a💡b"));
    assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 99, -5].map((byte) => index.toUnits(byte)), [0, 1, 1, 1, 1, 3, 4, 4, 0]);
    assert.deepEqual([-1, 0, 1, 3, 4, 50].map((unit) => index.toBytes(unit)), [0, 0, 1, 5, 6, 6]);
    assert.equal(unitsIn("a💡b", 3), 1);
    assert.equal(bytesOf("a\n", 2), 3);
  });

  test("line breaks are written back as the file has them", () => {
    assert.deepEqual(breaksOf("a\nb"), { text: "\n", bytes: 1, mixed: false });
    assert.deepEqual(breaksOf("a\r\nb\r\n"), { text: "\r\n", bytes: 2, mixed: false });
    for (const mixed of ["a\r\nb\n", "a\nb\r\n", "a\rb", "a\r\r\nb"]) assert.equal(breaksOf(mixed).mixed, true, JSON.stringify(mixed));
    const index = new ByteIndex(docOf("é\r\nb"), 2);
    assert.equal(index.total, 5);
    assert.deepEqual([0, 2, 3, 4, 5].map((byte) => index.toUnits(byte)), [0, 1, 1, 2, 3]);
  });

  test("a change counts anew what it touches and nothing else is lost", () => {
    const roll = dice(7);
    let text = "💡é\nabc ".repeat(4000);
    const index = new ByteIndex(exact(text));
    for (let round = 0; round < 300; round++) {
      const from = roll(text.length + 1);
      const to = Math.min(text.length, from + roll(round % 10 ? 30 : 9000));
      // Whole characters only, as an editor does it.
      const [start, end] = [from, to].map((at) => (/[\udc00-\udfff]/.test(text[at] ?? "") ? at + 1 : at));
      const insert = ["", "x", "日\n", "💡💡", "y".repeat(roll(6000))][roll(5)];
      text = text.slice(0, start) + insert + text.slice(end);
      index.change(exact(text), start, end, start + insert.length);
      assert.equal(index.total, encoded(text));
      const unit = text.slice(0, roll(text.length + 1)).replace(/[\ud800-\udbff]$/, "").length;
      assert.equal(index.toBytes(unit), encoded(text.slice(0, unit)));
    }
  });
});

describe("the ledger", () => {
  const typed = (ledger, doc, spec) => {
    const changes = ChangeSet.of(spec, doc.length);
    ledger.record(changes);
    return changes.apply(doc);
  };

  test("hands out the edits that make the engine's text the one on the screen, whatever is typed", () => {
    for (const text of ['{"é": 1,\n "b": "💡"}\n', '{"é": 1,\r\n "b": "💡"}\r\n', "a\r\nb\nc\rd\n"]) {
      const breaks = breaksOf(text);
      let doc = breaks.mixed ? exact(text) : docOf(text);
      const ledger = new Ledger(doc, breaks);
      let engine = text;
      const roll = dice(text.length);
      for (let round = 0; round < 200; round++) {
        const from = roll(doc.length + 1);
        const to = Math.min(doc.length, from + roll(4));
        const safe = (at) => (/[\udc00-\udfff]/.test(doc.sliceString(at, at + 1)) ? at + 1 : at);
        const insert = Text.of(["", "ü", "x", "\n", "💡 "][roll(5)].split("\n"));
        doc = typed(ledger, doc, { from: safe(from), to: Math.max(safe(from), safe(to)), insert });
        if (roll(3) === 0) engine = rewritten(engine, ledger.take() ?? []);
      }
      engine = rewritten(engine, ledger.take() ?? []);
      assert.equal(engine, shown(doc, breaks));
      assert.equal(ledger.take(), null);
    }
  });

  test("places of an answer are carried over what was typed since", () => {
    const text = '{"é": "bad"}';
    let doc = exact(text);
    const ledger = new Ledger(doc, breaksOf(text));
    const byte = encoded(text.slice(0, text.indexOf("bad")));
    doc = typed(ledger, doc, { from: 1, insert: Text.of(["日本", "x"]) });
    assert.equal(doc.sliceString(ledger.toScreen(byte, 1), ledger.toScreen(byte + 3)), "bad");
    assert.equal(ledger.toEngine(ledger.toScreen(byte, 1)), byte);
  });

  test("a change the engine has made meets one it has not heard of", () => {
    const text = "alpha beta gamma";
    let doc = exact(text);
    const ledger = new Ledger(doc, breaksOf(text));
    doc = typed(ledger, doc, { from: 6, to: 10, insert: Text.of(["é💡"]) });
    const edits = [{ start: 0, end: 5, text: "A" }, { start: 11, end: 16, text: "Γ" }];
    doc = ledger.accept(edits, (part) => Text.of(part.split("\n"))).apply(doc);
    assert.equal(doc.toString(), "A é💡 Γ");
    const engine = rewritten(rewritten(text, edits), ledger.take());
    assert.equal(engine, doc.toString());
  });

  test("a change nobody has made yet is sent like one that was typed", () => {
    const text = "one two";
    let doc = exact(text);
    const ledger = new Ledger(doc, breaksOf(text));
    doc = typed(ledger, doc, { from: 0, insert: Text.of(["> "]) });
    const changes = ledger.propose([{ start: 4, end: 7, text: "2" }], (part) => Text.of([part]));
    ledger.record(changes);
    doc = changes.apply(doc);
    assert.equal(doc.toString(), "> one 2");
    assert.equal(rewritten(text, ledger.take()), "> one 2");
  });
});

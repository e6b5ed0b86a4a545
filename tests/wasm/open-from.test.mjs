// How the page asks a Jaeger or a Tempo, without a page: tags, TraceQL, answers in both shapes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readTags, search, services, trace, traceQl } from "../../public/open-from.js";
import { IDS, jaeger, tempo } from "../docker/fakes.mjs";

test("tags are read as they are typed", () => {
  assert.deepEqual(readTags('a=1 b.c="x y"  "d e"=f'), [["a", "1"], ["b.c", "x y"], ["d e", "f"]]);
  assert.deepEqual(readTags(""), []);
  for (const wrong of ["a", "a=1 b", "=x", 'a="x']) assert.throws(() => readTags(wrong), /is no tag/, wrong);
});

test("a TraceQL filter holds what was typed as text, whatever is in it", () => {
  assert.equal(traceQl("", [], false), "{  }");
  assert.equal(traceQl('a" || true', [], false), '{ resource.service.name = "a\\" || true" }');
  assert.equal(traceQl("a\\", [["x y", "z"], ["n", "5"]], true), '{ resource.service.name = "a\\\\" && ."x y" = "z" && (.n = 5 || .n = "5") && status = error }');
});

test("who answers is told by the answer", async (t) => {
  const fakes = [await jaeger(), await tempo(), await tempo({ version: 1 })];
  t.after(() => Promise.all(fakes.map((fake) => fake.close())));
  assert.deepEqual(await services(fakes[0].origin), { kind: "Jaeger", services: ["billing", "shop"] });
  for (const fake of fakes.slice(1)) assert.deepEqual(await services(fake.origin), { kind: "Tempo", services: ["shop"] });
  await assert.rejects(services("http://127.0.0.1:9"), /does not answer/);
});

test("a Tempo's list says what it knows, and no more", async (t) => {
  const fakes = [await tempo(), await tempo({ version: 1 })];
  t.after(() => Promise.all(fakes.map((fake) => fake.close())));
  const query = { kind: "Tempo", service: "", seconds: 60, limit: 20, tags: "", errors: false };
  const [newer, older] = await Promise.all(fakes.map(async (fake) => (await search(fake.origin, query, 1_763_800_060_500))[0]));
  const known = { id: IDS.failed, name: "answer a question", service: "shop", start: "2025-11-22T08:26:40.000Z", milliseconds: 1500 };
  assert.deepEqual(newer, { ...known, steps: 2, errors: 1 });
  assert.deepEqual(older, { ...known, steps: null, errors: null });
  assert.deepEqual(fakes[0].asked.at(-1).query, { q: "{  }", limit: "20", start: "1763800000", end: "1763800061" });
});

test("a trace comes in either shape, and one that is not there is told", async (t) => {
  const fakes = [await tempo(), await tempo({ version: 1 }), await jaeger()];
  t.after(() => Promise.all(fakes.map((fake) => fake.close())));
  const kinds = ["Tempo", "Tempo", "Jaeger"];
  const keys = ["trace", "batches", "data"];
  for (const [at, fake] of fakes.entries()) {
    const text = await (await trace(fake.origin, kinds[at], `0x${IDS.failed}`)).text();
    assert.deepEqual(Object.keys(JSON.parse(text)).slice(0, 1), [keys[at]]);
    await assert.rejects(trace(fake.origin, kinds[at], "abc123"), /has no trace abc123/);
    await assert.rejects(trace(fake.origin, kinds[at], "../admin"), /is no trace id/);
  }
});

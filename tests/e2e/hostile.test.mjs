// Files that are broken, huge or meant to harm: the page says what is wrong, does nothing a file tells it to, and works on.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OWN } from "../wasm/fixtures.mjs";
import { setting } from "./page.mjs";

const set = setting();

/** After anything, a good file must open. */
async function worksOn(tools) {
  await tools.drop([{ name: "own.jsonl", text: OWN }]);
  await tools.opened();
  assert.deepEqual(await tools.moment(), [1, 6]);
}

describe("a file that cannot be read", () => {
  const files = {
    "an empty file": { text: "" },
    "a PNG": { bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52] },
    "binary junk": { bytes: Array.from({ length: 4000 }, (_, i) => (i * 7919) % 256) },
    "100,000 levels": { text: "[".repeat(100_000) },
    "a sentence": { text: "The quick brown fox." },
  };
  for (const [what, file] of Object.entries(files)) {
    test(`${what}: a clear message, and the page works on`, async (t) => {
      const { page, tools } = await set.visit(t);
      await tools.drop([{ name: "input.bin", ...file }]);
      await page.getByRole("heading", { name: /Nothing to debug was found in/ }).waitFor();
      await tools.accessible(what);
      await worksOn(tools);
    });
  }

  test("50 MB of one line do not hold the page up", async (t) => {
    const { page, tools } = await set.visit(t);
    const heldUp = await tools.dropMade("line.txt", () => ["a".repeat(50 << 20)]);
    await page.getByRole("heading", { name: /Nothing to debug was found in/ }).waitFor({ timeout: 60_000 });
    const longest = await heldUp();
    assert.ok(longest < 60, `held up for ${longest.toFixed(1)} x a megabyte of JSON`);
    await worksOn(tools);
  });
});

test("thousands of runs in one file: all are there", async (t) => {
  const { page, tools } = await set.visit(t);
  await tools.dropMade("many.jsonl", () => {
    const line = (at) => {
      const id = String(at).padStart(16, "0");
      const span = { traceId: id + id, spanId: id, name: `call ${at}`, startTimeUnixNano: String(at * 1000), endTimeUnixNano: String(at * 1000 + 500) };
      return `${JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })}\n`;
    };
    return Array.from({ length: 4500 }, (_, at) => line(at + 1));
  });
  await tools.opened();
  await page.getByRole("button", { name: "Runs and pipelines: run 1 of 4500" }).click();
  await page.getByRole("searchbox", { name: "Narrow by name" }).fill("call 4500");
  await page.getByRole("button", { name: /^call 4500 / }).click();
  await page.getByRole("button", { name: "Runs and pipelines: run 4500 of 4500" }).waitFor();
});

describe("values", () => {
  test("are text: no element, no script, no address of a file is followed", async (t) => {
    const { page, tools, requests } = await set.visit(t);
    await tools.gallery().first().waitFor();
    await page.evaluate(() => (window.alert = () => (window.alerted = true)));
    const before = requests().length;
    const evil = '<img src=x onerror="alert(1)"><script>alert(1)</script>[a](javascript:alert(1)) ![b](https://example.com/x.png) <a href="javascript:alert(1)">c</a>';
    const image = { type: "image_url", image_url: { url: "https://example.com/y.png" } };
    const lines = [
      { chaindebug: 1, run: { name: evil } },
      { id: "1", name: evil, kind: "llm", input: { [evil]: evil, list: [evil] }, output: `# ${evil}\n\n${evil}\n\n| a |\n|---|\n| ${evil} |`, error: { type: evil, message: evil, stack: evil }, attributes: { [evil]: evil } },
      { id: "2", parent: "1", name: "talk", kind: "llm", messages: [{ role: "user", content: [{ type: "text", text: evil }, image] }, { role: "assistant", content: evil }] },
    ];
    await tools.drop([{ name: `${evil}.jsonl`.replaceAll("/", "∕"), text: lines.map((line) => JSON.stringify(line)).join("\n") }]);
    await tools.opened();
    for (const key of ["1", "2", "3", "4"]) {
      await tools.press(key);
      await page.waitForTimeout(100);
    }
    const tabs = page.getByRole("tablist", { name: "What to show of the step" }).getByRole("tab");
    for (let i = 0; i < (await tabs.count()); i++) {
      await tabs.nth(i).click();
      await page.waitForTimeout(60);
    }
    const found = await page.evaluate(() => ({
      alerted: window.alerted === true,
      images: [...document.querySelectorAll("img")].map((image) => image.src).filter((src) => !/^(data|blob):/.test(src)),
      scripts: [...document.querySelectorAll("body script:not([src])")].length,
      links: [...document.querySelectorAll("a[href]")].map((link) => link.protocol).filter((protocol) => !/^(https?|mailto):$/.test(protocol)),
      unsafe: [...document.querySelectorAll('a[href^="http"]')].filter((link) => !/noopener/.test(link.rel) || !/noreferrer/.test(link.rel)).length,
    }));
    assert.deepEqual(found, { alerted: false, images: [], scripts: 0, links: [], unsafe: 0 });
    assert.deepEqual(requests().slice(before), []);
  });

  test("of 20 MB open without holding the page up", async (t) => {
    const { page, tools } = await set.visit(t);
    const heldUp = await tools.dropMade("big.jsonl", () => {
      const item = '{"id":9007199254740993,"text":"a line of the value that is not short"},';
      return ['{"chaindebug":1}\n{"name":"big","input":[', item.repeat(280_000), "null]}\n"];
    });
    await tools.opened();
    await page.getByRole("tab", { name: /Input/ }).click();
    await page.getByText("9007199254740993").first().waitFor({ timeout: 30_000 }).catch(() => page.getByText(/280,001|280001/).first().waitFor());
    await tools.press("n", 2);
    const longest = await heldUp();
    assert.ok(longest < 60, `held up for ${longest.toFixed(1)} x a megabyte of JSON`);
  });
});

describe("a crash of the engine", () => {
  test("shows a notice, and the file can be opened again", async (t) => {
    const { page, tools } = await set.visit(t, { expectProblems: true });
    // An engine that traps when the cursor is sent to the end.
    await page.route(/engine-worker/, async (route) => {
      const response = await route.fetch();
      const trap = `
        { const ask = traceEngine.Engine.prototype.ask;
          traceEngine.Engine.prototype.ask = function (text) {
            if (text.includes('"do":"last"')) throw new WebAssembly.RuntimeError("unreachable");
            return ask.call(this, text); };
          traceEngine.panicMessage = () => "panicked: a test"; }\n`;
      await route.fulfill({ response, body: trap + (await response.text()) });
    });
    await page.reload();
    await tools.started();
    await tools.drop([{ name: "own.jsonl", text: OWN }]);
    await tools.opened();
    await tools.press("End");
    await page.getByRole("heading", { name: "The engine crashed" }).waitFor();
    await page.getByText("panicked: a test").waitFor();
    await tools.accessible("crashed");
    await page.getByRole("button", { name: "Open again" }).click();
    await page.getByRole("heading", { name: "The engine crashed" }).waitFor({ state: "detached" });
    await tools.opened();
    await tools.press("n", 2);
  });
});

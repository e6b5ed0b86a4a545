// The main job: a file goes in, the flowchart appears, and somebody walks through the run.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { JAEGER, OWN, otlpRun } from "../wasm/fixtures.mjs";
import { SIZES, sample, setting } from "./page.mjs";

const set = setting();

describe("getting a file in", () => {
  test("every sample of the gallery opens, and nothing is asked of anybody else", async (t) => {
    const { page, tools, requests } = await set.visit(t);
    const manifest = JSON.parse(readFileSync(sample("manifest.json"), "utf8"));
    await tools.gallery().first().waitFor();
    assert.equal(await tools.gallery().count(), manifest.samples.length);
    for (const { title } of manifest.samples) {
      await tools.gallery().filter({ hasText: title }).click();
      await page.getByRole("tab", { name: /^(Flow|This run)$/ }).waitFor();
      await page.locator("button.brand").click();
      await tools.gallery().first().waitFor();
    }
    const outside = requests().filter((url) => !url.startsWith(set.site.url));
    assert.deepEqual(outside, []);
  });

  test("a dropped file is read here: no request at all leaves the page", async (t) => {
    const { tools, requests, full } = await set.visit(t);
    await tools.gallery().first().waitFor();
    const before = requests().length;
    await tools.drop([{ name: "own.jsonl", text: OWN }]);
    await tools.opened();
    for (const key of ["n", "n", "e", "2", "3", "4", "1"]) await tools.press(key);
    assert.deepEqual(requests().slice(before), []);
    assert.deepEqual(full(), []);
  });

  test("the full engine is fetched when a file needs it, once", async (t) => {
    const { page, tools, full } = await set.visit(t);
    await tools.drop([{ name: "own.jsonl", text: OWN }]);
    await tools.opened();
    assert.deepEqual(full(), []);
    const pipeline = (name) => JSON.stringify({ name, steps: [{ id: "a", name: "a", step_class: "A", module: "m" }], flow: { start_at: "a", paths: [{ from: "a", to: "end" }] } });
    for (const name of ["first", "second"]) {
      await tools.drop([{ name: `${name}.json`, text: pipeline(name) }]);
      await page.getByRole("button", { name: new RegExp(`${name}.json`) }).first().waitFor();
      const files = full().map((url) => new URL(url).pathname.split("/").pop());
      assert.deepEqual([...new Set(files)].sort(), ["chaindebug-wasm.js", "chaindebug-wasm_bg.wasm"]);
      assert.equal(files.filter((file) => file.endsWith(".wasm")).length, 1);
    }
  });

  test("a file dropped before the page has started opens when it has", async (t) => {
    const { page, tools } = await set.visit(t);
    // What is still being fetched would be broken off by the reload.
    await page.waitForLoadState("networkidle");
    let start;
    const held = new Promise((wake) => (start = wake));
    await page.route(/_bg\.wasm/, async (route) => {
      await held;
      await route.continue();
    });
    // The page's module is held until the file has been dropped, and with it the load event.
    await page.reload({ waitUntil: "commit" });
    await page.waitForFunction(() => globalThis.chaindebugEditor);
    await tools.drop([{ name: "own.jsonl", text: OWN }]);
    await page.getByText("own.jsonl opens then").waitFor();
    start();
    await tools.opened();
  });

  test("pasted text opens", async (t) => {
    const { tools } = await set.visit(t);
    await tools.paste(JAEGER);
    await tools.opened();
    assert.deepEqual(await tools.moment(), [1, 4]);
  });

  test("the open dialog takes several files, and they can be switched", async (t) => {
    const { page, tools } = await set.visit(t);
    const chosen = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: /Open file…/ }).first().click();
    await (await chosen).setFiles([sample("six-refunds.otlp.jsonl"), sample("eleven-wait.jaeger.json")]);
    await tools.opened();
    await page.getByRole("button", { name: /^File/ }).click();
    const entry = (name) => page.locator(".menu-item, [role=menuitem], [role=option], li button").filter({ hasText: name }).first();
    await entry("six-refunds").click();
    await page.getByText("six-refunds.otlp.jsonl").first().waitFor();
  });

  test("a file beside the page opens by its address, and survives a reload", async (t) => {
    const { page, tools } = await set.visit(t, { hash: "#v=1&open=samples/six-refunds.otlp.jsonl" });
    await tools.opened();
    await tools.press("n", 2);
    await tools.press("n", 3);
    await page.waitForFunction(() => location.hash.includes("at="));
    const hash = await page.evaluate(() => location.hash);
    await page.reload();
    await tools.opened();
    await page.waitForFunction(() => document.querySelector('[role="slider"]')?.ariaValueNow === "3");
    assert.equal(await page.evaluate(() => location.hash), hash);
  });

  test("opening can be cancelled", async (t) => {
    const { page, tools } = await set.visit(t);
    await tools.dropMade("big.jsonl", () => {
      const line = `${JSON.stringify({ name: "step", kind: "tool", input: "x".repeat(2000) })}\n`;
      return ['{"chaindebug":1}\n', ...Array.from({ length: 200 }, () => line.repeat(1000))];
    });
    await page.getByRole("button", { name: /Cancel/ }).click();
    await tools.gallery().first().waitFor();
    await tools.drop([{ name: "own.jsonl", text: OWN }]);
    await tools.opened();
    assert.deepEqual(await tools.moment(), [1, 6]);
  });
});

describe("stepping", () => {
  test("by keys, through every move and back", async (t) => {
    const { tools } = await set.visit(t);
    await tools.drop([{ name: "own.jsonl", text: OWN }]);
    await tools.opened();
    assert.deepEqual(await tools.moment(), [1, 6]);
    for (const [key, moment] of [["n", 2], ["n", 3], ["b", 2], ["v", 3], ["v", 4], ["v", 5], ["Shift+V", 4], ["Home", 1], ["i", 2], ["o", 6], ["End", 6], ["Shift+E", 5], ["Home", 1], ["e", 5]]) {
      await tools.press(key, moment);
    }
    assert.match(await tools.spoken(), /refund.*error/);
  });

  test("letters do nothing while somebody types", async (t) => {
    const { page, tools } = await set.visit(t);
    await tools.drop([{ name: "own.jsonl", text: OWN }]);
    await tools.opened();
    await tools.press("/");
    await page.keyboard.type("none");
    assert.deepEqual(await tools.moment(), [1, 6]);
    assert.equal(await page.getByRole("searchbox").first().inputValue(), "none");
  });

  test("the inspector shows what went in and what went wrong", async (t) => {
    const { page, tools } = await set.visit(t);
    await tools.drop([{ name: "own.jsonl", text: OWN }]);
    await tools.opened();
    await tools.press("e", 5);
    await page.getByText("No refund without a receipt").first().waitFor();
    await page.getByRole("tab", { name: /Input/ }).click();
    await page.getByText("<img src=x onerror=alert(1)>").first().waitFor();
  });

  test("the conversation shows the call and its arguments", async (t) => {
    const { page, tools } = await set.visit(t);
    await tools.openSample("Six refunds");
    await tools.press("3");
    await page.getByText("refund_order").first().waitFor();
  });

  test("search finds names and values, and leads to them", async (t) => {
    const { page, tools } = await set.visit(t);
    await tools.drop([{ name: "own.jsonl", text: OWN }]);
    await tools.opened();
    await page.keyboard.press("Control+f");
    await page.keyboard.type("receipt");
    await page.locator(".hit").first().waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("No refund without a receipt").first().waitFor();
  });

  test("problems are listed with their places", async (t) => {
    const { page, tools } = await set.visit(t);
    await tools.drop([{ name: "half.json", text: otlpRun(50).slice(0, 9000) }]);
    await tools.opened();
    await page.locator(".foot-problems").click();
    await page.getByRole("region", { name: "Problems" }).getByText(/line \d+|\d+:\d+/i).first().waitFor();
  });

  test("more of the same trace joins it", async (t) => {
    const { page, tools } = await set.visit(t);
    const whole = JSON.parse(otlpRun(6));
    const spans = whole.resourceSpans[0].scopeSpans[0].spans;
    const part = (some) => JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: some }] }] });
    await tools.drop([{ name: "one.json", text: part(spans.slice(0, 3)) }]);
    await tools.opened();
    assert.deepEqual(await tools.moment(), [1, 6]);
    await tools.drop([{ name: "two.json", text: part(spans.slice(3)) }]);
    await page.waitForFunction(() => document.querySelector('[role="slider"]')?.ariaValueMax === "14");
    await page.getByText(/join/i).first().waitFor();
  });
});

describe("a conversation", () => {
  test("has its lists as lists, and as wide as what stands around them", async (t) => {
    const { page, tools } = await set.visit(t);
    const content = "First:\n\n- read `config.toml` and the tests beside it\n- run **all** of them\n\n## Then\n\n1. mend the first";
    await tools.drop([{ name: "talk.json", text: JSON.stringify([{ role: "user", content: "Mend it." }, { role: "assistant", content }]) }]);
    await tools.opened();
    await tools.press("3");
    const items = page.locator(".message .markdown li");
    await items.nth(2).waitFor();
    for (const item of await items.all()) assert.equal(await item.evaluate((item) => getComputedStyle(item).display), "list-item");
    const { width } = await items.first().boundingBox();
    assert.ok(width > 400, `a line of ${width} px`);
  });
});

describe("names without an end", () => {
  const long = "a_name_without_a_single_space_".repeat(6);
  const lines = (which) =>
    [
      { chaindebug: 1, run: { id: `${long}${which}`, name: long } },
      { id: "1", name: `agent_${long}`, kind: "agent", input: { [long]: long }, output: long, attributes: { [long]: long } },
      { id: "2", parent: "1", name: `llm_${long}`, kind: "llm", model: `${long}${which}`, usage: { input_tokens: 123456789, output_tokens: 987654321 }, events: [{ name: long, time: "2025-11-22T10:00:00Z", attributes: { [long]: long } }], messages: [{ role: "user", content: `${long}\n\n- ${long}\n\n| ${long} | b |\n|---|--:|\n| c | d |` }, { role: "assistant", content: [{ type: "tool_use", id: "t", name: long, input: { [long]: long } }] }, { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: long }] }] },
      { id: "3", parent: "1", name: `tool_${long}`, kind: "tool", status: "error", error: { type: long, message: long, stack: `${long}\n${long}` }, input: `${long}${which}` },
    ].map((line) => JSON.stringify(line)).join("\n");
  const pipeline = {
    name: long,
    version: "1",
    parameters: [{ name: long, schema: { type: "string", enum: [long] }, required: true }],
    steps: [long, "b"].map((id) => ({ id, name: long, step_class: long, module: long })),
    flow: { start_at: long, paths: [{ from: long, to: "b", condition: { type: "expression", config: { source: `${long}.${long}`, operator: "equals", value: long } } }] },
  };
  for (const [width, size] of Object.entries(SIZES)) {
    test(`stay inside their panels, ${width}`, async (t) => {
      const { page, tools } = await set.visit(t, { size });
      await tools.drop([{ name: `${long}.jsonl`, text: lines("a") }]);
      await tools.opened();
      for (const key of ["n", "1", "2", "3", "4", "1", "n", "n", "n"]) {
        await tools.press(key);
        await page.waitForTimeout(100);
        await tools.fits(`after ${key}`);
      }
      await tools.drop([{ name: "pipeline.json", text: JSON.stringify(pipeline) }]);
      await page.getByText(/^⊣ dead end/).first().waitFor({ state: "attached" });
      await tools.fits("pipeline");
      await page.reload();
      await tools.started();
      await tools.drop([{ name: "a.jsonl", text: lines("a") }, { name: "b.jsonl", text: lines("b") }]);
      await page.getByRole("group", { name: "Move both cursors" }).waitFor();
      await tools.fits("two runs");
    });
  }
});

describe("each view", () => {
  const views = { Flow: "1", Timeline: "2", Chat: "3", Table: "4" };
  for (const theme of ["light", "dark"]) {
    for (const [width, size] of Object.entries(SIZES)) {
      test(`is accessible and fits, ${theme}, ${width}`, async (t) => {
        const { page, tools } = await set.visit(t, { size, theme });
        await tools.gallery().first().waitFor();
        await tools.accessible("start page");
        await tools.fits("start page");
        await tools.openSample("Six refunds");
        await tools.press("e");
        for (const [view, key] of Object.entries(views)) {
          await tools.press(key);
          await page.waitForTimeout(150);
          await tools.accessible(view);
          await tools.fits(view);
        }
        if (width === "narrow") {
          for (const pane of ["Steps", "Inspector"]) {
            await page.getByRole("tab", { name: pane }).click();
            await tools.accessible(pane);
            await tools.fits(pane);
          }
        }
        await page.keyboard.press("?");
        await page.getByRole("dialog").waitFor();
        await tools.accessible("help");
        await page.keyboard.press("Escape");
      });
    }
  }
});

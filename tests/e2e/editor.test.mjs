// The text of a pipeline beside its chart: typing, findings and their fixes, undo, changes made on the chart, saving.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SIZES, setting, settled } from "./page.mjs";

const set = setting();

/** A pipeline of ours, with fields nobody knows and letters of more than one byte before everything that changes. */
const PIPELINE = `{
  "name": "Prüfung 💡",
  "version": "1.0.0",
  "x_team": { "owner": "日本", "pager": 7 },
  "steps": [
    {
      "id": "draft",
      "name": "Draft",
      "step_class": "DraftStep",
      "module": "news.draft",
      "x_cost": 1.50,
      "config": {}
    },
    { "id": "check",   "name": "Check", "step_class": "CheckStep", "module": "news.check", "config": {} },
    { "id": "publish", "name": "Publish", "step_class": "PublishStep", "module": "news.publish", "config": {} }
  ],
  "flow": {
    "start_at": "draft",
    "paths": [
      { "from": "draft", "to": "check", "condition": { "type": "always" }, "x_note": "kept" },
      { "from": "check", "to": "publish", "condition": { "type": "expression", "config": { "source": "score", "operator": "greater_than", "value": 2 } } },
      { "from": "publish", "to": "end_with_success", "condition": { "type": "always" } }
    ]
  }
}
`;

/** What a test does with the editor. */
function editor(page) {
  const content = page.locator(".cm-content");
  return {
    content,

    /** The text as a save would write it: downloaded, because no dialog can be answered here. */
    async saved() {
      await page.evaluate(() => delete window.showSaveFilePicker);
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "Save", exact: true }).click();
      const file = await (await download).createReadStream();
      const parts = [];
      for await (const part of file) parts.push(part);
      return Buffer.concat(parts).toString();
    },

    /** Puts the caret behind the first place where `text` stands, by way of the editor's own search. */
    async find(text) {
      await content.focus();
      await page.keyboard.press("Control+Home");
      await page.keyboard.press("Control+f");
      await page.keyboard.press("Control+a");
      await page.keyboard.type(text);
      await page.keyboard.press("Enter");
      await page.keyboard.press("Escape");
      await content.focus();
    },

    /** Replaces the first place where `from` stands, at once: a quote that is typed over a selection goes around it. */
    async type(from, to) {
      await this.find(from);
      await page.keyboard.insertText(to);
    },

    finding: (text) => page.locator(".finding").filter({ hasText: text }),
    edited: () => page.locator(".bottom-text").getByText("edited", { exact: true }),
    chart: (text) => page.locator(".flow-port").getByText(text).first(),
  };
}

async function open(t, options = {}) {
  const visit = await set.visit(t, options);
  // Leaving a text that was changed asks first; nobody is here to answer.
  visit.page.on("dialog", (dialog) => dialog.accept());
  await visit.tools.gallery().first().waitFor();
  const before = visit.requests().length;
  await visit.tools.drop([{ name: "review.json", text: options.text ?? PIPELINE }]);
  const text = editor(visit.page);
  if (options.size !== SIZES.narrow) await text.content.waitFor();
  return { ...visit, text, asked: () => visit.requests().slice(before) };
}

describe("a pipeline's text", () => {
  test("a broken operator is found while typing, its fix applied by keyboard, and taken back", async (t) => {
    const { page, text, asked } = await open(t);
    await text.type('"greater_than"', '">="');
    await text.finding(">=").first().waitFor();
    await page.locator(".cm-lintRange").first().waitFor();
    await text.edited().waitFor();
    // The caret stands behind the operator: the fix there.
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Control+.");
    await text.finding(">=").first().waitFor({ state: "detached" });
    const fixed = await text.saved();
    assert.doesNotMatch(fixed, /">="/);
    assert.deepEqual(JSON.parse(fixed).x_team, { owner: "日本", pager: 7 });
    // One step back: the broken operator again, as it was typed.
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await text.finding(">=").first().waitFor();
    assert.match(await text.saved(), /"operator": ">="/);
    assert.deepEqual(asked(), []);
  });

  test("letters belong to the text, and the chart follows it", async (t) => {
    const { page, text } = await open(t);
    await text.type('"name": "Draft"', '"name": "Entwürfe"');
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.type(" n 1 ?");
    await text.chart("Entwürfe n 1 ?").waitFor();
    assert.equal(await page.getByRole("dialog").count(), 0);
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    await text.chart("Draft").waitFor();
  });

  test("format keeps every value and every key in its order, and is one step to take back", async (t) => {
    const { page, text } = await open(t);
    await page.getByRole("button", { name: "Format", exact: true }).click();
    await text.edited().waitFor();
    const formatted = await text.saved();
    assert.notEqual(formatted, PIPELINE);
    assert.deepEqual(JSON.parse(formatted), JSON.parse(PIPELINE));
    assert.match(formatted, /"x_cost": 1\.50/);
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    assert.equal(await text.saved(), PIPELINE);
  });

  test("a step renamed on the chart changes its names and nothing else", async (t) => {
    const { page, text } = await open(t);
    await page.getByRole("button", { name: "Edit on chart" }).click();
    // The box lies over its name.
    await text.chart("Check").click({ force: true });
    await page.getByRole("button", { name: "Rename", exact: true }).click();
    await page.getByRole("textbox", { name: "New id" }).fill("prüfen");
    await page.keyboard.press("Enter");
    await text.edited().waitFor();
    const renamed = PIPELINE.replaceAll('"check"', '"prüfen"');
    assert.equal(await text.saved(), renamed);
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    assert.equal(await text.saved(), PIPELINE);
  });

  test("two steps are connected by keyboard alone", async (t) => {
    const { page, text } = await open(t);
    await page.getByRole("button", { name: "Edit on chart" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Connect", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("combobox", { name: "From" }).selectOption("check");
    await page.getByRole("combobox", { name: "To" }).selectOption("draft");
    await page.getByRole("button", { name: "Connect", exact: true }).last().focus();
    await page.keyboard.press("Enter");
    await text.edited().waitFor();
    const paths = JSON.parse(await text.saved()).flow.paths;
    assert.ok(paths.some(({ from, to }) => from === "check" && to === "draft"), JSON.stringify(paths));
  });

  test("edges change their order on the chart, each as it is written, and Ctrl Z works there too", async (t) => {
    const second = '{ "from": "draft", "to": "publish", "x_why": "kept" }';
    const first = '{ "from": "draft", "to": "check", "condition": { "type": "always" }, "x_note": "kept" }';
    const before = PIPELINE.replace(first, `${first},\n      ${second}`);
    const { page, text } = await open(t, { text: before });
    await page.getByRole("button", { name: "Edit on chart" }).click();
    await text.chart("Draft").click({ force: true });
    await page.getByRole("button", { name: "Edges…" }).click();
    await page.getByRole("button", { name: "Later: the edge to check" }).click();
    await page.locator(".out-row").first().getByText("publish").waitFor();
    await page.keyboard.press("Escape");
    await text.edited().waitFor();
    assert.equal(await text.saved(), PIPELINE.replace(first, `${second},\n      ${first}`));
    await page.locator(".flow-port").focus();
    await page.keyboard.press("Control+z");
    await text.edited().waitFor();
    assert.equal(await text.saved(), before);
  });

  test("a new step is chosen in the chart, and its text is in sight", async (t) => {
    const { page, text } = await open(t);
    await page.getByRole("button", { name: "Edit on chart" }).click();
    await text.chart("Check").click({ force: true });
    await page.getByRole("button", { name: "Add step" }).click();
    await page.getByRole("textbox", { name: "Id" }).fill("verify");
    await page.keyboard.press("Enter");
    await page.locator(".chart-hint", { hasText: "verify" }).waitFor();
    await page.locator(".cm-here", { hasText: "verify" }).first().waitFor();
  });

  test("the condition builder says what the engine ignores, and replaces it", async (t) => {
    const ignored = PIPELINE.replace('"type": "expression", "config": {', '"type": "field_equals", "config": {');
    const { page, text } = await open(t, { text: ignored });
    await text.find('"field_equals"');
    await page.getByRole("button", { name: "Condition builder" }).click();
    await page.getByText(/does not evaluate conditions of the type/).waitFor();
    await page.getByRole("button", { name: "Write the condition" }).click();
    await text.edited().waitFor();
    assert.equal(await text.saved(), PIPELINE);
  });

  test("the condition builder writes what the engine evaluates", async (t) => {
    const { page, text } = await open(t);
    await text.find('"operator"');
    await page.waitForTimeout(300);
    await page.getByRole("button", { name: "Condition builder" }).click();
    const edge = page.getByRole("combobox", { name: "Edge" });
    assert.match(await edge.evaluate((menu) => menu.selectedOptions[0].textContent), /check → publish/);
    await page.getByRole("combobox", { name: "Operator" }).selectOption("equals");
    await page.getByRole("textbox", { name: "Value" }).fill("approve");
    await page.getByText("Written as").getByText('"approve"').waitFor();
    await page.getByRole("button", { name: "Write the condition" }).click();
    await text.edited().waitFor();
    const [, second] = JSON.parse(await text.saved()).flow.paths;
    assert.deepEqual(second.condition.config, { source: "score", operator: "equals", value: "approve" });
  });

  test("a damaged text says where, and the last good chart stays", async (t) => {
    const { page, text } = await open(t);
    await text.type('"x_note": "kept"', '"x_note" "kept"');
    const damage = page.locator(".editor-damage");
    await damage.filter({ hasText: "line 20" }).waitFor();
    await text.chart("Publish").waitFor();
    await page.getByRole("button", { name: "Go to line 20" }).click();
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await damage.waitFor({ state: "detached" });
  });

  test("a text that was typed fast reaches the engine whole, carriage returns and all", async (t) => {
    const { page, text } = await open(t, { text: PIPELINE.replaceAll("\n", "\r\n") });
    await text.find('"version": "1.0.0"');
    await page.keyboard.press("ArrowRight");
    await page.keyboard.type(',\n"x_a": "é💡", "x_b": [1, 2, 3], "x_c": {"d": "e"}', { delay: 1 });
    await page.keyboard.type(" ");
    await text.edited().waitFor();
    const saved = await text.saved();
    assert.doesNotMatch(saved, /[^\r]\n/);
    const asked = JSON.parse(saved);
    assert.deepEqual([asked.x_a, asked.x_b, asked.x_c], ["é💡", [1, 2, 3], { d: "e" }]);
    assert.equal(await page.locator(".editor-damage").count(), 0);
  });

  test("is written back to the file that was dropped, where the browser lets us", async (t) => {
    const { page, tools, text } = await open(t);
    await page.evaluate(() => {
      // A file on the disk as the browser would hand it out.
      window.written = [];
      DataTransferItem.prototype.getAsFileSystemHandle = async () => ({
        kind: "file",
        requestPermission: async () => "granted",
        createWritable: async () => ({ write: async (part) => window.written.push(part), close: async () => {} }),
      });
    });
    await tools.drop([{ name: "other.json", text: PIPELINE.replace("Prüfung", "Andere") }]);
    await page.locator(".editor-name", { hasText: "other.json" }).waitFor();
    await text.content.waitFor();
    await text.type('"1.0.0"', '"1.0.1"');
    await text.edited().waitFor();
    await page.keyboard.press("Control+s");
    await text.edited().waitFor({ state: "detached" });
    assert.deepEqual(await page.evaluate(() => window.written), [PIPELINE.replace("Prüfung", "Andere").replace("1.0.0", "1.0.1")]);
  });

  test("10,000 steps stay fluent", async (t) => {
    const steps = Array.from({ length: 10_000 }, (_, i) => `    { "id": "s${i}", "name": "Step ${i}", "step_class": "S", "module": "m.s", "config": { "note": "${"x".repeat(60)}" } }`);
    const paths = Array.from({ length: 9_999 }, (_, i) => `      { "from": "s${i}", "to": "s${i + 1}", "condition": { "type": "always" } }`);
    const big = `{\n  "name": "big",\n  "steps": [\n${steps.join(",\n")}\n  ],\n  "flow": { "start_at": "s0", "paths": [\n${paths.join(",\n")}\n  ] }\n}\n`;
    const { page, text, tools } = await open(t, { text: big });
    await page.waitForTimeout(3000);
    await text.find('"name": "big"');
    await page.keyboard.press("ArrowLeft");
    const heldUp = await tools.heldUp();
    await page.keyboard.type("nnnnnnnnnn", { delay: 30 });
    await text.edited().waitFor();
    const longest = await heldUp();
    t.diagnostic(`held up while typing: ${longest.toFixed(1)} x a megabyte of JSON`);
    assert.ok(longest < 30, `held up for ${longest.toFixed(1)} x a megabyte of JSON`);
  });
});

describe("findings and text", () => {
  test("a finding leads to its place in the text, which stays in sight, and to its step in the chart", async (t) => {
    const { page, text } = await open(t, { text: PIPELINE.replace("greater_than", ">=") });
    await text.finding(">=").first().click({ position: { x: 60, y: 8 } });
    await page.locator(".cm-here").first().waitFor();
    const line = page.locator(".cm-activeLine", { hasText: '">="' });
    // What follows from the choice has arrived by then.
    await page.waitForTimeout(900);
    const [seen, port] = [await settled(line), await page.locator(".editor-body").boundingBox()];
    assert.ok(seen.y >= port.y && seen.y + seen.height <= port.y + port.height, JSON.stringify({ seen, port }));
  });

  test("the file as each of three readers takes it, and a loader to run with", async (t) => {
    const { page } = await open(t);
    await page.getByRole("tab", { name: /^Readers/ }).click();
    assert.equal(await page.locator(".reading").count(), 3);
    await page.getByRole("button", { name: "Run with this" }).click();
    const loader = page.getByRole("combobox", { name: "Loader that reads the file" });
    await page.waitForFunction(() => document.querySelectorAll(".reading-choose .chip").length === 1);
    const chosen = await page.locator(".reading", { has: page.locator(".chip") }).locator("b").first().textContent();
    assert.equal(await loader.evaluate((menu) => menu.selectedOptions[0].textContent), chosen);
  });

  for (const theme of ["light", "dark"]) {
    for (const [width, size] of Object.entries(SIZES)) {
      test(`are accessible and fit, ${theme}, ${width}`, async (t) => {
        const { page, tools } = await open(t, { size, theme, text: PIPELINE.replace("greater_than", ">=") });
        const narrow = page.getByRole("tab", { name: /^(Findings|Text)$/ });
        if (width === "narrow") {
          await narrow.first().click();
        }
        await page.locator(".finding").first().waitFor();
        await tools.accessible("findings");
        await tools.fits("findings");
        await page.getByRole("tab", { name: /^Validator/ }).click();
        await tools.accessible("validator");
        await tools.fits("validator");
        await page.getByRole("tab", { name: /^Readers/ }).click();
        await tools.accessible("readers");
        await tools.fits("readers");
        await page.getByRole("tab", { name: /^Scenarios/ }).click();
        await tools.accessible("scenarios");
        if (width === "narrow") {
          await narrow.last().click();
          await page.locator(".cm-content").waitFor();
          await tools.accessible("text");
          await tools.fits("text");
        }
        await page.getByRole("button", { name: "Condition builder" }).click();
        await page.getByRole("dialog").waitFor();
        await tools.accessible("condition builder");
        await tools.fits("condition builder");
      });
    }
  }
});

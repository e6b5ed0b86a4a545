// The project's own documentation: it builds strictly, asks nobody else for anything, is accessible, and its tours lead
// where they say they do.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { serve } from "../support/serve.mjs";
import { accessible, browsing, found, shown } from "./pages.mjs";
import { ownDocs } from "./site.mjs";

/** How much was heard, once nothing more comes: an embed opens at its first moment and goes to its step then, and tells both. */
async function quiet(page, heard) {
  let before = -1;
  for (let now = await heard(); now !== before; now = await heard()) {
    before = now;
    await page.waitForTimeout(600);
  }
  return before;
}

describe("the documentation", () => {
  const browser = browsing();
  let host;
  let folder;
  before(async () => {
    folder = ownDocs();
    host = await serve({ root: folder, path: "/some/path/" });
  });
  after(() => host?.close());
  const at = (page) => `${host.url}docs/${page}`;

  test("has an embed on every page, one for every format among them", () => {
    const pages = readdirSync(join(folder, "docs"), { recursive: true }).filter((name) => name.endsWith("index.html") && !name.startsWith("assets"));
    assert.ok(pages.filter((name) => name.startsWith("formats/")).length > 60, pages.join());
    for (const name of pages) assert.match(readFileSync(join(folder, "docs", name), "utf8"), /<chain-debug [^>]*id="/, name);
  });

  test("uses the files of the app, and asks nobody else for anything", async (t) => {
    const { page, requests } = await browser.visit(t, at(""));
    await shown(page, "chain-debug-1");
    assert.ok(requests.includes(`${host.url}chain-debug.js`));
    assert.ok((await found(page, "redaction")).includes("Hand a run on"));
    assert.deepEqual(requests.filter((url) => !/^(blob|data):/.test(url) && !url.startsWith(host.url)), []);
    // The button leads to the app itself.
    assert.equal(await page.locator("a.md-button").evaluate((link) => link.href), host.url);
  });

  for (const [width, colorScheme] of [[1440, "light"], [1440, "dark"], [400, "light"]]) {
    test(`is accessible and fits at ${width} px, ${colorScheme}`, { timeout: 300_000 }, async (t) => {
      const { page } = await browser.visit(t, at(""), { size: { width, height: 900 }, colorScheme });
      for (const name of ["", "guide/find-the-step/", "mkdocs/", "formats/", "formats/otlp-json/"]) {
        await page.goto(at(name));
        const first = await page.locator("chain-debug").first().getAttribute("id", { timeout: 1000 }).catch(() => undefined);
        if (first) {
          await page.evaluate((id) => document.getElementById(id).start(), first);
          await shown(page, first);
        }
        await accessible(page, name || "the first page");
        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(over <= 0, `${name} is ${over} px wider than the window`);
      }
    });
  }

  test("has tours whose every stop moves the cursor there, by keyboard alone", { timeout: 300_000 }, async (t) => {
    const { page } = await browser.visit(t, at("guide/find-the-step/"), { reducedMotion: "reduce" });
    const ids = await page.locator("chain-debug-tour[data-tour]").evaluateAll((tours) => tours.map((tour) => tour.dataset.for));
    assert.deepEqual(ids, ["refunds"]);
    for (const id of ids) {
      await page.evaluate((id) => document.getElementById(id).start(), id);
      await shown(page, id);
      const tour = page.locator(`chain-debug-tour[data-for="${id}"]`);
      const stops = await page.locator(`[data-chaindebug-stop="${id}"]`).evaluateAll((all) => all.map(({ dataset }) => dataset.id));
      assert.ok(stops.length >= 5 && stops.every(Boolean));
      await tour.getByRole("button", { name: "Next" }).focus();
      for (const [index, step] of stops.entries()) {
        await page.keyboard.press("Enter");
        await page.waitForFunction(([id, step]) => globalThis.heard[id].step?.at(-1)?.id === step, [id, step]);
        assert.match(await tour.getByRole("status").innerText(), new RegExp(`Stop ${index + 1} of ${stops.length}`));
        assert.equal(await page.locator(`[data-chaindebug-stop="${id}"][aria-current]`).getAttribute("data-id"), step);
      }
    }
  });

  test("moves the cursor as a tour is read, until somebody takes over", { timeout: 300_000 }, async (t) => {
    const { page } = await browser.visit(t, at("guide/find-the-step/"), { reducedMotion: "no-preference" });
    await shown(page, "refunds");
    const follow = page.getByRole("button", { name: "Follow the text" });
    assert.equal(await follow.getAttribute("aria-pressed"), "true");
    const steps = () => page.evaluate(() => globalThis.heard.refunds.step.map(({ name }) => name));
    const before = await quiet(page, async () => (await steps()).length);
    // By the wheel over the text: nothing holds it back.
    await page.mouse.move(700, 850);
    let scrolled = 0;
    while (!(await steps()).includes("execute_tool add_note")) {
      assert.ok((scrolled += 60) < 4000, `the last stop was not reached: ${await steps()}`);
      const y = await page.evaluate(() => scrollY);
      await page.mouse.wheel(0, 60);
      await page.waitForFunction((y) => scrollY > y, y).catch(() => assert.fail(`the page did not scroll at ${y}`));
      await page.waitForTimeout(300);
    }
    const walked = (await steps()).slice(before).filter((name, index, all) => name !== all[index - 1]);
    assert.deepEqual([walked[0], walked.at(-1)], ["execute_tool search_docs", "execute_tool add_note"]);
    assert.ok(walked.includes("execute_tool refund_order"));

    // Somebody steps in the embed itself: scrolling moves nothing from now on.
    await page.locator("#refunds").evaluate((element) => element.go({ move: "first" }));
    await page.waitForFunction(() => globalThis.heard.refunds.step.at(-1).name === "invoke_agent support_agent");
    await page.waitForFunction(() => document.querySelector('.chain-debug-tour__bar [aria-pressed="false"]'));
    await page.mouse.wheel(0, -300);
    await page.waitForTimeout(500);
    assert.equal((await steps()).at(-1), "invoke_agent support_agent");
    assert.match(await page.locator(".chain-debug-tour__said").innerText(), /taken over/);
    await follow.click();
    await page.waitForFunction(() => globalThis.heard.refunds.step.at(-1).name !== "invoke_agent support_agent");
  });

  test("follows nobody who wants less motion", async (t) => {
    const { page } = await browser.visit(t, at("guide/find-the-step/"), { reducedMotion: "reduce" });
    await shown(page, "refunds");
    const heard = () => page.evaluate(() => globalThis.heard.refunds.step.length);
    const before = await quiet(page, heard);
    await page.mouse.move(700, 850);
    await page.mouse.wheel(0, 500);
    await page.waitForFunction(() => scrollY > 100);
    await page.waitForTimeout(600);
    assert.equal(await heard(), before);
  });
});

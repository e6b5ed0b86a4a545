// Pages of a built site in Chromium, and what is asked of their embeds. Not a test itself.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before } from "node:test";
import { launch, watchedPage } from "../support/browser.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** One browser for a file of tests. */
export function browsing(options) {
  const held = {};
  before(async () => {
    held.browser = await launch(options);
  });
  after(() => held.browser?.close());

  /** Opens an address. Problems that nobody expects fail the test. */
  held.visit = async (t, url, { size = { width: 1440, height: 900 }, ...options } = {}) => {
    const watched = await watchedPage(held.browser, { viewport: size, ...options });
    watched.context.setDefaultTimeout(30_000);
    t.after(async () => {
      await watched.context.close();
      // What was still on its way when a page was left is nobody's loss.
      assert.deepEqual(watched.problems.filter((problem) => !problem.includes("net::ERR_ABORTED")), []);
    });
    await watched.page.addInitScript(() => {
      // Every embed leaves word of what it told, also before a test can listen.
      globalThis.heard = {};
      for (const type of ["ready", "opened", "step", "height", "error"]) {
        document.addEventListener(type, (event) => {
          if (event.target instanceof Element && event.target.localName === "chain-debug") {
            ((globalThis.heard[event.target.id] ??= {})[type] ??= []).push(event.detail ?? null);
          }
        }, true);
      }
    });
    await watched.page.goto(url);
    return watched;
  };
  return held;
}

/** Waits until embeds show a run or a pipeline. */
export const shown = (page, ...ids) =>
  page.waitForFunction((ids) => ids.every((id) => globalThis.heard[id]?.opened && (globalThis.heard[id].step || !globalThis.heard[id].opened.at(-1).runs)), ids).catch(async () => {
    assert.fail(`not all of ${ids.join(", ")} opened: ${JSON.stringify(await page.evaluate(() => globalThis.heard))}`);
  });

/** Waits until the cursor of an embed stands at a step, by name. */
export const stands = (page, id, name) =>
  page.waitForFunction(([id, name]) => globalThis.heard[id]?.step?.at(-1)?.name === name, [id, name]).catch(async () => {
    const steps = await page.evaluate((id) => globalThis.heard[id]?.step, id);
    assert.fail(`the cursor of ${id} is not at ${name}: ${JSON.stringify(steps)}`);
  });

/** The frame of an embed. */
export const frameOf = (page, id) => page.locator(`#${id}`).locator("iframe").contentFrame();

/** Searches with Material's search, and gives the titles of the pages that were found. */
export async function found(page, words) {
  await page.keyboard.press("/");
  await page.locator(".md-search__input").pressSequentially(words);
  await page.locator(".md-search-result__item h1").first().waitFor();
  return page.locator(".md-search-result__item h1").allInnerTexts();
}

/** Fails on anything axe-core finds in the page or in its frames, each of which is a page of its own. */
export async function accessible(page, what) {
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
  for (const frame of page.frames()) {
    await frame.evaluate(AXE);
    // Material's search is a dialog without a name, and its menus share names: nothing of ours.
    const { violations } = await frame.evaluate(() => axe.run({ exclude: [".md-search", ".md-nav", ".md-code__nav"] }, { resultTypes: ["violations"], iframes: false }));
    const found = violations.map(({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.slice(0, 3).map(({ target, html }) => `${target.flat()} ${html.slice(0, 120)}`).join("\n    ")}`);
    assert.deepEqual(found, [], `${what}: ${found.join("\n")}`);
  }
}

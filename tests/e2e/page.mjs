// The page as a person meets it: opening it, handing it files, and what the tests ask of it again and again. Not a test
// itself.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { launch, watchedPage } from "../support/browser.mjs";
import { serve } from "../support/serve.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A sample of the gallery, as a path on the disk. */
export const sample = (name) => fileURLToPath(new URL(`../../playground-samples/${name}`, import.meta.url));

/** The widths the page is made for. */
export const SIZES = { wide: { width: 1440, height: 900 }, middle: { width: 900, height: 800 }, narrow: { width: 400, height: 800 } };

/** One browser and one site for a file of tests. The site lies under a path of its own, as on a plain host. */
export function setting() {
  const held = {};
  before(async () => {
    held.browser = await launch();
    held.site = await serve({ path: "/some/sub-path/" });
  });
  after(async () => {
    await held.browser?.close();
    await held.site?.close();
  });

  /** Opens the page; everything is closed when the test ends. Unexpected problems fail the test. */
  held.visit = async (t, { hash = "", size = SIZES.wide, theme = "light", expectProblems = false } = {}) => {
    const watched = await watchedPage(held.browser, { viewport: size, colorScheme: theme });
    const { context, page, problems, requests } = watched;
    // Nothing here takes long; a machine that does other things beside may.
    context.setDefaultTimeout(30_000);
    t.after(async () => {
      await context.close();
      if (!expectProblems) assert.deepEqual(problems, []);
    });
    await page.goto(held.site.url + hash);
    await tools(page).started();
    // The browser fetches the page's own icon when it likes; the full engine is fetched when a file needs it.
    const own = (url) => url === `${held.site.url}icon.svg` || url.startsWith(`${held.site.url}chaindebug-wasm`);
    const all = () => requests.filter((url) => !/^(blob|data):/.test(url) && !own(url));
    // The full engine's files, as they were asked for.
    const full = () => requests.filter((url) => url.startsWith(`${held.site.url}chaindebug-wasm`));
    return { page, context, problems, requests: all, full, tools: tools(page) };
  };
  return held;
}

/** Where an element is, once it moves no more. */
export async function settled(locator) {
  let last = "";
  for (let at = 0; at < 100; at += 1) {
    const box = await locator.boundingBox();
    const now = JSON.stringify(box);
    if (now === last) return box;
    last = now;
    await new Promise((done) => setTimeout(done, 150));
  }
  return assert.fail("an element moves without end");
}

/** What a test does with a page. */
export function tools(page) {
  const gallery = () => page.locator("button.sample");
  return {
    gallery,

    /** Drops files anywhere on the page. Each is `{ name, text | bytes, modified }`: now, where it is not said when. */
    async drop(files) {
      const list = files.map(({ name, text, bytes, modified }) => ({ name, content: text ?? Array.from(bytes), modified }));
      const transfer = await page.evaluateHandle((list) => {
        const transfer = new DataTransfer();
        for (const { name, content, modified } of list) {
          const part = typeof content === "string" ? content : Uint8Array.from(content);
          transfer.items.add(new File([part], name, { lastModified: modified ?? Date.now() }));
        }
        return transfer;
      }, list);
      for (const type of ["dragenter", "dragover", "drop"]) await page.dispatchEvent("body", type, { dataTransfer: transfer });
    },

    /**
     * Drops a file that is made in the page: for large ones. `make` runs there and returns its parts. Gives what `heldUp`
     * gives, from the drop on: making the file is the test's work.
     */
    async dropMade(name, make) {
      await page.evaluate(`{
        window.made = new DataTransfer();
        made.items.add(new File((${make})(), ${JSON.stringify(name)}));
      }`);
      const heldUp = await this.heldUp();
      await page.evaluate(() => {
        const dataTransfer = window.made;
        delete window.made;
        for (const type of ["dragenter", "dragover", "drop"]) {
          document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
        }
      });
      return heldUp;
    },

    /** Pastes text as Ctrl+V does. */
    async paste(text) {
      await page.evaluate((text) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/plain", text);
        document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
      }, text);
    },

    /** Opens a sample from the gallery and waits until its steps are there. */
    async openSample(title) {
      await gallery().filter({ hasText: title }).click();
      await this.opened();
    },

    /** Waits until the page is there: before that, nobody listens. */
    started: () => page.waitForFunction(() => !document.getElementById("start")),

    /** Waits until a run is shown. */
    opened: () => page.getByRole("slider", { name: "Moment" }).waitFor(),

    /** Waits until the page's address says where the cursor stands: it is written a moment after a move. */
    addressed: () =>
      page.waitForFunction(() => {
        const now = document.querySelector('[role="slider"][aria-label="Moment"]')?.ariaValueNow;
        return Number(new URLSearchParams(location.hash.slice(1)).get("at") ?? 0) + 1 === Number(now);
      }),

    /**
     * Watches how long the page is held up from now on. Gives a function that tells the longest time so far, as a multiple
     * of what reading a megabyte of JSON takes in this page on this machine.
     */
    async heldUp() {
      await page.evaluate(() => {
        window.longest = 0;
        const longer = (list) => list.getEntries().forEach(({ duration }) => (window.longest = Math.max(window.longest, duration)));
        new PerformanceObserver(longer).observe({ type: "longtask" });
      });
      return () =>
        page.evaluate(() => {
          const text = JSON.stringify(Array.from({ length: 16_000 }, (_, at) => ({ id: at, name: "a name", list: [1, 2, 3], text: "words" })));
          const times = Array.from({ length: 7 }, () => {
            const begun = performance.now();
            JSON.parse(text);
            return performance.now() - begun;
          });
          return window.longest / times.sort((a, b) => a - b)[3];
        });
    },

    /** Position of the cursor and number of moments. */
    async moment() {
      const slider = page.getByRole("slider", { name: "Moment" });
      return [Number(await slider.getAttribute("aria-valuenow")), Number(await slider.getAttribute("aria-valuemax"))];
    },

    /** What is said of the moment the cursor stands at. */
    spoken: () => page.getByRole("slider", { name: "Moment" }).getAttribute("aria-valuetext"),

    /** Presses a key and waits until the cursor is at `moment`. */
    async press(key, moment) {
      await page.keyboard.press(key);
      if (moment === undefined) return;
      const there = (moment) => document.querySelector('[role="slider"][aria-label="Moment"]')?.ariaValueNow === String(moment);
      await page.waitForFunction(there, moment).catch(async () => {
        assert.fail(`after ${key} the cursor is at ${await this.moment()}, not at ${moment}`);
      });
    },

    /** Fails on anything axe-core finds. */
    async accessible(what) {
      // Coming and going is drawn half transparent, which is no contrast to measure.
      await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
      const found = violations.map(({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.slice(0, 3).map(({ target, failureSummary }) => `${target}: ${failureSummary?.split("\n").slice(1, 2)}`).join("\n    ")}`);
      assert.deepEqual(found, [], `${what}: ${found.join("\n")}`);
    },

    /**
     * Fails when the page is wider than its window, or when something is cut off by what it stands in. Not so what is meant
     * to be: code, tables, rows of tabs and texts with an ellipsis.
     */
    async fits(what) {
      const [over, cut] = await page.evaluate(async () => {
        // The window's new size is told to the page with the next frame; what is measured before it was never drawn.
        for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
        const meant = "pre, input, textarea, select, canvas, .spoken, [role=tablist], table, .table, .m-table, .many-table, .many-scroll, .many-counts, .sheets-scroll, .cm-editor, .cm-editor *, .flow-port, .flow-port *";
        const cut = [...document.querySelectorAll("body *")].filter((element) => {
          if (element.clientWidth < 20 || element.scrollWidth - element.clientWidth < 2 || element.matches(meant)) return false;
          const { overflowX, textOverflow, webkitLineClamp } = getComputedStyle(element);
          return overflowX !== "visible" && textOverflow !== "ellipsis" && webkitLineClamp === "none" && element.checkVisibility();
        });
        const root = document.documentElement;
        return [root.scrollWidth - root.clientWidth, cut.map((one) => `${one.tagName}.${one.className} by ${one.scrollWidth - one.clientWidth} px`)];
      });
      assert.deepEqual(cut, [], `${what}: cut off`);
      assert.ok(over <= 0, `${what}: ${over} px too wide`);
    },
  };
}

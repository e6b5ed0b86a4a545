// A built site of MkDocs Material in Chromium: instant navigation, the toggle between light and dark, both shapes of
// addresses, links that move a cursor. And what the memory of the browser says after many pages.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { serve } from "../support/serve.mjs";
import { accessible, browsing, frameOf, shown, stands } from "./pages.mjs";
import { built, five, site } from "./site.mjs";

const IDS = [1, 2, 3, 4, 5].map((number) => `chain-debug-${number}`);
const LINKS = `# Links

\`\`\`chain-debug
src: /samples/six-refunds.otlp.jsonl
\`\`\`

First [the refusal](chain-debug:step=execute_tool+refund_order&expect=error), then [the last](chain-debug:step=execute_tool+refund_order%236).

Then [the note](chain-debug:step=execute_tool+add_note), or [the timeline](chain-debug:view=timeline).
`;

describe("with instant navigation", () => {
  const browser = browsing();
  let host;
  before(async () => {
    const pages = { "one.md": five("One"), "two.md": five("Two"), "links.md": LINKS };
    const root = built(site(pages, { features: "navigation.instant", options: "site_url: http://127.0.0.1/docs/" }));
    // Files are kept for a while, as GitHub Pages has it. What is fetched anew is held by the test's own protocol, for a
    // look at it later, and would be counted as the page's.
    host = await serve({ root, path: "/docs/", cache: "max-age=600" });
  });
  after(() => host?.close());

  /** Material navigates by itself within the addresses of its sitemap, which has to name the test's own host. */
  const onThisHost = async (page) => {
    await page.route("**/sitemap.xml", async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replaceAll("http://127.0.0.1/docs/", host.url);
      await route.fulfill({ response, body });
    });
  };

  const startAll = (page) => page.evaluate(() => document.querySelectorAll("chain-debug").forEach((element) => element.start()));

  test("five embeds on a page open, share one engine, and twenty times back and forth leave nothing behind", { timeout: 600_000 }, async (t) => {
    // High enough for all five: one far from the window may rest.
    const { page, context } = await browser.visit(t, `${host.url}index.html`, { size: { width: 1440, height: 2600 } });
    await onThisHost(page);
    await page.goto(`${host.url}one/index.html`);
    await page.evaluate(() => (globalThis.sameDocument = true));
    await startAll(page);
    await shown(page, ...IDS);
    assert.equal(await page.evaluate(() => customElements.get("chain-debug").counts.compiled), 3, "page, first engine, full engine: each compiled once");

    const session = await browser.browser.newBrowserCDPSession();
    const cdp = await context.newCDPSession(page);
    const counted = async () => {
      for (let i = 0; i < 3; i++) await cdp.send("HeapProfiler.collectGarbage");
      const { processInfo } = await session.send("SystemInfo.getProcessInfo");
      const renderers = processInfo.filter(({ type }) => type === "renderer");
      const memory = renderers.map(({ id }) => Number(/^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/status`, "utf8"))[1]) / 1024);
      const { documents, nodes, jsEventListeners: listeners } = await cdp.send("Memory.getDOMCounters");
      const { usedSize } = await cdp.send("Runtime.getHeapUsage");
      const heap = Math.round(usedSize / 1e5) / 10;
      return { memory: Math.round(memory.reduce((sum, one) => sum + one, 0)), heap, documents, nodes, listeners, frames: page.frames().length, workers: page.workers().length };
    };

    const go = async (title) => {
      await page.evaluate(() => (globalThis.heard = {}));
      await page.locator("nav a", { hasText: title }).first().click();
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
      await startAll(page);
      await shown(page, ...IDS);
    };
    const all = [await counted()];
    for (let round = 1; round <= 20; round++) {
      await go("Two");
      await go("One");
      if (round % 5 === 0 || round === 1) all.push(await counted());
    }
    assert.ok(await page.evaluate(() => globalThis.sameDocument), "every page came without loading");
    console.log(all.map((one) => JSON.stringify(one)).join("\n"));
    const [, first, ...later] = all;
    const last = later.at(-1);
    // Embeds far from the window may rest; those of other pages have to be gone.
    // The eleventh worker is Material's search.
    assert.ok(last.frames <= 6 && last.workers <= 11, `${last.frames} frames and ${last.workers} workers are left`);
    assert.ok(last.documents <= first.documents + 1, `${first.documents} documents became ${last.documents}`);
    // Material itself keeps what it took away of each page it left, and two listeners for it: all of these pages' text.
    // Nothing of an embed may be held by it but the empty element.
    const rounds = 19;
    assert.ok(last.nodes <= first.nodes + rounds * 340, `${first.nodes} nodes became ${last.nodes}`);
    assert.ok(last.listeners <= first.listeners + rounds * 5, `${first.listeners} listeners became ${last.listeners}`);
    assert.ok(last.heap <= first.heap + 1.5, `a heap of ${first.heap} MB became one of ${last.heap} MB`);
    assert.ok(last.memory <= first.memory + 40, `${first.memory} MB became ${last.memory} MB`);
  });

  test("the toggle reaches the embeds, and those of the next page", async (t) => {
    const { page } = await browser.visit(t, `${host.url}index.html`);
    await onThisHost(page);
    await page.goto(`${host.url}one/index.html`);
    const dark = (id) => frameOf(page, id).locator("html").evaluate((html) => getComputedStyle(html).colorScheme === "dark");
    const becomes = async (id, wanted) => {
      for (let i = 0; i < 50 && (await dark(id)) !== wanted; i++) await page.waitForTimeout(100);
      assert.equal(await dark(id), wanted, `${id} is dark`);
    };
    await shown(page, IDS[0]);
    await becomes(IDS[0], false);
    await page.locator('label[title="Dark"]').click();
    await becomes(IDS[0], true);
    await accessible(page, "dark");
    await page.locator("nav a", { hasText: "Two" }).first().click();
    await page.getByRole("heading", { level: 1, name: "Two" }).waitFor();
    await page.waitForFunction(() => document.querySelector("#chain-debug-1")?.dataset.state === "live");
    await becomes(IDS[0], true);
    await page.locator('label[title="Light"]').click();
    await becomes(IDS[0], false);
    await accessible(page, "light");
  });

  test("links move the cursor, by mouse and by keyboard, and their paragraph is marked", async (t) => {
    const { page } = await browser.visit(t, `${host.url}index.html`);
    await onThisHost(page);
    // By navigation: nothing that a page brings along runs a second time.
    await page.locator("nav a", { hasText: "Links" }).first().click();
    await page.getByRole("heading", { level: 1, name: "Links" }).waitFor();
    await shown(page, IDS[0]);
    const marked = () => page.locator("p[aria-current]").allInnerTexts();
    await page.getByRole("button", { name: "the refusal" }).click();
    await stands(page, IDS[0], "execute_tool refund_order");
    assert.match((await marked()).join(), /^First/);
    await page.getByRole("button", { name: "the note" }).press("Enter");
    await stands(page, IDS[0], "execute_tool add_note");
    assert.match((await marked()).join(), /^Then/);
    await page.getByRole("button", { name: "the timeline" }).click();
    await frameOf(page, IDS[0]).locator('[data-view="timeline"]').waitFor();
    // The person steps on in the embed: nothing on the page belongs to that step.
    await frameOf(page, IDS[0]).getByRole("button", { name: /back/i }).first().click();
    await page.waitForFunction(() => document.querySelectorAll("p[aria-current]").length === 0);
  });
});

test("addresses without folders work as well", async (t) => {
  const host = await serve({ root: built(site({ "deep/links.md": LINKS }, { directories: false })), path: "/" });
  t.after(host.close);
  const { page } = await lone.visit(t, `${host.url}deep/links.html`);
  await shown(page, IDS[0]);
  await page.getByRole("button", { name: "the last" }).click();
  await stands(page, IDS[0], "execute_tool refund_order");
});
const lone = browsing();

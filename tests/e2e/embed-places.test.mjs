// Embeds in pages that do things to them: change them, move them, hide them, load their script late or twice.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { TRACE, setting, shown, stands } from "./embed-host.mjs";

const site = setting();
const ONE = '<chain-debug src="/run.jsonl" step="w1"></chain-debug>';
/** What was on its way when it was called off is nobody's loss. */
const ours = (problems) => assert.deepEqual(problems.filter((problem) => !problem.includes("net::ERR_ABORTED")), []);
const alert = (page, said) => page.getByRole("alert").filter({ hasText: said }).waitFor();

describe("an element", () => {
  test("that is there before its script, and one that is made later", async (t) => {
    const host = await site.host(t);
    const { page } = await site.visit(t, host.page(ONE, { script: "" }));
    assert.equal(await page.locator("chain-debug").evaluate((element) => element.shadowRoot), null);
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.src = "/cd/chain-debug.js";
      document.head.append(script);
    });
    await stands(await shown(page), /exit write/);
    await page.evaluate(() => {
      const made = document.createElement("chain-debug");
      made.setAttribute("src", "/run.jsonl");
      made.setAttribute("step", "retrieve#2");
      document.querySelector("main").append(made);
    });
    await stands(await shown(page, 1), /exit retrieve/);
  });

  test("whose script came twice, from two places", async (t) => {
    const host = await site.host(t);
    const second = '<script src="/cd/chain-debug.js?2" defer></script><script type="module" src="/cd/chain-debug.mjs"></script>';
    const { page } = await site.visit(t, host.page(ONE, { head: second }));
    await stands(await shown(page), /exit write/);
    assert.equal(await page.locator("chain-debug iframe").count(), 1);
  });

  test("that is moved, while it begins and afterwards", async (t) => {
    const host = await site.host(t);
    const { page } = await site.visit(t, host.page(`${ONE}<div id="there"></div>`));
    const move = (to) => page.evaluate((to) => document.querySelector(to).append(document.querySelector("chain-debug")), to);
    for (const to of ["#there", "main", "#there"]) await move(to);
    const frame = await shown(page);
    await stands(frame, /exit write/);
    await frame.getByRole("button", { name: /back/i }).first().click();
    await stands(frame, /enter write/);
    await move("main");
    await stands(await shown(page), /enter write/);
    assert.equal(await page.locator("chain-debug iframe").count(), 1);
  });

  test("that is taken away while it begins leaves nothing and says nothing", async (t) => {
    const host = await site.host(t);
    const { page, problems } = await site.visit(t, host.page(ONE), { expectProblems: true });
    for (const wait of [0, 20, 100, 300]) {
      await page.evaluate(async (wait) => {
        const main = document.querySelector("main");
        main.innerHTML = '<chain-debug src="/run.jsonl"></chain-debug>';
        main.firstChild.start();
        await new Promise((done) => setTimeout(done, wait));
        main.innerHTML = "";
      }, wait);
    }
    await page.waitForTimeout(1500);
    assert.equal(page.frames().length, 1);
    assert.equal(page.workers().length, 0);
    ours(problems);
  });

  test("that gets another src: a good one, a bad one, a good one again", async (t) => {
    const host = await site.host(t);
    const { page } = await site.visit(t, host.page('<chain-debug src="/run.jsonl"></chain-debug>'), { expectProblems: true });
    const src = (address) => page.locator("chain-debug").evaluate((element, address) => element.setAttribute("src", address), address);
    await stands(await shown(page), /answer/);
    await src("/refunds.jsonl");
    await stands(await shown(page), /support_agent/);
    await src("/missing.jsonl");
    await alert(page, "missing.jsonl is not there: the server answered 404");
    assert.match(await page.getByRole("link", { name: /playground/ }).getAttribute("href"), /index\.html$/);
    await src("/run.jsonl");
    await stands(await shown(page), /answer/);
    // Two in one go, and one while it begins: the last one counts.
    await page.locator("chain-debug").evaluate((element) => {
      element.setAttribute("src", "/missing.jsonl");
      setTimeout(() => element.setAttribute("src", "/refunds.jsonl"));
    });
    await stands(await shown(page), /support_agent/);
    assert.equal(await page.getByRole("alert").count(), 0);
  });

  test("that is given something after it failed", async (t) => {
    const host = await site.host(t);
    const { page, problems } = await site.visit(t, host.page("<chain-debug></chain-debug>"), { expectProblems: true });
    await alert(page, "There is no trace in this place");
    await page.locator("chain-debug").evaluate((element, trace) => element.open(trace, { name: "given.jsonl", step: "w1" }), TRACE);
    await stands(await shown(page), /exit write/);
    ours(problems);
  });

  test("that is hidden when it begins, and shown later", async (t) => {
    const host = await site.host(t);
    const hidden = '<section hidden><chain-debug src="/run.jsonl" step="w1"></chain-debug><chain-debug src="/refunds.jsonl" start="load"></chain-debug></section>';
    const { page } = await site.visit(t, host.page(hidden));
    await page.waitForFunction(() => document.querySelectorAll("chain-debug")[1].dataset.state === "live");
    assert.equal(await page.locator("chain-debug").first().getAttribute("data-state"), "waiting");
    await page.evaluate(() => (document.querySelector("section").hidden = false));
    await stands(await shown(page), /exit write/);
    const second = await shown(page, 1);
    await stands(second, /support_agent/);
    // Drawn to the size it has now.
    const box = await second.locator(".flow-port").boundingBox();
    assert.ok(box.width > 300 && box.height > 150, JSON.stringify(box));
  });
});

test("paper shows what the screen shows, and where there is nothing yet, what it would be", async (t) => {
  const host = await site.host(t);
  const { page } = await site.visit(t, host.page(`${ONE}<chain-debug src="/refunds.jsonl" start="click"></chain-debug>`));
  await stands(await shown(page), /exit write/);
  await page.emulateMedia({ media: "print" });
  const box = await page.locator("chain-debug iframe").boundingBox();
  assert.ok(box.height > 300);
  assert.equal(await page.locator("chain-debug").nth(1).getByRole("button").isVisible(), false);
  await page.getByText("refunds.jsonl, a run to step through on the page itself.").waitFor();
});

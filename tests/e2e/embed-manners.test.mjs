// How an embed behaves in the page around it: wheel, keys, focus, the way to the full page, what goes wrong, policies.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { setting, shown, stands } from "./embed-host.mjs";
import { settled } from "./page.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const site = setting();

describe("the page around", () => {
  test("keeps its wheel and its keys until somebody turns to the embed", async (t) => {
    const host = await site.host(t);
    const { page } = await site.visit(t, host.page('<chain-debug src="/refunds.jsonl" step="execute_tool refund_order"></chain-debug><div style="height:3000px"></div>'), { expectProblems: true });
    const frame = await shown(page);
    const { x, y, width, height } = await page.locator("chain-debug").boundingBox();
    const scrolled = () => page.evaluate(() => scrollY);
    for (const share of [0.2, 0.85]) {
      await page.evaluate(() => scrollTo(0, 0));
      await page.mouse.move(x + width * share, y + height / 2);
      await page.mouse.wheel(0, 120);
      await page.waitForFunction(() => scrollY > 60);
    }
    await page.evaluate(() => scrollTo(0, 0));
    const before = await stands(frame, /exit/);
    await page.keyboard.press("n");
    await page.waitForTimeout(300);
    assert.equal(await stands(frame, /moment/), before);

    // A click is enough.
    await frame.locator(".flow-port").click({ position: { x: 8, y: 8 } });
    await page.keyboard.press("b");
    await stands(frame, (said) => /moment/.test(said) && said !== before);
    assert.equal(await scrolled(), 0);
    await page.mouse.move(x + width * 0.2, y + height / 2);
    await page.mouse.wheel(0, 40);
    await page.waitForTimeout(300);
    assert.equal(await scrolled(), 0);
  });

  test("keeps one finger; two move and stretch the chart", async (t) => {
    const host = await site.host(t);
    const { page, context } = await site.visit(t, host.page('<chain-debug src="/refunds.jsonl" step="execute_tool refund_order"></chain-debug><div style="height:3000px"></div>'), { touch: true });
    const frame = await shown(page);
    const cdp = await context.newCDPSession(page);
    const { x, y, width, height } = await page.locator("chain-debug").boundingBox();
    const [left, middle] = [x + width * 0.2, y + height / 2];
    /** Fingers go from their places by so much, in ten steps. */
    const drag = async (fingers, moves) => {
      const at = (share) => fingers.map(([fx, fy], id) => ({ id, x: fx + moves[id][0] * share, y: fy + moves[id][1] * share }));
      const touch = (type, touchPoints) => cdp.send("Input.dispatchTouchEvent", { type, touchPoints });
      for (let count = 1; count <= fingers.length; count++) await touch("touchStart", at(0).slice(0, count));
      for (let step = 1; step <= 10; step++) await touch("touchMove", at(step / 10));
      await touch("touchEnd", []);
    };
    const chart = () => settled(frame.locator(".flow-port [data-key]").first());
    const near = (is, wanted) => Math.abs(is - wanted) < 6;

    const before = await chart();
    await drag([[left, middle]], [[0, -100]]);
    await page.waitForFunction(() => scrollY > 50).catch(() => {});
    await settled(page.locator("chain-debug"));
    const scrolled = await page.evaluate(() => scrollY);
    assert.ok(scrolled > 50, `the page scrolled by ${scrolled}`);
    const after = await chart();
    // What the finger went before the browser took it for scrolling may show in the chart.
    assert.ok(Math.abs(after.y + scrolled - before.y) < 25 && near(after.x, before.x), JSON.stringify([before, after, scrolled]));

    await page.evaluate(() => scrollTo(0, 0));
    const still = await chart();
    await drag([[left - 30, middle], [left + 30, middle]], [[40, -60], [40, -60]]);
    assert.equal(await page.evaluate(() => scrollY), 0);
    const moved = await chart();
    assert.ok(near(moved.x, still.x + 40) && near(moved.y, still.y - 60) && near(moved.width, still.width), JSON.stringify([still, moved]));

    await drag([[left - 20, middle], [left + 20, middle]], [[-20, 0], [20, 0]]);
    const wide = await chart();
    assert.ok(wide.width > moved.width * 1.5, JSON.stringify([moved, wide]));
    assert.equal(await page.evaluate(() => scrollY), 0);
  });

  test("is not touched: address, history, storage, globals, error handlers", async (t) => {
    const host = await site.host(t);
    const head = "<script>window.errors = []; addEventListener('error', (event) => errors.push(String(event.message)), true); window.before = Object.keys(window);</script>";
    const { page } = await site.visit(t, host.page('<chain-debug src="/run.jsonl" step="w1"></chain-debug>', { head }) + "#part");
    const frame = await shown(page);
    await frame.getByRole("button", { name: /^Back/ }).click();
    await stands(frame, /moment 6/);
    await page.waitForTimeout(600);
    const found = await page.evaluate(() => ({
      hash: location.hash,
      history: history.length,
      stored: localStorage.length + sessionStorage.length,
      globals: Object.keys(window).filter((name) => !window.before.includes(name) && name !== "before" && Number.isNaN(Number(name))),
      errors: window.errors,
    }));
    assert.deepEqual(found, { hash: "#part", history: 2, stored: 0, globals: [], errors: [] });
  });

  test("is told what happens, and may ask", async (t) => {
    const host = await site.host(t);
    const { page } = await site.visit(t, host.page('<chain-debug src="/run.jsonl" step="r1" height="auto"></chain-debug>', {
      head: "<script>window.told = []; for (const type of ['ready', 'opened', 'step', 'height', 'trouble']) document.addEventListener(type, ({ target, detail }) => { if (target.localName === 'chain-debug') told.push({ type, ...detail }); }, true);</script>",
    }));
    const frame = await shown(page);
    const told = (type) => page.evaluate((type) => window.told.filter((one) => one.type === type), type);
    await stands(frame, /exit retrieve/);
    await page.waitForFunction(() => told.some(({ type, id }) => type === "step" && id === "r1"));
    assert.deepEqual((await told("opened"))[0], { type: "opened", name: "run.jsonl", format: "ChainDebug JSON Lines", runs: 1, pipelines: 0, problems: 0 });
    assert.deepEqual((await told("step")).at(-1), { type: "step", id: "r1", name: "retrieve", phase: "exit", moment: 2, of: 8 });
    const ask = (method, value) => page.evaluate(([method, value]) => document.querySelector("chain-debug")[method](value), [method, value]);
    await ask("go", { move: "next-error" });
    await stands(frame, /exit write/);
    await ask("go", { step: "retrieve#2", phase: "enter" });
    await stands(frame, /enter retrieve, .*moment 4/);
    await ask("show", "table");
    await frame.locator('.embed-work[data-view="table"]').waitFor();
    await page.evaluate(() => document.querySelector("chain-debug").setAttribute("step", "answer"));
    await stands(frame, /exit answer/);
    await page.evaluate(() => document.querySelector("chain-debug").open('{"chaindebug":1}\n{"name":"other"}\n', { name: "other.jsonl" }));
    await stands(frame, /other/);
    await ask("go", { step: "nowhere" });
    await page.waitForFunction(() => told.some(({ type }) => type === "trouble"));
    assert.match((await told("trouble"))[0].message, /no step “nowhere” in this run. Its steps are other/);
    const height = await page.locator("chain-debug").evaluate((element) => element.clientHeight);
    assert.ok(height >= 260 && height <= 900, String(height));
  });
});

describe("the full page", () => {
  test("is at the same moment, by its address when it can fetch the file", async (t) => {
    const host = await site.host(t);
    const { page, context } = await site.visit(t, host.page('<chain-debug src="../run.jsonl" step="retrieve#2" view="timeline"></chain-debug>'));
    const frame = await shown(page);
    await stands(frame, /moment 5/);
    const link = frame.getByRole("link", { name: /full page/ });
    assert.match(await link.getAttribute("href"), /\/cd\/index\.html#v=1&open=http.*run\.jsonl.*&at=4.*&view=timeline/);
    const [full] = await Promise.all([context.waitForEvent("page"), link.click()]);
    await stands(full, /moment 5 of 8/);
    assert.equal(await full.locator('.work[data-view="timeline"]').count(), 1);
  });

  test("gets what stands in the page by hand", async (t) => {
    const host = await site.host(t);
    const inside = '<chain-debug name="own.jsonl"><script type="text/plain">{"chaindebug":1}\n{"name":"alone","kind":"llm"}</script></chain-debug>';
    const { page, context } = await site.visit(t, host.page(inside));
    const frame = await shown(page);
    await frame.getByRole("button", { name: /^Forward/ }).click();
    await stands(frame, /exit alone/);
    const [full] = await Promise.all([context.waitForEvent("page"), frame.getByRole("link", { name: /full page/ }).click()]);
    await stands(full, /exit alone, .*moment 2 of 2/);
    assert.equal(await full.evaluate(() => window.opener), null);
  });

  test("asks before it takes a file from another origin", async (t) => {
    const cdn = await site.host(t, { cors: true });
    const host = await site.host(t);
    const { page, context } = await site.visit(t, host.page('<chain-debug src="/run.jsonl" step="w1"></chain-debug>', { script: `${cdn.origin}/cd/chain-debug.js` }));
    const frame = await shown(page);
    const open = async () => (await Promise.all([context.waitForEvent("page"), frame.getByRole("link", { name: /full page/ }).click()]))[0];
    const full = await open();
    await full.getByText(`${host.origin} hands over run.jsonl`).waitFor();
    await full.getByRole("button", { name: "Open", exact: true }).click();
    await stands(full, /exit write/);
    const other = await open();
    await other.getByRole("button", { name: "No", exact: true }).click();
    await other.waitForTimeout(400);
    assert.equal(await other.getByRole("slider", { name: "Moment" }).count(), 0);
  });
});

describe("what goes wrong is said in the embed", () => {
  const cases = [
    ["a file that is not there", 'src="/gone.jsonl"', /gone\.jsonl is not there: the server answered 404/],
    ["a web page in place of a file", 'src="/docs/page.html"', /page\.html is a web page and no trace/],
    ["nothing to show", "", /There is no trace in this place/],
    ["a base without a build", 'src="/run.jsonl" base="/nothing/"', /index\.html is not there: the server answered 404/],
  ];
  for (const [what, attributes, said] of cases) {
    test(what, async (t) => {
      const host = await site.host(t);
      const { page } = await site.visit(t, host.page(`<chain-debug ${attributes}></chain-debug>`), { expectProblems: true });
      await page.getByRole("alert").filter({ hasText: said }).waitFor();
      assert.match(await page.getByRole("link", { name: /playground/ }).getAttribute("href"), /index\.html$/);
    });
  }

  test("a file of another host that does not let itself be read", async (t) => {
    const other = await site.host(t);
    const host = await site.host(t);
    const { page } = await site.visit(t, host.page(`<chain-debug src="${other.origin}/run.jsonl"></chain-debug>`), { expectProblems: true });
    await page.getByRole("alert").filter({ hasText: "could not be fetched from 127.0.0.1" }).waitFor();
    await page.getByText("Access-Control-Allow-Origin").waitFor();
  });

  test("a file that is no trace, and a step that is not there", async (t) => {
    const host = await site.host(t);
    host.put("/notes.txt", "Nothing in particular.");
    const { page } = await site.visit(t, host.page('<chain-debug src="/notes.txt"></chain-debug><chain-debug src="/run.jsonl" step="retreive"></chain-debug>'));
    const first = page.locator("chain-debug iframe").first().contentFrame();
    await first.getByRole("alert").filter({ hasText: /Nothing to debug was found in notes\.txt/ }).waitFor();
    const second = await shown(page, 1);
    await second.getByText(/There is no step “retreive” in this run. Its steps are answer, retrieve, write/).waitFor();
  });

  test("a step of a pipeline without a run: its box is chosen, or it is said that there is none", async (t) => {
    const host = await site.host(t);
    host.put("/order.mmd", "flowchart TD\n  read[Read the order] --> pay[Pay]\n");
    const { page } = await site.visit(t, host.page('<chain-debug src="/order.mmd" step="pay"></chain-debug><chain-debug src="/order.mmd" step="paid"></chain-debug>'));
    const [first, second] = [0, 1].map((nth) => page.locator("chain-debug iframe").nth(nth).contentFrame());
    await first.locator(".inspector").getByText("Pay", { exact: true }).first().waitFor();
    await page.locator("chain-debug").first().evaluate((element) => element.go({ step: "Read the order" }));
    await first.locator(".inspector").getByText("Read the order", { exact: true }).first().waitFor();
    await second.getByText("There is no step “paid” in this pipeline.").waitFor();
  });
});

describe("a policy of the page around", () => {
  const policies = {
    "that allows what is needed": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:",
    "that lets nothing compile": "default-src 'self'",
    "that allows no worker from a blob": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'",
  };
  for (const [what, policy] of Object.entries(policies)) {
    test(`${what}: the embed works`, async (t) => {
      const host = await site.host(t);
      const url = host.page('<chain-debug src="/run.jsonl" step="w1"></chain-debug>', { headers: { "Content-Security-Policy": policy } });
      const { page } = await site.visit(t, url, { expectProblems: true });
      await stands(await shown(page), /exit write/);
    });
  }

  test("that allows neither: the embed says so and leads to the full page", async (t) => {
    const host = await site.host(t);
    const policy = "default-src 'self'; frame-src 'none'; script-src 'self'";
    const { page } = await site.visit(t, host.page('<chain-debug src="/run.jsonl"></chain-debug>', { headers: { "Content-Security-Policy": policy } }), { expectProblems: true });
    await page.getByRole("alert").filter({ hasText: /does not let ChainDebug run/ }).waitFor();
    await page.getByText(/'wasm-unsafe-eval'/).waitFor();
    assert.equal(await page.getByRole("link", { name: /playground/ }).getAttribute("href"), `${host.origin}/cd/index.html`);
  });
});

describe("axe finds nothing", () => {
  for (const [what, size] of Object.entries({ wide: { width: 1000, height: 800 }, narrow: { width: 400, height: 900 } })) {
    for (const theme of ["light", "dark"]) {
      test(`${what}, ${theme}`, async (t) => {
        const host = await site.host(t);
        const { page } = await site.visit(t, host.page('<chain-debug src="/refunds.jsonl" step="execute_tool refund_order"></chain-debug>'), { size, theme });
        const frame = await shown(page);
        await stands(frame, /error/);
        const inside = page.frames().find((one) => one.url() === "about:srcdoc");
        for (const where of [page, inside]) {
          await where.evaluate(AXE);
          const { violations } = await where.evaluate(() => axe.run(document, { resultTypes: ["violations"], iframes: false }));
          assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(" ")}`), []);
        }
        const over = await inside.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(over <= 0, `${over} px wider than the frame`);
      });
    }
  }
});

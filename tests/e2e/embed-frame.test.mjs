// The iframe form: its address, its messages both ways, and what a page of another origin is told.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { TRACE, setting, stands } from "./embed-host.mjs";

const site = setting();

/** A page with a frame and a record of what the frame says. */
const around = (src) => `<iframe src="${src}" width="800" height="400" title="A run"></iframe>
<script>
  window.told = [];
  window.frame = document.querySelector("iframe");
  window.say = (message, transfer) => frame.contentWindow.postMessage({ chaindebug: 1, ...message }, "*", transfer);
  addEventListener("message", ({ source, data }) => { if (source === frame.contentWindow) told.push(data); });
</script>`;

const of = (page, type) => page.evaluate((type) => window.told.filter((one) => one.type === type), type);
const heard = (page, type) => page.waitForFunction((type) => window.told.some((one) => one.type === type), type);
const frameOf = (page) => page.locator("iframe").contentFrame();

describe("a frame", () => {
  test("opens what its address says, at the step and in the view it says", async (t) => {
    const host = await site.host(t);
    const { page } = await site.visit(t, host.page(around("/cd/index.html#embed=1&open=../run.jsonl&view=table&step=retrieve%232&theme=dark"), { script: "" }));
    const frame = frameOf(page);
    await stands(frame, /exit retrieve, .*moment 5/);
    await frame.locator('.embed-work[data-view="table"]').waitFor();
    assert.equal(await frame.locator("html").getAttribute("data-theme"), "dark");
    // Of the page's own origin: it may know.
    await page.evaluate(() => say({ type: "hello" }));
    await heard(page, "step");
    assert.deepEqual((await of(page, "step")).at(-1), { chaindebug: 1, type: "step", id: "r2", name: "retrieve", phase: "exit", moment: 4, of: 8 });
  });

  test("tells a page of another origin nothing of a trace that it did not supply", async (t) => {
    const tool = await site.host(t);
    const host = await site.host(t);
    const { page } = await site.visit(t, host.page(around(`${tool.origin}/cd/index.html#embed=1&open=../run.jsonl&step=w1`), { script: "" }));
    await stands(frameOf(page), /exit write/);
    await page.evaluate(() => say({ type: "hello" }));
    await page.evaluate(() => say({ type: "go", move: "next-error" }));
    await page.evaluate(() => say({ type: "go", step: "nowhere" }));
    await heard(page, "trouble");
    const told = await page.evaluate(() => window.told);
    assert.deepEqual([...new Set(told.map(({ type }) => type))].sort(), ["height", "ready", "trouble"]);
    assert.ok(!/retrieve|write|answer|run\.jsonl|nowhere/.test(JSON.stringify(told)), JSON.stringify(told));
  });

  test("takes nothing before the hello, and then bytes, text, blobs and streams from any origin", async (t) => {
    const tool = await site.host(t);
    const host = await site.host(t);
    const { page } = await site.visit(t, host.page(around(`${tool.origin}/cd/index.html#embed=1`), { script: "" }));
    await heard(page, "ready");
    const give = (kind) =>
      page.evaluate(
        ([kind, text]) => {
          const bytes = new TextEncoder().encode(text.replaceAll("write", kind));
          const data = { text: new TextDecoder().decode(bytes), bytes: bytes.buffer, blob: new Blob([bytes]), stream: new Blob([bytes]).stream() }[kind];
          say({ type: "open", name: `${kind}.jsonl`, data, step: "w1" }, kind === "stream" ? [data] : []);
        },
        [kind, TRACE],
      );
    await give("text");
    await heard(page, "trouble");
    assert.equal((await of(page, "trouble"))[0].kind, "hello");
    assert.equal((await of(page, "opened")).length, 0);
    await page.evaluate(() => say({ type: "hello" }));
    const frame = frameOf(page);
    for (const kind of ["text", "bytes", "blob", "stream"]) {
      await give(kind);
      await stands(frame, new RegExp(`exit ${kind}, `));
      await page.waitForFunction((kind) => told.some(({ type, name }) => type === "opened" && name === `${kind}.jsonl`), kind);
    }
    await page.evaluate(() => say({ type: "view", view: "timeline" }));
    await frame.locator('.embed-work[data-view="timeline"]').waitFor();
    await page.evaluate(() => say({ type: "theme", theme: "dark" }));
    await frame.locator('html[data-theme="dark"]').waitFor();
    await page.evaluate(() => say({ type: "close" }));
    await frame.locator(".embed-work").waitFor({ state: "detached" });
    await page.evaluate(() => frame.contentWindow.postMessage({ chaindebug: 2, type: "hello" }, "*"));
    await page.waitForFunction(() => told.some(({ type, kind }) => type === "trouble" && kind === "version"));
  });

  test("speaks over a port, when it is given one", async (t) => {
    const tool = await site.host(t);
    const host = await site.host(t);
    const { page } = await site.visit(t, host.page(around(`${tool.origin}/cd/index.html#embed=1`), { script: "" }));
    await heard(page, "ready");
    await page.evaluate((text) => {
      const { port1, port2 } = new MessageChannel();
      window.over = [];
      port1.onmessage = ({ data }) => over.push(data);
      say({ type: "hello" }, [port2]);
      port1.postMessage({ chaindebug: 1, type: "open", name: "port.jsonl", data: text, at: 3 });
    }, TRACE);
    await page.waitForFunction(() => over.some(({ type, moment }) => type === "step" && moment === 3));
    assert.equal((await of(page, "step")).length, 0);
  });

  test("does not listen to other windows, nor open files of other hosts", async (t) => {
    const tool = await site.host(t);
    const host = await site.host(t);
    const { page, context } = await site.visit(t, host.page(around(`${tool.origin}/cd/index.html#embed=1&open=${encodeURIComponent(`${host.origin}/run.jsonl`)}`), { script: "" }), { expectProblems: true });
    await frameOf(page).getByRole("alert").filter({ hasText: /run\.jsonl is on another host/ }).waitFor();
    assert.ok(!host.asked.includes("/run.jsonl"));
    const full = await context.newPage();
    await full.goto(`${tool.origin}/cd/index.html#embed=1`);
    await full.waitForFunction(() => !document.getElementById("start"));
    await full.evaluate((text) => {
      postMessage({ chaindebug: 1, type: "hello" }, "*");
      postMessage({ chaindebug: 1, type: "open", name: "x.jsonl", data: text }, "*");
    }, TRACE);
    await full.waitForTimeout(500);
    assert.equal(await full.getByRole("slider", { name: "Moment" }).count(), 0);
  });
});

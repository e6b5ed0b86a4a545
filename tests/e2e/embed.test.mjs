// <chain-debug> in somebody's page: where its script may lie, what several share, what they give back, and the page around.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { TRACE, setting, shown, stands } from "./embed-host.mjs";

const site = setting();

describe("an embed", () => {
  test("shows the step it names, from a script by a relative path", async (t) => {
    const host = await site.host(t);
    const url = host.page('<chain-debug src="../run.jsonl" step="retrieve#2"></chain-debug>', { script: "../cd/chain-debug.js" });
    const { page } = await site.visit(t, url);
    const frame = await shown(page);
    await stands(frame, /^exit retrieve, .*moment 5 of 8$/);
    assert.equal(await frame.locator(".embed-name").innerText(), "run.jsonl");
  });

  test("works from another origin that sends its HTML as text", async (t) => {
    const cdn = await site.host(t, { cors: true, plain: true });
    const host = await site.host(t);
    const { page } = await site.visit(t, host.page('<chain-debug src="/run.jsonl" step="w1"></chain-debug>', { script: `${cdn.origin}/cd/chain-debug.js` }));
    await stands(await shown(page), /^exit write, .*error/);
    assert.ok(!host.asked.some((path) => path.startsWith("/cd/")), host.asked.join(" "));
  });

  test("takes the text inside, unpacks it, and leaves alone what is shown without a script", async (t) => {
    const host = await site.host(t);
    const packed = await page64(TRACE);
    const inside = [
      `<chain-debug name="own.jsonl" step="r1"><script type="application/x-ndjson">\n    ${TRACE.trim().split("\n").join("\n    ")}\n  </script></chain-debug>`,
      `<chain-debug src="/gone.jsonl" step="r2"><script type="application/x-chain-debug" data-name="packed.jsonl" data-encoding="gzip base64">${packed}</script><a href="/gone.jsonl">gone</a></chain-debug>`,
      '<chain-debug src="/run.jsonl" step="a1"><a href="/run.jsonl">run.jsonl</a></chain-debug>',
    ];
    const { page } = await site.visit(t, host.page(inside.join("")), { size: { width: 1000, height: 1600 } });
    await stands(await shown(page, 0), /retrieve/);
    await stands(await shown(page, 1), /retrieve, .*moment 5/);
    await stands(await shown(page, 2), /exit answer/);
    assert.equal(await (await shown(page, 1)).locator(".embed-name").innerText(), "packed.jsonl");
  });

  test("five of them fetch and compile once", async (t) => {
    const host = await site.host(t);
    const five = Array.from({ length: 5 }, (_, at) => `<chain-debug src="/run.jsonl" at="${at}" height="300"></chain-debug>`);
    const { page } = await site.visit(t, host.page(five.join("")), { size: { width: 1000, height: 2000 } });
    for (let at = 0; at < 5; at += 1) await stands(await shown(page, at), new RegExp(`moment ${at + 1} of 8`));
    const counts = await page.evaluate(() => customElements.get("chain-debug").counts);
    assert.deepEqual(counts, { fetched: 5, compiled: 2 });
    for (const file of [/_bg\.wasm$/, /engine-worker\.js$/, /chaindebug-traces\.js$/, /index\.html$/]) {
      const asked = host.asked.filter((path) => file.test(path));
      assert.equal(asked.length, new Set(asked).size, asked.join(" "));
    }
  });

  test("starts when it is seen, or when it is clicked", async (t) => {
    const host = await site.host(t);
    const body = '<chain-debug id="click" src="/run.jsonl" start="click"></chain-debug><div style="height:3000px"></div><chain-debug id="far" src="/run.jsonl"></chain-debug>';
    const { page } = await site.visit(t, host.page(body));
    await page.waitForTimeout(500);
    assert.ok(!host.asked.includes("/run.jsonl"));
    await page.getByRole("button", { name: "Open run.jsonl" }).click();
    await shown(page, 0);
    assert.equal(await page.locator("#far iframe").count(), 0);
    await page.locator("#far").scrollIntoViewIfNeeded();
    await shown(page, 1);
  });

  test("gives its memory back, twenty times over", async (t) => {
    const host = await site.host(t);
    const { page, context } = await site.visit(t, host.page('<div id="place"></div>'));
    const cdp = await context.newCDPSession(page);
    const round = async () => {
      await page.evaluate(() => (document.getElementById("place").innerHTML = '<chain-debug src="/run.jsonl" start="load"></chain-debug>'));
      await shown(page);
      await page.evaluate(() => document.getElementById("place").replaceChildren());
    };
    const used = async () => {
      for (let at = 0; at < 3; at += 1) {
        await cdp.send("HeapProfiler.collectGarbage");
        await page.waitForTimeout(100);
      }
      const { documents, nodes } = await cdp.send("Memory.getDOMCounters");
      const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = await cdp.send("Runtime.getHeapUsage");
      return { documents, nodes, bytes: usedSize + embedderHeapUsedSize + backingStorageSize };
    };
    for (let at = 0; at < 3; at += 1) await round();
    const before = await used();
    for (let at = 0; at < 20; at += 1) await round();
    const after = await used();
    t.diagnostic(`before ${JSON.stringify(before)}, after twenty ${JSON.stringify(after)}`);
    assert.equal(page.workers().length, 0);
    assert.ok(after.documents <= before.documents + 2, `${after.documents} documents, ${before.documents} before`);
    // One frame holds far more than this: what stays is not even one of twenty.
    assert.ok(after.bytes - before.bytes < 4 << 20, `${after.bytes - before.bytes} bytes more`);
  });

  test("runs four at most while others are far away, and each comes back where it stood", async (t) => {
    const host = await site.host(t);
    const six = Array.from({ length: 6 }, (_, at) => `<chain-debug src="/run.jsonl" at="${at}" height="300" style="margin-bottom:1200px"></chain-debug>`);
    const { page } = await site.visit(t, host.page(six.join("")), { size: { width: 1000, height: 600 } });
    await (await shown(page, 0)).getByRole("button", { name: /^Forward/ }).click();
    await page.locator("h1").click();
    for (let at = 1; at < 6; at += 1) {
      await page.locator("chain-debug").nth(at).scrollIntoViewIfNeeded();
      await stands(await shown(page, at), new RegExp(`moment ${at + 1} of 8`));
    }
    await page.waitForFunction(() => [...document.querySelectorAll("chain-debug")].filter((one) => one.shadowRoot.querySelector("iframe")).length <= 4);
    await page.locator("chain-debug").first().scrollIntoViewIfNeeded();
    await stands(await shown(page, 0), /moment 2 of 8/);
  });

  test("stands where it was sent before it was there", async (t) => {
    const host = await site.host(t);
    const { page } = await site.visit(t, host.page('<chain-debug src="/run.jsonl" step="answer" start="click"></chain-debug>'));
    await page.evaluate(() => {
      const embed = document.querySelector("chain-debug");
      embed.go({ step: "retrieve", phase: "enter" });
      embed.go({ step: "retrieve#2" });
      embed.start();
    });
    await stands(await shown(page), /enter retrieve, .*moment 4/);
    await page.evaluate(() => {
      const embed = document.querySelector("chain-debug");
      embed.open('{"chaindebug":1}\n{"name":"first"}\n{"name":"second"}\n', { name: "two.jsonl" });
      embed.go({ step: "second" });
    });
    await stands(await shown(page), /exit second/);
  });

  test("starts again where it stood when it comes back", async (t) => {
    const host = await site.host(t);
    const { page } = await site.visit(t, host.page('<chain-debug src="/run.jsonl" step="answer" phase="enter"></chain-debug><p id="end"></p>'));
    const first = await shown(page);
    await stands(first, /enter answer/);
    await first.getByRole("button", { name: /^Forward/ }).click();
    await stands(first, /moment 2 of 8/);
    await page.evaluate(() => document.getElementById("end").after(document.querySelector("chain-debug")));
    await stands(await shown(page), /moment 2 of 8/);
  });

  test("follows the theme of the page, of Material for MkDocs, of an attribute and of the system", async (t) => {
    const host = await site.host(t);
    const { page } = await site.visit(t, host.page('<chain-debug src="/run.jsonl"></chain-debug>'));
    const frame = await shown(page);
    const background = () => frame.locator(".embed-head").evaluate((head) => getComputedStyle(head.closest(".embed")).backgroundColor);
    const becomes = async (what, change) => {
      await change();
      for (let at = 0; at < 60 && (await background()) !== what; at += 1) await page.waitForTimeout(50);
      assert.equal(await background(), what);
    };
    const [light, dark] = ["rgb(255, 255, 255)", "rgb(25, 26, 31)"];
    await becomes(light, async () => {});
    await becomes(dark, () => page.evaluate(() => document.body.setAttribute("data-md-color-scheme", "slate")));
    await becomes(light, () => page.evaluate(() => document.body.setAttribute("data-md-color-scheme", "default")));
    await becomes(dark, () => page.evaluate(() => document.querySelector("chain-debug").setAttribute("theme", "dark")));
    await becomes(light, () => page.evaluate(() => document.querySelector("chain-debug").setAttribute("theme", "auto")));
    await becomes(light, () => page.evaluate(() => document.body.removeAttribute("data-md-color-scheme")));
    await becomes(dark, () => page.emulateMedia({ colorScheme: "dark" }));
    await becomes(light, () => page.evaluate(() => document.documentElement.setAttribute("data-theme", "light")));
  });
});

/** Gzip and Base64. */
async function page64(text) {
  const { gzipSync } = await import("node:zlib");
  return gzipSync(text).toString("base64");
}

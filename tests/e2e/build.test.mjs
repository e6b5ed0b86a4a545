// The release build as files: it starts under any path, keeps its policy, and asks its own host alone.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch, watchedPage } from "../support/browser.mjs";
import { serve } from "../support/serve.mjs";

describe("the release build", () => {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  for (const path of ["/", "/some/sub-path/"]) {
    test(`starts under ${path}`, async (t) => {
      const site = await serve({ path });
      t.after(site.close);
      const { context, page, requests, problems } = await watchedPage(browser);
      t.after(() => context.close());

      await page.goto(site.url);
      await page.waitForFunction(() => !document.getElementById("start") && document.body.childElementCount > 0);
      await page.waitForLoadState("networkidle");

      assert.deepEqual(problems, []);
      assert.deepEqual(requests.filter((url) => !url.startsWith(site.url) && !url.startsWith("blob:")), []);
      const version = await page.locator('meta[name="chaindebug-engine"]').getAttribute("content");
      assert.match(version, /^[0-9a-f]{16}$/);
      // A plain host hands out six files at a time, and nothing is drawn before the last style sheet.
      assert.equal(requests.filter((url) => url.endsWith(".css")).length, 1);
    });
  }

  test("is held to its policy by the browser", async (t) => {
    const site = await serve();
    t.after(site.close);
    const other = await serve();
    t.after(other.close);
    const { context, page } = await watchedPage(browser);
    t.after(() => context.close());
    await page.goto(site.url);

    const outcome = await page.evaluate(async (foreign) => {
      const broken = [];
      document.addEventListener("securitypolicyviolation", (event) => broken.push(event.effectiveDirective));
      const sent = await fetch(foreign, { mode: "no-cors" }).then(() => true, () => false);
      const image = new Image();
      const settled = new Promise((done) => (image.onload = image.onerror = done));
      image.src = `${foreign}icon.svg`;
      await settled;
      const script = document.createElement("script");
      script.textContent = "window.injected = true";
      document.body.append(script);
      const beacon = document.createElement("form");
      beacon.action = foreign;
      document.body.append(beacon);
      beacon.submit();
      // What is submitted is looked at a little later, and much later on a busy machine.
      for (let waited = 0; waited < 5000 && !broken.includes("form-action"); waited += 50) {
        await new Promise((done) => setTimeout(done, 50));
      }
      return { sent, injected: window.injected === true, broken: [...new Set(broken)].sort() };
    }, other.url);

    assert.deepEqual(outcome, {
      sent: false,
      injected: false,
      broken: ["connect-src", "form-action", "img-src", "script-src-elem"],
    });
  });

  test("says so when a file of the page is missing", async (t) => {
    const site = await serve();
    t.after(site.close);
    const { context, page } = await watchedPage(browser);
    t.after(() => context.close());
    await page.route(/_bg\.wasm/, (route) => route.fulfill({ status: 404, body: "" }));
    await page.goto(site.url);
    await page.getByRole("alert").waitFor();
    assert.match(await page.getByRole("alert").innerText(), /could not start/);
  });
});

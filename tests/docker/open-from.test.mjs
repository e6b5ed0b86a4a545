// "Open from…" of the image: the variable on and off, asked by the browser and by the server, a Jaeger and two Tempos.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch, watchedPage } from "../support/browser.mjs";
import { tools } from "../e2e/page.mjs";
import { IDS, jaeger, tempo } from "./fakes.mjs";
import { freePort, start } from "./server.mjs";

describe("the image with CHAINDEBUG_OPEN_FROM", () => {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  /** A fake, the image that may ask it, and the page with the dialog open. */
  async function place(t, fake, variables = {}) {
    const image = await start({ CHAINDEBUG_OPEN_FROM: fake.origin, ...variables });
    const watched = await watchedPage(browser);
    watched.context.setDefaultTimeout(30_000);
    t.after(async () => {
      await watched.context.close();
      await image.close();
      await fake.close();
    });
    await watched.page.goto(image.origin);
    await tools(watched.page).started();
    const open = async () => {
      await watched.page.getByRole("button", { name: "Open from Jaeger or Tempo…" }).click();
      return watched.page.getByRole("dialog", { name: "Open from Jaeger or Tempo" });
    };
    return { image, ...watched, tools: tools(watched.page), open };
  }

  test("widens the policy by that origin and nothing else, in the header and in the page", async (t) => {
    const fake = await jaeger();
    const image = await start({ CHAINDEBUG_OPEN_FROM: `${fake.origin}/tracing/` });
    const plain = await start();
    t.after(() => Promise.all([fake.close(), image.close(), plain.close()]));
    const policies = async ({ origin }) => {
      const answer = await fetch(origin, { headers: { "Accept-Encoding": "gzip" } });
      const html = await answer.text();
      return {
        header: answer.headers.get("content-security-policy"),
        meta: /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)[1],
        named: /name="chaindebug-open-from" content="([^"]*)"/.exec(html)[1],
        encoding: answer.headers.get("content-encoding"),
      };
    };
    const [off, on] = [await policies(plain), await policies(image)];
    const widened = (policy) => policy.replace("connect-src 'self';", `connect-src 'self' ${fake.origin};`);
    assert.equal(on.meta, widened(off.meta));
    assert.equal(on.header, widened(off.header).replace("frame-ancestors *", "frame-ancestors 'self'"));
    assert.deepEqual([off.named, on.named], ["", `${fake.origin}/tracing`]);
    assert.deepEqual([off.encoding, on.encoding], ["gzip", "gzip"]);
  });

  test("without it, the page offers nothing and asks nobody", async (t) => {
    const image = await start();
    const { context, page, requests } = await watchedPage(browser);
    t.after(async () => {
      await context.close();
      await image.close();
    });
    await page.goto(image.origin);
    await tools(page).started();
    assert.equal(await page.getByRole("button", { name: /Open from/ }).count(), 0);
    assert.ok(requests.every((url) => url.startsWith(image.origin) || url.startsWith("blob:")));
  });

  for (const via of ["browser", "server"]) {
    test(`finds and opens traces of a Jaeger, asked by the ${via}`, async (t) => {
      const fake = await jaeger({ cors: via === "browser" ? "*" : undefined });
      const { image, page, problems, requests, tools, open } = await place(t, fake, { CHAINDEBUG_OPEN_FROM_VIA: via });
      // Nothing is asked before somebody wants it.
      await page.waitForLoadState("networkidle");
      assert.deepEqual(fake.asked, []);

      const dialog = await open();
      await dialog.getByText(/^Jaeger at/).waitFor();
      await dialog.getByLabel("Service").selectOption("shop");
      await dialog.getByLabel("Tags").fill('http.status_code=500 user="A B"');
      await dialog.getByRole("button", { name: "Find traces" }).click();
      await dialog.getByText("2 traces found").waitFor();
      const { query } = fake.asked.at(-1);
      assert.deepEqual(JSON.parse(query.tags), { "http.status_code": "500", user: "A B" });
      assert.equal(query.service, "shop");
      assert.equal(query.limit, "20");
      assert.equal(Number(query.end) - Number(query.start), 3_600_000_000);

      const lines = dialog.locator("tbody tr");
      assert.match(await lines.nth(0).innerText(), /answer a question[\s\S]*5b8efff7[\s\S]*✗ 1[\s\S]*1\.50 s[\s\S]*2/);
      assert.match(await lines.nth(1).innerText(), /af765191\t0\t1\.50 s/);
      await tools.accessible("the dialog with a list");
      for (const box of await dialog.locator("tbody input").all()) await box.check();
      await dialog.getByRole("button", { name: "Open 2 traces" }).click();
      await page.locator(".page:not([data-stage=empty]):not([data-stage=opening])").waitFor();
      const [first, second] = fake.asked.slice(-2).map(({ path }) => path).sort();
      assert.deepEqual([first, second], [`/api/traces/${IDS.fine}`, `/api/traces/${IDS.failed}`]);

      assert.deepEqual(problems, []);
      const others = requests.filter((url) => !url.startsWith(image.origin) && !url.startsWith("blob:"));
      assert.equal(others.length > 0, via === "browser");
      assert.ok(others.every((url) => url.startsWith(fake.origin)));
      // Who asks is nobody's business.
      for (const { headers } of fake.asked) {
        assert.equal(headers.cookie, undefined);
        assert.equal(headers.referer, undefined);
        assert.equal(headers.authorization, undefined);
      }
      const said = await page.locator(".foot-private").innerText();
      assert.match(said, via === "browser" ? /^4 to the tracing server, \d to this site · nothing else/ : /to the tracing server/);
    });
  }

  for (const version of [1, 2]) {
    test(`finds and opens a trace of a Tempo of version ${version}`, async (t) => {
      const fake = await tempo({ version });
      const { page, tools, open } = await place(t, fake, { CHAINDEBUG_OPEN_FROM_VIA: "server" });
      const dialog = await open();
      await dialog.getByText(/^Tempo at/).waitFor();
      assert.deepEqual(await dialog.getByLabel("Service").locator("option").allInnerTexts(), ["any", "shop"]);
      await dialog.getByLabel("Service").selectOption("shop");
      await dialog.getByLabel("Only with errors").check();
      await dialog.getByRole("button", { name: "Find traces" }).click();
      await dialog.getByText("1 trace found").waitFor();
      assert.equal(fake.asked.at(-1).query.q, '{ resource.service.name = "shop" && status = error }');
      assert.match(await dialog.locator("tbody tr").innerText(), version === 2 ? /✗ 1/ : /not told/);
      await dialog.getByRole("button", { name: "shop: answer a question" }).click();
      await tools.opened();
      assert.match(await page.locator(".menu-title").first().innerText(), /answer a question 5b8efff7/);
    });
  }

  test("opens a trace by its id, and says when there is none", async (t) => {
    const fake = await jaeger();
    const { tools, open } = await place(t, fake, { CHAINDEBUG_OPEN_FROM_VIA: "server" });
    const dialog = await open();
    const id = dialog.getByLabel("Or a trace by its id");
    await id.fill("nonsense");
    await id.press("Enter");
    await dialog.getByRole("alert").getByText("“nonsense” is no trace id").waitFor();
    await id.fill("0123456789abcdef");
    await id.press("Enter");
    await dialog.getByRole("alert").getByText("has no trace 0123456789abcdef").waitFor();
    await id.fill(` ${IDS.failed.toUpperCase()} `);
    await id.press("Enter");
    await tools.opened();
  });

  test("says what to do where the other does not let the page read", async (t) => {
    const fake = await jaeger();
    const { image, open } = await place(t, fake);
    const dialog = await open();
    const said = await dialog.getByRole("alert").innerText();
    assert.match(said, /does not let this page read its answers/);
    assert.ok(said.includes(image.origin) && said.includes("allowed_origins") && said.includes("CHAINDEBUG_OPEN_FROM_VIA=server"));
  });

  test("says so when nobody answers, when somebody else does, and when a name is wanted", async (t) => {
    const nobody = { origin: `http://127.0.0.1:${await freePort()}`, close: () => {} };
    const first = await place(t, nobody);
    await (await first.open()).getByRole("alert").getByText("does not answer").waitFor();
    const second = await place(t, nobody, { CHAINDEBUG_OPEN_FROM_VIA: "server" });
    await (await second.open()).getByRole("alert").getByText("could not reach it (502)").waitFor();
    const third = await place(t, await jaeger({ status: 401, cors: "*" }));
    await (await third.open()).getByRole("alert").getByText("wants to know who asks (401)").waitFor();
  });
});

describe("the image's server that asks", () => {
  test("passes the page's questions on and no others", async (t) => {
    const fake = await jaeger();
    const image = await start({ CHAINDEBUG_OPEN_FROM: fake.origin, CHAINDEBUG_OPEN_FROM_VIA: "server" });
    t.after(() => Promise.all([fake.close(), image.close()]));
    const status = async (path, options) => (await fetch(image.origin + path, options)).status;
    assert.equal(await status("/open-from/api/services"), 200);
    assert.equal(await status("/open-from/api/traces?service=shop"), 200);
    const before = fake.asked.length;
    for (const path of ["/open-from/", "/open-from/api/dependencies", "/open-from/../api/services", "/open-from/http://127.0.0.1/", "/open-from/api/traces/xyz", "/open-from/api/traces/..%2f..%2fadmin", "/open-from//127.0.0.1:1/api/services"]) {
      assert.equal(await status(path), 404, path);
    }
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) assert.ok((await status("/open-from/api/services", { method })) >= 400, method);
    assert.equal(fake.asked.length, before);

    const answer = await fetch(`${image.origin}/open-from/api/services`, { headers: { Cookie: "a=b", Authorization: "Bearer c", "X-Forwarded-For": "1.2.3.4" } });
    assert.equal(answer.headers.get("set-cookie"), null);
    assert.ok(answer.headers.get("content-security-policy"));
    const { headers } = fake.asked.at(-1);
    assert.deepEqual([headers.cookie, headers.authorization, headers["x-forwarded-for"]], [undefined, undefined, undefined]);
  });
});

// The page as an installed program: a second visit without a network, new versions, files from other programs.

import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { launch, watchedPage } from "../support/browser.mjs";
import { ICONS, draw } from "../support/icons.mjs";
import { DIST, serve } from "../support/serve.mjs";
import { sample, tools } from "./page.mjs";

const TRACE = readFileSync(sample("first-trace.chaindebug.jsonl"), "utf8");
/** One that the small engine knows nothing of. */
const PIPELINE = readFileSync(sample("stopped-halfway.pipeline.json"), "utf8");

/** A browser, a copy of the build that a test may change, and a server of it. All are closed with the test. */
async function place(t, path = "/") {
  const root = mkdtempSync(join(tmpdir(), "chaindebug-site-"));
  cpSync(DIST, root, { recursive: true });
  const site = await serve({ root, path });
  const browser = await launch();
  t.after(async () => {
    await browser.close();
    await site.close();
    rmSync(root, { recursive: true, force: true });
  });
  const watched = await watchedPage(browser, { serviceWorkers: "allow" });
  watched.context.setDefaultTimeout(30_000);
  return { root, site, browser, ...watched, tools: tools(watched.page) };
}

/** Until the service worker has all files, and the page is its own. */
const kept = (page) => page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");

/** Until a question to the page is answered with yes. */
async function until(page, question) {
  for (let attempt = 0; !(await page.evaluate(question)); attempt++) {
    assert.ok(attempt < 200, `still not: ${question}`);
    await page.waitForTimeout(100);
  }
}

/** A later build of the same: another name, and a mark to know it by. */
function renew(root) {
  const change = (name, from, to) => {
    const text = readFileSync(join(root, name), "utf8");
    assert.ok(text.includes(from), `${name} holds ${from}`);
    writeFileSync(join(root, name), text.replaceAll(from, to));
  };
  const build = /name="chaindebug-build" content="([0-9a-f]{16})"/.exec(readFileSync(join(root, "index.html"), "utf8"))[1];
  change("service-worker.js", build, "feedfeedfeedfeed");
  change("index.html", build, "feedfeedfeedfeed");
  return build;
}

/** A new version is there and offered; the button that takes it. */
async function offered(page, root) {
  const before = renew(root);
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
  const button = page.getByRole("button", { name: "Reload" });
  await button.waitFor();
  assert.equal(await build(page), before);
  return button;
}

/** Takes the version that is offered, until the page has started anew. */
async function taken(page, button, tools) {
  await Promise.all([page.waitForEvent("load"), button.click()]);
  await tools.started();
}

const build = (page) => page.locator('meta[name="chaindebug-build"]').getAttribute("content");

/** What is put aside for a next page. */
const parcels = (page) =>
  page.evaluate(
    () =>
      new Promise((done) => {
        const request = indexedDB.open("chaindebug", 1);
        request.onupgradeneeded = () => request.result.createObjectStore("parcels");
        request.onsuccess = () => {
          const count = request.result.transaction("parcels").objectStore("parcels").count();
          count.onsuccess = () => (request.result.close(), done(count.result));
        };
      }),
  );

describe("without a network", () => {
  for (const path of ["/", "/a/b/"]) {
    test(`the rest of a visit and the next one work under ${path}`, async (t) => {
      const { site, context, page, requests, problems, tools: first } = await place(t, path);
      await page.goto(site.url);
      await first.started();
      await first.openSample("Confident answer, empty retrieval");
      await kept(page);
      assert.deepEqual(problems, []);
      assert.deepEqual(requests.filter((url) => !url.startsWith(site.url) && !url.startsWith("blob:")), []);

      await site.close();
      await context.setOffline(true);
      // A file for the full engine, which this page has not asked for yet.
      await first.drop([{ name: "p.pipeline.json", text: PIPELINE }]);
      await page.getByRole("tab", { name: "Chart" }).or(page.getByText("Dry run").first()).first().waitFor();
      assert.match(await page.locator(".menu-title").first().innerText(), /p\.pipeline\.json/);

      const again = await context.newPage();
      const second = tools(again);
      await again.goto(site.url);
      await second.started();
      await second.openSample("Confident answer, empty retrieval");
      await second.drop([{ name: "run.jsonl", text: TRACE }]);
      await again.locator(".menu-title", { hasText: "run.jsonl" }).waitFor();
    });
  }

  test("nothing is kept of what is opened, and nothing but the build is", async (t) => {
    const { site, page, tools } = await place(t, "/a/b/");
    await page.goto(site.url);
    await tools.started();
    await kept(page);
    await tools.drop([{ name: "run.jsonl", text: TRACE }]);
    await tools.opened();
    const held = await page.evaluate(async () => {
      const names = await caches.keys();
      const files = (await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)))).flat();
      return { names, files, databases: (await indexedDB.databases()).map(({ name }) => name) };
    });
    assert.equal(held.names.length, 1);
    assert.match(held.names[0], /^chaindebug \/a\/b\/ [0-9a-f]{16}$/);
    assert.ok(held.files.every((url) => url.startsWith(site.url)));
    for (const file of ["", "chaindebug-editor.js", "chaindebug-traces_bg.wasm", "chaindebug-wasm_bg.wasm", "samples/manifest.json"]) {
      assert.ok(held.files.some((url) => url.replace(/\?.*/, "") === site.url + file), file);
    }
    assert.deepEqual(held.databases, []);
  });
});

describe("a new version", () => {
  test("is offered, and brings back what was open: same file, same step", async (t) => {
    const { root, site, page, problems, tools } = await place(t, "/a/b/");
    await page.goto(site.url);
    await tools.started();
    await kept(page);
    await tools.drop([{ name: "other.json", text: readFileSync(sample("empty-retrieval.otlp.json"), "utf8") }]);
    await tools.opened();
    await tools.drop([{ name: "my run.jsonl", text: TRACE }]);
    await page.locator(".menu-title", { hasText: "my run.jsonl" }).waitFor();
    await tools.press("n");
    await tools.press("n");
    // Moments are counted from one.
    await tools.press("n", 4);
    await page.getByRole("tab", { name: /Table/ }).click();
    const spoken = await tools.spoken();

    await taken(page, await offered(page, root), tools);
    await page.locator(".menu-title", { hasText: "my run.jsonl" }).waitFor();
    await tools.opened();
    await page.waitForFunction(() => document.querySelector('[role="slider"][aria-label="Moment"]')?.ariaValueNow === "4");

    assert.equal(await build(page), "feedfeedfeedfeed");
    assert.equal(await tools.spoken(), spoken);
    assert.equal(await page.getByRole("tab", { name: /Table/ }).getAttribute("aria-selected"), "true");
    // The other file is open too.
    await page.locator(".menu-files .menu-button").click();
    assert.equal(await page.locator(".menu-files .menu-line").count(), 2);
    await page.locator(".menu-line", { hasText: "other.json" }).locator(".menu-item").click();
    await page.locator(".menu-title", { hasText: "other.json" }).waitFor();
    // Nothing is left behind: no parcel, no old build, no second offer.
    assert.equal(await parcels(page), 0);
    await until(page, async () => (await caches.keys()).length === 1);
    assert.equal(await page.getByRole("button", { name: "Reload" }).count(), 0);
    assert.deepEqual(problems, []);
  });

  test("brings back as what a file was read", async (t) => {
    const { root, site, page, tools } = await place(t);
    await page.goto(site.url);
    await tools.started();
    await kept(page);
    await tools.drop([{ name: "mine.jsonl", text: TRACE }]);
    await tools.opened();
    await page.getByRole("button", { name: /^How it was read/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(/^Another of the \d+ formats$/).click();
    await dialog.getByRole("button", { name: /^OTLP JSON/ }).first().click();
    const nothing = page.getByRole("heading", { name: /Nothing to debug was found/ });
    await nothing.waitFor();
    await taken(page, await offered(page, root), tools);
    await nothing.waitFor();
    await page.getByRole("button", { name: /^How it was read/ }).click();
    await dialog.getByRole("button", { name: "Read it as its content says" }).click();
    await tools.opened();
  });

  test("brings back costs that were worked out", async (t) => {
    const { root, site, page, tools } = await place(t);
    await page.goto(site.url);
    await tools.started();
    await kept(page);
    const step = { type: "step", id: "1", name: "write", kind: "llm", model: "kite-4", usage: { input_tokens: 1000, output_tokens: 100 }, start: "2026-03-02T09:15:00Z", end: "2026-03-02T09:15:01Z" };
    await tools.drop([{ name: "ask.jsonl", text: `${JSON.stringify({ chaindebug: 1, run: { name: "ask" } })}\n${JSON.stringify(step)}\n` }]);
    await tools.opened();
    await page.getByRole("button", { name: "work out…" }).click();
    const dialog = page.getByRole("dialog", { name: "What the models cost" });
    for (const [what, dollars] of [["input", "2"], ["output", "10"]]) {
      await dialog.getByRole("textbox", { name: `Dollars for a million tokens of ${what}, kite-4` }).fill(dollars);
    }
    await dialog.getByRole("button", { name: "Work out the cost" }).click();
    const cost = page.locator(".tile", { hasText: "cost" }).getByText("≈$0.0030");
    await cost.waitFor();
    await taken(page, await offered(page, root), tools);
    await cost.waitFor();
  });

  test("brings back a comparison of two dropped files", async (t) => {
    const { root, site, page, tools } = await place(t);
    await page.goto(site.url);
    await tools.started();
    await kept(page);
    const of = (day) => ({ name: `${day}.json`, text: readFileSync(sample(`yesterday-it-worked.${day}.otlp.json`), "utf8") });
    await tools.drop([of("monday"), of("tuesday")]);
    const verdict = page.locator(".page[data-stage=compare]");
    await verdict.waitFor();
    await taken(page, await offered(page, root), tools);
    await verdict.waitFor();
    assert.equal(await build(page), "feedfeedfeedfeed");
  });

  test("comes from the network where the browser does not let it take over", async (t) => {
    const { root, site, page, tools } = await place(t);
    await page.addInitScript(() => {
      const post = ServiceWorker.prototype.postMessage;
      ServiceWorker.prototype.postMessage = function (message, ...rest) {
        if (!message?.take) post.call(this, message, ...rest);
      };
    });
    await page.goto(site.url);
    await tools.started();
    await kept(page);
    await tools.drop([{ name: "my run.jsonl", text: TRACE }]);
    await tools.opened();
    await taken(page, await offered(page, root), tools);
    await page.locator(".menu-title", { hasText: "my run.jsonl" }).waitFor();
    assert.equal(await build(page), "feedfeedfeedfeed");
    await kept(page);
    assert.equal(await page.getByRole("button", { name: "Reload" }).count(), 0);
  });

  test("waits while a text is edited and not saved", async (t) => {
    const { root, site, page, tools } = await place(t);
    await page.goto(site.url);
    await tools.started();
    await kept(page);
    await tools.drop([{ name: "p.pipeline.json", text: PIPELINE }]);
    await page.locator(".cm-content").click();
    await page.keyboard.type(" ");
    await page.locator(".editor-unsaved").waitFor();
    await (await offered(page, root)).click();
    await page.getByText("p.pipeline.json has changes that are not saved").waitFor();
    await page.getByRole("button", { name: "Later" }).click();
    assert.equal(await page.getByRole("button", { name: "Reload" }).count(), 0);
    assert.notEqual(await build(page), "feedfeedfeedfeed");
  });

  test("that the network has just brought is not offered again, and other tabs keep their own", async (t) => {
    const { root, site, context, page, tools: first } = await place(t);
    await page.goto(site.url);
    await first.started();
    await kept(page);
    const before = renew(root);
    const again = await context.newPage();
    await again.goto(site.url);
    const second = tools(again);
    await second.started();
    assert.equal(await build(again), "feedfeedfeedfeed");
    // Nobody has to press anything: it takes over by itself.
    await until(again, async () => (await caches.keys()).length === 2);
    await until(again, async () => {
      const { installing, waiting } = await navigator.serviceWorker.getRegistration();
      return !installing && !waiting;
    });
    assert.equal(await again.getByRole("button", { name: "Reload" }).count(), 0);
    // The first page is of the old build and finds its files.
    assert.equal(await build(page), before);
    assert.equal(await again.evaluate(async () => (await caches.keys()).length), 2);
    await first.drop([{ name: "p.pipeline.json", text: PIPELINE }]);
    await page.locator(".menu-title", { hasText: "p.pipeline.json" }).waitFor();
  });
});

describe("files from other programs", () => {
  test("“open with” opens them, ready to be saved where they are", async (t) => {
    const { site, page, tools } = await place(t);
    await page.addInitScript(() => {
      Object.defineProperty(window, "launchQueue", { value: { setConsumer: (consumer) => (window.launch = consumer) } });
    });
    await page.goto(site.url);
    await tools.started();
    await page.waitForFunction(() => typeof window.launch === "function");
    await page.evaluate(async (text) => {
      const folder = await navigator.storage.getDirectory();
      const handle = await folder.getFileHandle("handed over.jsonl", { create: true });
      const stream = await handle.createWritable();
      await stream.write(text);
      await stream.close();
      window.launch({ files: [handle] });
    }, TRACE);
    await page.locator(".menu-title", { hasText: "handed over.jsonl" }).waitFor();
    await tools.opened();
  });

  test("what is shared with the page is opened in it, once", async (t) => {
    const { root, site, page, tools } = await place(t, "/a/b/");
    writeFileSync(join(root, "share.html"), '<form method="post" action="./share" enctype="multipart/form-data"><input type="file" name="files" multiple><input name="text"><button>Share</button></form>');
    await page.goto(site.url);
    await tools.started();
    await kept(page);
    await page.goto(`${site.url}share.html`);
    await page.locator("input[type=file]").setInputFiles([{ name: "shared.jsonl", mimeType: "application/x-ndjson", buffer: Buffer.from(TRACE) }]);
    await page.getByRole("button", { name: "Share" }).click();
    await tools.started();
    await page.locator(".menu-title", { hasText: "shared.jsonl" }).waitFor();
    assert.equal(new URL(page.url()).search, "");
    assert.equal(await parcels(page), 0);
    await page.reload();
    await tools.started();
    assert.equal(await page.locator(".menu-title").count(), 0);
    // Text alone is a file without a name.
    await page.goto(`${site.url}share.html`);
    await page.locator("input[name=text]").fill(TRACE.split("\n").slice(0, 4).join(" "));
    await page.getByRole("button", { name: "Share" }).click();
    await tools.started();
    await page.locator(".menu-title", { hasText: "shared text" }).waitFor();
  });
});

describe("“Install”", () => {
  test("is a line of the menu where the browser offers it, and never a banner", async (t) => {
    const { site, page, tools } = await place(t);
    await page.goto(site.url);
    await tools.started();
    await page.waitForLoadState("networkidle");
    const prevented = await page.evaluate(() => {
      const event = new Event("beforeinstallprompt", { cancelable: true });
      event.prompt = async () => (window.prompted = (window.prompted ?? 0) + 1);
      dispatchEvent(event);
      return event.defaultPrevented;
    });
    assert.ok(prevented);
    await tools.drop([{ name: "run.jsonl", text: TRACE }]);
    await tools.opened();
    const menu = page.locator(".menu-files .menu-button");
    await menu.click();
    await page.getByRole("button", { name: "Install ChainDebug…" }).click();
    assert.equal(await page.evaluate(() => window.prompted), 1);
    await menu.click();
    assert.equal(await page.getByRole("button", { name: "Install ChainDebug…" }).count(), 0);
  });

  test("has icons as public/icon.svg has the mark, and names files that are there", async (t) => {
    const manifest = JSON.parse(readFileSync(join(DIST, "manifest.webmanifest"), "utf8"));
    for (const { src } of manifest.icons) assert.ok(existsSync(join(DIST, src)), src);
    assert.deepEqual(manifest.icons.filter(({ purpose }) => purpose === "maskable").length, 1);
    const { page, problems } = await place(t);
    for (const icon of ICONS) {
      const drawn = (await draw(page, icon)).toString("base64");
      const there = readFileSync(join(DIST, icon.file)).toString("base64");
      const apart = await page.evaluate(async ([size, ...urls]) => {
        const [a, b] = await Promise.all(
          urls.map(async (url) => {
            const image = new Image();
            image.src = `data:image/png;base64,${url}`;
            await image.decode();
            const context = new OffscreenCanvas(size, size).getContext("2d");
            context.drawImage(image, 0, 0);
            return [image.naturalWidth, context.getImageData(0, 0, size, size).data];
          }),
        );
        if (a[0] !== size || b[0] !== size) return 1;
        // Edges may be drawn a little otherwise by another browser.
        return a[1].filter((value, at) => Math.abs(value - b[1][at]) > 48).length / a[1].length;
      }, [icon.size, drawn, there]);
      assert.ok(apart < 0.005, `${icon.file} is not as public/icon.svg: run \`node tests/support/icons.mjs\``);
    }
    assert.deepEqual(problems, []);
  });

  test("is not for a page in a frame", async (t) => {
    const { root, site, page } = await place(t);
    writeFileSync(join(root, "host.html"), '<iframe src="./" width="600" height="400"></iframe>');
    await page.goto(`${site.url}host.html`);
    await page.frameLocator("iframe").locator(".start-page").waitFor();
    await page.waitForLoadState("networkidle");
    await page.waitForTimeout(1000);
    assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
  });

  test("is not for a development build", async (t) => {
    const { root, site, page, tools } = await place(t);
    const html = readFileSync(join(root, "index.html"), "utf8");
    writeFileSync(join(root, "index.html"), html.replace(/(name="chaindebug-build" content=")[0-9a-f]+/, "$1dev"));
    await page.goto(site.url);
    await tools.started();
    await page.waitForLoadState("networkidle");
    await page.waitForTimeout(1000);
    assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
  });
});

// A page read from a disk: nothing can be fetched, no module script runs, and the embed works all the same.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { DIST } from "../support/serve.mjs";
import { TRACE, setting, shown, stands } from "./embed-host.mjs";

const site = setting();

/** A folder with a page and the two files an embed needs there; gives the page's address. */
function folder(t, body) {
  const made = mkdtempSync(join(tmpdir(), "chaindebug-disk-"));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  for (const name of ["chain-debug.js", "chaindebug.html"]) cpSync(join(DIST, name), join(made, name));
  const page = join(made, "page.html");
  writeFileSync(page, `<!doctype html><html lang="en"><meta charset="utf-8"><title>Docs</title><script src="chain-debug.js" defer></script><body>${body}`);
  return pathToFileURL(page).href;
}

describe("a page on a disk", () => {
  test("shows a trace that stands in it, steps, and leads to the full page with it", async (t) => {
    const packed = gzipSync(TRACE).toString("base64");
    const inside = `<script type="application/x-chain-debug" data-name="run.jsonl" data-encoding="gzip base64">${packed}</script>`;
    const url = folder(t, `<chain-debug src="run.jsonl" step="retrieve#2" height="400">${inside}<a href="run.jsonl">run.jsonl</a></chain-debug>`);
    const { page, context } = await site.visit(t, url);
    const frame = await shown(page);
    await stands(frame, /exit retrieve, .*moment 5 of 8/);
    await page.evaluate(() => document.querySelector("chain-debug").go({ move: "next-error" }));
    await stands(frame, /exit write/);
    const [full] = await Promise.all([context.waitForEvent("page"), frame.getByRole("link", { name: /full page/ }).click()]);
    await full.getByRole("button", { name: "Open", exact: true }).click();
    await stands(full, /exit write/);
  });

  test("says what to do when the trace is a file beside it", async (t) => {
    const { page } = await site.visit(t, folder(t, '<chain-debug src="run.jsonl"></chain-debug>'), { expectProblems: true });
    await page.getByRole("alert").filter({ hasText: "run.jsonl cannot be fetched from a page that was opened as a file" }).waitFor();
    await page.getByText("write the trace into the element").waitFor();
    assert.match(await page.getByRole("link", { name: /playground/ }).getAttribute("href"), /chaindebug\.html$/);
  });
});

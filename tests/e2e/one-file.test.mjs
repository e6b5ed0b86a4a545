// A run that is handed on whole: as one HTML file, opened from the disk without a network, and as a link.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, test } from "node:test";
import { watchedPage } from "../support/browser.mjs";
import { DIST } from "../support/serve.mjs";
import { SIZES, sample, setting, tools as toolsOf } from "./page.mjs";

const set = setting();
const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

/** Four steps, one of which fails; a value tries to end its script element. */
const RUN = [
  { chaindebug: 1, run: { id: "mail-7", name: "Answer </script> mail" } },
  { id: "1", name: "answer", kind: "agent", start: "2026-03-02T09:15:04Z", end: "2026-03-02T09:15:09Z", status: "ok" },
  { id: "2", parent: "1", name: "read", kind: "tool", start: "2026-03-02T09:15:04Z", end: "2026-03-02T09:15:05Z", status: "ok", output: "</script><script>document.title = 'broken'</script>" },
  { id: "3", parent: "1", name: "find_order", kind: "tool", start: "2026-03-02T09:15:05Z", end: "2026-03-02T09:15:06Z", error: { type: "NotFound", message: "No such order" } },
  { id: "4", parent: "1", name: "write", kind: "llm", start: "2026-03-02T09:15:06Z", end: "2026-03-02T09:15:08Z", status: "ok", model: "small-chat-2" },
].map((line) => JSON.stringify(line)).join("\n");

/** A folder of the test's own. */
function folder(t) {
  const path = mkdtempSync(join(tmpdir(), "chaindebug-one-file-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Opens a file of the disk in a browser that is offline, and fails on anything it asks for. */
async function fromDisk(t, path, { hash = "", size = SIZES.wide, theme = "light" } = {}) {
  const { context, page, requests, problems } = await watchedPage(set.browser, { viewport: size, colorScheme: theme });
  context.setDefaultTimeout(20_000);
  await context.setOffline(true);
  t.after(async () => {
    await context.close();
    assert.deepEqual(problems, []);
    const url = pathToFileURL(path).href;
    assert.deepEqual(requests.filter((asked) => !/^(blob|data):/.test(asked) && asked.split("#")[0] !== url), []);
  });
  await page.goto(pathToFileURL(path).href + hash);
  const tools = toolsOf(page);
  await tools.started();
  return { page, tools };
}

/** Saves what is open as one HTML file, as it is. */
async function save(page, path) {
  await page.getByRole("button", { name: "Share" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("tab", { name: "One HTML file" }).click();
  await dialog.getByRole("radio", { name: "As it is" }).check();
  const saving = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Save HTML file" }).click();
  const download = await saving;
  await download.saveAs(path);
  await dialog.getByText("was saved").waitFor();
  await page.keyboard.press("Escape");
  return download.suggestedFilename();
}

describe("one HTML file", () => {
  test("opens from the disk at its step and view, takes other files, and drops back into the playground", async (t) => {
    const path = join(folder(t), "mail.html");
    const { page, tools, requests } = await set.visit(t);
    await tools.drop([{ name: "mail.jsonl", text: RUN }]);
    await tools.opened();
    await page.keyboard.press("2");
    await tools.press("e", 5);
    const before = requests().length;
    assert.equal(await save(page, path), "mail-chaindebug.html");
    assert.deepEqual(requests().slice(before).map((url) => url.split("/").at(-1)), ["chaindebug.html"]);
    assert.match(await page.locator(".foot-private").innerText(), /2 requests, for files of this site/);

    const disk = await fromDisk(t, path);
    await disk.tools.opened();
    assert.deepEqual(await disk.tools.moment(), await tools.moment());
    assert.equal(await disk.page.getByRole("tab", { name: "Timeline" }).getAttribute("aria-selected"), "true");
    assert.equal(await disk.page.title(), "Answer </script> mail · ChainDebug");
    assert.match(await disk.page.locator(".foot-private").innerText(), /0 requests/);
    await disk.tools.press("b", 4);
    await disk.tools.press("n", 5);
    await disk.tools.accessible("one HTML file");
    await disk.tools.addressed();
    await disk.page.reload();
    await disk.tools.opened();
    assert.equal((await disk.tools.moment())[0], 5);

    // What it was saved from gives the same again.
    const again = join(folder(t), "again.html");
    await save(disk.page, again);
    const text = readFileSync(again, "utf8");
    assert.equal(text.match(/<script type="text\/chaindebug-file"/g).length, 1);
    assert.ok(Math.abs(statSync(again).size - statSync(path).size) < 2_000);
    const second = await fromDisk(t, again, { theme: "dark", size: SIZES.narrow });
    await second.tools.opened();
    assert.equal((await second.tools.moment())[0], 5);
    await second.tools.accessible("one HTML file, dark and narrow");
    await second.tools.fits("one HTML file at 400 px");

    // Files of any kind can be dropped on it: a pipeline with its text needs the full engine and the editor.
    const pipeline = readFileSync(sample("stopped-halfway.pipeline.json"), "utf8");
    await disk.tools.drop([{ name: "halfway.json", text: pipeline }]);
    await disk.page.getByRole("button", { name: /^File: halfway.json/ }).waitFor();
    await disk.page.locator(".cm-content").waitFor();

    // Back into the playground, by content and not by name.
    const back = await set.visit(t);
    const attachment = [{ name: "attachment", text: readFileSync(again, "utf8"), modified: 1 }];
    await back.tools.drop(attachment);
    await back.tools.opened();
    assert.equal((await back.tools.moment())[0], 5);
    assert.equal(await back.page.getByRole("tab", { name: "Timeline" }).getAttribute("aria-selected"), "true");
    await back.page.getByRole("button", { name: /^File: mail\..*jsonl/ }).waitFor();
    // Once more is the same.
    await back.tools.drop(attachment);
    await back.page.getByText(/mail\S*jsonl is open already and has not changed/).first().waitFor();
  });

  test("the command line makes the same file, and reads it", async (t) => {
    const at = folder(t);
    const [run, path] = [join(at, "mail.jsonl"), join(at, "mail.html")];
    writeFileSync(run, RUN);
    const chaindebug = (...words) => spawnSync("cargo", ["run", "--quiet", "--package", "chaindebug", "--", ...words], { cwd: PROJECT });
    const made = chaindebug("html", run, "-o", path, "--step", "2", "--view", "table", "--page", join(DIST, "chaindebug.html"));
    assert.equal(made.status, 0, String(made.stderr));
    const { page, tools } = await fromDisk(t, path);
    await tools.opened();
    assert.equal((await tools.moment())[0], 4);
    assert.equal(await page.getByRole("tab", { name: "Table" }).getAttribute("aria-selected"), "true");
    const read = chaindebug("open", path);
    assert.match(String(read.stdout), /mail-7/);
  });

  test("says what is wrong with it when it was cut", async (t) => {
    const path = join(folder(t), "cut.html");
    const { page, tools } = await set.visit(t);
    await tools.drop([{ name: "mail.jsonl", text: RUN }]);
    await tools.opened();
    await save(page, path);
    const text = readFileSync(path, "utf8");
    const back = await set.visit(t);
    await back.tools.drop([{ name: "cut.html", text: text.slice(0, text.indexOf('data-name="') + 120) }]);
    await back.page.getByText(/damaged or cut off|cut off or damaged/).first().waitFor();
  });
});

describe("a link that holds the run", () => {
  /** Drops the run, goes to its error, and copies the link. */
  async function link(t) {
    const { page, context, tools } = await set.visit(t);
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await tools.drop([{ name: "mail & more.jsonl", text: RUN }]);
    await tools.opened();
    await page.keyboard.press("4");
    await tools.press("e", 5);
    await page.getByRole("button", { name: "Share" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("radio", { name: "As it is" }).check();
    await dialog.getByRole("meter").waitFor();
    await dialog.getByRole("button", { name: "Copy the link" }).click();
    await dialog.getByText("The link is on the clipboard").waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  }

  test("leads to the run where it stood, and stays in the address", async (t) => {
    const text = await link(t);
    assert.ok(text.startsWith(`${set.site.url}#v=1&`) && text.length < 2_000, text);
    const { page, tools } = await set.visit(t, { hash: text.slice(set.site.url.length) });
    await tools.opened();
    assert.equal((await tools.moment())[0], 5);
    assert.equal(await page.getByRole("tab", { name: "Table" }).getAttribute("aria-selected"), "true");
    await page.getByRole("button", { name: /^File: mail & more\..*jsonl/ }).waitFor();
    await tools.press("n", 6);
    await page.waitForFunction(() => location.hash.includes("&at=5&"));
    await page.reload();
    await tools.started();
    await tools.opened();
    assert.equal((await tools.moment())[0], 6);
  });

  test("that was cut or damaged says so", async (t) => {
    const text = await link(t);
    const hash = text.slice(set.site.url.length);
    const cut = await set.visit(t, { hash: hash.slice(0, -40) });
    await cut.page.getByText("This link is damaged").waitFor();
    const bare = await set.visit(t, { hash: hash.slice(0, hash.indexOf("&data=")) });
    await bare.page.getByText("This link was cut off").waitFor();
    const at = hash.length - 60;
    const other = hash[at] === "A" ? "B" : "A";
    const changed = await set.visit(t, { hash: `${hash.slice(0, at)}${other}${hash.slice(at + 1)}` });
    await changed.page.getByText("This link is damaged").waitFor();
  });

  test("that would be too long is refused with its size, and leads to the HTML file", async (t) => {
    const { page, tools } = await set.visit(t);
    // Noise does not pack.
    const noise = Array.from({ length: 9_000 }, (_, at) => ((at * 2654435761) % 4294967296).toString(36)).join(" ");
    await tools.drop([{ name: "long.jsonl", text: RUN.replace("small-chat-2", noise) }]);
    await tools.opened();
    await page.getByRole("button", { name: "Share" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("radio", { name: "As it is" }).check();
    await dialog.getByText(/would be a link of [\d.]+ KB; a link holds 32/).waitFor();
    await dialog.getByRole("button", { name: "One HTML file…" }).click();
    await dialog.getByRole("button", { name: "Save HTML file" }).waitFor();
  });

  test("to a sample holds its address and nothing of the file", async (t) => {
    const { page, context, tools, full } = await set.visit(t);
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await tools.gallery().first().click();
    await page.getByRole("button", { name: "Share" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Copy link" }).click();
    await dialog.getByText("The link is on the clipboard").waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(text, /#v=1&sample=/);
    assert.doesNotMatch(text, /data=/);
    assert.deepEqual(full(), []);
  });
});

// The Share dialog: what is replaced before anything leaves, and the other formats, checked as files.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { SIZES, setting } from "./page.mjs";

const set = setting();

const MAIL = "ada.lovelace@example.org";
const CARD = "4111 1111 1111 1111";

/** A run with an e-mail address in three places, a card number, and a name that only its owner knows to be secret. */
const RUN = [
  { chaindebug: 1, run: { id: "mail-7", name: "Answer the mail of a customer who asks where the parcel is" } },
  { id: "1", name: "answer", kind: "agent", start: "2026-03-02T09:15:04Z", end: "2026-03-02T09:15:09Z", status: "ok", input: { from: MAIL, text: "My card is " + CARD } },
  { id: "2", parent: "1", name: "find_customer", kind: "tool", start: "2026-03-02T09:15:05Z", end: "2026-03-02T09:15:06Z", status: "ok", input: { mail: MAIL }, output: { customer: "Project Bluebird" } },
  { id: "3", parent: "1", name: "send", kind: "tool", start: "2026-03-02T09:15:06Z", end: "2026-03-02T09:15:07Z", status: "ok", input: { to: MAIL } },
].map((line) => JSON.stringify(line)).join("\n");

/** Opens the run and the dialog, at one of its ways. */
async function dialogOf(t, way, options) {
  const { page, tools, context } = await set.visit(t, options);
  await tools.drop([{ name: "mail.jsonl", text: RUN }]);
  await tools.opened();
  await page.getByRole("button", { name: "Share" }).click();
  const dialog = page.getByRole("dialog");
  if (way) await dialog.getByRole("tab", { name: way }).click();
  return { page, tools, context, dialog };
}

/** What a press on a button saves: its name and its bytes. */
async function saved(page, button) {
  const saving = page.waitForEvent("download");
  await button.click();
  const download = await saving;
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

describe("before anything leaves", () => {
  test("what was found is shown, and replaced alike everywhere", async (t) => {
    const { page, tools, dialog } = await dialogOf(t, "Export");
    await dialog.getByText(/look like a secret or a person's data/).waitFor();
    await tools.accessible("the dialog");
    const { name, bytes } = await saved(page, dialog.getByRole("button", { name: "Save Run as ChainDebug JSON Lines" }));
    assert.match(name, /\.jsonl$/);
    const text = bytes.toString();
    assert.ok(!text.includes(MAIL) && !text.includes(CARD) && !text.includes("4111"), text);
    // One stand-in for one thing: structure and comparison hold.
    const lines = text.trim().split("\n").map((line) => JSON.parse(line));
    const of = (step) => lines.find((line) => line.name === step)?.input;
    assert.equal(of("answer").from, of("send").to);
    assert.equal(of("find_customer").mail, of("send").to);
    assert.match(of("send").to, /@/);
    await dialog.getByText("A second look at the written text found nothing").waitFor();
    await dialog.getByText(/2 different things replaced in 4 places/).waitFor();

    const back = await set.visit(t);
    await back.tools.drop([{ name, text }]);
    await back.tools.opened();
    assert.equal((await back.tools.moment())[1], (await tools.moment())[1]);
  });

  test("finds lead to their places, and stay when somebody says so", async (t) => {
    const { page, tools, dialog } = await dialogOf(t, "Export");
    const more = dialog.getByRole("button", { name: /mail.*: 1 in 3 places/i });
    await more.click();
    const find = dialog.getByRole("checkbox", { name: new RegExp(MAIL) });
    await find.uncheck();
    await tools.accessible("the finds");
    const { bytes } = await saved(page, dialog.getByRole("button", { name: "Save Run as ChainDebug JSON Lines" }));
    assert.ok(bytes.toString().includes(MAIL) && !bytes.toString().includes("4111"));
    await dialog.getByText(/1 kept/).waitFor();
    await dialog.getByText("A second look").waitFor();

    await dialog.getByRole("button", { name: /^send.* \(step 3\) · input/ }).click();
    await dialog.waitFor({ state: "hidden" });
    assert.match(await tools.spoken(), /send/);
  });

  test("patterns of one's own are found too, and as it is is as it is", async (t) => {
    const { page, dialog } = await dialogOf(t, "Export");
    await dialog.getByRole("textbox", { name: "Also replace" }).fill("project bluebird");
    await page.keyboard.press("Enter");
    await dialog.getByText(/^3 different things in 5 places/).waitFor();
    const button = dialog.getByRole("button", { name: "Save Run as ChainDebug JSON Lines" });
    const redacted = (await saved(page, button)).bytes.toString();
    assert.ok(!/bluebird/i.test(redacted), redacted);
    await dialog.getByRole("radio", { name: "As it is" }).check();
    await dialog.getByText(/▲ 3 different things in 5 places.*leave as they are/).waitFor();
    const whole = (await saved(page, button)).bytes.toString();
    assert.ok(whole.includes(MAIL) && whole.includes(CARD) && whole.includes("Project Bluebird"));
  });

  test("works by keyboard, narrow and dark", async (t) => {
    const { page, tools, dialog } = await dialogOf(t, undefined, { size: SIZES.narrow, theme: "dark" });
    await dialog.getByRole("meter").waitFor();
    await tools.fits("the dialog at 400 px");
    await dialog.getByRole("tab", { name: "Link" }).focus();
    await page.keyboard.press("ArrowRight");
    await dialog.getByRole("button", { name: "Save HTML file" }).waitFor();
    await page.keyboard.press("ArrowRight");
    assert.equal(await dialog.getByRole("tab", { name: "Export" }).getAttribute("aria-selected"), "true");
    await tools.fits("the exports at 400 px");
    await tools.accessible("the dialog, dark and narrow");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Share");
  });
});

describe("other formats", () => {
  test("are saved as files that hold what their names say", async (t) => {
    const { page, context, dialog } = await dialogOf(t, "Export");
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const save = async (what, ending) => {
      const { name, bytes } = await saved(page, dialog.getByRole("button", { name: `Save ${what}` }));
      assert.ok(name.endsWith(ending), `${what}: ${name}`);
      return bytes;
    };
    const svg = (await save("Flowchart as SVG", ".svg")).toString();
    assert.ok(svg.startsWith("<svg") && svg.includes("find_customer"));
    const png = await save("Flowchart as PNG", ".png");
    assert.deepEqual([...png.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
    const width = Number(/width="(\d+)/.exec(svg)?.[1]);
    assert.equal(png.readUInt32BE(16), width * 2);
    assert.match((await save("Flowchart as Mermaid", "")).toString(), /flowchart|graph/);
    assert.match((await save("Flowchart as DOT", "")).toString(), /digraph/);
    const otlp = JSON.parse((await save("Run as OTLP JSON", ".json")).toString());
    assert.equal(otlp.resourceSpans[0].scopeSpans[0].spans.length, 3);
    assert.equal((await save("Table as CSV", ".csv")).toString().trim().split(/\r?\n/).length, 4);

    await dialog.getByRole("button", { name: "Copy Flowchart as Mermaid" }).click();
    await dialog.getByText("is on the clipboard").waitFor();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /flowchart|graph/);
  });

  test("of two runs is their comparison", async (t) => {
    const { page, tools } = await set.visit(t);
    await tools.gallery().filter({ hasText: "Yesterday it worked" }).click();
    await page.getByRole("button", { name: "Report…" }).waitFor();
    await page.getByRole("button", { name: "Share" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("tab", { name: "Export" }).click();
    const { bytes } = await saved(page, dialog.getByRole("button", { name: "Save Comparison as Markdown" }));
    assert.match(bytes.toString(), /^#/m);
  });
});

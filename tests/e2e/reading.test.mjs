// Files that are read as somebody says: fields of an unknown file mapped, a verdict overruled, costs worked out.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SIZES, setting } from "./page.mjs";

const set = setting();

/** A log of a queue, in a form nobody knows. */
const QUEUE = [
  { job_id: "j-100", enqueued_by: null, task: "answer ticket", type: "workflow", state: "COMPLETED", ts_start: 1700000000000, ts_end: 1700000009000, args: { ticket: 4711 } },
  { job_id: "j-101", enqueued_by: "j-100", task: "find orders", type: "tool_call", state: "COMPLETED", ts_start: 1700000000100, ts_end: 1700000001000, args: { customer: "c9" } },
  { job_id: "j-102", enqueued_by: "j-100", task: "draft reply", type: "llm_call", state: "FAILED", ts_start: 1700000001100, ts_end: 1700000004000, args: { ticket: 4711 }, error: "out of words" },
].map((record) => JSON.stringify(record)).join("\n");

/** A run whose file states tokens and no cost. */
const RUN = [
  { chaindebug: 1, run: { id: "ask-7", name: "Ask" } },
  { id: "1", name: "answer", kind: "agent", start: "2026-03-02T09:15:04Z", end: "2026-03-02T09:15:06Z", status: "ok" },
  { id: "2", parent: "1", name: "write", kind: "llm", start: "2026-03-02T09:15:04Z", end: "2026-03-02T09:15:05Z", status: "ok", model: "kite-4-20260219", usage: { input_tokens: 2000, output_tokens: 100 } },
].map((line) => JSON.stringify(line)).join("\n");

describe("an unknown file", () => {
  test("is shown by a guessed mapping, which is kept and offered when such a file comes again", async (t) => {
    const { page, tools } = await set.visit(t);
    await tools.drop([{ name: "queue.jsonl", text: QUEUE }]);
    await page.getByRole("button", { name: "Map its fields…" }).click();
    const dialog = page.getByRole("dialog", { name: "What the fields of queue.jsonl are" });
    const rows = dialog.getByRole("list", { name: "The first steps" }).getByRole("listitem");
    await rows.nth(2).waitFor();
    assert.equal(await rows.count(), 3);
    const field = (name) => dialog.getByRole("combobox", { name, exact: true });
    assert.equal(await field("Id").inputValue(), "job_id");
    assert.equal(await field("Parent").inputValue(), "enqueued_by");
    await tools.accessible("the mapping");

    // What is changed shows at once: without a parent nothing is indented.
    const indents = () => rows.locator(".indent").evaluateAll((all) => all.map((one) => one.style.width));
    assert.deepEqual(await indents(), ["0px", "14px", "14px"]);
    await field("Parent").selectOption("");
    await page.waitForFunction(() => [...document.querySelectorAll(".map-rows .indent")].every((one) => one.style.width === "0px"));
    await field("Parent").selectOption("enqueued_by");
    await dialog.getByLabel("Keep it as").fill("queue log");
    await page.waitForFunction(() => document.querySelectorAll(".map-rows .indent")[1]?.style.width === "14px");
    await dialog.getByRole("button", { name: "Read the file so" }).click();
    await tools.opened();
    assert.deepEqual(await tools.moment(), [1, 6]);
    await page.getByRole("treeitem", { name: /draft reply/ }).waitFor();

    // Another file of that kind, after the page was left.
    await page.reload();
    await tools.started();
    await tools.drop([{ name: "later.jsonl", text: QUEUE.replaceAll("j-1", "j-7") }]);
    await page.getByRole("button", { name: "Read with your mapping “queue log”" }).click();
    await tools.opened();
    await page.getByRole("button", { name: /^How it was read: JSON by the mapping “queue log”/ }).waitFor();
  });

  test("can be mapped at 400 px in the dark, from the keyboard", async (t) => {
    const { page, tools } = await set.visit(t, { size: SIZES.narrow, theme: "dark" });
    await tools.drop([{ name: "queue.jsonl", text: QUEUE }]);
    await page.getByRole("button", { name: "Map its fields…" }).press("Enter");
    await page.getByRole("list", { name: "The first steps" }).waitFor();
    await tools.fits("the mapping at 400 px");
    await tools.accessible("the mapping at 400 px");
    await page.getByRole("button", { name: "Read the file so" }).press("Enter");
    await tools.opened();
  });
});

test("what a file was recognised as is told, and overruled, and taken back", async (t) => {
  const { page, tools } = await set.visit(t);
  await tools.drop([{ name: "ask.jsonl", text: RUN }]);
  await tools.opened();
  await page.getByRole("button", { name: /^How it was read/ }).click();
  const dialog = page.getByRole("dialog", { name: "How ask.jsonl was read" });
  await dialog.getByText("Nothing: it was read as it stands.").waitFor();
  await tools.accessible("the verdict");
  await dialog.getByText(/^Another of the \d+ formats$/).click();
  await dialog.getByRole("button", { name: /^OTLP JSON/ }).first().click();
  await page.getByRole("heading", { name: /Nothing to debug was found/ }).waitFor();
  await page.getByRole("button", { name: /^How it was read/ }).click();
  await dialog.getByRole("button", { name: "Read it as its content says" }).click();
  await tools.opened();
});

test("a large file that is read as something else tells how far it is, and cancelled stays as it was", async (t) => {
  const { page, tools } = await set.visit(t);
  const long = { timeout: 60_000 };
  await tools.dropMade("big.jsonl", () => {
    const line = `${JSON.stringify({ name: "step", kind: "tool", input: "x".repeat(2000) })}\n`;
    return ['{"chaindebug":1}\n', ...Array.from({ length: 50 }, () => line.repeat(1000))];
  });
  await page.getByRole("slider", { name: "Moment" }).waitFor(long);
  await tools.press("n", 2);
  const badge = page.getByRole("button", { name: /^How it was read: ChainDebug/ });
  const dialog = page.getByRole("dialog", { name: "How big.jsonl was read" });
  const readAs = async (name) => {
    await page.getByRole("button", { name: /^How it was read/ }).click();
    await dialog.getByText(/^Another of the \d+ formats$/).click(long);
    await dialog.getByRole("button", { name }).first().click();
  };
  const before = await tools.moment();
  // In the page, since a quick machine would be done before a click from here came.
  const cancelled = page.evaluate(() => new Promise((done) => {
    const look = () => {
      const card = document.querySelector('[role="group"][aria-label="Reading a file"]');
      const share = card?.querySelector("progress").value ?? 0;
      if (share === 0) return requestAnimationFrame(look);
      const told = card.textContent;
      card.querySelector("button").click();
      done({ share, told });
    };
    look();
  }));
  await readAs(/^OTLP JSON/);
  const { share, told } = await cancelled;
  assert.ok(share < 1, `${share} was read already`);
  assert.match(told, /Reading big\.jsonl.*of 102 MB/);
  await page.getByText("Reading big.jsonl was cancelled.").waitFor();
  const card = page.getByRole("group", { name: "Reading a file" });
  await card.waitFor({ state: "detached" });
  await badge.waitFor();
  assert.deepEqual(await tools.moment(), before);
  await tools.press("n", 3);

  // What is not cancelled shows when it is read, and is taken back the same way.
  await readAs(/^OTLP JSON/);
  await card.waitFor();
  await page.getByRole("heading", { name: /Nothing to debug was found/ }).waitFor(long);
  await card.waitFor({ state: "detached" });
  await page.getByRole("button", { name: /^How it was read/ }).click();
  await dialog.getByRole("button", { name: "Read it as its content says" }).click();
  await page.getByRole("slider", { name: "Moment" }).waitFor(long);
  assert.deepEqual((await tools.moment())[1], before[1]);
});

test("a cost is worked out on request, marked with the date of the prices, and taken away", async (t) => {
  const { page, tools } = await set.visit(t);
  await tools.drop([{ name: "ask.jsonl", text: RUN }]);
  await tools.opened();
  await page.getByRole("treeitem", { name: /write/ }).click();
  await page.getByRole("button", { name: "work out…" }).click();
  const dialog = page.getByRole("dialog", { name: "What the models cost" });
  const price = (what) => dialog.getByRole("textbox", { name: `Dollars for a million tokens of ${what}, kite-4-20260219` });
  await price("input").fill("2");
  await tools.accessible("the prices");
  // A price that is missing is not guessed.
  await dialog.getByRole("button", { name: "Work out the cost" }).click();
  await page.getByText(/No cost could be worked out\..*has no price for output/).waitFor();
  await page.getByRole("button", { name: "work out…" }).click();
  await price("output").fill("10");
  await dialog.getByLabel("Looked up on").fill("2026-11-01");
  await dialog.getByRole("button", { name: "Work out the cost" }).click();
  const cost = page.locator(".tile", { hasText: "cost" });
  await cost.getByText("≈$0.0050").waitFor();
  assert.match(await cost.getAttribute("title"), /price table of 2026-11-01/);
  await page.getByRole("button", { name: /^How it was read/ }).click();
  await page.getByText(/≈\$0\.0050, worked out from your price table of 2026-11-01/).waitFor();
  await page.getByRole("button", { name: "Prices…" }).click();
  assert.equal(await price("input").inputValue(), "2");
  await dialog.getByRole("button", { name: "Take it away again" }).click();
  await page.getByRole("button", { name: "work out…" }).waitFor();
});

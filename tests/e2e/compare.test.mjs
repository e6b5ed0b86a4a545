// Two runs laid on each other: how that begins, the sentence, the walk from difference to difference, what is decided by
// hand and goes into the link, and the screen at each width.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readFileSync } from "node:fs";
import { SIZES, sample, setting } from "./page.mjs";

const set = setting();
const PAIR = "No longer covered";
const MONDAY = "no-longer-covered.monday.chaindebug.jsonl";
const TUESDAY = "no-longer-covered.tuesday.chaindebug.jsonl";

/** What a test asks of the comparison. */
function comparison(page) {
  const item = page.locator(".diff-item");
  return {
    verdict: page.locator(".verdict h1"),
    tree: page.getByRole("tree", { name: /^Steps of both runs/ }),
    item,
    title: item.locator("h2"),
    differences: page.locator(".diff-transport .where"),
    ready: async () => {
      await page.locator(".verdict h1").waitFor();
      await item.locator("h2").waitFor({ state: "attached" });
    },
    /** Waits until the item shown has this name and these words. */
    shows: (text) => page.waitForFunction((text) => document.querySelector(".diff-item h2")?.textContent.includes(text), text),
    /** Waits until the address holds a piece. */
    linked: (piece) => page.waitForFunction((piece) => location.hash.includes(piece), piece),
  };
}

const visitPair = async (t, options) => {
  const visit = await set.visit(t, { hash: "#v=1&sample=no-longer-covered", ...options });
  const diff = comparison(visit.page);
  await diff.ready();
  return { ...visit, diff };
};

/** Files as a pointer drags them to a place of the window and lets them go there. */
async function dropAt(page, files, place) {
  await page.evaluate(
    async ({ files, place }) => {
      const dataTransfer = new DataTransfer();
      for (const { name, text } of files) dataTransfer.items.add(new File([text], name));
      const fire = (type, at) => document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true, ...at }));
      fire("dragenter");
      await new Promise(requestAnimationFrame);
      const words = [...document.querySelectorAll(".dropping-frame")].find((frame) => frame.textContent.startsWith(place));
      const { left, top, width, height } = words.getBoundingClientRect();
      const at = { clientX: left + width / 2, clientY: top + height / 2 };
      fire("dragover", at);
      fire("drop", at);
    },
    { files, place },
  );
}

const file = (name) => ({ name, text: readFileSync(sample(name), "utf8") });

describe("two runs laid on each other", () => {
  test("the pair of the gallery opens straight into the comparison, and it can be read", async (t) => {
    const { page, tools } = await set.visit(t);
    await tools.gallery().filter({ hasText: PAIR }).click();
    const diff = comparison(page);
    await diff.ready();
    assert.match(await diff.verdict.textContent(), /^Same until step 9 retrieve: /);
    await diff.shows("retrieve");
    // One chart of both, with what each has alone.
    for (const sign of ["changed", "only-a", "only-b"]) await page.locator(`.flow-svg .box[data-sign="${sign}"]`).first().waitFor();
    // Colour is never the only sign.
    assert.equal(await diff.tree.getByRole("treeitem", { name: /cite_sources/ }).locator(".sign").first().textContent(), "Aonly in A");
    await tools.accessible("the comparison");
    await tools.fits("the comparison");
  });

  test("d walks from difference to difference, p leads to where they part, and the item follows", async (t) => {
    const { page, diff } = await visitPair(t);
    await diff.shows("retrieve");
    await page.keyboard.press("d");
    await diff.shows("rerank");
    await page.keyboard.press("d");
    await diff.shows("rewrite_query");
    assert.match(await diff.differences.textContent(), /^difference 3 of \d · A 10\/14 · B 11\/15$/);
    // Said aloud: what it is, and which of how many.
    const said = page.locator('p.spoken[role="status"]').first();
    assert.match(await said.textContent(), /rewrite_query.*difference 3 of/);
    await page.keyboard.press("Shift+D");
    await diff.shows("rerank");
    await page.keyboard.press("End");
    await diff.shows("log_turn");
    await page.keyboard.press("b");
    await diff.shows("grounded_check");
    await page.keyboard.press("p");
    await diff.shows("retrieve");
    // What moves a single run does nothing here.
    await page.keyboard.press("e");
    await diff.shows("retrieve");
  });

  test("the values stand beside each other, or in one line, with deletions and insertions", async (t) => {
    const { page, diff } = await visitPair(t);
    const query = diff.item.getByRole("region", { name: "Input" });
    await query.locator("del", { hasText: "warranty" }).first().waitFor();
    await query.locator("ins", { hasText: "price" }).first().waitFor();
    const lines = () => query.locator(".value-row").first().locator(".value-side").count();
    assert.equal(await lines(), 2);
    await page.getByRole("button", { name: "Inline" }).click();
    await page.waitForFunction(() => document.querySelector(".value-row .value-side + .value-side") === null);
    await query.getByText("open whole").waitFor();
    await query.getByRole("button", { name: "Input of A as it stands" }).click();
    await page.getByRole("dialog", { name: /Input of A/ }).getByText(QUERY_OF_A).first().waitFor();
  });

  test("a pair undone and a rule change the outcome, stand in the link, and are there after a reload", async (t) => {
    const { page, diff } = await visitPair(t);
    const before = await diff.verdict.textContent();
    await page.keyboard.press("d");
    await diff.shows("rerank");
    await diff.item.getByRole("button", { name: "Unpair" }).click();
    await diff.item.getByRole("button", { name: "Pair with…" }).waitFor();
    await diff.linked("breaks=9-9");
    // The other half is offered as a partner; back it goes as a pair by hand.
    await diff.item.getByRole("button", { name: "Pair with…" }).click();
    await diff.item.getByRole("group", { name: "Steps that only B has" }).getByRole("button", { name: /rerank/ }).click();
    await diff.item.getByText("paired by hand").first().waitFor();
    await diff.linked("pins=9-9");
    await diff.item.getByRole("button", { name: "add a rule" }).click();
    await diff.item.getByLabel("Path to ignore").fill("$.query");
    await page.keyboard.press("Enter");
    await diff.item.getByRole("list", { name: "Rules" }).getByText("$.query").waitFor();
    await page.waitForFunction((before) => document.querySelector(".verdict h1").textContent !== before, before);
    await diff.linked("rule=%24.query");
    const after = await diff.verdict.textContent();
    await page.reload();
    await diff.ready();
    assert.equal(await diff.verdict.textContent(), after);
    await diff.item.getByRole("list", { name: "Rules" }).getByText("$.query").waitFor();
    await diff.item.getByRole("button", { name: "Do not ignore $.query any more" }).click();
    await page.waitForFunction((before) => document.querySelector(".verdict h1").textContent === before, before);
  });

  test("a file is dropped on the half that compares, or both at once", async (t) => {
    const { page, tools } = await set.visit(t);
    const diff = comparison(page);
    await tools.drop([file(MONDAY)]);
    await tools.opened();
    await dropAt(page, [file(TUESDAY)], "Compare");
    await diff.ready();
    assert.match(await diff.verdict.textContent(), /retrieve/);
    // A and B change places, and so does who has what.
    await page.getByRole("button", { name: "Exchange A and B" }).click();
    await diff.tree.getByRole("treeitem", { name: /cite_sources.*only in B|only in B.*cite_sources/ }).waitFor();
    await page.getByRole("button", { name: "Close comparison" }).click();
    await tools.opened();
    // The list has what is open; a run against itself is the same.
    await page.getByRole("button", { name: "Compare this run with another" }).click();
    await page.getByRole("group", { name: "Compare this run with another" }).getByRole("button", { name: /tuesday/ }).click();
    await diff.ready();
    await page.waitForFunction(() => /same/i.test(document.querySelector(".verdict h1").textContent));

    const both = await set.visit(t);
    await both.tools.drop([file(MONDAY), file(TUESDAY)]);
    await comparison(both.page).ready();
  });

  test("a pipeline has no run to lay on a run, and that is said", async (t) => {
    const { page, tools } = await set.visit(t);
    await tools.drop([file(MONDAY)]);
    await tools.opened();
    await dropAt(page, [file("stopped-halfway.pipeline.json")], "Compare");
    await page.getByText(/holds a pipeline and no run/).waitFor();
    await tools.opened();
  });

  test("everything fits and is there at 900 and at 400 px, in both themes", async (t) => {
    for (const [size, theme] of [["middle", "dark"], ["narrow", "light"], ["narrow", "dark"]]) {
      const { page, tools, diff } = await visitPair(t, { size: SIZES[size], theme });
      await tools.fits(`${size} ${theme}`);
      await tools.accessible(`${size} ${theme}`);
      if (size !== "narrow") continue;
      for (const tab of ["Steps", "Differences", "Values"]) {
        await page.getByRole("tab", { name: tab, exact: true }).click();
        await tools.fits(`${tab} at 400 px`);
      }
      // The two sides stand one above the other.
      const [a, b] = await Promise.all(["del", "ins"].map((tag) => diff.item.locator(`.value-diff ${tag}`).first().boundingBox()));
      assert.ok(b.y > a.y, "B stands below A");
      await tools.accessible("values at 400 px");
    }
  });
});

const QUERY_OF_A = "AX-200 battery replacement warranty period after purchase in Germany";

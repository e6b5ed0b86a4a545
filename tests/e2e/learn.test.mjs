// Learning the page: the tour and its stops, a pipeline that is broken and mended, first wins, and the report.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SIZES, setting } from "./page.mjs";

const set = setting();

/** What a test asks of the strip of a lesson. */
function lesson(page, title = "Tour") {
  const strip = page.getByRole("region", { name: title, exact: true });
  return {
    strip,
    /** Waits until the strip stands at a stop. */
    at: async (stop, of = 7) => {
      await strip.getByText(`${title} · ${stop} of ${of}`, { exact: true }).waitFor().catch(async () => {
        assert.fail(`not at ${stop}, but: ${await strip.innerText().catch(() => "no strip")}`);
      });
    },
    done: (count, of = 7) => strip.getByText(`${title} · ${count} of ${of} done`, { exact: true }).waitFor(),
    press: async (name) => {
      await strip.getByRole("button", { name }).focus();
      await page.keyboard.press("Enter");
    },
    /** Fails unless something in sight is pointed at and nothing of the strip lies over it. */
    points: async (stop) => {
      await page.waitForFunction(() => [...document.querySelectorAll(".page *")].some((one) => getComputedStyle(one).outlineStyle === "dashed" && one.getBoundingClientRect().width > 0), null)
        .catch(() => assert.fail(`${stop}: nothing is pointed at`));
      const covered = await page.evaluate(() => {
        const strip = document.querySelector(".learn").getBoundingClientRect();
        const pointed = [...document.querySelectorAll(".page *")].filter((one) => getComputedStyle(one).outlineStyle === "dashed");
        return pointed.map((one) => one.getBoundingClientRect()).some((box) => box.width > 0 && box.top < strip.bottom - 1 && box.bottom > strip.top + 1);
      });
      assert.ok(!covered, `${stop}: the strip lies over what it points at`);
    },
  };
}

const hits = (page) => page.locator("#search-says", { hasText: /hit/ }).waitFor();
const compared = (page) => page.getByRole("group", { name: "Move both cursors" }).waitFor();

describe("the tour", () => {
  test("is taken by keyboard, goes on after a reload, shows what one does not want to do, and passes what one skips", async (t) => {
    const { page, tools } = await set.visit(t);
    await page.getByRole("button", { name: /^Take the tour/ }).focus();
    await page.keyboard.press("Enter");
    const tour = lesson(page);
    await tools.opened();
    await tour.at(1);
    assert.ok(await tour.strip.evaluate((strip) => strip === document.activeElement), "the strip has the focus");
    await tour.points("error");
    await tools.accessible("the first stop");
    // A move that is another one ticks nothing off.
    await page.keyboard.press("n");
    await page.waitForTimeout(300);
    await tour.at(1);
    await page.keyboard.press("e");
    await tour.at(2);
    await tour.strip.getByText("A refund above 100 euros needs a supervisor id.").waitFor();
    await tour.points("input");
    await page.keyboard.press("Shift+V");
    await tour.at(3);
    await tour.points("cause");
    await page.keyboard.press("b");
    await tour.at(4);
    await tour.points("search");

    await tools.addressed();
    await page.reload();
    await tools.started();
    await tools.opened();
    await tour.at(4);
    assert.ok(!(await tour.strip.evaluate((strip) => strip.contains(document.activeElement))), "a reload takes no focus");

    await page.keyboard.press("/");
    await page.keyboard.type("supervisor_id");
    await hits(page);
    await page.keyboard.press("Enter");
    await tour.at(5);
    await tour.points("chat");
    await page.keyboard.press("Escape");
    await page.keyboard.press("3");
    await page.keyboard.press("End");
    await tour.at(6);

    await tour.press(/^Open “No longer covered”/);
    await compared(page);
    await tour.points("compare");
    await tour.press("Show me");
    await tour.at(7);
    assert.equal(await tour.strip.getByRole("button", { name: /^Open “Break it/ }).evaluate((button) => button === document.activeElement), true, "the focus stays on the button");
    await tour.press("Skip");
    await tour.done(6);
    await tools.accessible("the end of the tour");

    // It begins anew once it is over, and goes on where it was left.
    await page.keyboard.press("Escape");
    await tour.strip.waitFor({ state: "detached" });
    assert.equal(await page.evaluate(() => document.activeElement.closest(".menu-help") !== null), true, "the focus is on help");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Take the tour, 4 minutes, once more" }).click();
    await tour.at(1);
    await tour.press("Skip");
    await tour.press(/^Leave/);
    await page.getByRole("button", { name: "Help" }).click();
    await page.getByRole("button", { name: "Take the tour, 4 minutes: go on at 2 of 7" }).waitFor();
  });

  test("does every stop for somebody who wants to see it, narrow and dark", async (t) => {
    const { page, tools } = await set.visit(t, { size: SIZES.narrow, theme: "dark" });
    await page.getByRole("button", { name: /^Take the tour/ }).click();
    const tour = lesson(page);
    await tools.opened();
    for (const stop of [1, 2, 3, 4, 5, 6, 7]) {
      await tour.at(stop);
      const open = tour.strip.getByRole("button", { name: /^Open “/ });
      const show = tour.strip.getByRole("button", { name: "Show me" });
      await open.or(show).waitFor();
      if (await open.isVisible()) await open.click();
      await show.waitFor();
      if (stop === 6) await compared(page);
      if (stop === 7) await page.locator(".bench-end").waitFor({ state: "attached" });
      await tour.points(`stop ${stop}`);
      await tools.fits(`stop ${stop}`);
      await show.click();
    }
    await tour.done(7);
    await tools.accessible("the end, narrow and dark");
    await tour.strip.getByRole("button", { name: "Break and mend one" }).click();
    const mend = lesson(page, "Break and mend");
    for (const stop of [1, 2, 3]) {
      await mend.at(stop, 3);
      await mend.points(`mend ${stop}`);
      await tools.fits(`mend ${stop}`);
      await mend.strip.getByRole("button", { name: "Show me" }).click();
    }
    await mend.done(3, 3);
  });

  test("is not kept where the browser keeps nothing, and goes on all the same", async (t) => {
    // The page is loaded twice, and the first time may still be fetching.
    const { page, context, tools } = await set.visit(t, { expectProblems: true });
    await context.addInitScript(() => Object.defineProperty(window, "localStorage", { get: () => { throw new DOMException("denied", "SecurityError"); } }));
    await page.reload();
    await tools.started();
    await page.getByRole("button", { name: /^Take the tour/ }).click();
    const tour = lesson(page);
    await tools.opened();
    await page.keyboard.press("e");
    await tour.at(2);
  });

  test("waits for its sample when somebody opened something else", async (t) => {
    const { page, tools } = await set.visit(t);
    await page.getByRole("button", { name: /^Take the tour/ }).click();
    const tour = lesson(page);
    await tools.opened();
    await page.getByRole("button", { name: "ChainDebug", exact: true }).click();
    await tools.openSample("Eleven wait for one");
    await page.keyboard.press("e");
    await tour.strip.getByText("The next stop is on a sample.").waitFor();
    await tour.at(1);
    await tour.strip.getByRole("button", { name: "Open “Six refunds, six refusals”" }).click();
    await tour.strip.getByRole("button", { name: "Show me" }).waitFor();
    await page.keyboard.press("e");
    await tour.at(2);
  });
});

describe("a pipeline to break and mend", () => {
  test("an edge is broken in the text, its dead end looked at, and the fix taken; the list of wins knows", async (t) => {
    const { page, tools } = await set.visit(t);
    await page.getByRole("button", { name: "Help" }).click();
    await page.getByRole("button", { name: "Break a pipeline and mend it" }).click();
    const mend = lesson(page, "Break and mend");
    await mend.at(1, 3);
    await page.locator(".bench-held[data-held=true]").waitFor();
    await mend.points("break");
    await page.locator(".cm-content").click();
    // The editor's own search selects the first one.
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("Control+f");
    await page.keyboard.press("Control+a");
    await page.keyboard.type('"equals"');
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    await page.keyboard.insertText('"=="');
    await mend.at(2, 3);
    await page.locator(".bench-end", { hasText: "dead end" }).waitFor();
    await mend.points("other");
    await tools.accessible("a broken pipeline");
    await page.getByRole("button", { name: "Scenario: known: answered" }).click();
    await page.getByRole("button", { name: /^not known: a person answers/ }).click();
    await mend.at(3, 3);
    await mend.points("fix");
    await page.getByRole("grid", { name: "Findings" }).getByRole("button", { name: "Use equals" }).click();
    await mend.done(3, 3);
    await page.locator(".bench-end", { hasText: "completed" }).waitFor();
    await page.getByRole("button", { name: "Help" }).click();
    await page.locator(".menu-wins li.won", { hasText: "Mend a pipeline" }).waitFor();
  });

  test("a mock is changed by keyboard, which ends the tour", async (t) => {
    const { page, tools } = await set.visit(t);
    await page.getByRole("button", { name: /^Take the tour/ }).click();
    const tour = lesson(page);
    for (const stop of [1, 2, 3, 4, 5, 6]) {
      await tour.at(stop);
      await tour.press("Skip");
    }
    await tour.press(/^Open “Break it/);
    const row = page.locator(".bench-row").first().locator(".bench-step");
    await row.focus();
    await page.keyboard.press("Enter");
    const field = page.getByLabel("What sort returns, as JSON");
    await field.focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText('{"topic": "other", "known": false}');
    await tour.done(1);
    await page.locator(".bench-row", { hasText: "hand_over" }).locator(".bench-sign", { hasText: "reached" }).waitFor();
    await tools.accessible("the last stop");
  });
});

describe("first wins", () => {
  test("tick themselves off, stay over a reload, and go away when they are put away", async (t) => {
    const { page, tools } = await set.visit(t);
    const wins = page.getByRole("region", { name: "First wins" });
    const won = (words) => wins.locator("li.won", { hasText: words }).waitFor();
    await wins.getByText("0 of 7").waitFor();
    await tools.accessible("the empty page with its wins");
    const lines = [{ chaindebug: 1, run: { id: "r" } }, { id: "a", name: "a", kind: "tool", status: "error", input: Array(400).fill("line").join("\n") }];
    await tools.drop([{ name: "own.jsonl", text: lines.map((line) => JSON.stringify(line)).join("\n") }]);
    await tools.opened();
    await page.locator(".inspector-body").hover();
    for (let turn = 0; turn < 20; turn += 1) await page.mouse.wheel(0, 4000);
    await page.waitForFunction(() => localStorage.getItem("chaindebug.learn")?.includes('"read"'));
    await page.getByRole("button", { name: "ChainDebug", exact: true }).click();
    await won("Open a file of your own");
    await won("Find what failed");
    await won("Read a value to its end");
    await wins.getByText("3 of 7").waitFor();
    await page.reload();
    await tools.started();
    await wins.getByText("3 of 7").waitFor();
    await wins.getByRole("button", { name: "Hide" }).click();
    await wins.waitFor({ state: "detached" });
    await page.reload();
    await tools.started();
    assert.equal(await wins.count(), 0);
    await page.getByRole("button", { name: "Help" }).click();
    await page.locator(".menu-wins", { hasText: "3 of 7" }).waitFor();
    await tools.accessible("the help menu");
  });

  test("nothing is won by opening a sample that is sound", async (t) => {
    const { page, tools } = await set.visit(t);
    await tools.openSample("Your first trace");
    await page.getByRole("button", { name: "ChainDebug", exact: true }).click();
    await page.getByRole("region", { name: "First wins" }).getByText("0 of 7").waitFor();
  });
});

describe("the report", () => {
  test("is seen and edited before it goes anywhere, and says of the file only what is ticked", async (t) => {
    const { page, tools, requests } = await set.visit(t);
    await tools.openSample("Your first trace");
    const before = requests().length;
    await page.getByRole("button", { name: "Help" }).click();
    await page.getByRole("button", { name: "Say what is wrong or missing…" }).click();
    const dialog = page.getByRole("dialog", { name: "Say what is wrong or missing" });
    const text = dialog.getByLabel("Text", { exact: true });
    const link = dialog.getByRole("link", { name: "Open the issue page" });
    assert.match(await text.inputValue(), /^ChainDebug \d+\.\d+\.\d+$/m);
    assert.doesNotMatch(await text.inputValue(), /Browser|Open:/);
    await dialog.getByLabel("the browser").check();
    assert.match(await text.inputValue(), /^Browser: Mozilla/m);
    await dialog.getByLabel("format and counts of what is open").check();
    assert.match(await text.inputValue(), /^Open: format chaindebug, 1 run, 11 steps, 0 errors, 0 pipelines/m);
    assert.doesNotMatch(await text.inputValue(), /first-trace|salt|soup/);
    await dialog.getByLabel("the browser").uncheck();
    assert.doesNotMatch(await text.inputValue(), /Browser/);
    await dialog.getByLabel("Title").fill("A & B #1");
    await text.fill("It is broken.\n");
    assert.equal(await dialog.getByLabel("the version").isChecked(), false);
    const address = new URL(await link.getAttribute("href"));
    assert.equal(address.protocol, "https:");
    assert.match(address.pathname, /\/issues\/new$/);
    assert.deepEqual([address.searchParams.get("title"), address.searchParams.get("body")], ["A & B #1", "It is broken.\n"]);
    assert.equal(await link.getAttribute("rel"), "noopener noreferrer");
    await text.fill("x".repeat(9000));
    await dialog.getByText("too long for a link").waitFor();
    assert.equal(new URL(await link.getAttribute("href")).searchParams.get("body"), null);
    await tools.accessible("the report");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    assert.equal(requests().length, before);
  });
});

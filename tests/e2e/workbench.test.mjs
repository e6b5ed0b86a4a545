// A pipeline as a program: what is changed on the left is simulated at once, and the chart and the inspector follow.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readFileSync } from "node:fs";
import { SIZES, sample, setting } from "./page.mjs";

const set = setting();

const step = (id, more = {}) => ({ id, name: id, step_class: "S", module: "m", ...more });
const edge = (from, to, condition = { type: "always" }) => ({ from, to, from_step: from, to_step: to, condition });
const when = (source, operator, value) => ({ type: "expression", config: { source, operator, value } });

/** Rates a text, and goes on to one of two steps. The edges read what `rate` writes. */
const BRANCH = {
  name: "branch",
  version: "1.0.0",
  parameters: [{ name: "topic", schema: { type: "string" }, required: true }],
  steps: [step("rate"), step("praise"), step("mend")],
  flow: {
    start_at: "rate",
    paths: [
      edge("rate", "praise", when("score", "greater_than", 5)),
      edge("rate", "mend", when("score", "less_than", 3)),
      edge("praise", "end_with_success"),
      edge("mend", "end_with_success"),
    ],
  },
};

/** Asks a person, and goes on. */
const ASK = {
  name: "ask",
  version: "1.0.0",
  steps: [
    step("ask", { config: { ui_schema: { title: "Publish it?", fields: [{ name: "decision", type: "radio", label: "Decision", options: [{ value: "publish", label: "Publish" }, { value: "archive", label: "Archive" }] }] } } }),
    step("after"),
  ],
  flow: { start_at: "ask", paths: [edge("ask", "after"), edge("after", "end_with_success")] },
};

const file = (name, value) => ({ name, text: JSON.stringify(value, null, 2) });

/** Scenarios beside a pipeline. */
const scenarios = (...all) => file("all.scenarios.json", { chaindebug_scenarios: 1, engine: "ia-modules@0.1.3", loader: "raw", scenarios: all });

/** Scenarios of `BRANCH` that reach its end and a dead one. */
const GOOD = { name: "good", mocks: { rate: { returns: { score: 9 } } } };
const POOR = { name: "poor", mocks: { rate: { returns: { score: 4 } } } };

const row = (page, id) => page.locator(".bench-row").filter({ has: page.locator(".bench-name", { hasText: new RegExp(`^${id}$`) }) });
const sign = (page, id, word) => row(page, id).locator(".bench-sign", { hasText: word }).waitFor();
const ends = (page, words) => page.locator(".bench-end", { hasText: words }).waitFor();

describe("the workbench of a pipeline", () => {
  test("files dropped after it are theirs, not the record of its dry run", async (t) => {
    const { page, tools } = await set.visit(t);
    await tools.drop([file("branch.json", BRANCH), scenarios(GOOD), file("ask.json", ASK)]);
    await ends(page, "completed");
    await sign(page, "praise", "reached");
    await page.getByRole("button", { name: "Runs and pipelines: pipeline 1 of 2" }).click();
    await page.getByRole("button", { name: /^ask/ }).click();
    await ends(page, "completed");
    await sign(page, "after", "reached");
  });

  test("a mock is changed, and the run takes another path at once", async (t) => {
    const { page, tools } = await set.visit(t);
    await tools.drop([file("branch.json", BRANCH), scenarios(GOOD)]);
    await ends(page, "completed");
    await sign(page, "praise", "reached");
    await sign(page, "mend", "not reached");
    await row(page, "rate").locator(".bench-step").click();
    await page.getByLabel("What rate returns, as JSON").fill('{"score": 1}');
    await sign(page, "mend", "reached");
    await sign(page, "praise", "not reached");
    await page.locator(".bench-difference", { hasText: /differ/ }).waitFor();
    // What is not JSON yet is said, and changes nothing.
    await page.getByLabel("What rate returns, as JSON").fill('{"score": ');
    await page.locator(".bench-fault", { hasText: "Not JSON yet" }).waitFor();
    await sign(page, "mend", "reached");
    await page.getByLabel("What rate returns, as JSON").fill('{"score": 4}');
    await ends(page, "dead end");
    await page.getByText("Dry run with mock data").waitFor();
    await tools.accessible("workbench with a dead end");
  });

  test("the cursor walks the dry run, and x goes from decision to decision", async (t) => {
    const { page, tools } = await set.visit(t);
    await tools.drop([file("branch.json", BRANCH), scenarios(GOOD)]);
    // The dry run without the scenario comes first, and is over after one step.
    await page.waitForFunction(() => document.querySelector('[role="slider"][aria-label="Moment"]')?.ariaValueMax === "4");
    await tools.press("Home", 1);
    await tools.press("x", 2);
    await page.getByRole("tab", { name: "Decision" }).waitFor();
    const edges = page.locator(".bench-edge");
    assert.equal(await edges.count(), 2);
    assert.match(await edges.nth(0).innerText(), /praise[\s\S]*taken/);
    assert.match(await edges.nth(1).innerText(), /mend[\s\S]*not|mend[\s\S]*never/);
    assert.equal(await row(page, "rate").locator("[aria-current=true]").count(), 1);
    await tools.press("n", 3);
    await row(page, "praise").locator("[aria-current=true]").waitFor();
    await tools.press("Shift+X", 2);
  });

  test("a person's answer lets the run go on", async (t) => {
    const { page, tools } = await set.visit(t);
    const asks = { ask: { returns: { status: "human_input_required", prompt: "Publish it?" } } };
    await tools.drop([file("ask.json", ASK), scenarios({ name: "asked", mocks: asks })]);
    await ends(page, "waits for a person at ask");
    await sign(page, "after", "not reached");
    await page.getByText("Publish it?").first().waitFor();
    await page.locator("#answer-decision").selectOption({ label: "Publish" });
    await page.getByRole("button", { name: "Answer and go on" }).click();
    await ends(page, "completed");
    await sign(page, "after", "reached");
    await row(page, "ask").locator(".bench-step").click();
    await page.getByRole("button", { name: "take back" }).click();
    await ends(page, "waits for a person");
  });

  test("what a fix would change is said before it is made", async (t) => {
    const { page, tools } = await set.visit(t);
    const broken = structuredClone(BRANCH);
    for (const one of broken.flow.paths.slice(0, 2)) one.condition.config.source = `result.${one.condition.config.source}`;
    await tools.drop([file("broken.json", broken), scenarios(GOOD)]);
    await ends(page, "dead end");
    await page.locator(".bench-summary.dead").waitFor();
    await page.getByRole("button", { name: "Show what would change" }).first().click();
    await page.locator(".bench-would", { hasText: "praise would be entered" }).waitFor();
    await ends(page, "dead end");
    await page.locator(".bench-fix .primary").first().click();
    await ends(page, "completed");
    await sign(page, "praise", "reached");
  });

  test("scenarios survive a reload, and fit at every width", async (t) => {
    const { page, tools } = await set.visit(t, { size: SIZES.narrow });
    await tools.drop([file("branch.json", BRANCH)]);
    await page.getByRole("tab", { name: "Scenario" }).click();
    await page.getByLabel("topic").fill("heat pumps");
    await page.getByRole("tab", { name: /Coverage/ }).click();
    await page.locator(".bench-coverage-head").waitFor();
    for (const size of Object.values(SIZES)) {
      await page.setViewportSize(size);
      await tools.fits(`workbench at ${size.width} px`);
    }
    await page.reload();
    await page.waitForFunction(() => !document.getElementById("start"));
    await tools.drop([file("branch.json", BRANCH)]);
    await page.waitForFunction(() => document.querySelector("#input-topic")?.value === "heat pumps");
  });

  test("scenarios go with their pipeline in a link, without secrets", async (t) => {
    const { page, context, tools } = await set.visit(t);
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await tools.drop([file("branch.json", BRANCH)]);
    await page.getByLabel("topic").fill("heat pumps for ada@example.org");
    await page.getByRole("button", { name: "Share" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Its scenarios go with the pipeline.").waitFor();
    await dialog.getByText(/1 different thing replaced/).waitFor();
    await dialog.getByRole("button", { name: "Copy the link" }).click();
    await dialog.getByText("The link is on the clipboard").waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    const other = await set.visit(t, { hash: text.slice(set.site.url.length) });
    await other.page.waitForFunction(() => /^heat pumps for /.test(document.querySelector("#input-topic")?.value ?? ""));
    const value = await other.page.getByLabel("topic").inputValue();
    assert.ok(value.includes("@") && !value.includes("ada"), value);
  });

  test("a link opens with the scenario that was shown", async (t) => {
    const { page, context, tools } = await set.visit(t);
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await tools.drop([file("branch.json", BRANCH), scenarios(GOOD, POOR)]);
    await ends(page, "completed");
    await page.getByRole("button", { name: "Scenario: good" }).click();
    await page.locator(".menu-scenario .menu-item", { hasText: "poor" }).click();
    await ends(page, "dead end");
    await page.getByRole("button", { name: "Share" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Copy the link" }).click();
    await dialog.getByText("The link is on the clipboard").waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    const other = await set.visit(t, { hash: text.slice(set.site.url.length) });
    await other.page.getByRole("button", { name: "Scenario: poor" }).waitFor();
    await ends(other.page, "dead end");
  });

  test("a scenario is chosen from its menu, which closes; an edge none takes is reached with one press", async (t) => {
    const { page, tools } = await set.visit(t);
    await tools.drop([file("branch.json", BRANCH), scenarios(GOOD, POOR)]);
    await ends(page, "completed");
    await page.getByRole("button", { name: "Scenario: good" }).click();
    await page.locator(".menu-scenario .menu-item", { hasText: "poor" }).click();
    await ends(page, "dead end");
    await page.locator(".menu-scenario .menu-panel").waitFor({ state: "detached" });
    await page.getByRole("tab", { name: /Coverage/ }).click();
    const missed = page.locator(".bench-missed", { hasText: "rate → mend" });
    await missed.getByText(/Reached with/).waitFor();
    await tools.accessible("coverage");
    await missed.getByRole("button", { name: "Add scenario" }).click();
    await ends(page, "completed");
    await sign(page, "mend", "reached");
    await missed.waitFor({ state: "detached" });
  });

  for (const [first, second] of [["pipeline.json", "run.jsonl"], ["run.jsonl", "pipeline.json"]]) {
    test(`a run and its pipeline find each other, the ${first.split(".")[0]} dropped first`, async (t) => {
      const { page, tools } = await set.visit(t);
      const read = (end) => ({ name: `stopped-halfway.${end}`, text: readFileSync(sample(`stopped-halfway.${end}`), "utf8") });
      await tools.drop([read(first)]);
      await tools.opened();
      await tools.drop([read(second)]);
      await page.getByRole("tab", { name: "On its pipeline", selected: true }).waitFor();
      await page.locator(".flow .box", { hasText: "not reached" }).first().waitFor();
      assert.equal((await tools.moment())[1], 14);
    });
  }

  test("benchmarks are a table, and a second file is compared with the first", async (t) => {
    const { page, tools } = await set.visit(t);
    const measured = (day, mean) => ({
      benchmarks: [{ name: "fetch", mean_time: mean, p95_time: mean * 1.5 }, { name: "merge", mean_time: 0.25, p95_time: 0.5 }],
      timestamp: `2026-03-0${day}T09:00:00`,
      total_benchmarks: 2,
    });
    await tools.drop([file("monday.json", measured(2, 0.001089670650014))]);
    await page.getByRole("region", { name: "Benchmarks, 2 rows" }).waitFor();
    await page.getByTitle("0.001089670650014 in the file").waitFor();
    await tools.drop([file("tuesday.json", measured(3, 0.002179341300028))]);
    const compared = page.getByRole("region", { name: /^Comparison with the baseline: file 2 against file 1, / });
    await compared.locator("tr.worse", { hasText: "fetch" }).first().waitFor();
    assert.equal(await compared.locator("tr.worse").count(), 2);
    await compared.getByRole("button", { name: /^percent_change/ }).click();
    await compared.locator("tbody tr").first().filter({ hasText: "100" }).waitFor();
    for (const theme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: theme });
      await tools.accessible(`benchmarks, ${theme}`);
    }
    await page.setViewportSize(SIZES.narrow);
    await tools.fits("benchmarks at 400 px");
  });
});

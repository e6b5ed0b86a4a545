// Many runs of one chain at once, and two definitions laid on each other: how one gets there, what is said, and the way
// from there to the comparison of two.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readFileSync } from "node:fs";
import { SIZES, sample, setting } from "./page.mjs";

const set = setting();

/** A run as lines of a trace: name, id, and its steps as `[name, kind, what else]`. */
function run(id, steps, { status = "ok" } = {}) {
  let now = Date.parse("2026-03-02T09:15:04Z");
  const at = (milliseconds) => new Date((now += milliseconds)).toISOString();
  const start = at(0);
  const lines = steps.map(([name, kind, more = {}], index) => {
    const { took = 100 + 10 * index, ...rest } = more;
    return { id: `${id}-${index}`, parent: `${id}-root`, name, kind, start: at(1), end: at(took), status: "ok", ...rest };
  });
  const root = { id: `${id}-root`, name: "answer", kind: "chain", start, end: at(1), status };
  return [{ chaindebug: 1, run: { id, name: "Answer a question" } }, root, ...lines].map((line) => JSON.stringify(line)).join("\n");
}

const asked = (input) => ["classify", "llm", { input, output: "a return", model: "small-chat-2", usage: { input_tokens: 40, output_tokens: 4, cost: 0.0002 } }];
const charge = (bad) => ["charge", "tool", { input: "order 7", ...(bad ? { status: "error", error: "timed out", took: 2500 } : { output: "paid" }) }];
const RUNS = [
  run("monday", [asked("lamp"), ["retrieve", "retriever", { input: "lamp" }], charge(false), ["write", "llm"]]),
  run("tuesday", [asked("lamp"), ["retrieve", "retriever", { input: "lamp" }], charge(false), ["write", "llm"]]),
  run("wednesday", [asked("lamp"), ["retrieve", "retriever", { input: "lamp" }], charge(true)], { status: "error" }),
  run("thursday", [asked("rug"), ["escalate", "human", { input: "rug" }]]),
];
const FILE = { name: "week.chaindebug.jsonl", text: RUNS.join("\n") };

/** What a test asks of the screen. */
function many(page) {
  return {
    verdict: page.locator(".many .verdict h1"),
    tree: page.getByRole("tree", { name: /^Paths that/ }),
    runs: page.getByRole("table", { name: "Runs" }),
    steps: page.getByRole("grid", { name: "Steps of all runs" }),
    open: () => page.getByRole("button", { name: "All runs", exact: true }).click(),
  };
}

async function visitRuns(t, options) {
  const visit = await set.visit(t, options);
  await visit.tools.drop([FILE]);
  await visit.tools.opened();
  const screen = many(visit.page);
  if (options?.size !== SIZES.narrow) await screen.open();
  else {
    await visit.page.getByRole("button", { name: "Compare this run with another" }).click();
    await visit.page.getByRole("button", { name: "All runs together" }).click();
  }
  await screen.verdict.waitFor();
  return { ...visit, screen };
}

describe("many runs", () => {
  test("one sentence says where they part and what is flaky; any two are compared from there", async (t) => {
    const { page, screen } = await visitRuns(t);
    const said = await screen.verdict.textContent();
    assert.match(said, /^4 runs take 3 paths; they part first after classify\. 1 run failed\./);
    assert.match(said, /charge is flaky/);

    // The first that is chosen is A.
    const choose = (name) => page.getByRole("checkbox", { name: new RegExp(`^Compare ${name}`) });
    const compare = page.getByRole("button", { name: "Compare the two" });
    assert.ok(await compare.isDisabled());
    await choose("tuesday").check();
    await choose("monday").check();
    // A third takes the place of the second.
    await choose("wednesday").check();
    assert.ok(!(await choose("monday").isChecked()));
    await compare.click();
    await page.locator(".diff-work .verdict h1").waitFor();
    assert.match(await page.locator(".menu-side-a").textContent(), /run 2 of 4/);
    assert.match(await page.locator(".menu-side:not(.menu-side-a)").textContent(), /run 3 of 4/);

    // And back to where that began, with what was chosen.
    await page.getByRole("button", { name: "Close comparison" }).click();
    await screen.verdict.waitFor();
    assert.ok(await choose("wednesday").isChecked());
    await page.getByRole("button", { name: "Close all runs" }).click();
    await page.getByRole("slider", { name: "Moment" }).waitFor();
  });

  test("the tree by keyboard: branches, their runs, two that part there", async (t) => {
    const { page, screen } = await visitRuns(t);
    const active = () => screen.tree.evaluate((tree) => document.getElementById(tree.getAttribute("aria-activedescendant")).textContent);
    await screen.tree.focus();
    assert.match(await active(), /^Start4 of 4/);
    await page.keyboard.press("ArrowRight");
    assert.match(await active(), /classify.*2 ways.*4 of 4.*✗ 1 failed.*×2 steps/);
    await page.keyboard.press("ArrowDown");
    // The way that most runs take comes first.
    assert.match(await active(), /charge.*3 of 4/);
    await page.keyboard.press("ArrowLeft");
    const level = () => screen.tree.evaluate((tree) => document.getElementById(tree.getAttribute("aria-activedescendant")).ariaExpanded);
    assert.equal(await level(), "false");
    await page.keyboard.press("Enter");
    await page.getByText("3 runs came to charge").waitFor();
    assert.equal(await screen.runs.locator("tbody tr").count(), 3);
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => document.querySelectorAll(".many-list tbody tr").length === 4);
    await screen.tree.focus();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("c");
    await page.locator(".diff-work .verdict h1").waitFor();
  });

  test("steps sort by every column, and lead to the run that is farthest from the rest", async (t) => {
    const { page, screen } = await visitRuns(t);
    const first = () => screen.steps.getByRole("row").nth(1);
    await screen.steps.getByRole("button", { name: "Failing" }).click();
    await page.waitForFunction(() => document.querySelector(".many-table [role=columnheader][aria-sort=descending]"));
    assert.match(await first().textContent(), /✗ 1/);
    const row = await screen.steps.getByRole("row").filter({ hasText: "charge" }).textContent();
    assert.match(row, /charge3 of 43✗ 1~ flaky/);
    // With it one of three failed, without it none.
    assert.match(row, /33 %.*0 %/);
    assert.match(row, /half up to/);
    for (const header of await screen.steps.getByRole("columnheader").getByRole("button").all()) {
      await header.click();
      assert.ok(await first().textContent());
    }
    await page.getByRole("button", { name: /^Typical ↔ farthest: compare a run in which charge/ }).click();
    await page.locator(".diff-work .verdict h1").waitFor();
    assert.match(await page.locator(".menu-side:not(.menu-side-a)").textContent(), /run 3 of 4/);
  });

  test("files dropped together, and files opened one after the other", async (t) => {
    const { page, tools } = await set.visit(t);
    const files = RUNS.map((text, index) => ({ name: `day-${index + 1}.chaindebug.jsonl`, text }));
    const screen = many(page);
    await tools.drop(files.slice(0, 3));
    await tools.opened();
    await screen.open();
    assert.match(await screen.verdict.textContent(), /^3 runs take 2 paths/);
    assert.match(await screen.runs.textContent(), /day-1.*day-2.*day-3/);
    // One more, opened by itself, is offered and brought in.
    await tools.drop([files[3]]);
    await tools.opened();
    await screen.open();
    assert.match(await screen.verdict.textContent(), /^4 runs take 3 paths/);
  });

  test("too few runs: a sentence, and what can be done", async (t) => {
    const { page, tools } = await set.visit(t);
    await tools.drop([{ name: "two.chaindebug.jsonl", text: RUNS.slice(0, 2).join("\n") }]);
    await tools.opened();
    assert.equal(await page.getByRole("button", { name: "All runs", exact: true }).count(), 0);
    await page.getByRole("button", { name: "Compare this run with another" }).click();
    await page.getByRole("button", { name: "All runs together" }).click();
    await page.getByText("2 runs are open. Runs are looked at together from 3 on").waitFor();
    await tools.accessible("too few runs");
    await page.getByRole("button", { name: "Compare the two" }).click();
    await page.locator(".diff-work .verdict h1").waitFor();
  });
});

const PIPELINE = "approved-and-forgotten.pipeline.json";
const text = (name) => readFileSync(sample(name), "utf8");

/** The sample's pipeline with another condition, as a file beside it. */
function changed() {
  const pipeline = JSON.parse(text(PIPELINE));
  const path = pipeline.flow.paths.find((path) => path.condition?.config);
  path.condition.config.value = path.condition.config.value === true ? false : "another";
  return { name: "changed.pipeline.json", text: JSON.stringify(pipeline, null, 2) };
}

async function visitPipelines(t, options) {
  const visit = await set.visit(t, { hash: "#v=1&sample=approved-and-forgotten", ...options });
  const { page, tools } = visit;
  await tools.opened();
  await tools.drop([changed()]);
  // The one that was opened last is shown: back to the sample, whose scenarios are there.
  await page.waitForFunction(() => document.querySelector(".menu-files .menu-title")?.textContent.includes("changed"));
  await page.locator(".menu-files .menu-button").click();
  await page.locator(".menu-files .menu-item").filter({ hasText: PIPELINE }).click();
  await page.getByRole("button", { name: "Compare this pipeline with another" }).click();
  await page.getByRole("group", { name: "Compare this pipeline with another" }).getByRole("button", { name: /changed\.pipeline/ }).click();
  await page.locator(".changes .change").first().waitFor();
  return visit;
}

describe("two pipelines", () => {
  test("the changed condition is shown, and what it does to the scenarios", async (t) => {
    const { page } = await visitPipelines(t);
    assert.match(await page.locator(".changes .verdict h1").textContent(), /^One change: edge .*condition: .* → /);
    const edge = page.locator(".changes-group").filter({ hasText: "Edges" }).locator(".change");
    assert.equal(await edge.count(), 1);
    assert.match(await edge.textContent(), /≠changed.*condition/);
    // Each scenario of the workbench is run on both.
    const effects = page.locator(".effect");
    assert.equal(await effects.count(), JSON.parse(text("approved-and-forgotten.scenarios.json")).scenarios.length);
    assert.match(await page.locator(".effect[data-sign=changed]").first().textContent(), /≠differs.*parts here/);
    await page.getByRole("button", { name: "Show B" }).click();
    await page.waitForFunction(() => document.querySelector(".menu-files .menu-title")?.textContent.includes("changed"));
  });

  test("a run is laid on a run, a pipeline on a pipeline: the other is said", async (t) => {
    const { page, tools } = await set.visit(t, { hash: "#v=1&sample=first-trace" });
    await tools.opened();
    await page.locator("#pick-other").setInputFiles(sample(PIPELINE));
    await page.getByText("A run can be laid on a run, and a pipeline on a pipeline.").waitFor();
  });
});

describe("at every width, in both themes", () => {
  for (const [name, size] of Object.entries(SIZES)) {
    for (const theme of ["light", "dark"]) {
      test(`${name}, ${theme}`, async (t) => {
        const { page, tools } = await visitRuns(t, { size, theme });
        if (name === "narrow") {
          for (const part of ["Paths", "Steps", "Runs"]) {
            await page.getByRole("tab", { name: part }).click();
            await tools.fits(`${part}, ${name}`);
            await tools.accessible(`${part}, ${name}, ${theme}`);
          }
        } else {
          await tools.fits(`all runs, ${name}`);
          await tools.accessible(`all runs, ${name}, ${theme}`);
        }
      });
      test(`two pipelines, ${name}, ${theme}`, async (t) => {
        const { tools } = await visitPipelines(t, { size, theme });
        await tools.fits(`two pipelines, ${name}`);
        await tools.accessible(`two pipelines, ${name}, ${theme}`);
      });
    }
  }
});

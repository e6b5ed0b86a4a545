// How long after a letter typed into a large pipeline its findings are on the screen, in Chromium.
//
//   node tests/bench/typing.mjs [--steps NUMBER] [--rounds N] [--json]
//
// The built page, with the text of a pipeline open in its editor. Letters are typed into an operator that no engine knows, so
// that each of them changes a finding that is in sight. Counted from the browser's input event, in one clock:
//   asked      the question has left for the engine's worker
//   answered   its answer is in the page
//   listed     the list of findings holds the new words
//   painted    the frame with them is drawn
// and `frames`: how many frames after the one with the letter itself that is. The aim is the next one.
// Between two letters the page comes to rest. Beside it, in the same page: JSON.parse and JSON.stringify of the same text.

import { parseArgs } from "node:util";
import { launch, watchedPage } from "../support/browser.mjs";
import { serve } from "../support/serve.mjs";
import { pipeline } from "./pipeline.mjs";

const { values } = parseArgs({
  options: { steps: { type: "string", default: "10000" }, rounds: { type: "string", default: "21" }, json: { type: "boolean" } },
});
const steps = Number(values.steps);
const rounds = Number(values.rounds);
const FRAME = 1000 / 60;
const sorted = (list) => [...list].sort((a, b) => a - b);
const median = (list) => sorted(list)[list.length >> 1];
const most = (list) => sorted(list)[Math.min(list.length - 1, Math.floor(list.length * 0.95))];

const site = await serve();
const browser = await launch();
try {
  const text = pipeline(steps);
  const { page, problems } = await watchedPage(browser);
  page.setDefaultTimeout(60_000);
  await page.addInitScript(watch);
  await page.goto(site.url);
  await page.locator("button.sample").first().waitFor();
  const data = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "large.json"));
    return data;
  }, text);
  for (const type of ["dragenter", "dragover", "drop"]) await page.dispatchEvent("body", type, { dataTransfer: data });
  const content = page.locator(".cm-content");
  await content.waitFor();
  await page.locator(".finding").first().waitFor();
  // Choosing a finding puts the caret before its place: there, before the operator's quote.
  await page.locator(".finding").filter({ hasText: ">=" }).first().click();
  await page.waitForTimeout(1000);
  await content.focus();
  await page.keyboard.press("ArrowRight");
  await rest(page);
  const times = [];
  for (let round = 0; round <= rounds; round++) {
    await page.evaluate(() => window.bench.begin());
    await page.keyboard.insertText(String.fromCharCode(97 + (round % 26)));
    await page.waitForFunction(() => window.bench.seen?.painted !== undefined, null, { polling: 100 });
    // The first one reads all of the text.
    if (round > 0) times.push(await page.evaluate(() => window.bench.seen));
    await rest(page);
  }
  const parse = await page.evaluate(async (text) => {
    const times = [];
    for (let round = 0; round < 9; round++) {
      const begun = performance.now();
      const length = JSON.stringify(JSON.parse(text)).length;
      times.push(performance.now() - begun);
      if (length === 0) throw new Error("nothing was written");
      await new Promise((done) => setTimeout(done, 300));
    }
    return times;
  }, text);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const of = (name) => times.map((time) => time[name]);
  const result = {
    what: "findings on the screen after a letter",
    steps,
    megabytes: text.length / 1e6,
    median_ms: median(of("painted")),
    p95_ms: most(of("painted")),
    frame_ms: FRAME,
    parse_and_stringify_ms: median(parse),
    ratio: median(of("painted")) / FRAME,
    frames_after_the_letter: { mean: of("frames").reduce((sum, frames) => sum + frames, 0) / rounds, most: Math.max(...of("frames")) },
    rounds: times,
  };
  if (values.json) {
    console.log(JSON.stringify({ results: [result] }, null, 2));
  } else {
    const ms = (value) => `${value.toFixed(1).padStart(6)} ms`;
    console.log(`Findings after a letter, ${steps} steps, ${result.megabytes.toFixed(1)} MB, in Chromium, of ${rounds}:`);
    console.log("                                 median       p95");
    for (const name of ["asked", "answered", "listed", "painted"]) {
      console.log(`  ${name.padEnd(27)} ${ms(median(of(name)))} ${ms(most(of(name)))}`);
    }
    console.log(`  JSON.parse and stringify    ${ms(result.parse_and_stringify_ms)}    of the same text`);
    console.log(`  painted, in frames          ${result.ratio.toFixed(2).padStart(6)}`);
    const { mean, most: furthest } = result.frames_after_the_letter;
    console.log(`  frames after the letter's   ${mean.toFixed(2).padStart(6)}       at most ${furthest} (the aim is 1)`);
  }
} finally {
  await browser.close();
  await site.close();
}

/** Waits until the rest of the page has followed, which it does when nobody types: for a second nothing was asked. */
async function rest(page) {
  await page.waitForFunction(() => window.bench.open === 0 && performance.now() - window.bench.last > 1000, null, { polling: 100 });
}

/** Runs in the page before anything of its own. */
function watch() {
  let begun;
  const bench = {
    seen: undefined,
    /** Questions without an answer, and when one was asked or answered last. */
    open: 0,
    last: 0,
    /** Those that were begun since the letter: the first draws it. */
    frames: 0,
    /** The next letter is the one that counts. */
    begin() {
      begun = undefined;
      bench.seen = undefined;
      const list = document.querySelector(".bottom-findings");
      const before = list.textContent;
      const observer = new MutationObserver(() => {
        if (begun === undefined || list.textContent === before) return;
        observer.disconnect();
        mark("listed");
        bench.seen.frames = bench.frames;
        // The frame is drawn before a message that is sent from it arrives.
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => mark("painted");
          port2.postMessage(null);
        });
      });
      observer.observe(list, { childList: true, characterData: true, subtree: true });
    },
  };
  const mark = (name) => {
    if (begun !== undefined && bench.seen[name] === undefined) bench.seen[name] = performance.now() - begun;
  };
  const count = () => {
    bench.frames += 1;
    if (bench.seen.painted === undefined) requestAnimationFrame(count);
  };
  window.bench = bench;
  addEventListener(
    "beforeinput",
    (event) => {
      if (begun !== undefined) return;
      begun = event.timeStamp;
      bench.seen = {};
      bench.frames = 0;
      requestAnimationFrame(count);
    },
    true,
  );
  const post = Worker.prototype.postMessage;
  const heard = new WeakSet();
  Worker.prototype.postMessage = function (message, ...rest) {
    if (!heard.has(this)) {
      heard.add(this);
      this.addEventListener("message", ({ data }) => {
        if (data.answer === undefined && data.failed === undefined) return;
        bench.open -= 1;
        bench.last = performance.now();
        if (data.id === this.amending) mark("answered");
      });
    }
    if (message?.ask !== undefined || message?.open !== undefined) {
      bench.open += 1;
      bench.last = performance.now();
    }
    if (typeof message?.ask === "string" && message.ask.includes('"amend"')) {
      this.amending = message.id;
      mark("asked");
    }
    return post.call(this, message, ...rest);
  };
}

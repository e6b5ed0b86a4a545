// How long a first visit takes until the page is there, and until a file could be read, in Chromium.
//
//   node tests/bench/start.mjs [--rounds N] [--json]
//
// The built page in its packed form, over three connections. Counted from the beginning of the visit:
//   drawn    something of ours is on the screen
//   usable   the start page is there and takes files
//   ready    the engine can read one
// Beside it, over the same connection in the same round: a page that does nothing but fetch the same files, all at once, and
// compile the modules. No page that is made of them can be ready earlier.

import { parseArgs } from "node:util";
import { launch, watchedPage } from "../support/browser.mjs";
import { serve } from "../support/serve.mjs";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "5" }, json: { type: "boolean" } } });
const rounds = Number(values.rounds);
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

/** Round trip in ms, megabits a second, and how many times slower the processor is than this one. */
const PLACES = [
  { name: "this machine, processor 4 times slower", slower: 4 },
  { name: "50 Mbit/s, 40 ms", latency: 40, megabits: 50 },
  { name: "10 Mbit/s, 80 ms, processor 4 times slower", latency: 80, megabits: 10, slower: 4 },
];

const site = await serve({ packed: true });
const browser = await launch();
try {
  const results = [];
  for (const place of PLACES) {
    const times = [];
    for (let round = 0; round < rounds; round++) {
      const page = await visit(place, site.url, watch);
      times.push({ ...page.times, ...(await reference(place, page.files)) });
    }
    const of = (name) => median(times.map((one) => one[name]));
    const result = { place: place.name, drawn_ms: of("drawn"), usable_ms: of("usable"), ready_ms: of("ready"), reference_ms: of("fetched") };
    results.push({ ...result, ratio: result.ready_ms / result.reference_ms });
  }
  if (values.json) console.log(JSON.stringify(results));
  else for (const result of results) print(result);
} finally {
  await browser.close();
  await site.close();
}

function print({ place, drawn_ms, usable_ms, ready_ms, reference_ms, ratio }) {
  const ms = (time) => `${time.toFixed(0).padStart(6)} ms`;
  console.log(`${place}, median of ${rounds}:`);
  console.log(`  drawn                         ${ms(drawn_ms)}`);
  console.log(`  usable                        ${ms(usable_ms)}`);
  console.log(`  ready to read a file          ${ms(ready_ms)}`);
  console.log(`  fetching the same files       ${ms(reference_ms)}   ready is ${ratio.toFixed(2)} of it`);
}

/** A first visit: nothing is kept from an earlier one. `script` runs in the page and sets `bench` when it is over. */
async function visit({ latency, megabits, slower }, address, script) {
  const { context, page, requests } = await watchedPage(browser);
  page.setDefaultTimeout(60_000);
  const session = await context.newCDPSession(page);
  if (megabits) {
    const bytes = (megabits * 1e6) / 8;
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", { offline: false, latency, downloadThroughput: bytes, uploadThroughput: bytes });
  }
  if (slower) await session.send("Emulation.setCPUThrottlingRate", { rate: slower });
  await page.addInitScript(script);
  await page.goto(address);
  await page.waitForFunction(() => window.bench !== undefined);
  const times = await page.evaluate(() => window.bench);
  // The icon is the browser's own affair, and samples are asked for by name.
  const files = requests.filter((url) => url.startsWith(site.url) && !url.endsWith("icon.svg"));
  await context.close();
  return { times, files };
}

/** What the files alone take, the page's document first, as it names them. */
async function reference(place, files) {
  const script = `addEventListener("DOMContentLoaded", async () => {
    const names = ${JSON.stringify(files)};
    await Promise.all(names.map(async (name) => {
      const answer = fetch(name);
      if (/[.]wasm([?]|$)/.test(name)) return WebAssembly.compileStreaming(answer);
      return (await answer).arrayBuffer();
    }));
    window.bench = { fetched: performance.now() };
  });`;
  return (await visit(place, `${site.url}icon.svg`, script)).times;
}

/** Looks at each frame what is there. Runs in the page before anything of it. */
function watch() {
  const times = {};
  const look = () => {
    const now = performance.now();
    if (!document.getElementById("start") && document.querySelector(".start-page")) times.usable ??= now;
    if (/^Engine ready/.test(document.querySelector(".foot-said")?.textContent ?? "")) times.ready ??= now;
    times.drawn ??= performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
    if (times.usable && times.ready && times.drawn) window.bench = times;
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

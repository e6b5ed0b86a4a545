// Somebody else's site with embeds in it: pages made up by a test, traces, and a build under /cd/. Not a test itself.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { after, before } from "node:test";
import { launch, watchedPage } from "../support/browser.mjs";
import { DIST } from "../support/serve.mjs";
import { sample } from "./page.mjs";

const TYPES = { ".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml", ".wasm": "application/wasm" };

/** A trace with two steps of one name and an error: small enough to be read in a test. */
export const TRACE = `{"chaindebug":1,"run":{"name":"Answer"}}
{"id":"a1","name":"answer","kind":"chain","start":0,"end":9,"input":"May I return a lamp?"}
{"id":"r1","parent":"a1","name":"retrieve","kind":"retriever","start":1,"end":2,"output":[]}
{"id":"r2","parent":"a1","name":"retrieve","kind":"retriever","start":3,"end":4,"output":["page 7"]}
{"id":"w1","parent":"a1","name":"write","kind":"llm","start":5,"end":8,"status":"error","error":"no sources"}
`;

/**
 * A server on a free port. `cors` lets other origins fetch; `plain` sends HTML as text, as some CDNs do; `headers` go with pages.
 * @param {{ cors?: boolean, plain?: boolean }} [options]
 */
export async function host({ cors = false, plain = false } = {}) {
  /** @type {Map<string, { body: string | Buffer, type: string, headers?: Record<string, string>, status?: number }>} */
  const made = new Map();
  /** @type {string[]} */
  const asked = [];
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    asked.push(path);
    const headers = { "Cache-Control": "max-age=600", ...(cors ? { "Access-Control-Allow-Origin": "*" } : {}) };
    const own = made.get(path);
    if (own) return void response.writeHead(own.status ?? 200, { ...headers, "Content-Type": own.type, ...own.headers }).end(own.body);
    const file = path.startsWith("/cd/") ? join(DIST, normalize(path.slice(3))) : undefined;
    const body = file && (await readFile(file === `${DIST}/` ? join(DIST, "index.html") : file).catch(() => undefined));
    if (!body) return void response.writeHead(404, { ...headers, "Content-Type": "text/plain" }).end("Not found.\n");
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    response.writeHead(200, { ...headers, "Content-Type": plain && type === "text/html" ? "text/plain" : type }).end(body);
  });
  await new Promise((ready, failed) => server.once("error", failed).listen(0, "127.0.0.1", ready));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const put = (path, body, type = TYPES[extname(path)] ?? "text/plain", more = {}) => made.set(path, { body, type, ...more });
  put("/favicon.ico", "", "image/x-icon");
  put("/run.jsonl", TRACE);
  put("/refunds.jsonl", await readFile(sample("six-refunds.otlp.jsonl")));
  return {
    origin,
    asked,
    put,
    /** A page with this body; gives its address. */
    page(body, { path = "/docs/page.html", head = "", headers = {}, script = "/cd/chain-debug.js" } = {}) {
      const load = script ? `<script src="${script}" defer></script>` : "";
      put(path, `<!doctype html><html lang="en"><meta charset="utf-8"><title>Docs</title>${head}${load}<body><main><h1>Docs</h1>${body}</main>`, "text/html", { headers });
      return origin + path;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}

/** One browser for a file of tests, and what is done in it again and again. */
export function setting() {
  const held = {};
  before(async () => {
    held.browser = await launch();
  });
  after(() => held.browser?.close());

  held.host = async (t, options) => {
    const made = await host(options);
    t.after(made.close);
    return made;
  };

  /** Opens a page. Problems fail the test unless they are expected. */
  held.visit = async (t, url, { size = { width: 1000, height: 900 }, theme = "light", touch = false, expectProblems = false } = {}) => {
    const watched = await watchedPage(held.browser, { viewport: size, colorScheme: theme, hasTouch: touch });
    watched.context.setDefaultTimeout(30_000);
    t.after(async () => {
      await watched.context.close();
      if (!expectProblems) assert.deepEqual(watched.problems, []);
    });
    await watched.page.goto(url);
    return watched;
  };
  return held;
}

/** The frame of the n-th embed, once a run is shown in it. */
export async function shown(page, nth = 0) {
  const frame = page.locator("chain-debug").nth(nth).locator("iframe").contentFrame();
  await frame.getByRole("slider", { name: "Moment" }).waitFor();
  return frame;
}

/** What is said of the moment the cursor of a frame stands at, once it is `what`: a pattern, or a question to what is said. */
export async function stands(frame, what) {
  const slider = frame.getByRole("slider", { name: "Moment" });
  const is = typeof what === "function" ? what : (said) => what.test(said);
  const deadline = Date.now() + 15_000;
  let said = "";
  while (Date.now() < deadline) {
    said = (await slider.getAttribute("aria-valuetext")) ?? "";
    if (is(said)) return said;
    await new Promise((done) => setTimeout(done, 50));
  }
  return assert.fail(`the cursor is at “${said}”, not at ${what}`);
}

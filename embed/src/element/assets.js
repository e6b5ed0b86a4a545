// What all embeds of a page share: the page's HTML and the compiled modules, fetched and compiled once for each base.

import { Trouble } from "./trouble.js";

/** @typedef {{ index: string, html: boolean, base: string, page: WebAssembly.Module, traces: { glue: string, shell: string, module: WebAssembly.Module }, full: () => Promise<{ glue: string, module: WebAssembly.Module }> }} Assets */

/** @type {Map<string, Promise<Assets>>} */
const kept = new Map();

/** How often each kind of work was done: what is shared is shown by a number that stays 1. */
export const counts = { fetched: 0, compiled: 0 };

/** @param {string} base Address of the folder that holds the page, with its slash. */
export function assets(base) {
  let found = kept.get(base);
  if (!found) {
    found = load(base);
    kept.set(base, found);
    // A failure is no reason to fail for ever: the next embed tries again.
    found.catch(() => kept.delete(base));
  }
  return found;
}

/** @param {string} base @returns {Promise<Assets>} */
async function load(base) {
  const response = await get(new URL("index.html", base));
  const index = await response.text();
  const name = (/** @type {RegExp} */ pattern) => pattern.exec(index)?.[1];
  const wasm = name(/data-wasm="([^"]+)"/);
  if (!wasm) throw new Trouble("base", `There is no ChainDebug at ${base}`);
  const version = `?v=${name(/name="chaindebug-engine" content="([^"]*)"/) ?? ""}`;
  const at = (/** @type {string} */ file) => new URL(file + version, base);
  const [page, traces, glue, shell] = await Promise.all([
    compiled(new URL(wasm, base)),
    compiled(at("chaindebug-traces_bg.wasm")),
    get(at("chaindebug-traces.js")).then((script) => script.text()),
    get(at("engine-worker.js")).then((script) => script.text()),
  ]);
  /** @type {Promise<WebAssembly.Module> | undefined} */
  let full;
  return {
    index,
    base,
    html: /^text\/html/i.test(response.headers.get("content-type") ?? ""),
    page,
    traces: { glue, shell, module: traces },
    full: async () => {
      full ??= compiled(at("chaindebug-wasm_bg.wasm"));
      return { glue: at("chaindebug-wasm.js").href, module: await full };
    },
  };
}

/** @param {URL} url */
async function get(url) {
  counts.fetched += 1;
  // No cookies: these are public files, and a CDN has no business with them.
  const response = await fetch(url, { credentials: url.origin === location.origin ? "same-origin" : "omit" }).catch((error) => {
    throw new Trouble("fetch", `${url.href} could not be fetched`, error);
  });
  if (!response.ok) throw new Trouble("base", `${url.href} is not there: the server answered ${response.status}`);
  return response;
}

/** Compiles while it arrives, where the server knows the type. @param {URL} url */
async function compiled(url) {
  const response = await get(url);
  counts.compiled += 1;
  const streams = response.headers.get("content-type")?.startsWith("application/wasm");
  try {
    return await (streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer()));
  } catch (error) {
    throw new Trouble("wasm", `${url.href} could not be compiled`, error);
  }
}

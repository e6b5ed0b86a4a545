// Starts the page. A file of its own, because the Content-Security-Policy allows no inline script.
// Its script element names the two files of the page in data-js and data-wasm;
// in one HTML file it stands inline, and everything it needs is given.

const script = document.querySelector("script[data-wasm]");
const start = document.getElementById("start");

/** The page could not start: say so, and what helps, where "Starting…" stood. */
function failed(error) {
  console.error(error);
  const line = document.getElementById("start-line");
  if (!line) return;
  line.setAttribute("role", "alert");
  line.textContent =
    typeof WebAssembly === "object"
      ? "ChainDebug could not start. Reload the page. If that does not help, one of its files may be missing or blocked."
      : "ChainDebug needs WebAssembly, and this browser has none or has it switched off.";
  const detail = document.createElement("code");
  detail.textContent = String(error);
  line.append(detail);
}

/** Files dropped before the page can take them: without this the browser would go away and show the file itself. */
const early = [];
const hold = (event) => {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
  if (event.type !== "drop") return;
  early.push(...event.dataTransfer.files);
  const line = document.getElementById("start-line");
  if (line) line.textContent = `Starting… ${early.map((file) => file.name).join(", ")} opens then.`;
};
const HELD = ["dragover", "drop"];
for (const type of HELD) addEventListener(type, hold);

/** Nothing has to be held any more; what was is dropped on the page. */
function started() {
  for (const type of HELD) removeEventListener(type, hold);
  start?.remove();
  if (early.length === 0) return;
  const dataTransfer = new DataTransfer();
  for (const file of early) dataTransfer.items.add(file);
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
}

/** The text editor, for whoever needs it first. Fetched ahead by the page's modulepreload, and run only here. */
globalThis.chaindebugEditor =
  globalThis.chaindebugFiles?.editor ?? (() => import(document.getElementById("chaindebug-editor").href));

/** The page as an installed program. Where the page is part of another one there is no such thing. */
globalThis.chaindebugInstall = () => import(document.getElementById("chaindebug-install").href);

/** Asking a Jaeger or a Tempo, where one is named. Beside this file, and of its version. */
globalThis.chaindebugOpenFrom = () => import(new URL(`open-from.js${new URL(import.meta.url).search}`, import.meta.url).href);

/**
 * In somebody's page, or opened by a frame of one: what is open comes from there, and perhaps the compiled page too.
 * @returns {Promise<WebAssembly.Module | undefined>}
 */
async function neighbour() {
  const fields = new URLSearchParams(location.hash.slice(1));
  const place = document.querySelector("meta[name=chaindebug-place]")?.content;
  const framed = place === "embed" || fields.get("embed") === "1";
  if (!framed && !fields.has("hand")) return undefined;
  const beside = () => import(new URL(document.querySelector("meta[name=chaindebug-frame]").content, document.baseURI));
  const frame = await (globalThis.chaindebugFiles?.neighbour ?? beside)();
  return framed ? frame.embed() : frame.receive(fields);
}

/** The page's module, and its WebAssembly: where it is, or compiled. */
async function page() {
  // An import is resolved against this file, a fetch against the page: make both absolute first.
  const js = new URL(script.dataset.js, document.baseURI);
  const wasm = new URL(script.dataset.wasm, document.baseURI);
  return { module: await import(js), wasm };
}

try {
  // One HTML file gives the page itself (app/single-file/start.js).
  const own = globalThis.chaindebugFiles?.page ?? page;
  const given = await neighbour();
  const { module, wasm } = await own();
  // The page adds its own elements to the body; when this returns they are there.
  await module.default({ module_or_path: given ?? wasm });
  started();
} catch (error) {
  failed(error);
}

// The first script of one HTML file: gives the page what the file holds (app/src/place.rs), unpacked when it is asked
// for. Everything is in the document itself, as base64 of gzip, so that the file opens from a disk with nothing beside
// it. A plain script, inline; `build.mjs` puts it there.
"use strict";

{
  /** What stood in the body before the page was there. */
  const before = document.getElementById("start").outerHTML;
  /** Who waits for a script of the file, by its name. */
  const waiting = new Map();

  /** The bytes of a part. @param {string} name */
  async function bytes(name) {
    const digits = atob(document.querySelector(`script[data-part="${name}"]`).textContent);
    const packed = new Uint8Array(digits.length);
    for (let at = 0; at < digits.length; at += 1) packed[at] = digits.charCodeAt(at);
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).arrayBuffer();
  }

  /** The text of a part. @param {string} name */
  const text = async (name) => new TextDecoder().decode(await bytes(name));

  /**
   * Runs a script of the file and gives what it exports. The policy knows its hash, so nothing else can be run this way.
   * @param {string} name
   */
  async function run(name) {
    const element = document.createElement("script");
    element.type = "module";
    element.textContent = await text(name);
    const done = new Promise((resolve) => waiting.set(name, resolve));
    document.body.append(element);
    const made = await done;
    element.remove();
    return made;
  }

  globalThis.chaindebugFiles = {
    /** The page: its module, and the bytes of its WebAssembly. */
    async page() {
      const [module, wasm] = await Promise.all([run("page.js"), bytes("page.wasm")]);
      return { module, wasm };
    },
    /** The text editor. */
    editor: () => run("editor.js"),
    /** What talks to a page around, where this file is the frame in one that is read from a disk. */
    neighbour: () => run("frame.js"),
    /** The engine. It is the full one, whatever is asked for: so any other file can be dropped on this one. */
    async traces() {
      const [glue, shell, module] = await Promise.all([
        text("engine.js"),
        text("worker.js"),
        bytes("engine.wasm").then((wasm) => WebAssembly.compile(wasm)),
      ]);
      return { glue, shell, module };
    },
    /** This file as it was before the page started, to be filled with another run. */
    frame: () =>
      `<!doctype html>\n<html lang="en">\n  ${document.head.outerHTML}\n  <body>\n    ${before}\n` +
      `${[...document.querySelectorAll("body > script")].map((script) => `    ${script.outerHTML}\n`).join("")}  </body>\n</html>\n`,
    /** Called by a script of the file, with what it exports. @param {string} name @param {object} exported */
    made(name, exported) {
      waiting.get(name)?.(exported);
      waiting.delete(name);
    },
  };
}

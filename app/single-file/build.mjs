// Makes the page and the full engine one HTML file without a run, which opens from a disk with nothing beside it:
//   node build.mjs DIST   reads a finished build and writes DIST/chaindebug.html
//
// The page's Share dialog and `chaindebug html` put a run into it (core/src/source/one_file.rs). What the file may do
// stands in its policy: scripts and the style by hash, workers from blob: addresses, and no connection at all.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** The last `export { a, b as c }` of a bundled module, as an object: `{ a: a, c: b }`. The others lose their word. */
export function exported(code, name) {
  const found = [...code.matchAll(/export\s*\{([^}]*)\}\s*;?/g)].at(-1);
  if (!found) throw new Error(`${name} exports nothing.`);
  const fields = found[1].split(",").map((part) => part.trim()).filter(Boolean).map((part) => {
    const [inside, outside = inside] = part.split(/\s+as\s+/);
    return `${JSON.stringify(outside)}: ${inside}`;
  });
  const body = (code.slice(0, found.index) + code.slice(found.index + found[0].length)).replace(/^export (?=class|function|const|async)/gm, "");
  return `${body}\nglobalThis.chaindebugFiles.made(${JSON.stringify(name)}, { ${fields.join(", ")} });\n`;
}

/** What a policy calls an inline script or style. */
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** What stands between two places of a text. */
function between(text, from, to) {
  const start = text.indexOf(from);
  const end = text.indexOf(to, start + from.length);
  if (start < 0 || end < 0) throw new Error(`index.html should hold \`${from}\`.`);
  return text.slice(start + from.length, end);
}

/** The file, of a finished build. */
export function singleFile(dist) {
  const read = (name) => readFileSync(join(dist, name));
  const here = (name) => readFileSync(fileURLToPath(new URL(name, import.meta.url)), "utf8");
  const index = read("index.html").toString();
  const app = readdirSync(dist).find((name) => /^chaindebug-app-.*_bg\.wasm$/.test(name))?.replace("_bg.wasm", "");
  if (!app) throw new Error(`There is no page in ${dist}.`);

  const sheets = [...index.matchAll(/<link rel="stylesheet" href="\.\/([^"]+)"\s*\/?>/g)].map((match) => match[1]);
  const style = sheets.map((name) => read(name).toString().trim()).join("\n");
  if (/<\/style|url\(/i.test(style)) throw new Error("A style sheet holds what cannot stand in one file.");

  const loader = here("start.js");
  const boot = read("boot.js").toString();
  const page = exported(read(`${app}.js`).toString(), "page.js");
  const editor = exported(read("chaindebug-editor.js").toString(), "editor.js");
  const frame = exported(read("chaindebug-frame.js").toString(), "frame.js");
  for (const script of [loader, boot]) {
    if (/<\/script|<!--/i.test(script)) throw new Error("A script holds what would end it inside a page.");
  }
  const parts = {
    "page.js": page,
    "page.wasm": read(`${app}_bg.wasm`),
    "editor.js": editor,
    "frame.js": frame,
    "engine.js": read("chaindebug-wasm.js"),
    "engine.wasm": read("chaindebug-wasm_bg.wasm"),
    "worker.js": read("engine-worker.js"),
  };
  const packed = Object.entries(parts).map(([name, content]) => {
    const digits = gzipSync(content, { level: 9 }).toString("base64");
    return `    <script type="text/plain" data-part="${name}">${digits}</script>\n`;
  });

  const policy = [
    "default-src 'none'",
    `script-src ${[loader, boot, page, editor, frame].map(hash).join(" ")} 'wasm-unsafe-eval'`,
    "worker-src blob:",
    `style-src ${hash(style)}`,
    "img-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const metas = [...index.matchAll(/<meta name="(?:viewport|description|color-scheme|theme-color|referrer)"[^>]*>/g)].map(([meta]) => `    ${meta}\n`);
  const icon = read("icon.svg").toString("base64");
  const start = `<div id="start">${between(index, '<div id="start">', "</body>").trimEnd()}`;
  return (
    `<!doctype html>\n<html lang="en">\n  <head>\n    <meta charset="utf-8">\n` +
    `    <meta http-equiv="Content-Security-Policy" content="${policy}">\n` +
    `    <!--chaindebug-file 1-->\n    <title>ChainDebug</title>\n    <!--/chaindebug-file-->\n` +
    `    <meta name="chaindebug-place" content="file">\n${metas.join("")}` +
    `    <link rel="icon" type="image/svg+xml" href="data:image/svg+xml;base64,${icon}">\n` +
    `    <style>${style}</style>\n  </head>\n  <body>\n    ${start}\n${packed.join("")}` +
    `    <script>${loader}</script>\n    <script type="module">${boot}</script>\n  </body>\n</html>\n`
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [dist] = process.argv.slice(2);
  if (!dist) {
    console.error("build.mjs: name the folder of a finished build");
    process.exit(2);
  }
  writeFileSync(join(dist, "chaindebug.html"), singleFile(dist));
}

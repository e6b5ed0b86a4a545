// Makes one style sheet of those that a finished build links to: a browser draws nothing before it has them all, and asks a
// plain host for six files at a time.
//   node style.mjs DIST   reads DIST/index.html, writes one sheet beside it, and links to that

import { createHash } from "node:crypto";
import { readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

// The bundler is the editor's: one for the project.
const bundler = createRequire(new URL("../../../editor/package.json", import.meta.url));
const { transformSync } = bundler("esbuild");

/** A line of the page that links to a sheet, as Trunk writes it. */
const LINK = /^ *<link rel="stylesheet" href="\.\/([^"]+)"\s*\/?>\n/gm;

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error("style.mjs DIST");
  process.exit(2);
}
const page = join(folder, "index.html");
const html = readFileSync(page, "utf8");
const names = [...html.matchAll(LINK)].map(([, name]) => name);
if (names.length < 2) throw new Error(`${page} links to ${names.length} style sheets; there should be several to join.`);
// In the order of the page: what comes later wins.
const joined = names.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
// Nothing is rewritten for older browsers: the page asks for newer ones than any of this needs.
const { code, warnings } = transformSync(joined, { loader: "css", minify: true, target: "esnext" });
if (warnings.length > 0) throw new Error(warnings.map(({ text, location }) => `${text}: ${location?.lineText}`).join("\n"));
const name = `chaindebug-${createHash("sha256").update(code).digest("hex").slice(0, 16)}.css`;
writeFileSync(join(folder, name), code);
let first = true;
const linked = html.replace(LINK, () => {
  const link = first ? `    <link rel="stylesheet" href="./${name}" />\n` : "";
  first = false;
  return link;
});
writeFileSync(page, linked);
for (const name of names) unlinkSync(join(folder, name));

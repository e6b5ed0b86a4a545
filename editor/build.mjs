// Bundles the editor into one ES module. Trunk calls it while it builds the page (app/Trunk.toml).
//   node build.mjs [FOLDER]   writes FOLDER/chaindebug-editor.js; Trunk names the folder itself

import { existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const folder = process.argv[2] ?? process.env.TRUNK_STAGING_DIR ?? join(here, "../dist");

if (!existsSync(join(here, "node_modules/esbuild"))) {
  const release = process.env.TRUNK_PROFILE === "release";
  console.error("editor/node_modules is missing: run `cargo xtask setup build`.");
  if (!release) console.error("This development build goes on without the editor; the page has a plain text field.");
  process.exit(release ? 1 : 0);
}

/** The licence texts of what is bundled, which their licence wants to travel with it. */
function notice(inputs) {
  const packages = new Set(Object.keys(inputs).map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]));
  const holders = new Map();
  let licence = "";
  for (const name of [...packages].filter(Boolean).sort()) {
    const at = join(here, "node_modules", name);
    const file = readdirSync(at).find((entry) => /^licen[cs]e/i.test(entry));
    if (!file) throw new Error(`${name} carries no licence.`);
    const text = readFileSync(join(at, file), "utf8");
    if (!/MIT License/i.test(text) && !/Permission is hereby granted, free of charge/.test(text)) throw new Error(`${name} is not under the MIT licence; see deny.toml for what is allowed.`);
    const holder = /Copyright.*/.exec(text)?.[0].replace(/ <.*?>/g, "") ?? "";
    holders.set(holder, [...(holders.get(holder) ?? []), name]);
    licence ||= text.slice(text.indexOf("Permission is hereby granted")).trim();
  }
  const lines = [...holders].map(([holder, names]) => `${names.join(", ")}: ${holder}`);
  return `/*!\nThis file contains, under the MIT licence:\n${lines.join("\n")}\n\n${licence}\n*/`;
}

const { build } = await import("esbuild");
const options = {
  absWorkingDir: here,
  entryPoints: ["src/main.js"],
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
};
const { metafile } = await build({ ...options, write: false, outfile: "unwritten.js" });
mkdirSync(folder, { recursive: true });
await build({ ...options, banner: { js: notice(metafile.inputs) }, outfile: join(folder, "chaindebug-editor.js") });

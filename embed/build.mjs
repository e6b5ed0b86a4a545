// Bundles the element and the frame's side of it. Trunk calls it while it builds the page (app/Trunk.toml).
//   node build.mjs [FOLDER]   writes chain-debug.js, chain-debug.mjs and chaindebug-frame.js; Trunk names the folder itself

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const folder = process.argv[2] ?? process.env.TRUNK_STAGING_DIR ?? join(here, "../dist");

// The bundler is the editor's: one for the project.
const bundler = createRequire(join(here, "../editor/package.json"));
const { build } = bundler("esbuild");

const shared = { absWorkingDir: here, bundle: true, minify: true, target: ["es2022"], legalComments: "none", logLevel: "warning" };
await build({ ...shared, entryPoints: ["src/element/script.js"], format: "iife", outfile: join(folder, "chain-debug.js") });
await build({ ...shared, entryPoints: ["src/element/module.js"], format: "esm", outfile: join(folder, "chain-debug.mjs") });
await build({ ...shared, entryPoints: ["src/frame/main.js"], format: "esm", outfile: join(folder, "chaindebug-frame.js") });

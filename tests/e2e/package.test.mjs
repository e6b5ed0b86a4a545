// The npm package: what would be published, and that it works from a page as it is.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { DIST } from "../support/serve.mjs";

test("the package holds the element, the page, the engines and the types", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "chaindebug-npm-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const script = fileURLToPath(new URL("../../embed/package.mjs", import.meta.url));
  execFileSync(process.execPath, [script, DIST, folder, "1.2.3", "https://example.org/chaindebug"]);
  const [packed] = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json", "--offline"], { cwd: folder, encoding: "utf8" }));
  assert.equal(packed.id, "chaindebug@1.2.3");
  const files = packed.files.map(({ path }) => path);
  const index = readFileSync(join(folder, "index.html"), "utf8");
  const named = [...index.matchAll(/(?:src|href|data-js|data-wasm)="\.?\/?([^":?#]+\.(?:js|css|wasm))/g)].map(([, name]) => name);
  assert.ok(named.length > 3);
  const own = ["package.json", "README.md", "LICENSE-MIT", "chain-debug.js", "chain-debug.mjs", "chain-debug.d.ts", "chaindebug-frame.js", "engine-worker.js", "chaindebug-traces_bg.wasm", "chaindebug-wasm_bg.wasm"];
  for (const name of [...own, ...named]) assert.ok(files.includes(name), `${name} is not in the package`);
  assert.ok(!files.some((name) => /\.(br|gz)$/.test(name) || name.startsWith("samples/")), files.join(" "));
  // The types name every attribute and message; the scripts are what the documentation says.
  const types = readFileSync(join(folder, "chain-debug.d.ts"), "utf8");
  for (const type of ["hello", "open", "go", "view", "theme", "close", "ready", "opened", "step", "height", "trouble"]) assert.match(types, new RegExp(`type: "${type}"`));
});

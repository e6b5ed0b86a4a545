// Sites of MkDocs Material for the tests: written into a folder that goes away, built as a user builds them. Not a test
// itself.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DIST } from "../support/serve.mjs";

/** The Python that has MkDocs: `cargo xtask test docs` names it. */
const PYTHON = process.env.CHAINDEBUG_PYTHON ?? "python3";
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SAMPLES = join(ROOT, "playground-samples");

/** The settings of a site; `more` is written as it stands, behind them. */
const settings = ({ features = "", plugins = "", options = "", directories = true }) => `
site_name: Test
use_directory_urls: ${directories}
theme:
  name: material
  font: false
  palette:
    - {scheme: default, toggle: {icon: material/brightness-6, name: Dark}}
    - {scheme: slate, toggle: {icon: material/brightness-4, name: Light}}
  features: [${features}]
extra: {generator: false}
plugins:
  - search
${plugins}  - chain-debug:
      dist: ${DIST}
      check: node
      folders: {samples: ${SAMPLES}}
${options}
markdown_extensions: [attr_list, md_in_html, pymdownx.superfences]
`;

/** @param {string[]} command */
function mkdocs(folder, command, variables = {}) {
  const env = { ...process.env, ...variables, CHAINDEBUG_DIST: DIST, NO_MKDOCS_2_WARNING: "1", PYTHONDONTWRITEBYTECODE: "1" };
  const done = spawnSync(PYTHON, ["-m", "mkdocs", ...command], { cwd: folder, encoding: "utf8", env });
  if (done.error) throw done.error;
  return { status: done.status, said: done.stdout + done.stderr };
}

/** A folder for the time of the tests. */
function scratch() {
  const folder = mkdtempSync(join(tmpdir(), "chaindebug-docs-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a site; gives its folder. */
export function site(pages, options = {}) {
  const folder = scratch();
  writeFileSync(join(folder, "mkdocs.yml"), settings(options));
  for (const [name, text] of Object.entries({ "index.md": "# Home\n\nNothing here.\n", ...pages })) {
    const path = join(folder, "docs", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return folder;
}

/** Builds it; gives the folder of the result. Not quietly: warnings that are not heard are not counted either. */
export function built(folder) {
  const { status, said } = mkdocs(folder, ["build", "--strict"]);
  assert.equal(status, 0, said);
  return join(folder, "site");
}

/** Builds what cannot be built; gives what is said. */
export function refused(folder, ...options) {
  const { status, said } = mkdocs(folder, ["build", ...options]);
  assert.notEqual(status, 0, "the build has to fail");
  return said;
}

/** The project's own documentation, below the app. `offline`: for reading from a disk, with nothing above it. */
export function ownDocs({ offline = false } = {}) {
  const folder = scratch();
  // As it is published: the app at the top, the documentation below it.
  if (!offline) cpSync(DIST, folder, { recursive: true });
  const command = ["build", "--strict", "--site-dir", join(folder, "docs")];
  const { status, said } = mkdocs(ROOT, command, offline ? { CHAINDEBUG_DOCS_OFFLINE: "true" } : {});
  assert.equal(status, 0, said);
  return folder;
}

/** A page with as many embeds, of different samples. */
const EMBEDDED = [
  "first-trace.chaindebug.jsonl",
  "empty-retrieval.otlp.json",
  "no-longer-covered.monday.chaindebug.jsonl",
  "stopped-halfway.run.jsonl",
  "stopped-halfway.pipeline.json",
];
export const five = (title) =>
  `# ${title}\n\n${EMBEDDED.map((name) => `\`\`\`chain-debug src=/samples/${name} height=320\n\`\`\`\n`).join("\n")}`;

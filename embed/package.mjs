// Makes the folder of the npm package out of a build: the element, the page it shows, both engines, types.
//   node package.mjs DIST FOLDER VERSION REPOSITORY

import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const [dist, folder, version, repository] = process.argv.slice(2);
if (!folder) throw new Error("node package.mjs DIST FOLDER VERSION REPOSITORY");

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
// The samples stay with the hosted page, and a registry compresses by itself.
const files = readdirSync(dist, { withFileTypes: true }).filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name));
for (const { name } of files) cpSync(join(dist, name), join(folder, name));
cpSync(join(here, "types/chain-debug.d.ts"), join(folder, "chain-debug.d.ts"));
cpSync(join(here, "README.md"), join(folder, "README.md"));
for (const licence of ["LICENSE-APACHE", "LICENSE-MIT"]) cpSync(join(here, "..", licence), join(folder, licence));
const described = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
described.version = version ?? described.version;
if (repository) described.repository = { type: "git", url: `git+${repository}.git` };
described.files = [...files.map(({ name }) => name), "chain-debug.d.ts", "LICENSE-APACHE", "LICENSE-MIT"].sort();
writeFileSync(join(folder, "package.json"), `${JSON.stringify(described, null, 2)}\n`);

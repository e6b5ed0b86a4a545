// Brotli and gzip for the build, from Node's own library.
//   node compress.mjs measure FILE…   prints the sum of the sizes: RAW BROTLI
//   node compress.mjs write FOLDER    writes FILE.br and FILE.gz beside each file that gets smaller

import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [command, ...paths] = process.argv.slice(2);

function brotli(bytes) {
  return brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
}

function write(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) write(path);
    if (!entry.isFile() || /\.(br|gz|zst|png|jpg|zip)$/.test(entry.name)) continue;
    const bytes = readFileSync(path);
    for (const [suffix, packed] of [["br", brotli(bytes)], ["gz", gzipSync(bytes, { level: 9 })]]) {
      const target = `${path}.${suffix}`;
      // A sample may itself be a .gz beside its plain twin: one that is not ours is left alone.
      if (packed.length < bytes.length) writeFileSync(target, packed, { flag: "wx" });
      else rmSync(target, { force: true });
    }
  }
}

if (command === "measure") {
  const files = paths.map((path) => readFileSync(path));
  const sum = (sizes) => sizes.reduce((total, size) => total + size, 0);
  console.log(`${sum(files.map((bytes) => bytes.length))} ${sum(files.map((bytes) => brotli(bytes).length))}`);
} else if (command === "write") {
  paths.forEach(write);
} else {
  console.error("compress.mjs: measure FILE… or write FOLDER");
  process.exit(2);
}

// Writes FILE.br and FILE.gz beside each file of a folder that gets smaller, for servers that send them as they are.
//   node compress.mjs FOLDER

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

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
      // A sample may itself be a .gz beside its plain twin: that one must not be written over.
      if (packed.length < bytes.length) writeFileSync(`${path}.${suffix}`, packed, { flag: "wx" });
    }
  }
}

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error("compress.mjs FOLDER");
  process.exit(2);
}
write(folder);

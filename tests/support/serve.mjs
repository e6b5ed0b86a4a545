// A static file server for the tests: the release build under any path, with nothing a plain host would not do.

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The release build. */
export const DIST = process.env.CHAINDEBUG_DIST ?? fileURLToPath(new URL("../../dist", import.meta.url));

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/**
 * Serves a folder under `path` ("/" or "/some/path/") on a free port of this machine. `cache` says how long files may be
 * kept; without it they are asked for again each time. `packed` sends the Brotli form of a file, where there is one.
 * Returns the address of the page and how to stop.
 */
export async function serve({ root = DIST, path = "/", cache = "no-cache", packed = false } = {}) {
  const server = createServer(async (request, response) => {
    const asked = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const file = asked.startsWith(path) ? inside(root, asked.slice(path.length).replace(/(^|\/)$/, "$1index.html")) : undefined;
    const found = file && (await stat(file).catch(() => undefined));
    if (!found?.isFile()) {
      response.writeHead(404, { "Content-Type": "text/plain" }).end("Not found.\n");
      return;
    }
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    const brotli = packed && (await stat(`${file}.br`).catch(() => undefined));
    const encoding = brotli ? { "Content-Encoding": "br" } : {};
    response.writeHead(200, { "Content-Type": type, "Content-Length": (brotli || found).size, "Cache-Control": cache, ...encoding });
    createReadStream(brotli ? `${file}.br` : file).pipe(response);
  });
  await new Promise((ready, failed) => server.once("error", failed).listen(0, "127.0.0.1", ready));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const close = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return { origin, url: `${origin}${path}`, close };
}

/** The file `name` of a folder, unless the name leads out of it. */
function inside(root, name) {
  const folder = resolve(root);
  const file = join(folder, normalize(`/${name}`));
  return file.startsWith(folder) ? file : undefined;
}

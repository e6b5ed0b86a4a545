// The run-time half of the Docker image without Docker: Debian's nginx with our configuration, our build as its root.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { DIST } from "../support/serve.mjs";

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

describe("the static server", () => {
  let folder, server, origin;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "chaindebug-nginx-"));
    cpSync(DIST, join(folder, "site"), { recursive: true });
    execFileSync(process.execPath, [at("xtask/src/build/compress.mjs"), "write", join(folder, "site")]);
    const port = await freePort();
    // Only the places differ from the image.
    const configuration = readFileSync(at(".docker/nginx.conf"), "utf8")
      .replaceAll(" /tmp/", ` ${folder}/`)
      .replace("listen 8080;", `listen 127.0.0.1:${port};`)
      .replace("root /srv/chaindebug;", `root ${folder}/site;`);
    writeFileSync(join(folder, "nginx.conf"), configuration);
    // As nobody, who may write here and nowhere else: what the image's user is on a read-only root.
    chmodSync(folder, 0o777);
    const nobody = process.getuid() === 0 ? { uid: 65534, gid: 65534 } : {};
    const options = { stdio: ["ignore", "ignore", "pipe"], ...nobody };
    server = spawn("nginx", ["-e", "stderr", "-c", join(folder, "nginx.conf")], options);
    let said = "";
    server.stderr.on("data", (text) => (said += text));
    origin = `http://127.0.0.1:${port}`;
    for (let attempt = 0; ; attempt++) {
      if (await fetch(origin).then(() => true, () => false)) break;
      assert.ok(server.exitCode === null && attempt < 100, `nginx did not start: ${said}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  });

  after(async () => {
    if (server?.exitCode === null) {
      server.kill("SIGQUIT");
      await new Promise((done) => server.once("exit", done));
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const file = (pattern) => readdirSync(DIST).find((name) => pattern.test(name));

  test("sends the page with its policy, to be asked for again each time", async () => {
    const answer = await fetch(`${origin}/`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-type"), "text/html; charset=utf-8");
    assert.equal(answer.headers.get("cache-control"), "no-cache");
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
    const inPage = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(await answer.text())[1];
    assert.equal(answer.headers.get("content-security-policy"), inPage);
  });

  test("sends WebAssembly with the type that lets it compile while it arrives", async () => {
    const answer = await fetch(`${origin}/${file(/app.*_bg\.wasm$/)}`);
    assert.equal(answer.headers.get("content-type"), "application/wasm");
    assert.match(answer.headers.get("cache-control"), /immutable/);
  });

  test("lets an address with a version be kept, and the same one without be asked for again", async () => {
    const cached = async (query) => (await fetch(`${origin}/chaindebug-wasm.js${query}`)).headers.get("cache-control");
    assert.match(await cached("?v=0123456789abcdef"), /immutable/);
    assert.equal(await cached(""), "no-cache");
  });

  test("lets pages elsewhere fetch what an embed is made of, and nothing else", async () => {
    const shared = async (path) => (await fetch(`${origin}/${path}`)).headers.get("access-control-allow-origin");
    for (const path of ["index.html", "chain-debug.js", "chaindebug-traces_bg.wasm"]) assert.equal(await shared(path), "*", path);
    assert.equal(await shared("samples/manifest.json"), null);
  });

  for (const encoding of ["br", "gzip"]) {
    test(`sends what the build compressed: ${encoding}`, async () => {
      const name = file(/app.*[0-9a-f]\.js$/);
      const answer = await fetch(`${origin}/${name}`, { headers: { "Accept-Encoding": encoding } });
      assert.equal(answer.headers.get("content-encoding"), encoding);
      assert.match(answer.headers.get("content-type"), /^(text|application)\/javascript/);
      assert.equal(await answer.text(), readFileSync(join(DIST, name), "utf8"));
    });
  }

  test("says not found, and says it under the policy", async () => {
    const answer = await fetch(`${origin}/nothing-here`);
    assert.equal(answer.status, 404);
    assert.ok(answer.headers.get("content-security-policy"));
  });
});

// The image's server: what it sends, in which form, and with which headers.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { DIST } from "../support/serve.mjs";
import { files, health, refused, start } from "./server.mjs";

describe("the static server", () => {
  let server, origin, untouched;

  before(async () => {
    untouched = files(DIST);
    server = await start();
    origin = server.origin;
  });
  after(() => server?.close());

  const file = (pattern) => readdirSync(DIST).find((name) => pattern.test(name));

  test("sends the page with its policy, to be asked for again each time", async () => {
    const answer = await fetch(`${origin}/`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-type"), "text/html; charset=utf-8");
    assert.equal(answer.headers.get("cache-control"), "no-cache");
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
    assert.equal(answer.headers.get("referrer-policy"), "no-referrer");
    assert.match(answer.headers.get("permissions-policy"), /camera=\(\)/);
    const inPage = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(await answer.text())[1];
    assert.equal(answer.headers.get("content-security-policy"), `${inPage}; frame-ancestors *`);
  });

  test("writes to its one folder and nowhere else, and runs as nobody", () => {
    assert.deepEqual(files(DIST), untouched);
    const written = files(server.folder).map(([name]) => name);
    assert.ok(written.includes("chaindebug/nginx.pid") && written.every((name) => name.startsWith("chaindebug")), String(written));
    // What it holds open: its folder, the site, sockets; no log and no state elsewhere.
    const open = readdirSync(`/proc/${server.pid}/fd`).map((fd) => readlinkSync(`/proc/${server.pid}/fd/${fd}`));
    const allowed = (path) => /^(socket|pipe|anon_inode|\/dev\/(null|urandom|random|zero))/.test(path) || path.startsWith(server.folder);
    assert.deepEqual(open.filter((path) => !allowed(path)), []);
    if (process.getuid() === 0) {
      assert.match(readFileSync(`/proc/${server.pid}/status`, "utf8"), /^Uid:\s+65534\s+65534/m);
    }
  });

  test("sends WebAssembly with the type that lets it compile while it arrives", async () => {
    const answer = await fetch(`${origin}/${file(/app.*_bg\.wasm$/)}`);
    assert.equal(answer.headers.get("content-type"), "application/wasm");
    assert.match(answer.headers.get("cache-control"), /immutable/);
  });

  test("knows the types of the installed page", async () => {
    const type = async (name) => (await fetch(`${origin}/${name}`)).headers.get("content-type");
    assert.match(await type("manifest.webmanifest"), /^application\/manifest\+json/);
    assert.match(await type("service-worker.js"), /^(text|application)\/javascript/);
    assert.equal(await type("icons/192.png"), "image/png");
    assert.equal((await fetch(`${origin}/service-worker.js`)).headers.get("cache-control"), "no-cache");
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
      for (const [pattern, type] of [[/app.*[0-9a-f]\.js$/, /javascript/], [/wasm_bg\.wasm$/, /wasm/], [/^index\.html$/, /html/]]) {
        const name = file(pattern);
        const answer = await fetch(`${origin}/${name}`, { headers: { "Accept-Encoding": encoding } });
        assert.equal(answer.headers.get("content-encoding"), encoding, name);
        assert.match(answer.headers.get("content-type"), type);
        assert.deepEqual(Buffer.from(await answer.arrayBuffer()), readFileSync(join(DIST, name)), name);
      }
    });
  }

  test("says not found, and says it under the policy", async () => {
    const answer = await fetch(`${origin}/nothing-here`);
    assert.equal(answer.status, 404);
    assert.ok(answer.headers.get("content-security-policy"));
    // Without the variable there is nothing to pass questions on to.
    assert.equal((await fetch(`${origin}/open-from/api/services`)).status, 404);
  });

  test("says how it is, and that it is not when it is gone", async () => {
    assert.equal(health(server), 0);
    const other = await start();
    await other.close();
    assert.notEqual(health(other), 0);
  });
});

describe("the variables of the image", () => {
  test("what makes no sense stops the start with a sentence", () => {
    const wrong = [
      [{ PORT: "eighty" }, /PORT/],
      [{ PORT: "0" }, /PORT/],
      [{ PORT: "70000" }, /PORT/],
      [{ CHAINDEBUG_OPEN_FROM: "jaeger:16686" }, /http:\/\/ or https:/],
      [{ CHAINDEBUG_OPEN_FROM: "https://" }, /host/],
      [{ CHAINDEBUG_OPEN_FROM: "https://a.example; default-src *" }, /host/],
      [{ CHAINDEBUG_OPEN_FROM: "https://a.example *" }, /host/],
      [{ CHAINDEBUG_OPEN_FROM: "https://user@a.example" }, /host/],
      [{ CHAINDEBUG_OPEN_FROM: "https://a.example/x|y" }, /path/],
      [{ CHAINDEBUG_OPEN_FROM: "https://a.example/\nx" }, /path/],
      [{ CHAINDEBUG_OPEN_FROM: "https://a.example/?x" }, /path/],
      [{ CHAINDEBUG_OPEN_FROM: "https://a.example", CHAINDEBUG_OPEN_FROM_VIA: "magic" }, /browser or server/],
      [{ CHAINDEBUG_FRAME_ANCESTORS: "*; script-src *" }, /FRAME_ANCESTORS/],
    ];
    for (const [variables, words] of wrong) {
      const { status, said } = refused(variables);
      assert.equal(status, 64, JSON.stringify(variables));
      assert.match(said, words, JSON.stringify(variables));
    }
  });

  test("frames are for whom the variable names", async (t) => {
    const server = await start({ CHAINDEBUG_FRAME_ANCESTORS: "'self' https://docs.example" });
    t.after(server.close);
    const policy = (await fetch(server.origin)).headers.get("content-security-policy");
    assert.match(policy, /; frame-ancestors 'self' https:\/\/docs\.example$/);
  });
});

// The run-time half of the Docker image without Docker: Debian's nginx, started by the image's own script with its own
// configuration. Not a test itself.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DIST } from "../support/serve.mjs";

const START = fileURLToPath(new URL("../../.docker/start.sh", import.meta.url));
/** Nobody, as in the image; only root can become somebody else. */
const NOBODY = process.getuid() === 0 ? { uid: 65534, gid: 65534 } : {};

export function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** A folder that nobody may write to: where the image has one in memory. */
function memory() {
  const folder = mkdtempSync(join(tmpdir(), "chaindebug-image-"));
  chmodSync(folder, 0o777);
  return folder;
}

const environment = (folder, variables) => ({
  PATH: process.env.PATH,
  CHAINDEBUG_SITE: DIST,
  CHAINDEBUG_RUN: folder,
  ...variables,
});

/** Starts the image's script with variables, and waits until it answers. `close` ends it. */
export async function start(variables = {}) {
  const folder = memory();
  const port = await freePort();
  const env = environment(folder, { PORT: String(port), ...variables });
  const server = spawn(START, { stdio: ["ignore", "ignore", "pipe"], env, cwd: "/", ...NOBODY });
  let said = "";
  server.stderr.on("data", (text) => (said += text));
  const origin = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt++) {
    if (await fetch(`${origin}/health`).then(() => true, () => false)) break;
    assert.ok(server.exitCode === null && attempt < 200, `nginx did not start: ${said}`);
    await new Promise((done) => setTimeout(done, 50));
  }
  const close = async () => {
    if (server.exitCode === null) {
      server.kill("SIGQUIT");
      await new Promise((done) => server.once("exit", done));
    }
    rmSync(folder, { recursive: true, force: true });
  };
  return { origin, port, folder, pid: server.pid, env, close, said: () => said };
}

/** What the script says when it does not start: its status and its words. */
export function refused(variables) {
  const folder = memory();
  const run = spawnSync(START, { env: environment(folder, variables), encoding: "utf8", timeout: 20_000, ...NOBODY });
  rmSync(folder, { recursive: true, force: true });
  return { status: run.status, said: run.stderr };
}

/** Asks the script how the server is, as the image's health check does. */
export function health(server) {
  return spawnSync(START, ["health"], { env: server.env, timeout: 20_000, ...NOBODY }).status;
}

/** Every file below a folder with the time it was changed. */
export function files(folder) {
  return readdirSync(folder, { recursive: true }).map((name) => [name, statSync(join(folder, name)).mtimeMs]);
}

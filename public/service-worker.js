// Lets a second visit work with the network off: keeps the files of one build, all of them, and hands them out. Takes
// files that other programs share with the page, and passes them on to it.
//
// It asks for nothing but the files of the build, and keeps nothing that anybody opens. Only a hosted build registers
// it (install.js): not the development server, not an embed.
"use strict";

// Both lines are filled in by `cargo xtask build`: the build's name, and its files as the page asks for them.
const BUILD = "dev";
const FILES = [];

importScripts(FILES.find((name) => name.startsWith("parcels.js")) ?? "parcels.js");

const SCOPE = new URL(registration.scope);
/** Caches belong to the origin, where several pages may lie side by side: the path tells them apart. */
const OURS = `chaindebug ${SCOPE.pathname} `;
const CACHE = OURS + BUILD;
/** Milliseconds after which the page kept is better than the one that does not come. */
const PATIENCE = 3000;

addEventListener("install", (event) => event.waitUntil(fill()));

addEventListener("activate", (event) => event.waitUntil(Promise.all([clients.claim(), tidy()])));

addEventListener("message", (event) => {
  if (event.data?.ask === "build") event.ports[0]?.postMessage(BUILD);
  if (event.data?.take === true) event.waitUntil(skipWaiting());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (!url.href.startsWith(SCOPE.href)) return;
  const path = url.pathname.slice(SCOPE.pathname.length);
  if (request.method === "POST" && path === "share") return event.respondWith(shared(request));
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    if (path !== "" && path !== "index.html") return;
    event.waitUntil(tidy());
    return event.respondWith(page(request));
  }
  // What else lies below, the documentation for one, is none of this.
  if (/^[^/]+$|^(icons|samples)\//.test(path)) event.respondWith(file(request));
});

/** All files or none: half a build is of no use. What has a version in its name may come from the browser's own cache. */
async function fill() {
  const cache = await caches.open(CACHE);
  const fresh = (name) => !/[?]v=|-[0-9a-f]{14,16}(_bg)?\.\w+$/.test(name);
  await cache.addAll(FILES.map((name) => new Request(new URL(name, SCOPE), { cache: fresh(name) ? "no-cache" : "default" })));
}

/** The page itself: the newest, or the one kept when the network has none. */
async function page(request) {
  const kept = await (await caches.open(CACHE)).match(SCOPE.href);
  if (!kept) return fetch(request);
  const late = new Promise((done) => setTimeout(done, PATIENCE));
  try {
    const answer = await Promise.race([fetch(request), late]);
    if (answer && answer.status < 500) return answer;
  } catch {
    // No network.
  }
  return kept;
}

/** A file of the page: of this build, else of another that a page still open may be of, else from the network. */
async function file(request) {
  const names = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== CACHE);
  for (const name of [CACHE, ...names]) {
    const kept = await (await caches.open(name)).match(request);
    if (kept) return kept;
  }
  const answer = await fetch(request);
  // As large as all the rest, and few need it: kept once somebody did.
  if (answer.ok && new URL(request.url).pathname.endsWith("/chaindebug.html")) {
    await (await caches.open(CACHE)).put(request, answer.clone());
  }
  return answer;
}

/** Lets go of other builds, unless several pages are open: one of them may need its own. */
async function tidy() {
  const open = await clients.matchAll({ type: "window", includeUncontrolled: true });
  // A page that is begun by the version that waits must find its files.
  if (open.length > 1 || registration.waiting || registration.installing) return;
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(OURS) && name !== CACHE).map((name) => caches.delete(name)));
}

/** Files or text from another program: the page gets them when it has started. */
async function shared(request) {
  const form = await request.formData();
  const files = form.getAll("files").filter((one) => one instanceof File && one.size > 0);
  const text = form.get("text") || form.get("url");
  if (files.length === 0 && typeof text === "string" && text) files.push(new File([text], form.get("title") || "shared text"));
  const home = new URL("./", SCOPE);
  if (files.length > 0) {
    const groups = [{ origin: "", files: files.map((file) => ({ name: file.name, file, modified: file.lastModified })) }];
    home.searchParams.set("parcel", await chaindebugParcels.put({ groups }));
  }
  return Response.redirect(home, 303);
}

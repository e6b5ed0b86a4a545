// The page as a program of the system: its service worker, new versions of it, "Install", and files that come from
// outside the page. What is shown of all this is the page's; this file only asks the browser.
//
// Files travel as groups, each a list of files that are opened together:
//   { origin, landing?, said?, priced?, files: [{ name, file, modified, handle? }] }
// where `origin` says where they came from ("" for this machine), `said` how documents are read that somebody chose a
// format or a mapping for, `priced` whether costs are worked out by the price table that the browser keeps, and `landing`
// stands on the group that is shown, as the part of an address that says where in it.

/** The tab's own note of the parcel that waits for it. */
const NOTE = "chaindebug.parcel";
/** Milliseconds between two looks for a new version. */
const LOOK = 3_600_000;
/** Milliseconds to wait for the new version to take over before the page does without it. */
const TAKE_OVER = 5000;

const build = document.querySelector('meta[name="chaindebug-build"]')?.content ?? "dev";
/** A page of its own, from a server, built to be visited: not an embed, not a file, not the development server. */
const hosted = build !== "dev" && window.top === window && /^https?:$/.test(location.protocol);

let waiting;
let prompt;

/**
 * Starts it all. `page` has
 *   `updated()`           a new version is ready,
 *   `installable(yes)`    whether the browser would install the page,
 *   `open(groups)`        files have come.
 */
export async function start(page) {
  if (window.top !== window) return;
  addEventListener("beforeinstallprompt", (event) => {
    // Without this the browser would show a banner of its own.
    event.preventDefault();
    prompt = event;
    page.installable(true);
  });
  addEventListener("appinstalled", () => page.installable(false));
  globalThis.launchQueue?.setConsumer((launch) => void launched(launch.files ?? [], page));
  await collect(page);
  if (hosted && navigator.serviceWorker) void follow(page);
}

/** Asks the person to install the page. An offer of the browser is good for one time. */
export async function install(page) {
  const offered = prompt;
  prompt = undefined;
  page.installable(false);
  await offered?.prompt();
}

/**
 * Starts the page anew, of the newest version, with the files of `groups` open again. Where they cannot be kept until
 * then this fails, and nothing has happened.
 */
export async function reload(groups) {
  if (groups.length > 0) {
    const { put } = await parcels();
    sessionStorage.setItem(NOTE, await put({ groups }));
  }
  if (waiting) await taken(waiting);
  // The parcel says what is open, and where. Not earlier: with a new address the browser asks for the icon again, and
  // that would wake the old version while it is being stopped.
  if (groups.length > 0) history.replaceState(null, "", location.pathname);
  location.reload();
}

/** Until `worker` has taken over entirely: a reload before that waits for it, and it for the page. */
async function taken(worker) {
  const over = new Promise((done) => {
    const look = () => ["activated", "redundant"].includes(worker.state) && done(true);
    worker.addEventListener("statechange", look);
    look();
  });
  const late = new Promise((done) => setTimeout(done, TAKE_OVER));
  worker.postMessage({ take: true });
  if (await Promise.race([over, late])) return;
  // A browser may forget that the new version waits, once anything has woken the old one. The page that comes from the
  // network registers anew.
  if (navigator.onLine) await (await navigator.serviceWorker.getRegistration())?.unregister();
}

async function parcels() {
  // Beside this file, and of its version.
  await import(new URL(`parcels.js${new URL(import.meta.url).search}`, import.meta.url).href);
  return globalThis.chaindebugParcels;
}

/** Opens the files that were put aside for this page: by the page before a reload, or by the service worker. */
async function collect(page) {
  const address = new URL(location.href);
  const ids = [sessionStorage.getItem(NOTE), address.searchParams.get("parcel")].filter(Boolean);
  if (ids.length === 0) return;
  sessionStorage.removeItem(NOTE);
  address.searchParams.delete("parcel");
  history.replaceState(null, "", address);
  try {
    const { take } = await parcels();
    for (const id of ids) {
      const parcel = await take(id);
      if (parcel) page.open(parcel.groups);
    }
  } catch (error) {
    console.error(error);
  }
}

/** Opens files that the system hands over: "open with". */
async function launched(handles, page) {
  const files = [];
  for (const handle of handles) {
    if (handle.kind !== "file") continue;
    const file = await handle.getFile().catch(() => undefined);
    if (file) files.push({ name: file.name, file, modified: file.lastModified, handle });
  }
  if (files.length > 0) page.open([{ origin: "", files }]);
}

/** Registers the service worker once the page has nothing better to do, and looks for new versions now and then. */
async function follow(page) {
  if (document.readyState !== "complete") await new Promise((done) => addEventListener("load", done, { once: true }));
  let registration;
  try {
    registration = await navigator.serviceWorker.register("service-worker.js", { updateViaCache: "none" });
  } catch (error) {
    // Switched off, or no room. The page works as it did.
    return console.info(`ChainDebug will need the network next time: ${error}`);
  }
  // Where it is blocked from outside, there is neither a registration nor an error.
  if (!registration) return;
  const ready = async (worker) => {
    // A page that the network has just brought may be as new as the worker that waits.
    if ((await buildOf(worker)) === build) return worker.postMessage({ take: true });
    waiting = worker;
    page.updated();
  };
  const watch = (worker) => {
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed" && registration.active) void ready(worker);
    });
  };
  if (registration.waiting) void ready(registration.waiting);
  watch(registration.installing);
  registration.addEventListener("updatefound", () => watch(registration.installing));

  let looked = Date.now();
  const look = () => {
    if (document.visibilityState !== "visible" || Date.now() - looked < LOOK) return;
    looked = Date.now();
    // Without a network there is nothing new.
    registration.update().catch(() => {});
  };
  document.addEventListener("visibilitychange", look);
  setInterval(look, LOOK);
}

function buildOf(worker) {
  const channel = new MessageChannel();
  return new Promise((done) => {
    channel.port1.onmessage = ({ data }) => done(data);
    setTimeout(done, 2000);
    worker.postMessage({ ask: "build" }, [channel.port2]);
  });
}

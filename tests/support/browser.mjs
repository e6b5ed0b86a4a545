// The browser for the tests, and a page that watches itself: what it asked for, and what went wrong in it.

import { chromium } from "playwright-core";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts Chromium: the one `CHAINDEBUG_CHROMIUM` names, as `cargo xtask test` sets it. */
export function launch(options = {}) {
  const executablePath = process.env.CHAINDEBUG_CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: ARGUMENTS, ...options });
}

/**
 * A new page with a record of
 *   `requests`: the address of everything it, or a worker of it, asked for, and
 *   `problems`: errors, console errors and broken policies, as text.
 * Without a service worker, unless the options ask for it: what it fetches behind the page's back is a matter of its own
 * tests (e2e/install.test.mjs).
 */
export async function watchedPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: "block", ...options });
  const page = await context.newPage();
  const requests = [];
  const problems = [];
  context.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("requestfailed", (request) => {
    // Chromium gives up what a page or a frame is still loading when it is left: the icon, or the script of the engine that
    // is kept ready. Nobody misses them.
    const [url, why] = [request.url(), request.failure()?.errorText];
    if (why === "net::ERR_ABORTED" && (url.endsWith("/icon.svg") || url.startsWith("blob:"))) return;
    problems.push(`${url}: ${why}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error" || message.text().includes("Content Security Policy")) problems.push(message.text());
  });
  return { context, page, requests, problems };
}

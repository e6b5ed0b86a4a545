// The page's HTML made into one that runs in a frame of somebody's page: its addresses lead to the folder it came from, its
// policy allows that folder and nothing else, and what only the full page needs is left out.

/** Everything from the folder of the page and nothing from anywhere else; nothing at all may be asked for or sent. */
export const policy = (/** @type {string} */ base) =>
  [
    "default-src 'none'",
    `script-src ${base} 'wasm-unsafe-eval'`,
    "worker-src blob:",
    `style-src ${base}`,
    `img-src ${base} data: blob:`,
    `font-src ${base}`,
    "connect-src 'none'",
    `base-uri ${base}`,
    "form-action 'none'",
  ].join("; ");

/**
 * @param {string} index The page's index.html.
 * @param {{ base: string, theme: string }} options `base` is an address with a slash at its end.
 */
export function framed(index, { base, theme }) {
  const page = new DOMParser().parseFromString(index, "text/html");
  for (const old of page.querySelectorAll('meta[http-equiv="Content-Security-Policy"], base, link[rel="preload"], link[rel="manifest"], link[rel="icon"]')) {
    old.remove();
  }
  // The editor is never needed here; the element stays for whoever asks for its address.
  for (const ahead of page.querySelectorAll('link[rel="modulepreload"]')) ahead.removeAttribute("rel");
  const add = (/** @type {string} */ name, /** @type {Record<string, string>} */ attributes) => {
    const element = page.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    page.head.querySelector("meta[charset]")?.after(element);
  };
  // Each is put right behind the character set: the last one stands first.
  add("base", { href: base });
  add("meta", { "http-equiv": "Content-Security-Policy", content: policy(base) });
  page.querySelector('meta[name="chaindebug-place"]')?.setAttribute("content", "embed");
  if (theme !== "system") page.documentElement.setAttribute("data-theme", theme);
  return `<!doctype html>${page.documentElement.outerHTML}`;
}

// The theme of the page around, followed as it changes: what Material for MkDocs, Bootstrap and others say on <html> or
// <body>, and else what the system prefers.

const ATTRIBUTES = ["data-md-color-scheme", "data-theme", "data-bs-theme", "data-color-mode", "data-color-scheme", "class", "style"];
const DARK = /(^|[\s-])(dark|slate|night)($|[\s-])/i;
const LIGHT = /(^|[\s-])(light|default|day)($|[\s-])/i;

/** `light`, `dark`, or `system` when the page says nothing. */
export function pageTheme(doc = document) {
  const elements = [doc.body, doc.documentElement].filter(Boolean);
  for (const attribute of ATTRIBUTES.slice(0, 5)) {
    for (const element of elements) {
      const value = element.getAttribute(attribute);
      if (!value) continue;
      if (DARK.test(value)) return "dark";
      if (LIGHT.test(value)) return "light";
    }
  }
  for (const element of elements) {
    if (element.classList.contains("dark")) return "dark";
    if (element.classList.contains("light")) return "light";
    // A page that declares one scheme alone is drawn in it, whatever the system prefers.
    const scheme = doc.defaultView?.getComputedStyle(element).colorScheme ?? "";
    if (scheme === "dark" || scheme === "only dark" || scheme === "dark only") return "dark";
    if (scheme === "light" || scheme === "only light" || scheme === "light only") return "light";
  }
  return "system";
}

/** @type {Set<(theme: string) => void>} */
const followers = new Set();
/** @type {MutationObserver | undefined} */
let observer;

/** Calls back now and whenever the page's theme changes; gives what ends it. @param {(theme: string) => void} follow */
export function followTheme(follow) {
  let last = pageTheme();
  const changed = () => {
    const now = pageTheme();
    if (now !== last) follow((last = now));
  };
  followers.add(changed);
  if (!observer) {
    observer = new MutationObserver(() => followers.forEach((tell) => tell("")));
    for (const element of [document.documentElement, document.body]) {
      if (element) observer.observe(element, { attributes: true, attributeFilter: ATTRIBUTES });
    }
  }
  follow(last);
  return () => {
    followers.delete(changed);
    if (followers.size > 0) return;
    observer?.disconnect();
    observer = undefined;
  };
}

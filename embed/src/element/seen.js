// Starting when seen: one observer for all embeds of the page.

/** @type {IntersectionObserver | undefined} */
let observer;
/** @type {WeakMap<Element, (near: boolean) => void>} */
const watched = new WeakMap();

/** Calls back whenever the element comes near the window or leaves it; gives what ends it. @param {Element} element @param {(near: boolean) => void} tell */
export function whenNear(element, tell) {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const entry of entries) watched.get(entry.target)?.(entry.isIntersecting);
    },
    { rootMargin: "240px" },
  );
  watched.set(element, tell);
  observer.observe(element);
  return () => {
    watched.delete(element);
    observer?.unobserve(element);
  };
}

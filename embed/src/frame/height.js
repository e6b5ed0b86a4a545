// How high the frame would like to be: enough for its head, its view, what is in the step, and the cursor's bar.

/** Least and most, so that no page is pushed about by a long value. */
const LEAST = 260;
const MOST = 900;

/** Tells the height whenever it changes. @param {(height: number) => void} tell */
export function watchHeight(tell) {
  let last = 0;
  const measure = () => {
    const height = Math.round(Math.min(MOST, Math.max(LEAST, wanted())));
    if (height === last) return;
    last = height;
    tell(height);
  };
  let waiting = 0;
  const soon = () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(measure);
  };
  new ResizeObserver(soon).observe(document.body);
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
  soon();
}

const heightOf = (/** @type {string} */ selector) => document.querySelector(selector)?.getBoundingClientRect().height ?? 0;

function wanted() {
  const bars = heightOf(".embed-head") + heightOf(".panel-transport");
  const trouble = document.querySelector(".embed-trouble");
  if (trouble) return bars + trouble.scrollHeight;
  const inspector = document.querySelector(".inspector-body");
  const value = (inspector?.scrollHeight ?? 0) + heightOf(".inspector .tabs");
  const drawing = Number(document.querySelector("[data-drawing]")?.getAttribute("data-drawing") ?? 0) || 280;
  const work = document.querySelector(".embed-work");
  const beside = work && getComputedStyle(work).gridTemplateColumns.split(" ").length > 1;
  return bars + (beside ? Math.max(drawing, Math.min(value, 420)) : drawing + Math.min(Math.max(value, 160), 360));
}

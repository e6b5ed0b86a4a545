// A frame keeps out of the way until somebody turns to it: while it has no focus nothing in it scrolls, so the wheel and
// the finger scroll the page around, and a quiet line says how to get in.

/** Marks the root element while the frame has the focus; the style sheet does the rest. */
export function watchFocus(root = document.documentElement) {
  const mark = () => root.toggleAttribute("data-awake", document.hasFocus());
  addEventListener("focus", mark);
  addEventListener("blur", mark);
  mark();
  // A wheel that leads nowhere is told what would: once it was turned over something that could scroll.
  let fade = 0;
  addEventListener(
    "wheel",
    (event) => {
      if (root.hasAttribute("data-awake") || event.ctrlKey || event.metaKey) return;
      if (!(event.target instanceof Element) || !event.target.closest("[data-scrolls], .flow-port, .inspector-body, .list")) return;
      root.setAttribute("data-hint", "");
      clearTimeout(fade);
      fade = setTimeout(() => root.removeAttribute("data-hint"), 1600);
    },
    { passive: true },
  );
}

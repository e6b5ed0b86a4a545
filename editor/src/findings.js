// Findings in the text: underlines, signs beside the lines, and the tooltip with its fixes.

import { forEachDiagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { prose } from "./prose.js";

const SIGNS = { error: "✗ error", warning: "▲ warning", info: "○ remark" };

/** The extension. Findings come from outside, so nothing is linted here. */
export const findings = () => lintGutter();

/** Sets what is underlined. `fix(finding, fix)` is called with two positions when a button is pressed. */
export function show(view, ledger, list, fix) {
  const { doc } = view.state;
  const all = list.map((finding, number) => {
    const from = Math.min(ledger.toScreen(finding.start, 1), doc.length);
    const end = Math.max(from, Math.min(ledger.toScreen(finding.end, -1), doc.length));
    // A whole step underlined over thirty lines says no more than its first line, and is hard to read.
    const to = Math.min(end, Math.max(from, doc.lineAt(from).to));
    return {
      from,
      to,
      severity: finding.severity,
      message: finding.message,
      renderMessage: () => said(finding),
      number,
      actions: finding.fixes.map((title, index) => ({ name: title, apply: () => fix(number, index) })),
    };
  });
  view.dispatch(setDiagnostics(view.state, all));
}

/** The finding with a fix that the caret is in, or on whose first line it is: the narrowest. */
export function fixable(state) {
  const { head } = state.selection.main;
  const line = state.doc.lineAt(head);
  let best = null;
  forEachDiagnostic(state, (diagnostic, from, to) => {
    if (!diagnostic.actions?.length) return;
    const inside = from <= head && head <= to;
    const beside = from <= line.to && from >= line.from;
    const rank = (inside ? 0 : 1e12) + (to - from);
    if ((inside || beside) && (best === null || rank < best.rank)) best = { rank, diagnostic };
  });
  return best?.diagnostic ?? null;
}

function said(finding) {
  const box = document.createElement("div");
  const word = document.createElement("span");
  word.className = `word-${finding.severity}`;
  word.textContent = SIGNS[finding.severity] ?? finding.severity;
  box.append(word, " ", ...prose(finding.message));
  if (finding.fixes.length) {
    const key = document.createElement("kbd");
    key.textContent = "Ctrl .";
    box.append(key);
  }
  return box;
}

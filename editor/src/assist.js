// What could stand at the caret, and what is to be said about the place under the pointer. Both are asked of the engine.

import { autocompletion, pickedCompletion } from "@codemirror/autocomplete";
import { hoverTooltip } from "@codemirror/view";
import { unitsIn } from "./bytes.js";
import { prose } from "./prose.js";

/** The part of a word before the caret, which the list is filtered by. */
const WORD = /[\p{L}\p{N}_.$-]*$/u;

/** `ask(place, explicit)` answers with `[{ label, detail, info, edit: { start, end, text }, caret }]`. */
export function completion(ledger, ask) {
  const source = async (context) => {
    const line = context.state.doc.lineAt(context.pos);
    const word = WORD.exec(context.state.sliceDoc(line.from, context.pos))[0];
    const before = context.state.sliceDoc(context.pos - word.length - 1, context.pos - word.length);
    if (!context.explicit && word === "" && before !== '"') return null;
    const found = await ask(context.pos);
    if (context.aborted || !found?.length) return null;
    const from = context.pos - word.length;
    const asked = { from, to: context.pos };
    const options = found.map((one, rank) => option(one, asked, ledger, -rank));
    return { from, to: context.pos, options, validFor: WORD_ONLY };
  };
  return autocompletion({ override: [source], activateOnTyping: true, icons: false, maxRenderedOptions: 200 });
}

const WORD_ONLY = /^[\p{L}\p{N}_.$-]*$/u;

function option(one, asked, ledger, boost) {
  const start = ledger.toScreen(one.edit.start, -1);
  const end = ledger.toScreen(one.edit.end, 1);
  return {
    label: one.label,
    detail: one.detail,
    boost: Math.max(boost, -99),
    info: one.info ? () => info(one.info) : undefined,
    apply(view, chosen, from, to) {
      // Since the question, only the word at the caret has grown or shrunk.
      const moved = from - asked.from;
      const grown = to - from - (asked.to - asked.from);
      const at = start + moved;
      const insert = view.state.toText(one.edit.text);
      view.dispatch({
        changes: { from: at, to: Math.max(at, end + moved + grown), insert },
        selection: { anchor: at + Math.min(insert.length, unitsIn(one.edit.text, one.caret)) },
        annotations: pickedCompletion.of(chosen),
        userEvent: "input.complete",
        scrollIntoView: true,
      });
    },
  };
}

function info(text) {
  const box = document.createElement("div");
  box.append(...prose(text));
  return box;
}

/** `ask(place)` answers with `{ start, end, title, text, path }` in bytes, or `null`. */
export function hover(ledger, ask) {
  return hoverTooltip(
    async (view, place) => {
      const found = await ask(place);
      if (!found || (!found.title && !found.text)) return null;
      return {
        pos: Math.min(ledger.toScreen(found.start, 1), view.state.doc.length),
        end: Math.min(ledger.toScreen(found.end, -1), view.state.doc.length),
        above: true,
        create: () => ({ dom: told(found) }),
      };
    },
    { hoverTime: 350 },
  );
}

function told(found) {
  const box = document.createElement("div");
  box.className = "hover";
  const add = (tag, text, name = "") => {
    if (!text) return;
    const element = document.createElement(tag);
    element.className = name;
    element.append(...prose(text));
    box.append(element);
  };
  add("b", found.title);
  for (const part of (found.text ?? "").split("\n")) add("p", part);
  add("p", found.path, "path");
  return box;
}

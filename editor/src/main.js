// The page's text editor: one function that puts it into an element, and the handle the page holds. It knows text, and
// nothing of what the text means: that is asked of the engine through the calls it is given.

import { acceptCompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, isolateHistory, redo, redoDepth, undo, undoDepth } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { nextDiagnostic, previousDiagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Annotation, EditorSelection, EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, drawSelection, dropCursor, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { completion, hover } from "./assist.js";
import { breaksOf } from "./bytes.js";
import { findings, fixable, show } from "./findings.js";
import { languageOf } from "./language.js";
import { Ledger } from "./ledger.js";
import { colours, theme } from "./theme.js";

/** Changes the engine has made already. */
const known = Annotation.define();

/** Words of the search panel, as the page writes its buttons. */
const PHRASES = {
  next: "Next",
  previous: "Previous",
  all: "Select all",
  "match case": "Match case",
  regexp: "Regexp",
  "by word": "Whole words",
  replace: "Replace",
  "replace all": "Replace all",
};

/** Lines that are marked as the step chosen in the chart. More than these are not marked. */
const MOST_MARKED = 400;
const mark = StateEffect.define();
const marked = StateField.define({
  create: () => Decoration.none,
  update(lines, transaction) {
    for (const effect of transaction.effects) if (effect.is(mark)) return effect.value;
    return lines.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});
const HERE = Decoration.line({ class: "cm-here" });

/**
 * Puts an editor into `host`. `calls` holds what it asks and tells:
 *   typed()              somebody changed the text; `handle.take()` has the edits, and the screen does not show them yet
 *   changed()            the screen shows a change
 *   moved()              the caret moved; `handle.caret()` says where to
 *   complete(place)      a promise of JSON: completions at a place of the text on the screen
 *   hover(place)         a promise of JSON: what is to be said about it
 *   fix(finding, fix)    a fix was chosen, by the positions in what `handle.findings` was given
 */
export function mount(host, text, label, calls) {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const breaks = breaksOf(text);
  let ledger;
  const toText = (part) => view.state.toText(part);
  const parsed = (asked) => Promise.resolve(asked).then((said) => (said ? JSON.parse(said) : null), () => null);
  const quick = (view) => {
    const found = fixable(view.state);
    found?.actions[0].apply(view, found.from, found.to);
    return found !== null;
  };

  const state = EditorState.create({
    doc: text,
    extensions: [
      breaks.mixed ? EditorState.lineSeparator.of("\n") : [],
      findings(),
      lineNumbers(),
      highlightActiveLineGutter(),
      highlightSpecialChars(),
      history({ minDepth: 400 }),
      drawSelection(),
      dropCursor(),
      EditorState.allowMultipleSelections.of(true),
      indentUnit.of(indentOf(text)),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      highlightActiveLine(),
      highlightSelectionMatches({ minSelectionLength: 3 }),
      search({ top: true }),
      EditorState.phrases.of(PHRASES),
      languageOf(text),
      syntaxHighlighting(colours),
      theme,
      marked,
      EditorView.contentAttributes.of({ "aria-label": label, translate: "no", tabindex: "0" }),
      // Half a surrogate pair is no text that a file can hold.
      EditorView.clipboardInputFilter.of((part) => part.toWellFormed?.() ?? part),
      // Files dropped here are opened by the page.
      EditorView.domEventHandlers({ drop: (event) => event.dataTransfer?.types.includes("Files") ?? false }),
      completion({ toScreen: (...args) => ledger.toScreen(...args) }, (place) => parsed(calls.complete(place))),
      hover({ toScreen: (...args) => ledger.toScreen(...args) }, (place) => parsed(calls.hover(place))),
      keymap.of([
        { key: "Mod-.", run: quick },
        { key: "F8", run: nextDiagnostic, shift: previousDiagnostic },
        { key: "Tab", run: acceptCompletion },
        ...closeBracketsKeymap,
        ...defaultKeymap,
        ...searchKeymap,
        ...historyKeymap,
        ...completionKeymap,
      ]),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) calls.changed();
        if (update.selectionSet) calls.moved();
      }),
    ],
  });
  ledger = new Ledger(state.doc, breaks);
  const view = new EditorView({
    state,
    parent: root,
    root,
    // The engine is asked before the screen is brought up to date, and works meanwhile.
    dispatchTransactions(transactions, view) {
      const typed = transactions.filter((one) => one.docChanged && !one.annotation(known));
      for (const { changes } of typed) ledger.record(changes);
      if (typed.length > 0) calls.typed();
      view.update(transactions);
    },
  });

  /** One step of the history, whatever was typed right before and after. */
  const dispatch = (changes, userEvent, more = []) => {
    view.dispatch({ changes, userEvent, annotations: [isolateHistory.of("full"), ...more], scrollIntoView: false });
  };

  return {
    /** JSON of the edits the engine has not been told of; it counts as told. `undefined` when there are none. */
    take: () => {
      const edits = ledger.take();
      return edits ? JSON.stringify(edits) : undefined;
    },
    /** Makes edits of the engine's text, as one step to undo. `made` when the engine has made them already. */
    edit(edits, made) {
      const list = JSON.parse(edits);
      if (made) dispatch(ledger.accept(list, toText), "input.engine", [known.of(true)]);
      else dispatch(ledger.propose(list, toText), "input.engine");
    },
    /** Sets the findings: JSON of `[{ start, end, severity, message, fixes: [title] }]`. */
    findings: (list) => show(view, ledger, JSON.parse(list), calls.fix),
    /** Moves the caret to a byte and brings it into sight. */
    go(start, focus) {
      const at = ledger.toScreen(start, 1);
      view.dispatch({ selection: EditorSelection.cursor(at), effects: EditorView.scrollIntoView(at, { y: "center" }) });
      if (focus) view.focus();
    },
    /** Marks the lines from one byte to another, or none; brings them into sight where asked. */
    mark(start, end, reveal) {
      const { doc } = view.state;
      const lines = [];
      const from = ledger.toScreen(start, 1);
      if (end > start) {
        const last = doc.lineAt(Math.min(doc.length, ledger.toScreen(end, -1))).number;
        const first = doc.lineAt(Math.min(doc.length, from)).number;
        for (let line = first; line <= Math.min(last, first + MOST_MARKED); line++) lines.push(HERE.range(doc.line(line).from));
      }
      const effects = [mark.of(Decoration.set(lines))];
      if (reveal && end > start) effects.push(EditorView.scrollIntoView(from, { y: "start", yMargin: 40 }));
      view.dispatch({ effects });
    },
    /** The byte of the caret in the engine's text. */
    caret: () => ledger.toEngine(view.state.selection.main.head),
    /** The byte of a place on the screen in the engine's text. */
    byte: (place) => ledger.toEngine(place),
    /** The whole text as a file holds it. */
    text: () => view.state.doc.sliceString(0, view.state.doc.length, breaks.text),
    undo: () => undo(view),
    redo: () => redo(view),
    undoable: () => undoDepth(view.state),
    redoable: () => redoDepth(view.state),
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

/** What one level is indented by: as the text's first indented line is. */
function indentOf(text) {
  const found = /\n([ ]{1,8}|\t)\S/.exec(text.slice(0, 4096));
  return found ? found[1] : "  ";
}

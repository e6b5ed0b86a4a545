// What the engine knows of the text, and what it does not know yet.
//
// `base` is the text as the engine has it; `pending` is what has been typed since. Every place the engine names is one
// in `base`, and is carried over to the text on the screen; changes from elsewhere are made in `base` and carried over
// likewise. So an answer that comes while somebody types still points to the right place.

import { ChangeSet } from "@codemirror/state";
import { ByteIndex } from "./bytes.js";

export class Ledger {
  constructor(doc, breaks) {
    this.breaks = breaks;
    this.base = doc;
    this.index = new ByteIndex(doc, breaks.bytes);
    this.pending = ChangeSet.empty(doc.length);
  }

  /** The text on the screen changed. */
  record(changes) {
    this.pending = this.pending.compose(changes);
  }

  /** The edits the engine has not been told of, as it wants them; from now on it knows. `null` when there are none. */
  take() {
    if (this.pending.empty) return null;
    const edits = [];
    this.pending.iterChanges((fromA, toA, _fromB, _toB, inserted) => {
      const text = inserted.sliceString(0, inserted.length, this.breaks.text);
      edits.push({ start: this.index.toBytes(fromA), end: this.index.toBytes(toA), text });
    });
    this.#advance(this.pending);
    this.pending = ChangeSet.empty(this.base.length);
    return edits;
  }

  /** Edits of the engine's text that it has made already: what to change on the screen. */
  accept(edits, toText) {
    const made = this.#changes(edits, toText);
    const shown = made.map(this.pending, true);
    this.pending = this.pending.map(made);
    this.#advance(made);
    return shown;
  }

  /** Edits of the engine's text that nobody has made yet: what to change on the screen. */
  propose(edits, toText) {
    return this.#changes(edits, toText).map(this.pending);
  }

  /** The place on the screen of a byte the engine named; `side` as for mapping. */
  toScreen(byte, side = -1) {
    return this.pending.mapPos(this.index.toUnits(byte), side);
  }

  /** The byte, in the engine's text, of a place on the screen. */
  toEngine(place) {
    const unit = this.pending.empty ? place : this.pending.invertedDesc.mapPos(place, -1);
    return this.index.toBytes(unit);
  }

  #changes(edits, toText) {
    const specs = edits.map(({ start, end, text }) => ({
      from: this.index.toUnits(start),
      to: this.index.toUnits(end),
      insert: toText(text),
    }));
    return ChangeSet.of(specs, this.base.length);
  }

  #advance(changes) {
    this.base = changes.apply(this.base);
    let from = Infinity;
    let toA = 0;
    let toB = 0;
    changes.iterChangedRanges((fromA, endA, _fromB, endB) => {
      from = Math.min(from, fromA);
      toA = endA;
      toB = endB;
    });
    if (from !== Infinity) this.index.change(this.base, from, toA, toB);
  }
}

// Bytes and units. The engine counts the bytes of a file in UTF-8; the editor counts UTF-16 code units, and a line break
// as one whatever it is in the file. Everything that is converted between the two is converted here.

/** Code units in one piece: counting within a piece is all that one question costs. */
const PIECE = 4096;

/** Bytes of a text; `breakBytes` is what a line break takes in the file. A half of a surrogate pair counts two. */
export function bytesOf(text, breakBytes = 1) {
  let bytes = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 10) bytes += breakBytes;
    else if (unit < 0x80) bytes += 1;
    else if (unit < 0x800 || (unit >= 0xd800 && unit < 0xe000)) bytes += 2;
    else bytes += 3;
  }
  return bytes;
}

/** How many units of a text fit into `bytes`. A place inside a character is the place before it. */
export function unitsIn(text, bytes, breakBytes = 1) {
  let left = bytes;
  let at = 0;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    const pair = unit >= 0xd800 && unit < 0xdc00 && at + 1 < text.length;
    const size = unit === 10 ? breakBytes : unit < 0x80 ? 1 : pair ? 4 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
    if (size > left) break;
    left -= size;
    at += pair ? 2 : 1;
  }
  return at;
}

/**
 * How the line breaks of a file are kept. Where all are alike they are one unit in the editor and written back as they
 * were; where they are mixed every carriage return stays a character of its line, so that nothing is changed unseen.
 */
export function breaksOf(text) {
  if (!text.includes("\r")) return { text: "\n", bytes: 1, mixed: false };
  const pure = !/\r(?!\n)|(?<!\r)\n/.test(text);
  return pure ? { text: "\r\n", bytes: 2, mixed: false } : { text: "\n", bytes: 1, mixed: true };
}

/**
 * Where each byte of a text is, kept in pieces, so that a change counts anew only the piece it is in. The text is
 * anything with `length` and `sliceString(from, to)`.
 */
export class ByteIndex {
  constructor(doc, breakBytes = 1) {
    this.doc = doc;
    this.breakBytes = breakBytes;
    this.pieces = this.#measure(0, doc.length);
    this.#sum();
  }

  /** The units from `from` to `toA` became those to `toB` of `doc`. */
  change(doc, from, toA, toB) {
    let first = this.#piece(this.unitStarts, from);
    let last = this.#piece(this.unitStarts, toA);
    const start = this.unitStarts[first] ?? 0;
    const end = this.unitStarts[last + 1] ?? this.doc.length;
    this.doc = doc;
    const fresh = this.#measure(start, end + (toB - toA));
    this.pieces = [...this.pieces.slice(0, first), ...fresh, ...this.pieces.slice(last + 1)];
    this.#sum();
  }

  /** Bytes of the whole text. */
  get total() {
    return this.byteStarts[this.pieces.length];
  }

  /** The byte at a unit; held at the end. */
  toBytes(unit) {
    const at = Math.max(0, Math.min(unit, this.doc.length));
    const piece = this.#piece(this.unitStarts, at);
    const start = this.unitStarts[piece] ?? 0;
    const before = this.byteStarts[piece] ?? 0;
    if (this.#even(piece)) return before + at - start;
    return before + bytesOf(this.doc.sliceString(start, at), this.breakBytes);
  }

  /** The unit at a byte; held at the end. A byte inside a character is the place before it. */
  toUnits(byte) {
    const at = Math.max(0, Math.min(byte, this.total));
    const piece = this.#piece(this.byteStarts, at);
    const start = this.unitStarts[piece] ?? 0;
    const before = this.byteStarts[piece] ?? 0;
    if (this.#even(piece)) return start + at - before;
    const text = this.doc.sliceString(start, this.unitStarts[piece + 1] ?? this.doc.length);
    return start + unitsIn(text, at - before, this.breakBytes);
  }

  /** Whether every unit of a piece is one byte. */
  #even(piece) {
    const { units, bytes } = this.pieces[piece] ?? { units: 0, bytes: 0 };
    return units === bytes;
  }

  #measure(from, to) {
    const pieces = [];
    for (let at = from; at < to; ) {
      let end = Math.min(at + PIECE, to);
      let text = this.doc.sliceString(at, end);
      // A pair is not cut in two: the next piece begins with a whole character.
      const last = text.charCodeAt(text.length - 1);
      if (last >= 0xd800 && last < 0xdc00 && end < to) text = this.doc.sliceString(at, ++end);
      pieces.push({ units: end - at, bytes: bytesOf(text, this.breakBytes) });
      at = end;
    }
    return pieces;
  }

  #sum() {
    const count = this.pieces.length;
    this.unitStarts = new Float64Array(count + 1);
    this.byteStarts = new Float64Array(count + 1);
    for (let at = 0; at < count; at++) {
      this.unitStarts[at + 1] = this.unitStarts[at] + this.pieces[at].units;
      this.byteStarts[at + 1] = this.byteStarts[at] + this.pieces[at].bytes;
    }
  }

  /** The last piece that begins at or before a place. */
  #piece(starts, at) {
    let low = 0;
    let high = Math.max(0, this.pieces.length - 1);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

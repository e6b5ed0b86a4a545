// How JSON is read for colours, brackets and indentation. What it means is asked of the engine.

import { json } from "@codemirror/lang-json";
import { StreamLanguage } from "@codemirror/language";

/** Code units. A longer text is not read as a whole: after a letter that would take longer than everything else. */
const LARGE = 250_000;

const STRING = /^"(?:[^"\\]|\\.)*"?/;
const PLAIN = /^(?:-?\d[\d.eE+-]*|[\p{L}_$][\p{L}\p{N}_$]*)/u;
const WORDS = new Map([["true", "bool"], ["false", "bool"], ["null", "null"]]);

/** Line by line, and only as far as what is in sight: no text of JSON goes on in the next line. */
export const lines = StreamLanguage.define({
  name: "json",
  /** The brackets that are open, the innermost first, each with the indentation of its line. */
  startState: () => ({ open: null }),
  copyState: ({ open }) => ({ open }),
  token(stream, state) {
    if (stream.eatSpace()) return null;
    if (stream.match(STRING)) return stream.match(/^\s*:/, false) ? "propertyName" : "string";
    const plain = stream.match(PLAIN);
    if (plain) return WORDS.get(plain[0]) ?? (/^[-\d]/.test(plain[0]) ? "number" : null);
    const sign = stream.next();
    if (sign === "{" || sign === "[") state.open = { indent: stream.indentation(), around: state.open };
    else if (sign === "}" || sign === "]") state.open = state.open?.around ?? null;
    return null;
  },
  /** Where reading began in the middle of the text nothing may be known to be open: then as the line before. */
  indent({ open }, after, { unit }) {
    return open && open.indent + (/^[}\]]/.test(after) ? 0 : unit);
  },
  languageData: { closeBrackets: { brackets: ["[", "{", '"'] }, indentOnInput: /^\s*[}\]]$/ },
});

/** The language of a text. */
export const languageOf = (text) => (text.length > LARGE ? lines : json());

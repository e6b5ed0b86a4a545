// The look of the element while the page in its frame is not there: a card to start it, and what went wrong. As a sheet of
// its own and not as text, which a page's policy could forbid.

const CSS = `
:host {
  display: block;
  position: relative;
  box-sizing: border-box;
  height: 384px;
  margin: 1em 0;
  overflow: hidden;
  border: 1px solid var(--chain-debug-line, #c9c9d1);
  border-radius: var(--chain-debug-radius, 8px);
  background: #fff;
  color: #1b1c20;
  font: 13px/1.45 ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  text-align: start;
  container-type: inline-size;
  contain: content;
}
:host([hidden]) { display: none; }
:host([data-narrow]) { height: 620px; min-height: min(520px, 85vh); }
/* Two runs have a sentence above them and two cursors below. */
:host([data-narrow][compare]) { height: 780px; min-height: min(680px, 85vh); }
:host([data-dark]) { border-color: var(--chain-debug-line, #40434e); background: #191a1f; color: #e6e7ea; }
.frame { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; color-scheme: light; background: none; visibility: hidden; }
:host([data-dark]) .frame { color-scheme: dark; }
:host([data-state="live"]) .frame { visibility: visible; }
.card { position: absolute; inset: 0; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 10px; padding: 20px; text-align: center; }
:host([data-state="live"]) .card { display: none; }
.card p { max-width: 52ch; margin: 0; overflow-wrap: anywhere; }
.card .name { font-weight: 600; }
.card .help, .card .wait { color: #5a5c66; }
:host([data-dark]) .card .help, :host([data-dark]) .card .wait { color: #a5a8b3; }
button, a { font: inherit; font-weight: 600; color: #4b4ae0; }
:host([data-dark]) :is(button, a) { color: #8f8dff; }
button { height: 34px; padding: 0 14px; border: 1px solid currentColor; border-radius: 6px; background: none; cursor: pointer; }
:is(button, a):focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
.card .paper { display: none; }
@media print {
  :host { break-inside: avoid; }
  .card :is(button, .help, .wait) { display: none; }
  .card .paper { display: block; }
}
`;

/** @type {CSSStyleSheet | undefined} */
let sheet;

/** Dresses a shadow root. @param {ShadowRoot} root */
export function dress(root) {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
  }
  root.adoptedStyleSheets = [sheet];
}

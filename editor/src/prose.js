// Sentences of the engine as elements: what stands between backticks is code. Never as HTML.

export function prose(text) {
  const pieces = text.split("`");
  // A backtick without its partner stays as it is.
  if (pieces.length % 2 === 0) pieces.push(`${pieces.splice(-2, 1)}\`${pieces.pop()}`);
  return pieces.map((piece, index) => {
    if (index % 2 === 0) return document.createTextNode(piece);
    const code = document.createElement("code");
    code.textContent = piece;
    return code;
  });
}

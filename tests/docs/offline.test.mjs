// A site made for reading from a disk (Material's offline plugin), opened from there: modules and fetching are blocked.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { browsing, frameOf, shown, stands } from "./pages.mjs";
import { built, site } from "./site.mjs";

const PAGE = `# Offline

\`\`\`chain-debug
src: /samples/six-refunds.otlp.jsonl
step: execute_tool refund_order
\`\`\`

[the note](chain-debug:step=execute_tool+add_note)

\`\`\`chain-debug
step: write
---
{"chaindebug": 1, "run": {"name": "Answer a question"}}
{"id": "answer", "name": "answer", "kind": "chain", "input": "May I return a lamp?"}
{"parent": "answer", "name": "write", "kind": "llm", "status": "error", "error": "no sources"}
\`\`\`
`;

const browser = browsing();

test("embeds work in a page that is opened from a disk", { timeout: 180_000 }, async (t) => {
  const folder = built(site({ "deep/offline.md": PAGE }, { plugins: "  - offline\n" }));
  const { page, requests } = await browser.visit(t, pathToFileURL(join(folder, "deep/offline.html")).href);
  assert.ok(requests.every((url) => /^(file|blob|data):/.test(url)), requests.join("\n"));
  await shown(page, "chain-debug-1");
  await stands(page, "chain-debug-1", "execute_tool refund_order");
  await page.getByRole("button", { name: "the note" }).click();
  await stands(page, "chain-debug-1", "execute_tool add_note");
  await frameOf(page, "chain-debug-1").getByText("six-refunds.otlp.jsonl").first().waitFor();
  await page.evaluate(() => document.getElementById("chain-debug-2").start());
  await stands(page, "chain-debug-2", "write");
});

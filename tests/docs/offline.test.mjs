// A site made for reading from a disk (Material's offline plugin), opened from there: modules and fetching are blocked.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { browsing, found, frameOf, shown, stands } from "./pages.mjs";
import { built, ownDocs, site } from "./site.mjs";

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
const ours = (requests) => assert.deepEqual(requests.filter((url) => !/^(file|blob|data):/.test(url)), []);

test("embeds work in a page that is opened from a disk", { timeout: 180_000 }, async (t) => {
  const folder = built(site({ "deep/offline.md": PAGE }, { plugins: "  - offline\n" }));
  const { page, requests } = await browser.visit(t, pathToFileURL(join(folder, "deep/offline.html")).href);
  await shown(page, "chain-debug-1");
  await stands(page, "chain-debug-1", "execute_tool refund_order");
  await page.getByRole("button", { name: "the note" }).click();
  await stands(page, "chain-debug-1", "execute_tool add_note");
  await frameOf(page, "chain-debug-1").getByText("six-refunds.otlp.jsonl").first().waitFor();
  await page.evaluate(() => document.getElementById("chain-debug-2").start());
  await stands(page, "chain-debug-2", "write");
  assert.deepEqual(await found(page, "offline"), ["Offline"]);
  ours(requests);
});

test("the documentation itself, from a disk: embeds, search, and nobody is asked", { timeout: 300_000 }, async (t) => {
  const folder = ownDocs({ offline: true });
  const { page, requests } = await browser.visit(t, pathToFileURL(join(folder, "docs/index.html")).href);
  await shown(page, "chain-debug-1");
  await stands(page, "chain-debug-1", "VectorStoreRetriever");
  assert.ok((await found(page, "redaction")).includes("Hand a run on"));
  await page.locator(".md-search-result__item a", { hasText: "Hand a run on" }).first().click();
  await page.getByRole("heading", { level: 1, name: "Hand a run on" }).waitFor();
  ours(requests);
});

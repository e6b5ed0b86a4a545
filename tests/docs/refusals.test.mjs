// Pages that name what is not there: the build fails and says what was meant, strict or not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { refused, site } from "./site.mjs";

const BLOCK = (options) => `# A\n\n\`\`\`chain-debug\n${options}\n\`\`\`\n`;

test("a missing file and a missing step fail the build", () => {
  const folder = site({
    "deep/a.md": BLOCK("src: ../samples/six-refund.otlp.jsonl"),
    "b.md": `${BLOCK("src: samples/six-refunds.otlp.jsonl\nstep: refund_order")}\n[there](chain-debug:step=execute_tool+refund_order%237)\n`,
  });
  for (const options of [[], ["--strict"]]) {
    const said = refused(folder, ...options);
    assert.match(said, /deep\/a\.md:3: There is no file `\.\.\/samples\/six-refund\.otlp\.jsonl`.*Nearest: `\.\.\/samples\/six-refunds\.otlp\.jsonl`/);
    assert.match(said, /b\.md:3: `six-refunds\.otlp\.jsonl` has no step `refund_order`\. Nearest: `execute_tool refund_order`/);
    assert.match(said, /b\.md:8: `six-refunds\.otlp\.jsonl` has no step `execute_tool refund_order#7`: it has 6 of the name/);
  }
});

// The pictures of the page in README.md: the built page with a sample at the step that matters, light and dark.
//   node tests/support/pictures.mjs   takes them anew into docs/assets/, after `cargo xtask build`

import { fileURLToPath } from "node:url";
import { launch, watchedPage } from "./browser.mjs";
import { serve } from "./serve.mjs";

const at = (name) => fileURLToPath(new URL(`../../docs/assets/${name}`, import.meta.url));
const STEP = "VectorStoreRetriever";
const SHOWN = `#open=samples/empty-retrieval.otlp.json&step=${STEP}&view=flow`;

const host = await serve();
const browser = await launch();
for (const colorScheme of ["light", "dark"]) {
  const viewport = { width: 1280, height: 840 };
  const { page, context } = await watchedPage(browser, { viewport, deviceScaleFactor: 1.5, colorScheme, reducedMotion: "reduce" });
  await page.goto(`${host.url}${SHOWN}`);
  await page.locator(".inspector").getByText(STEP).first().waitFor();
  await page.locator(".inspector").getByText("documents").first().waitFor();
  // The address itself moves the chart, a moment after the step is shown.
  await page.waitForTimeout(1500);
  await page.screenshot({ path: at(`page-${colorScheme}.png`) });
  await context.close();
}
await browser.close();
await host.close();

// The icons of the installed page, drawn from public/icon.svg: its mark in white on a tile of its own colour.
//   node tests/support/icons.mjs   draws them anew into public/icons/; a test tells when that is due

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launch } from "./browser.mjs";

const at = (path) => fileURLToPath(new URL(`../../public/${path}`, import.meta.url));

/** File, size, part of the tile that the mark takes, and its corners. A maskable one may be cut to a circle of 80 %. */
export const ICONS = [
  { file: "icons/192.png", size: 192, mark: 0.66, corner: 0.2 },
  { file: "icons/512.png", size: 512, mark: 0.66, corner: 0.2 },
  { file: "icons/maskable-512.png", size: 512, mark: 0.5, corner: 0 },
];

/** The icon as bytes of a PNG. */
export async function draw(page, { size, mark, corner }) {
  const svg = readFileSync(at("icon.svg"), "utf8");
  const colour = /stroke: (#[0-9a-f]{6})/.exec(svg)[1];
  const shapes = /<g>([\s\S]*)<\/g>/.exec(svg)[1];
  const scale = (size * mark) / 32;
  const from = (size * (1 - mark)) / 2;
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>
    <svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}">
      <rect width="${size}" height="${size}" rx="${size * corner}" fill="${colour}"/>
      <g transform="translate(${from} ${from}) scale(${scale})" fill="none" stroke="#fff" stroke-width="3.2" stroke-linecap="round">${shapes}</g>
    </svg>`);
  return page.screenshot({ omitBackground: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const browser = await launch();
  const page = await browser.newPage();
  mkdirSync(at("icons"), { recursive: true });
  for (const icon of ICONS) writeFileSync(at(icon.file), await draw(page, icon));
  await browser.close();
}

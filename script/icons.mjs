// Draws the icons of assets/icons from icon.svg with the Chromium on this machine: `node script/icons.mjs`.
import { readFileSync } from 'node:fs';
import { launch } from '../tests/e2e/browser.mjs';

const FOLDER = new URL('../assets/icons/', import.meta.url);
const svg = readFileSync(new URL('icon.svg', FOLDER), 'utf8');
/** Name, side in pixels, and the square's corners: what a system masks itself has none. */
const ICONS = [
  ['icon-192.png', 192, svg],
  ['icon-512.png', 512, svg],
  ['maskable-512.png', 512, svg.replace(' rx="104"', '')],
  ['apple-touch-180.png', 180, svg.replace(' rx="104"', '')],
];

const browser = await launch();
for (const [name, side, drawing] of ICONS) {
  const page = await browser.newPage({ viewport: { width: side, height: side } });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${side}px;height:${side}px}</style>${drawing}`);
  await page.screenshot({ path: new URL(name, FOLDER).pathname, omitBackground: true });
}
await browser.close();

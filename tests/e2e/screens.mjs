// Photographs every state of the page at three widths in both themes. Not a test: people look at what it makes.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, open } from './browser.mjs';
import { CONTROLS, STATES, forcing, mark } from './controls.mjs';
import { serve } from './server.mjs';
import { WALKS, show } from './walks.mjs';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const OUT = join(PROJECT, '.tools/screens');
const SIZES = [
  [1440, 900],
  [1024, 768],
  [390, 844],
];
/** States that are also photographed whole at every width; every one is at 390 pixels. */
const WHOLE = ['finished', 'data', 'model', 'gallery'];
/** States that the README shows. */
const SHOWN = ['finished', 'loan', 'why'];
/** Most of a control that is photographed, and what is around it, in pixels. */
const [WIDE, HIGH, AROUND] = [240, 120, 12];

/** A picture of a control with what is around it, as an element of a page. */
async function cut(page, name) {
  const control = page.locator(`[data-control="${name}"]`);
  await control.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await control.boundingBox();
  const clip = { x: Math.max(0, x - AROUND), y: Math.max(0, y - AROUND), width: Math.min(width, WIDE) + 2 * AROUND, height: Math.min(height, HIGH) + 2 * AROUND };
  return `<td><img src="data:image/png;base64,${(await page.screenshot({ clip })).toString('base64')}">`;
}

/** One picture of every kind of control in every state, a row a kind. */
async function sheet(page, colorScheme) {
  const [names, states] = [Object.keys(CONTROLS), Object.keys(STATES)];
  const missing = await mark(page);
  if (missing.length) throw new Error(`the gallery has no ${missing.join(', ')}`);
  const force = await forcing(page);
  const rows = names.map((name) => [`<th>${name}`]);
  for (const state of states) {
    await force(state);
    for (const [place, name] of names.entries()) rows[place].push(await cut(page, name));
  }
  await force('rest');
  const paper = await page.context().newPage();
  await paper.setContent(`<html style="color-scheme: ${colorScheme}"><table><tr><th>${['', ...states].join('<th>')}${rows.map((cells) => `<tr>${cells.join('')}`).join('')}`);
  await paper.screenshot({ path: join(OUT, `controls-1440-${colorScheme}.png`), fullPage: true });
  await paper.close();
}

mkdirSync(OUT, { recursive: true });
mkdirSync(join(PROJECT, 'docs/img'), { recursive: true });
const browser = await launch();
const site = await serve();
const only = process.argv.slice(2);
for (const [state, walk] of Object.entries(WALKS)) {
  if (only.length && !only.includes(state)) continue;
  const { page, context } = await open(browser, site.url, { reducedMotion: 'reduce' });
  try {
    const part = await walk(page);
    await page.mouse.move(0, 0);
    for (const [width, height] of SIZES) {
      for (const colorScheme of ['light', 'dark']) {
        await show(page, part, { width, height, colorScheme });
        const name = `${state}-${width}-${colorScheme}.png`;
        await page.screenshot({ path: join(OUT, name) });
        if (width === 390 || WHOLE.includes(state)) await page.screenshot({ path: join(OUT, `full-${name}`), fullPage: true });
        if (width === 1440 && SHOWN.includes(state)) copyFileSync(join(OUT, name), join(PROJECT, `docs/img/${state}-${colorScheme}.png`));
        if (width === 1440 && state === 'gallery') await sheet(page, colorScheme);
        console.log(name);
      }
    }
  } catch (error) {
    console.error(`${state}: ${error.message.split('\n')[0]}`);
    process.exitCode = 1;
  }
  await context.close();
}
await browser.close();
await site.close();

// Photographs every state of the page at three widths in both themes. Not a test: people look at what it makes.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, open } from './browser.mjs';
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

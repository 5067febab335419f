// Photographs every state of the page at three widths in both themes. Not a test: people look at what it makes.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, open } from './browser.mjs';
import { serve } from './server.mjs';
import { BROKEN, WALKS } from './walks.mjs';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const OUT = join(PROJECT, '.tools/screens');
const WIDTHS = [
  [1440, 900],
  [1024, 768],
  [390, 844],
];
mkdirSync(OUT, { recursive: true });
mkdirSync(join(PROJECT, 'docs/img'), { recursive: true });
const browser = await launch();
const sound = await serve();
const broken = await serve({ faults: BROKEN });
const only = process.argv[2];
for (const [state, act] of Object.entries(WALKS)) {
  if (only && only !== state) continue;
  for (const colorScheme of ['light', 'dark']) {
    for (const [width, height] of WIDTHS) {
      const url = state === 'error' ? broken.url : sound.url;
      const { page, context } = await open(browser, url, { viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
      try {
        await act(page);
        await page.mouse.move(0, 0);
        await page.waitForTimeout(400);
        const name = `${state}-${width}-${colorScheme}.png`;
        await page.screenshot({ path: join(OUT, name) });
        if (width === 390 || ['finished', 'data', 'model', 'gallery'].includes(state)) await page.screenshot({ path: join(OUT, `full-${name}`), fullPage: true });
        if (width === 1440 && ['finished', 'loan', 'why'].includes(state)) copyFileSync(join(OUT, name), join(PROJECT, `docs/img/${state}-${colorScheme}.png`));
        console.log(name);
      } catch (error) {
        console.error(`${state} ${width} ${colorScheme}: ${error.message.split('\n')[0]}`);
        process.exitCode = 1;
      }
      await context.close();
    }
  }
}
await browser.close();
await sound.close();
await broken.close();

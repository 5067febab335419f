// Photographs every state of the page at three widths in both themes. Not a test: people look at what it makes.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, open } from './browser.mjs';
import { serve } from './server.mjs';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const OUT = join(PROJECT, '.tools/screens');
const WIDTHS = [
  [1440, 900],
  [1024, 768],
  [390, 844],
];
const reaches = (page, word) => page.locator(`#status[data-state="${word}"]`).waitFor({ timeout: 60_000 });
const walked = (page, share) =>
  page.waitForFunction((least) => parseInt(document.querySelector('#percent').textContent, 10) >= least, share);
const begin = async (page, pace) => {
  await page.locator('#pace').selectOption(pace);
  await page.locator('#start').click();
};

const STATES = {
  empty: async (page) => page.getByText('An example result').waitFor(),
  running: async (page) => {
    await begin(page, 'walk');
    await walked(page, 30);
  },
  paused: async (page) => {
    await begin(page, 'brisk');
    await walked(page, 40);
    await page.locator('#pause').click();
    await reaches(page, 'PAUSED');
  },
  finished: async (page) => {
    await begin(page, 'full');
    await reaches(page, 'FINISHED');
  },
  loan: async (page) => {
    await page.locator('#pace').selectOption('full');
    await page.locator('.form').getByRole('button', { name: 'Gold loan, 2020' }).click();
    await reaches(page, 'FINISHED');
    await page.getByRole('button', { name: 'Show the loan' }).click();
  },
  data: async (page) => {
    await page.goto(`${page.url().split('#')[0]}#data/btc-2026/2026-03-14T12:00`);
    await page.locator('#snapshot-words', { hasText: 'BTC index' }).waitFor();
    await page.locator('#read-all').click();
    await page.getByText('Everything is read.').waitFor();
  },
  model: async (page) => {
    await page.goto(`${page.url().split('#')[0]}#data/btc-long`);
    await page.locator('#residual-words', { hasText: 'options' }).waitFor();
    await page.locator('#calibration').scrollIntoViewIfNeeded();
  },
  why: async (page) => {
    await begin(page, 'full');
    await reaches(page, 'FINISHED');
    await page.locator('#tab-panel tbody tr').nth(4).click();
    await page.locator('#why').waitFor();
  },
  invalid: async (page) => {
    await page.locator('#f-start').fill('2025-06-01');
    await page.locator('#start').click();
    await page.locator('#problems').waitFor();
  },
  error: async (page) => {
    await begin(page, 'full');
    await reaches(page, 'ERROR');
  },
};

mkdirSync(OUT, { recursive: true });
mkdirSync(join(PROJECT, 'docs/img'), { recursive: true });
const browser = await launch();
const sound = await serve();
const broken = await serve({ faults: [{ match: /2026-03\.json$/, status: 500 }] });
const only = process.argv[2];
for (const [state, act] of Object.entries(STATES)) {
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
        if (width === 390 || ['finished', 'data', 'model'].includes(state)) await page.screenshot({ path: join(OUT, `full-${name}`), fullPage: true });
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

// The ways to every state of the page that is worth looking at: photographed by screens.mjs, examined by axe.test.mjs.

import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Waits for the word of the run's state. */
export const reaches = (page, word) => page.locator(`#status[data-state="${word}"]`).waitFor({ timeout: 120_000 });
/** The digest of the result on screen, from the Assumptions tab. */
export async function digest(page) {
  await page.locator('#tab-assumptions').click();
  const said = () => /Digest of the steps\s+([0-9a-f]{64})/.exec(document.querySelector('#tab-panel').innerText)?.[1];
  return (await page.waitForFunction(said)).jsonValue();
}

const walked = (page, share) =>
  page.waitForFunction((least) => parseInt(document.querySelector('#percent').textContent, 10) >= least, share);
const begin = async (page, pace) => {
  await page.locator('#pace').selectOption(pace);
  await page.locator('#start').click();
};

/** Name of a state and the way to it from the front page; `error` wants a server that refuses the pack of March. */
export const WALKS = {
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
  runs: async (page) => {
    await begin(page, 'full');
    await reaches(page, 'FINISHED');
    await page.locator('nav.pages').getByRole('link', { name: 'Runs' }).click();
    await page.locator('.run-line').first().waitFor();
  },
  'no-runs': async (page) => {
    await page.locator('nav.pages').getByRole('link', { name: 'Runs' }).click();
    await page.getByText('No runs are kept yet').waitFor();
  },
  compare: async (page) => {
    await page.getByRole('button', { name: 'Both exit styles side by side' }).click();
    await begin(page, 'full');
    await reaches(page, 'FINISHED');
    await page.locator('#compare-variants').click();
    await page.locator('.compare-heads').waitFor();
  },
  help: async (page) => {
    await page.locator('nav.pages').getByRole('link', { name: 'Help' }).click();
    await page.locator('#help-keys').waitFor();
  },
  dials: async (page) => {
    await begin(page, 'full');
    await reaches(page, 'FINISHED');
    await page.locator('#dial-f-target-delta').press('ArrowRight');
    await page.locator('#dials-words', { hasText: 'computed' }).waitFor();
    await page.locator('#dials').scrollIntoViewIfNeeded();
  },
  gallery: async (page) => {
    await page.goto(`${page.url().split('#')[0]}#gallery`);
    await page.locator('#g-six').waitFor();
  },
  verify: async (page) => {
    await page.goto(`${page.url().split('#')[0]}#verify`);
    await page.locator('#verify-run:not([disabled])').click();
    await page.locator('#checks-words[data-busy="false"]', { hasText: 'checks pass' }).waitFor({ timeout: 120_000 });
  },
  report: async (page) => {
    await begin(page, 'full');
    await reaches(page, 'FINISHED');
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#report').click()]);
    const file = join(tmpdir(), download.suggestedFilename());
    await download.saveAs(file);
    await page.goto(`file://${file}`);
  },
  ...Object.fromEntries(
    ['trades', 'months', 'risk', 'costs', 'assumptions', 'log'].map((tab) => [
      tab,
      async (page) => {
        await begin(page, 'full');
        await reaches(page, 'FINISHED');
        await page.locator(`#tab-${tab}`).click();
      },
    ]),
  ),
};

/** The server's faults that the walk `error` needs. */
export const BROKEN = [{ match: /2026-03\.json$/, status: 500 }];

// A smoke test in another engine: Firefox opens the built page, runs the default request, and comes to Chromium's digest.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import puppeteer from 'puppeteer-core';
import { serve } from './server.mjs';

const EXAMPLE = JSON.parse(readFileSync(fileURLToPath(new URL('../../assets/example.json', import.meta.url))));
const WAIT = { timeout: 120_000 };

/** The first Firefox on PATH. */
function executable() {
  if (process.env.FIREFOX) return process.env.FIREFOX;
  return execFileSync('sh', ['-c', 'command -v firefox-esr || command -v firefox'], { encoding: 'utf8' }).trim();
}

const browser = await puppeteer.launch({ browser: 'firefox', executablePath: executable(), headless: true });
after(() => browser.close());
const site = await serve({ base: '/some/path/' });
after(() => site.close());

test('Firefox runs the default backtest to the digest of every other place, and draws it', async () => {
  const page = await browser.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(site.url);
  await page.waitForSelector('#start:not([disabled])', WAIT);
  await page.select('#pace', 'full');
  await page.click('#start');
  await page.waitForSelector('#status[data-state="FINISHED"]', WAIT);
  await page.click('#tab-assumptions');
  await page.waitForFunction((digest) => document.querySelector('#tab-panel').innerText.includes(digest), WAIT, EXAMPLE.digest);
  const colours = await page.evaluate(() => {
    const ink = document.querySelector('#plot canvas.ink');
    const { data } = ink.getContext('2d').getImageData(0, 0, ink.width, ink.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
  assert.ok(colours > 10, `the chart has ${colours} colours`);
  await page.click('#tab-trades');
  await page.waitForFunction(() => document.querySelector('#tab-panel').innerText.includes('BTC-'), WAIT);
  await page.reload();
  await page.waitForSelector('#start:not([disabled])', WAIT);
  for (const link of ['#runs', '#data', '#help']) {
    await page.evaluate((fragment) => { location.hash = fragment; }, link);
    await page.waitForFunction((id) => document.querySelector(id) !== null, WAIT, link);
  }
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no sideways scroll');
  assert.deepEqual(errors, []);
});

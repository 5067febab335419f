// What is seen before the program is there: the example, on the bare page alone, where the program then shows the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ground } from './ground.mjs';

const WAIT = 60_000;
const { browser, site } = await ground();

/** A page whose program waits until `release` is called. */
async function held(address, options) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, ...options });
  let release;
  const gate = new Promise((open) => (release = open));
  await page.route(/\.wasm$/, async (route) => {
    await gate;
    await route.continue();
  });
  await page.goto(address, { waitUntil: 'commit' });
  await page.locator('#skeleton .loading').waitFor({ timeout: WAIT });
  await page.waitForFunction(() => [...document.querySelectorAll('link[rel=stylesheet]')].every(({ sheet }) => sheet));
  return { page, release };
}

/** Words and figures of the example, and where its chart and its figures stand. */
const seen = (page, plot) =>
  page.evaluate((plot) => {
    const words = (selector) => [...document.querySelectorAll(selector)].map((e) => e.textContent.replace(/\s+/g, ' ').trim());
    const place = (part) => {
      const { x, y, width, height } = part.getBoundingClientRect();
      return [x, y, width, height];
    };
    const drawing = document.querySelector(plot);
    const boxes = { drawing: place(drawing), figures: place(drawing.closest('.results').querySelector('.tiles')) };
    const banner = document.querySelector('.banner.example p').textContent.trim();
    return { plan: words('.plan'), banner, sentence: words('.plot-sentence')[0], values: words('.tile dd'), evidence: words('.evidence'), boxes };
  }, plot);

for (const viewport of [{ width: 1440, height: 900 }, { width: 1024, height: 768 }, { width: 720, height: 900 }, { width: 390, height: 844 }]) {
  test(`the example stands there before the program, at ${viewport.width}, and the program shows the same`, async () => {
    const { page, release } = await held(site.url, { viewport });
    const before = await seen(page, '.first-plot');
    assert.equal(await page.locator('main').count(), 0, 'the program is not there yet');
    assert.match(before.banner, /^An example result\. /);
    assert.equal(before.values.length, 7);
    assert.match(before.evidence[0], /^Fitted ?100 % of premium/);
    release();
    await page.locator('.banner.example').waitFor({ timeout: WAIT });
    await page.locator('.plan:not(:empty)').waitFor();
    await page.waitForFunction(() => !document.querySelector('#skeleton') && document.querySelector('.tile .figure-main')?.textContent.includes('BTC'));
    const after = await seen(page, '.plot-box');
    const told = ({ plan, banner, sentence, values, evidence }) => ({ plan, banner, sentence, values, evidence });
    assert.deepEqual(told(after), told(before));
    const moved = (part) => Math.max(...after.boxes[part].map((edge, place) => Math.abs(edge - before.boxes[part][place])));
    for (const part of ['drawing', 'figures']) assert.ok(moved(part) <= 2, `${part}: ${before.boxes[part]} and then ${after.boxes[part]}`);
    await page.close();
  });
}

test('who asks for something else is not shown the example', async () => {
  for (const asked of ['#help', '#runs', '?embed=1']) {
    const { page } = await held(site.url + asked);
    for (const part of ['.plan', '.banner.example', '.first-plot', '.tile']) {
      assert.equal(await page.locator(`#skeleton ${part}`).first().isVisible(), false, `${part} at ${asked}`);
    }
    await page.close();
  }
});

test('a chosen theme holds before the program is there', async () => {
  const context = await browser.newContext({ colorScheme: 'light' });
  await context.addInitScript(() => localStorage.setItem('chainwalk.theme', 'dark'));
  const page = await context.newPage();
  await page.route(/\.wasm$/, () => {});
  await page.goto(site.url, { waitUntil: 'commit' });
  await page.locator('#skeleton .loading').waitFor({ timeout: WAIT });
  // The sheet may come a moment after the words.
  await page.waitForFunction(() => getComputedStyle(document.body).backgroundColor === 'rgb(16, 20, 18)');
  await context.close();
});

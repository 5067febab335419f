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

/** Lets the server's answer to these requests be an error for the rest of the page's life. */
const refuse = (page, match) => page.route(match, (route) => route.fulfill({ status: 500, body: 'refused by the test' }));
/** Goes to another address of the site as a new visit, with what the browser keeps. */
async function visit(page, address) {
  await page.goto('about:blank');
  await page.goto(address);
}
const site = (page) => page.url().split(/[?#]/)[0];
const place = (page, name) => page.locator('nav.pages').getByRole('link', { name, exact: true }).click();
async function finish(page, pace = 'full') {
  await begin(page, pace);
  await reaches(page, 'FINISHED');
}
async function share(page, changed = {}) {
  await finish(page);
  // The clipboard is one for all pages of a browser.
  await page.evaluate(() => (navigator.clipboard.writeText = async (text) => (window.copied = text)));
  await page.locator('#copy-link').click();
  await page.getByText('Link copied').waitFor();
  const link = new URL(await page.evaluate(() => window.copied));
  const carried = JSON.parse(Buffer.from(link.hash.slice(4), 'base64url'));
  const hash = Buffer.from(JSON.stringify({ ...carried, ...changed })).toString('base64url');
  const address = `${site(page)}#r2=${hash}`;
  await visit(page, address);
  return address;
}
async function verify(page, words) {
  await page.goto(`${site(page)}#verify`);
  await page.locator('#verify-run:not([disabled])').click();
  await page.locator('#checks-words[data-busy="false"]', { hasText: words }).waitFor({ timeout: 120_000 });
}

/** Unfolds the whole form, of which a new visitor sees the first few fields. */
export async function allSettings(page) {
  await page.locator('.form .group').first().waitFor();
  const button = page.locator('#all-settings[aria-expanded="false"]');
  if (await button.isVisible()) await button.click();
  // The press is seen first, and the fields after it.
  await page.locator('#f-timeframe').waitFor({ state: 'attached' });
}

/** The page of a visitor whose browser is to save data: nothing is read before Start asks for it. */
export async function thrifty(page) {
  await page.addInitScript(() => Object.defineProperty(navigator, 'connection', { value: { saveData: true } }));
  await page.reload();
  await page.locator('#start:enabled').waitFor();
}

/** A file of four weeks of made-up quotes, a snapshot a day. */
function quotes() {
  const [day, lines] = [86_400_000, ['snapshot time,currency,maturity date,side,strike,best_bid,best_ask,iv,spot']];
  for (let time = Date.UTC(2030, 0, 1, 8), n = 0; n < 28; n += 1, time += day) {
    const [index, friday] = [100_000 + 900 * (n % 5), Date.UTC(2030, 0, 4, 8)];
    const next = friday + Math.ceil((time + day - friday) / (7 * day)) * 7 * day;
    for (const expiry of [next, next + 7 * day]) {
      for (let strike = 80_000; strike <= 120_000; strike += 2_500) {
        const deviation = 0.55 * Math.sqrt((expiry - time) / (365 * day));
        const apart = Math.log(strike / index) / deviation;
        const value = 0.4 * deviation * Math.exp(-apart * apart / 2 - Math.max(apart, 0));
        const call = Math.max(value + Math.max(0, 1 - strike / index), 0.0005);
        const [bid, ask] = [call * 0.98, call * 1.02 + 0.0002].map((price) => (Math.round(price * 10_000) / 10_000).toFixed(4));
        const words = [time, expiry].map((at) => new Date(at).toISOString().slice(0, 19).replace('T', ' '));
        lines.push(`${words[0]},BTC,${words[1].slice(0, 10)},C,${strike},${bid},${ask},55.0,${index}.00`);
      }
    }
  }
  return { name: 'made-up.csv', mimeType: 'text/csv', buffer: Buffer.from(`${lines.join('\n')}\n`) };
}

/**
 * Name of a state and the way to it from the front page. A walk may answer with the part that is looked at, which whoever changes
 * the window brings into view again.
 */
export const WALKS = {
  loading: async (page) => {
    await page.route(/\.wasm$/, () => {}); // never answered
    await page.reload({ waitUntil: 'commit' });
    await page.locator('#skeleton .loading').waitFor();
  },
  empty: async (page) => {
    await page.locator('main .banner.example').waitFor();
    // Somebody is there: the data are read, and the dials turn.
    await page.mouse.move(1, 1);
    await page.locator('#dial-f-target-delta:enabled').waitFor();
  },
  fetching: async (page) => {
    await thrifty(page);
    await page.route(/btc-2026\/2025-12/, () => {});
    await begin(page, 'full');
    await reaches(page, 'LOADING');
  },
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
  stopped: async (page) => {
    await begin(page, 'brisk');
    await walked(page, 40);
    await page.locator('#start').click();
    await reaches(page, 'STOPPED');
  },
  finished: (page) => finish(page),
  partial: async (page) => {
    const endless = { name: 'Endless', cover: 'none', max_open: null, size: 1e308, entry: { weekdays: [1] } };
    await page.locator('#start:not([disabled])').waitFor();
    await page.locator('#pace').selectOption('full');
    await page.evaluate((request) => window.chainwalk.start(request), { end: '2026-02-28', variants: [{}, endless] });
    await reaches(page, 'PARTIAL');
  },
  error: async (page) => {
    await thrifty(page);
    await refuse(page, /2026-03\.json$/);
    await begin(page, 'full');
    await reaches(page, 'ERROR');
  },
  invalid: async (page) => {
    await page.locator('#f-start').fill('2025-06-01');
    await page.locator('#start').click();
    await page.locator('#problems').waitFor();
    return page.locator('#problems');
  },
  folds: async (page) => {
    await page.locator('#f-exit-style').selectOption('tp_and_roll');
    await allSettings(page);
    await page.evaluate(() => document.querySelectorAll('.form details').forEach((fold) => (fold.open = true)));
    return page.locator('.form');
  },
  tables: async (page) => {
    await finish(page);
    await page.locator('#tab-risk').click();
    await page.locator('#rolling-plot').waitFor();
    const buttons = page.getByRole('button', { name: 'Data table' }); // one that is pressed has another name
    while ((await buttons.count()) > 0) await buttons.first().click();
  },
  interrupted: async (page) => {
    await begin(page, 'walk');
    await walked(page, 5);
    await page.reload();
    await page.locator('#resume-interrupted').waitFor();
  },
  verified: async (page) => {
    await share(page);
    await page.locator('#verdict', { hasText: 'Verified' }).waitFor();
    await reaches(page, 'FINISHED');
  },
  differs: async (page) => {
    await share(page, { g: Buffer.alloc(16, 7).toString('base64url'), e: '0.0.1' });
    await page.locator('#verdict', { hasText: 'Differs' }).waitFor();
    await reaches(page, 'FINISHED');
  },
  newer: async (page) => {
    // A second build that waits beside the one in charge, as the page hears of it; offline.test.mjs has real ones.
    await page.addInitScript(() => {
      const registration = Object.create(ServiceWorkerRegistration.prototype, { waiting: { value: {} } });
      const there = Object.create(ServiceWorkerContainer.prototype, { controller: { value: {} }, oncontrollerchange: { writable: true }, register: { value: async () => registration } });
      Object.defineProperty(navigator, 'serviceWorker', { value: there });
    });
    await page.reload();
    await page.locator('#newer').waitFor();
  },
  embed: async (page) => {
    await visit(page, (await share(page)).replace('#', '?embed=1#'));
    await page.locator('#verdict', { hasText: 'Verified' }).waitFor();
  },
  loan: async (page) => {
    await page.locator('#pace').selectOption('full');
    await page.locator('.form').getByRole('button', { name: 'Gold loan, 2020' }).click();
    await reaches(page, 'FINISHED');
    await page.getByRole('button', { name: 'Show the loan' }).click();
    return page.locator('.tabs');
  },
  data: async (page) => {
    await page.goto(`${site(page)}#data/btc-2026/2026-03-14T12:00`);
    await page.locator('#snapshot-words', { hasText: 'BTC index' }).waitFor();
    await page.locator('#read-all').click();
    await page.getByText('Everything is read.').waitFor();
  },
  model: async (page) => {
    await page.goto(`${site(page)}#data/btc-long`);
    await page.locator('#residual-words', { hasText: 'options' }).waitFor();
    return page.locator('#calibration');
  },
  preview: async (page) => {
    await page.goto(`${site(page)}#data`);
    await page.locator('#open-pick').setInputFiles([quotes()]);
    await page.locator('.open-preview').waitFor();
    return page.locator('#open-found');
  },
  imported: async (page) => {
    await WALKS.preview(page);
    await page.locator('#open-import').click();
    await page.locator('#open-result').waitFor();
    return page.locator('#open-result');
  },
  why: async (page) => {
    await finish(page);
    await page.locator('#tab-panel tbody tr').nth(4).click();
    await page.locator('#why').waitFor();
  },
  runs: async (page) => {
    await finish(page);
    await place(page, 'Runs');
    await page.locator('.run-line').first().waitFor();
  },
  kept: async (page) => {
    await WALKS.runs(page);
    await page.getByRole('button', { name: /^More: files and details/ }).click();
    await page.locator('.run-details').waitFor();
  },
  'no-runs': async (page) => {
    await place(page, 'Runs');
    await page.getByText('No runs are kept yet').waitFor();
  },
  compare: async (page) => {
    await allSettings(page);
    await page.getByRole('button', { name: 'Both exit styles side by side' }).click();
    await finish(page);
    await page.locator('#compare-variants').click();
    await page.locator('.compare-heads').waitFor();
  },
  help: async (page) => {
    await place(page, 'Help');
    await page.locator('#help-keys').waitFor();
  },
  dials: async (page) => {
    await finish(page);
    await page.locator('#dial-f-target-delta').press('ArrowRight');
    await page.locator('#dials-words', { hasText: 'computed' }).waitFor();
    return page.locator('#dials');
  },
  gallery: async (page) => {
    await page.goto(`${site(page)}#gallery`);
    await page.locator('.gallery-whole[data-whole="true"]').waitFor({ timeout: 60_000 });
    await page.locator('#residual-words', { hasText: 'options' }).waitFor({ timeout: 60_000 });
  },
  verify: (page) => verify(page, 'checks pass'),
  unverified: async (page) => {
    await page.route(/eth-2026\/2026-02/, async (route) => route.fulfill({ body: `${(await (await route.fetch()).text()).slice(0, -1)} ` }));
    await verify(page, /^(\d+) of (?!\1 )\d+ checks pass/);
    return page.locator('.checks [data-passed="false"]').first();
  },
  report: async (page) => {
    await finish(page);
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#report').click()]);
    const file = join(tmpdir(), download.suggestedFilename());
    await download.saveAs(file);
    await page.goto(`file://${file}`);
  },
  ...Object.fromEntries(
    ['trades', 'months', 'risk', 'costs', 'assumptions', 'log'].map((tab) => [
      tab,
      async (page) => {
        await finish(page);
        await page.locator(`#tab-${tab}`).click();
        return page.locator('.tabs');
      },
    ]),
  ),
};

/**
 * Changes the window and the theme of a page that has walked, in CSS pixels, and brings the part that is looked at (what the walk
 * answered with) into view again. The next frames paint the theme's colours.
 */
export async function show(page, part, { width, height, colorScheme }) {
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  // A narrow window has the form folded.
  const fold = page.locator('main.layout .form-fold[aria-expanded="false"]');
  if ((await part?.evaluate((element) => Boolean(element.closest('main.layout .form')))) && (await fold.isVisible())) await fold.click();
  await page.evaluate(() => scrollTo(0, 0));
  await part?.evaluate((element) => element.scrollIntoView({ block: 'start' }));
  await page.waitForTimeout(100);
  await page.waitForFunction(isDrawn, null, { timeout: 5_000 }).catch(() => {}); // a drawing that never fits is for the caller to find
}

/** Every drawing in sight fits its box: the page draws a frame after it hears of a size. Runs in the page. */
function isDrawn() {
  const isFit = (canvas) => {
    const { width, height } = canvas.getBoundingClientRect();
    return width < 1 || Math.abs(canvas.width - width * devicePixelRatio) <= 1 && Math.abs(canvas.height - height * devicePixelRatio) <= 1;
  };
  return [...document.querySelectorAll('canvas[width]')].filter((canvas) => canvas.checkVisibility()).every(isFit);
}

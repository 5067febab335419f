// Every state of the page through axe-core, in both themes, wide and narrow: no violation of WCAG 2.2 A and AA or of best practice;
// there, and at 200 % by the browser's zoom and by the size of type alone: nothing scrolls sideways, is cut or overlaps. The visitor's
// own time, which is empty in UTC, is half an hour off its hours and is tomorrow's already, which takes the most room.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { open } from './browser.mjs';
import { ground } from './ground.mjs';
import { faults, rememberWords } from './layout.mjs';
import { WALKS, show } from './walks.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const { browser, site } = await ground();

const EVENING = (19 * 60 + 50) * 60_000;
const DAY = 24 * 60 * 60_000;

/** An evening in UTC, when it is tomorrow in Kolkata: the clock is set forward to it, and goes on from there. */
const untilEvening = (context) => context.addInitScript((forward) => {
  const Real = Date;
  window.Date = class extends Real {
    constructor(...given) {
      super(...(given.length ? given : [Real.now() + forward]));
    }
    static now() {
      return Real.now() + forward;
    }
  };
}, (EVENING - (Date.now() % DAY) + DAY) % DAY);

/** What axe finds on the page as it stands, one line a node. */
async function violations(page, { rules = {} } = {}) {
  const found = await page.evaluate(([values, rules]) => window.axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'], rules }), [TAGS, rules]);
  return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary.split('\n')[1]?.trim()}`));
}

/** What 200 % breaks: a window of half the size is what the browser's zoom makes of the whole one, and type can be larger alone. */
async function enlarged(page, part) {
  const browser = await page.context().newCDPSession(page);
  const type = (standard) => browser.send('Page.setFontSizes', { fontSizes: { standard } });
  const found = [];
  for (const [width, height] of [[1440, 900], [1024, 768]]) {
    await show(page, part, { width: width / 2, height: height / 2, colorScheme: 'light' });
    found.push(...(await faults(page)).map((line) => `${width} pixels at 200 %: ${line}`));
    await type(32);
    await show(page, part, { width, height, colorScheme: 'light' });
    found.push(...(await faults(page)).map((line) => `${width} pixels, type at 200 %: ${line}`));
    await type(16);
  }
  return found;
}

/** A gallery has the same parts many times. */
const REPEATED = { rules: { 'landmark-unique': { enabled: false } } };

const prepare = async (context) => {
  await rememberWords(context);
  await untilEvening(context);
};

// Two at a time: each waits for its own page, and neither measures time.
describe('every state', { concurrency: 2 }, () => Object.entries(WALKS).forEach(([name, walk]) => {
  test(`axe and 200 %: ${name}`, async () => {
    const { page, context } = await open(browser, site.url, { colorScheme: 'light', reducedMotion: 'reduce', timezoneId: 'Asia/Kolkata', prepare });
    assert.ok(await page.evaluate(() => new Date().getUTCDate() !== new Date().getDate()), 'it is tomorrow already');
    const part = await walk(page);
    const found = [];
    // The gallery's samples cannot be used, but are read as the parts that they are samples of.
    await page.evaluate(() => document.querySelectorAll('[inert]').forEach((sample) => (sample.inert = false)));
    await page.evaluate(AXE); // evaluated by the debugger: the page's policy stays as it is
    for (const width of [1440, 390]) {
      for (const colorScheme of ['light', 'dark']) {
        await show(page, part, { width, height: 900, colorScheme });
        found.push(...(await violations(page, name === 'gallery' ? REPEATED : {})).map((line) => `${width} pixels, ${colorScheme}: ${line}`));
      }
      found.push(...(await faults(page)).map((line) => `${width} pixels: ${line}`));
    }
    found.push(...(await enlarged(page, part)));
    assert.deepEqual(found, []);
    await context.close();
  });
}));

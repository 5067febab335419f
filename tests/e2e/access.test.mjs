// Whoever has no mouse, does not see colours, hears the page or is made sick by what moves.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { open } from './browser.mjs';
import { walkByTab } from './focus.mjs';
import { ground } from './ground.mjs';
import { WALKS, reaches } from './walks.mjs';

const { browser, site } = await ground();
const STILL = { reducedMotion: 'reduce' };

test('from the bare page to a started run by Tab and Enter, the focus always in sight', async () => {
  const { page, context, errors } = await open(browser, site.url, STILL);
  await page.locator('#start:not([disabled])').waitFor();
  await page.locator('#pace').evaluate((select) => select.blur());
  const { places, wrong } = await walkByTab(page, { until: (place) => place.id === 'start' });
  assert.deepEqual(wrong, []);
  assert.match(places[0].name, /Skip to the results/, 'the first press offers a way past the head');
  assert.ok(places.length < 10, `${places.length} places before Start`);
  await page.keyboard.press('Enter');
  await reaches(page, 'RUNNING');
  await context.close();

  // The same by the way past the head: four presses.
  const short = await open(browser, site.url, STILL);
  await short.page.locator('#start:not([disabled])').waitFor();
  for (const key of ['Tab', 'Enter', 'Tab', 'Enter']) await short.page.keyboard.press(key);
  await reaches(short.page, 'RUNNING');
  assert.deepEqual([...errors, ...short.errors], []);
  await short.context.close();
});

const PAGES = {
  Backtest: WALKS.empty,
  'Backtest with a result': WALKS.finished,
  'All settings': async (page) => {
    await WALKS.folds(page);
    await page.mouse.move(1, 1);
    await page.locator('#dial-f-target-delta:enabled').waitFor(); // what comes later would be missed on the way
  },
  Trades: WALKS.trades,
  Months: WALKS.months,
  Risk: WALKS.risk,
  Loan: WALKS.loan,
  Why: WALKS.why,
  Runs: WALKS.kept,
  Compare: WALKS.compare,
  Data: WALKS.data,
  Help: WALKS.help,
  Verify: WALKS.verify,
  Embed: WALKS.embed,
  Gallery: WALKS.gallery,
};
// Two at a time: each has its own page, and neither measures time.
describe('by Tab alone', { concurrency: 2 }, () => Object.entries(PAGES).forEach(([name, walk]) => {
  for (const width of [1440, 390]) {
    test(`by Tab alone, ${width} pixels: ${name} in reading order, every focus in sight, and out again`, async () => {
      const { page, context } = await open(browser, site.url, STILL);
      await walk(page);
      await page.setViewportSize({ width, height: 900 });
      await page.evaluate(() => {
        document.querySelector('a[href], button:not(:disabled), [tabindex="0"]').focus();
        scrollTo(0, 0);
      });
      await page.keyboard.press('Shift+Tab'); // out of the page, before its head
      const { places, wrong } = await walkByTab(page);
      assert.deepEqual(wrong, []);
      assert.ok(places.length > 8, `${places.length} places`);
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('Shift+Tab');
      assert.notEqual(await page.evaluate(() => document.activeElement.localName), 'body', 'and back in');
      await context.close();
    });
  }
}));

test('a run is announced at its quarters and its end, each once', async () => {
  // A month that is late: the run waits for it in the middle and goes on.
  site.faults.push({ match: /btc-2026\/2026-0[23]\.json/, delayMs: 1_500 });
  const { page, context, errors } = await open(browser, site.url);
  await page.locator('#start:not([disabled])').waitFor();
  await page.evaluate(() => {
    const region = document.querySelector('.progress-line [role="status"]');
    window.said = [region.textContent];
    window.states = [];
    const hear = () => {
      if (region.textContent !== window.said.at(-1)) window.said.push(region.textContent);
      const { state } = document.querySelector('#status').dataset;
      if (state !== window.states.at(-1)) window.states.push(state);
    };
    new MutationObserver(hear).observe(document.querySelector('.progress-line'), { subtree: true, childList: true, characterData: true, attributes: true });
  });
  await page.locator('#pace').selectOption('brisk');
  await page.locator('#start').click();
  await reaches(page, 'FINISHED');
  site.faults.length = 0;
  const states = await page.evaluate(() => window.states);
  assert.ok(states.filter((state) => state === 'LOADING').length > 1, `it waited on the way: ${states}`);
  assert.deepEqual(await page.evaluate(() => window.said), ['', 'Backtest loading', 'Backtest running', 'Running, 25 percent', 'Running, 50 percent', 'Running, 75 percent', 'Backtest finished']);
  assert.deepEqual(errors, []);
  await context.close();
});

/** What moves for longer than a millisecond by the style sheet; runs in the page. */
function moving() {
  const long = (style) => [style.transitionDuration, style.animationDuration].join().split(',').some((t) => (t.trim().endsWith('ms') ? parseFloat(t) : parseFloat(t) * 1000) > 1);
  const parts = [...document.querySelectorAll('*')].flatMap((e) => [null, '::before', '::after'].map((part) => [e, part]));
  return parts.filter(([e, part]) => long(getComputedStyle(e, part))).map(([e, part]) => `${e.localName}.${[...e.classList].join('.')}${part ?? ''}`);
}

test('where less motion is asked for, nothing moves by itself', async () => {
  for (const name of ['empty', 'running', 'why', 'data', 'runs', 'gallery']) {
    const { page, context } = await open(browser, site.url, STILL);
    await WALKS[name](page);
    assert.deepEqual(await page.evaluate(moving), [], name);
    const lasting = () => document.getAnimations().filter((a) => a.effect.getComputedTiming().duration > 1).length;
    assert.equal(await page.evaluate(lasting), 0, name);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    assert.ok((await page.evaluate(moving)).length > 0, `${name}: it would move otherwise`);
    await context.close();
  }
});

test('a program that does not come says so, with and without motion', async () => {
  for (const reducedMotion of ['reduce', 'no-preference']) {
    const { page, context } = await open(browser, site.url, { reducedMotion });
    await WALKS.loading(page);
    const late = page.locator('#skeleton .slow');
    assert.equal(await late.evaluate((e) => getComputedStyle(e).visibility), 'hidden');
    assert.equal(await late.evaluate((e) => e.getAnimations()[0]?.effect.getComputedTiming().delay), 15_000, reducedMotion);
    await late.evaluate((e) => e.getAnimations()[0].finish());
    assert.ok(await late.isVisible(), reducedMotion);
    await context.close();
  }
});

/** What is told by colour alone; runs in the page. */
function byColour() {
  const seen = (e) => e.checkVisibility({ visibilityProperty: true });
  const own = (e) => e.innerText.trim();
  const signed = [...document.querySelectorAll('[data-sign="gain"], [data-sign="loss"]')].filter((e) => seen(e) && own(e));
  // A bar of a loss is hatched; a heat map of sizes has its figures in it.
  const isWord = (e) => /better|worse|^(None|\d{4}-\d\d-\d\d)$/.test(own(e)); // a difference says which; the day of a margin call, or none
  const signs = signed.filter((e) => !(e.dataset.sign === 'gain' ? /\+/ : /−/).test(own(e)) && !isWord(e) && !e.matches('.bin, .heat td')).map((e) => `${e.dataset.sign}: ${own(e)}`);
  const stated = [...document.querySelectorAll('[data-state], [data-kind], [data-level], [data-passed], [data-cell]')].filter(seen);
  const wordless = stated.filter((e) => !own(e) && !e.closest('[aria-hidden="true"], [role="img"]')).map((e) => e.outerHTML.slice(0, 120));
  return { counted: [signed.length, stated.length], faults: [...signs, ...wordless] };
}

test('gains and losses have a sign, and every state is a word', async () => {
  const counted = [0, 0];
  for (const name of ['empty', 'partial', 'trades', 'months', 'risk', 'costs', 'loan', 'kept', 'compare', 'data', 'unverified', 'gallery']) {
    const { page, context } = await open(browser, site.url, STILL);
    await WALKS[name](page);
    const found = await page.evaluate(byColour);
    assert.deepEqual(found.faults, [], name);
    found.counted.forEach((n, i) => (counted[i] += n));
    await context.close();
  }
  assert.ok(counted.every((n) => n > 100), `${counted} signs and states`);
});

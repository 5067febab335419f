// The first minute: a press, a dial, and the result follows; presets, and the way back to an untouched form.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { open } from './browser.mjs';
import { ground } from './ground.mjs';
import { digest, reaches, thrifty } from './walks.mjs';

const EXAMPLE = JSON.parse(readFileSync(fileURLToPath(new URL('../../assets/example.json', import.meta.url))));
/** Longest that one turn of a dial may take to be on screen, ms; a result takes about ten. */
const FOLLOWS_MS = 1000;

const { browser, site } = await ground({ base: '/some/path/' });

const dial = (page) => page.locator('#dial-f-target-delta');
const computed = (page) => page.waitForFunction(() => /computed in \d+ ms/.test(document.querySelector('#dials-words')?.textContent ?? ''));
const figures = (page) => page.locator('.tiles').innerText();

async function run(page) {
  await page.locator('#pace').selectOption('full');
  await page.locator('#start').click();
  await reaches(page, 'FINISHED');
}

test('a turned dial computes the whole history again at once: the same result as a run, and not kept', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await run(page);
  const before = await figures(page);
  await dial(page).focus();
  const begun = Date.now();
  for (let i = 0; i < 5; i += 1) await page.keyboard.press('ArrowRight');
  await computed(page);
  await page.waitForFunction((text) => document.querySelector('.tiles').innerText !== text, before);
  const took = Date.now() - begun;
  console.log(`five turns of a dial, until the last of them is on screen: ${took} ms; ${await page.locator('#dials-words').innerText()}`);
  assert.ok(took < FOLLOWS_MS, `${took} ms`);
  assert.equal(await page.locator('#f-variants-0--target-delta').inputValue(), '0.3', 'the form says the same');
  await page.waitForFunction(() => !document.body.innerText.includes('Previous settings'));
  const followed = [await digest(page), await figures(page)];
  assert.notEqual(followed[0], EXAMPLE.digest);

  await page.locator('#start').click();
  await reaches(page, 'FINISHED');
  await page.waitForFunction(() => !/Not kept/.test(document.querySelector('#dials-words').textContent));
  assert.deepEqual([await digest(page), await figures(page)], followed, 'a run that is kept comes to the same');
  await page.locator('nav.pages').getByRole('link', { name: 'Runs' }).click();
  await page.locator('.run-line').first().waitFor();
  assert.equal(await page.locator('.run-line').count(), 2, 'the two that were started');
  assert.deepEqual(errors, []);
  await context.close();
});

test('a dial turns before the first run, once the data are read; who saves data reads nothing unasked', async () => {
  const { page, context, errors } = await open(browser, site.url);
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.mouse.move(1, 1);
  await page.locator('#dial-f-target-delta:enabled').waitFor();
  assert.equal(await page.locator('#status').getAttribute('data-state'), 'IDLE');
  await dial(page).press('ArrowRight');
  await computed(page);
  assert.equal(await page.getByText('An example result').count(), 0);
  const turned = await digest(page);
  // A reload computes it again.
  await page.reload();
  await computed(page);
  assert.equal(await digest(page), turned);

  await page.goto('about:blank');
  await page.goto(site.url);
  asked.length = 0;
  await thrifty(page);
  await page.waitForTimeout(1500); // longer than the page waits before it reads ahead
  assert.ok(await dial(page).isDisabled());
  assert.deepEqual(asked.filter((url) => /data\/btc-2026\//.test(url)), []);
  assert.deepEqual(errors, []);
  await context.close();
});

test('a dial turned back and forth ends where it stands', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await run(page);
  await dial(page).focus();
  for (let i = 0; i < 10; i += 1) await page.keyboard.press(i % 2 ? 'ArrowLeft' : 'ArrowRight');
  await computed(page);
  assert.equal(await page.locator('#f-variants-0--target-delta').inputValue(), '0.25');
  await page.waitForFunction(() => !document.body.innerText.includes('Previous settings'));
  assert.equal(await digest(page), EXAMPLE.digest);
  assert.deepEqual(errors, []);
  await context.close();
});

test('from the bare page to an own result with one changed setting in under 30 seconds, by keyboard', async () => {
  const { page, context, errors } = await open(browser, site.url);
  const begun = Date.now();
  await page.locator('#start:not([disabled])').waitFor();
  await page.keyboard.press('Space');
  await reaches(page, 'FINISHED');
  await dial(page).focus();
  await page.keyboard.press('ArrowLeft');
  await computed(page);
  const took = Date.now() - begun;
  console.log(`from the opened page to an own result with one changed setting, by keyboard, the run at its usual pace: ${took} ms`);
  assert.ok(took < 30_000, `${took} ms`);
  assert.match(await page.locator('#plan').innerText(), /delta 0\.24/);
  assert.deepEqual(errors, []);
  await context.close();
});

test('on a phone the form is folded between the results and the tabs, until it is asked for or something in it is wrong', async () => {
  const { page, context, errors } = await open(browser, site.url, { viewport: { width: 390, height: 844 } });
  const [fold, start] = [page.locator('#form-fold'), page.locator('#f-start')];
  await page.locator('#dial-f-target-delta').waitFor();
  assert.match(await fold.innerText(), /Settings\s+BTC, 2026-01-01 to 2026-06-30/);
  assert.equal(await start.isVisible(), false);
  assert.ok(await page.locator('.form').getByRole('button', { name: 'Income call' }).isVisible(), 'presets stay');
  await fold.click();
  assert.ok(await start.isVisible());
  await page.reload();
  await start.waitFor({ state: 'visible' });
  await start.fill('2001-01-01');
  await fold.click();
  assert.equal(await start.isVisible(), false);
  await page.locator('#start').click();
  await page.locator('#problems').waitFor();
  assert.ok(await start.isVisible(), 'what is wrong is seen');
  await start.fill('2026-01-01');
  await page.locator('#problems').waitFor({ state: 'detached' });
  assert.ok(await start.isVisible(), 'what was mended stays');
  await page.setViewportSize({ width: 1440, height: 900 });
  assert.equal(await fold.isVisible(), false, 'a wide window has the form beside the results');
  assert.deepEqual(errors, []);
  await context.close();
});

test('a preset fills the form in and runs; the defaults come back, and Back undoes it', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await page.locator('#pace').selectOption('full');
  assert.ok(await page.locator('#reset').isDisabled(), 'untouched');
  await page.locator('.form').getByRole('button', { name: 'Income call' }).click();
  await reaches(page, 'FINISHED');
  assert.match(await page.locator('#plan').innerText(), /delta 0\.35/);
  const [preset, words] = [page.locator('.form .chip[aria-pressed="true"]').first(), page.locator('.form .preset-words')];
  assert.equal(await preset.innerText(), 'Income call');
  assert.match(await words.innerText(), /^A weekly 35-delta call on one bitcoin, bought back/);
  await page.locator('#reset').click();
  assert.equal(await preset.innerText(), 'Covered call, 2026');
  assert.match(await page.locator('#plan').innerText(), /delta 0\.25/);
  assert.ok(await page.getByText('Previous settings').isVisible());
  await page.goBack();
  await page.waitForFunction(() => /delta 0\.35/.test(document.querySelector('#plan').textContent));
  assert.deepEqual(errors, []);
  await context.close();
});

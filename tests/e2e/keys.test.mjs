// The page by its shortcuts alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './browser.mjs';
import { ground } from './ground.mjs';
import { allSettings, reaches } from './walks.mjs';

const { browser, site } = await ground();

test('shortcuts run, pause, step and stop, and move between pages; typing is typing', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await page.locator('#start:enabled').waitFor();
  assert.match(await page.locator('#plan').innerText(), /^Every day at 08:00 UTC, unless one is open: sell a call on 1 BTC, of about 7 days and delta 0\.25/);
  await page.locator('#pace').selectOption('brisk');
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('Space');
  await reaches(page, 'RUNNING');
  await page.keyboard.press('Space');
  await reaches(page, 'PAUSED');
  const before = await page.locator('#date').innerText();
  for (let i = 0; i < 25; i++) await page.keyboard.press('.');
  await page.waitForFunction((date) => document.querySelector('#date').textContent !== date, before);

  // Escape closes what is open before it stops anything.
  await page.locator('#tab-panel tbody tr.line').first().click();
  await page.locator('#why').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('#why').waitFor({ state: 'detached' });
  await reaches(page, 'PAUSED');
  await page.keyboard.press('Escape');
  await reaches(page, 'STOPPED');

  // Nothing is typed into a slider.
  await page.locator('#dial-f-target-delta').focus();
  await page.keyboard.press('/');
  await page.locator('#run-search').waitFor();
  await page.locator('nav.pages').getByRole('link', { name: 'Backtest' }).click();
  await page.locator('#f-start').focus();
  await page.keyboard.press('?');
  assert.equal(await page.locator('#help-keys').count(), 0, 'a key in a field is typed');
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('?');
  await page.locator('#help-keys').waitFor();
  assert.match(await page.locator('main:visible').innerText(), /Space\s+Starts the run; pauses and resumes it\./);
  await page.keyboard.press('/');
  await page.locator('#run-search').waitFor();
  await page.waitForFunction(() => document.activeElement?.id === 'run-search');
  await page.keyboard.type('s/?');
  assert.equal(await page.locator('#run-search').inputValue(), 's/?');
  assert.deepEqual(errors, []);
  await context.close();
});

test('Space after a press of Start pauses, and never stops', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await page.locator('#pace').selectOption('brisk');
  await page.locator('#start').click();
  await reaches(page, 'RUNNING');
  await page.waitForFunction(() => document.activeElement.id === 'pause');
  await page.keyboard.press('Space');
  await reaches(page, 'PAUSED');
  await page.keyboard.press('Space');
  await reaches(page, 'FINISHED');
  await page.waitForFunction(() => document.activeElement.id === 'start');
  await page.keyboard.press('c');
  await page.getByText('There is one variant here').waitFor();
  assert.deepEqual(errors, []);
  await context.close();
});

test('c compares and s copies the link; no key that is typed into a field does anything else', async () => {
  const { page, context, errors } = await open(browser, site.url, { permissions: ['clipboard-read', 'clipboard-write'] });
  await allSettings(page);
  await page.getByRole('button', { name: 'Both exit styles side by side' }).click();
  await page.locator('#pace').selectOption('full');
  await page.locator('#start').click();
  await reaches(page, 'FINISHED');
  await page.locator('#compare-variants').waitFor();
  const leave = () => page.evaluate(() => document.activeElement.blur());
  await leave();
  await page.keyboard.press('s');
  await page.getByText('Link copied').waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /#r2=/);

  // Every shortcut, typed: the page stays where it is, with the run as it is.
  await page.evaluate(() => navigator.clipboard.writeText(''));
  for (const field of ['#f-variants-0--target-delta', '#f-variants-1--target-dte', '#pace']) {
    for (const key of ['Space', '.', 'c', 's', '/', '?', 'Escape']) await page.locator(field).press(key);
    assert.equal(await page.locator('#status').getAttribute('data-state'), 'FINISHED', field);
    assert.ok(await page.locator('#f-start').isVisible(), `${field}: the page is the same`);
  }
  assert.equal((await page.locator('#f-variants-0--target-delta').inputValue()).replace('0.25', ''), ' .cs/?');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), '');

  await leave();
  await page.keyboard.press('c');
  await page.locator('.compare-heads').waitFor();
  await page.keyboard.press('/');
  await page.waitForFunction(() => document.activeElement?.id === 'run-search');
  await page.keyboard.type('c s.?');
  assert.equal(await page.locator('#run-search').inputValue(), 'c s.?');
  assert.ok(await page.locator('#runs').isVisible());
  assert.deepEqual(errors, []);
  await context.close();
});

test('a put brings its name and its cash, and a problem speaks of its field', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await page.locator('#start:enabled').waitFor();
  assert.equal(await page.locator('#f-account-cash-usd').count(), 0);
  await page.locator('#f-variants-0--structure').selectOption('cash_secured_put');
  await page.locator('#plan .plan-note', { hasText: /^Cash-secured put: no cash is deposited, so no put can be secured\.$/ }).waitFor();
  await page.locator('#f-account-cash-usd').fill('100000');
  await page.locator('#plan', { hasText: 'sell a put against $100,000 of cash' }).waitFor();
  assert.equal(await page.locator('#plan .plan-note').count(), 0);
  await page.locator('#f-variants-0--target-delta').fill('25');
  await page.locator('#f-variants-0--target-delta').blur();
  await page.locator('#f-variants-0--target-delta-problem', { hasText: /^Target delta: 25 is above 1$/ }).waitFor();
  assert.deepEqual(errors, []);
  await context.close();
});

test('the plan follows the form, and says what keeps it from running', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await page.locator('#start:enabled').waitFor();
  await page.locator('#f-exit-style').selectOption('tp_and_roll');
  assert.match(await page.locator('#plan').innerText(), /buy it back within 2 % of the strike or once 80 % of the premium is earned, rolling up to 3 times/);
  await page.locator('#f-variants-0--target-delta').fill('0.5');
  await page.locator('#plan .plan-note', { hasText: /^Covered call: target delta 0\.5 is not between minimum delta 0\.15 and maximum delta 0\.35\.$/ }).waitFor();
  await page.locator('#f-start').fill('2025-06-01');
  // At its field, and not twice.
  await page.locator('#f-start-problem', { hasText: 'Data not available before 2025-12-30' }).waitFor();
  await page.locator('#plan', { hasText: /^These settings cannot run yet\.$/ }).waitFor();
  assert.deepEqual(errors, []);
  await context.close();
});

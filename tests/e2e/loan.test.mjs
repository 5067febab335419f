// A loan against gold or bitcoin: what a person with one does, in a real browser on the built site.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './browser.mjs';
import { ground } from './ground.mjs';
import { allSettings, reaches } from './walks.mjs';

const SLOW = 120_000;

const { browser, site } = await ground({ base: '/some/path/' });

const link = (url, request) => `${url}#r1=${Buffer.from(JSON.stringify(request)).toString('base64url')}`;
const example = (page, name) => page.locator('.form').getByRole('button', { name });
const button = (page, name) => page.getByRole('button', { name, exact: true });

/** The form with a loan of this size against a holding of gold. */
const gold = (principal, more = {}) => ({
  underlying: 'GLD', dataset: 'gld-long', start: '2020-01-02', end: '2020-06-30', timeframe: '1d',
  account: { coins: 1000, loan: { principal_usd: principal } }, ...more,
});

async function ready(url, options) {
  const opened = await open(browser, url, options);
  await opened.page.getByText('An example result').waitFor();
  return opened;
}

test('gold loan in 2020: three templates, one margin call avoided, link sent and verified', async () => {
  const { page, context, errors } = await ready(site.url, { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.locator('#pace').selectOption('full');
  await example(page, 'Gold loan, 2020').click();
  await reaches(page, 'FINISHED');
  assert.equal(await page.locator('#stage').innerText(), 'Complete');
  assert.equal(await page.locator('#tab-loan').getAttribute('aria-selected'), 'true', 'the Loan tab is open');
  assert.equal(await page.locator('#dials-variant').inputValue(), '1', 'the sliders begin at a hedge, not at none');
  const headline = await page.locator('#loan-headline').innerText();
  assert.match(headline, /^Without a hedge the margin call would have come on 2020-03-\d+, on \d+ days in all\. Put .* prevented it and cost \$/);
  const tiles = page.locator('.loan-result .tile');
  assert.match(await tiles.nth(0).innerText(), /2020-03-\d+/);
  assert.match(await tiles.nth(1).innerText(), /None/);
  assert.match(await tiles.nth(3).innerText(), /\$140\.00/);
  assert.match(await page.locator('#loan-why').innerText(), /^Put .* stands first/);
  const ranking = page.locator('#loan-ranking tbody tr');
  assert.equal(await ranking.count(), 4);
  assert.match(await ranking.nth(3).innerText(), /No hedge\s+\d+ days from 2020-03-\d+/);
  await ranking.nth(3).locator('button').click();
  assert.match(await page.locator('#loan-headline').innerText(), /^The margin call came on 2020-03-\d+/);
  const days = page.locator('.loan-days').locator('xpath=..');
  await days.evaluate((box) => box.scrollTo(0, box.scrollHeight * 0.8));
  await page.locator('.loan-days tr.called', { hasText: '2020-03' }).first().waitFor();
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('#loan-download').click()]);
  assert.equal(file.suggestedFilename(), 'chainwalk-loan.csv');

  await page.locator('#copy-link').click();
  await page.getByText('Link copied').waitFor();
  const sent = await page.evaluate(() => navigator.clipboard.readText());
  const second = await open(browser, sent);
  await second.page.locator('#pace').selectOption('full');
  await second.page.getByText('Verified: recomputed here, same result.').waitFor({ timeout: SLOW });
  assert.match(await second.page.locator('#loan-banner').innerText(), /prevented it/);
  assert.deepEqual([...errors, ...second.errors], []);
  await second.context.close();
  await context.close();
});

test('the read-out follows the typing; a loan above its collateral is refused at its field', async () => {
  const { page, context, errors } = await ready(link(site.url, gold(100_000)));
  const readout = page.locator('#loan-readout');
  await readout.getByText('$143.95').waitFor();
  assert.match(await readout.innerText(), /Opening LTV\s+69\.5 %/);
  await page.locator('#f-account-loan-principal-usd').fill('115000');
  assert.equal(await page.locator('#loan-warning').innerText(), 'The loan starts above its margin-call level.');
  await page.locator('#f-account-loan-principal-usd').fill('150000');
  const sentence = /^Historical scenario starts undercollateralised: loan \$150,000\.00 exceeds the opening collateral \$143,950\.00 at \$143\.95\. Reduce the loan or add units\.$/;
  assert.match(await page.locator('#loan-refusal').innerText(), sentence);
  await page.locator('#start').click();
  await page.locator('#problems').waitFor();
  assert.match(await page.locator('#f-account-loan-principal-usd-problem').innerText(), sentence);
  assert.equal(await page.locator('#status').innerText(), 'IDLE');
  await page.locator('#f-account-coins').fill('2000');
  await page.locator('#f-account-coins').blur();
  await page.locator('#problems').waitFor({ state: 'detached' });
  assert.deepEqual(errors, []);
  await context.close();
});

test('a day before the data has its sentence and its button', async () => {
  const { page, context, errors } = await ready(link(site.url, gold(1000, { start: '2004-01-01', end: '2005-12-30' })));
  await page.locator('#start').click();
  await page.getByText('Data not available before 2004-11-18. Set the start date to 2004-11-18 or later.').first().waitFor();
  await button(page, 'Set start to 2004-11-18').click();
  assert.equal(await page.locator('#f-start').inputValue(), '2004-11-18');
  await page.locator('#problems').waitFor({ state: 'detached' });
  assert.deepEqual(errors, []);
  await context.close();
});

test('templates are compared with one press, and one of one\'s own survives a reload', async () => {
  const { page, context, errors } = await ready(site.url);
  await allSettings(page);
  await page.locator('#compare-templates summary').click();
  await button(page, 'Compare templates').click();
  assert.deepEqual(await page.locator('.variant-name').allInnerTexts(), [
    'No hedge', 'Put ATM, 12 months', 'Put 95 %, 12 months', 'Put 90 %, 12 months', 'Ladder 100/90 %, 12 months', 'Collar 95 %, 12 months',
  ]);
  const ladder = page.locator('.variant').nth(4);
  await ladder.getByText('Legs', { exact: true }).click();
  const weight = page.locator('[id="f-variants-4--hedge-legs-0--weight"]');
  await weight.fill('40');
  await ladder.getByText('Name, roll, save').click();
  const name = page.locator('#template-name-4');
  await name.fill('Mine');
  await button(ladder, 'Save').click();
  await ladder.getByText('sum to 0.9').waitFor();
  await weight.fill('50');
  await name.fill('No hedge');
  await button(ladder, 'Save').click();
  await ladder.getByText('There is a template "No hedge" already; choose another name.').waitFor();
  await page.locator('[id="f-variants-4--hedge-legs-1--moneyness"]').fill('80');
  await name.fill('Mine');
  await button(ladder, 'Save').click();
  await ladder.getByText('Saved').waitFor();

  await page.goto(site.url);
  await page.reload();
  await allSettings(page);
  await page.locator('#compare-templates summary').click();
  await page.locator('.ticks').getByText('Mine', { exact: true }).click();
  await button(page, 'Compare templates').click();
  assert.equal(await page.locator('.variant-name').last().innerText(), 'Mine');
  await button(page, 'Delete the template Mine').click();
  await page.locator('.ticks').getByText('Mine', { exact: true }).waitFor({ state: 'detached' });
  assert.deepEqual(errors, []);
  await context.close();
});

test('worst start dates and made-up paths are one press away', async () => {
  const { page, context, errors } = await ready(link(site.url, gold(60_000, { variants: [{ name: 'Put', hedge: {} }] })));
  await page.locator('#loan-readout').getByText('$143.95').waitFor();
  await page.locator('#find-worst').click();
  const starts = page.getByRole('group', { name: 'Worst start dates' }).locator('.place');
  await starts.nth(4).waitFor({ timeout: SLOW });
  await starts.first().click();
  assert.notEqual(await page.locator('#f-start').inputValue(), '2020-01-02');
  await page.locator('#loan-readout dd', { hasText: 'after the data is loaded' }).first().waitFor({ state: 'detached' });
  const collateral = (text) => text.match(/Opening collateral\s+(\$[\d,]+)/)[1];
  const before = collateral(await page.locator('#loan-readout').innerText());
  await page.getByRole('group', { name: 'Synthetic scenarios' }).getByRole('button', { name: /^Crash/ }).click();
  await page.locator('.badge', { hasText: 'Synthetic' }).first().waitFor();
  await page.locator('#loan-readout dd', { hasText: /^\$99\.85$/ }).waitFor();
  assert.equal(collateral(await page.locator('#loan-readout').innerText()), before, 'the units are scaled');
  await page.locator('#pace').selectOption('full');
  await page.locator('#start').click();
  await reaches(page, 'FINISHED');
  assert.match(await page.locator('#loan-headline').innerText(), /margin call/);
  assert.deepEqual(errors, []);
  await context.close();
});

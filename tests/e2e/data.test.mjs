// The Data page on the built site: datasets, coverage, a board and its smiles without a run, the calibration and its factor.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { open } from './browser.mjs';
import { ground } from './ground.mjs';
import { serve } from './server.mjs';
import { allSettings } from './walks.mjs';

const SLOW = 120_000;

const { browser, site } = await ground({ base: '/some/path/' });

const words = (page, id) => page.locator(`#${id}`).innerText();

test('a dataset is chosen, a day opened, walked by keys, and the address finds it again', async () => {
  const { page, context, errors } = await open(browser, `${site.url}#data`);
  const list = page.getByRole('region', { name: 'List of datasets' });
  await list.getByRole('link', { name: /ETH options/ }).waitFor();
  assert.equal(await list.locator('tbody tr').count(), 11, 'every dataset of the catalog');
  const eth = await list.getByRole('row', { name: /ETH options/ }).innerText();
  for (const part of ['Fitted', '2025-12-30', '359', '91.4 %', '0.04 pts']) assert.ok(eth.includes(part), `${part} in ${eth}`);
  const packs = () => site.requests.filter((request) => /-\d{4}\/|-long\//.test(request.path)).length;
  assert.equal(packs(), 0, 'the list needs no file');

  await list.getByRole('link', { name: /ETH options/ }).click();
  await page.waitForURL(/#data\/eth-2026$/);
  await page.getByRole('heading', { name: /^ETH options/ }).waitFor();
  await page.locator('#snapshot-words', { hasText: /^ETH index \$/ }).waitFor();
  await page.locator('#coverage-summary', { hasText: '1 of 4 files read' }).waitFor();
  assert.equal(packs(), 1, 'one file for one day');

  await page.locator('#browser-day').fill('2026-02-10');
  await page.waitForURL(/#data\/eth-2026\/2026-02-10T\d\d:\d\d$/);
  await page.locator('#snapshot-words', { hasText: /^ETH index \$/ }).waitFor();
  const times = await page.locator('#browser-time option').allInnerTexts();
  assert.ok(times.length >= 3, `about four snapshots a day: ${times}`);
  await page.locator('#browser-time').selectOption({ label: times[0] });
  await page.waitForURL(new RegExp(`2026-02-10T${times[0]}$`));
  assert.match(await words(page, 'snapshot-words'), /^ETH index \$[\d,]+, 30-day volatility [\d.]+ %: 1\d expiries, [\d,]+ options, [\d,]+ of them with bid and ask \([\d.]+ %\)\. Fit error here: median 0\.\d+ volatility points, 95 % under 0\.\d+\.$/);
  assert.match(await words(page, 'board-words'), /^Expires 20\d\d-\d\d-\d\d 08:00 UTC, in [\d.]+ d\. Forward \$[\d,]+, [+−][\d.]+ % against the index\. Prices in ETH, strikes in USD;/);
  assert.match(await words(page, 'smile-words'), /^At the forward: 2026-\d\d-\d\d, [\d.]+ d: [\d.]+ % at [\d,]+;/);
  const central = page.getByRole('region', { name: 'Board' }).locator('tr.central td');
  assert.equal(await central.count(), 10, 'no open interest is kept, so there are no columns for it');
  assert.match((await central.allInnerTexts())[4], /^0\.\d{4}$/, 'a bid in coin');

  const before = await words(page, 'snapshot-words');
  await page.locator('#walk').focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForURL(new RegExp(`2026-02-10T${times[1]}$`));
  assert.notEqual(await words(page, 'snapshot-words'), before);
  await page.keyboard.press('ArrowLeft');
  await page.waitForURL(new RegExp(`2026-02-10T${times[0]}$`));

  await page.getByRole('button', { name: 'Forward curve' }).click();
  await page.locator('#browser .readout-name', { hasText: /^Forward \/ index/ }).waitFor();
  await page.locator('#browser').getByRole('button', { name: 'Data table' }).click();
  await page.locator('#browser').getByText('Days to expiry').first().waitFor();
  await page.reload();
  await page.locator('#snapshot-words', { hasText: before }).waitFor();
  await page.goBack();
  await page.waitForURL(/#data$/);
  await page.locator('#dataset').waitFor({ state: 'detached' });
  assert.deepEqual(errors, []);
  await context.close();
});

test('an address of a minute without a snapshot says which one is shown instead', async () => {
  const { page, context, errors } = await open(browser, `${site.url}#data/btc-2026/2026-03-14T12:00`);
  await page.locator('#snapshot-words', { hasText: 'There is no snapshot of 2026-03-14 12:00 UTC; this is the nearest earlier one.' }).waitFor();
  await page.waitForURL(/2026-03-14T09:25$/);
  await page.locator('#walk').press('ArrowRight');
  await page.locator('#snapshot-words', { hasNotText: 'There is no snapshot' }).waitFor();
  await page.locator('#browser-day').fill('2026-03-02');
  await page.waitForURL(/2026-03-02T/);
  assert.doesNotMatch(await words(page, 'snapshot-words'), /There is no/, 'a day is its last snapshot');
  await page.goto(`${site.url}#data/btc-2026/2026-02-10T12:00`);
  await page.waitForURL(/2026-02-10T(?!12:00)/);
  await page.locator('#snapshot-words', { hasText: 'There is no snapshot of 2026-02-10 12:00 UTC' }).waitFor();
  assert.deepEqual(errors, []);
  await context.close();
});

test('coverage names days and gaps, by pointer and keyboard, and a day opens its chain', async () => {
  const { page, context, errors } = await open(browser, `${site.url}#data/msft-2026`);
  await page.locator('#read-all').click();
  await page.getByText('Everything is read.').waitFor({ timeout: SLOW });
  assert.equal(await words(page, 'coverage-summary'), '2 of 2 files read.');
  assert.equal(await words(page, 'calendar-sentence'), '28 days, 18 with quotes, 1 with a gap, 9 closed.');
  const card = page.locator('.data-card', { has: page.locator('#coverage-title') });
  await card.locator('#calendar-save').click();
  const [file] = await Promise.all([page.waitForEvent('download'), card.getByRole('button', { name: 'SVG drawing' }).first().click()]);
  assert.equal(file.suggestedFilename(), 'chainwalk-coverage.svg');
  assert.match(await readFile(await file.path(), 'utf8'), /Coverage by day[^]*28 days, 18 with quotes[^]*MSFT/);
  await card.getByRole('button', { name: 'Data table' }).first().click();
  const months = card.getByRole('region', { name: 'Coverage by month' }).locator('tbody tr');
  await months.first().waitFor();
  const cells = await months.evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
  const sums = [1, 2, 3].map((column) => cells.reduce((sum, row) => sum + Number(row[column]), 0));
  assert.deepEqual([sums, cells.map((row) => row[5]).join()], [[18, 0, 9], '–,9'], 'days with quotes, not read, closed, and the day with a gap');
  await card.getByRole('button', { name: 'Chart', exact: true }).click();
  assert.match(await words(page, 'calendar-words'), /^2026-04-13: 1 snapshot, [\d,]+ quotes/);
  await page.locator('#calendar').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.locator('#calendar-words', { hasText: '2026-04-09: gap, no snapshot' }).waitFor();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.waitForURL(/#data\/msft-2026\/2026-04-08T20:00$/);
  assert.match(await words(page, 'board-words'), /Prices in USD, strikes in USD;/);
  const heat = await page.getByRole('region', { name: 'Median relative spread by delta and days to expiry' }).locator('tbody td').allInnerTexts();
  assert.ok(heat.some((cell) => /^\d+(\.\d)? %$/.test(cell)), heat.join(' '));
  assert.equal(await page.getByRole('region', { name: 'Board' }).locator('tr.central td').count(), 12, 'with open interest');
  await page.locator('#backtest-from-here').click();
  await page.locator('#start').waitFor();
  await allSettings(page);
  assert.equal(await page.locator('#f-dataset').inputValue(), 'msft-2026');
  assert.equal(await page.locator('#f-start').inputValue(), '2026-04-08');
  assert.deepEqual(errors, []);
  await context.close();
});

test('a model is compared with recorded months, and its factor moves residuals and premium', async () => {
  const { page, context, errors } = await open(browser, `${site.url}#data/btc-long`);
  const said = page.locator('#residual-words', { hasText: 'out-of-the-money options' });
  await said.waitFor({ timeout: SLOW });
  const bias = async () => Number((await said.innerText()).match(/median ([+−]?[\d.]+) points/)[1].replace('−', '-'));
  const premium = async () => Number((await words(page, 'premium-words')).match(/premium ([\d.]+) BTC/)[1]);
  await page.locator('#premium-words', { hasText: 'premium' }).waitFor();
  const [first, cheap] = [await bias(), await premium()];
  const cells = () => page.getByRole('region', { name: 'Median residual by delta and days to expiry' }).locator('tbody td').allInnerTexts();
  const before = await cells();
  assert.ok(before.length >= 7 * 6 && before.some((cell) => /^[+−]\d/.test(cell)));
  const old = await said.innerText();
  await page.locator('#vol-factor').fill('1.2');
  await page.locator('.factor output', { hasText: '1.20' }).waitFor();
  await page.waitForFunction((old) => document.querySelector('#residual-words').textContent !== old, old);
  assert.ok((await bias()) > first + 5, `a fifth more volatility: ${first} to ${await bias()}`);
  assert.ok((await premium()) > cheap * 1.1, `and dearer: ${cheap} to ${await premium()}`);
  assert.notDeepEqual(await cells(), before);
  await page.getByRole('button', { name: 'As calibrated' }).click();
  await page.locator('.factor output', { hasText: '1.00' }).waitFor();
  assert.equal(await bias(), first);
  await page.getByText('Against btc-2026. Real index, forwards and strikes; smiles and spreads are fitted to recorded quotes. Median error 0.05 volatility points, 95 % under 0.22.').waitFor();
  await page.locator('#against').selectOption({ label: 'btc-board-2024-12-31' });
  await page.getByText('Against btc-board-2024-12-31. Real quotes of a venue: some may be left out, none is changed.').waitFor();
  const ratios = page.getByRole('region', { name: 'Ratio to a volatility index by year' });
  assert.match(await ratios.getByRole('row', { name: /^2023/ }).innerText(), /365\s+1\.02\s+0\.84 to 1\.13/);
  assert.deepEqual(errors, []);
  await context.close();
});

test('a file that cannot be read says so and is tried again; an unknown dataset is named', async () => {
  const broken = await serve({ faults: [{ match: /2026-03\.json$/, status: 500 }] });
  try {
    const { page, context } = await open(browser, `${broken.url}#data/eth-2026`);
    await page.locator('#browser').getByRole('alert').waitFor();
    assert.match(await page.locator('#browser .banner').innerText(), /eth-2026\/2026-03\.json/);
    broken.faults.length = 0;
    await page.locator('#browser').getByRole('button', { name: 'Try again' }).click();
    await page.locator('#snapshot-words', { hasText: /^ETH index/ }).waitFor();
    await page.goto(`${broken.url}#data/nothing-here`);
    await page.getByText('There is no dataset nothing-here here').waitFor();
    await context.close();
  } finally {
    await broken.close();
  }
});

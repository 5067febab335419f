// The Runs and Compare pages on the built site: what was run is found again, compared, taken away and brought back.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { open } from './browser.mjs';
import { ground } from './ground.mjs';
import { serve } from './server.mjs';

const SLOW = 120_000;

const { browser, site } = await ground({ base: '/some/path/' });

const place = (page, name) => page.locator('.pages').getByRole('link', { name, exact: true }).click();
const lines = (page) => page.locator('#runs .run-line');
const column = (page, n) => page.locator(`#runs .run-line td:nth-child(${n})`).allInnerTexts();

async function run(page, change) {
  await change();
  await page.locator('#pace').selectOption('full');
  await page.locator('#start').click();
  await page.locator('#status:not([data-state="FINISHED"])').waitFor({ timeout: 2000 }).catch(() => {});
  await page.locator('#status[data-state="FINISHED"]').waitFor({ timeout: SLOW });
}

/** A page on which two runs were made: January held to expiry, and a month more with profits taken. */
async function withTwoRuns() {
  const { page, context, errors } = await open(browser, site.url, { acceptDownloads: true });
  await page.getByText('An example result').waitFor();
  const until = async (day) => {
    await page.locator('#f-end').fill(day);
    await page.locator('#f-end').blur();
  };
  await run(page, () => until('2026-01-31'));
  await run(page, async () => {
    await until('2026-02-28');
    await page.locator('#f-exit-style').selectOption('tp_and_roll');
  });
  await place(page, 'Runs');
  await lines(page).nth(1).waitFor();
  await page.locator('.run-line .word[data-state="FINISHED"]').nth(1).waitFor();
  return { page, context, errors };
}

async function digest(page, n) {
  const more = lines(page).nth(n).getByRole('button', { name: /files and details of/ });
  if ((await more.getAttribute('aria-expanded')) === 'false') await more.click();
  const text = await page.locator('.run-details').innerText();
  return text.match(/Digest\s+([0-9a-f]{64})/)[1];
}

async function download(page, words) {
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('.run-details').getByRole('button', { name: words }).click()]);
  return { path: await file.path(), name: file.suggestedFilename() };
}

test('runs are listed, labelled, found and ordered', async () => {
  const { page, context, errors } = await withTwoRuns();
  assert.equal(await page.locator('#run-count').innerText(), '2 runs');
  assert.deepEqual((await column(page, 5)).map((text) => text.split(/\s+/)[1]), ['2026-02-28', '2026-01-31'], 'newest first');
  await lines(page).nth(1).getByRole('button', { name: /^Edit the label/ }).click();
  await page.locator('#runs input:focus[id^="label-"]').fill('January, held');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'January, held' }).waitFor();
  await page.locator('#run-search').fill('held january');
  await page.getByText('1 of 2 runs').waitFor();
  assert.equal(await lines(page).count(), 1);
  await page.locator('#run-search').fill('nothing of this kind');
  await page.getByRole('button', { name: 'Show all runs' }).click();
  await lines(page).nth(1).waitFor();
  await page.getByRole('button', { name: 'Dates' }).click();
  assert.match(await page.locator('th[aria-sort="descending"]').innerText(), /^Dates/);
  await page.getByRole('button', { name: 'Dates' }).click();
  assert.match((await column(page, 5))[0], /2026-01-31/);
  await page.getByRole('link', { name: 'January, held' }).click();
  await page.locator('#status[data-state="FINISHED"]').waitFor();
  assert.match(page.url(), /#run=/);
  await page.goBack();
  await page.getByRole('link', { name: 'January, held' }).waitFor();
  assert.deepEqual(errors, []);
  await context.close();
});

test('two runs side by side: what differs first, then every figure with its difference', async () => {
  const { page, context, errors } = await withTwoRuns();
  assert.ok(await page.locator('#compare-selected').isDisabled());
  for (const n of [1, 0]) await lines(page).nth(n).getByRole('checkbox').check();
  await page.locator('#compare-selected:enabled').waitFor();
  await page.keyboard.press('c');
  const settings = page.getByRole('region', { name: 'Settings that differ' });
  await settings.waitFor();
  assert.match(page.url(), /#compare=/);
  const differing = await settings.locator('tbody tr').allInnerTexts();
  assert.deepEqual(differing.map((row) => row.split('\n')[0].trim()), ['End', 'Exit style']);
  assert.match(differing[0], /2026-01-31\s+2026-02-28/);
  const figures = page.getByRole('region', { name: 'Every figure with its difference to the first column' });
  const row = (title) => figures.locator('tbody tr', { has: page.getByRole('button', { name: title, exact: true }) });
  const apart = await row('Trades').locator('.apart').innerText();
  assert.match(apart, /^(\+|\u2212)?\d+|same/);
  assert.ok((await figures.locator('tbody tr').count()) > 50, 'every figure of the glossary');
  assert.equal(await row('Trades').locator('td').first().locator('.apart').count(), 0, 'the first column has no difference');
  await page.locator('#compare-plot').focus();
  await page.keyboard.press('Home');
  await page.locator('#compare .readout-time', { hasText: '2026-01-01 00:00 UTC' }).waitFor();
  await page.getByRole('button', { name: 'Data table' }).click();
  await page.getByRole('region', { name: 'Equity and distance from HODL by day' }).getByText('2026-02-28').waitFor();
  await page.reload();
  await page.locator('#compare').waitFor();
  assert.deepEqual(errors, []);
  await context.close();
});

test('a run is deleted, put back, taken away, deleted again and brought back with its digest', async () => {
  const { page, context, errors } = await withTwoRuns();
  const name = await page.locator('.run-name a').first().getAttribute('title');
  const before = await digest(page, 0);
  await lines(page).first().getByRole('button', { name: /^Delete/ }).click();
  await page.getByText(`Deleted ${name}.`).waitFor();
  await page.locator('#run-count', { hasText: '1 run' }).waitFor();
  assert.equal(await lines(page).count(), 1);
  await page.keyboard.press('Enter'); // the undo button has the focus
  await page.getByText(`${name} is back.`).waitFor();
  await lines(page).nth(1).waitFor();

  const json = await download(page, 'Run as JSON');
  assert.match(json.name, /^chainwalk-.*\.json$/);
  assert.equal(JSON.parse(readFileSync(json.path)).chainwalk_run, 1);
  const equity = await download(page, 'Equity as CSV');
  assert.match(readFileSync(equity.path, 'utf8'), /^variant,time_utc,index_usd,/);
  const zip = await download(page, 'All as one zip');
  const bytes = readFileSync(zip.path);
  assert.equal(bytes.subarray(0, 4).toString('latin1'), 'PK\x03\x04');
  for (const part of ['.json', '-steps.csv', '-trades.csv', '-equity.csv']) assert.ok(bytes.includes(part), part);

  await lines(page).first().getByRole('button', { name: /^Delete/ }).click();
  await page.locator('#run-count', { hasText: '1 run' }).waitFor();
  await page.locator('#run-import').setInputFiles([
    { name: zip.name, mimeType: 'application/zip', buffer: bytes },
    { name: 'other.json', mimeType: 'application/json', buffer: Buffer.from('{}') },
  ]);
  await page.getByText(`Imported ${name}.`).waitFor();
  await page.getByText('other.json is not imported: this file is not a run that chainwalk exported').waitFor();
  await page.locator('#run-import').setInputFiles([{ name: json.name, mimeType: 'application/json', buffer: readFileSync(json.path) }]);
  await page.getByText(`${name} is kept already.`).waitFor();
  await lines(page).nth(1).waitFor();
  assert.equal(await digest(page, 0), before);
  assert.deepEqual(errors, []);
  await context.close();
});

test('the limits clear up and say how much', async () => {
  const { page, context, errors } = await withTwoRuns();
  await page.locator('#most-runs').fill('none');
  await page.locator('#clear-up').click();
  assert.equal(await page.locator('#most-runs').getAttribute('aria-invalid'), 'true');
  await page.locator('#most-runs').fill('1');
  await page.locator('#most-runs').blur();
  await page.locator('#clear-up').click();
  await page.getByText(/^1 run cleared up, .* freed\.$/).waitFor();
  await page.locator('#run-count', { hasText: /^1 run$/ }).waitFor();
  assert.deepEqual(errors, []);
  await context.close();
});

test('a run whose page was closed says so on the Runs page, and goes on to the end', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await page.getByText('An example result').waitFor();
  await page.locator('#f-end').fill('2026-02-28');
  await page.locator('#f-end').blur();
  await page.locator('#pace').selectOption('walk');
  await page.locator('#start').click();
  await page.waitForFunction(() => parseInt(document.querySelector('#percent').textContent, 10) >= 10, undefined, { timeout: SLOW });
  await place(page, 'Runs');
  await page.locator('.run-line .word[data-state="RUNNING"]').waitFor();
  const other = await context.newPage();
  await other.goto(`${site.url}#runs`);
  await other.locator('.run-line .word[data-state="RUNNING"]').waitFor();
  assert.ok(await other.locator('#runs .run-line').getByRole('button', { name: /^Delete/ }).isDisabled(), 'it belongs to the other tab');
  await page.close();
  await other.locator('.run-line .word[data-state="INTERRUPTED"]').waitFor();
  await lines(other).first().getByRole('button', { name: /^Resume/ }).click();
  await other.locator('#pace').selectOption('full');
  await other.locator('#status[data-state="FINISHED"]').waitFor({ timeout: SLOW });
  await place(other, 'Runs');
  await other.locator('.run-line .word[data-state="FINISHED"]').waitFor();
  assert.deepEqual(errors, []);
  await context.close();
});

test('a run under way is stopped and deleted, and is put back as far as it came', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await page.getByText('An example result').waitFor();
  await page.locator('#pace').selectOption('brisk');
  await page.locator('#start').click();
  await page.waitForFunction(() => parseInt(document.querySelector('#percent').textContent, 10) >= 5, undefined, { timeout: SLOW });
  await place(page, 'Runs');
  await lines(page).first().getByRole('button', { name: /^Delete/ }).click();
  await page.getByText('No runs are kept yet.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.locator('.run-line .word[data-state="STOPPED"]').waitFor();
  assert.ok(parseInt((await column(page, 10))[0], 10) >= 5, 'its progress is kept');
  assert.deepEqual(errors, []);
  await context.close();
});

test('a run that failed is listed and compared with dashes, and a dropped file is imported', async () => {
  const broken = await serve({ faults: [{ match: /2026-01\.json$/, status: 500 }] });
  try {
    const { page, context } = await open(browser, broken.url);
    await page.locator('#pace').selectOption('full');
    await page.locator('#start').click();
    await page.locator('#status[data-state="ERROR"]').waitFor({ timeout: SLOW });
    broken.faults.length = 0;
    await run(page, () => page.locator('#f-end').fill('2026-01-31'));
    await place(page, 'Runs');
    await page.locator('.run-line .word[data-state="ERROR"]').waitFor();
    for (const n of [0, 1]) await lines(page).nth(n).getByRole('checkbox').check();
    await page.locator('#compare-selected').click();
    await page.getByText('failed: Data: ').waitFor();
    assert.equal(await page.locator('.compare-head .word').nth(1).innerText(), 'ERROR');
    const cells = await page.locator('.figures tbody td:nth-child(3)').allInnerTexts();
    assert.ok(cells.some((text) => text.startsWith('\u2013')), 'dashes where there is nothing');
    await place(page, 'Runs');
    const dropped = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(['nonsense'], 'notes.txt'));
      return data;
    });
    await page.dispatchEvent('#runs', 'dragover', { dataTransfer: dropped });
    await page.dispatchEvent('#runs', 'drop', { dataTransfer: dropped });
    await page.getByText('notes.txt is not imported').waitFor();
    await context.close();
  } finally {
    await broken.close();
  }
});

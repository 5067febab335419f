// The JSON API, its documented examples and the log, on the built site in a real browser.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { open } from './browser.mjs';
import { ground } from './ground.mjs';

const REQUEST = { start: '2026-03-01', end: '2026-03-14', exit_style: 'tp_and_roll' };
const DIGEST = /^[0-9a-f]{64}$/;

const { browser, site } = await ground({ base: '/some/path/' });

/** A page at full speed, so that a run takes as long as its data. */
async function fresh(fragment = '') {
  const opened = await open(browser, site.url + fragment);
  await opened.page.evaluate(() => localStorage.setItem('chainwalk.speed', 'full'));
  await opened.page.reload();
  await opened.page.evaluate(() => window.started);
  return opened;
}

/** Calls a method; what it rejects with comes back under `refused`. */
const call = (page, method, ...args) =>
  page.evaluate(([method, args]) => chainwalk[method](...args).catch((refused) => ({ refused })), [method, args]);

async function ended(page) {
  return page.evaluate(async () => {
    for (;;) {
      const now = await chainwalk.status();
      if (!now.running) return now;
      await new Promise((next) => setTimeout(next, 50));
    }
  });
}

test('every method of the API does what it says', async () => {
  const { page, context, errors } = await fresh();
  const before = await call(page, 'status');
  assert.deepEqual([before.running, before.state, before.run_id, before.metrics], [false, 'draft', null, null]);
  assert.deepEqual((await call(page, 'pause')).message, 'no backtest is on screen');
  const version = await page.evaluate(() => chainwalk.version);
  assert.match(version, /^\d+\.\d+\.\d+$/);
  const health = await call(page, 'health');
  assert.equal(health.version, version);
  assert.ok(health.datasets >= 1 && ['ok', 'degraded'].includes(health.status), JSON.stringify(health));
  const [dataset] = await call(page, 'datasets');
  assert.deepEqual([dataset.id, dataset.underlying], ['btc-2026', 'BTC']);

  const { run_id } = await call(page, 'start', REQUEST);
  assert.match(run_id, /^[\w-]+$/);
  assert.equal(await page.locator('#f-start').inputValue(), '2026-03-01', 'the form is the request');
  assert.equal(await page.locator('#f-exit-style').inputValue(), 'tp_and_roll');
  const done = await ended(page);
  assert.deepEqual([done.state, done.run_id, done.progress_pct, done.error], ['completed', run_id, 1, null]);
  assert.deepEqual([done.decisions_processed, done.total_decisions], [14, 14]);
  assert.deepEqual([done.start_date, done.end_date, done.underlying, done.exit_style], ['2026-03-01', '2026-03-14', 'BTC', 'tp_and_roll']);
  assert.ok(Date.parse(done.started_at) <= Date.parse(done.finished_at));
  assert.equal(done.current_time, '2026-03-14T23:00:00Z');
  assert.ok(done.metrics.num_trades > 0 && done.equity > 0 && done.hodl > 0);
  assert.ok(done.recent_steps.length >= 14 && done.recent_steps[0].time > done.recent_steps.at(-1).time);
  assert.deepEqual(done.units.map((unit) => [unit.variant, unit.state]), [['Covered call', 'completed']]);
  assert.ok(await page.getByText('Previous settings').isHidden(), 'the results are of the form');

  const record = await call(page, 'run', run_id);
  assert.match(record.digest, DIGEST);
  assert.deepEqual(record.units[0].metrics, done.metrics);
  assert.equal(record.units[0].trades.length, done.metrics.num_trades);
  assert.deepEqual(await call(page, 'label', run_id, 'march'), { id: run_id, label: 'march' });
  const found = await call(page, 'runs', { search: 'MARCH', underlying: 'BTC', state: 'completed', limit: 5, offset: 0 });
  assert.deepEqual([found.total, found.items[0].id, found.items[0].label, found.items[0].digest], [1, run_id, 'march', record.digest]);

  const file = await call(page, 'export', run_id, 'json');
  const csv = await call(page, 'export', run_id, 'csv');
  assert.match(csv.steps, /^variant,time_utc,/);
  assert.match(csv.trades, /^variant,trade,leg,contract,/);
  assert.equal(csv.equity.trim().split('\n').length, 14 * 24 + 1);
  const zipped = await page.evaluate(async (id) => [...(await chainwalk.export(id, 'zip')).subarray(0, 4)], run_id);
  assert.deepEqual(zipped, [0x50, 0x4b, 3, 4], 'a ZIP archive');
  assert.deepEqual(await call(page, 'delete', run_id), { id: run_id });
  assert.equal((await call(page, 'runs')).total, 0);
  assert.deepEqual(await call(page, 'import', file), { run_id });
  assert.equal((await call(page, 'run', run_id)).digest, record.digest);
  assert.deepEqual(await page.evaluate((text) => chainwalk.import(new File([text], 'run.json')), file), { run_id });
  assert.deepEqual(errors, []);
  await context.close();
});

test('a run whose page was closed in the middle has the trades of its steps', async () => {
  const { page, context, errors } = await fresh();
  const { run_id } = await page.evaluate(async () => {
    const begun = await chainwalk.start({ start: '2026-03-01', end: '2026-04-30' });
    await chainwalk.pause();
    return begun;
  });
  for (let marks = 0; marks < 200 && !(await call(page, 'status')).metrics?.num_trades; marks += 1) await call(page, 'step');
  // The next mark is saved, since the last save is long ago.
  await page.waitForTimeout(2_500);
  await call(page, 'step');
  const record = async () => call(page, 'run', run_id);
  let before = await record();
  for (let tries = 0; tries < 50 && !before.units[0].metrics; tries += 1) {
    await page.waitForTimeout(100);
    before = await record();
  }
  await page.reload();
  await page.waitForFunction(() => window.chainwalk);
  let after = await record();
  for (let tries = 0; tries < 50 && after.refused; tries += 1) {
    await page.waitForTimeout(100);
    after = await record();
  }
  assert.ok(before.units[0].trades.length > 0);
  assert.deepEqual(after.units, before.units);
  assert.deepEqual(errors, []);
  await context.close();
});

test('commands: start is refused while a run is under way, pause and step hold it, stop keeps what there is', async () => {
  const { page, context, errors } = await fresh();
  const [{ run_id }, again, paused] = await page.evaluate(async (request) => [
    await chainwalk.start({ start: '2026-03-01', end: '2026-04-30' }),
    await chainwalk.start(request).catch((refused) => ({ refused })),
    await chainwalk.pause(),
  ], REQUEST);
  assert.deepEqual(again.refused, { error: 'backtest already running', code: 'already_running' });
  assert.deepEqual(paused, { state: 'paused', message: null });
  assert.equal((await call(page, 'status')).running, true, 'a paused run is under way');
  assert.equal((await call(page, 'start', REQUEST)).refused.code, 'already_running');
  assert.match((await call(page, 'pause')).message, /has no effect/);
  for (const mark of ['2026-03-01T00:00:00Z', '2026-03-01T01:00:00Z']) {
    assert.deepEqual(await call(page, 'step'), { state: 'paused', message: null });
    assert.equal((await call(page, 'status')).current_time, mark, 'one step is one mark, however late its data come');
  }
  const resumed = await page.evaluate(async () => [await chainwalk.resume(), await chainwalk.pause()]);
  assert.deepEqual(resumed.map((answer) => answer.message), [null, null]);
  const { progress_pct } = await call(page, 'status');
  assert.deepEqual(await call(page, 'stop'), { state: 'stopped', message: null });
  const stopped = await call(page, 'status');
  assert.deepEqual([stopped.running, stopped.state, stopped.progress_pct], [false, 'stopped', progress_pct]);
  assert.equal(stopped.metrics.annualised_return, null, 'partial figures are not annualised');
  assert.match((await call(page, 'resume')).message, /has no effect/);
  assert.equal((await call(page, 'run', run_id)).state, 'stopped');

  // a run that is under way is stopped before it goes
  const second = await page.evaluate(async () => {
    const begun = await chainwalk.start({ start: '2026-03-01', end: '2026-04-30' });
    await chainwalk.pause();
    return begun;
  });
  assert.deepEqual(await call(page, 'delete', second.run_id), { id: second.run_id });
  assert.equal((await call(page, 'status')).running, false);
  assert.equal((await call(page, 'run', second.run_id)).refused.code, 'not_found');
  assert.deepEqual(errors, []);
  await context.close();
});

test('what is refused has a sentence and a code', async () => {
  const { page, context } = await fresh();
  const cases = [
    ['start', [{ start: '2025-06-01' }], 'invalid_request', 'Data not available before 2025-12-30. Set the start date to 2025-12-30 or later.'],
    ['start', [{ start: '2026-03-02', end: '2026-03-01' }], 'invalid_request', 'start date must be before end date'],
    ['start', [{ strat: 1 }], 'invalid_request', /strat/],
    ['start', ['text'], 'invalid_request', 'the request is not a JSON object'],
    ['run', ['nobody'], 'not_found', 'run nobody is not kept in this browser'],
    ['run', [], 'invalid_request', 'id: expected a text'],
    ['export', ['nobody', 'csv'], 'not_found', /nobody/],
    ['export', ['nobody', 'xml'], 'invalid_request', 'format: "xml" is not one of json, csv, zip'],
    ['label', ['nobody', 'x'], 'not_found', /nobody/],
    ['delete', ['nobody'], 'not_found', /nobody/],
    ['runs', [{ page: 2 }], 'invalid_request', /^page: unknown field/],
    ['import', ['{"no": "run"}'], 'data', /not a run that chainwalk exported/],
    ['import', [3], 'invalid_request', /^file: /],
  ];
  for (const [method, args, code, sentence] of cases) {
    const { refused } = await call(page, method, ...args);
    assert.equal(refused?.code, code, `${method} ${JSON.stringify(args)}`);
    assert.match(refused.error, sentence instanceof RegExp ? sentence : new RegExp(`^${RegExp.escape?.(sentence) ?? sentence.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`));
  }
  assert.equal((await call(page, 'status')).state, 'draft', 'nothing was begun');
  await context.close();
});

test('the examples of the Help page do what they say', async () => {
  const { page, context, errors } = await fresh('#help=api');
  const expected = {
    'example-run': [/^[\w-]+ completed \d+ trades -?[\d.e-]+ BTC$/],
    'example-variants': [/^Hold completed \d+ trades /, /^Roll completed \d+ trades /],
    'example-commands': [/^one mark: 2026-03-01T00:00:00Z to 2026-03-01T01:00:00Z stopped$/],
    'example-errors': [/^invalid_request - start date must be before end date$/],
    'example-history': [/^2 completed, 1 labelled: from the console [0-9a-f]{64}$/],
    'example-export': [/^same digest variant,trade,leg,contract/],
  };
  const sources = await page.locator('.sample code').evaluateAll((all) => all.map((code) => [code.id, code.textContent]));
  assert.deepEqual(sources.map(([id]) => id), Object.keys(expected), 'every example has an expected outcome');
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.locator('.sample button').first().click();
  // What is copied is what runs.
  let copied;
  for (let tries = 0; tries < 50 && copied !== sources[0][1]; tries += 1) copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, sources[0][1]);
  for (const [id, source] of sources) {
    const said = [];
    const hear = (message) => message.type() === 'log' && said.push(message.text());
    page.on('console', hear);
    await page.evaluate((source) => new (async () => {}).constructor(source)(), source);
    page.off('console', hear);
    assert.equal(said.length, expected[id].length, `${id}: ${said}`);
    expected[id].forEach((pattern, i) => assert.match(said[i], pattern, id));
  }
  assert.deepEqual(errors, []);
  await context.close();
});

test('Help: sections by link, the whole glossary, the declarations', async () => {
  const { page, context, errors } = await fresh('#help=glossary');
  await page.locator('#help-glossary:focus').waitFor();
  await page.locator('.glossary dt').nth(40).waitFor();
  await page.locator('.help-nav').getByText('Links and verification').click();
  await page.locator('#help-links:focus').waitFor();
  assert.match(page.url(), /#help=links$/);
  await page.goBack();
  await page.locator('#help-glossary:focus').waitFor();
  assert.match(page.url(), /#help=glossary$/);
  const declared = await page.evaluate(async () => (await fetch(document.querySelector('a[href="chainwalk.d.ts"]').href)).text());
  assert.equal(declared, readFileSync(new URL('../../assets/chainwalk.d.ts', import.meta.url), 'utf8'));
  const wide = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
  await page.setViewportSize({ width: 390, height: 844 });
  const narrow = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
  assert.deepEqual([wide, narrow], [true, true], 'the page does not scroll sideways');
  assert.deepEqual(errors, []);
  await context.close();
});

test('the log tells a run, is filtered, taken as JSON lines, and kept with the run', async () => {
  const { page, context, errors } = await fresh();
  const variants = [{ name: 'On' }, { name: 'Off', enabled: false }];
  const { run_id } = await call(page, 'start', { ...REQUEST, variants });
  await ended(page);
  await page.locator('#tab-log').click();
  const rows = page.locator('#tab-panel tbody tr:not(.spacer)');
  await rows.filter({ hasText: 'Ended: finished.' }).waitFor();
  const texts = await rows.allInnerTexts();
  assert.match(texts[0], /Ended: finished\./, 'newest first');
  assert.match(texts.at(-1), /Skipped, as it is switched off|Begun by engine/);
  assert.ok(texts.some((text) => /Read data\/.*\.json, [\d.]+ [kM]?B\./.test(text)));
  await page.locator('#log-variant').selectOption('Off');
  assert.equal(await rows.count(), 1);
  assert.match(await rows.first().innerText(), /Info\s+Skipped, as it is switched off\.\s+Off\s+–/);
  await page.locator('#log-variant').selectOption('');
  await page.locator('#log-text').fill('BEGUN');
  assert.equal(await rows.count(), 1);
  await page.locator('#log-level').selectOption('Error');
  assert.equal(await rows.count(), 0);
  assert.ok(await page.locator('#log-download').isDisabled());
  await page.locator('#log-level').selectOption('Info');
  await page.locator('#log-text').fill('');
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#log-download').click()]);
  assert.equal(download.suggestedFilename(), `${run_id}-log.jsonl`);
  const lines = readFileSync(await download.path(), 'utf8').trim().split('\n').map(JSON.parse);
  assert.equal(lines.length, texts.length);
  assert.deepEqual(Object.keys(lines[0]).sort(), ['date', 'level', 'message', 'run', 'time', 'variant']);
  assert.ok(lines.every((line) => line.run === run_id));

  await page.setViewportSize({ width: 390, height: 844 });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page does not scroll sideways');
  await page.setViewportSize({ width: 1440, height: 900 });

  // another run in between, then the kept one from the history
  await call(page, 'start', { start: '2026-02-01', end: '2026-02-03' });
  await ended(page);
  await page.evaluate((id) => (location.hash = `#run=${id}`), run_id);
  await page.locator('#tab-log').click();
  await rows.filter({ hasText: 'Skipped, as it is switched off.' }).waitFor();
  assert.deepEqual(await rows.allInnerTexts(), texts, 'the log as it was');
  const shown = await call(page, 'status');
  assert.deepEqual([shown.run_id, shown.state, shown.running], [run_id, 'completed', false]);
  assert.deepEqual(errors, []);
  await context.close();
});

// What a visitor does, in a real browser on the built site.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { open } from './browser.mjs';
import { ground } from './ground.mjs';
import { PROJECT, commandLine } from './native.mjs';
import { DIST, serve } from './server.mjs';
import { allSettings, digest, reaches } from './walks.mjs';

const SHARED = resolve(PROJECT, process.env.CHAINWALK_SHARED ?? '../shared');
const HAS_SHARED = existsSync(join(SHARED, 'truth'));
const EXAMPLE = JSON.parse(readFileSync(join(PROJECT, 'assets/example.json')));
const EVIDENCE = /^Fitted\s+100 % of premium where the fit has both sides, 0 % from snapshots older than 12 h; median error 0\.05 volatility points/;
const SLOW = 120_000;

const { browser, site } = await ground({ base: '/some/path/' });

const status = (page) => page.locator('#status');
const percent = async (page) => parseInt(await page.locator('#percent').innerText(), 10);

async function start(page, pace = 'full') {
  await page.locator('#pace').selectOption(pace);
  await page.locator('#start').click();
}

async function until(condition, what) {
  const end = Date.now() + SLOW;
  while (!(await condition())) {
    assert.ok(Date.now() < end, what);
    await new Promise((next) => setTimeout(next, 50));
  }
}

/** Waits for the next frames: the page publishes at most once in each, so what has not changed by then does not change. */
const frames = (page, count) =>
  page.evaluate((left) => new Promise((done) => requestAnimationFrame(function next() {
    if ((left -= 1) > 0) requestAnimationFrame(next);
    else done();
  })), count);

const link = (url, request) => `${url}#r1=${Buffer.from(JSON.stringify(request)).toString('base64url')}`;

function native(request, data, ...more) {
  return JSON.parse(commandLine(['run', '-', '--data', data, ...more], { input: JSON.stringify(request) }));
}

test('first visit: an example is on screen, one press runs, and the result is the example\'s', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await page.getByText('An example result').waitFor();
  assert.equal(await status(page).innerText(), 'IDLE');
  const evidence = page.locator('.numbers .evidence');
  assert.match(await evidence.innerText(), EVIDENCE, 'the example says what its premium rests on');
  await start(page);
  await reaches(page, 'FINISHED');
  assert.equal(await page.locator('#percent').innerText(), '100 %');
  assert.equal(await page.locator('#decisions').innerText(), '181 / 181');
  assert.ok(await page.getByText('An example result').isHidden(), 'the example is gone');
  assert.equal(await digest(page), EXAMPLE.digest);
  assert.match(await evidence.innerText(), EVIDENCE);
  await page.locator('#tab-trades').click();
  assert.match(await page.locator('#tab-panel tbody tr').first().innerText(), /two-sided, 1\.0 h/);
  assert.deepEqual(errors, []);
  await context.close();
});

test('a second run, with everything loaded, gives the same digest', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await start(page);
  await reaches(page, 'FINISHED');
  const first = await digest(page);
  await page.locator('#start').click();
  await page.getByRole('button', { name: 'Run again' }).click(); // the first one is kept, and offered
  await reaches(page, 'FINISHED');
  assert.equal(await digest(page), first);
  assert.deepEqual(errors, []);
  await context.close();
});

test('stop midway keeps the progress and the partial results', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await start(page, 'brisk');
  await until(async () => (await percent(page)) >= 10, 'the run walks');
  assert.ok(await page.locator('#f-start').isDisabled(), 'the form is closed while running');
  await page.locator('#start').click();
  await reaches(page, 'STOPPED');
  const kept = await percent(page);
  assert.ok(kept >= 10 && kept < 100, `${kept} %`);
  await frames(page, 30);
  assert.equal(await percent(page), kept);
  await page.locator('#tab-trades').click();
  assert.match(await page.locator('#tab-panel').innerText(), /BTC-/);
  assert.deepEqual(errors, []);
  await context.close();
});

test('pause, single step and resume end with the digest of a run that was never held', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await start(page, 'brisk');
  await until(async () => (await percent(page)) >= 5, 'the run walks');
  await page.locator('#pause').click();
  await reaches(page, 'PAUSED');
  const before = await page.locator('#date').innerText();
  for (let i = 0; i < 25; i++) await page.locator('#step').click();
  await until(async () => (await page.locator('#date').innerText()) !== before, '25 marks are a day');
  await reaches(page, 'PAUSED');
  await page.locator('#pace').selectOption('full');
  await page.locator('#pause').click();
  await reaches(page, 'FINISHED');
  assert.equal(await digest(page), EXAMPLE.digest);
  assert.deepEqual(errors, []);
  await context.close();
});

test('a date before the data is refused in a sentence with a one-click remedy', async () => {
  const { page, context } = await open(browser, site.url);
  await page.locator('#f-start').fill('2025-06-01');
  await page.locator('#start').click();
  await page.getByText('Data not available before 2025-12-30. Set the start date to 2025-12-30 or later.').first().waitFor();
  assert.equal(await status(page).innerText(), 'IDLE');
  await page.locator('#problems button').first().click();
  assert.equal(await page.locator('#f-start').inputValue(), '2025-12-30');
  await start(page);
  await reaches(page, 'FINISHED');
  await context.close();
});

test('a corrupt pack ends in a sentence that names it, and the page stays usable', async () => {
  const broken = await serve({
    faults: [{ match: /2026-02\.json$/, alter: (body) => Buffer.from(body.toString().replace('"smile":[', '"smile":[1')) }],
  });
  try {
    const { page, context } = await open(browser, broken.url);
    await start(page);
    await reaches(page, 'ERROR');
    assert.match(await page.locator('[role="alert"]').first().innerText(), /2026-02\.json/);
    // Marks before the corrupt month's first snapshot stand on January's last; none is later.
    const { first } = JSON.parse(readFileSync(join(DIST, 'data/catalog.json'))).datasets[0].packs[2];
    const [reached, newest] = [page.locator('#date'), page.locator('#tab-panel .row-link').first()];
    for (const time of [await reached.innerText(), await newest.innerText()]) {
      assert.ok(Date.parse(`${time} UTC`) < first, `${time}: a step used the corrupt month`);
    }
    broken.faults.length = 0;
    await start(page);
    await reaches(page, 'FINISHED');
    assert.equal(await digest(page), EXAMPLE.digest, 'nothing of it is left');
    await context.close();
  } finally {
    await broken.close();
  }
});

test('a step tells why: what was chosen, from which candidates; arrow keys walk and Escape closes', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await start(page);
  await reaches(page, 'FINISHED');
  const row = page.locator('#tab-panel tr.traded').first();
  const time = `${await row.locator('.row-link').innerText()} UTC`;
  const contract = await row.locator('td').nth(5).innerText();
  await row.click();
  const why = page.locator('#why');
  const title = why.locator('h2');
  await why.waitFor();
  assert.equal(await title.innerText(), time);
  assert.equal(await why.locator('.why-contract').innerText(), contract);
  assert.equal(await why.locator('.candidates tr.chosen td').first().innerText(), contract);
  assert.ok((await why.locator('details.refused').count()) > 0, 'the refused ones have their reasons');
  await until(() => why.evaluate((panel) => panel === document.activeElement), 'the inspector has the focus');
  await page.keyboard.press('ArrowLeft');
  await until(async () => (await title.innerText()) < time, 'an earlier step');
  await page.keyboard.press('ArrowRight');
  await until(async () => (await title.innerText()) === time, 'and back');
  await why.getByRole('button', { name: 'Term slope' }).focus();
  const tip = why.locator('.tip-box', { hasText: 'Volatility at the forward at 90 days − at 7 days.' });
  await tip.waitFor();
  const [panel, box] = [await why.boundingBox(), await tip.boundingBox()];
  assert.ok(panel.x <= box.x && box.x + box.width <= panel.x + panel.width, 'its formula stands within the panel');
  await page.keyboard.press('Escape');
  await tip.waitFor({ state: 'hidden' });
  await why.focus();
  await page.keyboard.press('Escape');
  await why.waitFor({ state: 'detached' });
  assert.deepEqual(errors, []);
  await context.close();
});

test('steps, trades and equity leave as the bytes that the command line writes, with the kind of their prices', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await start(page);
  await reaches(page, 'FINISHED');
  await page.locator('#tab-trades').click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download CSV' }).click()]);
  assert.equal(download.suggestedFilename(), 'chainwalk-trades.csv');
  const out = mkdtempSync(join(tmpdir(), 'chainwalk-out-'));
  native(EXAMPLE.request, join(PROJECT, 'assets/data'), '--out', out);
  const written = (part) => readFileSync(join(out, `${part}.csv`), 'utf8');
  assert.equal(readFileSync(await download.path(), 'utf8'), written('trades'));
  const exported = await page.evaluate(async () => chainwalk.export((await chainwalk.runs()).items[0].id, 'csv'));
  for (const part of ['steps', 'trades', 'equity']) {
    assert.ok(exported[part] === written(part), `${part}.csv is the command line's`);
    const [head, ...rows] = exported[part].trim().split('\n').map((row) => row.split(','));
    // No cell of these columns, which are the last, has a comma of its own.
    const fromEnd = head.length - head.indexOf('price_kind');
    assert.ok(rows.every((row) => row.at(-fromEnd) === 'fitted'), `${part}.csv says what its prices are`);
  }
  rmSync(out, { recursive: true, force: true });
  assert.deepEqual(errors, []);
  await context.close();
});

test('a run goes on in a hidden tab, in longer slices, to the same digest', async () => {
  const variants = Array.from({ length: 12 }, (_, i) => ({ name: `No. ${i + 1}`, target_dte: 5 + (i % 16) }));
  const request = { dataset: 'btc-2026', exit_style: 'tp_and_roll', decision_interval_hours: 1, variants };
  // Headless Chromium hides no page: it is told that it is hidden, and its frames wait as a hidden tab's do.
  const hide = (away) => {
    const [frame, timer, post] = [window.requestAnimationFrame, window.setTimeout, MessagePort.prototype.postMessage];
    const late = [];
    window.turns = 0;
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => away });
    if (away) window.requestAnimationFrame = (paint) => late.push(paint);
    window.setTimeout = (...args) => (window.turns += 1) && timer(...args);
    MessagePort.prototype.postMessage = function (...args) {
      window.turns += 1;
      post.apply(this, args);
    };
    window.show = () => {
      delete document.hidden;
      window.requestAnimationFrame = frame;
      late.forEach((paint) => frame(paint));
    };
  };
  const results = [];
  for (const away of [false, true]) {
    const { page, context, errors } = await open(browser, site.url);
    await start(page);
    await reaches(page, 'FINISHED'); // all months are loaded
    await page.goto(link(site.url, request));
    await until(async () => (await page.locator('#f-exit-style').inputValue()) === 'tp_and_roll', 'the form is filled');
    await page.evaluate(hide, away);
    await page.locator('#start').click();
    await until(async () => (await page.locator('#decisions').innerText()) === '4344 / 4344', 'the run ends');
    const turns = await page.evaluate(() => window.turns);
    await page.evaluate(() => window.show());
    results.push({ turns, digest: await digest(page) });
    assert.deepEqual(errors, []);
    await context.close();
  }
  const [seen, hidden] = results;
  console.log(`turns of the event loop: ${seen.turns} while seen, ${hidden.turns} while hidden`);
  assert.equal(hidden.digest, seen.digest);
  assert.ok(hidden.turns < seen.turns, `${hidden.turns} longer slices, ${seen.turns} short ones`);
});

test('reload and back keep the form and the result', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await page.locator('#f-exit-style').selectOption('tp_and_roll');
  await page.locator('#f-end').fill('2026-02-28');
  await page.locator('#f-end').blur();
  await start(page);
  await reaches(page, 'FINISHED');
  const result = await digest(page);
  await page.reload();
  await page.locator('#f-end').waitFor();
  await until(async () => (await page.locator('#f-end').inputValue()) === '2026-02-28', 'the end date is kept');
  await reaches(page, 'FINISHED');
  assert.equal(await digest(page), result, 'what was computed is on screen again');
  assert.equal(await page.locator('#f-exit-style').inputValue(), 'tp_and_roll');
  await page.goto('about:blank');
  await page.goBack();
  await until(async () => (await page.locator('#f-end').inputValue()) === '2026-02-28', 'the end date is kept');
  assert.deepEqual(errors, []);
  await context.close();
});

test("the visitor's own clock stands beside UTC", async () => {
  const { page, context } = await open(browser, site.url, { timezoneId: 'Asia/Kolkata' });
  await until(async () => (await page.locator('.readout-time').innerText()) === '2026-06-30 23:00 UTC · 04:30 on 2026-07-01 your time', 'the last mark');
  await start(page);
  await reaches(page, 'FINISHED');
  for (const tab of ['steps', 'trades']) {
    await page.locator(`#tab-${tab}`).click();
    const beside = await page.locator('#tab-panel td:has(.yours:not(:empty))').first().innerText();
    assert.match(beside, /\d{4}-\d\d-\d\d 08:00\s*13:30/, tab);
  }
  await page.locator('#tab-assumptions').click();
  await page.locator('#tab-panel .rows > div', { hasText: /^First decision at\s*08:00 UTC \(now 13:30 yours\)$/ }).waitFor();
  await page.locator('#start').click();
  await page.getByText(/is up to date, computed \d{4}-\d\d-\d\d \d\d:\d\d UTC · \d\d:\d\d (on [\d-]+ )?your time/).waitFor();
  await page.locator('nav.pages').getByRole('link', { name: 'Runs' }).click();
  assert.match(await page.locator('.run-line .yours').first().innerText(), /^\d\d:\d\d/);

  // Times of every day, by the clock of today.
  await page.goto(`${site.url}#data/btc-2026`);
  await page.locator('.data-card .facts', { hasText: '08:00 UTC (now 13:30 yours)' }).waitFor();
  await page.locator('nav.pages').getByRole('link', { name: 'Backtest' }).click();
  await page.locator('#plan', { hasText: /^Every day at 08:00 UTC \(now 13:30 yours\), unless one is open: / }).waitFor();
  await allSettings(page);
  await page.locator('summary', { hasText: 'Advanced' }).click();
  await page.locator('#f-decision-offset-hours').fill('20');
  await page.locator('#f-decision-offset-hours-help', { hasText: /else 0\. Now 01:30 yours, the day after\.$/ }).waitFor();
  await page.locator('#plan', { hasText: '20:00 UTC (now 01:30 yours, the day after)' }).waitFor();
  await context.close();
});

test('a real recorded month has one digest natively and in the browser', async (t) => {
  const month = join(SHARED, 'data/deribit/BTC-2026-03.json.gz');
  if (!HAS_SHARED) {
    console.error('no folder of outside values at CHAINWALK_SHARED (see CONTRIBUTING.md): the recorded month is not compared');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'chainwalk-data-'));
  commandLine(['pack', 'deribit-months', month, '--out', folder, '--id', 'recorded', '--closes', join(SHARED, 'data/spot/BTCUSDT_1h.csv.gz')]);
  const recorded = await serve({ root: DIST, faults: [{ match: /^data\//, replace: folder }] });
  const digests = new Set();
  try {
    for (const exit_style of ['hold_to_expiry', 'tp_and_roll']) {
      for (const fill of ['mark', 'bid_ask']) {
        for (const decision_interval_hours of [4, 24]) {
          const request = { dataset: 'recorded', start: '2026-03-01', end: '2026-03-31', exit_style, costs: { fill }, decision_interval_hours };
          const expected = native(request, folder);
          const { page, context, errors } = await open(browser, link(recorded.url, request));
          await until(async () => (await page.locator('#f-start').inputValue()) === '2026-03-01', 'the form is filled');
          await start(page);
          await reaches(page, 'FINISHED');
          assert.equal(await digest(page), expected.digest, JSON.stringify(request));
          assert.deepEqual(errors, []);
          digests.add(expected.digest);
          await context.close();
        }
      }
    }
    assert.equal(digests.size, 8, 'each setting changes the run');
  } finally {
    await recorded.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a field shows what is in the form, whoever changed it: the visitor, a preset, Back, or Reset', async () => {
  const { page, context, errors } = await open(browser, site.url);
  const [underlying, style] = [page.locator('#f-underlying'), page.locator('#f-exit-style')];
  const planOf = (word) => page.locator('#plan', { hasText: word }).waitFor();
  await style.waitFor();
  const begun = [await underlying.inputValue(), await style.inputValue()];
  for (const [symbol, word] of [['ETH', 'ETH'], ['GLD', 'GLD'], ['BTC', 'BTC'], ['MSFT', 'MSFT']]) {
    await underlying.selectOption(symbol);
    await planOf(word);
    assert.equal(await underlying.inputValue(), symbol);
  }
  await page.locator('#reset').click();
  await planOf('BTC');
  assert.equal(await underlying.inputValue(), 'BTC', 'the defaults');
  await page.goBack();
  await planOf('MSFT');
  assert.equal(await underlying.inputValue(), 'MSFT', 'Back');
  await underlying.selectOption('BTC');
  await planOf('BTC');
  await style.selectOption('tp_and_roll');
  await style.selectOption('hold_to_expiry');
  await page.locator('#pace').selectOption('full');
  await page.locator('.form').getByRole('button', { name: 'Income call' }).click();
  await reaches(page, 'FINISHED');
  assert.equal(await style.inputValue(), 'tp_and_roll', 'a preset');
  await page.locator('#reset').click();
  await page.waitForFunction((first) => document.querySelector('#f-exit-style').value === first, begun[1]);
  assert.deepEqual([await underlying.inputValue(), await style.inputValue()], begun, 'the defaults');
  assert.deepEqual(errors, []);
  await context.close();
});

test('the form begins with the few settings of a covered call; what is changed out of sight is counted, and nothing wrong is out of sight', async () => {
  const { page, context, errors } = await open(browser, site.url);
  const all = page.locator('#all-settings');
  await all.waitFor();
  const labels = () => page.locator('.form .field label').allInnerTexts();
  const few = ['Underlying', 'Start', 'End', 'Decide every', 'Exit style', 'Structure', 'Target delta', 'Target days'];
  assert.deepEqual(await labels(), few);
  await page.locator('#pace').selectOption('full');
  await page.getByRole('button', { name: 'Calm call' }).click();
  await reaches(page, 'FINISHED');
  assert.deepEqual(await labels(), few);
  assert.match(await all.innerText(), /All settings\s*4 of them changed/);

  await all.focus();
  await page.keyboard.press('Enter');
  await page.locator('#f-timeframe').waitFor();
  assert.ok((await labels()).length > 25, 'all of them');
  await page.reload();
  await page.locator('#f-timeframe').waitFor();
  assert.equal(await all.getAttribute('aria-expanded'), 'true', 'and so after a reload');
  await all.click();
  assert.deepEqual(await labels(), few);

  // What is wrong, and what the few cannot show, is in sight at once.
  await allSettings(page);
  await page.getByText('Account and costs').click();
  await page.locator('#f-account-coins').fill('none');
  await page.locator('#f-account-coins').blur();
  await page.locator('#f-account-coins-problem').waitFor();
  assert.equal(await all.count(), 0, 'the form cannot be folded over a problem');
  await page.locator('#f-account-coins').fill('1');
  await page.locator('#f-account-coins').blur();
  await all.click();
  await page.locator('#loan').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Gold loan, 2020' }).click();
  await page.locator('#f-account-loan-principal-usd').waitFor();
  await reaches(page, 'FINISHED');
  assert.deepEqual(errors, []);
  await context.close();
});

test('the open panel of a step follows another result of the same dates', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await start(page);
  await reaches(page, 'FINISHED');
  const row = page.locator('#tab-panel tbody tr.line').first();
  const why = page.locator('#why');
  const account = why.locator('section', { hasText: 'Account after the step' });
  await row.click();
  const before = await account.innerText();
  await page.locator('#dial-f-target-delta').focus();
  await page.keyboard.press('ArrowRight');
  await until(async () => (await account.innerText()) !== before, 'the account is of the new result');
  const followed = await why.innerText();
  await why.getByRole('button', { name: 'Close' }).click();
  await row.click();
  await account.waitFor();
  assert.equal(await why.innerText(), followed, 'as the panel that is opened anew');
  assert.deepEqual(errors, []);
  await context.close();
});

test('the front page behind another one has no focus, and comes back in the size of the window', async () => {
  const { page, context, errors } = await open(browser, `${site.url}#help`);
  await page.locator('nav.pages').getByRole('link', { name: 'Backtest' }).click();
  await page.locator('#plot').focus();
  await page.goBack();
  await until(() => page.evaluate(() => !document.activeElement.closest('.front') && document.querySelector('.front .plot').checkVisibility() === false), 'out of sight, without focus');
  await page.setViewportSize({ width: 1024, height: 768 });
  await page.goForward();
  const isDrawn = () => page.locator('#plot canvas.ink').evaluate((canvas) => {
    const { width } = canvas.getBoundingClientRect();
    const ink = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    return width > 0 && Math.abs(canvas.width - width * devicePixelRatio) <= 1 && ink.some((part) => part > 0);
  });
  await until(isDrawn, 'the chart is drawn in the new size');
  assert.deepEqual(errors, []);
  await context.close();
});

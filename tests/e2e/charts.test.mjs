// Charts in people's hands: keys, mouse, wheel, fingers, and the files that they become.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { open } from './browser.mjs';
import { ground } from './ground.mjs';
import { WALKS, allSettings } from './walks.mjs';

const { browser, site } = await ground();

/** A chart by the id of its drawing: the drawing, what stands around it, and the words under its crosshair. */
function chart(page, id) {
  const plot = page.locator(`#${id}`);
  const card = page.locator('.chart, .line-chart').filter({ has: page.locator(`#${id}, #${id}-save`) });
  return { id, page, plot, card, reset: card.getByRole('button', { name: 'Reset zoom' }), words: card.locator('.readout-time') };
}

/** Where the drawing is on the screen, after it was brought there. */
async function place({ plot }) {
  await plot.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  return plot.boundingBox();
}

/** What the crosshair says at the left and at the right end: the span that is looked at. */
async function ends(of) {
  const box = await place(of);
  const said = [];
  for (const x of [box.x + 10, box.x + box.width - 66]) {
    await of.page.mouse.move(x, box.y + box.height / 2);
    said.push(await of.words.innerText());
  }
  await of.page.mouse.move(0, 0);
  return said.join(' to ');
}

async function keys(of) {
  const whole = await ends(of);
  await of.plot.focus();
  await of.page.keyboard.press('Home');
  const first = await of.words.innerText();
  await of.page.keyboard.press('Escape');
  await of.page.keyboard.press('+');
  await of.reset.waitFor();
  const near = await ends(of);
  assert.notEqual(near, whole, 'plus zooms');
  await of.page.keyboard.press(']');
  const later = await ends(of);
  assert.notEqual(later, near, 'a bracket pans');
  await of.page.keyboard.press('Shift+PageUp');
  assert.equal(await ends(of), near, 'and back');
  await of.page.keyboard.press('Home');
  assert.equal(await of.words.innerText(), first);
  assert.notEqual(await ends(of), near, 'what is looked at follows the crosshair');
  await of.page.keyboard.press('Escape');
  await of.reset.waitFor({ state: 'detached' });
  assert.equal(await ends(of), whole, 'Escape shows all of it');
}

async function mouse(of) {
  const whole = await ends(of);
  const box = await place(of);
  const at = (share) => [box.x + box.width * share, box.y + box.height / 2];
  const drag = async (from, to) => {
    await of.page.mouse.move(...at(from));
    await of.page.mouse.down();
    await of.page.mouse.move(...at((from + to) / 2), { steps: 3 });
    await of.page.mouse.move(...at(to), { steps: 3 });
    await of.page.mouse.up();
  };
  await drag(0.3, 0.6);
  await of.reset.waitFor();
  const near = await ends(of);
  await of.page.keyboard.down('Shift');
  await drag(0.6, 0.3);
  await of.page.keyboard.up('Shift');
  assert.notEqual(await ends(of), near, 'Shift and a drag pan');
  await of.page.mouse.dblclick(...at(0.5));
  await of.reset.waitFor({ state: 'detached' });
  await of.page.mouse.move(...at(0.5));
  await of.page.mouse.wheel(0, 30);
  assert.equal(await of.reset.count(), 0, 'a wheel alone scrolls the page');
  await place(of);
  await of.page.mouse.move(...at(0.5));
  const held = await of.words.innerText();
  await of.page.keyboard.down('Control');
  await of.page.mouse.wheel(0, -120);
  await of.page.keyboard.up('Control');
  await of.reset.waitFor();
  assert.notEqual(await ends(of), whole, 'with Ctrl it zooms');
  await of.page.mouse.move(...at(0.5));
  assert.equal(await of.words.innerText(), held, 'about the pointer');
  await of.reset.click();
  assert.equal(await ends(of), whole);
}

async function fingers(of, cdp) {
  const whole = await ends(of);
  const box = await place(of);
  const touch = (type, shares, down = 0) =>
    cdp.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: shares.map((share, id) => ({ id, x: box.x + box.width * share, y: box.y + box.height / 2 + down })),
    });
  const swipe = async (from, to) => {
    await touch('touchStart', from);
    for (const part of [0.25, 0.5, 0.75, 1]) await touch('touchMove', from.map((share, id) => share + (to[id] - share) * part));
    await touch('touchEnd', []);
  };
  await swipe([0.5], [0.2]);
  const pointed = await of.words.innerText();
  await swipe([0.2], [0.7]);
  assert.notEqual(await of.words.innerText(), pointed, 'one finger moves the crosshair');
  assert.equal(await of.reset.count(), 0);
  await swipe([0.4, 0.6], [0.2, 0.8]);
  await of.reset.waitFor();
  const near = await ends(of);
  assert.notEqual(near, whole, 'two fingers zoom');
  await swipe([0.4, 0.6], [0.25, 0.45]);
  assert.notEqual(await ends(of), near, 'and pan');
  const before = await of.page.evaluate(() => scrollY);
  await touch('touchStart', [0.5]);
  for (const down of [-30, -60, -90, -120]) await touch('touchMove', [0.5], down);
  await touch('touchEnd', []);
  await of.page.waitForFunction((y) => scrollY > y, before);
  await of.reset.click();
  await of.reset.waitFor({ state: 'detached' });
}

async function saved({ card, page }, kind) {
  await card.getByRole('button', { name: 'Save', exact: true }).click();
  const [file] = await Promise.all([page.waitForEvent('download'), card.getByRole('button', { name: kind }).click()]);
  await card.getByRole('button', { name: kind }).waitFor({ state: 'hidden' });
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

async function files(of, { file, names, source, evidence }) {
  const png = await saved(of, 'PNG picture');
  assert.equal(png.name, `${file}.png`);
  const found = await of.page.evaluate(async (bytes) => {
    const picture = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: 'image/png' }));
    const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(0, 0, picture.width, picture.height);
    return { width: picture.width, height: picture.height, colours: new Set(new Uint32Array(data.buffer)).size };
  }, [...png.bytes]);
  assert.equal(found.width, 1920);
  assert.ok(found.height > 1000 && found.height < 1600, `${found.height} pixels high`);
  assert.ok(found.colours > 20, `${found.colours} colours`);

  const svg = await saved(of, 'SVG drawing');
  assert.equal(svg.name, `${file}.svg`);
  const read = await of.page.evaluate((text) => {
    const document = new DOMParser().parseFromString(text, 'image/svg+xml');
    return {
      faults: document.querySelectorAll('parsererror').length,
      title: document.querySelector('title')?.textContent,
      sentence: document.querySelector('desc')?.textContent,
      texts: [...document.querySelectorAll('text')].map((text) => text.textContent),
      lines: document.querySelectorAll('path').length,
    };
  }, svg.bytes.toString());
  assert.equal(read.faults, 0);
  for (const name of names) assert.ok(read.texts.includes(name), `${name} in ${read.texts.join(' | ')}`);
  for (const words of [source, evidence]) assert.ok(!words || read.texts.some((text) => words.test(text)), `${words} in ${read.texts.join(' | ')}`);
  assert.equal(read.sentence, await of.card.locator('.plot-sentence').innerText());
  assert.ok(read.lines > 10 && read.title, `${read.lines} lines`);
}

const used = async (page, id, expected) => {
  const of = chart(page, id);
  await of.plot.waitFor();
  assert.equal(await of.plot.getAttribute('aria-describedby'), `${id}-sentence`);
  assert.ok((await page.locator(`#${id}-sentence`).innerText()).length > 20);
  await keys(of);
  await mouse(of);
  await fingers(of, await page.context().newCDPSession(page));
  await files(of, expected);
};

test('the chart of a run', async () => {
  const { page, context, errors } = await open(browser, site.url, { hasTouch: true });
  await page.getByText('An example result').waitFor();
  const sentence = page.locator('#plot-sentence');
  assert.match(await sentence.innerText(), /^2026-01-01 to 2026-06-30: .+ from 1\.0000 BTC to \d\.\d{4} BTC; HODL to 1\.0000 BTC; deepest drawdown in BTC −[\d.]+ % on 2026-\d\d-\d\d\.$/);
  await page.getByRole('button', { name: 'Percent' }).click();
  await page.waitForFunction(() => /: .+ [+−][\d.]+ %; HODL/.test(document.querySelector('#plot-sentence').textContent));
  const names = await page.locator('.chart .readout-name').allInnerTexts();
  await used(page, 'plot', { file: 'chainwalk-equity', names, source: /chainwalk · .+ \(fitted\) · 2026-01-01 to 2026-06-30 · engine \d/, evidence: /% of premium where the fit has both sides/ });
  assert.deepEqual(errors, []);
  await context.close();
});

test('the chart of a comparison', async () => {
  const { page, context, errors } = await open(browser, site.url, { hasTouch: true });
  await page.getByText('An example result').waitFor();
  await WALKS.compare(page);
  await page.locator('#compare-plot').waitFor();
  const names = await page.locator('.chart:visible .readout-name').allInnerTexts();
  assert.equal(names.length, 3);
  await used(page, 'compare-plot', { file: 'chainwalk-compare', names, source: /chainwalk · btc-2026 \(fitted\) · 2026-01-01 to 2026-06-30 · engine \d/, evidence: /% of premium where the fit has both sides/ });
  assert.deepEqual(errors, []);
  await context.close();
});

test('a smile over strikes', async () => {
  const { page, context, errors } = await open(browser, `${site.url}#data/btc-2026/2026-03-14T12:00`, { hasTouch: true });
  await page.locator('#snapshot-words', { hasText: 'BTC index' }).waitFor();
  const names = await page.locator('.line-chart').filter({ has: page.locator('#chain-plot') }).locator('.readout-name').allInnerTexts();
  assert.ok(names.length > 0);
  await used(page, 'chain-plot', { file: 'chainwalk-chain', names, source: /chainwalk · .+ \(fitted\) · 2026-03-14 09:25 UTC · engine \d/ });
  assert.deepEqual(errors, []);
  await context.close();
});

/** The parts of an SVG file that is saved by the button of this id. */
async function drawing(page, id) {
  const button = page.locator(`#${id}-save`);
  await button.click();
  const menu = page.locator('.menu').filter({ has: button });
  const [file] = await Promise.all([page.waitForEvent('download'), menu.getByRole('button', { name: 'SVG drawing' }).click()]);
  const parts = await page.evaluate((text) => {
    const document = new DOMParser().parseFromString(text, 'image/svg+xml');
    const all = (name, of) => [...document.querySelectorAll(name)].map(of);
    return {
      title: document.querySelector('title').textContent,
      words: document.querySelector('desc').textContent,
      texts: all('text', (e) => e.textContent),
      filled: all('rect, path', (e) => e.getAttribute('fill')).filter((fill) => fill && fill !== 'none').length,
      strokes: all('path[stroke]', (e) => [e.getAttribute('stroke'), e.getAttribute('stroke-dasharray') ?? 'solid', e.getAttribute('stroke-width')]),
    };
  }, (await readFile(await file.path())).toString());
  return { name: file.suggestedFilename(), ...parts };
}

test('the months, the histogram and the plots of a step are saved as they are seen', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await WALKS.months(page);
  const months = await drawing(page, 'months');
  assert.equal(months.name, 'chainwalk-months.svg');
  assert.equal(months.words, await page.locator('#months-words').innerText());
  const cells = await page.locator('.year-map td').allInnerTexts();
  for (const words of cells) assert.ok(months.texts.includes(words), `${words} in ${months.texts}`);
  assert.ok(months.filled >= 7, `${months.filled} tinted cells`);

  await page.locator('#tab-risk').click();
  const spread = await drawing(page, 'trades-pnl');
  assert.equal(spread.name, 'chainwalk-trades-pnl.svg');
  await page.locator('#spread').getByRole('button', { name: 'Data table' }).click();
  const counts = (await page.locator('#spread tbody td').allInnerTexts()).filter((words) => !['–', '0'].includes(words));
  assert.ok(counts.length > 1);
  for (const words of [...counts, 'mean', 'median', 'Loss', 'Win']) assert.ok(spread.texts.includes(words), `${words} in ${spread.texts}`);

  await page.locator('#tab-steps').click();
  await page.locator('#tab-panel tr.traded').first().click();
  await page.locator('#why').waitFor();
  const smile = await drawing(page, 'why-smile');
  assert.equal(smile.name, 'chainwalk-why-smile.svg');
  assert.ok((await page.locator('#why h3').allInnerTexts()).includes(smile.title), smile.title);
  assert.equal(smile.words, await page.locator('#why-smile-sentence').innerText());
  for (const words of [await page.locator('#why .why-contract').innerText(), 'traded', 'index']) assert.ok(smile.texts.includes(words), `${words} in ${smile.texts}`);
  assert.ok(smile.texts.some((text) => /^chainwalk · .+ · engine \d/.test(text)), `${smile.texts}`);
  assert.deepEqual(errors, []);
  await context.close();
});

test('the plots of a step and the histogram are walked by keys, without walking the steps', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await WALKS.why(page);
  const time = await page.locator('#why h2').innerText();
  const strike = () => page.locator('#why .readout-time').first().innerText();
  await page.locator('#why-smile').focus();
  await page.keyboard.press('Home');
  const first = await strike();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction((before) => document.querySelector('#why .readout-time').innerText !== before, first);
  await page.waitForFunction(() => [...document.querySelectorAll('#why [role=status]')].some((e) => /Calls .+ %/.test(e.textContent)));
  await page.keyboard.press('+');
  await page.locator('#why').getByRole('button', { name: 'Reset zoom' }).waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('#why').getByRole('button', { name: 'Reset zoom' }).count(), 0);
  assert.equal(await page.locator('#why h2').innerText(), time, 'the step is the same');
  await page.keyboard.press('Escape');
  await page.locator('#why').waitFor({ state: 'detached' });

  await page.locator('#tab-risk').click();
  await page.locator('#trades-pnl').focus();
  await page.keyboard.press('End');
  await page.waitForFunction(() => /Win \d+/.test(document.querySelector('#spread [role=status]').textContent));
  assert.deepEqual(errors, []);
  await context.close();
});

test('months are walked by keys, and the charts of a run share one crosshair and one zoom', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await WALKS.months(page);
  await page.locator('.year-map').locator('..').focus();
  await page.keyboard.press('Home');
  await page.waitForFunction(() => /^Jan 2026: Return, USD /.test(document.querySelector('#month-words').textContent));
  await page.keyboard.press('End');
  await page.waitForFunction(() => /^2026: Return, USD /.test(document.querySelector('#month-words').textContent));

  await page.locator('#tab-risk').click();
  await page.locator('#plot').focus();
  await page.keyboard.press('Home');
  await page.waitForFunction(() => /: 2026-01-01$/.test(document.querySelector('#greeks .readout-time').textContent));
  await page.locator('#greeks-plot').focus();
  await page.keyboard.press('End');
  await page.waitForFunction(() => document.querySelector('.chart .readout-time').textContent.startsWith('2026-06-30'));
  const resets = page.getByRole('button', { name: 'Reset zoom' });
  assert.equal(await resets.count(), 0);
  await page.locator('#rolling-plot').focus();
  await page.keyboard.press('+');
  await resets.nth(2).waitFor();
  const source = (await drawing(page, 'plot')).texts.find((text) => text.startsWith('chainwalk ·'));
  assert.doesNotMatch(source, /· 2026-01-01 to/, 'the chart of the run is zoomed, too');
  await page.locator('#greeks-plot').focus();
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => ![...document.querySelectorAll('button')].some((button) => button.textContent === 'Reset zoom'));
  assert.deepEqual(errors, []);
  await context.close();
});

test('currency, scale and zoom outlive a reload, and so does a stopped run', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await WALKS.stopped(page);
  await page.locator('.chart').getByRole('button', { name: 'USD' }).click();
  await page.locator('.chart').getByRole('button', { name: 'Percent' }).click();
  await page.locator('#plot').focus();
  await page.keyboard.press('+');
  await page.getByRole('button', { name: 'Reset zoom' }).waitFor();
  const seen = () => page.locator('.tiles').innerText();
  const before = await seen();
  await page.reload();
  await page.locator('#status[data-state="STOPPED"]').waitFor();
  assert.equal(await seen(), before);
  for (const name of ['USD', 'Percent']) {
    assert.equal(await page.locator('.chart').getByRole('button', { name }).getAttribute('aria-pressed'), 'true', name);
  }
  await page.getByRole('button', { name: 'Reset zoom' }).waitFor();
  assert.deepEqual(errors, []);
  await context.close();
});

test('what a tab looks at outlives a reload: variant, measures, tables, filters, a factor, and the step under inspection with its folds; another tab begins anew', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await allSettings(page);
  await page.locator('#both-styles').click();
  await page.locator('#pace').selectOption('full');
  await page.locator('#start').click();
  await page.locator('#status[data-state="FINISHED"]').waitFor();
  const pressed = (name) => page.locator('#tab-panel').getByRole('button', { name, exact: true });
  const isPressed = async (...names) => {
    for (const name of names) assert.equal(await pressed(name).getAttribute('aria-pressed'), 'true', name);
  };
  await page.locator('#variant').selectOption('1');
  await page.locator('#tab-months').click();
  await pressed('Return, coin').click();
  await page.locator('#tab-risk').click();
  for (const name of ['Vega', 'Sharpe', '90 days']) await pressed(name).click();
  await page.locator('#tab-log').click();
  await page.locator('#log-level').selectOption('Warning');
  await page.locator('#log-variant').selectOption({ index: 2 });
  await page.locator('#log-text').fill('open');
  const filter = () => page.locator('.log-filters :is(select, input)').evaluateAll((fields) => fields.map((field) => field.value));
  const filtered = await filter();
  await page.locator('#tab-steps').click();
  await page.locator('#tab-panel tr.line', { hasText: 'fully covered' }).first().click();
  const head = page.locator('#why .why-reason');
  await head.waitFor();
  await page.locator('#why .refused summary').first().click();
  await page.locator('#why .refused[open] p').waitFor();
  const step = await page.locator('#why').innerText();
  await page.reload();
  await head.waitFor();
  assert.equal(await page.locator('#why').innerText(), step);
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !document.querySelector('#why'));
  assert.equal(await page.locator('#variant').inputValue(), '1');
  await page.locator('#tab-risk').click();
  await isPressed('Vega', 'Sharpe', '90 days');
  await page.locator('#tab-log').click();
  assert.deepEqual(await filter(), filtered);
  assert.ok(filtered.every(Boolean), `${filtered}`);
  await page.locator('#tab-months').click();
  await isPressed('Return, coin');
  await pressed('Data table').click();
  await page.reload();
  await page.locator('#tab-panel table.months').waitFor();
  assert.equal(await page.locator('#why').count(), 0, 'what was closed stays closed');

  await page.goto(`${site.url}#data/btc-long`);
  await page.locator('#against').selectOption({ label: 'btc-board-2024-12-31' });
  await page.locator('#vol-factor').fill('1.2');
  const factor = page.locator('.factor output', { hasText: '1.20' });
  await factor.waitFor();
  await page.reload();
  await factor.waitFor();
  assert.equal(await page.locator('#against option:checked').textContent(), 'btc-board-2024-12-31');

  await page.goto(`${site.url}#runs`);
  await page.locator('#run-search').fill('call');
  await page.getByRole('button', { name: 'Dates' }).click();
  await page.locator('#runs-table tbody').getByRole('checkbox').first().check();
  await page.reload();
  await page.locator('th[aria-sort="descending"]', { hasText: 'Dates' }).waitFor();
  assert.equal(await page.locator('#run-search').inputValue(), 'call');
  assert.ok(await page.locator('#runs-table tbody').getByRole('checkbox').first().isChecked());

  const other = await context.newPage();
  await other.goto(`${site.url}#runs`);
  await other.locator('th[aria-sort="descending"]', { hasText: 'Created' }).waitFor();
  assert.equal(await other.locator('#run-search').inputValue(), '');
  assert.deepEqual(errors, []);
  await context.close();
});

test('Back brings an earlier result back, and a preset that was walked is there at once', async () => {
  const { page, context, errors } = await open(browser, site.url);
  const seen = () => page.locator('.tiles').innerText();
  const preset = page.locator('.form').getByRole('button', { name: 'Income call' });
  await page.locator('#pace').selectOption('full');
  await preset.click();
  await page.waitForFunction(() => /delta 0\.35/.test(document.querySelector('#plan').textContent));
  await page.locator('#status[data-state="FINISHED"]').waitFor();
  const income = await seen();
  await page.locator('.form').getByRole('button', { name: 'Calm call' }).click();
  await page.waitForFunction((before) => document.querySelector('#status').dataset.state === 'FINISHED' && document.querySelector('.tiles').innerText !== before, income);
  const calm = await seen();
  await page.goBack();
  await page.waitForFunction((words) => document.querySelector('.tiles').innerText === words, income);
  await page.goForward();
  await page.waitForFunction((words) => document.querySelector('.tiles').innerText === words, calm);
  await preset.click();
  await page.waitForFunction((words) => document.querySelector('.tiles').innerText === words, income);
  assert.equal(await page.locator('#question').count(), 0);
  assert.match(await page.title(), /^chainwalk: /);
  await page.locator('nav.pages').getByRole('link', { name: 'Help' }).click();
  await page.waitForFunction(() => document.title === 'Help · chainwalk');
  assert.deepEqual(errors, []);
  await context.close();
});

test('a press on the chart says why, and its closing gives the focus back', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await WALKS.finished(page);
  const box = await page.locator('#plot').boundingBox();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 4);
  await page.locator('#why').waitFor();
  assert.match(await page.locator('#why h2').innerText(), /^2026-0[34]-/);
  await page.keyboard.press('Escape');
  await page.locator('#why').waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.id), 'plot');
  await page.mouse.dblclick(box.x + box.width / 2, box.y + box.height / 4);
  await page.waitForTimeout(600); // longer than a press waits for a second one
  assert.equal(await page.locator('#why').count(), 0, 'a double press shows all of the chart');
  assert.deepEqual(errors, []);
  await context.close();
});

test('lines of several series are told apart by their dashes', async () => {
  const { page, context } = await open(browser, `${site.url}#gallery`);
  await page.locator('#g-six').waitFor();
  const { strokes } = await drawing(page, 'g-six');
  const lines = new Map(strokes.filter(([, , width]) => width === '1.75').map(([colour, dash]) => [colour, dash]));
  assert.equal(lines.size, 6);
  assert.equal(new Set(lines.values()).size, 6, `${[...lines.values()]}`);
  await context.close();
});

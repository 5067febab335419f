// What a run shows of its months and risk, against the same figures computed here from its exported files.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './browser.mjs';
import { ground } from './ground.mjs';
import { reaches } from './walks.mjs';

const { browser, site } = await ground();

/** The rows of a CSV text without quoted cells, by the names of its header. */
function rows(text) {
  const [head, ...lines] = text.trim().split('\n').map((line) => line.split(','));
  return lines.map((cells) => Object.fromEntries(cells.map((cell, i) => [head[i], cell])));
}

/** A number with a real minus and, above zero, a plus. */
const signed = (value, decimals) => {
  const text = Math.abs(value).toFixed(decimals);
  if (!/[1-9]/.test(text)) return text;
  return (value < 0 ? '−' : '+') + text;
};
const percent = (value, decimals) => `${signed(value * 100, decimals)} %`;
const cells = (locator) => locator.locator('th, td').allInnerTexts();

/** The deepest falls of [time, value] pairs: peak, trough, end and depth. */
function falls(points) {
  const found = [];
  let [peak, fall] = [points[0], null];
  for (const point of points) {
    if (point[1] >= peak[1]) {
      if (fall) found.push({ ...fall, end: point[0] });
      [peak, fall] = [point, null];
    } else if (!fall || (peak[1] - point[1]) / peak[1] > fall.depth) {
      fall = { start: peak[0], trough: point[0], depth: (peak[1] - point[1]) / peak[1] };
    }
  }
  if (fall) found.push({ ...fall, end: null });
  return found.sort((a, b) => b.depth - a.depth);
}

const day = (time) => new Date(time).toISOString().slice(0, 10);
const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('months, drawdowns, histogram and payoff are those of the exported files', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await page.locator('#pace').selectOption('full');
  await page.locator('#start').click();
  await reaches(page, 'FINISHED');
  const csv = await page.evaluate(async () => chainwalk.export((await chainwalk.runs()).items[0].id, 'csv'));
  const marks = rows(csv.equity);
  const trades = rows(csv.trades);

  await page.locator('#tab-months').click();
  const map = page.locator('.year-map tbody tr');
  const ends = new Map(marks.map((mark) => [mark.time_utc.slice(0, 7), mark]));
  let before = Number(marks[0].hodl_usd);
  const returns = [...ends.values()].map((end) => {
    const change = Number(end.equity_usd) / before - 1;
    before = Number(end.equity_usd);
    return change;
  });
  const [year, ...months] = await cells(map.first());
  assert.equal(year, '2026');
  assert.deepEqual(months.slice(0, returns.length), returns.map((change) => percent(change, 1)));
  assert.equal(months.at(-1), percent(returns.reduce((all, change) => all * (1 + change), 1) - 1, 1), 'the year compounds');
  await page.getByRole('button', { name: 'Against HODL, coin' }).click();
  const against = Number(marks.at(-1).equity_coin) - Number(marks.at(-1).hodl_coin) - Number(marks[0].equity_coin) + Number(marks[0].hodl_coin);
  assert.equal((await cells(map.first())).at(-1), signed(against, 4), 'coins add up');
  await page.locator('#tab-panel').getByRole('button', { name: 'Data table' }).click();
  assert.equal(await page.locator('.months tbody tr').count(), returns.length);

  await page.locator('#tab-risk').click();
  const expected = falls(marks.map((mark) => [mark.time_utc, Number(mark.equity_coin)])).slice(0, 5);
  const shown = page.locator('#falls tbody tr');
  assert.equal(await shown.count(), expected.length);
  for (const [place, fall] of expected.entries()) {
    const [start, depth, , trough, end] = await cells(shown.nth(place));
    assert.deepEqual([start, trough, end], [day(fall.start), day(fall.trough), fall.end ? day(fall.end) : 'still under water']);
    assert.equal(depth, percent(-fall.depth, fall.depth < 0.01 ? 3 : 2));
  }
  await page.locator('#falls').getByRole('button', { name: 'USD' }).click();
  const [deepest] = falls(marks.map((mark) => [mark.time_utc, Number(mark.equity_usd)]));
  assert.equal((await cells(shown.first()))[1], percent(-deepest.depth, 2));
  await page.locator('#falls').getByRole('button', { name: 'BTC' }).click();

  const closed = [...new Map(trades.filter((leg) => leg.leg === '1').map((leg) => [leg.trade, leg])).keys()]
    .map((trade) => trades.filter((leg) => leg.trade === trade))
    .filter((legs) => legs.every((leg) => leg.closed_utc))
    .map((legs) => Number(legs[0].trade_pnl_vs_hodl_coin));
  const mean = closed.reduce((sum, pnl) => sum + pnl, 0) / closed.length;
  const said = await page.locator('#spread-words').innerText();
  assert.ok(said.startsWith(`${closed.filter((pnl) => pnl > 0).length} of ${closed.length} closed trades won; mean ${signed(mean, 5)} BTC`), said);
  assert.ok(said.includes(`worst ${signed(Math.min(...closed), 5)} BTC`) && said.includes(`best ${signed(Math.max(...closed), 5)} BTC`), said);
  await page.locator('#spread').getByRole('button', { name: 'Data table' }).click();
  const bins = (await page.locator('#spread tbody tr').allInnerTexts()).map((line) => line.split('\t'));
  const sum = (column) => bins.reduce((all, line) => all + (line[column] === '–' ? 0 : Number(line[column])), 0);
  assert.deepEqual([sum(1), sum(2)], [closed.filter((pnl) => !(pnl > 0)).length, closed.filter((pnl) => pnl > 0).length]);
  assert.ok(bins.every((line) => line[1] === '–' || line[2] === '–'), 'no bin has wins and losses');

  // One call is held at the end: at expiry its premium after fees pays until K / (1 - net premium).
  const [held] = trades.filter((leg) => !leg.closed_utc);
  const strike = Number(held.contract.split('-')[2]);
  const net = Number(held.open_price_coin) - Number(held.fee_coin) / Number(held.size_coins);
  const words = await page.locator('#payoff-words').innerText();
  const even = Math.round(strike / (1 - net)).toLocaleString('en-US');
  assert.ok(words.includes(`breaks even at $${even};`), words);
  const gain = Math.round(net * Number(held.size_coins) * strike).toLocaleString('en-US');
  assert.ok(words.includes(`maximum gain +$${gain} at $${strike.toLocaleString('en-US')}`), words);
  assert.match(words, /which the account's coins cover\.$/);

  const deltas = marks.map((mark) => Number(mark.net_delta_coins));
  const [now, least, most] = [deltas.at(-1), Math.min(...deltas), Math.max(...deltas)].map((value) => value.toFixed(4));
  assert.equal(await page.locator('#greeks-words').innerText(), `Net delta now ${now}; over all marks from ${least} to ${most}.`);
  await page.getByRole('button', { name: '90 days' }).click();
  await page.locator('#rolling').getByRole('button', { name: 'Data table' }).click();
  const rolling = page.locator('#rolling tbody tr');
  const closes = [...new Map([...marks].reverse().map((mark) => [mark.time_utc.slice(0, 10), mark])).values()].reverse();
  assert.equal(await rolling.count(), closes.length - 90, 'nothing before the window is full');
  const last = Number(closes.at(-1).equity_coin) / Number(closes.at(-91).equity_coin) - 1;
  assert.ok((await cells(rolling.last()))[1].startsWith(signed(last * 100, 2)), 'the return of the last 90 days');
  assert.deepEqual(errors, []);
  await context.close();
});

test('months and risk fit a phone', async () => {
  const { page, context, errors } = await open(browser, site.url, { viewport: { width: 390, height: 844 } });
  await page.locator('#pace').selectOption('full');
  await page.locator('#start').click();
  await reaches(page, 'FINISHED');
  for (const tab of ['months', 'risk']) {
    await page.locator(`#tab-${tab}`).click();
    assert.ok((await sideways(page)) <= 0, `${tab} scrolls sideways`);
  }
  assert.deepEqual(errors, []);
  await context.close();
});

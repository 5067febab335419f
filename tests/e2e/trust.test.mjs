// How to trust a result: outside truth checked in front of the visitor, and the report that is taken away.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { open } from './browser.mjs';
import { ground } from './ground.mjs';
import { PROJECT, commandLine } from './native.mjs';
import { digest, reaches } from './walks.mjs';

const EXAMPLE = JSON.parse(readFileSync(join(PROJECT, 'assets/example.json')));

const { browser, site } = await ground({ base: '/some/path/' });
const folder = mkdtempSync(join(tmpdir(), 'chainwalk-report-'));
after(() => rmSync(folder, { recursive: true }));

async function check(page) {
  await page.goto(`${site.url}#verify`);
  await page.locator('#verify-run:not([disabled])').click();
  await page.locator('#checks-words[data-busy="false"]', { hasText: 'checks' }).waitFor({ timeout: 120_000 });
  return page.locator('#checks-words').innerText();
}

async function finish(page) {
  await page.locator('#pace').selectOption('full');
  await page.locator('#start').click();
  await reaches(page, 'FINISHED');
}

async function report(page, name) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#report').click()]);
  assert.match(download.suggestedFilename(), /^chainwalk-.+\.html$/);
  const path = join(folder, name);
  await download.saveAs(path);
  return path;
}

/** The streams of a PDF's pages, in order, as text. */
function pages(pdf) {
  const text = pdf.toString('latin1');
  const object = (id) => {
    const begin = text.search(new RegExp(`(^|\\n)${id} 0 obj`));
    return text.slice(begin, text.indexOf('endobj', begin));
  };
  const found = [...text.matchAll(/\/Type\s*\/Page\b[^s][\s\S]*?endobj/g)].map((m) => m[0].match(/\/Contents (\d+) 0 R/)?.[1]);
  return found.map((id) => {
    const stream = object(id).split(/stream\r?\n/)[1];
    return inflateSync(Buffer.from(stream, 'latin1')).toString('latin1');
  });
}

/** Every page has text on it. */
function hasNoBlankPage(pdf, most) {
  const all = pages(pdf);
  assert.ok(all.length >= 1 && all.length <= most, `${all.length} pages`);
  all.forEach((page, i) => assert.match(page, /T[jJ]/, `page ${i + 1} of ${all.length} has text`));
}

test('every check passes in front of the visitor', async () => {
  const { page, context, errors } = await open(browser, site.url);
  const words = await check(page);
  const rows = await page.locator('.checks tbody tr').count();
  assert.equal(words, `${rows} of ${rows} checks pass.`);
  assert.ok(rows > 50, `${rows} rows`);
  assert.equal(await page.locator('.checks tbody tr[data-passed="true"]').count(), rows);
  const ofExample = page.locator('.verify-card', { hasText: 'The example, recomputed' });
  assert.equal(await ofExample.getByText(EXAMPLE.digest).count(), 2, 'expected and found');
  for (const card of await page.locator('.verify-card').all()) {
    for (const cell of await card.locator('tbody tr > :nth-child(3)').allInnerTexts()) assert.ok(cell.length > 5, 'a source');
  }
  assert.deepEqual(errors, []);
  await context.close();
});

test('a file that is not the one of the catalog fails its check', async () => {
  site.faults.splice(0, site.faults.length, { match: /eth-2026\/2026-02/, alter: (body) => Buffer.concat([body.subarray(0, -1), Buffer.from(' ')]) });
  const { page, context } = await open(browser, site.url);
  const words = await check(page);
  site.faults.length = 0;
  assert.match(words, /^(\d+) of (?!\1 )\d+ checks pass\. First to fail: ETH options .+: SHA-256 of every file, /);
  const failed = page.locator('.checks tbody tr[data-passed="false"]');
  assert.equal(await failed.count(), 1);
  assert.match(await failed.innerText(), /eth-2026\/2026-02.*another SHA-256/s);
  await context.close();
});

test('checks that were made are there after Back, and a reload makes them again', async () => {
  const { page, context, errors } = await open(browser, site.url);
  const words = await check(page);
  await page.locator('nav.pages').getByRole('link', { name: 'Help' }).click();
  await page.locator('#help-trust').waitFor();
  await page.goBack();
  await page.locator('.verify-card').first().waitFor();
  assert.equal(await page.locator('#checks-words').innerText(), words);
  await page.reload();
  await page.waitForFunction((before) => document.querySelector('#checks-words')?.innerText === before, words);
  assert.deepEqual(errors, []);
  await context.close();
});

test('help leads to the checks, and each of its sections has an address', async () => {
  const { page, context, errors } = await open(browser, `${site.url}#help=trust`);
  await page.getByRole('link', { name: 'run the checks in this browser' }).click();
  await page.locator('#verify-run').waitFor();
  await page.goto(`${site.url}#help=hosting`);
  await page.locator('#help-hosting').waitFor();
  for (const link of await page.locator('.help-nav a').all()) {
    const id = (await link.getAttribute('href')).split('=')[1];
    assert.equal(await page.locator(`#help-${id}`).count(), 1, id);
  }
  await page.goto(`${site.url}#help=nowhere`);
  await page.waitForURL(/#help$/);
  // The page that was opened here has the form behind it.
  await page.locator('nav.pages').getByRole('link', { name: 'Backtest' }).click();
  await page.waitForURL(site.url);
  await page.locator('#plan', { hasText: /^Every day/ }).waitFor();
  assert.deepEqual(errors, []);
  await context.close();
});

test('a report opens from a file without a network, a script or a request, and says what the page says', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await finish(page);
  const figures = (await page.locator('.tiles .figure-main').allInnerTexts()).map((text) => text.trim());
  const path = await report(page, 'one.html');
  const proof = await digest(page);
  assert.equal(proof, EXAMPLE.digest);
  assert.deepEqual(errors, []);
  await context.close();

  const alone = await browser.newContext({ offline: true, javaScriptEnabled: false });
  const asked = [];
  const sheet = await alone.newPage();
  sheet.on('request', (request) => asked.push(request.url()));
  await sheet.goto(`file://${path}`);
  assert.deepEqual(asked, [`file://${path}`]);
  assert.deepEqual(await sheet.locator('.tiles b').allInnerTexts(), figures);
  const text = await sheet.locator('body').innerText();
  assert.ok(text.includes(proof) && text.includes('not investment advice'));
  const link = await sheet.locator('a').getAttribute('href');
  assert.ok(link.startsWith(`${site.url}#r2=`), link);
  assert.equal(await sheet.locator('table.trades tbody tr').count(), EXAMPLE.variants[0].trades.flatMap((t) => t.legs).length);
  for (const [width, colorScheme] of [[1440, 'light'], [390, 'dark']]) {
    await sheet.setViewportSize({ width, height: 800 });
    await sheet.emulateMedia({ colorScheme });
    const [wide, dark] = [await sheet.locator('html').boundingBox(), await sheet.locator('table').first().isVisible()];
    assert.ok(wide.width <= width && dark, `${width}: nothing scrolls sideways`);
  }
  hasNoBlankPage(await sheet.pdf({ preferCSSPageSize: true }), 12);
  await alone.close();

  const verified = await open(browser, link);
  await verified.page.locator('#verdict', { hasText: 'Verified' }).waitFor({ timeout: 120_000 });
  await verified.context.close();
});

test('the command line writes the same bytes', async () => {
  const { page, context } = await open(browser, site.url);
  await finish(page);
  const here = readFileSync(await report(page, 'two.html'), 'utf8');
  await context.close();
  const request = join(folder, 'request.json');
  writeFileSync(request, JSON.stringify(EXAMPLE.request));
  const there = join(folder, 'native.html');
  commandLine(['run', request, '--data', join(PROJECT, 'assets/data'), '--report', there, '--site', site.url]);
  // what is written of the request differs: the form leaves the default dataset out
  const lines = (html) => html.replaceAll(/#r2=[\w-]+/g, '#').split('\n');
  const [ours, theirs] = [lines(here), lines(readFileSync(there, 'utf8'))];
  assert.deepEqual(ours.filter((line, i) => line !== theirs[i]).map((line) => line.slice(0, 200)), []);
  assert.equal(ours.length, theirs.length);
});

test('the page prints its results alone', async () => {
  const { page, context } = await open(browser, site.url);
  await finish(page);
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  for (const gone of ['.rail', '.run-bar', '.head', '.dials']) assert.ok(!(await page.locator(gone).first().isVisible()), gone);
  for (const kept of ['.plan', '.numbers', '.chart', '.readout', '#tab-panel']) assert.ok(await page.locator(kept).first().isVisible(), kept);
  // Of a long table a window is printed, which says how much is missing.
  const [rows, left] = await page.locator('.steps tbody').evaluate((body) => [
    body.querySelectorAll('tr:not(.spacer)').length,
    Number(body.querySelector('.spacer:last-child').style.getPropertyValue('--rows')),
  ]);
  assert.equal(rows + left, 181);
  assert.equal(await page.locator('.steps .spacer').first().isVisible(), false, 'nothing is left out above');
  assert.ok(await page.locator('.steps .spacer').last().isVisible());
  const sizes = await page.locator('.steps tr.line td').first().evaluate((cell) => [cell, cell.querySelector('.yours')].map((part) => getComputedStyle(part).fontSize));
  assert.equal(sizes[0], sizes[1], "the visitor's time is as large as UTC");
  hasNoBlankPage(await page.pdf({ preferCSSPageSize: true }), 8);
  await context.close();
});

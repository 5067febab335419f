// A data folder on another host, named in the address: run, sent on, and every way in which it can fail.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { open } from './browser.mjs';
import { ground } from './ground.mjs';
import { serve } from './server.mjs';

const SLOW = 120_000;
const DATA = fileURLToPath(new URL('../../assets/data/', import.meta.url));

const { browser, site } = await ground({ base: '/some/path/' });

const host = (options = {}) => serve({ root: DATA, base: '/elsewhere/', headers: { 'access-control-allow-origin': '*' }, ...options });
const address = (catalog) => `${site.url}?catalog=${encodeURIComponent(catalog)}`;
const banner = (page) => page.locator('.banner.bad').first();

async function run(page) {
  await page.locator('#start:not([disabled])').waitFor({ timeout: SLOW });
  await page.locator('#f-end').fill('2026-01-31');
  await page.locator('#f-end').blur();
  await page.locator('#pace').selectOption('full');
  await page.locator('#start').click();
}

test('a folder on another host is run, and the link that is sent names it', async () => {
  const other = await host();
  const { page, context } = await open(browser, address(`${other.url}catalog.json`), { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.locator('#data-from').waitFor({ timeout: SLOW });
  assert.match(await page.locator('#data-from').innerText(), /^From http:\/\/127\.0\.0\.1:\d+\/elsewhere\/catalog\.json\./);
  await run(page);
  await page.locator('#status[data-state="FINISHED"]').waitFor({ timeout: SLOW });
  assert.ok(other.requests.some((r) => r.path.endsWith('2026-01.json') && r.status === 200), 'the packs are that host\'s');
  assert.ok(!site.requests.some((r) => r.path.endsWith('2026-01.json')), 'and not this site\'s');
  await page.locator('#copy-link').click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.ok(link.startsWith(`${address(`${other.url}catalog.json`)}#`), link);
  const second = await open(browser, link);
  await second.page.getByText('Verified').first().waitFor({ timeout: SLOW });
  await second.context.close();
  await context.close();
  await other.close();
});

test('a folder that cannot be read explains itself, and the site\'s own is one click away', async () => {
  const other = await host();
  const closed = await host({ headers: {} });
  for (const [catalog, sentence] of [
    [`${other.url}nothing/catalog.json`, 'nothing/catalog.json cannot be fetched: the server answered 404'],
    [`${closed.url}catalog.json`, 'could not be fetched: its host does not answer, or does not let other sites read it (CORS)'],
    ['ftp://example.org/catalog.json', 'catalog: "ftp://example.org/catalog.json" is not the address of a catalog; write https://host/folder/catalog.json'],
  ]) {
    const { page, context } = await open(browser, address(catalog));
    await banner(page).waitFor({ timeout: SLOW });
    assert.ok((await banner(page).innerText()).includes(sentence), await banner(page).innerText());
    await banner(page).getByRole('link', { name: "Use this site's data" }).click();
    await page.locator('#start:not([disabled])').waitFor({ timeout: SLOW });
    await context.close();
  }
  const wrong = [
    [/catalog\.json$/, (body) => Buffer.from(body.toString().replace('"schema":1', '"schema":9')), `The list of datasets could not be read. ${other.url}catalog.json: catalog: schema: found 9, expected 1\n`],
    [/catalog\.json$/, () => Buffer.alloc(9 << 20, ' '), 'is larger than 8388608 bytes, which is the most that is read of it'],
  ];
  for (const [match, alter, sentence] of wrong) {
    other.faults.splice(0, other.faults.length, { match, alter });
    const { page, context } = await open(browser, address(`${other.url}catalog.json`));
    await banner(page).waitFor({ timeout: SLOW });
    assert.ok((await banner(page).innerText()).includes(sentence), await banner(page).innerText());
    await context.close();
  }
  await other.close();
  await closed.close();
});

test('a pack with another hash, or longer than announced, fails the run with its name', async () => {
  const other = await host();
  for (const [alter, sentence] of [
    [(body) => Buffer.from(body.toString().replace('"index":8', '"index":7')), 'found sha256'],
    [(body) => Buffer.concat([body, Buffer.from('  ')]), 'is larger than'],
  ]) {
    other.faults.splice(0, other.faults.length, { match: /2026-01\.json$/, alter });
    const { page, context } = await open(browser, address(`${other.url}catalog.json`));
    await run(page);
    await page.locator('#status[data-state="ERROR"]').waitFor({ timeout: SLOW });
    const text = await banner(page).innerText();
    assert.ok(text.includes('2026-01.json') && text.toLowerCase().includes(sentence.toLowerCase()), text);
    await context.close();
  }
  await other.close();
});

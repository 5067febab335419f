// The page without a network, and one build put over another, as a static host does it.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { complete } from '../../script/site.mjs';
import { launch, open } from './browser.mjs';
import { DIST, serve } from './server.mjs';
import { reaches, thrifty } from './walks.mjs';

const EXAMPLE = JSON.parse(readFileSync(new URL('../../assets/example.json', import.meta.url)));
const WORKER = readFileSync(new URL('../../assets/sw.js', import.meta.url), 'utf8');
const DECLARATIONS = readFileSync(new URL('../../assets/chainwalk.d.ts', import.meta.url), 'utf8');
const SLOW = 120_000;

let browser;
const folders = [];
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function copyOfSite() {
  const folder = mkdtempSync(join(tmpdir(), 'chainwalk-site-'));
  folders.push(folder);
  cpSync(DIST, folder, { recursive: true });
  return folder;
}

/** Another build: a style sheet of another name, a catalog with another title. */
function anotherBuild() {
  const folder = copyOfSite();
  const page = join(folder, 'index.html');
  const styles = readdirSync(folder).find((name) => /^styles-.*\.css$/.test(name));
  renameSync(join(folder, styles), join(folder, 'styles-0123456789abcdef.css'));
  writeFileSync(page, readFileSync(page, 'utf8').replace(styles, 'styles-0123456789abcdef.css'));
  const catalog = join(folder, 'data/catalog.json');
  writeFileSync(catalog, readFileSync(catalog, 'utf8').replace('BTC options on Deribit, January', 'Second build, January'));
  complete(folder, WORKER);
  return folder;
}

const kept = (page) =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    while (!navigator.serviceWorker.controller) await new Promise((next) => setTimeout(next, 20));
  });

/** Which build the page's parts are of: its style sheet and its catalog. */
async function builds(page) {
  await page.locator('.coverage-words').waitFor();
  const styles = await page.locator('link[rel=stylesheet]').getAttribute('href');
  const title = await page.locator('.coverage-words').innerText();
  return [styles.includes('0123456789abcdef') ? 2 : 1, title.includes('Second build') ? 2 : 1];
}

test('after the first visit the page opens and runs with the network cut', async () => {
  const site = await serve({ base: '/some/path/' });
  const { page, context, errors } = await open(browser, site.url, { serviceWorkers: 'allow' });
  await kept(page);
  await site.close();
  await page.reload();
  await page.locator('#pace').selectOption('full');
  await page.locator('#start').click();
  await page.locator('#status[data-state="FINISHED"]').waitFor({ timeout: SLOW });
  await page.locator('#tab-assumptions').click();
  assert.match(await page.locator('#tab-panel').innerText(), new RegExp(EXAMPLE.digest));
  await page.goto(`${site.url}#help=api`);
  const begun = page.waitForEvent('download');
  await page.getByRole('link', { name: 'chainwalk.d.ts' }).click();
  assert.equal(readFileSync(await (await begun).path(), 'utf8'), DECLARATIONS);
  assert.deepEqual(errors, []);
  await context.close();
});

test('left alone for a while, the page keeps the data of every dataset, unless the browser is to save data', async () => {
  const site = await serve({ base: '/some/path/' });
  const visit = () => open(browser, site.url, { serviceWorkers: 'allow' });
  const saving = await visit();
  await thrifty(saving.page);
  await kept(saving.page);
  const { page, context, errors } = await visit();
  await kept(page);
  const { datasets } = JSON.parse(readFileSync(join(DIST, 'data/catalog.json')));
  const packs = datasets.flatMap((dataset) => dataset.packs.map((pack) => `data/${pack.path}`));
  const ether = packs.filter((path) => path.startsWith('data/eth-2026/'));
  const asked = () => site.requests.filter(({ path }) => ether.some((pack) => path.endsWith(pack))).length;
  await page.waitForTimeout(10_000);
  assert.equal(asked(), 0, 'not in the first seconds');
  const isWhole = async (paths) => (await Promise.all(paths.map((path) => caches.match(path)))).every(Boolean);
  const late = Date.now() + 60_000;
  while (!(await page.evaluate(isWhole, packs)) && Date.now() < late) await page.waitForTimeout(500);
  assert.ok(await page.evaluate(isWhole, packs), 'all of them are kept');
  assert.equal(asked(), ether.length, 'each once, and none by the page that is to save data');
  assert.ok(!(await saving.page.evaluate(isWhole, ether)));
  await saving.context.close();

  await site.close();
  await page.reload();
  await page.locator('#f-underlying').selectOption('ETH');
  await page.locator('#pace').selectOption('full');
  await page.locator('#start').click();
  await reaches(page, 'FINISHED');
  await page.locator('.coverage-words', { hasText: 'ETH options' }).waitFor();
  await page.locator('.form').getByRole('button', { name: 'Gold loan, 2020' }).click();
  await page.getByRole('button', { name: 'Show the loan' }).waitFor({ timeout: SLOW });
  await reaches(page, 'FINISHED');
  assert.deepEqual(errors, []);
  await context.close();
});

test('a newer build waits until it is asked for, and no page is ever of two builds', async () => {
  const first = copyOfSite();
  const site = await serve({ root: first });
  const { page, context, errors } = await open(browser, site.url, { serviceWorkers: 'allow' });
  await kept(page);
  assert.deepEqual(await builds(page), [1, 1]);

  // Half of a deployment: the new list is there, a file of it is not. The old build stays whole.
  const second = anotherBuild();
  site.faults.push({ match: /^sw\.js$/, replace: `${second}/sw.js` });
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update().catch(() => {}));
  await page.waitForTimeout(1000);
  await page.reload();
  assert.deepEqual(await builds(page), [1, 1]);
  assert.equal(await page.locator('#newer').count(), 0, 'half a build is not offered');

  site.faults.length = 0;
  site.faults.push({ match: /^/, replace: `${second}/` });
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await page.locator('#newer').waitFor({ timeout: SLOW });
  assert.deepEqual(await builds(page), [1, 1], 'nothing is swapped under the visitor');
  await page.reload();
  assert.deepEqual(await builds(page), [1, 1], 'nor by a reload');
  await page.locator('#newer').getByRole('button', { name: 'Reload' }).click();
  await page.waitForFunction(() => document.querySelector('link[rel=stylesheet]')?.href.includes('0123456789abcdef'), null, { timeout: SLOW });
  assert.deepEqual(await builds(page), [2, 2]);
  assert.equal(await page.evaluate(async () => (await caches.keys()).length), 1, 'the old build is put away');
  await page.locator('#pace').selectOption('full');
  await page.locator('#start').click();
  await page.locator('#status[data-state="FINISHED"]').waitFor({ timeout: SLOW });
  assert.deepEqual(errors.filter((text) => !/404/.test(text)), []);
  await context.close();
  await site.close();
});

test('the policy lets only the page\'s own code run, and no page breaks it', async () => {
  const site = await serve();
  const asked = [];
  const { page, context, errors } = await open(browser, site.url, { onRequest: (url) => asked.push(url) });
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  assert.ok(!/unsafe-inline|'unsafe-eval'/.test(policy), policy);
  const refused = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.intruder = true';
    const broken = new Promise((resolve) => document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective)));
    document.head.append(script);
    return broken;
  });
  assert.equal(refused, 'script-src-elem');
  assert.equal(await page.evaluate(() => window.intruder), undefined);
  errors.length = 0; // the refusal itself

  await page.locator('#pace').selectOption('full');
  await page.locator('#start').click();
  await page.locator('#status[data-state="FINISHED"]').waitFor({ timeout: SLOW });
  for (const name of await page.locator('nav.pages a').allInnerTexts()) {
    await page.locator('nav.pages').getByRole('link', { name }).click();
    await page.locator('main:visible').waitFor();
  }
  await page.goto(`${site.url}#verify`);
  await page.locator('#verify-run').waitFor();
  await page.goto(`${site.url}#gallery`);
  await page.locator('.gallery-whole[data-whole="true"]').waitFor({ timeout: SLOW });
  const request = Buffer.from(JSON.stringify({ end: '2026-01-31' })).toString('base64url');
  await page.goto(`${site.url}?embed=1#r1=${request}`);
  await page.locator('.embed #plot').waitFor();
  assert.deepEqual(errors, [], 'a violation is an error in the console');
  assert.deepEqual(asked.filter((url) => !url.startsWith(site.url) && !/^(data|blob):/.test(url)), []);
  await context.close();
  await site.close();
});

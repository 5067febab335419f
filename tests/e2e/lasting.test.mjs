// Runs that last: closed tabs, killed browsers, two tabs, links, full and forbidden storage, in a real browser on the built site.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './browser.mjs';
import { ground } from './ground.mjs';
import { kills } from './kills.mjs';
import { allSettings, digest, reaches } from './walks.mjs';

const SLOW = 120_000;
/** `node tests/e2e/kills.mjs` makes fifty. */
const KILLS = Number(process.env.KILLS ?? 6);

const { browser, site } = await ground({ base: '/some/path/' });

const ready = (page) => page.locator('#start:not([disabled])').waitFor({ timeout: SLOW });
const fragment = (request, version = 'r1') => `#${version}=${Buffer.from(JSON.stringify(request)).toString('base64url')}`;
const question = (page) => page.locator('#question');

async function start(page, pace = 'full') {
  await ready(page);
  await page.locator('#pace').selectOption(pace);
  await page.locator('#start').click();
}

async function tab(context, url) {
  const page = await context.newPage();
  await page.goto(url);
  await ready(page);
  return page;
}

/** Waits until a run is well under way and saved. */
async function walks(page) {
  await reaches(page, 'RUNNING');
  await page.waitForFunction(() => parseInt(document.querySelector('#decisions').textContent, 10) > 15, null, { timeout: SLOW });
}

/** Every row of a table of the page's storage. */
const rows = (page, table) =>
  page.evaluate(
    (name) =>
      new Promise((resolve, reject) => {
        const request = indexedDB.open('chainwalk');
        request.onerror = () => reject(request.error);
        request.onsuccess = () => {
          const all = request.result.transaction(name).objectStore(name).getAll();
          all.onerror = () => reject(all.error);
          all.onsuccess = () => {
            request.result.close();
            resolve(all.result);
          };
        };
      }),
    table,
  );

test(`the browser is killed ${KILLS} times in the middle of a run: each resumes and ends with the digest of one never stopped`, async () => {
  const { equal, above, count } = await kills(KILLS);
  assert.equal(equal, count, 'digests');
  assert.ok(above >= 0.8 * count, `${above} of ${count} resumed from a checkpoint above 0 %`);
});

test('close the tab in the middle of a run, come back, resume: the same digest, and no row twice', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await start(page, 'full');
  await reaches(page, 'FINISHED');
  const whole = await digest(page);
  await page.locator('#pace').selectOption('walk');
  await page.locator('#start').click();
  await question(page).getByText('Run again').click();
  await walks(page);
  await page.close();

  const back = await tab(context, site.url);
  const offer = await question(back).innerText();
  assert.match(offer, /Interrupted when the page closed: [1-9]\d* of 181 done/);
  await back.locator('#pace').selectOption('full');
  await back.locator('#resume-interrupted').click();
  await reaches(back, 'FINISHED');
  assert.equal(await digest(back), whole);

  await back.waitForFunction(() => new Promise((resolve) => {
    const request = indexedDB.open('chainwalk');
    request.onsuccess = () => {
      const all = request.result.transaction('runs').objectStore('runs').getAll();
      all.onsuccess = () => { request.result.close(); resolve(all.result.every((run) => run.digest)); };
    };
  }), null, { timeout: SLOW });
  const runs = await rows(back, 'runs');
  assert.deepEqual(runs.map((run) => [run.state, run.digest, run.progress]), Array(2).fill(['completed', whole, 1]));
  assert.deepEqual(await rows(back, 'checkpoints'), [], 'a finished run leaves no checkpoint');
  for (const run of runs) {
    const chunks = (await rows(back, 'steps')).filter((row) => row.run === run.id);
    let next = 0;
    for (const chunk of chunks) {
      assert.equal(chunk.from, next, 'chunks follow each other');
      assert.equal(JSON.parse(chunk.text).length, chunk.count);
      next += chunk.count;
    }
    assert.equal(next, run.marks_done);
  }
  await back.reload();
  await ready(back);
  assert.equal(await question(back).count(), 0, 'nothing is left to resume');
  assert.deepEqual(errors, []);
  await context.close();
});

test('an interrupted run can be discarded', async () => {
  const { page, context } = await open(browser, site.url);
  await start(page, 'walk');
  await walks(page);
  await page.reload();
  await page.locator('#discard-interrupted').click();
  await question(page).waitFor({ state: 'detached' });
  await page.reload();
  await ready(page);
  assert.equal(await question(page).count(), 0);
  assert.deepEqual(await rows(page, 'runs'), []);
  assert.deepEqual(await rows(page, 'steps'), []);
  await context.close();
});

for (const [what, field, value, reason] of [
  ['another engine', 'engine_version', '0.0.1', /it was begun by engine 0\.0\.1, and this is engine \S+: run it again/],
  ['other data', 'fingerprint', '0'.repeat(64), /its dataset has changed since it was begun: run it again/],
]) test(`a checkpoint of ${what} is refused with the reason, and the run can be run again`, async () => {
  const { page, context } = await open(browser, site.url);
  await start(page, 'walk');
  await walks(page);
  const id = (await rows(page, 'runs'))[0].id;
  await page.goto('about:blank');
  await page.goto(`${site.url}example.json`);
  await page.evaluate(
    ([run, field, value]) =>
      new Promise((resolve, reject) => {
        const request = indexedDB.open('chainwalk');
        request.onerror = () => reject(request.error);
        request.onsuccess = () => {
          const change = request.result.transaction('checkpoints', 'readwrite');
          const store = change.objectStore('checkpoints');
          store.get(run).onsuccess = ({ target }) => {
            target.result.checkpoint[field] = value;
            store.put(target.result);
          };
          change.oncomplete = () => {
            request.result.close();
            resolve();
          };
        };
      }),
    [id, field, value],
  );
  await page.goto(site.url);
  await page.locator('#resume-interrupted').click();
  await page.getByText('This run cannot go on.').waitFor();
  assert.match(await question(page).innerText(), reason);
  await page.locator('#pace').selectOption('full');
  await question(page).getByText('Run again').click();
  await reaches(page, 'FINISHED');
  await context.close();
});

test('two tabs: the second says what runs, and "Stop and start" takes over', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await start(page, 'walk');
  await walks(page);
  const second = await tab(context, site.url);
  assert.equal(await question(second).count(), 0, 'what runs in another tab is not interrupted');
  await second.locator('#start').click();
  await second.getByText('Backtest already running').waitFor();
  assert.match(await question(second).innerText(), /Covered call, \d+ of 181 done/);
  await second.locator('#pace').selectOption('full');
  await second.locator('#stop-and-start').click();
  await reaches(second, 'FINISHED');
  await reaches(page, 'STOPPED');
  assert.deepEqual(errors, []);
  await context.close();
});

test('a tab that dies while it runs holds nobody up', async () => {
  const { page, context } = await open(browser, site.url);
  const second = await tab(context, site.url);
  await start(page, 'walk');
  await walks(page);
  const session = await context.newCDPSession(page);
  session.send('Page.crash').catch(() => {});
  await new Promise((resolve) => page.once('crash', resolve));
  await start(second, 'full');
  await reaches(second, 'FINISHED');
  await context.close();
});

test('a double press starts one run, and Resume while running does nothing later', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await ready(page);
  await page.locator('#pace').selectOption('walk');
  await page.locator('#start').evaluate((button) => {
    button.click();
    button.click();
  });
  await walks(page);
  await page.locator('#pause').click();
  await reaches(page, 'PAUSED');
  const held = await page.locator('#decisions').innerText();
  await page.locator('#pause').evaluate((button) => {
    button.click();
    button.click();
  });
  await reaches(page, 'PAUSED');
  await page.evaluate(() => new Promise((next) => { let left = 20; const frame = () => (left-- ? requestAnimationFrame(frame) : next()); frame(); }));
  const later = await page.locator('#decisions').innerText();
  assert.ok(parseInt(later, 10) - parseInt(held, 10) <= 1, `${held}, ${later}: it stays held`);
  await page.locator('#start').dblclick();
  await reaches(page, 'STOPPED');
  await page.waitForFunction(() => new Promise((resolve) => {
    const request = indexedDB.open('chainwalk');
    request.onsuccess = () => {
      const all = request.result.transaction('logs').objectStore('logs').getAll();
      all.onsuccess = () => { request.result.close(); resolve(all.result.some((line) => line.message === 'Ended: stopped.')); };
    };
  }), null, { timeout: SLOW });
  assert.deepEqual((await rows(page, 'runs')).map((run) => run.state), ['stopped']);
  assert.deepEqual(errors, []);
  await context.close();
});

test('a link sent to another profile recomputes by itself and is verified; a changed one says what moved', async () => {
  const { page, context } = await open(browser, site.url, { permissions: ['clipboard-read', 'clipboard-write'] });
  await ready(page);
  await page.locator('#f-end').fill('2026-02-28');
  await page.locator('#f-variants-0--target-delta').fill('0.3');
  await start(page, 'full');
  await reaches(page, 'FINISHED');
  const sent = await digest(page);
  await page.locator('#copy-link').click();
  await page.getByText('Link copied').waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.ok(new URL(link).hash.length < 400, `${link.length} characters`);
  await context.close();

  const other = await open(browser, link);
  await other.page.getByText('Verified: recomputed here, same result.').waitFor({ timeout: SLOW });
  assert.equal(await digest(other.page), sent);
  assert.equal(await other.page.locator('#f-end').inputValue(), '2026-02-28');
  assert.deepEqual(other.errors, []);
  await other.context.close();

  const carried = JSON.parse(Buffer.from(new URL(link).hash.slice(4), 'base64url'));
  const differs = async (change, sentence) => {
    const { page: changed, context: own } = await open(browser, site.url + fragment({ ...carried, ...change }, 'r2'));
    await changed.locator('#verdict', { hasText: 'Differs' }).waitFor({ timeout: SLOW });
    assert.match(await changed.locator('#verdict').innerText(), sentence);
    await own.close();
  };
  assert.deepEqual(carried.p, ['fitted', 100, 0], 'the link says what its prices are');
  const another = Buffer.alloc(16, 7).toString('base64url');
  await differs({ g: another }, /Differs: the settings in the link were changed after the result was computed; digest [0-9a-f]{8}… here, [0-9a-f]{8}… in the link\./);
  await differs({ g: another, e: '0.0.1' }, /Differs: engine \S+ here, 0\.0\.1 in the link; digest/);
  await differs({ g: another, d: another }, /Differs: dataset changed: \S+… here, \S+… in the link; digest/);
});

test('links that cannot be read, or are of data that are not here, say so in a sentence and leave the page usable', async () => {
  const claim = { d: Buffer.alloc(16).toString('base64url'), e: '0.1.0', g: Buffer.alloc(16).toString('base64url') };
  const cases = [
    ['#r1=eyJhIjox', /This link cannot be read: the link is damaged: it does not hold JSON\./],
    ['#nonsense', /^This address is no page and no link of chainwalk\. The form shows the defaults\.$/],
    ['#r9=abc', /the link is of version 9, made by a newer chainwalk/],
    [`#r1=${'A'.repeat(17_000)}`, /the link has 17003 characters, more than 16384/],
    [fragment({ ...claim, g: '<img src=x onerror=alert(1)>', q: {} }, 'r2'), /what it says of its result is no digest/],
    [
      fragment({ ...claim, p: ['recorded', 71, 2], q: { dataset: 'mine-2025' } }, 'r2'),
      /cannot be computed here: .*mine-2025.* Its sender saw recorded prices, 71 % of premium two-sided, 2 % older than 12 h\./,
    ],
  ];
  for (const [link, sentence] of cases) {
    const { page, context, errors } = await open(browser, site.url + link);
    await ready(page);
    assert.match(await page.locator('.results .banner').first().innerText(), sentence);
    await start(page);
    if (!link.includes('r2=') || !sentence.source.includes('mine')) await reaches(page, 'FINISHED');
    assert.deepEqual(errors, []);
    await context.close();
  }
});

test('one variant fails, the others finish, and the reason and its date are shown', async () => {
  const endless = { name: 'Endless', cover: 'none', max_open: null, size: 1e308, entry: { weekdays: [1] } };
  const { page, context, errors } = await open(browser, site.url + fragment({ end: '2026-02-28', variants: [{}, endless] }), { timezoneId: 'Asia/Kolkata' });
  await start(page, 'full');
  await reaches(page, 'PARTIAL');
  const banner = await page.locator('.banner', { hasText: 'Some variants failed.' }).innerText();
  assert.match(banner, /Endless: Arithmetic: the account's figures left the range of numbers, after 2026-01-\d\d 0?\d:00 UTC · \d\d:30 (on [\d-]+ )?your time\./);
  assert.match(await page.locator('.unit-grid').innerText(), /Covered call\s+done[\s\S]*Endless\s+failed/);
  assert.equal(await page.locator('#percent').innerText(), '100 %');
  assert.deepEqual(errors, []);
  await context.close();
});

test('both exit styles side by side is one press', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await ready(page);
  await allSettings(page);
  await page.locator('#both-styles').click();
  await start(page, 'full');
  await reaches(page, 'FINISHED');
  assert.deepEqual(await page.locator('.unit-grid th').allInnerTexts(), ['Covered call, hold', 'Covered call, roll']);
  assert.deepEqual(errors, []);
  await context.close();
});

test('a run whose variants are all off ends at once and says why', async () => {
  const { page, context } = await open(browser, site.url + fragment({ variants: [{ enabled: false }] }));
  await start(page, 'full');
  await reaches(page, 'FINISHED');
  await page.locator('#tab-assumptions').click();
  assert.match(await page.locator('#tab-panel').innerText(), /skipped|switched off/i);
  await context.close();
});

test('an identical run is offered instead of computed again', async () => {
  const { page, context } = await open(browser, site.url);
  await start(page, 'full');
  await reaches(page, 'FINISHED');
  const first = await digest(page);
  await page.locator('#start').click();
  await page.getByText('Identical run exists.').waitFor();
  await page.locator('#f-end').fill('2026-02-28');
  await question(page).waitFor({ state: 'detached' });
  await page.locator('#reset').click();
  await page.locator('#start').click();
  await question(page).getByText('Open it').click();
  await page.waitForURL(/#run=/);
  await reaches(page, 'FINISHED');
  assert.equal(await digest(page), first);
  await page.reload();
  await reaches(page, 'FINISHED');
  assert.equal(await digest(page), first, 'reload keeps what was on screen');
  await context.close();
});

test('a run that is gone says so once, and the form can start', async () => {
  const { page, context, errors } = await open(browser, `${site.url}#run=nowhere`);
  const gone = (id) => page.getByText(`The run cannot be shown: run ${id} is not kept in this browser. The form shows the defaults.`).waitFor();
  await gone('nowhere');
  await page.waitForURL(site.url);
  await start(page, 'full');
  await reaches(page, 'FINISHED');
  const id = await page.evaluate(async () => (await chainwalk.runs()).items[0].id);
  await page.goto(`${site.url}#run=${id}`);
  await page.reload();
  await reaches(page, 'FINISHED');
  await page.evaluate((id) => chainwalk.delete(id), id);
  await page.reload();
  await gone(id);
  await page.waitForURL(site.url);
  await ready(page);
  assert.deepEqual(errors, []);
  await context.close();
});

test('Back and reload come back to where each page was scrolled, but move nobody who presses something meanwhile', async () => {
  const { page, context, errors } = await open(browser, site.url, { viewport: { width: 390, height: 600 } });
  const isAt = (y) => page.waitForFunction((y) => Math.abs(scrollY - y) < 2, y);
  const isTall = (y) => page.waitForFunction((y) => !document.querySelector('#skeleton') && document.documentElement.scrollHeight - innerHeight > y, y);
  const scroll = async (y) => {
    await isTall(y);
    await page.evaluate((y) => new Promise((ended) => {
      addEventListener('scrollend', () => ended(), { once: true });
      scrollTo(0, y);
    }), y);
  };
  // A press on what is out of sight would scroll.
  const press = (link) => link.evaluate((link) => link.click());
  await scroll(1000);
  await press(page.locator('nav.pages').getByRole('link', { name: 'Help' }));
  await isAt(0);
  await scroll(3000);
  await page.reload();
  await isAt(3000);
  await press(page.locator('.help-nav').getByRole('link', { name: 'Links and verification' }));
  await page.locator('#help-links:focus').waitFor();
  await page.goBack();
  await page.waitForURL(/#help$/);
  await isAt(3000);
  await page.goBack();
  await page.locator('#start').waitFor();
  await isAt(1000);
  await page.reload();
  await isAt(1000);

  let answer;
  const held = new Promise((resolve) => (answer = resolve));
  await page.route(/catalog\.json$/, async (route) => {
    await held;
    await route.continue();
  });
  await page.reload({ waitUntil: 'commit' });
  await page.locator('#start').waitFor({ state: 'attached' });
  await page.keyboard.press('Shift');
  answer();
  await isTall(1000);
  await page.waitForTimeout(200); // longer than two looks at the page's height
  assert.equal(await page.evaluate(() => scrollY), 0);
  assert.deepEqual(errors, []);
  await context.close();
});

test('Back closes the panel of a step, as Escape and its button do; none of them leaves the page or an entry', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await start(page, 'full');
  await reaches(page, 'FINISHED');
  const why = page.locator('#why');
  const ask = async () => {
    await page.locator('#tab-panel tbody tr.line').first().click();
    await page.waitForFunction(() => document.activeElement.id === 'why');
  };
  const entries = () => page.evaluate(() => history.length);
  const before = await entries();
  // What cannot be read yet stands in no address: Back leaves it alone.
  const typed = page.locator('#f-variants-0--target-delta');
  await typed.fill('a quarter');
  const closings = [() => page.goBack(), () => page.keyboard.press('Escape'), () => why.getByRole('button', { name: 'Close' }).click()];
  for (const close of closings) {
    await ask();
    const time = await why.locator('h2').innerText();
    await page.keyboard.press('ArrowLeft');
    await why.locator('h2').filter({ hasNotText: time }).waitFor();
    await close();
    await why.waitFor({ state: 'detached' });
    assert.equal(await entries(), before + 1);
    assert.equal(await typed.inputValue(), 'a quarter');
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await ask();
  await page.reload();
  await why.waitFor();
  assert.equal(await entries(), before + 1);
  await page.goBack();
  await why.waitFor({ state: 'detached' });
  await reaches(page, 'FINISHED');
  assert.equal(page.url(), site.url);
  assert.deepEqual(errors, []);
  await context.close();
});

test('storage that is refused, and storage that fills up, cost nothing but the keeping', async () => {
  const refuse = () => Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('denied', 'SecurityError'); } });
  const fill = () => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function full(...row) {
      if (this.name === 'steps') throw new DOMException('no space', 'QuotaExceededError');
      return put.apply(this, row);
    };
  };
  const digests = [];
  for (const [fault, sentence] of [[refuse, /Not kept\. .*runs last as long as the tab/], [fill, /Not kept\. .*storage is full/]]) {
    const context = await browser.newContext();
    await context.addInitScript(fault);
    const page = await tab(context, site.url);
    await start(page, 'full');
    await reaches(page, 'FINISHED');
    await page.locator('#store-fault').waitFor();
    assert.match(await page.locator('#store-fault').innerText(), sentence);
    digests.push(await digest(page));
    await context.close();
  }
  assert.equal(digests[0], digests[1]);
});

test('embedded, the page is chart and key numbers alone', async () => {
  const { page, context, errors } = await open(browser, `${site.url}?embed=1${fragment({ end: '2026-01-31' })}`);
  await page.locator('#plot').waitFor();
  assert.equal(await page.locator('#start').count(), 0);
  const way = page.getByText('Open in chainwalk');
  assert.match(await way.getAttribute('href'), /[^?&]#r1=/);
  await page.goto(`${site.url}?embed=1&catalog=data/catalog.json`);
  assert.match(await way.getAttribute('href'), /\/\?catalog=data\/catalog\.json$/);
  assert.deepEqual(errors, []);
  await context.close();
});

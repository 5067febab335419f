// The built site as a plain folder on a static host, under a path of its own.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';
import { serve } from './server.mjs';
import { WALKS } from './walks.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

test('the site works under a sub-path and asks for nothing outside it', async () => {
  const site = await serve({ base: '/some/path/' });
  try {
    const asked = [];
    const { page, context, errors } = await open(browser, site.url, {
      onRequest: (url) => asked.push(url),
    });
    assert.match(await page.title(), /chainwalk/);
    assert.ok(asked.some((url) => url.endsWith('.wasm')), 'the program is loaded');
    assert.deepEqual(asked.filter((url) => !url.startsWith(site.url) && !url.startsWith('data:')), []);
    assert.deepEqual(site.requests.filter(({ status }) => status !== 200), []);
    assert.deepEqual(errors, []);
    await context.close();
  } finally {
    await site.close();
  }
});

test('no part of the site asks another host', async () => {
  const site = await serve({ base: '/some/path/' });
  try {
    for (const name of ['finished', 'verify', 'gallery', 'help', 'data', 'compare', 'kept', 'embed', 'imported', 'report']) {
      const asked = [];
      const { page, context, errors } = await open(browser, site.url, { onRequest: (url) => asked.push(url) });
      await WALKS[name](page);
      const own = (url) => url.startsWith(site.url) || /^(data|blob|file|about):/.test(url);
      assert.deepEqual(asked.filter((url) => !own(url)), [], name);
      assert.ok(asked.length > 5, `${name}: ${asked.length} requests`);
      assert.deepEqual(errors, [], name);
      await context.close();
    }
    assert.deepEqual(site.requests.filter(({ status }) => status !== 200), []);
  } finally {
    await site.close();
  }
});

test('a visitor sees a line of text while the program is on its way, and a sentence where scripts are off', async () => {
  const site = await serve({ faults: [{ match: /\.wasm$/, delayMs: 1500 }] });
  try {
    const waiting = await browser.newPage();
    await waiting.goto(site.url, { waitUntil: 'commit' });
    await waiting.getByText('Loading chainwalk').waitFor();
    await waiting.close();

    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(site.url);
    assert.ok(await page.locator('noscript p').isVisible()); // text locators do not look into noscript
    assert.ok(await page.getByText('Loading chainwalk').isHidden());
    await context.close();
  } finally {
    await site.close();
  }
});

// Every state of the page in both themes, wide and narrow, through axe-core: no violation of WCAG 2.2 A and AA or of best practice.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';
import { serve } from './server.mjs';
import { BROKEN, WALKS } from './walks.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

let browser;
let sound;
let broken;
before(async () => {
  browser = await launch();
  sound = await serve();
  broken = await serve({ faults: BROKEN });
});
after(async () => {
  await browser?.close();
  await sound?.close();
  await broken?.close();
});

/** What axe finds on the page as it stands, one line a node. */
async function violations(page) {
  await page.evaluate(AXE); // evaluated by the debugger: the page's policy stays as it is
  const found = await page.evaluate((values) => window.axe.run(document, { runOnly: { type: 'tag', values } }), TAGS);
  return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary.split('\n')[1]?.trim()}`));
}

for (const [name, walk] of Object.entries(WALKS)) {
  test(`axe finds nothing: ${name}`, async () => {
    const url = name === 'error' ? broken.url : sound.url;
    const { page, context } = await open(browser, url, { colorScheme: 'light', reducedMotion: 'reduce' });
    await walk(page);
    const found = [];
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 });
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.waitForTimeout(100); // a theme's colours are painted in the next frames
        found.push(...(await violations(page)).map((line) => `${width} pixels, ${colorScheme}: ${line}`));
      }
    }
    assert.deepEqual(found, []);
    await context.close();
  });
}

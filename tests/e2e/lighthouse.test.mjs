// Lighthouse against the built site: accessibility, best practices and SEO are gates at 100. `node tests/e2e/lighthouse.mjs` measures more.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit } from './lighthouse.mjs';
import { serve } from './server.mjs';

for (const settings of ['desktop', 'mobile']) {
  test(`Lighthouse finds nothing to mend, ${settings}: accessibility, best practices, SEO`, async () => {
    const site = await serve({ isCompressed: true });
    const { scores, failed } = await audit(site.url, settings);
    await site.close();
    assert.deepEqual(failed, []);
    assert.deepEqual([scores.accessibility, scores['best-practices'], scores.seo], [100, 100, 100]);
  });
}

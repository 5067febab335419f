// Lighthouse's scores of the built site. Run as a program it prints the medians of five runs with desktop and with mobile settings,
// and how long a visitor on a throttled machine waits for the own first result: `node tests/e2e/lighthouse.mjs`.
import { fileURLToPath } from 'node:url';
import lighthouse, { desktopConfig } from 'lighthouse';
import { launch, open } from './browser.mjs';
import { serve } from './server.mjs';
import { reaches } from './walks.mjs';

const ROUNDS = 5;
/** Audits that judge the host rather than the page. */
const OF_THE_HOST = ['is-on-https', 'redirects-http', 'uses-http2', 'uses-long-cache-ttl', 'cache-insight'];
const GATES = ['accessibility', 'best-practices', 'seo'];

/** Scores of 0 to 100 by category, and the audits of the gates that failed; `settings` is `desktop` or `mobile`. */
export async function audit(url, settings) {
  const port = 9200 + Math.floor(Math.random() * 500);
  const browser = await launch({ args: [`--remote-debugging-port=${port}`] });
  try {
    const config = settings === 'desktop' ? desktopConfig : undefined;
    const { lhr } = await lighthouse(url, { port, logLevel: 'error', output: 'json', skipAudits: OF_THE_HOST }, config);
    const scores = Object.fromEntries(Object.entries(lhr.categories).map(([name, { score }]) => [name, Math.round(100 * score)]));
    const refs = GATES.flatMap((name) => lhr.categories[name].auditRefs.filter((ref) => ref.weight > 0));
    const failed = refs.map((ref) => lhr.audits[ref.id]).filter(({ score }) => score !== null && score < 1);
    const paints = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift', 'speed-index'];
    return { scores, failed: failed.map(({ id, title }) => `${id}: ${title}`), paints: paints.map((id) => [id, lhr.audits[id].numericValue]) };
  } finally {
    await browser.close();
  }
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** After a look of `look` ms, from the press of Start at full speed (the page's own pace walks a month a second, to be watched) to FINISHED, ms, on a machine four times slower and with everything fetched over `kbps`. */
async function firstResult(url, { slowdown, kbps, latency, look }) {
  const browser = await launch();
  const { page } = await open(browser, url);
  const session = await page.context().newCDPSession(page);
  await page.locator('#start:not([disabled])').waitFor();
  await page.locator('#pace').selectOption('full');
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await session.send('Network.emulateNetworkConditions', { offline: false, latency, downloadThroughput: (kbps * 1000) / 8, uploadThroughput: (kbps * 1000) / 8 });
  await page.mouse.move(300, 300);
  await page.waitForTimeout(look);
  const took = await page.evaluate(async () => {
    const begun = performance.now();
    document.querySelector('#start').click();
    while (document.querySelector('#status').dataset.state !== 'FINISHED') await new Promise((next) => setTimeout(next, 5));
    return performance.now() - begun;
  });
  await reaches(page, 'FINISHED');
  await browser.close();
  return took;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const site = await serve({ isCompressed: true });
  for (const settings of ['desktop', 'mobile']) {
    const rounds = [];
    for (let i = 0; i < ROUNDS; i += 1) rounds.push(await audit(site.url, settings));
    const names = Object.keys(rounds[0].scores);
    console.log(settings, Object.fromEntries(names.map((name) => [name, median(rounds.map(({ scores }) => scores[name]))])));
    console.log(settings, Object.fromEntries(rounds[0].paints.map(([id], i) => [id, Number(median(rounds.map(({ paints }) => paints[i][1])).toFixed(2))])));
  }
  const [usual, slow] = [{ slowdown: 1, kbps: 40_000, latency: 10 }, { slowdown: 4, kbps: 10_000, latency: 40 }];
  for (const profile of [{ ...usual, look: 0 }, { ...slow, look: 0 }, { ...slow, look: 8000 }]) {
    const rounds = [];
    for (let i = 0; i < ROUNDS; i += 1) rounds.push(await firstResult(site.url, profile));
    console.log('own first result, ms', profile, Math.round(median(rounds)));
  }
  await site.close();
}

// The page stays smooth while a run draws itself: frame times and long tasks, in a real browser.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';
import { serve } from './server.mjs';

/** A task that a visitor would feel, with room for a machine that does something else beside. */
const TASK_GATE_MS = 160;

let browser;
let site;
before(async () => {
  browser = await launch();
  site = await serve();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

const watch = () => {
  window.__frames = [];
  window.__tasks = [];
  new PerformanceObserver((list) => list.getEntries().forEach((task) => window.__tasks.push(task.duration))).observe({ entryTypes: ['longtask'] });
  let before;
  const frame = (now) => {
    if (before !== undefined) window.__frames.push(now - before);
    before = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
};

const share = (values, part) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))];

for (const pace of ['brisk', 'full']) {
  test(`a run of 4,344 marks draws itself smoothly, pace ${pace}`, async () => {
    const { page, context } = await open(browser, site.url);
    await page.getByText('An example result').waitFor();
    await page.locator('#pace').selectOption(pace);
    await page.evaluate(watch);
    await page.locator('#start').click();
    await page.locator('#status[data-state="FINISHED"]').waitFor({ timeout: 60_000 });
    const { frames, tasks } = await page.evaluate(() => ({ frames: window.__frames, tasks: window.__tasks }));
    const ms = (x) => `${x.toFixed(1)} ms`;
    console.log(
      `frames at pace ${pace}: ${frames.length}, median ${ms(share(frames, 0.5))}, p95 ${ms(share(frames, 0.95))}, longest ${ms(Math.max(...frames))}; ` +
        `tasks over 50 ms: ${tasks.length}${tasks.length ? ` (${tasks.map(ms).join(', ')})` : ''}`,
    );
    assert.ok(frames.length > 10, 'the page painted while it ran');
    // The aim is no task over 50 ms; docs/BENCHMARKS.md says what a quiet machine reached. A shared one doubles that.
    assert.deepEqual(tasks.filter((duration) => duration > TASK_GATE_MS), []);
    await context.close();
  });
}

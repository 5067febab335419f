// Every command in every state of a run, in the page: what the table of states says, and nothing else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './browser.mjs';
import { ground } from './ground.mjs';

const SLOW = 60_000;
const FIRST_PACK = /btc-2026\/2025-12/;
const PACK = /btc-2026\/2026-01/;
const endless = { name: 'Endless', cover: 'none', max_open: null, size: 1e308, entry: { weekdays: [1] } };

const { browser, site } = await ground();

const call = (page, method, ...args) =>
  page.evaluate(([name, given]) => window.chainwalk[name](...given).catch((refused) => ({ refused })), [method, args]);
const state = async (page) => (await call(page, 'status')).state;

async function until(page, wanted) {
  const end = Date.now() + SLOW;
  for (;;) {
    const found = await state(page);
    if (found === wanted) return;
    assert.ok(Date.now() < end, `it is ${found}, and not ${wanted}`);
    await new Promise((next) => setTimeout(next, 30));
  }
}

/** Faults of the server, request and pace that lead to a state, and what is called then. */
const WAYS = {
  draft: { request: null },
  loading: { faults: [{ match: FIRST_PACK, delayMs: 20_000 }] },
  running: {},
  paused: { then: ['pause'] },
  stopped: { then: ['stop'] },
  completed: { pace: 'full' },
  partial: { pace: 'full', request: { end: '2026-01-20', variants: [{}, endless] } },
  failed: { faults: [{ match: PACK, status: 500 }] },
};

/** What the table says: the state a command leads to, `refused`, or nothing where it has no effect. */
const TABLE = {
  draft: { start: 'runs' },
  loading: { start: 'refused', pause: 'paused', stop: 'stopped' },
  running: { start: 'refused', pause: 'paused', stop: 'stopped' },
  paused: { start: 'refused', resume: 'running', step: 'paused', stop: 'stopped' },
  stopped: { start: 'runs' },
  completed: { start: 'runs' },
  partial: { start: 'runs' },
  failed: { start: 'runs' },
};
const COMMANDS = ['start', 'pause', 'resume', 'step', 'stop'];

async function reach(name) {
  const { faults = [], pace = 'slow', request = { end: '2026-01-20' }, then = [] } = WAYS[name];
  site.faults.splice(0, site.faults.length, ...faults);
  const opened = await open(browser, site.url);
  const { page } = opened;
  await page.locator('#start:not([disabled])').waitFor({ timeout: SLOW });
  await page.locator('#pace').selectOption(pace);
  let id = null;
  if (request) {
    id = (await call(page, 'start', request)).run_id;
    assert.ok(id, `${name}: a run begins`);
    if (then.length) await until(page, 'running');
    for (const command of then) await call(page, command);
    await until(page, name);
  }
  return { ...opened, id };
}

for (const [name, row] of Object.entries(TABLE)) {
  test(`${name}: what has no effect changes nothing and says so`, async () => {
    const { page, context } = await reach(name);
    const before = await call(page, 'status');
    for (const command of COMMANDS.filter((c) => !row[c] || row[c] === 'refused')) {
      const answer = await call(page, command, ...(command === 'start' ? [{ end: '2026-01-20' }] : []));
      if (command === 'start') assert.equal(answer.refused?.code, 'already_running', `${name}: start`);
      else assert.ok(answer.message, `${name}: ${command} says why it does nothing`);
      const now = await call(page, 'status');
      // A run that walks waits for data by itself now and then.
      const fitting = name === 'running' ? ['running', 'loading'] : [name];
      assert.ok(fitting.includes(now.state), `${name}: ${command} leads to ${now.state}`);
      assert.equal(now.run_id, before.run_id);
    }
    await context.close();
  });
  for (const command of COMMANDS.filter((c) => row[c] && row[c] !== 'refused')) {
    test(`${name}: ${command} leads to ${row[command]}`, async () => {
      const { page, context, id } = await reach(name);
      const done = (await call(page, 'status')).progress_pct;
      const answer = await call(page, command, ...(command === 'start' ? [{ end: '2026-01-20' }] : []));
      if (command === 'start') {
        assert.ok(answer.run_id && answer.run_id !== id, 'a new run');
        assert.notEqual(await state(page), 'draft');
      } else {
        await until(page, row[command]);
      }
      if (command === 'stop') {
        const stopped = await call(page, 'status');
        assert.ok(stopped.progress_pct >= done && stopped.progress_pct < 1, 'stop keeps the real progress');
      }
      await context.close();
    });
  }
  if (name !== 'draft') {
    test(`${name}: delete, and it is gone`, async () => {
      const { page, context, id } = await reach(name);
      await call(page, 'delete', id);
      assert.equal((await call(page, 'run', id)).refused?.code, 'not_found');
      assert.equal((await call(page, 'runs', {})).total, 0);
      const left = await state(page);
      assert.ok(!['loading', 'running', 'paused'].includes(left), `it is ${left}`);
      await context.close();
    });
  }
}

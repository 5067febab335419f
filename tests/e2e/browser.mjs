// The browser of the stories: the Chromium on this machine, driven by playwright-core.
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function executable() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of NAMES) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // not in this folder
      }
    }
  }
  throw new Error(`none of ${NAMES.join(', ')} is on PATH; set CHROMIUM to the browser's program`);
}

const ARGS = [
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** Starts a headless browser that reaches nothing but this machine; `args` are added to Chromium's own. */
export function launch({ args = [] } = {}) {
  return chromium.launch({ executablePath: executable(), args: [...ARGS, ...args] });
}

/**
 * Starts a headless browser with a profile of its own that outlives it, as a process that can be killed at any moment.
 * Returns { context, kill, close }: `kill` ends every process of the browser at once, `close` lets it end in order.
 */
export async function launchProfile(folder) {
  const args = [...ARGS, '--headless=new', '--remote-debugging-port=0', `--user-data-dir=${folder}`, 'about:blank'];
  const child = spawn(executable(), args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const address = await new Promise((resolve, reject) => {
    let heard = '';
    child.stderr.on('data', (chunk) => {
      heard += chunk;
      const found = heard.match(/DevTools listening on (ws:\S+)/);
      if (found) resolve(found[1]);
    });
    child.once('exit', () => reject(new Error(`the browser did not start: ${heard}`)));
  });
  const browser = await chromium.connectOverCDP(address);
  const kill = async () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // it has ended by itself
    }
    await ended;
  };
  const close = async () => {
    const session = await browser.newBrowserCDPSession();
    await session.send('Browser.close').catch(() => {});
    await ended;
  };
  return { context: browser.contexts()[0], kill, close };
}

/**
 * Opens `url` in a fresh context and waits until the program has started. Returns { page, context, errors }: `errors` collects what
 * goes wrong on the page (uncaught exceptions and messages of level error), and is to be empty at the end of most stories.
 * `onRequest` is told every address that the page or its worker asks for, and the request itself; `prepare` has the context before
 * its first page; the other options are Playwright's context options (viewport, colorScheme, ...). Service workers are blocked unless asked for, so that a server's faults reach the page.
 */
export async function open(browser, url, { onRequest, prepare, ...options } = {}) {
  const usual = { viewport: { width: 1440, height: 900 }, locale: 'en-GB', timezoneId: 'UTC', serviceWorkers: 'block' };
  const context = await browser.newContext({ ...usual, ...options });
  await context.addInitScript(() => {
    window.started = new Promise((resolve) => addEventListener('TrunkApplicationStarted', () => resolve(true), { once: true }));
  });
  await prepare?.(context);
  const page = await context.newPage();
  const errors = [];
  page.on('request', (request) => onRequest?.(request.url(), request));
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.goto(url);
  const late = new Promise((_, reject) => setTimeout(reject, 60_000, new Error(`the program at ${url} did not start`)).unref());
  await Promise.race([page.evaluate(() => window.started), late]);
  // The first paint says much of what the page then says.
  await page.locator('#skeleton').waitFor({ state: 'detached', timeout: 60_000 });
  return { page, context, errors };
}

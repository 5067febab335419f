// The browser of the stories: the Chromium on this machine, driven by playwright-core.
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

/** Starts a headless browser that reaches nothing but this machine; `args` are added to Chromium's own. */
export function launch({ args = [] } = {}) {
  return chromium.launch({
    executablePath: executable(),
    args: [
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...args,
    ],
  });
}

/**
 * Opens `url` in a fresh context and waits until the program has started. Returns { page, context, errors }: `errors` collects what
 * goes wrong on the page (uncaught exceptions and messages of level error), and is to be empty at the end of most stories.
 * `onRequest` is told every address that the page asks for; the other options are Playwright's context options (viewport,
 * colorScheme, ...).
 */
export async function open(browser, url, { onRequest, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', timezoneId: 'UTC', ...options });
  await context.addInitScript(() => {
    window.started = new Promise((resolve) => addEventListener('TrunkApplicationStarted', () => resolve(true), { once: true }));
  });
  const page = await context.newPage();
  const errors = [];
  page.on('request', (request) => onRequest?.(request.url()));
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.goto(url);
  await page.evaluate(() => window.started);
  return { page, context, errors };
}

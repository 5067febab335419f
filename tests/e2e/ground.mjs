// What most stories stand on: one browser and the built site on a server, for the length of a file.
import { after } from 'node:test';
import { launch } from './browser.mjs';
import { serve } from './server.mjs';

/** Starts both, and ends them after the file's last story; `options` are the server's. */
export async function ground(options) {
  const browser = await launch();
  after(() => browser.close());
  const site = await serve(options);
  after(() => site.close());
  return { browser, site };
}

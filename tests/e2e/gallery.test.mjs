// The gallery: parts by their states, and nothing of it reaches the page itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './browser.mjs';
import { CONTROLS, STATES, forcing, mark } from './controls.mjs';
import { ground } from './ground.mjs';
import { WALKS } from './walks.mjs';

const { browser, site } = await ground();

/** What is seen below a title. */
const SEEN = {
  Tokens: ['text=printed', 'text=mono', '.gallery-row-height'],
  Head: ['.head h1', '.pages [aria-current="page"]', '.plot-empty'],
  Settings: [
    '.all-settings:not(.form-fold)[aria-expanded="false"]',
    '.has-problem',
    'select:disabled',
    '.variant.off',
    '.form:has(details):not(:has(details:not([open])))',
    'details:not([open]) > summary',
    'text=Loan against the holding',
    'dd:text-is("$143.95")',
    'text=Worst start dates',
    'text=Synthetic scenarios',
    'legend:text-is("Put 1")',
    'text=Save as template',
  ],
  Charts: ['.line-chart table', '.menu-box:not([hidden])'],
  'Notices and questions': ['.banner.example', 'text=Previous settings.'],
  Why: ['.why .why-head h2', '.why .why-contract', '.why .candidates', '.refused[open] p', '.refused:not([open])'],
  Comparison: ['.fold[open] table'],
  Tabs: ['[aria-selected="true"]:text-is("Steps")', '[aria-selected="true"]:text-is("Loan")', 'label:has-text("Variant")'],
  'Kept runs': [
    'text=Reading the kept runs',
    'text=The kept runs cannot be read.',
    'text=No runs are kept yet.',
    'text=a newer build',
    'text=No run fits',
    'text=2 selected',
    'text=Deleted Calm call.',
    '.said.bad',
    '.run-more',
    '[aria-label^="Label of"]',
    '[data-state="INTERRUPTED"]',
    '[data-state="RUNNING"]',
    '.limits',
  ],
  'Files of a dataset': ['text=Reading the file of these days', '.progress', '.banner.bad', '.read-all .problem'],
  'Own files': [
    'text=Looking at the files',
    '.open-preview',
    '.open-fields .has-problem',
    '.open-under .progress',
    '.open-result',
    '.banner.warn',
    '.own-list',
    'text=my-old-quotes is removed',
  ],
  Checks: ['text=Nothing is checked yet.', 'text=Checking', 'text=1 of 1', '.checks-words[data-passed="false"]', 'tr[data-passed="true"]', 'tr[data-passed="false"]'],
  Help: ['#help-glossary', '.glossary dt code', '#help-risk .tip-line'],
};

test('the gallery has every part in its states, each id once, and leaves the page as it is', async () => {
  const { page, context, errors } = await open(browser, site.url);
  await page.locator('#tab-months').click();
  const own = () => page.evaluate(() => ['tab', 'settings', 'theme', 'speed'].map((key) => localStorage.getItem(`chainwalk.${key}`)));
  const before = await own();
  await page.evaluate(() => document.activeElement.blur());
  await WALKS.gallery(page);
  for (const [title, seen] of Object.entries(SEEN)) {
    const part = page.locator(`#gallery section:has(> h3:text-is("${title}"))`);
    for (const selector of seen) {
      await part.locator(selector).first().waitFor({ timeout: 5_000 }).catch(() => assert.fail(`${title}: ${selector}`));
    }
  }
  assert.equal(await page.locator('#gallery section:has(> h3:text-is("Nothing yet")) .nothing').count(), 8);
  const twice = () => {
    const ids = [...document.querySelectorAll('#gallery [id]')].map((part) => part.id);
    return ids.filter((id, place) => ids.indexOf(id) < place);
  };
  assert.deepEqual(await page.evaluate(twice), []);
  assert.deepEqual(await own(), before);
  assert.equal(await page.evaluate(() => document.activeElement.localName), 'body');
  assert.equal(new URL(page.url()).hash, '#gallery');
  assert.equal(await page.locator('#why').count(), 0);
  assert.deepEqual(errors, []);
  await context.close();
});

/** How every marked control looks, with what is in it first, by its name; runs in the page. */
function looks() {
  const look = (element) => element && [...getComputedStyle(element)].map((name) => `${name}: ${getComputedStyle(element).getPropertyValue(name)}`).join('; ');
  const marked = [...document.querySelectorAll('[data-control]')];
  return Object.fromEntries(marked.map((element) => [element.dataset.control, `${look(element)} | ${look(element.firstElementChild)}`]));
}

test('every kind of control answers to the pointer, to a press and to the focus, in both themes', async () => {
  const { page, context } = await open(browser, site.url, { reducedMotion: 'reduce' });
  await WALKS.gallery(page);
  assert.deepEqual(await mark(page), [], 'kinds that the gallery lacks');
  const force = await forcing(page);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const seen = {};
    for (const [state, { from }] of Object.entries(STATES)) {
      await force(state);
      seen[state] = await page.evaluate(looks);
      const same = ([name, { states }]) => states.includes(state) && seen[state][name] === seen[from][name];
      assert.deepEqual(Object.entries(CONTROLS).filter(same).map(([name]) => name), [], `${colorScheme}: nothing shows ${state}`);
    }
  }
  await context.close();
});

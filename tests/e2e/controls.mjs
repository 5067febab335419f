// Every kind of control, as the gallery has it, and the states that a pointer and keys bring it into.

const PRESSED = ['hover', 'pressed', 'focus'];
const FILLED = ['hover', 'focus'];
const control = (selector, states = PRESSED) => ({ selector, states });

/** Each kind by its name: where the gallery has one, and what it answers to. */
export const CONTROLS = {
  'primary button': control('button.main:not(.stop):enabled'),
  'stop button': control('button.main.stop:enabled'),
  'secondary button': control('button:not([class]):enabled'),
  'quiet button': control('button.quiet:not(.square, .add):enabled'),
  'icon button': control('button.quiet.square:enabled'),
  remedy: control('button.remedy:enabled'),
  chip: control('button.chip:not([aria-pressed]):enabled'),
  'pressed chip': control('button.chip[aria-pressed="true"]:enabled'),
  place: control('button.place:enabled'),
  segment: control('.segments button[aria-pressed="false"]:enabled'),
  tab: control('[role="tab"][aria-selected="false"]'),
  fold: control('.fold > summary'),
  'fold of refused': control('.refused > summary'),
  'all settings': control('button.all-settings:not(.form-fold)'),
  link: control('a[href="#gallery"]'),
  'link to a page': control('.pages a:not([aria-current])'),
  'explained label': control('button.tip-label'),
  'sorting header': control('button.sort'),
  'button of a row': control('button.row-link'),
  'file button': control('.file-button', ['hover', 'pressed']), // its field has the focus
  row: control('tr.line', ['hover']), // its button has the focus
  text: control('input[type="text"]:enabled', FILLED),
  date: control('input[type="date"]:enabled', FILLED),
  search: control('input[type="search"]:enabled', FILLED),
  select: control('select:enabled', FILLED),
  checkbox: control('input[type="checkbox"]:enabled', FILLED),
  slider: control('input[type="range"]:enabled', FILLED),
  chart: control('.plot[tabindex="0"]', ['focus']), // its crosshair follows the pointer
  'scrolled table': control('.table-box[tabindex="0"]', ['focus']),
};

/** Each state: the one that it is to be told from, and what is forced upon the controls. */
export const STATES = {
  rest: { from: 'rest', forced: [] },
  hover: { from: 'rest', forced: ['hover'] },
  pressed: { from: 'hover', forced: ['hover', 'active'] },
  focus: { from: 'rest', forced: ['focus', 'focus-visible'] },
};

/** Marks one of each kind as `data-control`; answers with the names of those that are nowhere to be seen. */
export const mark = (page) =>
  page.evaluate((controls) => {
    const isMissing = ([name, { selector }]) => {
      const found = [...document.querySelectorAll(`#gallery ${selector}`)].find((element) => element.checkVisibility());
      if (found) found.dataset.control = name;
      return !found;
    };
    return controls.filter(isMissing).map(([name]) => name);
  }, Object.entries(CONTROLS));

/** Answers with a function that brings all marked controls into a state at once: samples are inert, no pointer reaches them. */
export async function forcing(page) {
  const browser = await page.context().newCDPSession(page);
  for (const domain of ['DOM', 'CSS']) await browser.send(`${domain}.enable`);
  const { root } = await browser.send('DOM.getDocument');
  const node = (name) => browser.send('DOM.querySelector', { nodeId: root.nodeId, selector: `[data-control="${name}"]` });
  const controls = await Promise.all(Object.entries(CONTROLS).map(async ([name, { states }]) => ({ states, nodeId: (await node(name)).nodeId })));
  return async (state) => {
    // A control is in no state that it does not answer to: a row has no focus of its own.
    const forced = (states) => (states.includes(state) ? STATES[state].forced : []);
    for (const { states, nodeId } of controls) await browser.send('CSS.forcePseudoState', { nodeId, forcedPseudoClasses: forced(states) });
  };
}

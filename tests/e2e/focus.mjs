// Walks through a page by Tab alone, and says what is wrong with the way: a place without a visible focus, outside of the window or
// covered, out of reading order, or not reached at all.

/** Measures the place that has the focus, and how the place before looks now that it has lost it. Runs in the page. */
function measure() {
  const look = (element) =>
    [element, element.parentElement, element.parentElement?.parentElement]
      .filter(Boolean)
      .map((e) => getComputedStyle(e))
      .map((s) => [s.outlineStyle === 'none' ? '' : `${s.outlineWidth} ${s.outlineColor} ${s.outlineOffset}`, s.boxShadow].join('; '))
      .join(' | ');
  const named = (e) => `${e.localName}${e.id ? `#${e.id}` : ''}${e.className ? `.${[...e.classList].join('.')}` : ''} ${JSON.stringify((e.getAttribute('aria-label') || e.innerText || e.value || '').trim().slice(0, 30))}`;
  const element = document.activeElement;
  const left = window.focusedBefore && window.focusedBefore !== element && { look: look(window.focusedBefore) };
  if (!element || element === document.body) {
    window.focusedBefore = null;
    return { left, place: null };
  }
  window.focusedBefore = element;
  window.placed ??= new Map();
  const isNew = !window.placed.has(element);
  const isSame = window.placedLast === element; // a date has a stop for day, month and year
  window.placedLast = element;
  if (isNew) window.placed.set(element, window.placed.size);

  // What shows the focus: the place itself, or what stands around a field that is not drawn or a drawing that is scrolled.
  const around = [element, element.parentElement, element.parentElement?.parentElement].slice(element.matches('.unseen') ? 1 : 0);
  const drawn = around.find((e) => e && getComputedStyle(e).outlineStyle !== 'none') ?? element;
  const box = drawn.getBoundingClientRect();
  const style = getComputedStyle(drawn);
  const ring = style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth) + parseFloat(style.outlineOffset);
  const outer = { left: box.left - ring, top: box.top - ring, right: box.right + ring, bottom: box.bottom + ring };
  const clip = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
  for (let e = drawn.parentElement; e && e !== document.body; e = e.parentElement) {
    const s = getComputedStyle(e);
    if (s.overflowX === 'visible' && s.overflowY === 'visible' && !/paint|content|strict/.test(s.contain)) continue;
    const b = e.getBoundingClientRect();
    clip.left = Math.max(clip.left, b.left);
    clip.top = Math.max(clip.top, b.top);
    clip.right = Math.min(clip.right, b.right);
    clip.bottom = Math.min(clip.bottom, b.bottom);
  }
  const lost = [clip.left - outer.left, clip.top - outer.top, outer.right - clip.right, outer.bottom - clip.bottom];
  const middle = [(Math.max(box.left, clip.left) + Math.min(box.right, clip.right)) / 2, (Math.max(box.top, clip.top) + Math.min(box.bottom, clip.bottom)) / 2];
  const top = document.elementFromPoint(...middle);
  const isFree = !!top && (drawn.contains(top) || top.contains(drawn));

  // Where it stands in its column, whatever is scrolled; what sticks is a column of its own.
  let [x, y, column] = [box.left, box.top, document.body];
  for (let e = element.parentElement; e && e !== document.body; e = e.parentElement) {
    const { position } = getComputedStyle(e);
    if (e.localName !== 'th' && e.localName !== 'thead' && (position === 'sticky' || position === 'fixed')) {
      const b = e.getBoundingClientRect();
      [x, y, column] = [x - b.left + e.scrollLeft, y - b.top + e.scrollTop, e];
      break;
    }
    [x, y] = [x + e.scrollLeft, y + e.scrollTop];
  }
  if (column === document.body) [x, y] = [x + scrollX, y + scrollY];
  const group = element.closest('fieldset, details, section, article, li, tr, nav, header, aside') ?? document.body;
  const numbered = (e) => (e.dataset.column ??= String(Math.random()));
  return {
    left,
    place: {
      name: named(element),
      id: element.id,
      order: window.placed.get(element),
      isNew,
      isSame,
      look: look(element),
      lost,
      isLarge: box.width > clip.right - clip.left - 8 || box.height > clip.bottom - clip.top - 8,
      isFree,
      box: { left: x, top: y, right: x + box.width, bottom: y + box.height },
      column: numbered(column),
      group: numbered(group),
    },
  };
}

/** Every place that Tab should reach. Runs in the page. */
function places() {
  const all = document.querySelectorAll('a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), summary, [tabindex="0"]');
  return [...all].filter((e) => e.tabIndex >= 0 && !e.closest('[inert]') && !window.placed?.has(e) && (e.checkVisibility({ visibilityProperty: true }) || e.matches('.unseen')))
    .map((e) => `${e.localName}${e.id ? `#${e.id}` : ''} ${JSON.stringify((e.getAttribute('aria-label') || e.innerText || '').slice(0, 30))}`);
}

/** `b` is read after `a`: below it, right of it in its line, or at the head of another group right of it. */
function follows(a, b) {
  if (a.column !== b.column) return true;
  const [from, to] = [a.box, b.box];
  const isBelow = to.top >= from.bottom - 6;
  const isInside = to.top >= from.top - 6 && to.left >= from.left - 6 && to.right <= from.right + 6; // a scrolled region, then what is in it
  const isBeside = to.left >= from.left - 6 && to.top < from.bottom && to.bottom > from.top;
  const isNextColumn = a.group !== b.group && to.left >= from.right - 6;
  return isBelow || isInside || isBeside || isNextColumn;
}

/**
 * Presses Tab from where the focus is until it leaves the page or comes round, or `until` holds for a place. Returns { places, wrong }:
 * every place on the way, and one line for each fault; `wrong` names the places that were missed only where the way went round.
 */
export async function walkByTab(page, { most = 600, until = () => false } = {}) {
  const all = [];
  const wrong = [];
  for (let n = 0; n < most; n += 1) {
    await page.keyboard.press('Tab');
    const { left, place } = await page.evaluate(measure);
    if (place?.isSame) continue;
    const before = all.at(-1);
    if (before && left && left.look === before.look) wrong.push(`${before.name}: nothing shows that it has the focus (${left.look})`);
    if (!place || !place.isNew) {
      wrong.push(...(await page.evaluate(places)).map((missed) => `${missed} is not reached`));
      return { places: all, wrong };
    }
    const hidden = ['left', 'top', 'right', 'bottom'].flatMap((side, i) => (place.lost[i] > 0.6 ? [`${side} by ${place.lost[i].toFixed(1)}`] : []));
    if (hidden.length && !(place.isLarge && hidden.length < 4)) wrong.push(`${place.name}: of its focus is out of sight the ${hidden.join(', the ')}`);
    if (!place.isFree) wrong.push(`${place.name}: something lies over it`);
    if (before && !follows(before, place)) wrong.push(`${place.name} comes after ${before.name}`);
    all.push(place);
    if (until(place)) return { places: all, wrong };
  }
  wrong.push(`after ${most} presses there is still no end: ${all.at(-1).name}`);
  return { places: all, wrong };
}

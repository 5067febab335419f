// What is wrong with a page's layout: it scrolls sideways, a text is cut, runs out of its box, or lies over another, on a canvas too.

/** Remembers which words stand where on every canvas of the context's pages; before they are opened. */
export const rememberWords = (context) => context.addInitScript(() => {
  const brush = CanvasRenderingContext2D.prototype;
  const { clearRect, fillText } = brush;
  brush.clearRect = function (...box) {
    this.canvas.words = [];
    return clearRect.apply(this, box);
  };
  brush.fillText = function (text, x, y, ...rest) {
    const { actualBoundingBoxLeft: left, actualBoundingBoxRight: right, actualBoundingBoxAscent: top, actualBoundingBoxDescent: bottom } = this.measureText(text);
    const { a, d, e, f } = this.getTransform();
    const box = { left: a * (x - left) + e, right: a * (x + right) + e, top: d * (y - top) + f, bottom: d * (y + bottom) + f };
    (this.canvas.words ??= []).push({ ...Object.fromEntries(Object.entries(box).map(([side, pixels]) => [side, pixels / devicePixelRatio])), text });
    return fillText.call(this, text, x, y, ...rest);
  };
});

/** One line a fault of the page as it stands. */
export const faults = (page) => page.evaluate(audit);

/** Runs in the page. */
function audit() {
  const SLACK = 3; // pixels: glyphs overhang, and borders are shared
  const found = new Set();
  const root = document.scrollingElement;
  if (root.scrollWidth > root.clientWidth) {
    const wide = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > root.clientWidth + 1 && e.checkVisibility());
    found.add(`the page scrolls sideways, ${root.scrollWidth} pixels in ${root.clientWidth}: ${wide.slice(0, 4).map(name).join(', ')}`);
  }

  function name(element) {
    const own = element.id ? `#${element.id}` : [...element.classList].map((c) => `.${c}`).join('');
    const above = element.parentElement?.closest('[id], [class]');
    return `${above ? `${above.id ? `#${above.id}` : `.${[...above.classList].join('.')}`} ` : ''}${element.localName}${own}`;
  }

  const styles = new Map();
  const style = (element) => styles.get(element) ?? styles.set(element, getComputedStyle(element)).get(element);
  const above = (element) => {
    const list = [];
    for (let e = element; e && e !== document.documentElement; e = e.parentElement) list.push(e);
    return list;
  };
  const meet = (a, b) => ({ left: Math.max(a.left, b.left), top: Math.max(a.top, b.top), right: Math.min(a.right, b.right), bottom: Math.min(a.bottom, b.bottom) });
  const isSome = (r) => r.right - r.left > 1 && r.bottom - r.top > 1;
  /** Words that end in dots on purpose; the whole of them stands in a title, a table or another place. */
  const isShortened = (e) => style(e).textOverflow === 'ellipsis' || style(e).webkitLineClamp !== 'none';

  /** Stays in place while the rest scrolls beneath it. */
  const pinned = (e) => style(e).position === 'fixed' || (style(e).position === 'sticky' && (scrollY > 0 || e.closest('table')));

  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const owner = node.parentElement;
    if (!node.data.trim() || !owner.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) continue;
    if (owner.closest('.unseen, svg, option, noscript, script, style')) continue;
    const line = above(owner);
    // Words for screen readers alone.
    if (line.some((e) => style(e).clipPath !== 'none')) continue;
    const isPinned = line.some(pinned);
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const whole of range.getClientRects()) {
      let seen = { left: whole.left, top: whole.top, right: whole.right, bottom: whole.bottom };
      const words = JSON.stringify(node.data.trim().slice(0, 32));
      let isScrolled = false;
      for (const e of line) {
        const box = e.getBoundingClientRect();
        const clips = [style(e).overflowX, style(e).overflowY].some((v) => v !== 'visible');
        if (clips) {
          const scrolls = [style(e).overflowX, style(e).overflowY].some((v) => v === 'auto' || v === 'scroll');
          const inner = meet(seen, box);
          const lost = seen.right - inner.right > SLACK || inner.left - seen.left > SLACK || seen.bottom - inner.bottom > SLACK || inner.top - seen.top > SLACK;
          if (lost && !scrolls && !isShortened(e)) found.add(`${words} is cut by ${name(e)}`);
          isScrolled ||= scrolls || isShortened(e);
          seen = inner;
          if (!isSome(seen)) break;
        }
        const isBox = !['inline', 'contents'].includes(style(e).display);
        if (isBox && !isScrolled && e !== document.body && (whole.right > box.right + SLACK || whole.left < box.left - SLACK || whole.bottom > box.bottom + SLACK * 2) && !isShortened(e) && e.contains(owner) && style(e).display !== 'table-row') {
          const isPlaced = line.slice(0, line.indexOf(e)).some((inner) => ['absolute', 'fixed'].includes(style(inner).position));
          if (!isPlaced) found.add(`${words} runs out of ${name(e)}`);
        }
      }
      if (isSome(seen) && !isPinned) texts.push({ ...seen, owner, words });
    }
  }
  // Fields are in the way of words as words are.
  for (const field of document.querySelectorAll('input, select, button')) {
    if (!field.checkVisibility({ visibilityProperty: true }) || field.closest('.unseen') || above(field).some((e) => style(e).clipPath !== 'none' || style(e).position === 'fixed')) continue;
    if (field.matches('.unseen, [type="file"]') || style(field).opacity === '0') continue;
    let seen = field.getBoundingClientRect();
    for (const e of above(field)) if (style(e).overflowX !== 'visible' || style(e).overflowY !== 'visible') seen = meet(seen, e.getBoundingClientRect());
    if (isSome(seen) && !above(field).some(pinned)) texts.push({ left: seen.left, top: seen.top, right: seen.right, bottom: seen.bottom, owner: field, words: name(field) });
  }
  texts.sort((a, b) => a.top - b.top);
  texts.forEach((a, i) => {
    for (let j = i + 1; j < texts.length && texts[j].top < a.bottom - SLACK; j += 1) {
      const b = texts[j];
      const shared = meet(a, b);
      if (shared.right - shared.left <= SLACK || shared.bottom - shared.top <= SLACK * 1.5) continue;
      if (a.owner.contains(b.owner) || b.owner.contains(a.owner)) continue;
      found.add(`${a.words} in ${name(a.owner)} and ${b.words} in ${name(b.owner)} overlap`);
    }
  });
  for (const canvas of document.querySelectorAll('canvas')) {
    const { width, height } = canvas.getBoundingClientRect();
    if (!canvas.words?.length || !canvas.checkVisibility() || width < 1) continue;
    const at = name(canvas.closest('[id]'));
    canvas.words.forEach((a, i) => {
      const isCut = a.left < -1 || a.top < -1 || a.right > width + 1 || a.bottom > height + 1;
      if (isCut) found.add(`${JSON.stringify(a.text)} runs out of the canvas of ${at}`);
      for (const b of canvas.words.slice(i + 1)) {
        if (isSome(meet(a, b))) found.add(`${JSON.stringify(a.text)} and ${JSON.stringify(b.text)} overlap on the canvas of ${at}`);
      }
    });
  }
  return [...found];
}

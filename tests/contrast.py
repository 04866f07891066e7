"""The contrast of every text on a page, as the browser computes it: of maps, controls and our own words.

A text lies on the nearest background behind it; inside a drawing that is the rectangle or circle it lies on.  Large
text (24 px, or bold from 18.66 px) needs 3, any other 4.5.  Source: WCAG 2.2, success criterion 1.4.3.
"""

LOW = r"""(within) => {
  const share = v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = c => c.slice(0, 3).map(share).reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const parse = text => { const n = (text.match(/[\d.]+/g) ?? []).map(Number);
    return /^rgb/.test(text) ? [n[0], n[1], n[2], n[3] ?? 1] : null; };
  const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const up = e => e.assignedSlot ?? e.parentElement ?? e.getRootNode().host;
  const shapeBefore = e => {
    const box = e.getBoundingClientRect(), x = box.left + box.width / 2, y = box.top + box.height / 2;
    for (let s = e.previousElementSibling; s; s = s.previousElementSibling) {
      const around = s.getBoundingClientRect();
      const colour = s.matches('rect, circle') && parse(getComputedStyle(s).fill);
      const lies = around.left <= x && x <= around.right && around.top <= y && y <= around.bottom;
      if (colour?.[3] && lies) return colour;
    }
  };
  const behind = e => {
    const own = e.ownerSVGElement && shapeBefore(e), layers = own ? [own] : [];
    for (let at = e; at && !(layers.length && layers.at(-1)[3] === 1); at = up(at)) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour?.[3]) layers.push(colour);
    }
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
  };
  const found = new Set(); let seen = 0;
  const look = e => {
    const style = getComputedStyle(e), texts = [...e.childNodes].filter(n => n.nodeType === 3 && n.data.trim());
    const shown = texts.length && e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    if (shown && !e.closest('script, style, option, mjx-container, title, [aria-disabled=true], [disabled]')) {
      const ink = parse(e.ownerSVGElement ? style.fill : style.color);
      if (ink) {
        const below = behind(e), [a, b] = [light(over(ink, below)), light(below)].sort((x, y) => y - x);
        const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
        seen += 1;
        if ((a + .05) / (b + .05) < (large ? 3 : 4.5)) found.add(
          `${e.tagName.toLowerCase()}.${e.getAttribute('class')}: ${texts[0].data.trim().slice(0, 30)} `
          + `${((a + .05) / (b + .05)).toFixed(1)}`);
      }
    }
    for (const child of e.shadowRoot?.children ?? []) look(child);
    for (const child of e.children) look(child);
  };
  document.querySelectorAll(within).forEach(look);
  return [seen, [...found].slice(0, 12)];
}"""


def low(page, within: str) -> tuple[int, list[str]]:
    """(texts looked at, those that are too faint) inside of what the selector finds."""
    return page.evaluate(LOW, within)

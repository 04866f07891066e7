// What is wrong on the slide in sight: [[cell, what, by how many pixels or how large, words], …], see deck_walk.py.
//
// The one measure of text is its effective size: the font size times every scale between it and the screen (zoom,
// transforms, the drawing it stands in, a slide or a frame that was drawn smaller), in pixels of a slide of 1280×720.
([width, height, { words: least, print: leastPrint, shrunk: leastScale }]) => {
  const slide = Reveal.getCurrentSlide(), found = [], stage = Math.min(width / 1280, height / 720);
  const outside = 'aside.notes, mjx-assistive-mml, script, style, option';
  const print = 'sub, sup, .cnn-note, .cnn-index'; // indices, and the notes beside the number of a cell
  const shown = (node) => node.checkVisibility({ visibilityProperty: false }) && !node.closest(outside);
  const tell = (node, what, by, text) => found.push([cellOf(node), what, Math.round(by * 10) / 10, text]);
  const words = (node) => (node.textContent || node.tagName).trim().replace(/\s+/g, ' ').slice(0, 40);
  const nodes = []; // those inside of a control, too
  const gather = (root) => root.querySelectorAll('*').forEach((node) => {
    nodes.push(node);
    if (node.shadowRoot) gather(node.shadowRoot);
  });
  gather(slide);
  const above = (node) => node.parentElement ?? node.getRootNode().host;
  const cellOf = (node) => node.getRootNode().host ? cellOf(node.getRootNode().host)
    : node.closest('[id^="cell-id="]')?.id.slice(8) ?? '?';

  // Every scale from an element of HTML up to the screen; turning it changes none.
  const scaleOf = (node) => {
    let scale = node.currentCSSZoom ?? 1;
    for (let each = node; each; each = above(each)) {
      const { transform } = getComputedStyle(each);
      if (transform === 'none') continue;
      const { a, b, c, d } = new DOMMatrix(transform);
      scale *= Math.sqrt(Math.abs(a * d - b * c));
    }
    return scale / stage;
  };
  // That of a drawing comes on top: its picture is as wide as its view box is drawn.
  const drawn = (node) => {
    const svg = node.ownerSVGElement, box = svg?.viewBox.baseVal, { width: wide, height: high } = svg.getBoundingClientRect();
    if (!box?.width) return scaleOf(svg);
    return Math.min(wide / box.width, high / box.height) / stage;
  };
  const small = (node, pixels, text) => {
    const isPrint = node.closest(print), bound = isPrint ? leastPrint : least;
    if (pixels < bound - 0.05) tell(node, isPrint ? 'small print' : 'small text', pixels, text);
  };
  const effective = (node) => parseFloat(getComputedStyle(node).fontSize) * (node.ownerSVGElement ? drawn(node) : scaleOf(node));

  for (const node of nodes) {
    if (!shown(node) || node.closest('svg svg, svg *')) continue;
    const box = node.getBoundingClientRect(), style = getComputedStyle(node);
    if (!box.width || !box.height) continue;
    if (box.bottom > height + 1) tell(node, 'too high', box.bottom - height, words(node));
    if (box.right > width + 1) tell(node, 'too wide', box.right - width, words(node));
    if (box.left < -1) tell(node, 'left of the slide', -box.left, words(node));
    if (box.top < -1) tell(node, 'above the slide', -box.top, words(node));
    const cut = (axis, way, by) => {
      if (style[`overflow${axis}`] !== 'visible' && by > 1) tell(node, `cut off ${way}`, by, words(node));
    };
    cut('X', 'across', node.scrollWidth - node.clientWidth);
    cut('Y', 'down', node.scrollHeight - node.clientHeight);
  }

  // A slide, or a picture on it, that was drawn smaller to make room: in percent of what it was made for.
  for (const node of [...slide.children, ...slide.querySelectorAll('.cnn-stepper > .cnn-view')]) {
    const scale = parseFloat(getComputedStyle(node).zoom);
    if (shown(node) && scale < leastScale - 0.001) tell(node, 'shrunk', 100 * scale, words(node));
  }
  // The words of a figure have at least the size of words at its own width (cnnlib.plots.figures sees to it).
  for (const image of nodes.filter((node) => node.matches('img[width]') && shown(node) && node.naturalWidth)) {
    const box = image.getBoundingClientRect(), own = Number(image.getAttribute('width'));
    const scale = Math.min(box.width / own, (box.height / own) * (image.naturalWidth / image.naturalHeight)) / stage;
    const isFigure = Math.abs(image.naturalWidth - 2 * own) < 3; // drawn for this width, twice as fine
    if (isFigure && scale * least < least - 0.1) tell(image, 'small text', least * scale, `in a figure: ${image.alt.slice(0, 40)}`);
  }
  for (const svg of nodes.filter((node) => node.matches('mjx-container > svg') && shown(node))) {
    small(svg, (1000 * svg.getBoundingClientRect().width) / svg.viewBox.baseVal.width / stage, 'a formula');
  }
  const number = document.querySelector('.slide-number')?.getBoundingClientRect(), range = document.createRange();
  const covers = (text) => {
    range.selectNodeContents(text);
    return [...range.getClientRects()].some((box) => box.right > number.left && box.bottom > number.top + 4 && box.top < number.bottom);
  };
  const texts = nodes.flatMap((node) => [...node.childNodes].filter((child) => child.nodeType === Node.TEXT_NODE));
  for (const text of texts) {
    const node = text.parentElement;
    if (!node || !text.data.trim() || !shown(node) || node.closest('mjx-container')) continue;
    const isTeX = /\$[^$]+\$|\\[a-z]+[{_^ ]/.test(text.data) && !node.closest('pre, code');
    if (isTeX) tell(node, 'formula not set', 0, words(node));
    small(node, effective(node), words(node));
    if (number?.width && covers(text)) tell(node, 'covers the number', 1, words(node));
  }
  return found;
}

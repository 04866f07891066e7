// A slide is drawn for 1280×720 and scaled with the window, whatever its size and shape.
//
// A picture, a question or an explorer grows until one edge touches; a slide that holds too much shrinks, down to the
// 18 px that the last row can read. Both are found by trying: what a slide needs is known only once it is drawn.
const DRAWN_FOR = { width: 1280, height: 720 };
const LARGE = ".jp-OutputArea-output, .jp-MarkdownOutput img";
const PICTURES = ".cnn-explorer, cnn-row, .jp-OutputArea-output > img, .jp-RenderedHTMLCommon > svg";
const MOST = { picture: 2.4, words: 1.5 }; // how much larger than drawn: words of 24 px need not fill a wall
const SIZES = [1.3, 1.2, 1.1, 1, 0.94, 0.88, 0.82, 0.76];
const ACROSS = ".cnn-wall, .jp-OutputArea-output, .jp-RenderedHTMLCommon, .cm-scroller";
const CLIPS = ".cnn-explorer, .cnn-explorer .widget-container, pre";
const FOOT = 34, LEAST = 4; // px at 720 that the number of the slide takes; an explorer may come beside it

// The sizes stand in a rule of their own for the cells in sight. On the body each try would draw the whole of JupyterLab
// anew; on the panel the extension that draws the slides would clear them.
const sizes = new CSSStyleSheet();
sizes.replaceSync(".jp-deck-mod-onscreen { --cnn-slide: 1; --cnn-grown: 1; }");
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sizes];
const set = (name, size) => sizes.cssRules[0].style.setProperty(name, size);
const sizeOf = (name) => Number(sizes.cssRules[0].style.getPropertyValue(name));

const stage = () => Math.min(innerWidth / DRAWN_FOR.width, innerHeight / DRAWN_FOR.height);
const explorerInSight = () => Boolean(document.querySelector(".jp-deck-mod-onscreen .cnn-explorer"));
const inSight = () => [...document.querySelectorAll(".jp-Deck .jp-deck-mod-onscreen")];

// An explorer may come beside the slide's number, but none of its words below it.
const coversNumber = (cells) => {
  const corner = document.querySelector(".cnn-show-place")?.getBoundingClientRect(), range = document.createRange();
  if (!corner?.width) return false;
  const below = (node) => {
    range.selectNodeContents(node);
    return [...range.getClientRects()].some((box) => box.right > corner.left && box.bottom > corner.top + 4);
  };
  return cells.flatMap((cell) => [...cell.querySelectorAll(".cnn-explorer *")])
    .some((each) => !each.childElementCount && each.textContent.trim() && below(each));
};

// The line at the foot of the screen takes its height from the slide, as long as the slide fits above it.
let aboveLine = true;
const lineHeight = () => (aboveLine ? document.querySelector(".cnn-show-told")?.offsetHeight ?? 0 : 0);

const tooLarge = (cells) => {
  const explorer = cells.some((cell) => cell.querySelector(".cnn-explorer"));
  const foot = Math.max((explorer ? LEAST : FOOT) * stage(), lineHeight());
  const lowest = innerHeight - foot, right = innerWidth - 8;
  const boxes = (list) => list.map((each) => each.getBoundingClientRect()).filter((box) => box.width && box.height);
  const large = cells.flatMap((cell) => [...cell.querySelectorAll(LARGE)]);
  if (boxes(cells).some((box) => box.bottom > lowest + 1)) return true;
  if (boxes(large).some((box) => box.right > right || box.bottom > lowest + 1)) return true;
  const drawn = large.flatMap((each) => [...each.querySelectorAll("img, svg, canvas, table, .cnn-explorer")]);
  // Of a formula the drawing counts: the words for screen readers beside it are wider, and out of sight.
  const formulas = cells.flatMap((cell) => [...cell.querySelectorAll("mjx-container > svg")]);
  if (boxes([...drawn, ...formulas]).some((box) => box.right > right)) return true;
  const controls = cells.flatMap((cell) => [...cell.querySelectorAll(CONTROLS)]);
  const shadows = controls.flatMap((each) => [...(each.shadowRoot?.querySelectorAll(".seen, .frame, .grid") ?? [])]);
  const wide = [...cells.flatMap((cell) => [...cell.querySelectorAll(ACROSS)]), ...shadows];
  if (explorer && coversNumber(cells)) return true;
  const clips = cells.flatMap((cell) => [...cell.querySelectorAll(CLIPS)]);
  if (clips.some((each) => each.scrollWidth > each.clientWidth + 2 && getComputedStyle(each).overflow !== "visible")) return true;
  return wide.some((each) => each.scrollWidth > each.clientWidth + 2 && getComputedStyle(each).display !== "inline");
};

// The largest zoom of the explorer or picture that still fits, by halving the interval.
const grow = (cells, least) => {
  const pictured = cells.some((cell) => cell.querySelector(PICTURES));
  let low = least, high = Math.max(least, pictured ? MOST.picture : MOST.words);
  for (let n = 0; n < 6; n++) {
    const middle = (low + high) / 2;
    set("--cnn-grown", middle);
    if (tooLarge(cells)) high = middle;
    else low = middle;
  }
  set("--cnn-grown", low);
};

// The first of the sizes at which the slide fits, else the last; `held` keeps what is large at its own size.
const shrink = (cells, scale, tried, held) => {
  for (const size of tried) {
    set("--cnn-slide", scale * size);
    set("--cnn-grown", held ? 1 / size : 1);
    if (!tooLarge(cells)) return size;
  }
  return undefined;
};

// One sentence alone on a slide is set large.
const isAlone = (cells) => cells.length === 1 && cells[0].matches(".jp-MarkdownCell")
  && !cells[0].querySelector("img, table, pre, h1, ul, ol") && cells[0].innerText.trim().length < 260;

// An explorer alone on its slide gets the heading of its section, where that leaves it large enough.
const entitle = (cells, title) => {
  for (const cell of cells) delete cell.dataset.cnnTitle;
  if (title) cells[0].dataset.cnnTitle = title;
};
const missingTitle = (panel, cells) => {
  const notebook = panel.content, headed = cells.some((cell) => cell.querySelector("h1, h2, h3"));
  return headed || !explorerInSight() ? "" : headingOf(notebook, notebook.activeCellIndex);
};

const fit = (panel) => {
  const cells = inSight(), scale = stage();
  if (!cells.length) return;
  const alone = isAlone(cells), large = cells.some((cell) => cell.querySelector(LARGE));
  const explorer = cells.some((cell) => cell.querySelector(".cnn-explorer")); // its print is at its least already
  if (Number(document.body.style.getPropertyValue("--cnn-stage")) !== scale) document.body.style.setProperty("--cnn-stage", scale);
  panel.node.classList.toggle("cnn-show-alone", alone);
  const pictured = cells.some((cell) => cell.querySelector(PICTURES)); // the room is the picture's
  const tried = SIZES.filter((size) => size <= 1 || !(pictured || alone));
  let held, size;
  const title = missingTitle(panel, cells);
  for (const [entitled, above] of [[true, true], [false, true], [false, false]]) {
    aboveLine = above;
    entitle(cells, entitled && title);
    held = explorer && shrink(cells, scale, tried, true);
    size = held || shrink(cells, scale, tried, false);
    if (size) break;
  }
  if (large && size) grow(cells, held ? 1 / held : 1);
  // For who has to wait until a slide stands: the window that it is fitted to, and how large it is drawn.
  document.body.dataset.cnnFitted = `${innerWidth}x${innerHeight}`;
  document.body.dataset.cnnDrawn = `slide ${sizeOf("--cnn-slide").toFixed(2)} grown ${sizeOf("--cnn-grown").toFixed(2)}`;
};

// A slide is fitted anew when the panel changes its size (with the window, or as the sidebars fold away at the start),
// when a question on it opens, and when its content grows too large.
const refitting = (current) => {
  let waits;
  const soon = () => {
    delete document.body.dataset.cnnFitted;
    cancelAnimationFrame(waits);
    waits = requestAnimationFrame(() => showing() && current() && fit(current()));
  };
  const resized = new ResizeObserver(soon);
  const grown = new ResizeObserver(() => showing() && current() && tooLarge(inSight()) && soon());
  const watch = (panel, cells) => {
    resized.disconnect();
    resized.observe(panel.node);
    grown.disconnect();
    cells.forEach((cell) => grown.observe(cell));
  };
  window.addEventListener("resize", soon);
  new ResizeObserver(soon).observe(sign("cnn-show-told", "alert"));
  return { soon, watch };
};

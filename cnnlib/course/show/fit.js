// A slide is drawn for 1280×720 and scaled with the window, whatever its size and shape.
//
// A picture, a question or an explorer grows until one edge touches; a slide that holds too much shrinks, down to the
// 18 px that the last row can read. Both are found by trying: what a slide needs is known only once it is drawn. The
// sizes stand on the body, since the extension that draws the slides clears the style of the panel now and then.
const DRAWN_FOR = { width: 1280, height: 720 };
const LARGE = ".jp-OutputArea-output, .jp-MarkdownOutput img";
const PICTURES = ".cnn-explorer, cnn-row, .jp-OutputArea-output > img, .jp-RenderedHTMLCommon > svg";
const MOST = { picture: 2.4, words: 1.5 }; // how much larger than drawn: words of 24 px need not fill a wall
const SIZES = [1.3, 1.2, 1.1, 1, 0.94, 0.88, 0.82, 0.76];
const ACROSS = ".cnn-wall, .jp-OutputArea-output, .jp-RenderedHTMLCommon, .cm-scroller";
const CLIPS = ".cnn-explorer, .cnn-explorer .widget-container, pre";
const FOOT = 34, LEAST = 4; // px at 720 that the number of the slide takes; an explorer may come beside it

const stage = () => Math.min(innerWidth / DRAWN_FOR.width, innerHeight / DRAWN_FOR.height);
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

const tooLarge = (cells) => {
  const explorer = cells.some((cell) => cell.querySelector(".cnn-explorer"));
  const lowest = innerHeight - (explorer ? LEAST : FOOT) * stage(), right = innerWidth - 8;
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
const grow = (panel, cells, least) => {
  const pictured = cells.some((cell) => cell.querySelector(PICTURES));
  let low = least, high = Math.max(least, pictured ? MOST.picture : MOST.words);
  for (let n = 0; n < 6; n++) {
    const middle = (low + high) / 2;
    document.body.style.setProperty("--cnn-grown", middle);
    if (tooLarge(cells)) high = middle;
    else low = middle;
  }
  document.body.style.setProperty("--cnn-grown", low);
};

// The first of the sizes at which the slide fits, else the last; `held` keeps what is large at its own size.
const shrink = (panel, cells, scale, sizes, held) => {
  for (const size of sizes) {
    document.body.style.setProperty("--cnn-slide", scale * size);
    document.body.style.setProperty("--cnn-grown", held ? 1 / size : 1);
    if (!tooLarge(cells)) return size;
  }
  return undefined;
};

// One sentence alone on a slide is set large.
const isAlone = (cells) => cells.length === 1 && cells[0].matches(".jp-MarkdownCell")
  && !cells[0].querySelector("img, table, pre, h1, ul, ol") && cells[0].innerText.trim().length < 260;

const fit = (panel) => {
  const cells = inSight(), scale = stage(), style = document.body.style;
  if (!cells.length) return;
  const alone = isAlone(cells), large = cells.some((cell) => cell.querySelector(LARGE));
  const explorer = cells.some((cell) => cell.querySelector(".cnn-explorer")); // its print is at its least already
  style.setProperty("--cnn-stage", scale);
  panel.node.classList.toggle("cnn-show-alone", alone);
  const pictured = cells.some((cell) => cell.querySelector(PICTURES)); // the room is the picture's
  const sizes = SIZES.filter((size) => size <= 1 || !(pictured || alone));
  const held = explorer && shrink(panel, cells, scale, sizes, true);
  const size = held || shrink(panel, cells, scale, sizes, false);
  if (large && size) grow(panel, cells, held ? 1 / held : 1);
  document.body.dataset.cnnFitted = `${innerWidth}x${innerHeight}`; // for who has to wait until a slide stands
};

// What opens on a slide may need more room than there was; then, and when the window changes, the slide is fitted anew.
const refitting = (current) => {
  let waits;
  const soon = () => {
    cancelAnimationFrame(waits);
    waits = requestAnimationFrame(() => showing() && current() && fit(current()));
  };
  window.addEventListener("resize", () => (soon(), setTimeout(soon, 300)));
  const grown = new ResizeObserver(() => showing() && current() && tooLarge(inSight()) && soon());
  return { soon, watch: (cells) => (grown.disconnect(), cells.forEach((cell) => grown.observe(cell))) };
};

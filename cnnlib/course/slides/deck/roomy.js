// Larger text on every slide that has room for it, before reveal.js lays the slides out, and closer text on one that
// would reach over its edge.  There are three sizes, so that slides look alike.  Code is as large as its lines stay whole.
const LINE = 1.36; // of the font size, as in deck.css
const EDGE = 48; // pixels below the room to write, for the slide's number
const FOOT = 34; // pixels of the slide's number, on which no word may lie
const CODE = [24, 22, 20, 18.6]; // pixels of code beside large text

// How many lines its code and outputs take: it must not change.
function lines(slide) {
  return [...slide.querySelectorAll("pre")]
    .map((pre) => Math.round(pre.getBoundingClientRect().height / (parseFloat(getComputedStyle(pre).fontSize) * LINE)))
    .join();
}

// How far down the content of a slide reaches: a slide itself is as high as the screen.
function contentOf(slide) {
  const top = slide.getBoundingClientRect().top, parts = [...slide.children].filter((each) => !each.matches("aside, .cnn-where"));
  return Math.max(...parts.map((each) => each.getBoundingClientRect().bottom - top));
}

// Folded code is a key away on the screen, and in the notebook for who has the paper.
const onPaper = /print-pdf/.test(location.search), notebook = location.pathname.match(/(\d\d)_[^/]*$/)?.[1];
function sayWhere(slide) {
  const said = onPaper ? `code: notebook ${notebook ?? ""}` : "C: the code";
  slide.append(Object.assign(document.createElement("p"), { className: "cnn-where", textContent: said }));
}

function shown(slide, action) {
  for (const section of [slide, slide.parentElement]) section.style.display = "block";
  action();
  for (const section of [slide, slide.parentElement]) section.style.display = "";
}

document.documentElement.classList.add("cnn-measured"); // what a slide grows to by a transition counts at once
for (const slide of document.querySelectorAll(".slides > section > section")) {
  if (slide.querySelector(".cnn-stepper, .cnn-road, cnn-predict, cnn-row, cnn-blackboard")) continue;
  shown(slide, () => {
    const before = lines(slide);
    slide.classList.add("cnn-roomy");
    const fits = (pixels) => {
      slide.style.setProperty("--cnn-code", `${pixels}px`);
      return contentOf(slide) <= 720 - EDGE && slide.scrollWidth <= 1280 && lines(slide) === before;
    };
    if (!CODE.some(fits)) slide.classList.remove("cnn-roomy");
    if (contentOf(slide) > 720 - FOOT) slide.classList.add("cnn-tight");
    if (slide.querySelector(".cnn-folded") && contentOf(slide) <= 720 - FOOT) sayWhere(slide);
  });
}

// Frames are drawn as large as the slide allows, every frame within it; their parts keep their places.  A picture that
// is drawn narrower can be magnified more, until its words take too many lines: the best of some widths is taken.
const LARGEST = 1.9, SMALLEST = 0.5, INSIDE = 1184, MANY = 40; // of the notebook's size; pixels between the margins
const WIDTHS = [520, 580, 640, 700, 760, 820, 880, 940, 1000, 1060, 1120, INSIDE];

// By how much a part of a frame reaches over its own edges.
function spill(view) {
  const parts = [view, ...view.querySelectorAll(".cnn-view")];
  return Math.max(...parts.flatMap((each) => [each.scrollWidth - each.clientWidth, each.scrollHeight - each.clientHeight]));
}

// The magnification at which all these frames fit, and the most that a part of them reaches over its edges.
function fitted(view, room, stepper, frames) {
  let zoom = LARGEST, over = 0;
  for (const [track, frame] of frames) {
    stepper.track(track);
    stepper.go(frame);
    over = Math.max(over, spill(view));
    zoom = Math.min(zoom, (INSIDE - 2) / Math.max(view.offsetWidth, view.scrollWidth), room / view.offsetHeight);
  }
  return { zoom, over };
}

for (const element of document.querySelectorAll(".cnn-stepper:not([data-widget=TrainingPanel])")) {
  const slide = element.closest("section"), view = element.querySelector(":scope > .cnn-view"), { stepper } = element;
  const frames = stepper.tracks.flatMap((count, track) => [...Array(count).keys()].map((frame) => [track, frame]));
  const told = ([track, frame]) => [0, stepper.tracks[track] >> 1, stepper.tracks[track] - 1].includes(frame);
  const some = frames.length > MANY ? frames.filter(told) : frames; // to find the width; all of them have to fit
  shown(slide, () => {
    const other = slide.scrollHeight > 720 ? slide.scrollHeight - view.offsetHeight : contentOf(slide) - view.offsetHeight;
    const room = 720 - 24 - other; // the other things on the slide are as high in every frame
    const tried = WIDTHS.map((width) => ((view.style.width = `${width}px`), { width, ...fitted(view, room, stepper, some) }));
    const whole = tried.filter(({ over }) => over <= tried.at(-1).over + 1); // nothing is squeezed over its neighbour
    view.style.width = `${whole.reduce((best, each) => (each.zoom > best.zoom ? each : best)).width}px`;
    view.style.zoom = Math.max(fitted(view, room, stepper, frames).zoom, SMALLEST);
    stepper.reset();
  });
}

// On paper: ruled room below the text of an exercise, down to the edge of the slide.
if (onPaper) {
  document.querySelectorAll(".cnn-write").forEach((room) => {
    const slide = room.closest("section");
    shown(slide, () => {
      room.style.display = "block";
      room.style.height = `${Math.max(0, 720 - EDGE - (room.getBoundingClientRect().top - slide.getBoundingClientRect().top))}px`;
    });
  });
}
document.documentElement.classList.remove("cnn-measured");

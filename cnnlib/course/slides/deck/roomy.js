// Larger text on every slide that has room for it, before reveal.js lays the slides out, and closer text on one that
// would reach over its edge.  There are three sizes, so that slides look alike; where the large one would not fit, or a
// line of code would wrap, a slide is left as it is.
const LINE = 1.36; // of the font size, as in deck.css
const EDGE = 48; // pixels below the room to write, for the slide's number

// How many lines its code and outputs take: it must not change.
function lines(slide) {
  return [...slide.querySelectorAll("pre")]
    .map((pre) => Math.round(pre.getBoundingClientRect().height / (parseFloat(getComputedStyle(pre).fontSize) * LINE)))
    .join();
}

// How far down the content of a slide reaches: a slide itself is as high as the screen.
function contentOf(slide) {
  const top = slide.getBoundingClientRect().top, parts = [...slide.children].filter((each) => !each.matches("aside"));
  return Math.max(...parts.map((each) => each.getBoundingClientRect().bottom - top));
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
    const fits = slide.scrollHeight <= 720 && slide.scrollWidth <= 1280 && lines(slide) === before;
    if (!fits) slide.classList.remove("cnn-roomy");
    if (slide.scrollHeight > 720) slide.classList.add("cnn-tight");
  });
}

// Frames are drawn as large as the slide allows, every frame within it; their parts keep their places.
const LARGEST = 1.9, INSIDE = 1184; // of the notebook's size; pixels between the margins of a slide
for (const element of document.querySelectorAll(".cnn-stepper:not([data-widget=TrainingPanel])")) {
  const slide = element.closest("section"), view = element.querySelector(":scope > .cnn-view"), { stepper } = element;
  shown(slide, () => {
    view.style.width = "max-content";
    if (view.scrollWidth > INSIDE) return void (view.style.width = ""); // it takes the width that it is given
    let zoom = LARGEST;
    stepper.tracks.forEach((count, track) => {
      for (let frame = 0; frame < count; frame++) {
        stepper.track(track);
        stepper.go(frame);
        const other = slide.scrollHeight > 720 ? slide.scrollHeight - view.offsetHeight : contentOf(slide) - view.offsetHeight;
        zoom = Math.min(zoom, (INSIDE - 2) / view.scrollWidth, (720 - 24 - other) / view.offsetHeight);
      }
    });
    stepper.reset();
    view.style.zoom = Math.max(zoom, 0.5);
  });
}

// On paper: ruled room below the text of an exercise, down to the edge of the slide.
if (/print-pdf/.test(location.search)) {
  document.querySelectorAll(".cnn-write").forEach((room) => {
    const slide = room.closest("section");
    shown(slide, () => {
      room.style.display = "block";
      room.style.height = `${Math.max(0, 720 - EDGE - (room.getBoundingClientRect().top - slide.getBoundingClientRect().top))}px`;
    });
  });
}
document.documentElement.classList.remove("cnn-measured");

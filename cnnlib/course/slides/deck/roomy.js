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

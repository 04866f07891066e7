// C, as in the live show: the code that is folded on this slide lies over it, and C, Escape or another slide puts it away.
// It is a sheet of its own, with a bar to scroll where it is long, so that nothing on the slide changes its size.
const SHEET = "cnn-code-sheet";
const sheetOn = (slide) => slide.querySelector(`:scope > .${SHEET}`);
const away = () => document.querySelectorAll(`.${SHEET}`).forEach((sheet) => sheet.remove());

function unfold() {
  const slide = Reveal.getCurrentSlide(), open = sheetOn(slide);
  away();
  if (open) return;
  const sheet = document.createElement("div"), folded = [...slide.querySelectorAll(".cnn-folded")];
  sheet.className = SHEET;
  sheet.tabIndex = 0;
  sheet.setAttribute("role", "region");
  sheet.setAttribute("aria-label", "the code of this slide");
  if (folded.length) for (const cell of folded) sheet.append(...[...cell.children].map((each) => each.cloneNode(true)));
  else sheet.textContent = "No code is folded on this slide.";
  slide.append(sheet);
  sheet.focus();
}

// Keys that scroll a long sheet are the sheet's, the others the deck's.
document.addEventListener("keydown", (event) => {
  const sheet = sheetOn(Reveal.getCurrentSlide());
  if (!sheet) return;
  if (event.key === "Escape") away();
  else if (!["ArrowUp", "ArrowDown"].includes(event.key)) return;
  else sheet.scrollBy(0, event.key === "ArrowDown" ? 60 : -60);
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
Reveal.on("ready", () => Reveal.addKeyBinding({ keyCode: 67, key: "C", description: "The code of this slide" }, unfold));
for (const name of ["slidechanged", "fragmentshown", "fragmenthidden"]) Reveal.on(name, away);

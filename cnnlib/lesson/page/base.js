// What the controls of the course share.  predict.js, row.js and blackboard.js follow this text inside one function.
//
// A control is an element with a shadow tree of its own, so that it looks and behaves alike in JupyterLab, in the book,
// in a deck and on the landing page.  What it shows comes in its attribute `data`, JSON in base64: nothing that is
// still closed can be read, searched or indexed before.  Its light children are what a page without scripts shows.
//
// A subclass gives build(data), and may give key(event, target), vote(digit), and step(number): in a show PageDown takes
// `steps` steps before the next slide comes.
const unpack = (text) => JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(text), (c) => c.charCodeAt(0))));
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "html") made.innerHTML = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

class Control extends HTMLElement {
  isCourseControl = true;
  steps = 0;
  at = 0;
  connectedCallback() {
    if (this.shadowRoot) return;
    this.attachShadow({ mode: "open" }).append(make("style", { html: BASE_STYLE + this.constructor.style }));
    this.build(unpack(this.getAttribute("data")));
    // A show changes the size; there a control is set closer.
    new ResizeObserver(() => this.toggleAttribute("stage", this.inShow)).observe(this);
    if (!this.closest(".reveal")) return;
    for (let n = 0; n < this.steps; n++) this.append(make("span", { class: "fragment", hidden: true }));
  }
  get inShow() {
    return Boolean(this.closest(".reveal")) || document.body.dataset.jpDeckMode === "presenting";
  }
  // In a show: is it on the slide in sight?
  get onStage() {
    const deck = this.closest(".reveal");
    if (deck) return Boolean(this.closest("section.present")) && !this.closest("section.past, section.future");
    return this.inShow && Boolean(this.closest(".jp-deck-mod-onscreen")); // the others are drawn too, out of sight
  }
  // The learner went on by himself: the deck need not stop for these steps again.
  reached(number) {
    this.at = number;
    this.querySelectorAll(":scope > .fragment").forEach((each, n) => each.classList.toggle("visible", n < number));
  }
  build() {}
  key() {}
  vote() {}
  step() {}
}

// One listener for all controls, on the way down: JupyterLab's and the deck's keys come after it.  Keys that belong to
// the page (PageDown, Escape, Tab, Shift+Enter, anything with Control) pass.
function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const path = event.composedPath(), inside = path.find((node) => node.isCourseControl);
  const passes = ["PageDown", "PageUp", "Escape", "Tab"].includes(event.key) || /^F\d/.test(event.key);
  if (inside && !passes && !(event.shiftKey && event.key === "Enter")) {
    inside.key(event, path[0]);
    event.stopPropagation();
    return;
  }
  if (inside === undefined && path[0].matches?.("input, textarea, select, [contenteditable]")) return;
  const here = [...document.querySelectorAll("cnn-predict, cnn-row, cnn-blackboard")].filter((each) => each.onStage);
  const digit = /^[1-9]$/.test(event.key) && (here.find((each) => each.at < each.steps) ?? here[0]);
  if (!digit) return;
  digit.vote(Number(event.key));
  event.preventDefault();
  event.stopPropagation();
}

function onFragment(event) {
  const control = event.fragment?.closest?.("cnn-predict, cnn-row, cnn-blackboard");
  control?.step(control.querySelectorAll(":scope > .fragment.visible").length);
}

if (!window.cnnCourseKeys) {
  window.cnnCourseKeys = true;
  window.addEventListener("keydown", onKey, true);
  for (const name of ["fragmentshown", "fragmenthidden"]) window.addEventListener(name, onFragment);
}

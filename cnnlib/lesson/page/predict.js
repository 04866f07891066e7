// A question that is answered before its answer is shown: a choice, a number, or cells of a map.
//
// data: kind, question, says (one sentence an option), right, otherwise, evidence, after, and for each kind its own:
// "choice": texts; "number": numbers; "cells": rows, columns, labels, sets (lists of [row, column]).
const BESIDE = 22.6; // em: the least width of the words, and the gap between them and the picture
const LOWER = 80; // pixels by which a result has to reach further down than the answers

class Predict extends Control {
  static style = STYLE;
  steps = 1;
  chosen = null; // what the learner answered first: an option's number, or -1 where it is none of them
  build(data) {
    this.data = data;
    this.question = make("div", { class: "question", id: "question", html: data.question });
    this.said = make("div", { class: "said", role: "status" });
    this.evidence = make("div", { slot: "evidence" }); // among the light children: the page's styles are for it, too
    this.picture = make("slot", { name: "picture" });
    this.toggleAttribute("pictured", `${this.innerHTML}${data.evidence}`.includes("<img"));
    this.show = make("button", { type: "button", class: "plain", onclick: () => this.step(1) }, "show me");
    this.again = make("button", { type: "button", class: "plain", hidden: true, onclick: () => this.fold() }, "try again");
    this.answers = { choice: choices, number: numberField, cells: cellGrid }[data.kind](this, data);
    this.foot = make("div", { class: "foot" }, this.show, this.again);
    this.words = make("div", { class: "words" }, this.question, this.answers.element, this.foot);
    this.seen = make("div", { class: "seen" }, this.picture, make("slot", { name: "evidence" }));
    this.upper = make("div", { class: "upper" }, this.words, this.seen);
    this.frame = make("div", { class: "frame", role: "group", "aria-labelledby": "question" }, this.upper, this.said);
    this.shadowRoot.append(this.frame);
    this.addEventListener("load", () => this.arrange(), true); // a picture has its size only then
    new ResizeObserver(() => this.arrange()).observe(this.frame);
  }
  // A listing with long lines has the whole width, below the answers; so has a flat picture on a slide, and in a
  // notebook one that would be shrunk much beside the words.
  arrange() {
    const images = [...this.querySelectorAll("img, svg")]
      .filter((each) => each.complete !== false && !each.closest("mjx-container")); // one that loads has no shape yet
    const room = this.upper.clientWidth - BESIDE * parseFloat(getComputedStyle(this).fontSize);
    const flat = images.some((each) => each.clientWidth > 2 * each.clientHeight
      && (this.inShow || each.clientWidth > 2.5 * each.clientHeight && Number(each.getAttribute("width")) * 0.8 > room));
    const lines = [...this.querySelectorAll("pre")].flatMap((each) => each.textContent.split("\n"));
    const stacked = flat || lines.some((line) => line.length > 40);
    this.upper.classList.toggle("stacked", stacked);
    this.placeSaid(stacked);
  }
  // What is said of the answer stands below both; in a notebook below the answers, where the result reaches further
  // down than they: otherwise one would have to scroll for it. In a show the place is chosen once, when it opens.
  placeSaid(stacked) {
    if (this.inShow) return stacked && this.frame.append(this.said);
    const { top, right } = this.words.getBoundingClientRect(), seen = this.seen.getBoundingClientRect();
    const answers = this.foot.getBoundingClientRect().bottom - top, beside = !stacked && seen.left >= right;
    const place = beside && seen.height > answers + LOWER ? this.words : this.frame;
    if (this.said.parentNode !== place) place.append(this.said);
  }
  // In a show the picture keeps its size: the words stand below the answers where that takes less height.
  placeSaidOnStage() {
    const box = (each) => each.getBoundingClientRect();
    this.frame.append(this.said);
    const below = box(this.said).height;
    this.words.append(this.said);
    const words = box(this.words), picture = box(this.seen);
    if (words.right > picture.left || words.bottom - picture.bottom > below) this.frame.append(this.said);
  }
  key(event, target) {
    this.answers.key?.(event, target);
  }
  vote(digit) {
    this.answers.vote?.(digit - 1);
  }
  // The learner's answer.  In a show it waits until the next step, so that the room can argue first.
  give(option) {
    if (this.at && this.chosen !== null) return this.tell(option);
    this.chosen = option;
    if (this.onStage && !this.at) this.answers.mark({ chosen: option, vote: true });
    else this.open();
  }
  step(number) {
    if (number && !this.at) this.open();
    if (!number && this.at) this.fold();
  }
  open() {
    const { evidence } = this.data, drawn = /<(img|svg)/; // printed lines leave a drawing in sight
    const stays = !evidence || (drawn.test(this.innerHTML) && !drawn.test(evidence) && !evidence.includes("cnn-verdict"));
    this.reached(1);
    this.answers.mark({ chosen: this.chosen, right: this.data.right });
    this.tell(this.chosen ?? this.data.right);
    if (this.inShow) this.placeSaidOnStage(); // beside the picture of the question: that of the answer is not loaded yet
    this.evidence.innerHTML = evidence;
    for (const each of this.evidence.querySelectorAll("pre")) each.style.wordBreak = "normal"; // JupyterLab breaks numbers
    if (evidence) this.append(this.evidence);
    this.picture.hidden = !stays;
    this.show.hidden = true;
    this.again.hidden = false;
    this.arrange();
    if (!this.inShow) this.said.scrollIntoView({ block: "nearest" });
    if (this.shadowRoot.activeElement === null && document.activeElement === this) this.again.focus();
  }
  fold() {
    const focused = this.shadowRoot.activeElement === this.again;
    this.reached(0);
    this.chosen = null;
    this.evidence.remove();
    this.picture.hidden = false;
    this.said.replaceChildren();
    this.show.hidden = false;
    this.again.hidden = true;
    this.answers.mark({});
    this.arrange();
    if (focused) this.answers.focus();
  }
  // The sentence for one answer, and what holds for all.
  tell(option) {
    const { says, right, otherwise, after } = this.data;
    const verdict = option === right ? "yes" : "no";
    const sign = this.chosen === null ? "" : `<b class="${verdict}">${option === right ? "✓" : "✗"}</b> `;
    const sentence = option === -1 ? `${this.answers.told?.() ?? ""}${otherwise}` : says[option];
    this.said.innerHTML = `<p>${sign}${sentence}</p>${after ? `<p class="after">${after}</p>` : ""}`;
  }
}

// Three answers as a group of radio buttons that open only when one is given, not when one is passed.
function choices(control, { texts }) {
  const buttons = texts.map((html, n) =>
    make("button", { type: "button", role: "radio", "aria-checked": "false", tabindex: n ? -1 : 0, class: "option",
      onclick: () => (go(n), control.give(n)) },
    make("span", { class: "number", "aria-hidden": "true" }, String(n + 1)), make("span", { html }), make("i")));
  const element = make("div", { role: "radiogroup", class: "options", "aria-labelledby": "question" }, ...buttons);
  const go = (n) => {
    buttons.forEach((each, m) => each.setAttribute("tabindex", m === n ? 0 : -1));
    buttons[n].focus({ preventScroll: true });
  };
  return {
    element,
    focus: () => go(0),
    vote: (n) => n < buttons.length && control.give(n),
    key(event, target) {
      const at = buttons.indexOf(target), step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      if (at < 0) return;
      if (step) go((at + step + buttons.length) % buttons.length);
      else if (/^[1-9]$/.test(event.key) && buttons[event.key - 1]) (go(event.key - 1), control.give(event.key - 1));
      else return;
      event.preventDefault();
    },
    mark({ chosen = null, right = null, vote = false }) {
      buttons.forEach((each, n) => {
        each.setAttribute("aria-checked", String(n === chosen));
        each.className = ["option", n === chosen && "chosen", n === right && "right",
          right !== null && n === chosen && n !== right && "wrong"].filter(Boolean).join(" ");
        const told = [n === right && "✓", right !== null && n === chosen && n !== right && "✗",
          n === chosen && (vote || control.onStage ? "the room" : "your answer")];
        each.lastChild.textContent = told.filter(Boolean).join(" ");
      });
    },
  };
}

// A number, compared with the answers that have a name.
function numberField(control, { numbers }) {
  const field = make("input", { type: "text", inputmode: "decimal", size: 8, "aria-labelledby": "question", autocomplete: "off" });
  const check = make("button", { type: "button", onclick: () => give() }, "check");
  const note = make("span", { class: "quiet", role: "status" });
  const kept = make("span", { class: "quiet" });
  const give = () => {
    const value = read(field.value);
    note.textContent = Number.isNaN(value) ? "Type one number, such as 12, −3 or 0.5." : "";
    if (!Number.isNaN(value)) control.give(numbers.findIndex((each) => Math.abs(each - value) <= 1e-9 * Math.max(1, Math.abs(each))));
  };
  return {
    element: make("div", { class: "field" }, field, check, kept, note),
    focus: () => field.focus(),
    key: (event, target) => event.key === "Enter" && target === field && (event.preventDefault(), give()),
    mark({ chosen = null, right = null }) {
      kept.textContent = right !== null && chosen !== null ? `your answer: ${field.value.trim()}` : "";
      if (chosen === null && right === null) field.value = "";
    },
  };
}

// "12", "−3", "0,5" or "1/4" as a number; NaN for anything else.
function read(text) {
  const plain = text.trim().replaceAll("−", "-").replace(",", ".");
  const parts = plain.match(/^([+-]?\d*\.?\d+)(?:\s*\/\s*(\d+))?$/);
  return parts ? Number(parts[1]) / Number(parts[2] ?? 1) : NaN;
}

// Cells to click on a map, then "check".
function cellGrid(control, { rows, columns, labels, sets }) {
  const name = (i, j) => `row ${i}, column ${j}`, all = [], chosen = new Set();
  const toggle = (n) => {
    if (control.at) return;
    chosen.has(n) ? chosen.delete(n) : chosen.add(n);
    all[n].setAttribute("aria-pressed", String(chosen.has(n)));
  };
  for (let n = 0; n < rows * columns; n++) {
    const i = Math.floor(n / columns), j = n % columns;
    all.push(make("button", { type: "button", class: "cell", "aria-pressed": "false", tabindex: n ? -1 : 0,
      "aria-label": [name(i, j), labels?.[i]?.[j]].filter(Boolean).join(": "), onclick: () => (go(n), toggle(n)) },
    make("span", {}, labels?.[i]?.[j] ?? ""), make("i")));
  }
  const go = (n) => {
    all.forEach((each, m) => each.setAttribute("tabindex", m === n ? 0 : -1));
    all[n].focus({ preventScroll: true });
  };
  const same = (set) => set.length === chosen.size && set.every(([i, j]) => chosen.has(i * columns + j));
  const check = make("button", { type: "button", class: "plain", onclick: () => control.give(sets.findIndex(same)) }, "check");
  const wanted = () => new Set(sets[control.data.right].map(([i, j]) => i * columns + j));
  return {
    element: make("div", { class: "cells" },
      make("div", { class: "grid", role: "group", "aria-labelledby": "question", style: `--columns: ${columns}` }, ...all), check),
    focus: () => go(0),
    key(event, target) {
      const at = all.indexOf(target), i = Math.floor(at / columns), j = at % columns;
      const to = { ArrowUp: [i - 1, j], ArrowDown: [i + 1, j], ArrowLeft: [i, j - 1], ArrowRight: [i, j + 1] }[event.key];
      if (at < 0 || !to) return;
      if (to[0] >= 0 && to[0] < rows && to[1] >= 0 && to[1] < columns) go(to[0] * columns + to[1]);
      event.preventDefault();
    },
    told() {
      const right = wanted(), hit = [...chosen].filter((n) => right.has(n)).length, extra = chosen.size - hit;
      return `${hit} of the ${right.size} cells${extra ? `, and ${extra} that ${extra > 1 ? "do" : "does"} not belong` : ""}. `;
    },
    mark({ right = null }) {
      check.hidden = right !== null;
      if (right === null && control.chosen === null) chosen.clear();
      all.forEach((each, n) => {
        const belongs = right !== null && wanted().has(n), wrong = right !== null && chosen.has(n) && !belongs;
        each.setAttribute("aria-pressed", String(chosen.has(n)));
        each.classList.toggle("right", belongs);
        each.classList.toggle("wrong", wrong);
        each.lastChild.textContent = belongs ? "✓" : wrong ? "✗" : "";
      });
    },
  };
}

if (!customElements.get("cnn-predict")) customElements.define("cnn-predict", Predict);

// The row in motion: nine products of five inputs and three taps.  Rows fill, the learner reads a column, and only then
// its taps slide onto the deltas.
//
// data: k, x, delta (lists of whole numbers), p (the column that is asked about), words (sentences, see row.py).
// Steps of a show: 1 the rows, 2 the question, 3 the answer.
const CELL = 64, GAP = 3, LEFT = 4, HIGH = 42;
const Y = { inputs: 26, row: (i) => 80 + 48 * i, taps: 244, deltas: 288 };
const PAUSE = 1100, GLIDE = 900; // ms from row to row, and as long as a tap may be under way
const low = (number) => String(number).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]);

function drawn(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

class Row extends Control {
  static style = STYLE;
  steps = 3;
  given = [];
  build({ k, x, delta, p, words }) {
    Object.assign(this, { k, x, delta, p, asked: p, words });
    this.texts = make("div", { class: "told", role: "status" });
    this.taps = k.map((_, u) => make("button", { type: "button", class: `tap tap-${u}`, html: `k${low(u)}`,
      onclick: () => this.put(u) }));
    this.play = make("button", { type: "button", class: "go", onclick: () => this.fill() }, "▶ play");
    this.show = make("button", { type: "button", class: "plain", onclick: () => this.step(3) }, "show me");
    this.order = make("div", { class: "taps", role: "group", "aria-label": words.taps }, ...this.taps, this.show);
    this.back = make("button", { type: "button", "aria-label": words.left, onclick: () => this.move(-1) }, "◀");
    this.forth = make("button", { type: "button", "aria-label": words.right, onclick: () => this.move(1) }, "▶");
    this.which = make("span", { class: "which" });
    this.again = make("button", { type: "button", class: "plain", onclick: () => this.restart() }, "from the start");
    this.choose = make("div", { class: "taps" }, this.back, this.which, this.forth, this.again);
    const side = make("div", { class: "side" }, this.texts, this.play, this.order, this.choose);
    this.shadowRoot.append(make("div", { class: "frame", role: "group", "aria-label": words.name }, this.drawing(), side));
    this.step(0);
  }

  // ---- the picture

  drawing() {
    const { k, x, delta } = this, n = x.length, border = k.length - 1, width = LEFT + CELL * (n + border) + 116;
    const svg = this.picture = drawn("svg", { viewBox: `0 0 ${width} ${Y.deltas + 70}`, role: "img", "aria-label": this.words.picture });
    svg.append(drawn("defs", {}, drawn("pattern", { id: "hatch", width: 7, height: 7, patternUnits: "userSpaceOnUse",
      patternTransform: "rotate(45)" }, drawn("line", { y2: 7, class: "hatch" }))));
    this.column = drawn("rect", { class: "column", width: CELL + 4, height: Y.row(delta.length) - Y.inputs + 2, rx: 5 });
    x.forEach((value, p) => svg.append(this.cell(p + border - 1, Y.inputs, value, "input", `x${low(p)}`, -8)));
    this.ahead = delta.map((_, i) => this.empty(i));
    this.products = delta.map((_, i) => k.map((_, u) => this.tap(u)));
    this.sums = delta.map((_, i) => this.text(LEFT + CELL * (n + 1) + 12, Y.row(i) + 29, "", "sum output"));
    this.lane = drawn("g", { class: "lane" });
    for (let a = 0; a < delta.length + 2 * border; a++) {
      const inside = a >= border && a < border + delta.length, i = a - border;
      this.lane.append(this.cell(a, Y.deltas, inside ? delta[i] : 0, inside ? "delta" : "padding", inside ? `δ${low(i)}` : "", HIGH + 19));
    }
    this.result = this.text(LEFT + CELL * (n + border) + 8, Y.deltas + 29, "", "sum delta");
    this.slots = k.map(() => drawn("g", { class: "slot" }, drawn("rect", { width: CELL - GAP, height: HIGH - 2, rx: 4 })));
    this.window = k.map((_, a) => this.tap(border - a));
    svg.append(...this.ahead, ...this.products.flat(), this.column, ...this.sums, this.lane, this.result, ...this.slots, ...this.window);
    svg.addEventListener("click", (event) => this.point(event, svg));
    return svg;
  }
  cell(column, y, value, role, name, above) {
    const x = LEFT + CELL * column;
    return drawn("g", { class: role }, drawn("rect", { x, y, width: CELL - GAP, height: HIGH, rx: 3 }),
      this.text(x + CELL / 2 - 1, y + 29, value, "value"), this.text(x + CELL / 2 - 1, y + above, name, "name"));
  }
  tap(u) {
    return drawn("g", { class: `product tap-${u}` }, drawn("rect", { width: CELL - GAP, height: HIGH - 2, rx: 4 }),
      this.text(18, 27, `k${low(u)}`, "name"), this.text(45, 28, this.k[u], "value"));
  }
  // Where row i will lie, and what it will add up to.
  empty(i) {
    const places = this.k.map((_, u) => drawn("rect", { x: LEFT + CELL * (i + u + this.k.length - 2), y: Y.row(i),
      width: CELL - GAP, height: HIGH - 2, rx: 4 }));
    const sum = this.text(LEFT + CELL * (this.x.length + 1) + 12, Y.row(i) + 29, `z${low(i)} = ?`, "total");
    return drawn("g", { class: "ahead" }, ...places, sum);
  }
  text(x, y, content, className) {
    return drawn("text", { x, y, class: className }, String(content));
  }
  place(group, column, y, seen) {
    group.style.transform = `translate(${LEFT + CELL * column}px, ${y}px)`;
    group.style.opacity = seen ? 1 : 0;
  }

  // ---- what happens

  step(number) {
    clearTimeout(this.timer);
    this.reached(number);
    this.draw(number ? this.delta.length : 0);
    this.tell([this.words.start, this.words.rows, this.words.question, this.told()][number]);
  }
  restart() {
    this.given = [];
    this.p = this.asked;
    this.step(0);
    this.play.focus();
  }
  // Row after row, then the question; all at once for who wants little motion.
  fill(row = 0) {
    if (calm.matches) return this.ask();
    this.draw(row + 1);
    this.tell(this.sumOf(row));
    this.timer = setTimeout(() => (row + 1 < this.delta.length ? this.fill(row + 1) : this.ask()), PAUSE);
  }
  ask() {
    this.step(2);
    this.taps[0].focus({ preventScroll: true });
  }
  put(u) {
    this.given.push(u);
    this.draw(this.delta.length);
    if (this.given.length < this.k.length) return this.tell(this.words.question);
    const said = this.given.map((each) => `k${low(each)}`).join(" "), order = this.given.join("");
    this.given = [];
    if (order === [...this.k.keys()].reverse().join("")) {
      this.step(3);
      this.forth.focus({ preventScroll: true });
    } else {
      this.draw(this.delta.length);
      this.tell(this.words.said.replace("…", said) + (this.words.wrong[order] ?? this.words.wrong.other));
    }
  }
  move(by) {
    this.p = Math.min(Math.max(this.p + by, 0), this.x.length - 1);
    this.step(3);
  }
  point(event, svg) {
    if (this.at < 3) return;
    const { left, width } = svg.getBoundingClientRect();
    const column = Math.floor(((event.clientX - left) * svg.viewBox.baseVal.width / width - LEFT) / CELL);
    const p = column - this.k.length + 2;
    if (p >= 0 && p < this.x.length) this.move(p - this.p);
  }
  key(event, target) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key], at = this.taps.indexOf(target);
    if (/^[1-9]$/.test(event.key)) this.vote(Number(event.key));
    else if (by && this.at === 3) this.move(by);
    else if (by && at >= 0) this.taps.at((at + by) % this.taps.length).focus();
    else return;
    event.preventDefault();
  }
  vote(digit) {
    if (this.at === 2 && digit <= this.taps.length) this.put(digit - 1);
  }

  // ---- what is seen

  draw(rows) {
    this.glide();
    const { at, p, k, delta } = this, border = k.length - 1, last = at === 3;
    this.products.forEach((row, i) => row.forEach((tap, u) => {
      const there = i < Math.max(rows, 1);
      this.place(tap, (there ? i : i - 1) + u + border - 1, Y.row(there ? i : i - 1), there);
    }));
    this.ahead.forEach((row, i) => (row.style.opacity = i < rows ? 0 : 1));
    this.sums.forEach((text, i) => (text.textContent = i < rows ? `z${low(i)} = ${this.z(i)}` : ""));
    this.place(this.column, p + border - 1, Y.inputs - 4, at >= 2);
    this.column.style.transform += " translate(-3px, 0)";
    this.slots.forEach((slot, a) => this.place(slot, p + a, Y.taps, at === 2));
    this.lane.style.opacity = last ? 1 : 0;
    this.window.forEach((tap, a) => {
      if (last) return this.place(tap, p + a, Y.taps, true);
      const put = at === 2 && this.given.length > a;
      const i = p + a - border, home = i >= 0 && i < delta.length;
      this.place(tap, home ? p + border - 1 : p + a, home ? Y.row(i) : Y.taps, false);
      this.slots[a].setAttribute("class", put ? `slot tap-${this.given[a]}` : "slot");
      while (this.slots[a].childNodes.length > 1) this.slots[a].lastChild.remove();
      if (put) this.slots[a].append(this.text(18, 27, `k${low(this.given[a])}`, "name"), this.text(45, 28, k[this.given[a]], "value"));
    });
    this.result.textContent = last ? `dx${low(p)} = ${this.dx(p)}` : "";
    this.which.textContent = `input ${p}`;
    this.back.setAttribute("aria-disabled", String(p === 0)); // disabled, it would lose the focus
    this.forth.setAttribute("aria-disabled", String(p === this.x.length - 1));
    this.play.hidden = at > 0 || rows > 0;
    this.order.hidden = at !== 2;
    this.choose.hidden = !last;
  }
  // Taps glide from step to step only: a page that is zoomed changes their transforms as well.
  glide() {
    this.picture.classList.add("glides");
    clearTimeout(this.gliding);
    this.gliding = setTimeout(() => this.picture.classList.remove("glides"), GLIDE);
  }
  tell(html) {
    this.texts.innerHTML = html;
  }
  z(i) {
    return this.k.reduce((sum, tap, u) => sum + tap * this.x[i + u], 0);
  }
  dx(p) {
    return this.delta.reduce((sum, d, i) => sum + d * (this.k[p - i] ?? 0), 0);
  }
  sumOf(i) {
    const terms = this.k.map((tap, u) => `${this.x[i + u]}·${tap}`);
    return `<p>z${low(i)} = ${terms.join(" + ")} = <b>${this.z(i)}</b></p>`;
  }
  told() {
    const { p, k, delta } = this, met = [...delta.keys()].filter((i) => k[p - i] !== undefined);
    const sum = `dx${low(p)} = ${met.map((i) => `${delta[i]}·${k[p - i]}`).join(" + ")} = <b>${this.dx(p)}</b>`;
    return `<p>${sum}</p>` + (p === this.asked ? this.words.answer : this.words.others);
  }
}

if (!customElements.get("cnn-row")) customElements.define("cnn-row", Row);

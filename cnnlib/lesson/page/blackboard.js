// The proof on one screen: four lines, each with its reason, beside the picture that they speak of.
//
// data: lines ({ one, two: HTML of the line in one and in two dimensions; note and result, the same for what stands below
// the line from the start and once all of it is known; reasons, right, says; index and agree: { before, asks, wanted,
// wrong, other, after }, what the learner types before the reason and after it }), n, h (sizes in the picture), words.
// With the last line a strip shows, for the p in sight, which output and which tap stand at each place a of the window.
// Steps of a show: one for each line, one for the second axis, one that blanks the board for the class. On a wall what
// is meant for a reader alone (class "read") is left out.
class Blackboard extends Control {
  static style = STYLE;
  build(data) {
    Object.assign(this, data, { p: 2, q: 2, two: false, blank: false, m: data.n - data.h + 1 });
    this.steps = this.lines.length + 2;
    this.board = make("ol", { class: "board" });
    this.ask = make("div", { class: "ask" });
    this.said = make("div", { class: "said", role: "status" });
    this.picture = make("div", { class: "picture", role: "img" });
    this.numbers = make("div", { class: "numbers", role: "status" });
    this.strip = make("table", { class: "strip", "aria-label": data.words.strip });
    const arrow = (label, face, by) => make("button", { type: "button", "aria-label": label, onclick: () => this.move(...by) }, face);
    this.arrows = make("div", { class: "arrows" }, arrow(data.words.left, "◀", [0, -1]), arrow(data.words.right, "▶", [0, 1]));
    this.rows = [arrow(data.words.up, "▲", [-1, 0]), arrow(data.words.down, "▼", [1, 0])];
    this.arrows.append(...this.rows);
    this.axis = make("button", { type: "button", class: "plain read", onclick: () => this.turnTo(!this.two) });
    const left = make("div", { class: "left" }, this.board, this.ask, this.said);
    const right = make("div", { class: "right" }, this.picture, this.arrows, this.numbers, this.strip, this.axis);
    this.shadowRoot.append(make("div", { class: "frame", role: "group", "aria-label": data.words.name }, left, right));
    this.start();
  }
  start() {
    this.known = this.lines.map(() => ({ index: false, reason: false, agree: false }));
    this.shown = 1;
    this.two = this.blank = false;
    this.say("");
    this.draw();
  }

  // ---- what happens

  step(number) {
    const count = this.lines.length;
    this.reached(number);
    this.shown = Math.min(Math.max(number, 1), count);
    this.known = this.lines.map((_, n) => ({ index: n < number, reason: n < number, agree: n < number }));
    this.two = number > count;
    this.blank = number > count + 1;
    this.say("");
    this.draw();
  }
  get now() {
    return this.shown - 1;
  }
  // What the learner has to give next to a line: "index", "reason" or "agree"; undefined where all is known.
  pending(number) {
    const line = this.lines[number], known = this.known[number];
    return ["index", "reason", "agree"].find((part) => !known[part] && (part === "reason" || line[part]));
  }
  // The answer typed into a field: an index of the line, or the number that is agreed with it.
  giveTyped(field) {
    const part = this.pending(this.now), { wanted, wrong, other, after } = this.lines[this.now][part];
    if (sameIndex(field.value, wanted)) {
      this.known[this.now][part] = true;
      this.draw();
      this.ask.querySelector("button")?.focus();
      return this.say(`<b class="yes">✓</b> ${after}`);
    }
    const told = linear(field.value) === null ? this.words.unread : (wrong.find(([typed]) => sameIndex(field.value, typed))?.[1] ?? other);
    this.say(`<b class="no">✗</b> ${told}`);
  }
  giveReason(number) {
    const { right, says } = this.lines[this.now];
    const holds = number === right;
    if (holds) {
      this.known[this.now].reason = true;
      this.draw();
      (this.ask.querySelector("input, button") ?? this.axis).focus();
    }
    this.say(`<b class="${holds ? "yes" : "no"}">${holds ? "✓" : "✗"}</b> ${says[number]}`);
  }
  nextLine() {
    this.shown++;
    this.say("");
    this.draw();
    this.ask.querySelector("input, button")?.focus();
  }
  turnTo(two) {
    this.two = two;
    this.draw();
  }
  move(down, across) {
    const within = (value) => Math.min(Math.max(value, 0), this.n - 1);
    if (this.two) [this.p, this.q] = [within(this.p + down), within(this.q + across)];
    else this.p = within(this.p + across);
    this.draw(false);
  }
  key(event, target) {
    const by = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (target.tagName === "INPUT") return event.key === "Enter" && (event.preventDefault(), this.giveTyped(target));
    if (!by || (!this.two && by[0])) return;
    this.move(...by);
    event.preventDefault();
  }
  vote(digit) {
    this.ask.querySelectorAll(".reason")[digit - 1]?.click();
  }

  // ---- what is seen

  say(html) {
    this.said.innerHTML = html;
    if (html && !this.inShow) this.said.scrollIntoView({ block: "nearest" });
  }
  // All of it; without `asking` only what moves with p, so that a field keeps what was typed.
  draw(asking = true) {
    this.drawPicture();
    this.drawStrip();
    this.numbers.innerHTML = this.blank ? "" : this.inNumbers();
    this.axis.textContent = this.two ? this.words.oneAxis : this.words.twoAxes;
    this.strip.hidden = this.now < this.lines.length - 1 || this.two || this.pending(this.now) === "index";
    this.axis.hidden = !(this.known.at(-1).reason) || this.blank;
    this.rows.forEach((each) => (each.hidden = !this.two));
    if (asking) this.drawBoard();
  }
  drawBoard() {
    this.board.replaceChildren(...this.lines.slice(0, this.shown).map((line, n) => {
      const html = this.pending(n) === "index" ? line.index.before : this.inAxes(line);
      const formula = make("div", { class: "formula", html: this.blank ? html.replace(/=.*/s, "= …") : html });
      return make("li", {}, formula, ...(this.blank ? [] : this.below(line, n)));
    }));
    const line = this.lines[this.now], part = this.pending(this.now);
    this.ask.replaceChildren(...(this.blank ? [make("p", {}, this.words.rewrite)]
      : !part ? this.wayOn() : part === "reason" ? this.reasonQuestion(line) : this.typedQuestion(line[part])));
  }
  inAxes(line) {
    return this.two ? line.two : line.one;
  }
  // What stands below a line: its note, its reason once that is known, and what follows once all is known.
  below(line, number) {
    const { reason } = this.known[number], whole = !this.pending(number);
    // The room is the line's that is asked for; once all four are known, each has its reason again.
    const asked = this.inShow || this.now < this.lines.length - 1 || this.pending(this.now);
    const given = !(asked && number < this.now);
    const part = (name, html) => (html ? [make("div", { class: name, html })] : []);
    return [...part("note", given && line.note && this.inAxes(line.note)),
      ...part("reason-given", given && reason && line.reasons[line.right]),
      ...part("result", whole && line.result && this.inAxes(line.result))];
  }
  typedQuestion({ asks }) {
    const html = asks ?? this.words.index, label = make("span", { html }).textContent;
    const field = make("input", { type: "text", size: 12, "aria-label": label, autocomplete: "off", spellcheck: "false" });
    return [make("p", { html }),
      make("div", { class: "given" }, field, make("button", { type: "button", onclick: () => this.giveTyped(field) }, "check"))];
  }
  reasonQuestion(line) {
    return [make("p", { html: this.words.why }), ...line.reasons.map((html, n) =>
      make("button", { type: "button", class: "reason", html, onclick: () => this.giveReason(n) }))];
  }
  wayOn() {
    if (this.shown < this.lines.length) return [make("button", { type: "button", class: "go", onclick: () => this.nextLine() }, "next line")];
    return [make("p", { html: this.words.end }),
      make("button", { type: "button", class: "plain read", onclick: () => this.start() }, "from the start")];
  }
  // One axis: taps in the rows of their outputs, the column of x_p outlined.  Two: the taps that x_pq meets, output by output.
  drawPicture() {
    const { n, m, h, p, q } = this, cells = [], two = this.two;
    const tap = (u, v) => u >= 0 && u < h && (!two || (v >= 0 && v < h));
    const name = (u, v) => `k<sub>${u}${two ? `,${v}` : ""}</sub>`;
    const cell = (html, className, style = "") => cells.push(make("span", { class: className, html, style }));
    if (two) {
      for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) {
        const [u, v] = [p - i, q - j];
        cell(tap(u, v) ? name(u, v) : "", tap(u, v) ? `tap-${u}` : "none");
      }
    } else {
      for (let c = 0; c < n; c++) cell(`x<sub>${c}</sub>`, c === p ? "head chosen" : "head");
      for (let i = 0; i < m; i++) for (let c = 0; c < n; c++) {
        const there = tap(c - i);
        cell(there ? name(c - i) : "", `${there ? `tap-${c - i}` : "none"}${c === p ? " chosen" : ""}`);
      }
    }
    const caption = two ? this.words.caption2.replace("…", `x<sub>${p},${q}</sub>`) : this.words.caption1.replace("…", `x<sub>${p}</sub>`);
    const grid = make("div", { class: "grid", style: `--columns: ${two ? m : n}` }, ...cells);
    this.picture.replaceChildren(make("p", { class: "quiet", html: caption }), grid);
    this.picture.setAttribute("aria-label", this.picture.textContent);
  }
  // Place a of the window over x_p: the output i that stands there, its delta (0 where there is no output), and the tap.
  drawStrip() {
    const { p, h, m } = this, sub = (letter, number) => `<i>${letter}</i><sub>${number}</sub>`;
    const there = (a) => p + a - h + 1 >= 0 && p + a - h + 1 < m;
    const row = (head, cell) => make("tr", {}, make("th", { html: head, scope: "row" }), ...[...Array(h).keys()].map(cell));
    const cell = (html, className = "") => make("td", { html, class: className });
    this.strip.replaceChildren(
      row("<i>a</i>", (a) => cell(String(a))),
      row(`<i>i</i> = <i>p</i> + <i>a</i> − ${h - 1}`, (a) => cell(String(p + a - h + 1).replace("-", "−"), there(a) ? "" : "none")),
      row(sub("δ", "i"), (a) => (there(a) ? cell(sub("δ", p + a - h + 1)) : cell("0", "none"))),
      row(`tap ${sub("k", `${h - 1}−a`)}`, (a) => cell(sub("k", h - 1 - a), `tap-${h - 1 - a}`)));
  }
  // The line in sight with the numbers of the picture.
  inNumbers() {
    const { p, h, m } = this, all = [...Array(m).keys()], met = all.filter((i) => p - i >= 0 && p - i < h);
    const s = (letter, number) => `${letter}<sub>${number}</sub>`;
    if (this.two || this.pending(this.now) === "index") return "";
    const texts = [
      () => `${s("z", met[0])} = ${[...Array(h).keys()].map((u) => s("x", met[0] + u) + s("k", u)).join(" + ")}`,
      () => `∂L/∂${s("x", p)} = ${met.map((i) => `${s("δ", i)}·∂${s("z", i)}/∂${s("x", p)}`).join(" + ")}`,
      () => met.map((i) => `∂${s("z", i)}/∂${s("x", p)} = ${s("k", p - i)}`).join(", &ensp;"),
      () => `∂L/∂${s("x", p)} = ${[...Array(h).keys()].map((a) => {
        const i = p + a - h + 1;
        return `${i >= 0 && i < m ? s("δ", i) : "0"}·${s("k", h - 1 - a)}`;
      }).join(" + ")}`,
    ];
    return `<span class="quiet">p = ${p}:</span>&ensp;${texts[this.now]()}`;
  }
}

if (!customElements.get("cnn-blackboard")) customElements.define("cnn-blackboard", Blackboard);

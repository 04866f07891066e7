// The proof from memory: the four lines with gaps, then empty.  A check names the line that is wrong, and why.
//
// data: lines ({ number, one, typed, gaps: [before, index, behind], mistakes: [typed, sentence], slips: [number of a gap,
// typed, sentence], below: HTML of what stands below it on the board, memory: { left, needs: [letter, sentence], zero }, where something is agreed with the line }),
// words, sheet (HTML).  A gap whose `before` ends in a letter is that letter's index.
const INDEX_BEFORE = /(<\/i>|Σ)$/;
// A line is broken between words, and never between "k = " and its gap.
const breakable = (html) => html.replace(/<[^>]*>|(?<![=+…−]) (?![=+…−]|$)/g, (each) => (each === " " ? " <wbr>" : each));

class Rewrite extends Control {
  static style = STYLE;
  build({ lines, words, sheet }) {
    Object.assign(this, { lines, words, sheet, empty: false });
    const tab = (html, empty) => make("button", { type: "button", role: "tab", html, onclick: () => this.turnTo(empty) });
    this.tabs = [tab(words.gaps, false), tab(words.empty, true)];
    this.list = make("ol", { class: "board" });
    this.said = make("div", { class: "said", role: "status" });
    const plain = (text, onclick) => make("button", { type: "button", class: "plain", onclick }, text);
    this.lined = plain(words.show, () => this.answer());
    const foot = make("div", { class: "foot" }, make("button", { type: "button", class: "go", onclick: () => this.check() }, words.check),
      this.lined, plain(words.print, () => this.print()));
    this.shadowRoot.append(make("div", { class: "frame", role: "group", "aria-label": words.name },
      make("div", { class: "tabs", role: "tablist" }, ...this.tabs), this.list, foot, this.said));
    this.turnTo(false);
  }
  turnTo(empty) {
    this.empty = empty;
    this.tabs.forEach((tab, n) => tab.setAttribute("aria-selected", String(Boolean(n) === empty)));
    const field = (label, size) => make("input", { type: "text", size, "aria-label": label, autocomplete: "off", spellcheck: "false" });
    const beside = (line) => (line.memory ? [field(`line ${line.number}, what is agreed with it`, 30)] : []);
    this.fields = this.lines.map((line) => (empty ? [field(`line ${line.number}`, 36), ...beside(line)]
      : line.gaps.map(([before], g) => field(`line ${line.number}, gap ${g + 1}`, INDEX_BEFORE.test(before) || before.startsWith("put") ? 8 : 3))));
    this.signs = this.lines.map(() => make("span", { class: "sign" }));
    this.list.replaceChildren(...this.lines.map((line, n) => {
      const [first, second] = this.fields[n];
      const parts = empty ? [make("span", { html: line.left }), first, ...(second ? [make("span", { class: "agreed" }, line.memory.left, second)] : [])]
        : line.gaps.flatMap(([before, , behind], g) => [make("span", { html: breakable(before) }),
          make("span", { class: INDEX_BEFORE.test(before) ? "index" : "number" }, this.fields[n][g]), make("span", { html: breakable(behind) })]);
      return make("li", { style: `counter-set: line ${line.place}` }, make("div", { class: empty ? "formula" : "formula gaps" }, ...parts, this.signs[n]));
    }));
    this.lined.hidden = true; // the answer is there once one has tried
    this.said.innerHTML = `<p>${empty ? this.words.how : this.words.fill}</p>`;
  }
  key(event, target) {
    if (event.key === "Enter" && target.tagName === "INPUT") (event.preventDefault(), this.check());
  }
  // What is wrong with a line: a sentence, or "" where it is right.
  wrong(line, fields) {
    if (fields.some((field) => !field.value.trim())) return this.words.open;
    const [first, second] = fields.map((field) => field.value);
    if (!this.empty) return this.wrongGaps(line, fields.map((field) => field.value));
    return this.wrongLine(line, first) || (line.memory ? this.notAgreed(line.memory, second) : "");
  }
  wrongLine(line, typed) {
    if (sameLine(typed, line.typed)) return "";
    if (lineOf(typed) === null) return this.words.unread;
    return this.named(line, typed) ?? this.words.other;
  }
  // "k = 0 and δ = 0 outside", in any words: each letter is named, and what is said of them is 0.
  notAgreed({ needs, zero }, typed) {
    const text = tidy(typed).toLowerCase().replace(/\bkernel\b/g, " k ").replace(/\b(zero|zeros|vanish(es)?)\b/g, " = 0 ");
    const missing = needs.find(([letter]) => !new RegExp(`(^|[^a-z])${letter}(?![a-z])`).test(text));
    if (missing) return `${this.words.wrong} ${missing[1]}`;
    const given = [...text.matchAll(/(?<![<>])(?:=|\b(?:is|are|both|be)\b)\s*(-?\d+)/g)].map(([, number]) => Number(number));
    const somewhere = /(?<![\w.…-])0(?![\w.…])/.test(text) && given.every((number) => number === 0);
    return somewhere ? "" : `${this.words.wrong} ${zero}`;
  }
  wrongGaps(line, typed) {
    if (typed.some((text) => linear(text) === null)) return this.words.unreadIndex;
    const off = line.gaps.findIndex(([, index], g) => !sameIndex(typed[g], index));
    if (off < 0) return "";
    const filled = line.filled.replace(/@(\d)/g, (_, g) => typed[g]), slips = line.slips ?? [];
    const slip = slips.find(([gap, wrong]) => Number(gap) === off && sameIndex(typed[off], wrong));
    return this.named(line, filled) ?? (slip ? `${this.words.wrong} ${slip[2]}` : this.words.gap.replace("…", String(off + 1)));
  }
  named(line, typed) {
    const found = lineOf(typed) && line.mistakes.find(([mistake]) => sameLine(typed, mistake));
    return found && `${this.words.wrong} ${found[1]}`;
  }
  check() {
    this.lined.hidden = false;
    const told = this.lines.map((line, n) => this.wrong(line, this.fields[n]));
    told.forEach((text, n) => {
      this.signs[n].textContent = text ? " ✗" : " ✓";
      this.signs[n].className = `sign ${text ? "no" : "yes"}`;
      this.signs[n].setAttribute("aria-label", text ? "not yet right" : "right");
    });
    const first = told.findIndex(Boolean);
    if (first < 0) {
      this.said.innerHTML = `<p><b class="yes">✓</b> ${this.empty ? this.words.done : this.words.next}</p>`;
      return;
    }
    this.said.innerHTML = `<p><b class="no">✗</b> ${this.words.line.replace("…", this.lines[first].number)} ${told[first]}</p>`;
    this.fields[first].find((field) => !field.value.trim())?.focus();
  }
  answer() {
    this.said.innerHTML = `<ol class="board">${this.lines.map(({ one, below, place }) => `<li style="counter-set: line ${place}"><div class="formula">${one}</div><div class="reason-given">${below.join("<br>")}</div></li>`).join("")}</ol>`;
  }
  print() {
    const page = window.open(URL.createObjectURL(new Blob([this.sheet], { type: "text/html" })));
    page?.addEventListener("load", () => page.print());
  }
}

if (!customElements.get("cnn-rewrite")) customElements.define("cnn-rewrite", Rewrite);

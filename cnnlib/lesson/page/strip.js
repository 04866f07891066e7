// The change of index with numbers: the table of one input at a time.
//
// data: tables (HTML, one an input), p (the first that is shown), words (see strip.py).
class Strip extends Control {
  static style = STYLE;
  build({ tables, p, words }) {
    Object.assign(this, { tables, p });
    this.back = make("button", { type: "button", "aria-label": words.left, onclick: () => this.move(-1) }, "◀");
    this.forth = make("button", { type: "button", "aria-label": words.right, onclick: () => this.move(1) }, "▶");
    this.which = make("span", { class: "which" });
    this.window = make("div", { role: "status" });
    const choose = make("div", { class: "choose" }, this.back, this.which, this.forth);
    this.shadowRoot.append(make("div", { role: "group", "aria-label": words.name }, choose, this.window));
    this.move(0);
  }
  move(by) {
    this.p = Math.min(Math.max(this.p + by, 0), this.tables.length - 1);
    this.which.textContent = `input p = ${this.p}`;
    this.window.innerHTML = this.tables[this.p];
    this.back.setAttribute("aria-disabled", String(this.p === 0)); // disabled, it would lose the focus
    this.forth.setAttribute("aria-disabled", String(this.p === this.tables.length - 1));
  }
  key(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    this.move(by);
    event.preventDefault();
  }
}

if (!customElements.get("cnn-strip")) customElements.define("cnn-strip", Strip);

// The strip of goals: a sentence and the goals, or an open question and its answers.  It knows no answer.
function make(tag, className, parent, text = "") {
  const made = parent.appendChild(document.createElement(tag));
  made.className = className;
  made.textContent = text;
  return made;
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const strip = make("div", "cnn-goals", el);
  strip.setAttribute("role", "group");
  strip.setAttribute("aria-label", "goals");
  const line = make("div", "cnn-line", strip), row = make("div", "cnn-row", strip);
  line.setAttribute("role", "status");
  let problem = "", state = "", last = 0, called = false, turn = "";

  function button(text, className, message, label = "") {
    const made = make("button", className, row, text);
    made.type = "button";
    if (label) made.setAttribute("aria-label", label);
    made.dataset.message = JSON.stringify(message);
    return made;
  }

  function list() {
    const next = get("reached").indexOf(false);
    make("span", "cnn-how", row, "Predict:");
    get("names").forEach((name, n) => {
      const done = get("reached")[n];
      const made = button(name, done ? "cnn-goal cnn-done" : "cnn-goal", { ask: n },
        `${done ? "✓" : n + 1} ${name}, goal: ${done ? "reached" : "not yet reached"}`);
      const tick = make("b", "cnn-tick", made, done ? "✓" : `${n + 1}`);
      made.prepend(tick, " ");
      if (n === next && get("begun")) made.classList.add("cnn-next");
    });
  }

  function answers() {
    if (get("kind") !== "cell") make("span", "cnn-how", row, "Your prediction:");
    if (get("kind") === "choice") {
      get("choices").forEach((text, n) => button(text, "cnn-answer", { answer: n }, `${n + 1} ${text}`)
        .prepend(make("kbd", "", row, `${n + 1}`), " "));
    } else if (get("kind") === "number") {
      const field = make("input", "cnn-field", row);
      field.type = "text";
      field.inputMode = "decimal";
      field.autocomplete = "off";
      field.setAttribute("aria-label", "your number");
      button("check", "cnn-answer", { field: true });
    } else make("span", "cnn-how", row, "Click the cell, or Tab to it, arrow keys, Enter.");
    make("span", "cnn-problem", row, problem).setAttribute("role", "alert");
    button("✕", "cnn-leave", { leave: true }, "back to the goals");
  }

  function verdict() {
    const { right, given, says } = get("outcome"), all = get("reached").every(Boolean);
    const said = make("span", right ? "cnn-verdict cnn-right" : "cnn-verdict cnn-wrong", row);
    make("b", "", said, `${right ? "✓" : "✗"} ${given}. `);
    make("span", "", said, says);
    said.setAttribute("role", "status");
    if (right) button(all ? "done" : "go on", "cnn-leave", { leave: true });
    else button("another one", "cnn-leave", { ask: get("asked") });
    if (!right) button("✕", "cnn-leave", { leave: true }, "back to the goals");
  }

  function draw() {
    const now = JSON.stringify(["asked", "outcome", "reached", "begun", "choices", "kind", "names"].map(get)) + problem;
    if (line.textContent !== get("line")) line.textContent = get("line");
    if (now === state) return;
    const explorer = el.closest(".cnn-explorer") ?? strip, was = get("asked");
    const question = JSON.stringify([was, get("outcome"), get("line")]), moves = question !== turn;
    turn = question; // the focus moves with the question alone, not when the first control was used
    // On the map, too, whose cell was the answer; a map of another size is built anew and loses the focus.
    const inside = called || (moves && explorer.contains(document.activeElement));
    called = false;
    state = now;
    row.replaceChildren();
    strip.classList.toggle("cnn-asking", was >= 0);
    strip.classList.toggle("cnn-answered", was >= 0 && "right" in get("outcome"));
    if (was < 0) list();
    else if ("right" in get("outcome")) verdict();
    else answers();
    if (inside && was < 0) row.querySelectorAll(".cnn-goal")[last]?.focus();
    else if (inside) {
      row.querySelector(".cnn-field, .cnn-answer, .cnn-leave")?.focus();
      const map = () => explorer.querySelector(".cnn-asks [data-cell][tabindex='0']")?.focus();
      if (get("kind") === "cell" && !("right" in get("outcome"))) setTimeout(map, 60); // once the map asks
    }
    last = Math.max(was, 0);
  }

  function send(message) {
    problem = "";
    called = true;
    model.send(message.field ? { answer: row.querySelector(".cnn-field").value } : message);
  }

  function press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const away = event.key === "Escape" && el.closest(".cnn-explorer")?.contains(event.target); // from the map as well
    if (!strip.contains(event.target) && !away) return;
    const field = event.target.matches(".cnn-field");
    const chosen = get("kind") === "choice" && !field && row.querySelectorAll(".cnn-answer")[event.key - 1];
    if (event.key === "Escape" && get("asked") >= 0) send({ leave: true });
    else if (field && event.key === "Enter") send({ field: true });
    else if (chosen && !("right" in get("outcome"))) chosen.click();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  row.addEventListener("click", (event) => {
    const message = event.target.closest("button")?.dataset.message;
    if (message) send(JSON.parse(message));
  });
  window.addEventListener("keydown", press, true); // on its way down, before Jupyter
  const heard = (message) => { problem = message.problem ?? ""; draw(); };
  model.on("msg:custom", heard);
  model.on("change", draw);
  draw();
  return () => {
    window.removeEventListener("keydown", press, true);
    model.off("msg:custom", heard);
    model.off("change", draw);
  };
}

export default { render };

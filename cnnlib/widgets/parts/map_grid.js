// The cells of a MapGrid.  The page is built once for a size; afterwards only what changed is written.
const SVG = "http://www.w3.org/2000/svg";
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function make(tag, className, parent, attributes = {}) {
  const made = tag === "svg" || tag === "path" ? document.createElementNS(SVG, tag) : document.createElement(tag);
  made.setAttribute("class", className);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return parent.appendChild(made);
}

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

const isNegative = (text) => /^−[\d.]/.test(text);

const key = (i, j) => `${i},${j}`;

// The outline of a set of cells as one path: every side that has no neighbour from the set behind it.
function outline(cells) {
  const inside = new Set(cells.map(([i, j]) => key(i, j)));
  const sides = (i, j) => [
    [i - 1, j, `M${j} ${i}h1`], [i + 1, j, `M${j} ${i + 1}h1`],
    [i, j - 1, `M${j} ${i}v1`], [i, j + 1, `M${j + 1} ${i}v1`],
  ];
  return cells.flatMap(([i, j]) => sides(i, j).filter(([a, b]) => !inside.has(key(a, b))).map((s) => s[2])).join("");
}

function render({ model, el }) {
  const get = (name) => model.get(name), save = savingTo(model);
  const map = make("div", "cnn-map", el);
  const title = make("div", "cnn-title", map);
  const symbol = make("b", "", title), size = make("span", "cnn-size", title), caption = make("span", "cnn-caption", title);
  const room = make("div", "cnn-room", map);
  let grid, cells = [], paths = {}, built = "", at = [0, 0];

  const index = (axis, n) => `${get("first")[axis] + n}`.replace("-", "−");

  function header(row, role, text) {
    const made = make("div", "cnn-index", row, { role });
    make("span", "", made).textContent = text;
    return made;
  }

  function build(rows, columns) {
    const names = get("indices");
    room.replaceChildren();
    grid = make("div", "cnn-grid", room, { role: "grid", "aria-readonly": "true" });
    map.classList.toggle("cnn-indexed", !!names);
    room.style.setProperty("--rows", rows);
    room.style.setProperty("--columns", columns);
    if (names) {
      const head = make("div", "cnn-row", grid, { role: "row" });
      header(head, "columnheader", `${names[0]}↓ ${names[1]}→`).classList.add("cnn-corner");
      for (let j = 0; j < columns; j++) header(head, "columnheader", index(1, j));
    }
    cells = Array.from({ length: rows }, (_, i) => {
      const row = make("div", "cnn-row", grid, { role: "row" });
      if (names) header(row, "rowheader", index(0, i));
      return Array.from({ length: columns }, (_, j) => {
        const node = make("div", "cnn-cell", row, { role: "gridcell", "data-cell": key(i, j) });
        return { node, text: make("span", "cnn-text", node), gap: node.appendChild(new Text()), note: make("span", "cnn-note", node) };
      });
    });
    const drawing = { viewBox: `0 0 ${columns} ${rows}`, preserveAspectRatio: "none", "aria-hidden": "true" };
    const svg = make("svg", "cnn-lines", grid, drawing);
    for (const name of ["halo", "inner-halo", "frame", "window", "inner"]) paths[name] = make("path", `cnn-${name}`, svg);
    at = [Math.min(at[0], rows - 1), Math.min(at[1], columns - 1)];
  }

  function draw() {
    const texts = get("texts"), rows = texts.length, columns = texts[0].length;
    const shape = JSON.stringify([rows, columns, get("indices"), get("first")]);
    if (shape !== built) build(rows, columns);
    built = shape;
    drawTitle(rows, columns);
    drawCells(texts);
    drawLines(rows, columns);
    const angle = get("angle");
    room.classList.toggle("cnn-turns", angle !== null);
    room.style.setProperty("--angle", `${angle ?? 0}deg`);
    room.style.setProperty("--digits", get("digits"));
    map.classList.toggle("cnn-interactive", get("interactive") || get("asks"));
    map.classList.toggle("cnn-asks", get("asks"));
    map.classList.toggle("cnn-noted", get("notes") !== null);
    if (texts.flat().some(isNegative)) map.classList.add("cnn-signed"); // and it stays: numbers do not jump
  }

  function drawTitle(rows, columns) {
    const role = get("role"), name = get("symbol");
    map.dataset.role = role;
    write(symbol, name);
    const hatched = new Set(get("hatched").map(String)), own = [new Set(), new Set()]; // rows and columns with a cell
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) {
      if (!hatched.has(key(i, j))) own[0].add(i), own[1].add(j);
    }
    write(size, `${own[0].size}×${own[1].size}`);
    write(caption, get("caption"));
    const words = [name || "map", role && !name.includes(role) ? role : "", `${rows} rows, ${columns} columns`];
    grid.setAttribute("aria-label", [...words, get("caption")].filter(Boolean).join(", "));
  }

  function drawCells(texts) {
    const fills = get("fills"), inks = get("inks"), chosen = get("chosen"), mark = get("mark");
    const asks = get("asks"); // what lies on the map would answer the question
    const outlined = new Set(asks ? [] : get("outlined").map(String)), hatched = new Set(get("hatched").map(String));
    const notes = new Map(((!asks && get("notes")) || []).map(([i, j, text]) => [key(i, j), text]));
    const marked = mark && key(mark[0] * (texts.length - 1), mark[1] * (texts[0].length - 1));
    if (chosen && !grid.contains(document.activeElement)) at = chosen; // Tab leads to what was chosen
    cells.forEach((row, i) => row.forEach(({ node, text, gap, note }, j) => {
      const here = key(i, j), is = (set) => set.has(here), picked = !!chosen && key(...chosen) === here;
      const corner = here === marked ? ["top-left", "top-right", "bottom-left", "bottom-right"][2 * mark[0] + mark[1]] : "";
      write(text, texts[i][j]);
      write(note, notes.get(here) ?? "");
      write(gap, notes.has(here) ? " " : ""); // number and note are two words, as in the label
      node.className = ["cnn-cell", is(hatched) && "cnn-hatched", corner && `cnn-mark cnn-${corner}`].filter(Boolean).join(" ");
      text.classList.toggle("cnn-negative", isNegative(texts[i][j]));
      node.style.backgroundColor = is(hatched) ? "" : fills[i]?.[j] ?? "";
      node.style.color = is(hatched) ? "" : inks[i]?.[j] ?? "";
      node.tabIndex = at[0] === i && at[1] === j ? 0 : -1;
      node.setAttribute("aria-selected", picked);
      node.setAttribute("aria-label", [
        place(i, j), [texts[i][j] ? `value ${texts[i][j]}` : "empty", notes.get(here)].filter(Boolean).join(" "),
        is(hatched) && "padding",
        is(outlined) && "inside the outline", corner && "the corner mark of K[0,0]",
      ].filter(Boolean).join(", "));
    }));
  }

  function place(i, j) {
    const [row, column] = get("indices")?.map((name) => `${name} =`) ?? ["row", "column"];
    return `${row} ${index(0, i)}, ${column} ${index(1, j)}`;
  }

  function drawLines(rows, columns) {
    const hatched = new Set(get("hatched").map(String)), all = [];
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) if (!hatched.has(key(i, j))) all.push([i, j]);
    paths.frame.setAttribute("d", outline(all));
    const around = outline(get("asks") ? [] : get("outlined")), inner = get("chosen") ? outline([get("chosen")]) : "";
    for (const name of ["halo", "window"]) paths[name].setAttribute("d", around);
    for (const name of ["inner-halo", "inner"]) paths[name].setAttribute("d", inner);
  }

  function go(i, j) {
    cells[at[0]][at[1]].node.tabIndex = -1;
    at = [i, j];
    cells[i][j].node.tabIndex = 0;
  }

  function choose(i, j) {
    if (!get("interactive") && !get("asks")) return;
    save({ [get("asks") ? "answered" : "chosen"]: [i, j] });
  }

  const cellOf = (target) => target.closest?.("[data-cell]")?.dataset.cell.split(",").map(Number);

  map.addEventListener("focusin", (event) => cellOf(event.target) && go(...cellOf(event.target)));
  map.addEventListener("click", (event) => cellOf(event.target) && choose(...cellOf(event.target)));
  function press(event) {
    const cell = map.contains(event.target) && cellOf(event.target);
    if (!cell || event.altKey || event.metaKey) return;
    const [i, j] = cell, rows = cells.length - 1, columns = cells[0].length - 1, far = event.ctrlKey;
    if (event.key in STEPS && !far) {
      const [down, right] = STEPS[event.key];
      cells[Math.min(Math.max(i + down, 0), rows)][Math.min(Math.max(j + right, 0), columns)].node.focus();
    } else if (event.key === "Home") cells[far ? 0 : i][0].node.focus();
    else if (event.key === "End") cells[far ? rows : i][columns].node.focus();
    else if ((event.key === "Enter" || event.key === " ") && !far && !event.shiftKey) choose(i, j);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // On its way down from the window: Jupyter Notebook hears keys on the document, and would leave the map.
  window.addEventListener("keydown", press, true);
  model.on("change", draw);
  const leave = followClasses(model, el);
  draw();
  return () => {
    leave();
    window.removeEventListener("keydown", press, true);
    model.off("change", draw);
  };
}

export default { render };

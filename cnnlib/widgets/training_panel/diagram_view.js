// the diagram in the page.  A frame changes attributes and texts where the structure is the same, so that the focus and
// the pointer stay where they are; a click or the arrow keys on a sheet choose one of its numbers.
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function update(old, made) {
  if (old.nodeName !== made.nodeName) return old.replaceWith(made.cloneNode(true));
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== made.data) old.data = made.data;
    return;
  }
  for (const { name } of [...old.attributes]) if (!made.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of made.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  updateParts(old, made);
}

function updateParts(old, made) {
  const [before, after] = [[...old.childNodes], [...made.childNodes]];
  after.forEach((node, k) => (before[k] ? update(before[k], node) : old.append(node.cloneNode(true))));
  before.slice(after.length).forEach((node) => node.remove());
}

// Where the numbers of a sheet are: see cnnlib/pass_diagram/map_images.py.
function gridOf(sheet) {
  const [count, rows, columns, across, scale, gap] = sheet.dataset.grid.split(" ").map(Number);
  return { count, rows, columns, across, scale, gap, place: [Number(sheet.dataset.stop), sheet.dataset.lane] };
}

function under(sheet, event) {
  const { count, rows, columns, across, scale, gap, place } = gridOf(sheet);
  const box = sheet.getBoundingClientRect(), zoom = sheet.currentCSSZoom ?? 1; // a slide shows the diagram magnified
  const x = (event.clientX - box.left) / zoom, y = (event.clientY - box.top) / zoom;
  const [wide, high] = [columns * scale + gap, rows * scale + gap];
  const map = Math.floor(y / high) * across + Math.floor(x / wide);
  const [row, column] = [Math.floor((y % high) / scale), Math.floor((x % wide) / scale)];
  const fits = x >= 0 && y >= 0 && map < count && row < rows && column < columns;
  return fits ? [...place, map, row, column] : null;
}

// One step on from a number; at the edge of a map it goes on in the next one.
function beside(sheet, spot, [down, right]) {
  const { count, rows, columns, across, place } = gridOf(sheet);
  if (!spot || spot[0] !== place[0] || spot[1] !== place[1]) return [...place, 0, Math.floor(rows / 2), Math.floor(columns / 2)];
  let [, , map, row, column] = spot;
  row += down;
  column += right;
  const over = (row < 0 ? -across : row >= rows ? across : 0) + (column < 0 ? -1 : column >= columns ? 1 : 0);
  if (over && map + over >= 0 && map + over < count) {
    map += over;
    row = (row + rows) % rows;
    column = (column + columns) % columns;
  }
  return [...place, map, Math.min(Math.max(row, 0), rows - 1), Math.min(Math.max(column, 0), columns - 1)];
}

function render({ model, el }) {
  const template = document.createElement("template");
  const draw = () => {
    template.innerHTML = model.get("html");
    updateParts(el, template.content);
  };
  const save = savingTo(model), choose = (spot) => save({ spot });
  const sheetOf = (target) => (el.contains(target) ? target.closest?.("[data-stop]") : null);
  const click = (event) => {
    const sheet = sheetOf(event.target), spot = sheet && under(sheet, event);
    if (spot) choose(spot);
  };
  const press = (event) => {
    const sheet = sheetOf(event.target);
    if (!sheet || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key in STEPS) choose(beside(sheet, model.get("spot"), STEPS[event.key]));
    else if (event.key === "Escape") choose(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  el.addEventListener("click", click);
  window.addEventListener("keydown", press, true); // on its way down, before JupyterLab
  model.on("change:html", draw);
  draw();
  return () => {
    window.removeEventListener("keydown", press, true);
    model.off("change:html", draw);
  };
}

export default { render };

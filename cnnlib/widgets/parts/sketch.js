// A pad to draw a digit on, by pointer or by keys.  What was drawn is a list of strokes, each a list of points (x, y)
// from 0 to 1; it goes to the kernel a few times a second, and every view of the pad shows it.
const SIDE = 168, PEN = 18, EDGE = 0.05; // cells of the canvas, width of the pen; the keys keep the pen off the edge
const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }, STEP = 0.036;
const MEANWHILE = 80; // ms between two messages while the pen moves
const NEAR = 0.008; // a point nearer than this to the last one adds nothing

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const rounded = (point) => point.map((value) => Math.round(value * 1e4) / 1e4);

function makePad(el) {
  const canvas = document.createElement("canvas");
  canvas.className = "cnn-sketch";
  canvas.width = canvas.height = SIDE;
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", "Drawing pad. Draw with the mouse or a finger. By keyboard: the arrow keys move the pen, Space lifts it or sets it down, Delete clears.");
  const cross = document.createElement("div");
  cross.className = "cnn-sketch-pen";
  const pad = document.createElement("div");
  pad.className = "cnn-sketch-pad";
  pad.append(canvas, cross);
  el.append(pad);
  return [canvas, cross];
}

function render({ model, el }) {
  const [canvas, cross] = makePad(el), pen = canvas.getContext("2d"), save = savingTo(model);
  Object.assign(pen, { lineWidth: PEN, lineCap: "round", lineJoin: "round", strokeStyle: "black" });
  let strokes = [], pointer = null, timer = null, key = [0.5, 0.25], down = false;

  const draw = () => {
    pen.clearRect(0, 0, SIDE, SIDE);
    for (const stroke of strokes) {
      const [left, top] = stroke[0].map((value) => SIDE * value);
      pen.beginPath();
      pen.arc(left, top, PEN / 2, 0, 2 * Math.PI); // a tap leaves a dot
      pen.fill();
      pen.beginPath();
      pen.moveTo(left, top);
      for (const [x, y] of stroke.slice(1)) pen.lineTo(SIDE * x, SIDE * y);
      pen.stroke();
    }
    cross.style.left = `${100 * key[0]}%`;
    cross.style.top = `${100 * key[1]}%`;
    cross.classList.toggle("cnn-down", down);
  };
  const send = () => {
    clearTimeout(timer);
    timer = null;
    save({ strokes: strokes.map((stroke) => [...stroke]) }); // a new list: the model compares with the old one
  };
  const changed = () => {
    draw();
    timer ??= setTimeout(send, MEANWHILE);
  };
  const begin = (point) => {
    strokes.push([rounded(point)]);
    changed();
  };
  const goOn = (point) => {
    const stroke = strokes.at(-1), [x, y] = stroke.at(-1);
    if (Math.hypot(point[0] - x, point[1] - y) < NEAR) return;
    stroke.push(rounded(point));
    changed();
  };
  const clear = () => {
    [strokes, pointer, down] = [[], null, false];
    changed();
  };
  const taken = () => {
    if (pointer !== null || timer !== null) return; // what is being drawn here is newer
    strokes = model.get("strokes").map((stroke) => [...stroke]);
    down = down && strokes.length > 0;
    draw();
  };

  const where = (event) => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height].map((v) => clamp(v, 0, 1));
  };
  // One pointer at a time: a second finger, and the other buttons of a mouse, draw nothing.
  canvas.addEventListener("pointerdown", (event) => {
    if (pointer !== null || event.button !== 0) return;
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    down = false; // the keys begin a line of their own afterwards
    begin(where(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const part of passed.length ? passed : [event]) goOn(where(part));
  });
  const end = (event) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    send();
  };
  for (const ends of ["pointerup", "pointercancel", "lostpointercapture"]) canvas.addEventListener(ends, end);
  canvas.addEventListener("contextmenu", (event) => pointer !== null && event.preventDefault());

  function press(event) {
    if (event.target !== canvas || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key in STEPS) {
      key = STEPS[event.key].map((step, axis) => clamp(key[axis] + STEP * step, EDGE, 1 - EDGE));
      if (down) goOn(key);
    } else if (event.key === " ") {
      down = !down && pointer === null;
      if (down) begin(key);
    } else if (event.key === "Delete" || event.key === "Backspace") clear();
    else return;
    draw();
    event.preventDefault();
    event.stopPropagation();
  }
  window.addEventListener("keydown", press, true); // on its way down, before JupyterLab
  model.on("change:strokes", taken);
  taken();
  return () => {
    if (timer !== null) send();
    window.removeEventListener("keydown", press, true);
    model.off("change:strokes", taken);
  };
}

export default { render };

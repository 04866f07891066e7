// A pad to draw a digit on, by pointer or by keys.  The ink goes to the kernel as bytes, a few times a second.
const SIDE = 84, PEN = 9, STEPS = { ArrowUp: [0, -3], ArrowDown: [0, 3], ArrowLeft: [-3, 0], ArrowRight: [3, 0] };
const MEANWHILE = 80; // ms between two messages while the pen moves

function render({ model, el }) {
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
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  Object.assign(pen, { lineWidth: PEN, lineCap: "round", lineJoin: "round", strokeStyle: "black" });
  let at = null, timer = null, key = [SIDE / 2, SIDE / 4], down = false;

  const send = () => {
    timer = null;
    const rgba = pen.getImageData(0, 0, SIDE, SIDE).data, ink = new Uint8Array(SIDE * SIDE);
    for (let k = 0; k < ink.length; k++) ink[k] = rgba[4 * k + 3]; // paper is transparent
    model.set("ink", new DataView(ink.buffer));
    model.save_changes();
  };
  const later = () => (timer ??= setTimeout(send, MEANWHILE));
  const line = (from, to) => {
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(...to);
    pen.stroke();
    later();
  };
  const where = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * SIDE) / box.width, ((event.clientY - box.top) * SIDE) / box.height];
  };
  const showPen = () => {
    cross.style.left = `${(100 * key[0]) / SIDE}%`;
    cross.style.top = `${(100 * key[1]) / SIDE}%`;
    cross.classList.toggle("down", down);
  };
  const clear = () => {
    pen.clearRect(0, 0, SIDE, SIDE);
    later();
  };

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    at = where(event);
    line(at, at);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (at === null) return;
    const to = where(event);
    line(at, to);
    at = to;
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (at = null));

  function press(event) {
    if (event.target !== canvas || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key in STEPS) {
      const to = STEPS[event.key].map((step, axis) => Math.min(Math.max(key[axis] + step, 4), SIDE - 4));
      if (down) line(key, to);
      key = to;
    } else if (event.key === " ") {
      down = !down;
      if (down) line(key, key);
    } else if (event.key === "Delete" || event.key === "Backspace") clear();
    else return;
    showPen();
    event.preventDefault();
    event.stopPropagation();
  }
  window.addEventListener("keydown", press, true); // on its way down, before JupyterLab
  model.on("change:cleared", clear);
  showPen();
  return () => {
    clearTimeout(timer);
    window.removeEventListener("keydown", press, true);
    model.off("change:cleared", clear);
  };
}

export default { render };

// The line under the transport bar: the position in words.  It also hears the keys, wherever inside the
// explorer the focus is: core widgets cannot.  And it tells the kernel when the browser asks for less motion.
const KEYS = { ArrowLeft: "back", ArrowRight: "forward", Home: "first", End: "last", " ": "toggle" };

function render({ model, el }) {
  const line = el.appendChild(document.createElement("div"));
  line.className = "cnn-position";
  const bar = () => el.closest(".cnn-transport");

  function draw() {
    const words = model.get("words");
    line.setAttribute("aria-live", model.get("playing") ? "off" : "polite"); // nobody can listen to ten a second
    if (line.textContent !== words) line.textContent = words;
    // The slider writes its own number there; ours comes after it.
    bar()?.querySelector("[role=slider]")?.setAttribute("aria-valuetext", words);
  }

  function listen(event) {
    const target = event.target, scope = el.closest(".cnn-explorer") ?? bar();
    if (!scope?.contains(target)) return;
    if (!(event.key in KEYS)) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    // Fields, menus, other sliders and the cells of a map have a use of their own for these keys.
    const scrubber = target.matches("[role=slider]") && bar().contains(target);
    if (!scrubber && target.closest("input, select, textarea, [contenteditable], canvas, [role=slider], [role=gridcell]")) return;
    if (event.key.startsWith("Arrow") && target.closest("[data-stop]")) return; // the numbers of a map
    if (event.key === " " && target.closest("button, summary, a")) return;
    model.send({ key: KEYS[event.key] });
    event.preventDefault();
    event.stopPropagation();
  }

  model.on("change", draw);
  const leave = followClasses(model, el);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    savingTo(model)({ reduced: true });
  }
  // On its way down from the window: before the slider, which would move by its own rules, and before Jupyter.
  window.addEventListener("keydown", listen, true);
  requestAnimationFrame(draw); // once the line is on the page
  return () => {
    leave();
    model.off("change", draw);
    window.removeEventListener("keydown", listen, true);
  };
}

export default { render };

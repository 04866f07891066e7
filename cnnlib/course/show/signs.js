// What the show itself says: where it is, that the screen is blank, and what has happened to the kernel.
const sign = (name, role) => {
  const found = document.querySelector(`.${name}`);
  if (found) return found;
  const made = document.createElement("div");
  made.className = name;
  made.setAttribute("role", role);
  document.body.append(made);
  return made;
};

// "04 · 7 / 12": the notebook and the slide, as the desk sheet numbers them.
const tellPlace = (panel) => {
  const notebook = panel.content, steps = stepsOf(notebook), here = steps[stepAt(notebook, notebook.activeCellIndex)];
  const number = panel.context.path.split("/").pop().slice(0, 2);
  sign("cnn-show-place", "note").textContent = here ? `${number} · ${here.slide} / ${steps.at(-1).slide}` : "";
};

const isBlank = () => Boolean(document.querySelector(".cnn-show-blank"));
const blank = (dark) => {
  document.querySelector(".cnn-show-blank")?.remove();
  if (dark) sign("cnn-show-blank", "status").setAttribute("aria-label", "The screen is blank. Any key brings it back.");
};

// One line at the foot of the screen; without words it goes. `urgent` is read out at once, and is set in red.
const tell = (words = "", urgent = false) => {
  const line = sign("cnn-show-told", "alert");
  line.classList.toggle("cnn-show-urgent", urgent);
  line.textContent = words;
};
const isTold = () => Boolean(sign("cnn-show-told", "alert").textContent);

// Until the show stands, the wall shows one quiet line in place of JupyterLab and its list of files.
const cover = (on) => {
  document.querySelector(".cnn-show-cover")?.remove();
  if (on) sign("cnn-show-cover", "status").textContent = "The lecture opens …";
};

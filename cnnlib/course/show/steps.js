// The steps of a show, read from the slide roles of the cells.
//
// A slide or subslide begins a slide, a fragment a step on it; a cell without a role continues what stands before it.
// A step is left by activating its last cell: the extension that draws the slides then shows all cells up to there.
const BEGINS = ["slide", "subslide"];
const role = (cell) => cell?.model.getMetadata("slideshow")?.slide_type ?? "continues";
const tagged = (cell, tag) => (cell.model.getMetadata("tags") ?? []).includes(tag);

// [{first, last, slide, section}]: cells by index, the number of the slide from 1, and whether a section begins.
const stepsOf = (notebook) => {
  const steps = [];
  let slide = 0;
  notebook.widgets.forEach((cell, at) => {
    const kind = role(cell);
    if (BEGINS.includes(kind) || kind === "fragment" || (kind === "continues" && !steps.length)) {
      slide += kind !== "fragment";
      steps.push({ first: at, last: at, slide, section: kind === "slide" });
    } else if (kind === "continues") steps.at(-1).last = at;
  });
  return steps;
};

// The step that a cell belongs to; notes and hidden cells belong to what stands before them.
const stepAt = (notebook, index) => {
  const steps = stepsOf(notebook);
  return Math.max(0, steps.findLastIndex((step) => step.first <= index));
};

// The heading that a cell stands under: "Try every setting".
const headingOf = (notebook, at) => {
  const sources = notebook.widgets.slice(0, at + 1).map(({ model }) => (model.type === "markdown" ? model.sharedModel.source : ""));
  const [, words] = sources.findLast((source) => /^##? /.test(source))?.match(/^#+ (.*)/) ?? [];
  return (words ?? "").replace(/[$`*]/g, "");
};

const goTo = (notebook, number) => {
  const steps = stepsOf(notebook);
  if (!steps.length) return;
  notebook.activeCellIndex = steps[Math.max(0, Math.min(number, steps.length - 1))].last;
  notebook.mode = "command";
  notebook.node.focus({ preventScroll: true });
};

// The first step of the next section (by +1), or of this one and then of the one before it (by −1).
const sectionFrom = (notebook, by) => {
  const steps = stepsOf(notebook), here = stepAt(notebook, notebook.activeCellIndex);
  const found = by > 0 ? steps.findIndex((step, k) => step.section && k > here)
    : steps.findLastIndex((step, k) => step.section && k < here);
  return found < 0 ? here : found;
};

// The questions and boards on the slide in sight: each takes steps of its own before the show moves on.
const CONTROLS = "cnn-predict, cnn-row, cnn-blackboard";
const controlsInSight = () => [...document.querySelectorAll(CONTROLS)].filter((each) => each.onStage);

// Running a notebook of the show: at its start, again after the kernel is gone, and the next one ahead of time.
const nameOf = (panel) => panel.context.path.split("/").pop();

// Every code cell in order, until one fails. Nothing is selected, so the slide in sight stays.
const runCells = async (panel, told = () => {}) => {
  const cells = panel.content.widgets.filter((cell) => cell.model.type === "code");
  for (const [number, cell] of cells.entries()) {
    told(number + 1, cells.length);
    const reply = await cell.constructor.execute(cell, panel.sessionContext);
    if (reply?.content?.status === "error") throw new Error(`cell ${cell.model.id}: ${reply.content.ename}`);
  }
};

// Code stays in sight where it is the subject (tag "code", or nothing else to see); C unfolds the rest.
const foldCode = (panel) => {
  for (const cell of panel.content.widgets) {
    if (cell.model.type !== "code") continue;
    const subject = tagged(cell, "code") || !cell.model.outputs?.length;
    cell.node.classList.toggle("cnn-show-folded", !subject || Boolean(cell.model.getMetadata("jupyter")?.source_hidden));
    cell.inputHidden = false;
  }
};

const runs = new Map(); // panel → the promise of its run
const runOnce = (panel, told) => {
  if (!runs.has(panel)) runs.set(panel, (async () => {
    await panel.context.ready;
    await panel.sessionContext.ready;
    watchKernel(panel);
    await runCells(panel, told).catch((error) => stop(panel, error));
    foldCode(panel);
    if (await widgetsOf(panel)) moving.add(panel);
  })());
  return runs.get(panel);
};

// A run that stopped at an error is said, like a kernel that is gone, until the notebook has run again.
const stopped = new Map(); // panel → the words of the error
const stop = (panel, error) => (console.error(error), stopped.set(panel, error.message));

// A kernel that is gone is said until the notebook has run again; R does that, and the slide stays.
const gone = new Set();
const watchKernel = (panel) => {
  const look = (_, status) => ["dead", "autorestarting", "restarting"].includes(status) && lose(panel);
  panel.sessionContext.statusChanged.connect(look);
};
const lose = (panel) => {
  if (gone.has(panel)) return;
  gone.add(panel);
  tellKernel(panel);
  dismissDialog();
};
// A kernel that somebody else restarted looks alive to this page, but it knows none of the widgets on the slides.
const moving = new Set(); // the notebooks whose kernel had widgets when they had run
const widgetsOf = async (panel) => {
  const reply = await panel.sessionContext.session?.kernel?.requestCommInfo({ target_name: "jupyter.widget" });
  return Object.keys(reply?.content.comms ?? {}).length;
};
const lookForWidgets = async (panel) => {
  if (moving.has(panel) && !gone.has(panel) && !(await widgetsOf(panel))) lose(panel);
};
// JupyterLab says the same in a dialog, which would take the focus and hide the slide.
const dismissDialog = async () => {
  for (let n = 0; n < 40; n++, await later(100)) document.querySelector(".jp-Dialog .jp-mod-accept")?.click();
};
const later = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const tellKernel = (panel) => {
  if (gone.has(panel)) tell("The kernel is gone: nothing on this slide can be moved. R runs the notebook again and comes back here.", true);
  else if (stopped.has(panel)) tell(`The notebook stopped: ${stopped.get(panel)}. R runs it again; the deck in the other tab needs no kernel.`, true);
};

// The server starts a kernel that died again by itself, and the page connects once more: between the two its status is
// "unknown". The widgets take a moment to notice that theirs are gone.
const isBack = async (kernel) => {
  const ready = () => kernel.status === "idle" && kernel.connectionStatus === "connected";
  for (let n = 0; n < 100 && !ready(); n++) await later(200);
  await later(1500);
  return ready();
};

const runAgain = async (panel) => {
  const comesBack = gone.has(panel) && panel.sessionContext.session?.kernel?.status !== "dead";
  gone.add(panel);
  try {
    tell("The kernel starts again …", true);
    const context = panel.sessionContext, kernel = context.session?.kernel;
    if (kernel) (comesBack && (await isBack(kernel))) || (await kernel.restart());
    else await context.changeKernel({ name: context.kernelPreference?.name ?? "python3" });
    await runCells(panel, (number, all) => tell(`The notebook runs again: cell ${number} of ${all}.`, true));
    foldCode(panel);
    gone.delete(panel);
    stopped.delete(panel);
    tell();
  } catch (error) {
    gone.delete(panel);
    stop(panel, error);
    tellKernel(panel);
  }
};

// The notebook that follows in the lecture, opened behind the one in sight and run; undefined after the last.
const ahead = new Map(); // path → promise of its panel
const pathBeside = (panel, by) => {
  const name = COURSE[COURSE.indexOf(nameOf(panel)) + by];
  return COURSE.includes(nameOf(panel)) && name ? panel.context.path.replace(/[^/]+$/, name) : undefined;
};
const openAhead = (app, path) => {
  if (!ahead.has(path)) ahead.set(path, app.commands.execute("docmanager:open", { path, options: { activate: false } })
    .then(async (panel) => (await runOnce(panel), panel)));
  return ahead.get(path);
};

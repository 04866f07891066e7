// The show: runs the notebook, starts on its first slide, goes on in the next notebook, and comes back after a reload.
//
// A prebuilt JupyterLab extension without a build: JupyterLab asks the object at the end for its module, as it asks the
// containers that webpack makes. The other parts of this folder stand before this text, inside one function.
const showing = () => document.body.dataset.jpDeckMode === "presenting";
const KEPT = "cnnlib-lecture"; // in the tab's own memory: where the show was when the page was loaded again

const SIDEBARS = 1200, NOTHING = 15_000; // ms until they have folded away, and until a page without a notebook is shown

const activate = (app) => {
  const [lastPath, lastCell] = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
  const isNotebook = (widget) => widget?.sessionContext && widget.content?.widgets;
  const current = () => (isNotebook(app.shell.currentWidget) ? app.shell.currentWidget : null);
  const { soon, watch } = refitting(current);

  let waitsAt = null; // the cell at which the next notebook is waited for; any other move cancels that
  const arrived = () => {
    const panel = current();
    if (!showing() || !panel) return;
    if (waitsAt !== null && waitsAt !== panel.content.activeCellIndex) (waitsAt = null, tell(), tellKernel(panel));
    tellPlace(panel);
    lookForWidgets(panel).catch((error) => console.error(error));
    watch(panel, inSight());
    soon();
    sessionStorage.setItem(KEPT, JSON.stringify([panel.context.path, panel.content.activeCellIndex]));
  };
  const followed = new WeakSet();
  const follow = (panel) => {
    if (followed.has(panel)) return;
    followed.add(panel);
    panel.content.activeCellChanged.connect(() => requestAnimationFrame(arrived));
  };

  const present = async (panel, step) => {
    follow(panel);
    const steps = stepsOf(panel.content);
    panel.content.activeCellIndex = steps[Math.max(0, Math.min(step, steps.length - 1))]?.last ?? 0;
    app.shell.activateById(panel.id);
    tell(); // before the slide stands: it is fitted without the line that said what was waited for
    tellKernel(panel);
    if (!showing()) await app.commands.execute("deck:start");
    goTo(panel.content, step);
    requestAnimationFrame(arrived);
    const path = pathBeside(panel, 1);
    if (path) openAhead(app, path).catch((error) => console.error(error));
  };

  const nextNotebook = async (panel) => {
    const path = pathBeside(panel, 1);
    if (!path) return tell("This was the last slide. Escape ends the show.");
    const here = waitsAt = panel.content.activeCellIndex;
    const slow = setTimeout(() => tell(`Notebook ${path.split("/").pop().slice(0, 2)} still runs; it comes by itself.`), 300);
    try {
      const next = await openAhead(app, path);
      clearTimeout(slow);
      if (current() === panel && waitsAt === here) await present(next, 0);
    } catch (error) {
      tell(`${path.split("/").pop()}: ${error.message}`, true);
    } finally {
      clearTimeout(slow);
      waitsAt = null;
    }
  };
  const notebookBefore = async (panel) => {
    const path = pathBeside(panel, -1), before = path && app.shell.widgets("main");
    for (const widget of before ?? []) if (isNotebook(widget) && widget.context.path === path) await present(widget, Infinity);
  };

  const moves = {
    step(by) {
      const panel = current(), notebook = panel.content, here = stepAt(notebook, notebook.activeCellIndex);
      const open = by > 0 && controlsInSight().find((each) => each.at < each.steps);
      if (open) (open.step(open.at + 1), soon());
      else if (here + by < 0) notebookBefore(panel);
      else if (here + by >= stepsOf(notebook).length) nextNotebook(panel);
      else goTo(notebook, here + by);
    },
    section: (by) => goTo(current().content, sectionFrom(current().content, by)),
    first: () => goTo(current().content, 0),
    last: () => goTo(current().content, Infinity),
    end: () => app.commands.execute("deck:stop"),
    again: () => runAgain(current()),
    code: () => (document.body.classList.toggle("cnn-show-code"), soon()),
  };
  guardKeys(app, current, moves);

  new MutationObserver(() => {
    const panel = current();
    document.body.classList.toggle("cnn-show", showing());
    if (!showing()) return blank(false), tell();
    if (!panel) return;
    follow(panel); // started by hand, from whatever cell: on a slide, never on an empty one
    goTo(panel.content, stepAt(panel.content, panel.content.activeCellIndex));
    requestAnimationFrame(arrived);
  }).observe(document.body, { attributes: true, attributeFilter: ["data-jp-deck-mode"] });

  const begin = async () => {
    const panel = current();
    if (!panel) return;
    if (showing()) await app.commands.execute("deck:stop"); // a page that was loaded again during the show
    beginning(true);
    const told = (number, all) => tell(`The notebook runs, cell ${number} of ${all}; then the show begins by itself.`);
    await runOnce(panel, told).catch((error) => stop(panel, error));
    beginning(false);
    await present(panel, lastPath === panel.context.path ? stepAt(panel.content, lastCell) : 0);
    await later(SIDEBARS);
  };
  const beginCovered = () => begin().finally(() => cover(false));
  cover(location.pathname.includes(".ipynb"));
  app.restored.then(() => {
    if (current()) return beginCovered();
    const open = setTimeout(() => cover(false), NOTHING);
    app.shell.currentChanged?.connect(function once() {
      if (current()) (app.shell.currentChanged.disconnect(once), clearTimeout(open), beginCovered());
    });
  });
};

window._JUPYTERLAB = window._JUPYTERLAB || {};
window._JUPYTERLAB["cnnlib-lecture"] = {
  init() {},
  get: async () => () => ({
    __esModule: true,
    default: {
      id: "cnnlib-lecture:show",
      description: "Starts the slide show by itself, and lets no key edit the notebook while it runs.",
      autoStart: true,
      activate,
    },
  }),
};

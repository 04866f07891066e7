// The slide show of a lecture: runs the notebook, starts on its first slide, and lets no key edit anything.
//
// A prebuilt JupyterLab extension without a build: JupyterLab asks the object below for its module, as it asks the
// containers that webpack makes.
(() => {
  const STAGE = "jpDeckMode", SLIDES = ["slide", "subslide"];
  const DECK = ["PageDown", "PageUp", "Escape", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", " "];
  const BLANK = "cnn-blank";
  const showing = () => document.body.dataset[STAGE] === "presenting";
  const role = (cell) => cell?.model.getMetadata("slideshow")?.slide_type;

  // The first cell of the slide that a cell belongs to: its own if it begins one, else the nearest before it.
  const beginning = (notebook, index) => {
    for (let at = index; at >= 0; at--) if (SLIDES.includes(role(notebook.widgets[at]))) return at;
    return notebook.widgets.findIndex((cell) => SLIDES.includes(role(cell)));
  };

  const takeFocus = (panel) => {
    panel.content.mode = "command";
    panel.content.node.focus();
  };

  // Whoever starts the show with the cursor on a note or a hidden cell would see an empty slide.
  const onStage = (panel) => {
    const notebook = panel.content, at = beginning(notebook, notebook.activeCellIndex);
    if (at >= 0 && at !== notebook.activeCellIndex && !SLIDES.includes(role(notebook.activeCell))) {
      notebook.activeCellIndex = at;
    }
    takeFocus(panel);
  };

  const blank = (dark) => {
    document.querySelector(`.${BLANK}`)?.remove();
    if (!dark) return;
    const sheet = document.createElement("div");
    sheet.className = BLANK;
    sheet.setAttribute("role", "status");
    sheet.setAttribute("aria-label", "The screen is blank. Any key brings it back.");
    document.body.append(sheet);
  };

  const typing = (event) => {
    const target = event.composedPath()[0];
    return target instanceof Element && (target.isContentEditable || target.matches("input, textarea, select"));
  };

  // One visible line for a kernel that is gone, with the way back.
  const warn = (panel) => {
    const line = document.createElement("div");
    line.className = "cnn-kernel-gone";
    line.setAttribute("role", "alert");
    document.body.append(line);
    const look = (_, status) => {
      const gone = { dead: "The kernel is gone.", autorestarting: "The kernel restarts.", restarting: "The kernel restarts." }[status];
      if (gone) line.textContent = `${gone} Escape, then Run ▸ Run All Cells; the show starts again by the cards in the toolbar.`;
      if (status === "busy") line.textContent = "";
    };
    panel.sessionContext.statusChanged.connect(look);
    panel.disposed.connect(() => line.remove());
  };

  const guard = (app) => {
    // No command of JupyterLab hears a key while the show runs, but those that move it on. Controls hear theirs.
    const commands = app.commands, hear = commands.processKeydownEvent.bind(commands);
    commands.processKeydownEvent = (event) => {
      const plain = !(event.ctrlKey || event.metaKey || event.altKey);
      if (!showing() || (plain && DECK.includes(event.key))) hear(event);
    };
    window.addEventListener("keydown", (event) => {
      if (!showing()) return;
      const dark = document.querySelector(`.${BLANK}`);
      if (dark || (["b", "B", "."].includes(event.key) && !typing(event) && !event.ctrlKey && !event.metaKey)) {
        blank(!dark);
        if (event.key !== "Escape") event.preventDefault();
        if (event.key !== "Escape") event.stopImmediatePropagation();
      }
    }, true);
  };

  const begin = async (app, panel) => {
    await panel.context.ready;
    await panel.sessionContext.ready;
    warn(panel);
    await app.commands.execute("notebook:run-all-cells");
    panel.content.activeCellIndex = Math.max(0, beginning(panel.content, 0));
    await app.commands.execute("deck:start");
    takeFocus(panel);
  };

  const plugin = {
    id: "cnnlib-lecture:show",
    description: "Starts the slide show by itself, and lets no key edit the notebook while it runs.",
    autoStart: true,
    activate: (app) => {
      guard(app);
      const current = () => (app.shell.currentWidget?.sessionContext && app.shell.currentWidget.content?.widgets
        ? app.shell.currentWidget : null);
      new MutationObserver(() => {
        if (showing() && current()) onStage(current());
        if (!showing()) blank(false);
      }).observe(document.body, { attributes: true, attributeFilter: ["data-jp-deck-mode"] });
      const begun = new Set();  // a notebook begins by itself once
      const look = () => {
        const panel = current();
        if (!panel || begun.has(panel.context.path)) return;
        begun.add(panel.context.path);
        begin(app, panel).catch((error) => console.error(error));
      };
      app.restored.then(() => {
        look();
        app.shell.currentChanged?.connect(look);
      });
    },
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["cnnlib-lecture"] = { init() {}, get: async () => () => ({ __esModule: true, default: plugin }) };
})();

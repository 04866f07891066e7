"""Three invisible widgets in every explorer: for its keys, for the names of its controls, and for its width.

A control of an explorer uses keys that JupyterLab would take for commands on cells or on slides.  Core widgets
draw sliders, lists and buttons that a screen reader cannot announce, and a ⋆ too small to be read.  And a notebook
leaves 934 px beside an open file browser, a telephone a third of that.
"""

from importlib import resources

import anywidget

from cnnlib.plots.html import STAR_FONT

_FILES = resources.files(__package__)


class MenuKeys(anywidget.AnyWidget):
    """Invisible.  While a control beside it has the focus, the keys that it uses do not reach JupyterLab.

    A menu and a check box keep every key.  Sliders, buttons and maps keep those that move and press; the others,
    such as PageDown, which moves a slide show on, still go to JupyterLab.
    """

    _esm = """
    const MOVES = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", " ", "Enter", "Escape"];
    const PAGES = ["PageUp", "PageDown"];
    const MARK = "data-lm-suppress-shortcuts"; // on the element with the focus, JupyterLab looks for no command

    function render({ el }) {
      const keep = (event) => {
        const target = event.target;
        if (!el.closest(".cnn-explorer")?.contains(target)) return;
        const cell = document.body.dataset.jpDeckMode && target.closest(".jp-Cell");
        if (cell && target.matches("[role=slider]") && PAGES.includes(event.key)) {
          event.stopPropagation(); // the slider would take it for a large step; the clicker means the slide
          event.preventDefault();
          const { key, code, keyCode } = event;
          cell.focus();
          cell.dispatchEvent(new KeyboardEvent("keydown", { key, code, keyCode, bubbles: true, cancelable: true }));
          return;
        }
        if (target.matches("select, input[type=checkbox]")) {
          event.stopPropagation(); // what the key does in a menu is the browser's own doing and still happens
        } else if (target.matches("button, [role=slider], [tabindex]")) {
          const own = MOVES.includes(event.key) && !event.ctrlKey && !event.altKey && !event.metaKey;
          target.toggleAttribute(MARK, own);
        }
      };
      window.addEventListener("keydown", keep, true); // on its way down, before JupyterLab
      return () => window.removeEventListener("keydown", keep, true);
    }
    export default { render };
    """


class Names(anywidget.AnyWidget):
    """Invisible.  Gives each control beside it its label, or its tooltip, as the name that is read aloud.

    A slider and the number beside it get the slider's label; a list or field without a label, and a button that
    shows an icon alone, get their tooltip.
    """

    _css = STAR_FONT + """.cnn-explorer :is(.widget-toggle-button, .widget-label, select, .cnn-map, .cnn-goals) {
      font-family: "course star", var(--jp-ui-font-family, sans-serif); }"""
    _esm = """
    const NAMELESS = "button, select, input:not([type=checkbox]), [role=slider], .widget-readout[contenteditable]";

    function name(control) {
      const widget = control.closest(".widget-inline-hbox, .jupyter-widgets");
      const label = widget?.querySelector(".widget-label")?.textContent.trim();
      const titled = [control, widget, widget?.querySelector("[title]")].map((e) => e?.title);
      const tip = titled.find((title) => title && title !== "null"); // what ipywidgets writes for no tooltip
      const said = control.matches("button") ? !control.textContent.trim() && tip : label || tip;
      if (said && control.getAttribute("aria-label") !== said) control.setAttribute("aria-label", said);
      if (control.matches(".widget-readout")) control.setAttribute("role", "textbox");
    }

    function render({ el }) {
      const root = () => el.closest(".cnn-explorer") ?? el;
      const all = () => root().querySelectorAll(NAMELESS).forEach(name);
      const timers = [0, 300, 1500].map((wait) => setTimeout(all, wait)); // the other parts are drawn meanwhile
      const focused = ({ target }) => target.matches?.(NAMELESS) && root().contains(target) && name(target);
      document.addEventListener("focusin", focused, true);
      return () => {
        timers.forEach(clearTimeout);
        document.removeEventListener("focusin", focused, true);
      };
    }
    export default { render };
    """


class Fit(anywidget.AnyWidget):
    """Invisible.  Lets the explorer it stands in take the width there is.

    Rows that are too wide wrap (class ``cnn-narrow``; on a telephone ``cnn-phone``, too), and a map too wide for
    its line is drawn smaller: nothing reaches beyond the room or is cut off.
    """

    _esm = _FILES.joinpath("fit.js").read_text(encoding="utf-8")
    _css = _FILES.joinpath("fit.css").read_text(encoding="utf-8")

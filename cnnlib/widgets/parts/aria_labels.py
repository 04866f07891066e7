"""A name for every control: core widgets draw sliders, lists and buttons that a screen reader cannot announce.

And a ⋆ that can be read on those whose text is no HTML.
"""

import anywidget

from cnnlib.plots.html import STAR_FONT


class Names(anywidget.AnyWidget):
    """Draws nothing.  Tells each control beside it its own label, or its tooltip, as a name to be read aloud.

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

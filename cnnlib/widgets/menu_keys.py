"""Arrow keys and letters for the menus of an explorer: JupyterLab would take them for commands on cells."""

import anywidget


class MenuKeys(anywidget.AnyWidget):
    """Draws nothing.  While a menu of its explorer has the focus, no key reaches JupyterLab."""

    _esm = """
    function render({ el }) {
      const keep = (event) => {
        if (event.target.matches?.("select") && el.closest(".cnn-explorer")?.contains(event.target)) {
          event.stopPropagation(); // the menu itself still gets the key
        }
      };
      window.addEventListener("keydown", keep, true); // on its way down, before JupyterLab
      return () => window.removeEventListener("keydown", keep, true);
    }
    export default { render };
    """

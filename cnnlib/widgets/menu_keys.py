"""Arrow keys, letters and Space for menus and check boxes: JupyterLab would take them for commands on cells."""

import anywidget


class MenuKeys(anywidget.AnyWidget):
    """Draws nothing.  While a menu or a check box beside it has the focus, no key reaches JupyterLab."""

    _esm = """
    function render({ el }) {
      const keep = (event) => {
        const own = event.target.matches?.("select, input[type=checkbox]");
        if (own && el.closest(".cnn-explorer")?.contains(event.target)) {
          event.stopPropagation(); // what the key does in a menu is the browser's own doing and still happens
        }
      };
      window.addEventListener("keydown", keep, true); // on its way down, before JupyterLab
      return () => window.removeEventListener("keydown", keep, true);
    }
    export default { render };
    """

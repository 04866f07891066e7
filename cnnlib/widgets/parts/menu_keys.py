"""Keys that a control of an explorer uses itself: JupyterLab would take them for commands on cells or on slides."""

import anywidget


class MenuKeys(anywidget.AnyWidget):
    """Draws nothing.  While a control beside it has the focus, the keys that it uses do not reach JupyterLab.

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

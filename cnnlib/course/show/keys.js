// The keys of the show. PageDown, PageUp and Escape are the show's wherever the focus is; the others go to a control that
// has the focus, else to the show. JupyterLab hears none of them, so no key edits the notebook.
const NEXT = ["ArrowRight", "ArrowDown", " ", "Enter"], BACK = ["ArrowLeft", "ArrowUp", "Backspace"];

// A control of an explorer, a question or a field; not the cell, which has the focus when nothing else does.
const atControl = (event) => {
  const target = event.composedPath()[0];
  if (!(target instanceof Element) || target.matches(".jp-Cell, .jp-Notebook, body")) return false;
  return event.composedPath().some((node) => node.isCourseControl || node.matches?.(".jp-OutputArea-output, .jp-Dialog"));
};
const typing = (event) => event.composedPath()[0].matches?.("input:not([type=range], [type=checkbox], [type=radio]), textarea, select");

// While the notebook runs before the show, a clicker would scroll past the answers: its keys do nothing yet.
let early = false;
const beginning = (now) => { early = now; };
const CLICKER = ["PageDown", "PageUp", "ArrowRight", "ArrowLeft"];

// On the slide of an explorer the keys that move the show may have been meant for it: the first press says so.
const FOR_EXPLORER = "Was this for the explorer? Click into it first. The same key once more moves the show.";
let hinted = ""; // the key that said so
const hint = (key) => (hinted = key, tell(FOR_EXPLORER));
const forgetHint = () => {
  const key = hinted;
  if (key) (hinted = "", tell());
  return key;
};

const guardKeys = (app, current, moves) => {
  const commands = app.commands, hear = commands.processKeydownEvent.bind(commands);
  commands.processKeydownEvent = (event) => showing() || hear(event);

  const listen = (event) => {
    if (early && !showing() && CLICKER.includes(event.key) && !typing(event)) {
      event.preventDefault();
      return event.stopImmediatePropagation();
    }
    if (!showing() || !current() || ["Control", "Shift", "Alt", "Meta"].includes(event.key)) return;
    const before = forgetHint(), dark = isBlank(), plain = !(event.ctrlKey || event.altKey || event.metaKey);
    const action = plain && (dark ? () => blank(false) : actionOf(event, before));
    if (dark && event.key === "Escape") moves.end();
    if (!action) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    action();
  };
  const actionOf = (event, before) => {
    const step = event.shiftKey ? moves.section : moves.step;
    if (event.key === "Escape") return moves.end;
    if (event.key === "PageDown") return () => step(1);
    if (event.key === "PageUp") return () => step(-1);
    if (typing(event)) return undefined;
    const letter = { b: () => blank(true), ".": () => blank(true), c: moves.code, r: moves.again }[event.key.toLowerCase()];
    if (letter || atControl(event)) return letter;
    const moved = NEXT.includes(event.key) ? () => step(1) : BACK.includes(event.key) ? () => step(-1)
      : { Home: moves.first, End: moves.last }[event.key];
    const doubtful = moved && explorerInSight() && before !== event.key && !isTold();
    return doubtful ? () => hint(event.key) : moved;
  };
  window.addEventListener("keydown", listen, true);
  window.addEventListener("pointerdown", forgetHint, true);
  // A double click opens a cell of text for editing; typing reaches no editor.
  const keep = (event) => showing() && event.target.closest?.(".jp-MarkdownCell, .jp-InputArea") && event.stopImmediatePropagation();
  window.addEventListener("dblclick", keep, true);
};

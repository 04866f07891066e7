// An explorer takes the width there is.  Where its rows are wider than that, they wrap (the class cnn-narrow; on a
// telephone cnn-phone as well); a map that is wider by itself is drawn smaller.  Nothing is measured again until a
// width changes.
const WIDE = ".cnn-stage, .cnn-map, .cnn-road", PHONE = 420; // what cannot wrap; pixels
const LEAST = 0.7; // a diagram that would be smaller is scrolled in its place

function render({ el }) {
  let root, watch, measured = "";

  const parts = () => [...root.querySelectorAll(WIDE)].filter((part) => !part.parentElement.closest(".cnn-stage"));

  function fit() {
    const room = root.clientWidth, all = parts();
    if (!room) return; // it is not on the screen
    root.classList.remove("cnn-narrow", "cnn-phone");
    for (const part of all) part.style.zoom = "";
    for (const part of all) watch.observe(part);
    if (document.body.dataset.jpDeckMode) return; // a slide show has rules of its own
    root.classList.toggle("cnn-narrow", root.scrollWidth > room + 1);
    root.classList.toggle("cnn-phone", room < PHONE);
    const widths = all.map((part) => Math.max(part.offsetWidth, part.scrollWidth));
    all.forEach((part, n) => { if (widths[n] > room) part.style.zoom = Math.max(room / widths[n], LEAST); });
  }

  // A change of height alone moves nothing sideways.
  function changed() {
    const now = [root.clientWidth, ...parts().map((part) => part.scrollWidth)].join();
    if (now === measured) return;
    fit();
    measured = [root.clientWidth, ...parts().map((part) => part.scrollWidth)].join();
  }

  const waiting = requestAnimationFrame(() => { // once it is on the page
    root = el.closest(".cnn-explorer");
    if (!root) return;
    watch = new ResizeObserver(changed);
    watch.observe(root);
  });
  return () => {
    cancelAnimationFrame(waiting);
    watch?.disconnect();
  };
}

export default { render };

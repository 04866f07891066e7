// On paper every fold is open: code, solutions, answers of the questions people ask.  Afterwards each is as it was.
const opened = new Set();

window.addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("article details:not([open])")) {
    fold.open = true;
    opened.add(fold);
  }
});

window.addEventListener("afterprint", () => {
  for (const fold of opened) fold.open = false;
  opened.clear();
});

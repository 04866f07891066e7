// What the address asks to print: with ?print-pdf&two two slides on a page of A4, with lines to write below each.
// (?print-pdf alone, a slide a page, is reveal.js itself.)
const two = /print-pdf.*\btwo\b/.test(location.search);
if (two) Reveal.on("pdf-ready", () => {
  document.documentElement.classList.add("cnn-two");
  document.head.append(Object.assign(document.createElement("style"), { textContent: "@page { size: A4; margin: 10mm 10mm 8mm }" }));
  document.querySelectorAll(".pdf-page").forEach((page, n) => {
    page.after(Object.assign(document.createElement("div"), { className: n % 2 ? "cnn-ruled cnn-last" : "cnn-ruled" }));
  });
});

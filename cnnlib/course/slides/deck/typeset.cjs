// Sets the formulas of a page: HTML with TeX on the way in, HTML with SVG on the way out.
// usage: node typeset.cjs FOLDER_OF_MATHJAX < in.html > out.html
const [, , mathjax] = process.argv;
const html = require("fs").readFileSync(0, "utf8");

require(`${mathjax}/es5/node-main.js`)
  .init({
    loader: { load: ["input/tex-full", "output/svg", "adaptors/liteDOM", "a11y/assistive-mml"], paths: { mathjax: `${mathjax}/es5` } },
    options: { enableAssistiveMml: true, skipHtmlTags: ["script", "style", "textarea", "pre", "code"] },
    tex: { inlineMath: [["$", "$"], ["\\(", "\\)"]], processEscapes: true, formatError: (_jax, error) => { throw error; } },
    svg: { fontCache: "local" },
    startup: { typeset: false, document: html },
  })
  .then((MathJax) => {
    const page = MathJax.startup.document.render();
    const adaptor = MathJax.startup.adaptor;
    const style = adaptor.textContent(MathJax.startup.document.outputJax.styleSheet(page));
    process.stdout.write(JSON.stringify({ html: adaptor.innerHTML(adaptor.body(page.document)), style }));
  })
  .catch((error) => {
    process.stderr.write(`${error.message ?? error}\n`);
    process.exit(1);
  });

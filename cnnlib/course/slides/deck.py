"""One notebook becomes one deck: run it, export its slides, set its formulas, put everything into one file.

The cells run in a kernel of their own (executed.py); widgets become frames (widget_frames.py).  nbconvert's slides
exporter and the template in ``deck/`` make the sections; a section begins where a cell has the role (slide_type)
"slide" or "subslide".  MathJax under Node.js sets the formulas once, so that the deck needs no MathJax of its own.
"""

import hashlib
import json
import os
import re
import string
import subprocess
import time
from pathlib import Path

from nbconvert.exporters import SlidesExporter
from nbformat.v4 import new_markdown_cell

from ...plots.dark_page import light_alone
from . import evidence, executed, links, paper

HERE = Path(__file__).resolve().parent
PARTS = HERE / "deck"
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
NOTES = re.compile(r'<aside class="notes">.*?</aside>', re.DOTALL)
SPOKEN = re.compile(r"<mjx-assistive-mml\b.*?</mjx-assistive-mml>", re.DOTALL)
HELD = '<i class="cnn-held"></i>'


class DeckError(Exception):
    """A deck cannot be built; the message names the notebook, the cell and what happened."""


class Page(string.Template):
    """``page.html`` with its @names@."""

    pattern = r"@(?:(?P<named>[a-z_]+)@|(?P<escaped>(?!))|(?P<braced>(?!))|(?P<invalid>(?!)))"


def build(notebook: Path, out: Path, front_end: dict[str, Path], run_at: str = "") -> Path:
    """Write the deck of a notebook into ``out``; its path.  DeckError names the cell that fails.

    run_at: the part before the notebook's name in the address that runs it; the last slide links to it.
    """
    try:
        cells = executed.run(notebook)
    except RuntimeError as error:
        raise DeckError(str(error)) from None
    if run_at:
        cells.cells.append(_way_to(f"{run_at}{notebook.name}"))
    kept = executed.KEPT / "formulas" / f"{notebook.stem}.json"
    page = assemble(sections(cells, notebook.name[:2]), title(cells), front_end, kept)
    path = out / f"{notebook.stem}.html"
    scratch = path.with_suffix(".part")
    scratch.write_text(page, encoding="utf-8")
    scratch.replace(path)
    return path


def timed_build(notebook: Path, out: Path, front_end: dict[str, Path], run_at: str = "") -> tuple[int, float]:
    """Build a deck; its size in bytes and the seconds it took."""
    started = time.perf_counter()
    return build(notebook, out, front_end, run_at).stat().st_size, time.perf_counter() - started


def sections(notebook, number: str = "") -> str:
    """The slides as HTML, formulas still as TeX; ``number`` is that of the notebook."""
    paper.prepare(notebook, number)
    evidence.add(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code" and (_shows_a_picture(cell) or _is_folded(cell)):
            cell.metadata["folded"] = True
    bare = dict(exclude_input_prompt=True, exclude_output_prompt=True, exclude_anchor_links=True)
    exporter = SlidesExporter(template_name="deck", extra_template_basedirs=[str(HERE)], **bare)
    exporter.register_preprocessor("nbconvert.preprocessors.CSSHTMLHeaderPreprocessor", enabled=False)
    body, _ = exporter.from_notebook_node(notebook)
    return links.among_decks(light_alone(body))


def title(notebook) -> str:
    """The heading of the notebook."""
    texts = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return next(line[2:] for text in texts for line in text.splitlines() if line.startswith("# "))


def assemble(slides: str, title: str, front_end: dict[str, Path], kept: Path | None = None) -> str:
    """The whole page, formulas set and everything inside; ``kept`` as in :func:`typeset`."""
    slides, formulas = typeset(slides, front_end["mathjax"], kept)
    reveal = front_end["reveal.js"]
    return Page((PARTS / "page.html").read_text(encoding="utf-8")).substitute(
        title=title,
        slides=slides,
        reveal_css=_text(reveal / "dist" / "reveal.css"),
        reveal_js=_script(reveal / "dist" / "reveal.js"),
        notes_js=_script(reveal / "plugin" / "notes" / "notes.js"),
        deck_css=_text(PARTS / "deck.css") + formulas,
        stepper_js=_script(PARTS / "stepper.js"),
        roomy_js=_script(PARTS / "roomy.js"),
        code_js=_script(PARTS / "code.js"),
        print_js=_script(PARTS / "print.js"),
    )


def typeset(html: str, mathjax: Path, kept: Path | None = None) -> tuple[str, str]:
    """HTML with its TeX set as SVG, and the style that goes with it; DeckError for TeX that MathJax refuses.

    kept: a file for the result, which is used again as long as the HTML is the same.
    Scripts are taken out meanwhile, since MathJax's parser would take markup inside them for the page's.
    """
    scripts = SCRIPT.findall(html)
    made, held = _set(SCRIPT.sub(HELD, html), mathjax, kept), iter(scripts)
    html = re.sub(re.escape(HELD), lambda _: next(held), made["html"])
    # The speaker's window has no style for the second form of a formula, and would show each of them twice.
    return NOTES.sub(lambda notes: SPOKEN.sub("", notes[0]), html), made["style"]


def _set(html, mathjax, kept):
    """The result of MathJax, {"html", "style"}, new or kept from before."""
    command = ["node", str(PARTS / "typeset.cjs"), str(mathjax)]
    made_of = hashlib.sha256("\0".join([html, mathjax.name, _text(PARTS / "typeset.cjs")]).encode()).hexdigest()
    if kept and kept.exists() and (known := json.loads(_text(kept)))["made of"] == made_of:
        return known
    done = subprocess.run(command, input=html, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise DeckError(f"a formula cannot be set: {done.stderr.strip()[-300:]}")
    made = json.loads(done.stdout) | {"made of": made_of}
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        unfinished = kept.with_suffix(f".{os.getpid()}")
        unfinished.write_text(json.dumps(made), encoding="utf-8")
        unfinished.replace(kept)
    return made


def _way_to(address):
    """A cell that continues the last slide, with a link to the notebook as it runs."""
    cell = new_markdown_cell(f'<p class="cnn-run-this"><a href="{address}">Run this in the browser</a></p>')
    cell.metadata["tags"] = ["continues"]
    return cell


def _shows_a_picture(cell):
    """Does this cell only show a picture or an explorer: a continuation with HTML as its output?"""
    shown = ["text/html" in output.get("data", {}) for output in cell.outputs]
    return evidence.shows_explorer(cell) or ("continues" in cell.metadata.get("tags", []) and any(shown))


def _is_folded(cell):
    """Is its code folded in the notebook?  Then a slide, too, shows only its output."""
    return cell.metadata.get("jupyter", {}).get("source_hidden", False)


def _text(path):
    return path.read_text(encoding="utf-8")


def _script(path):
    """A script that can be put inside a page: without closing tags that end it early, and without a source map."""
    text = re.sub(r"^//# sourceMappingURL=.*$", "", _text(path), flags=re.MULTILINE)
    return text.replace("</script", "<\\/script")

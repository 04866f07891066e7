"""No slide of a hand-out announces what it does not show.

In a notebook the cells that a lecture leaves out (role "skip") stand right below the text that announces them.  On
a slide of text alone their outputs are shown, too, with the code folded; of a cell that ends with a value to look
through, such as a whole session, what it has shown before that.  A few words that lead to an explorer or a question
stand on its slide, above it, and the line that opens a section stands above the first slide of that section.
"""

import re
from itertools import pairwise, takewhile

from nbformat import NotebookNode

BEGINS = ("slide", "subslide")
WORDS = 420  # characters that stand above an explorer; a longer text has its own slide
LINE = 170  # characters, with the heading, of a line that opens a section
SHORT = 600  # characters of a slide that has room for such a line
WHOLE = ("BugLab", "Journey", "TrainingPanel")  # explorers that need all of a slide


def add(notebook: NotebookNode) -> None:
    """Change the roles of the cells of a notebook that was run, in place."""
    slides = list(_slides(notebook.cells))
    for slide in slides:
        if all(cell.cell_type == "markdown" for cell in _shown(slide)):
            said = takewhile(lambda cell: role_of(cell) != "notes", slide)  # the rest belongs to the note
            for cell in filter(_is_evidence, said):
                cell.metadata.update(slideshow={"slide_type": "fragment"}, folded=True)
                cell.outputs = _shown_before(cell)
    for words, following in pairwise(slides):
        if _leads_to(words, following) or _opens(words, following):
            following[0].metadata["slideshow"] = {"slide_type": "fragment"}


def role_of(cell: NotebookNode) -> str:
    """slide, subslide, fragment, notes or skip; "" for a cell that continues the one before."""
    return cell.metadata.get("slideshow", {}).get("slide_type", "")


def shows_explorer(cell: NotebookNode) -> bool:
    """Is an output of the cell an explorer, a question or a board?"""
    return any(sign in _page(cell) for sign in ("cnn-stepper", "<cnn-"))


def _slides(cells):
    """The cells from each beginning of a slide to the next."""
    slide = []
    for cell in cells:
        if role_of(cell) in BEGINS:
            yield slide
            slide = []
        slide.append(cell)
    yield slide


def _is_evidence(cell):
    """Does this cell, which the lecture leaves out, print or draw something, and ask for no code?"""
    outputs = _shown_before(cell)
    scripted = any("application/javascript" in output.get("data", {}) for output in outputs)
    return role_of(cell) == "skip" and bool(outputs) and not scripted


def _shown_before(cell):
    """Its outputs but for the value that it ends with."""
    return [output for output in cell.get("outputs", ()) if output.output_type in ("stream", "display_data")]


def _leads_to(words, explorer):
    """A heading with a few words, and after it a slide that begins with an explorer or a question."""
    few = 0 < _words_alone(words) <= WORDS
    return bool(few and explorer and shows_explorer(explorer[0]) and not _is_whole(explorer[0]))


def _opens(words, following):
    """The heading of a section with a line, and after it a short slide with a heading below that one."""
    line, shown = 0 < _words_alone(words) <= LINE, _shown(following)
    sub = line and words[0].source.startswith("## ") and shown and shown[0].source.startswith("### ")
    drawn = any("<img" in _page(cell) or shows_explorer(cell) for cell in shown)
    short = sum(len(cell.source) + 30 * _lines(cell) for cell in shown) <= SHORT
    to_fill_in = any(re.search(r"^\s*\.\.\.$", cell.source, re.MULTILINE) for cell in following)
    return bool(sub and short and not drawn and not to_fill_in)


def _words_alone(slide):
    """The characters of a slide that begins with a heading and shows nothing but text; 0 for any other."""
    texts = _shown(slide)
    titled = texts and texts[0].source.startswith("##") and all(cell.cell_type == "markdown" for cell in texts)
    return sum(len(cell.source) for cell in texts) if titled else 0


def _shown(slide):
    return [cell for cell in slide if role_of(cell) not in ("skip", "notes")]


def _lines(cell):
    """Lines of what a cell prints."""
    return sum(output.get("text", "").count("\n") for output in cell.get("outputs", ()))


def _is_whole(cell):
    return any(f'data-widget="{name}"' in _page(cell) for name in WHOLE)


def _page(cell):
    return "".join(output.get("data", {}).get("text/html", "") for output in cell.get("outputs", ()))

"""No slide of a hand-out announces what it does not show.

In a notebook the cells that a lecture leaves out (role "skip") stand right below the text that announces them.  On
a slide of text alone their outputs are shown, too, with the code folded.  A few words that lead to an explorer or
a question stand on its slide, above it.
"""

from itertools import pairwise, takewhile

from nbformat import NotebookNode

BEGINS = ("slide", "subslide")
WORDS = 420  # characters that stand above an explorer; a longer text has its own slide
WHOLE = ("BugLab", "Journey", "TrainingPanel")  # explorers that need all of a slide


def add(notebook: NotebookNode) -> None:
    """Change the roles of the cells of a notebook that was run, in place."""
    slides = list(_slides(notebook.cells))
    for slide in slides:
        shown = [cell for cell in slide if role_of(cell) not in ("skip", "notes")]
        if all(cell.cell_type == "markdown" for cell in shown):
            said = takewhile(lambda cell: role_of(cell) != "notes", slide)  # the rest belongs to the note
            for cell in filter(_is_evidence, said):
                cell.metadata.update(slideshow={"slide_type": "fragment"}, folded=True)
    for words, explorer in pairwise(slides):
        if _leads_to(words, explorer):
            explorer[0].metadata["slideshow"] = {"slide_type": "fragment"}


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
    outputs = cell.get("outputs", ())
    made = all(output.output_type in ("stream", "display_data") for output in outputs)
    scripted = any("application/javascript" in output.get("data", {}) for output in outputs)
    return role_of(cell) == "skip" and bool(outputs) and made and not scripted


def _leads_to(words, explorer):
    """A heading with a few words, and after it a slide that begins with an explorer or a question."""
    texts = [cell for cell in words if role_of(cell) not in ("skip", "notes")]
    few = sum(len(cell.source) for cell in texts) <= WORDS and all(cell.cell_type == "markdown" for cell in texts)
    titled = texts and texts[0].source.startswith("##")
    return bool(titled and few and explorer and shows_explorer(explorer[0]) and not _is_whole(explorer[0]))


def _is_whole(cell):
    return any(f'data-widget="{name}"' in _page(cell) for name in WHOLE)


def _page(cell):
    return "".join(output.get("data", {}).get("text/html", "") for output in cell.get("outputs", ()))

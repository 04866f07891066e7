"""Does a notebook tell an answer before the learner has given his own?

``found(notebook)`` reads a notebook that was run, as a learner meets it: everything above the cell that asks, that
cell, the two cells that stand in sight below it, and every heading, since the table of contents shows them all.
Of each it reads the source, what the outputs show as text, and their alt texts and labels.  Code that is folded,
and what stands inside <details>, is not in sight; neither is what a control keeps closed.
"""

import re
from html.parser import HTMLParser

from cnnlib.lesson import predictions

BELOW = 2  # cells below the question that one screen may show
ASKED = re.compile(r"\bpredict\(\s*[\"']([\w-]+)[\"']")
UNSEEN = {"script", "style", "template", "details"}
SPOKEN = ("alt", "title", "aria-label")


class Seen(HTMLParser):
    """The pieces of text that a page shows, and those that it reads aloud."""

    def __init__(self, text):
        super().__init__()
        self.pieces, self._closed = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag in UNSEEN:
            self._closed.append(tag)
        elif not self._closed:
            self.pieces += [value for name, value in attributes if name in SPOKEN and value]

    def handle_endtag(self, tag):
        if self._closed and tag == self._closed[-1]:
            self._closed.pop()

    def handle_data(self, data):
        if not self._closed and data.strip():
            self.pieces.append(data.strip())


def asked(cell) -> list[str]:
    """The keys of the questions that a cell asks."""
    return ASKED.findall(cell.source) if cell.cell_type == "code" else []


def found(notebook) -> list[str]:
    """Every place that gives an answer away, in words; [] where none does."""
    told = []
    for at, cell in enumerate(notebook.cells):
        for key in asked(cell):
            record = predictions.record(key)
            for place, text in in_sight(notebook, at, record):
                told += [f"{key}: {place} says {words!r}" for words in secrets(record) if words in text]
    return told


def secrets(record) -> list[str]:
    """What may not be read before the answer: the record's own list, and every sentence that the answer opens."""
    sentences = [option["says"] for option in record["options"]]
    return [*record["hidden"], *sentences, *filter(None, (record.get("otherwise"), record.get("after")))]


def in_sight(notebook, at, record):
    """(place, text) of everything that can be read before the question in cell number ``at`` is answered."""
    options = {str(option.get("text", "")) for option in record["options"]}
    for cell in notebook.cells[: at + 1 + BELOW]:
        if not cell.metadata.get("jupyter", {}).get("source_hidden"):
            text = cell.source if cell.cell_type == "code" else " ".join(Seen(cell.source).pieces)
            yield f"the source of {cell.id}", text
        for text in (piece for output in cell.get("outputs", ()) for piece in shown(output)):
            if plain(text) not in options:
                yield f"an output of {cell.id}", text
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield from ((f"a heading of {cell.id}", line) for line in cell.source.splitlines() if line[:1] == "#")


def shown(output):
    """The pieces of text of one output, line by line."""
    data = output.get("data", {})
    if "text/html" in data:
        yield from Seen(data["text/html"]).pieces
    for text in (data.get("text/plain", ""), data.get("text/latex", ""), output.get("text", "")):
        yield from text.splitlines()


def plain(text):
    """An answer as it stands in a list, without its number."""
    return re.sub(r"^\s*\d+\.\s", "", text).strip()

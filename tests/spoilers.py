"""Does a notebook tell an answer before the learner has given his own?

``found(notebook)`` reads a notebook that was run, as a learner meets it: everything above the cell that asks, that
cell, the cells that stand on the same screen below it, and every heading, since the table of contents shows them
all.  Of each it reads the source, what the outputs show as text, and their alt texts and labels.  Of folded code
the first line is in sight.  What stands inside <details> under its summary is not, nor what a control keeps closed.

Four things give an answer away: its words (the record's ``hidden``, and each sentence that the answer opens); on
the same screen the number that is asked for, in an output or an assert; and there a row of numbers that the answer
is to show, such as the counted map of which the question asks one cell; and an assert in the cell that asks.
"""

import base64
import json
import re
from html.parser import HTMLParser

from cnnlib.lesson import predictions

BELOW = 2  # cells below the question that are read whatever their height
SCREEN = 620  # pixels of a notebook that a laptop shows at 1366×768
QUESTION, LINE, GAP, FIGURE = 330, 20, 22, 280  # pixels: a question, a line of text, between cells, a figure
ROW = 4  # so many numbers in the same order are no accident
ASKED = re.compile(r"\bpredict\(\s*[\"']([\w-]+)[\"']")
NUMBER = re.compile(r"(?<![\w.,])[-−]?\d[\d,]*(?:\.\d+)?(?![\w.]*\d)")
PACKED = re.compile(r'<cnn-predict data="([^"]+)"')
UNSEEN = {"script", "style", "template", "details"}
SPOKEN = ("alt", "title", "aria-label")


class Seen(HTMLParser):
    """The pieces of text that a page shows, and those that it reads aloud; an index belongs to its letter."""

    def __init__(self, text):
        super().__init__()
        self.pieces, self._closed, self._index, self._summary = [], [], False, False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self._index = tag in ("sub", "sup")
        if tag == "summary" and self._closed == ["details"]:  # what is folded is called something
            self._closed, self._summary = [], True
        elif tag in UNSEEN:
            self._closed.append(tag)
        elif not self._closed:
            self.pieces += [value for name, value in attributes if name in SPOKEN and value]

    def handle_endtag(self, tag):
        self._index = False
        if tag == "summary" and self._summary:
            self._closed, self._summary = ["details"], False
        elif self._closed and tag == self._closed[-1]:
            self._closed.pop()

    def handle_data(self, data):
        if self._closed or not data.strip():
            return
        if self._index and self.pieces:
            self.pieces[-1] += data.strip()
        else:
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
            told += [f"{key}: {line}" for line in numbers_in_sight(notebook, at, record)]
            told += [f"{key}: {cell.id} asserts the outcome in sight: {line}" for line in asserted(cell)]
    return told


def asserted(cell) -> list[str]:
    """The lines of a cell that asks which say in sight what will come out."""
    lines = [line.strip() for line in visible_source(cell).splitlines()]
    return [line for line in lines if line.startswith("assert ")]


def secrets(record) -> list[str]:
    """What may not be read before the answer: the record's own list, and every sentence that the answer opens."""
    sentences = [option["says"] for option in record["options"]]
    return [*record["hidden"], *sentences, *filter(None, (record.get("otherwise"), record.get("after")))]


def in_sight(notebook, at, record):
    """(place, text) of everything that can be read before the question in cell number ``at`` is answered."""
    options = {str(option.get("text", "")) for option in record["options"]}
    for cell in notebook.cells[: at + 1 + below(notebook, at)]:
        yield f"the source of {cell.id}", visible_source(cell)
        for text in outputs(cell):
            if plain(text) not in options:
                yield f"an output of {cell.id}", text
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield from ((f"a heading of {cell.id}", line) for line in cell.source.splitlines() if line[:1] == "#")


def numbers_in_sight(notebook, at, record):
    """What the same screen tells in figures: the number that is asked for, and rows that the answer is to show."""
    above, screen = notebook.cells[:at], notebook.cells[at + 1 : at + 1 + below(notebook, at)]
    known = {run for cell in above for run in (*runs(numbers(cell)), *runs(figures([visible_source(cell)])))}
    secret = {run for run in runs(evidence(notebook.cells[at], record["key"])) if run not in known}
    right = [str(record["options"][record["right"]]["number"])] if record["kind"] == "number" else []
    for cell in screen:
        asserts = [line for line in visible_source(cell).splitlines() if "assert" in line]
        if set(right) & {*numbers(cell), *figures(asserts)}:
            yield f"{cell.id}, on the same screen, holds the answer {right[0]}"
        shared = [run for run in runs(numbers(cell)) if run in secret]
        if shared:
            yield f"{cell.id}, on the same screen, shows {' '.join(shared[0])}, as the answer will"


def below(notebook, at) -> int:
    """How many cells below cell number ``at`` can be read while its question is in sight."""
    left, count = SCREEN - QUESTION, 0
    for cell in notebook.cells[at + 1 :]:
        if left <= 0 and count >= BELOW:
            break
        left, count = left - height(cell), count + 1
    return count


def height(cell) -> int:
    """The height of a cell in pixels, roughly, and never too large."""
    if cell.cell_type == "markdown":
        text = [line for line in " \n".join(Seen(cell.source).pieces).splitlines() if line.strip()]
        return GAP + sum(LINE * (1 + len(line) // 130) for line in text)
    folded = cell.metadata.get("jupyter", {}).get("source_hidden")
    size = GAP + LINE * (1 if folded else len(cell.source.splitlines()))
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        page = data.get("text/html", "")
        if "image/png" in data or "<img" in page or "<svg" in page or "cnn-predict" in page:
            size += FIGURE
        else:
            lines = max(page.count("<br"), page.count("<tr"), len(Seen(page).pieces) // 8) + 2 if page else 0
            size += LINE * (lines or len(list(shown(output))) or 1)
    return size


def visible_source(cell) -> str:
    """The source as it stands in sight: of folded code JupyterLab shows the first line."""
    if cell.metadata.get("jupyter", {}).get("source_hidden"):
        return cell.source.partition("\n")[0]
    return cell.source if cell.cell_type == "code" else " ".join(Seen(cell.source).pieces)


def outputs(cell) -> list[str]:
    """What the outputs of a cell show, piece by piece."""
    return [piece for output in cell.get("outputs", ()) for piece in shown(output)]


def shown(output):
    """The pieces of text of one output, line by line."""
    data = output.get("data", {})
    for kind in ("text/html", "text/markdown"):
        if kind in data:
            yield from Seen(data[kind]).pieces
    for text in (data.get("text/plain", ""), data.get("text/latex", ""), output.get("text", "")):
        yield from text.splitlines()


def evidence(cell, key) -> list[str]:
    """The numbers that the answer to ``key`` will show: its evidence, unpacked from the control."""
    pages = (output.get("data", {}).get("text/html", "") for output in cell.get("outputs", ()))
    opened = [json.loads(base64.b64decode(data)) for page in pages for data in PACKED.findall(page)]
    return figures([piece for each in opened for piece in Seen(each.get("evidence", "")).pieces])


def numbers(cell) -> list[str]:
    """The numbers that the outputs of a cell show, in order; one that stands within a sentence does not count."""
    return figures([piece for piece in outputs(cell) if len(re.findall(r"[^\W\d_]{3,}", piece)) < 2])


def figures(texts) -> list[str]:
    """The numbers in some texts, written alike."""
    return [found.replace(",", "").replace("−", "-") for text in texts for found in NUMBER.findall(text)]


def runs(row) -> list[tuple[str, ...]]:
    """Each stretch of ROW numbers of which at least two differ."""
    return [run for run in zip(*(row[n:] for n in range(ROW)), strict=False) if len(set(run)) > 1]


def plain(text):
    """An answer as it stands in a list, without its number."""
    return re.sub(r"^\s*\d+\.\s", "", text).strip()

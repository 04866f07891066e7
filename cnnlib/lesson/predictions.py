"""Questions whose answer is hidden until the learner has given one.

A question is one record of ``predictions/NN.json``.  A cell asks it, and computes the evidence as it runs::

    predict("00-column", evidence=lambda: print(products[:, 2]))

    with predict("00-column", picture=table):     # the same; what is shown inside belongs to the answer
        print(products[:, 2])

The answer is in the file alone, never in the call.  The page shows question, answers and picture; the rest is
hidden (:mod:`.elements`).  Nothing is stored: if the cell is run again, the question is asked again.

A record holds::

    key        "00-column": the notebook, then a name of its own
    cell       the id of the cell that asks
    kind       "choice" (of two to four), "number", or "cells" of a map
    question   one sentence or two; plain text, `code` between backticks, no TeX
    options    what can be answered, with ``says``: the sentence that fits this answer; a wrong one has ``means``,
               the mistake by its name.  A choice has ``text``, a number ``number``, cells ``cells``, a list of
               [row, column]
    right      which option is right, counted from 0
    otherwise  the sentence for every other number or set of cells
    after      optional: a sentence that follows whatever was answered
    hidden     words that give the answer away: no cell, heading or alt text in sight may hold one before it is
               given
    rows, columns, labels    of the map, for "cells"; labels are optional
"""

import json
from importlib import resources

from ..plots.colours import DARK
from .capture import collected, html_of
from .elements import Shown, as_html, element

FOLDER = resources.files(__package__) / "predictions"
KINDS = {"choice": "text", "number": "number", "cells": "cells"}


def records(notebook: str | None = None) -> list[dict]:
    """Every record in order, or those of one notebook such as "00"; an empty list for a notebook without any."""
    files = sorted((file for file in FOLDER.iterdir() if file.name.endswith(".json")), key=lambda file: file.name)
    chosen = [file for file in files if notebook in (None, file.name.removesuffix(".json"))]
    return [record for file in chosen for record in json.loads(file.read_text(encoding="utf-8"))]


def record(key: str) -> dict:
    """The record of a question.

    Raises
    ------
    ValueError
        For an unknown key; the message lists the known ones.
    """
    notebook = records(key.partition("-")[0])
    for found in notebook:
        if found["key"] == key:
            return found
    known = ", ".join(each["key"] for each in notebook or records())
    raise ValueError(f"there is no question {key!r}; there are {known or 'none yet'}")


def predict(key: str, *, evidence=None, picture=None, labels=None) -> "Prediction":
    """Ask the question ``key``; as the last line of a cell, or in a ``with`` statement around the evidence.

    An exception in a function that is given is not caught, so Run All stops there.

    Parameters
    ----------
    key : text
        That of the record in predictions/.
    evidence : HTML, something with ``_repr_html_``, or a function
        Shown with the answer.  A function is called now and may show, print or return it.
    picture : as evidence
        Visible from the start; the evidence replaces it, and should be the same picture with the answer drawn in.
    labels : (rows, columns) of texts or numbers
        For the cells of a map, instead of the record's.
    """
    return Prediction(record(key), html_of(picture), html_of(evidence), labels)


class Prediction:
    """One question as a notebook, book or deck shows it."""

    def __init__(self, record: dict, picture: str = "", evidence: str = "", labels=None):
        self.record, self.picture, self.evidence, self.labels = record, picture, evidence, labels

    def __enter__(self):
        self._inside = collected()
        self._shown = self._inside.__enter__()
        return self

    def __exit__(self, kind, error, trace):
        if self._inside.__exit__(kind, error, trace) or kind is not None:
            return
        from IPython.display import display

        self.evidence += "".join(self._shown)
        display(self)

    def __repr__(self):
        answers = self._answers()
        listed = "".join(f"\n  {number}. {answer}" for number, answer in enumerate(answers, 1))
        return f"{self.record['question']}{listed}\n  (the answer opens in a notebook, a deck or the book)"

    def _repr_html_(self):
        answers = "".join(f"<li>{as_html(answer)}</li>" for answer in self._answers())
        plain = f'<p>{as_html(self.record["question"])}</p>{f"<ol>{answers}</ol>" if answers else ""}'
        seen = f'<div slot="picture">{self.picture}</div>' if self.picture else ""
        return element("predict", self._data(), plain + seen)

    def _answers(self):
        """The answers to choose from; none for the kinds "number" and "cells"."""
        return [option["text"] for option in self.record["options"]] if self.record["kind"] == "choice" else []

    def _data(self):
        """What the script needs, packed as base64."""
        record, options = self.record, self.record["options"]
        data = {"kind": record["kind"], "right": record["right"], "evidence": self.evidence}
        data |= {name: as_html(record.get(name, "")) for name in ("question", "otherwise", "after")}
        data["says"] = [as_html(option["says"]) for option in options]
        if record["kind"] == "choice":
            data["texts"] = [as_html(option["text"]) for option in options]
        elif record["kind"] == "number":
            data["numbers"] = [option["number"] for option in options]
        else:
            labels = record.get("labels") if self.labels is None else self.labels
            data |= {name: record[name] for name in ("rows", "columns")}
            data["sets"] = [option["cells"] for option in options]
            data["labels"] = labels if labels is None else [[str(text) for text in row] for row in labels]
        return data


def desk_sheet(notebook: str | None = None) -> Shown:
    """The questions on paper for the lecturer: each answer, the mistake that it means, and what to say."""
    parts, lines = [], []
    for number, each in enumerate(records(notebook), 1):
        rows = []
        for place, option in enumerate(each["options"]):
            answer = str(option[KINDS[each["kind"]]])
            means = "right" if place == each["right"] else option["means"]
            rows.append((answer, means, option["says"]))
        lines.append(f"{number}. {each['question']}")
        lines += [f"     {answer}  [{means}]  {says}" for answer, means, says in rows]
        cells = ("".join(f"<td>{as_html(text)}</td>" for text in row) for row in rows)
        table = "".join(f"<tr>{row}</tr>" for row in cells)
        parts.append(f"<p><b>{number}. {as_html(each['question'])}</b></p><table>{table}</table>")
    return Shown(f'<div style="color:var(--cnn-text, {DARK})">{"".join(parts)}</div>', "\n".join(lines))

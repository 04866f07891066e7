"""What to find out with the padding explorer: sizes, inputs that no window holds, and the zeros on the way back."""

import numpy as np

from cnnlib import ops
from cnnlib.widgets.parts.goals import Goal, Task


def _at(n, h, padding=0, stride=1, dilation=1):
    return {"n": n, "h": h, "padding": padding, "stride": stride, "dilation": dilation, "window": 0}


def _named(explorer, *letters):
    """The settings in words: n = 6, h = 3."""
    values = dict(zip(("n", "h", "pad", "s", "d"), explorer.setting, strict=True))
    return ", ".join(f"{letter} = {values[letter]}" for letter in letters)


def _rows(n, h, padding=0, stride=1, dilation=1):
    return ops.output_size(n, h, stride=stride, padding=padding, dilation=dilation)


def _wrong_rows(explorer):
    n, h, p, *_ = explorer.setting
    return {
        n - h + 1: "That is the size without padding.",
        n + p - h + 1: "Padding counts twice: it stands on both sides.",
        n + 2 * p - h: "One too few: a window of h cells in h cells has one place, not none.",
        n + 2 * p: "That is the padded map itself.",
        n: "The map keeps its size with pad = (h − 1)/2 only.",
    }


def _cells(mask, explorer):
    """The cells of a mask as a set of pairs."""
    return {tuple(map(int, cell)) for cell in np.argwhere(mask(explorer.view))}


FORWARD = Task(
    "window",
    "Press Play: the window slides over X, and each of its places fills one cell of Z.",
    (
        Goal(
            "how large is Z?",
            lambda explorer: f"{_named(explorer, 'n', 'h', 'pad', 's')}: how many rows has Z?",
            right=lambda explorer: _rows(*explorer.setting),
            says="n + 2 pad − h + 1 places, one for each row of Z.",
            wrong=_wrong_rows,
            cases=(_at(5, 4, 2), _at(6, 3, 2), _at(4, 2, 1), _at(6, 5, 1)),
            hides=("result", "says", "bar.line"),
        ),
        Goal(
            "which cells are never used?",
            lambda explorer: f"{_named(explorer, 'n', 'h', 's')}: click a cell of X that no window holds.",
            right=lambda explorer: _cells(lambda view: view.used == 0, explorer),
            says="The next step of the window would leave the map, so the last row and column stay unread.",
            wrong=lambda explorer: {
                cell: "A window holds that cell: they start at every s-th row and column."
                for cell in _cells(lambda view: view.used > 0, explorer)
            },
            cases=(_at(6, 3, stride=2), _at(5, 2, stride=2), _at(6, 2, stride=3)),
            map="source",
            hides=("used", "says", "result", "bar.line"),
        ),
        Goal(
            "which padding keeps the size?",
            lambda explorer: f"{_named(explorer, 'n', 'h', 'd')}, s = 1: with which padding is Z as large as X?",
            right=lambda explorer: explorer.setting.dilation * (explorer.setting.h - 1) // 2,
            says="The kernel reaches over d(h−1) + 1 cells, so d(h−1) more are needed: half on each side.",
            wrong=lambda explorer: {
                explorer.setting.dilation * (explorer.setting.h - 1): "That is all of it on each side: mode full.",
                explorer.setting.h // 2: "That holds at dilation 1; here the kernel reaches further.",
                explorer.setting.h: "That is the width of the kernel.",
                0: "That is mode valid: Z is smaller than X.",
            },
            cases=(_at(5, 3, dilation=2), _at(6, 5), _at(6, 2, dilation=2), _at(6, 3)),
            shown=lambda explorer: {"padding": explorer.setting.dilation * (explorer.setting.h - 1) // 2},
        ),
    ),
)

BACKWARD = Task(
    "window",
    "Press Play: the turned kernel slides over δ with its zeros, and each place fills one cell of dX.",
    (
        Goal(
            "how wide is the border?",
            lambda explorer: f"{_named(explorer, 'h', 'pad', 'd')}: how many rows of zeros stand above δ?",
            right=lambda explorer: -explorer.view.first,
            says="d(h−1) zeros less those that the forward pass had already added.",
            wrong=lambda explorer: {
                explorer.setting.dilation * (explorer.setting.h - 1): "The forward padding takes some of them.",
                explorer.setting.padding: "That is the padding of the forward pass.",
                explorer.setting.h - 1: "That is the border at dilation 1 and without padding.",
                explorer.setting.h: "One too many: the outermost window still touches one delta.",
            },
            cases=(_at(6, 4, 1), _at(5, 3, 1, dilation=2), _at(6, 5, 1), _at(6, 3, 1)),
            hides=("source", "says", "bar.line"),
        ),
        Goal(
            "how many zeros between deltas?",
            lambda explorer: f"{_named(explorer, 'n', 'h', 's')}: how many zeros stand between two deltas?",
            right=lambda explorer: explorer.setting.stride - 1,
            says="Neighbouring windows start s inputs apart, so s − 1 starts between them belong to no window.",
            wrong=lambda explorer: {
                explorer.setting.stride: "That is the distance of the two; one cell of it is the neighbour itself.",
                explorer.setting.h - 1: "That is the border of δ, which belongs to the kernel.",
                0: "That holds at stride 1.",
            },
            cases=(_at(6, 3, stride=3), _at(6, 4, stride=2), _at(5, 2, stride=3)),
            hides=("source", "says", "bar.line"),
        ),
        Goal(
            "where is dX zero?",
            lambda explorer: f"{_named(explorer, 'n', 'h', 's')}: click a cell of dX that stays 0, whatever δ is.",
            right=lambda explorer: _cells(lambda view: view.used == 0, explorer),
            says="An input that no window of the forward pass held has no way to the loss.",
            wrong=lambda explorer: {
                cell: "A window held that input, so a delta comes back to it."
                for cell in _cells(lambda view: view.used > 0, explorer)
            },
            cases=(_at(6, 3, stride=2), _at(5, 2, stride=2), _at(6, 2, stride=3)),
            map="result",
            hides=("used", "says", "source", "bar.line"),
            shown=lambda explorer: {"window": explorer.bar.count - 1},
        ),
    ),
)
TASKS = {"forward": FORWARD, "backward": BACKWARD}  # by the function that computes the view

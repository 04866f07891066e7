"""What to find out with the pixel tracer: which deltas reach an input, by which tap, and what they add up to."""

import numpy as np

from cnnlib.widgets.parts.goals import Goal, Task

from .terms import products


def _cases(*cells):
    """Cells (p, q) of dX; negative ones count from the end."""

    def cases(tracer):
        rows, columns = tracer.input_size
        return [{"shown": "numbers", "cell": (p % rows) * columns + q % columns} for p, q in cells]

    return cases


def _terms(tracer):
    return products(*tracer.at, tracer.delta.shape, tracer.K.shape)


def _name(tracer):
    return "dX[{},{}]".format(*tracer.at)


def _framed(tracer):
    """The cells of the δ map, its frame included, that the chosen cell gets a product from."""
    return {(t.i + tracer.K.shape[0] - 1, t.j + tracer.K.shape[1] - 1) for t in _terms(tracer)}


def _tap_question(tracer):
    last = _terms(tracer)[-1]
    return f"{_name(tracer)} contains δ[{last.i},{last.j}]. Click the tap of the turned kernel that goes with it."


def _turned_place(tracer):
    """Where the tap of the last product stands in the turned kernel."""
    last, (k_h, k_w) = _terms(tracer)[-1], tracer.K.shape
    return k_h - 1 - last.u, k_w - 1 - last.v


def _other_taps(tracer):
    last = _terms(tracer)[-1]
    wrong = dict.fromkeys(np.ndindex(tracer.K.shape), "Take each axis by itself: u = p − i, v = q − j.")
    wrong[last.u, last.v] = "There the tap stood before the turn; this map shows K turned."
    return {place: says for place, says in wrong.items() if place != _turned_place(tracer)}


TASK = Task(
    "cell",
    "Press ▶| or →, or click a cell of dX: its window lies on δ, and its sum is written beside it.",
    (
        Goal(
            "how many products?",
            lambda tracer: f"How many products does {_name(tracer)} add up?",
            right=lambda tracer: len(_terms(tracer)),
            says="One for each window that held this input; the frame stands for windows that do not exist.",
            wrong=lambda tracer: {
                tracer.K.size: "Some taps of the window lie on zeros of the frame.",
                tracer.delta.size: "Not every window held this input.",
                0: "Every input was in a window.",
            },
            cases=_cases((0, 1), (0, 0), (-1, 1)),
            hides=("text", "delta_grid", "kernel_grid"),
        ),
        Goal(
            "which tap?",
            _tap_question,
            right=_turned_place,
            says="Window (i, j) held input (p, q) at its place (u, v) = (p − i, q − j); the turn puts it there.",
            wrong=_other_taps,
            cases=_cases((-1, 1), (0, -1), (1, 0), (-1, -1)),
            map="kernel_grid",
            hides=("text", "delta_grid"),
        ),
        Goal(
            "which deltas reach it?",
            lambda tracer: f"Click a cell of δ that {_name(tracer)} gets a product from.",
            right=_framed,
            says="Its window covers the deltas of all windows of the forward pass that held it.",
            wrong=lambda tracer: {
                tuple(map(int, cell)): "That window did not hold this input, or it is a zero of the frame."
                for cell in np.ndindex(tracer.delta_grid.values.shape)
                if tuple(cell) not in _framed(tracer)
            },
            cases=_cases((0, 0), (-1, -1), (0, -1)),
            map="delta_grid",
            hides=("text",),
        ),
    ),
)

"""What to find out with the four pictures: how many products meet, which come next, and where the turn is."""

import numpy as np

from cnnlib.widgets.parts.goals import Goal, Task

from .pictures import in_framed, pictures


def _cases(*cells):
    """Those cells of dX, from one that few products meet in to one in the middle; negative ones from the end."""

    def cases(explorer):
        rows, columns = explorer.dX.values.shape
        return [{"cell": (p % rows, q % columns), "product": 0} for p, q in cells]

    return cases


def _shown(explorer):
    return pictures(explorer.delta, explorer.K, explorer.cell.value, 0)


def _name(explorer):
    return "dX[{},{}]".format(*explorer.cell.value)


def _products(explorer):
    return [explorer.delta[t.i, t.j] * explorer.K[t.u, t.v] for t in _shown(explorer).terms]


def _unturned(explorer):
    """What the window gives where the kernel lies on it as it is."""
    p, q = explorer.cell.value
    k_h, k_w = explorer.K.shape
    return (_shown(explorer).framed[p : p + k_h, q : q + k_w] * explorer.K).sum()


TASK = Task(
    "product",
    "Press ▶| or →: one product of dX is added, and it gets the same number in all four pictures.",
    (
        Goal(
            "how many products meet?",
            lambda explorer: f"How many products does {_name(explorer)} add up?",
            right=lambda explorer: len(_shown(explorer).terms),
            says="One for each window of the forward pass that held this input.",
            wrong=lambda explorer: {
                explorer.K.size: "That is every tap; at the border some windows are missing.",
                explorer.delta.size: "That is every window; not all of them held this input.",
                1: "More than one window held this input.",
                2: "Count along both axes.",
                4: "At the border fewer windows hold the input.",
            },
            cases=_cases((0, 1), (1, 1), (0, 0)),
            hides=("sum", "products.line"),
            shown=lambda explorer: {"product": explorer.products.count - 1},
        ),
        Goal(
            "what is the sum?",
            lambda explorer: f"What number will all four pictures give for {_name(explorer)}?",
            right=lambda explorer: sum(_products(explorer)),
            says="Each product is a delta times the tap that lay on this input: u = p − i, v = q − j.",
            wrong=lambda explorer: {
                _unturned(explorer): "That lays K on the window of δ as it is: the turn was forgotten.",
                max(_products(explorer), key=abs): "That is the largest product alone.",
                explorer.delta.sum() * explorer.K.sum(): "Not every delta meets every tap here.",
            },
            cases=_cases((0, 1), (-1, 1), (1, 0)),
            hides=("sum", "turned"),
            shown=lambda explorer: {"product": explorer.products.count - 1},
        ),
        Goal(
            "which cells does gather read?",
            lambda explorer: f"Gather: click a cell of δ or its border that {_name(explorer)} gets a product from.",
            right=lambda explorer: {in_framed(t, explorer.K) for t in _shown(explorer).terms},
            says="Outside the window lie the deltas of windows that never held this input; the border gives 0.",
            wrong=lambda explorer: {
                tuple(map(int, cell)): "There stands a zero of the border, or a window that never held this input."
                for cell in np.ndindex(explorer.framed.values.shape)
                if tuple(cell) not in {in_framed(t, explorer.K) for t in _shown(explorer).terms}
            },
            cases=_cases((0, 0), (-1, -1), (0, -1)),
            map="framed",
            hides=("sum", "products.line"),
            shown=lambda explorer: {"product": explorer.products.count - 1},
        ),
    ),
)

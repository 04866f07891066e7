"""What to find out with the pooling block: how a delta is shared out, who gets it, and what the sigmoid leaves."""

import numpy as np

from cnnlib.plots.number_format import written
from cnnlib.widgets.parts.goals import Goal, Task

from .flow import flow

STEP_P, STEP_DP, STEP_DA, LAST = 2, 3, 4, 5


def _cases(step, pooling, *cells):
    settings = {"pooling": pooling, "scale": (2, 2), "activation": True, "step": step}
    return tuple({**settings, "cell": cell} for cell in cells)


def _now(block):
    """The maps for what is chosen, all steps done."""
    chosen = block.cell.value, block.pooling.value, block.scale.value, block.sigmoid.value
    return flow(block.A, block.delta, *chosen)


def _delta(block):
    return _now(block).dP[_now(block).owner]


def _at(name, cell):
    return f"{name}[{cell[0]},{cell[1]}]"


def _times(block, factors):
    """∂L/∂A of the chosen cell times its place in another map."""
    cell = block.cell.value
    return round(factors[cell] * _now(block).dA[cell], 9)


def _slope_question(block):
    cell, shown = block.cell.value, _now(block)
    a, d = written(shown.A[cell]), written(shown.dA[cell])
    return f"{_at('A', cell)} = {a} came out of the sigmoid, and ∂L/∂A there is {d}. What is ∂L/∂Z?"


TASK = Task(
    "step",
    "Press ▶| or →: the chosen cell goes down through the block, and its delta comes back.",
    (
        Goal(
            "what is a share?",
            lambda block: (
                f"Mean pooling over 2×2: {_at('∂L/∂P', _now(block).owner)} is {written(_delta(block))}. "
                f"What does {_at('A', block.cell.value)} get?"
            ),
            right=lambda block: _now(block).dA[block.cell.value],
            says="Each of the four went into the mean with the factor 1/4, so each gets a quarter.",
            wrong=lambda block: {
                _delta(block): "That is all of it; the mean divides by four.",
                4 * _delta(block): "The mean divides by four on the way down, and on the way back too.",
                _delta(block) / 2: "The block has 2 times 2 cells.",
            },
            cases=_cases(STEP_DP, "mean", (1, 2), (0, 0), (2, 4)),
            shown={"step": STEP_DA},
        ),
        Goal(
            "who gets the delta?",
            lambda block: f"Max pooling: click the cell of A that gets the delta of {_at('P', _now(block).owner)}.",
            right=lambda block: next(cell for cell in _now(block).block if cell in _now(block).winners),
            says="The largest cell of the block alone moved P, so it alone gets the delta; the others get 0.",
            wrong=lambda block: {
                cell: "That cell did not make the maximum."
                if cell in _now(block).block
                else "That cell belongs to another block."
                for cell in np.ndindex(block.A.shape)
                if cell not in _now(block).winners or cell not in _now(block).block
            },
            cases=_cases(STEP_P, "max", (0, 0), (3, 5), (0, 3)),
            map="map_A",
            hides=("text",),
            shown={"step": STEP_DA},
        ),
        Goal(
            "what does the sigmoid leave?",
            _slope_question,
            right=lambda block: round(_now(block).dZ[block.cell.value], 9),
            says="The slope of the sigmoid is a(1 − a), at most a quarter.",
            wrong=lambda block: {
                _now(block).dA[block.cell.value]: "That would be no sigmoid at all.",
                _times(block, _now(block).A): "That is a alone; the slope is a(1 − a).",
                _times(block, 1 - _now(block).A): "That is 1 − a alone; the slope is a(1 − a).",
            },
            cases=_cases(STEP_DA, "mean", (1, 2), (0, 1), (2, 4)),
            shown={"step": LAST},
        ),
    ),
)

"""What to find out with the channel paths: which terms are added up, which slice takes part, and how it lies."""

from cnnlib.widgets.parts.goals import Goal, Task

from .terms import BACKWARD, FORWARD

AS_IS, IN_PLACE, MOVED = "as it is stored", "turned in its place", "turned, in another place of the table"


def _is_forward(explorer):
    return explorer.direction.value == FORWARD


def _result(explorer):
    if _is_forward(explorer):
        return f"Z[{explorer.output_map.value}]"
    return f"dX[{explorer.input_map.value}]"


def _at(direction, c, o):
    return {"direction": direction, "input map": c, "output map": o}


def _count_question(explorer):
    outputs, inputs = explorer.K.shape[:2]
    return f"{inputs} maps go in, {outputs} come out. How many terms, a slice each, add up to {_result(explorer)}?"


def _slice_question(explorer):
    c, o = explorer.input_map.value, explorer.output_map.value
    way = f"X[{c}] to Z[{o}]" if _is_forward(explorer) else f"δ[{o}] back to dX[{c}]"
    return f"Which slice lies on the way from {way}?"


TASK = Task(
    "direction",
    "Switch to backward: the same slices, each turned in its place, and the sums go the other way.",
    (
        Goal(
            "how many terms?",
            _count_question,
            right=lambda explorer: explorer.K.shape[1 if _is_forward(explorer) else 0],
            says="Forward a row of the table is added up, a term for each input map; backward a column.",
            wrong=lambda explorer: {
                explorer.K.shape[0]: "That many maps come out; each of them adds up its own row.",
                explorer.K.shape[1]: "That many maps go in; backward each of them adds up its own column.",
                explorer.K.shape[0] * explorer.K.shape[1]: "That is every slice there is.",
            },
            cases=(_at(BACKWARD, 0, 0), _at(FORWARD, 0, 1)),
            hides=("board", "text"),
        ),
        Goal(
            "which slice?",
            _slice_question,
            right=lambda explorer: f"K[{explorer.output_map.value},{explorer.input_map.value}]",
            says="K[o,c]: the output map first, in both directions; no slice changes its place.",
            wrong=lambda explorer: {
                f"K[{explorer.input_map.value},{explorer.output_map.value}]": "That has the two indices changed.",
                "K[1,1]": "That slice joins map 1 with map 1.",
            },
            choices=("K[0,1]", "K[1,0]", "K[1,1]"),
            cases=(_at(BACKWARD, 0, 1), _at(FORWARD, 1, 0)),
            hides=("board", "text"),
        ),
        Goal(
            "how does it lie?",
            lambda explorer: f"How does the slice that leads to {_result(explorer)} lie on its map?",
            right=lambda explorer: AS_IS if _is_forward(explorer) else IN_PLACE,
            says="Under ⋆ forward as it is; backward both axes of each slice turn, and the table stays.",
            wrong=lambda explorer: {
                AS_IS: "So it lies forward; backward each slice turns.",
                IN_PLACE: "So it lies backward; forward nothing turns under ⋆.",
                MOVED: "o and c stay: only u and v are reversed.",
            },
            choices=(AS_IS, IN_PLACE, MOVED),
            cases=(_at(BACKWARD, 1, 0), _at(FORWARD, 1, 1)),
            hides=("board", "text"),
        ),
    ),
)

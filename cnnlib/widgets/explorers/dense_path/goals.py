"""What to find out with the dense path: how many paths there are, that they add up, and which input is a factor."""

import math

from cnnlib.widgets.parts.goals import Goal, Task

from .paths import ALL, Parameter, number, paths, product


def _cases(*parameters):
    return tuple({"parameter": Parameter(name, index), "path": ALL} for name, index in parameters)


def _chosen(explorer):
    return explorer.parameter.value


def _outputs(explorer):
    return len(explorer.net.b2)


def _count(explorer):
    return len(paths(explorer.net, _chosen(explorer)))


def _parts(explorer):
    """What each path contributes, as it is shown: five decimals."""
    return [round(product(factors), 5) for factors in paths(explorer.net, _chosen(explorer)).values()]


def _sum_question(explorer):
    first, *rest = (number(part, 5) for part in _parts(explorer))
    return f"{_chosen(explorer)} reaches L on paths that give {first} and {', '.join(rest)}. What is its gradient?"


def _input(explorer):
    """The input that is a factor of every path; None for a bias."""
    return f"x[{_chosen(explorer).index[1]}]" if _chosen(explorer).name == "W1" else NONE


NONE = "none of them"
TASK = Task(
    "parameter",
    "Choose a parameter: its paths to the loss L are drawn thick and written below as products.",
    (
        Goal(
            "how many paths?",
            lambda explorer: f"On how many paths does {_chosen(explorer)} reach the loss L?",
            right=_count,
            says="A path for each output that the unit of the parameter feeds.",
            wrong=lambda explorer: {
                1: "A hidden unit feeds every output, and each way to L counts.",
                _outputs(explorer): "An output feeds L alone; it has no way through the other one.",
                4: "That counts lines; a path goes over several.",
            },
            cases=_cases(("W1", (0, 1)), ("W2", (1, 0)), ("b1", (1,)), ("b2", (0,))),
            hides=("drawing", "sum"),
        ),
        Goal(
            "what do the paths give together?",
            _sum_question,
            right=lambda explorer: round(sum(_parts(explorer)), 5),
            says="Moving the parameter moves L along every path at once: the contributions add up.",
            wrong=lambda explorer: {
                max(_parts(explorer), key=abs): "That is one path; the other moves L as well.",
                round(_parts(explorer)[0] - _parts(explorer)[-1], 5): "They add up, with their signs.",
                round(math.prod(_parts(explorer)), 5): "Factors along one path multiply; paths add up.",
            },
            cases=_cases(("b1", (0,)), ("W1", (1, 2)), ("W1", (0, 0))),
            hides=("sum",),
        ),
        Goal(
            "which input is a factor?",
            lambda explorer: f"Which input stands as a factor in ∂L/∂{_chosen(explorer)}?",
            right=_input,
            says="A weight multiplies the input that it comes from, its second index; a bias multiplies nothing.",
            wrong=lambda explorer: {
                name: "That belongs to another weight."
                for name in ("x[0]", "x[1]", NONE)
                if name != _input(explorer)
            },
            choices=("x[0]", "x[1]", NONE),
            cases=_cases(("W1", (0, 1)), ("b1", (1,)), ("W1", (1, 0))),
            hides=("sum",),
        ),
    ),
)

"""What to find out with the ε slider: which part of the error decides, how fast it falls, and the best ε."""

import numpy as np

from cnnlib.widgets.parts.goals import Goal, Task

from .difference_error import DTYPES, EPSILONS, parts, third_derivative

FORMULA, ROUNDING, BOTH = "the formula", "rounding", "both alike"
BEST = {"near 1e−13": 1e-13, "near 1e−5": 1e-5, "near 1e−2": 1e-2}


def _place(epsilon):
    """The position of the slider that is nearest to ε."""
    return int(np.abs(np.log10(EPSILONS / epsilon)).argmin())


def _cases(*settings):
    def cases(explorer):
        first = next(iter(explorer.probes))
        return [{"function": first, "precision": name, "epsilon": _place(epsilon)} for name, epsilon in settings]

    return cases


def _parts(explorer, place=None):
    probe = explorer.probes[explorer.function.value]
    place = explorer.epsilon.value if place is None else place
    return parts(probe, EPSILONS[place], DTYPES[explorer.precision.value], third_derivative(probe))


def _decides(explorer):
    point = _parts(explorer)
    if point.formula > 10 * point.rounding:
        return FORMULA
    return ROUNDING if point.rounding > 10 * point.formula else BOTH


def _best(explorer):
    """The position where formula and rounding together are least."""
    points = [_parts(explorer, place) for place in range(len(EPSILONS))]
    return int(np.argmin([point.formula + point.rounding for point in points]))


def _nearest_choice(explorer):
    return min(BEST, key=lambda name: abs(np.log10(BEST[name] / EPSILONS[_best(explorer)])))


def _power(explorer):
    return f"1e−{-round(np.log10(EPSILONS[explorer.epsilon.value]))}"


def _factor_question(explorer):
    if _decides(explorer) == FORMULA:
        return (
            f"At ε = {_power(explorer)} the formula decides. By which factor does the error fall at a tenth of ε?"
        )
    return f"At ε = {_power(explorer)} rounding decides. By which factor does the error grow at a tenth of ε?"


TASK = Task(
    "epsilon",
    "Move ε to the left: the error first falls, and then rises again. Why?",
    (
        Goal(
            "which part decides?",
            lambda explorer: (
                f"{explorer.precision.value}, ε = {_power(explorer)}: what is most of the error made of?"
            ),
            right=_decides,
            says="The formula leaves out about ε²·|f‴|/6; the rounding of f is divided by ε.",
            wrong=lambda explorer: {
                FORMULA: "ε² is tiny here.",
                ROUNDING: "The digits of this precision reach further than that.",
                BOTH: "They meet at the bottom of the V, and that is not here.",
            },
            choices=(FORMULA, ROUNDING, BOTH),
            cases=_cases(("float32", 1e-5), ("float64", 1e-1), ("float64", 1e-10)),
            hides=("drawing", "says"),
        ),
        Goal(
            "how fast does it change?",
            _factor_question,
            right=lambda explorer: 100 if _decides(explorer) == FORMULA else 10,
            says="On the right the error goes with ε², on the left with 1/ε.",
            wrong=lambda explorer: {
                10: "The central difference is off by ε squared.",
                100: "What is rounded is divided by ε once.",
                1: "It does change.",
                1000: "That would be a formula of third order.",
            },
            cases=_cases(("float64", 1e-1), ("float64", 1e-9)),
            hides=("drawing", "says"),
        ),
        Goal(
            "which ε is best?",
            lambda explorer: f"{explorer.precision.value}: with which ε is the error smallest?",
            right=_nearest_choice,
            says="Where ε² and u/ε are alike: at about the third root of the rounding unit u.",
            wrong=lambda explorer: {
                "near 1e−13": "So small an ε leaves of f(x+ε) − f(x−ε) hardly a digit.",
                "near 1e−5": "That is best with another number of digits.",
                "near 1e−2": "That is best with another number of digits.",
            },
            choices=tuple(BEST),
            cases=_cases(("float32", 1.0), ("float64", 1.0)),
            hides=("drawing", "says"),
            shown=lambda explorer: {"epsilon": _best(explorer)},
        ),
    ),
)

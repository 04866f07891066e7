"""Pooling, dense and activation layers: each mistake once, in conventions that go round, and ties of maxima."""

import numpy as np
import pytest

from cnnlib import doctor

from .patients import lacking, other_kinds
from .patients.styles import correlated, gradients
from .test_carried import wrong

MAX = "max pooling"
WRONG, RIGHT = {}, {}
for case in other_kinds.cases():
    (WRONG if case[1] else RIGHT).setdefault((case[0].split(",")[0], case[1] or len(RIGHT)), []).append(case)
ONCE = [cases[number % len(cases)] for number, cases in enumerate(WRONG.values())]


@pytest.mark.parametrize("case", ONCE, ids=[f"{case[0]}, {case[1]}" for case in ONCE])
def test_a_mistake_is_found_and_named(case):
    _, key, part, layer, description = case
    report = doctor.examine(*layer, show=False, **description)
    assert [name for name in report.parts if report[name].verdict == "wrong"] == [part]
    assert report[part].mistake == key


def test_each_mistake_stands_in_four_conventions():
    few = {key for key, cases in WRONG.items() if len(cases) < 4}
    assert few <= {(kind, "over_N") for kind in ("mean pooling", MAX)}, "one image has no batch to divide by"


@pytest.mark.parametrize("dress", other_kinds.POOLS.values(), ids=other_kinds.POOLS)
@pytest.mark.parametrize("choice", ["the first", *other_kinds.TIES_ALLOWED])
def test_no_usual_choice_among_equal_maxima_is_wrong(choice, dress):
    layer, description = dress(MAX, other_kinds.TIES_ALLOWED.get(choice, {}))
    report = doctor.assert_right(*layer, **description)
    said = {"the first": "first maximum gets", "the last": "last maximum", "column by column": "column by column",
            "all in full": "the whole delta", "shared equally": "equally"}[choice]  # fmt: skip
    assert said in str(report) and said in report.to_dict()["parts"]["dX"]["ties"]


def test_a_share_of_ties_that_chance_chooses_is_no_mistake():
    def pick(window):
        places = np.flatnonzero(window == window.max())
        chosen = np.zeros(window.size)
        chosen[places[int(window.sum()) % len(places)]] = 1
        return chosen.reshape(window.shape)

    layer, description = other_kinds.pool_functions(MAX, {"share": pick})
    assert "together exactly delta" in str(doctor.assert_right(*layer, **description))


def test_a_wrong_treatment_of_ties_shows_one_window():
    layer, description = other_kinds.pool_nhwc(MAX, other_kinds.MAX_POOL["ties_lost"])
    said = str(doctor.examine(*layer, show=False, **description))
    assert "right where all cells differ" in said and "your layer gave it [0 0; 0 0]" in said
    squared = {"share": lambda w: (w == w.max()) / max(1, (w == 2).sum()) ** 2}
    layer, description = other_kinds.pool_nhwc(MAX, squared)
    report = doctor.examine(*layer, show=False, **description)
    assert report["dX"].verdict == "wrong" and report["dX"].mistake is None


@pytest.mark.parametrize("function", ["elu", "gelu", "softmax"])
def test_any_function_may_be_an_activation(function):
    class Layer:
        def forward(self, x):
            self.x, e = x, np.exp(x)
            self.y = {"elu": np.where(x > 0, x, e - 1), "gelu": x / (1 + np.exp(-1.702 * x)),
                      "softmax": e / e.sum(axis=1, keepdims=True)}[function]  # fmt: skip
            return self.y

        def backward(self, g):
            x, y, s = self.x, self.y, 1 / (1 + np.exp(-1.702 * self.x))
            return {"elu": np.where(x > 0, g, g * np.exp(x)), "gelu": g * (s + 1.702 * x * s * (1 - s)),
                    "softmax": y * (g - (g * y).sum(axis=1, keepdims=True))}[function]  # fmt: skip

    assert doctor.assert_right(Layer, kind="activation")


class RowsReLU(lacking.Clipped):
    """A convolution with a ReLU inside that is called after the ReLU alone."""

    def __init__(self, channels, maps, size):
        self.W = np.random.randn(maps, channels, size, size)

    def forward(self, x):
        self.x = x
        self.Z = correlated(x, self.W, np.zeros(len(self.W)))
        return np.maximum(self.Z, 0)

    def backward(self, d):
        dX, self.dW, _ = gradients(self.x, self.W, d * (self.Z > 0))
        return dX[:, :, ::-1]


def test_a_convolution_called_after_its_activation_is_examined_as_one():
    assert wrong(doctor.examine(RowsReLU, show=False)) == {"dX": "delta_one_axis"}

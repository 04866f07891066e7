"""What the code does with a parameter says what it is; lines that no longer run, or never ran, are told."""

import types

import numpy as np
import pytest

from cnnlib import doctor
from cnnlib.doctor.files.picking import layers_of
from cnnlib.doctor.patient import calls, likely
from cnnlib.doctor.reading.arguments import ARRAYS, NUMBERS, SEQUENCES, WORDS, kinds_of_arguments

from .patients import by_use


@pytest.mark.parametrize("name", by_use.LAYERS)
def test_each_is_driven_with_nothing_told(name):
    report = doctor.examine(*by_use.LAYERS[name], show=False)
    assert {report["forward"].verdict, report["dX"].verdict, report["dK"].verdict} == {"right"}


def test_what_the_code_does_with_a_parameter_is_read_through_the_functions_that_it_calls():
    found = kinds_of_arguments(by_use.pairs_forward)
    assert [found[name] for name in ("input", "weights", "strides", "padding")] == [ARRAYS] * 2 + [SEQUENCES] * 2
    assert kinds_of_arguments(by_use.ahead)["s"] == NUMBERS
    assert kinds_of_arguments(by_use.keyed_forward)["name"] == WORDS
    assert calls.options("forward", by_use.filter_forward, {})["filter_b"][0] == ("b", 0)


def test_an_index_that_is_always_zero_tells_a_row_of_biases_from_a_column():
    report = doctor.examine(by_use.row_forward, by_use.row_backward, show=False)
    assert report.plan.b.text == "1O" and report["forward"].verdict == "wrong" and report["dX"].verdict == "right"


def test_a_padding_of_both_sides_together_is_seen_in_the_output():
    report = doctor.examine(by_use.total_forward, by_use.total_backward, show=False)
    assert report["forward"].verdict == report["dK"].verdict == "right" and report["dX"].verdict == "wrong"
    assert all(setting.p for setting in report["dX"].settings)


def test_how_deep_a_kernel_is_are_its_channels():
    assert likely.by_name("make", "filter_depth")[0] == likely.by_name("make", "kernelDepth")[0] == "C"


@pytest.mark.parametrize("name", by_use.OLD)
def test_what_numpy_no_longer_does_is_told_and_the_rest_examined_all_the_same(name):
    layer, said, verdicts = by_use.OLD[name]
    if name == "one cell" and _takes_one_cell():
        pytest.skip("this NumPy still takes it")
    report = doctor.examine(layer, show=False)
    assert report["forward"].mistake == "removed_from_numpy" and said in str(report)
    assert {part: report[part].verdict for part in verdicts} == verdicts
    assert not hasattr(np, "float") and "float" not in vars(by_use)  # all is as it was


def _takes_one_cell() -> bool:
    try:
        return float(np.ones(1)) == 1
    except TypeError:
        return False


def test_a_line_that_fails_whatever_it_is_given_is_a_wrong_forward_pass():
    report = doctor.examine(by_use.sizes_forward, by_use.sizes_backward, show=False)
    assert not report and report["forward"].mistake == "cannot_run" and "np.zeros(N, len(weights)" in str(report)
    assert report["dX"].verdict == "not supported" and report.to_dict()["right"] is False


def test_a_backward_function_of_a_pooling_belongs_to_no_convolution():
    module = types.ModuleType("pooled")
    for line in ("convolution(x, k)", "conv_backprop(d, x, k)", "maxpool_backprop(d, x, f, s)"):
        exec(f"def {line}: 0", vars(module))
    names = [[part.__name__ for part in one] for one in layers_of(module)]
    assert names[0] == ["convolution", "conv_backprop"]

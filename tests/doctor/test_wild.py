"""Layers with surroundings, with nothing told; switches; forward passes of no known kind; scripts."""

import functools
import re
import shlex
import sys
import types

import numpy as np
import pytest

from cnnlib import doctor
from cnnlib.doctor.files.picking import layers_of
from cnnlib.doctor.patient import uses
from cnnlib.doctor.patient.uses import axes_of, kinds_of_value
from cnnlib.doctor.search import guess

from .patients import keeping, wild
from .test_carried import wrong
from .test_command import command
from .test_command import doctor as told


@pytest.mark.parametrize("name", wild.LAYERS)
def test_each_is_driven_with_nothing_told(name):
    layer, mistakes = wild.LAYERS[name]
    report = doctor.examine(*layer, guess=True, show=False)
    assert wrong(report) == mistakes and report["forward"].verdict == "right"
    assert {report["dX"].verdict, report["dK"].verdict} <= {"right", "wrong"}


@pytest.mark.parametrize("name", keeping.LAYERS)
def test_weights_are_found_wherever_they_are_kept(name):
    layer, part = keeping.LAYERS[name]
    before = keeping.theta.copy()
    report = doctor.examine(*layer, show=False)
    assert list(wrong(report)) == [part] * (part is not None) and report["forward"].verdict == "right"
    assert np.array_equal(keeping.theta, before)  # a module's own variables are as they were


def test_the_line_that_is_said_works_as_it_stands(monkeypatch):
    monkeypatch.setattr(guess, "PATIENCE", 0.2)
    with pytest.raises(ValueError, match="no forward pass of a convolution was found") as caught:
        doctor.examine(keeping.InOneVector, show=False)
    line = re.search(r"examine\([^()]*\)", str(caught.value))[0]
    report = eval(line, {"examine": functools.partial(doctor.examine, show=False), **vars(keeping)})
    assert wrong(report) == {"dX": None} and report["forward"].verdict == "not supported"
    words = shlex.split(re.search(r"python -m .*\"", command.as_command(str(caught.value), "a b.py"))[0])
    options = command.arguments().parse_args(words[3:])
    assert (options.layer, options.kind, options.X) == ("a b.py:InOneVector", "any", "NCHW")


def test_of_a_file_with_tensors_the_layer_is_taken_that_is_made_of_them():
    module = types.ModuleType("recorded")
    exec(RECORDED, vars(module))
    sys.modules["recorded"] = module
    assert layers_of(module)[0] == (module.Conv2d,)


RECORDED = """
import numpy as np
class Tensor:
    def __init__(self, data): self.data, self.grad = np.asarray(data), None
    def backward(self, grad): self.grad = grad
class Conv2d:
    def __init__(self, channels): self.w = Tensor(np.zeros((1, channels, 3, 3)))
    def __call__(self, x): return x
"""


def test_what_was_read_of_code_is_remembered_for_so_many_functions_at_most(monkeypatch):
    monkeypatch.setattr(uses, "MOST", 3)
    for number in range(9):
        space = {}
        exec(f"def make(size, n{number}): return size", space)
        assert uses.unused(space["make"]) == frozenset()  # there is no source to read
    assert len(uses.unused.kept) == 3


def test_a_switch_is_examined_in_both_positions():
    report = doctor.examine(wild.Switched, show=False)
    assert wrong(report) == {"dK": "dK_not_turned"} and "with transposed=True it is wrong" in str(report)


def test_a_forward_pass_of_no_known_kind_is_compared_with_differences_of_itself(monkeypatch):
    monkeypatch.setattr(guess, "PATIENCE", 0.2)  # for the search among the known kinds, which is in vain
    report = doctor.examine(wild.Dilated, show=False)
    assert (
        report and report["forward"].verdict == "not supported" and "dX and dK are right; db is not" in str(report)
    )
    report = doctor.examine(wild.TurnedDilated, kind="any", show=False)
    assert not report and wrong(report) == {"dX": None} and report["dK"].verdict == "right"


def test_what_a_constructor_unpacks_says_the_order_of_its_sizes():
    assert axes_of(("in_h", "in_w", "in_c")) == "HWC" and axes_of(("depth", "height", "width")) == "CHW"
    assert axes_of(("m", "n_H_prev", "n_W_prev", "n_C_prev")) == "NHWC" and axes_of(("a", "b", "c")) is None


def sizes(kernel, shape, either):
    return range(kernel - 1), shape[0], isinstance(either, int), either - 1


def test_what_is_counted_up_to_is_a_number_and_what_is_indexed_is_none():
    assert kinds_of_value(sizes) == {"kernel": "numbers", "shape": "sequences"}


SCRIPT = """
import numpy as np
%matplotlib inline
import matplotlib_that_is_nowhere.pyplot as plt
from numba_of_nobody import jit, prange
from patients_of_nobody import load

images = load("mnist.npz")

class Row:
    def __init__(self, W, b):
        self.W, self.b = W, b
    def forward(self, X):
        self.w = np.lib.stride_tricks.sliding_window_view(X, self.W.shape[2:], axis=(2, 3))
        return np.einsum("nchwij,ocij->nohw", self.w, self.W) + self.b[:, None, None]
    def backward(self, d):
        self.dW = fast(np.einsum("nchwij,nohw->ocij", self.w, d))[0][:, :, ::-1, ::-1]
        self.db = d.sum((0, 2, 3))

@jit(nopython=True)
def fast(x):
    return [x for _ in prange(1)]

while True:
    pass
"""


def test_of_a_script_the_definitions_are_examined_and_the_rest_is_left_out(tmp_path):
    file = tmp_path / "script.py"
    file.write_text(SCRIPT, encoding="utf-8")
    done = told(f"{file}:Row", "--without", "dX")
    assert done.returncode == command.WRONG and "[dK_not_turned]" in done.stdout
    for said in (
        "line 4",
        "matplotlib_that_is_nowhere",
        "is not installed",
        "line 8",
        "line 24",
        "name 'jit' is not defined",
    ):
        assert said in done.stdout


def test_a_file_of_a_repository_finds_its_neighbours_and_stands_without_what_is_missing(tmp_path):
    folder = tmp_path / "net" / "layers"
    folder.mkdir(parents=True)
    (tmp_path / "net" / "base.py").write_text("from nowhere import x\nclass Layer: pass\nwhile True: pass\n")
    file = folder / "row.py"
    imports = "from ..base import Layer\nfrom net.layers.other import factor\nfrom framework import Trained\n"
    (folder / "other.py").write_text("factor = 2\nprint(1 / 0)\n")
    row = SCRIPT.replace("class Row:", imports + "class Row(Layer, Trained):").replace(
        "[0][:, :, ::-1, ::-1]", "[0] * factor"
    )
    file.write_text(row, encoding="utf-8")
    done = told(f"{file}:Row", "--without", "dX")
    assert done.returncode == command.WRONG and "[constant_factor]" in done.stdout
    assert "Trained, which is not to be found" in done.stdout and "Layer, which" not in done.stdout

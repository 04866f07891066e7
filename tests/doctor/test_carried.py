"""Arrays in dicts, boxes and lists, gradients from several functions, words that choose: with nothing told."""

import pytest

from cnnlib import doctor
from cnnlib.doctor.files.picking import layers_of
from cnnlib.doctor.search import guess

from .patients import carried, pure_lists
from .patients.styles import gradients
from .test_command import command
from .test_command import doctor as told


def wrong(report):
    return {part: report[part].mistake for part in report.parts if report[part].verdict == "wrong"}


@pytest.mark.parametrize("name", carried.LAYERS)
def test_each_is_driven_with_nothing_told(name, monkeypatch):
    if name == "sequences by no name":
        monkeypatch.setattr(guess, "PATIENCE", 0.4)  # for the search among images, which is in vain
    layer, mistakes = carried.LAYERS[name]
    report = doctor.examine(*layer, guess=True, show=False)
    assert wrong(report) == mistakes and report["forward"].verdict == "right"
    assert report["dX"].verdict in ("right", "wrong") and report["dK"].verdict in ("right", "wrong")


@pytest.mark.parametrize("turned", [False, True])
def test_lists_of_lists_are_driven(turned):
    layer, mistakes = (pure_lists.TurnedLists, {"dX": "no_turn"}) if turned else (pure_lists.Lists, {})
    report = doctor.examine(layer, show=False)
    assert wrong(report) == mistakes and {report[part].verdict for part in ("dK", "db")} == {"right"}


@pytest.mark.parametrize(
    ("layer", "mistake", "said"),
    [
        (carried.Pool, "no_share", "with mode='average' it is wrong"),
        (carried.Activation, None, "with activation='tanh' it is wrong"),
    ],
)
def test_a_mistake_in_another_mode_is_found(layer, mistake, said):
    report = doctor.examine(layer, show=False)
    assert not report and report["dX"].verdict == "wrong" and said in str(report)
    assert mistake is None or report["dX"].mistake == mistake


class Added:
    """Where delta should be multiplied by the kernel they are added: dX is not zero without delta."""

    def __init__(self, W, b, stride):
        self.W, self.b, self.s = W, b, (stride, stride)

    def forward(self, x):
        self.x = x
        return carried.correlated(x, self.W, self.b, self.s)

    def backward(self, d):
        dX, dW, db = gradients(self.x, self.W, d, self.s)
        return dX + self.W.sum(), dW, db


def test_what_is_left_without_delta_is_no_memory():
    assert "memory_not_cleared" not in doctor.examine(Added, show=False)["dX"].mistakes


def test_the_axes_say_that_a_layer_takes_sequences():
    assert doctor.examine(carried.RowFilter, X="CW", show=False)["dK"].verdict == "right"


def test_a_module_names_its_layers_the_likeliest_first():
    found = [tuple(part.__name__ for part in one) for one in layers_of(pure_lists)]
    assert found == [("TurnedLists",)]
    assert doctor.examine(pure_lists, show=False)["dX"].mistake == "no_turn"


def test_functions_of_a_file_stand_beside_their_backward_functions(tmp_path):
    file = tmp_path / "three.py"
    file.write_text(
        "import numpy as np\n"
        "def windows(x, k):\n    return np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))\n"
        "def conv2d(x, w):\n    return np.einsum('nchwij,ocij->nohw', windows(x, w.shape[2]), w)\n"
        "def conv2d_backward_input(dout, w):\n    k = w.shape[2] - 1\n"
        "    dout = np.pad(dout, ((0, 0), (0, 0), (k, k), (k, k)))\n"
        "    return np.einsum('nohwij,ocij->nchw', windows(dout, k + 1), w)\n"
        "def conv2d_backward_weight(dout, x):\n"
        "    return np.einsum('nchwij,nohw->ocij', windows(x, x.shape[2] - dout.shape[2] + 1), dout)\n",
        encoding="utf-8",
    )
    names = "conv2d,conv2d_backward_input,conv2d_backward_weight"
    alone, named = told(file), told(f"{file}:{names}")
    assert alone.returncode == named.returncode == command.WRONG and "[no_turn]" in named.stdout
    assert alone.stdout == f"Examined: {names}\n{named.stdout}"

"""Files as they lie in a repository: what they import, which of their layers is meant; layers that ask for more."""

import types

import pytest

from cnnlib import doctor
from cnnlib.doctor.files import surroundings
from cnnlib.doctor.files.picking import layers_of

from .patients import asking, lacking
from .test_carried import wrong
from .test_command import doctor as told


@pytest.mark.parametrize("name", [*asking.LAYERS, *lacking.LAYERS])
def test_each_is_driven_with_nothing_told(name):
    layer, mistakes = (asking.LAYERS | lacking.LAYERS)[name]
    assert wrong(doctor.examine(layer, show=False)) == mistakes


CONVOLUTION = """
import numpy as np
def correlate(x, kernel):
    w = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[2:], axis=(2, 3))
    return np.einsum("nchwij,ocij->nohw", w, kernel)
def conv_back(x, kernel, error):
    dx, dk, k = np.zeros(x.shape), np.zeros(kernel.shape), kernel.shape[2]
    for i, j in np.ndindex(error.shape[2:]):
        dx[:, :, i : i + k, j : j + k] += np.tensordot(error[:, :, i, j], kernel, axes=1)
        dk += np.tensordot(error[:, :, i, j], x[:, :, i : i + k, j : j + k], axes=(0, 0))
    return dx, dk
"""
NETWORK = """
class CNN:
    def __init__(self, layers):
        self.kernels = [np.random.randn(*shape) for shape in layers]
    def forward(self, x):
        for kernel in self.kernels:
            x = correlate(x, kernel)
        return x
    def backward(self, error):
        raise NotImplementedError
class Pool:
    def forward(self, x):
        self.x = x
        return x.reshape(*x.shape[:2], x.shape[2] // 2, 2, x.shape[3] // 2, 2).mean((3, 5))
    def backward(self, d):
        return d.repeat(2, 2).repeat(2, 3) / 4
"""


def test_functions_beside_a_network_are_found_and_before_a_pooling(tmp_path):
    (file := tmp_path / "net.py").write_text(CONVOLUTION + NETWORK, encoding="utf-8")
    done = told(file)
    assert done.stdout.startswith("Examined: correlate,conv_back") and not done.returncode, done.stdout


def test_where_the_likeliest_cannot_be_driven_another_convolution_is(tmp_path):
    again = CONVOLUTION.replace("correlate", "my_conv").replace("conv_back", "my_conv_backward")
    wrong_one = NETWORK.replace("class CNN", "class Conv").replace("Pool", "MyPool")
    (file := tmp_path / "net.py").write_text(again + wrong_one, encoding="utf-8")
    done = told(file)
    assert "Examined: my_conv,my_conv_backward (not driven: Conv; also there: MyPool)" in done.stdout, done.stderr
    assert not done.returncode


def test_the_forward_pass_may_stand_in_a_neighbour(tmp_path):
    forth, back = CONVOLUTION.split("def conv_back")
    (tmp_path / "ahead.py").write_text(forth, encoding="utf-8")
    text = f"import numpy as np\nfrom ahead import *\ndef conv_back{back}"
    (file := tmp_path / "behind.py").write_text(text, encoding="utf-8")
    done = told(file)
    assert done.stdout.startswith("Examined: correlate,conv_back") and not done.returncode, done.stderr


def test_a_class_whose_method_takes_delta_is_a_layer_whatever_its_names():
    module = types.ModuleType("couche")
    exec(
        "class Couche:\n    def prediction(self, x): return x\n    def propagation(self, delta): return delta",
        vars(module),
    )
    vars(module)["Couche"].__module__ = "couche"
    assert layers_of(module) == [(module.Couche,)]


PACKAGE = """
from .. import xp, DTYPE
from .base import Layer, Shape
import matplotlib.pyplot as plt
import cupy_of_nobody as cp
plt.style.use("ggplot")
log = open("training.log", "w")


class Conv(Layer):
    def __init__(self, channels: int, maps: int, size: Shape = 3, norm=cp.Norm(), on: "cp.D" = cp.d) -> cp.T:
        super().__init__()
        self.W = xp.random.randn(maps, channels, size, size).astype(DTYPE)
    def forward(self, x: cp.ndarray | xp.ndarray) -> cp.ndarray:
        self.x = x
        w = xp.lib.stride_tricks.sliding_window_view(x, self.W.shape[2:], axis=(2, 3))
        return xp.einsum("nchwij,ocij->nohw", w, self.W)
    def backward(self, d):
        dX, self.dW, k = xp.zeros(self.x.shape), xp.zeros(self.W.shape), self.W.shape[2]
        for i, j in xp.ndindex(d.shape[2:]):
            dX[:, :, i : i + k, j : j + k] += xp.tensordot(d[:, :, i, j], self.W, axes=1)
            self.dW += xp.tensordot(d[:, :, i, j], self.x[:, :, i : i + k, j : j + k], axes=(0, 0))
        return dX
"""


def test_a_package_its_types_and_its_pictures_are_not_in_the_way(tmp_path):
    (inside := tmp_path / "pack" / "layers").mkdir(parents=True)
    (tmp_path / "pack" / "__init__.py").write_text("import numpy as xp\nDTYPE = xp.float64\n", encoding="utf-8")
    (inside / "__init__.py").write_text("from .conv import Conv\n", encoding="utf-8")
    (inside / "base.py").write_text("class Layer:\n    pass\n", encoding="utf-8")
    (inside / "conv.py").write_text(PACKAGE, encoding="utf-8")
    done = told(inside / "conv.py")
    assert not done.returncode and "everything is right" in done.stdout, done.stderr
    assert "Left out" in done.stdout and "cp.Norm()" in done.stdout and "write 'training.log'" in done.stdout
    assert not (tmp_path / "training.log").exists()


def test_a_package_that_draws_answers_everything_with_nothing():
    plt = surroundings.Drawing("pyplot")
    assert plt.figure(3) is None and not hasattr(plt, "__wrapped__")

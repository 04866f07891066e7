"""Files as they lie in a repository: what they import, which of their layers is meant; layers that ask for more."""

import types

import pytest

from cnnlib import doctor
from cnnlib.doctor.files import surroundings
from cnnlib.doctor.files.picking import layers_of, worth_trying

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


def test_beside_a_convolution_no_helper_is_tried():
    conv, other, helper = ((type(name, (), {}),) for name in ("Conv2D", "DepthwiseConv", "Constant"))
    assert worth_trying([conv, other, helper]) == [conv, other]
    assert worth_trying([helper, (type("Layer", (), {}),)])[1:]


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


MAKERS = """
import numpy as np
def convolution(number=-1, hyper={"stride": 1, "pad": "same"}, truncate=0):
    def run(A, parameters):
        W, b = parameters["W" + str(number)], parameters[f"b{number}"]
        if hyper["pad"] == "same":
            hyper["pad"] = W.shape[2] // 2
        p = hyper["pad"]
        windows = np.lib.stride_tricks.sliding_window_view(
            np.pad(A, ((0, 0), (0, 0), (p, p), (p, p))), W.shape[2:], axis=(2, 3))
        windows = windows[:, :, :: hyper["stride"], :: hyper["stride"]]
        return np.einsum("nchwij,ocij->nohw", windows, W) + b.reshape(1, -1, 1, 1), (A, W, hyper, windows)
    return run
def convolution_b(number=-1, truncate=False):
    def run_back(dZ, cache, grads):
        A, W, hyper, windows = cache
        p, s = hyper["pad"], hyper["stride"]
        grads["dW" + str(number)] = np.einsum("nohw,nchwij->ocij", dZ, windows)
        grads["db" + str(number)] = FACTOR * dZ.sum((0, 2, 3)).reshape(-1, 1)
        dA = np.zeros((*A.shape[:2], A.shape[2] + 2 * p, A.shape[3] + 2 * p))
        for i, j in np.ndindex(dZ.shape[2:]):
            dA[:, :, s * i : s * i + W.shape[2], s * j : s * j + W.shape[3]] += np.tensordot(dZ[:, :, i, j], W, 1)
        return dA[:, :, p : p + A.shape[2], p : p + A.shape[3]]
    return run_back
"""


@pytest.mark.parametrize("factor", [1, 2])
def test_functions_that_make_the_two_passes_are_a_layer(tmp_path, factor):
    (file := tmp_path / "made.py").write_text(MAKERS.replace("FACTOR", str(factor)), encoding="utf-8")
    done = told(file)
    assert done.stdout.startswith("Examined: convolution,convolution_b"), done.stdout + done.stderr
    assert done.returncode == factor - 1 and ("[constant_factor]" in done.stdout) == (factor > 1), done.stdout

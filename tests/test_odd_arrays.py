"""Arrays that could give a wrong number in silence: masked, infinite, too large, too coarse.  Refused, or right."""

import tracemalloc
from fractions import Fraction

import numpy as np
import pytest
import sympy
from helpers import normal, says

from cnnlib import adjoint, correlation, data, losses, network, ops, training
from cnnlib.layers import Conv2D, Dense, Flatten, MaxPool2D, MeanPool2D, ReLU, Sigmoid, Tanh

SETTINGS = (normal(2, 3, 4, 4), normal(3, 2, 2, 2))  # delta and kernels of an input (2, 2, 5, 5)
LAYERS = [Conv2D(2, 3, 2), Dense(3, 2), Flatten(), MeanPool2D(1), MaxPool2D(1), Sigmoid(), Tanh(), ReLU()]


def masked(*shape):
    """Random numbers, the largest of them masked."""
    A = normal(*shape)
    return np.ma.masked_array(A, mask=A.max() == A)


def fitting(layer):
    return normal(2, 3) if isinstance(layer, Dense) else normal(2, 2, 5, 5)


# --- masked arrays

TAKERS = {
    "rot180": lambda hide: ops.rot180(hide(3, 3)),
    "dilate": lambda hide: ops.dilate(hide(3, 3), 2),
    "pad": lambda hide: ops.pad(hide(3, 3), 1),
    "windows": lambda hide: ops.windows(hide(3, 3), 2),
    **{
        f"{call.__name__}, {which}": lambda hide, call=call, n=n: call(*_one_hidden(hide, n))
        for call in (ops.correlate, ops.convolve, ops.correlate_loops, ops.convolve_loops)
        for n, which in enumerate("XK")
    },
    **{
        f"{call.__name__}, {which}": lambda hide, call=call, n=n: call(*_layer_hidden(hide, n), (2, 2, 5, 5))
        for call in (adjoint.gather, adjoint.scatter, adjoint.matrix, adjoint.col2im)
        for n, which in enumerate(("delta", "K"))
    },
    "kernel_gradient, X": lambda hide: adjoint.kernel_gradient(hide(5, 5), normal(4, 4), 2),
    "kernel_gradient, delta": lambda hide: adjoint.kernel_gradient(normal(5, 5), hide(4, 4), 2),
    "correlation_matrix": lambda hide: adjoint.correlation_matrix(hide(2, 2), (4, 4)),
    "correlate_maps": lambda hide: correlation.correlate_maps(hide(1, 1, 4, 4), normal(1, 1, 2, 2)),
    "softmax": lambda hide: losses.softmax(hide(2, 3)),
    **{
        f"{loss!r}, {which}": lambda hide, loss=loss, n=n: loss.value(*_hidden(hide, n))
        for loss in (losses.SquaredError(), losses.SoftmaxCrossEntropy())
        for n, which in enumerate(("outputs", "targets"))
    },
    "Network": lambda hide: network.toolbox_net().forward(hide(1, 1, 28, 28)),
    "predict": lambda hide: network.toolbox_net().predict(hide(1, 1, 28, 28)),
    "train, X": lambda hide: train(X=hide(4, 1, 28, 28)),
    "train, Y": lambda hide: train(Y=hide(4, 10)),
    "one_hot": lambda hide: data.one_hot(np.ma.masked_array([1, 2], mask=hide(2).mask)),
    "error_rate": lambda hide: network.toolbox_net().error_rate(
        normal(2, 1, 28, 28), np.ma.masked_array([1, 2], mask=hide(2).mask)
    ),
    **{f"{layer!r}": lambda hide, layer=layer: layer.forward(hide(*fitting(layer).shape)) for layer in LAYERS},
    **{f"{layer!r}, back": lambda hide, layer=layer: _back(hide, layer) for layer in LAYERS},
    "params": lambda hide: _with_params(hide),
}


def _one_hidden(hide, n):
    return [hide(*shape) if k == n else normal(*shape) for k, shape in enumerate([(4, 4), (2, 2)])]


def _layer_hidden(hide, n):
    return [hide(*A.shape) if k == n else A for k, A in enumerate(SETTINGS)]


def _hidden(hide, n):
    return [hide(2, 3) if k == n else normal(2, 3) for k in range(2)]


def _back(hide, layer):
    return layer.backward(hide(*layer.forward(fitting(layer)).shape))


def _with_params(hide):
    layer = Dense(3, 2)
    layer.params["W"] = hide(2, 3)
    return layer.forward(normal(2, 3))


def train(**changed):
    """The first update of a training run."""
    given = {"X": normal(4, 1, 28, 28), "Y": np.eye(10)[:4]} | changed
    return next(training.train(network.toolbox_net(), **given, rng=np.random.default_rng(0)))


@pytest.mark.parametrize("take", TAKERS.values(), ids=list(TAKERS))
def test_no_mask_is_dropped(take):
    """A masked array is refused where it hides cells, and taken where it hides none."""
    with says("cells are masked", "filled"):
        take(masked)
    take(lambda *shape: np.ma.masked_array(normal(*shape), mask=np.zeros(shape, bool)))


# --- whole numbers and half precision


def test_whole_numbers_do_not_wrap():
    """2⁶² + 2⁶² is −2⁶³ in int64, and no loop would say so."""
    X, K = np.full((2, 2), 2**31), np.full((2, 2), 2**31)
    calls = [
        lambda: ops.correlate(X, K),
        lambda: ops.convolve(X, K, "full"),
        lambda: ops.correlate_loops(X, K),
        lambda: ops.convolve_loops(X, K),
        lambda: adjoint.kernel_gradient(X, K, 1),
        lambda: correlation.correlate_maps(X[None, None], K[None, None]),
        *(lambda way=way: way(X, K, (3, 3)) for way in (adjoint.gather, adjoint.scatter, adjoint.matrix)),
        lambda: adjoint.col2im(X, K, (3, 3)),
        lambda: ops.correlate(X.astype(np.uint64) * 2, K.astype(np.uint64) * 4),
    ]
    for call in calls:
        with says("whole numbers", "int64", "floats", "dtype=object"):
            call()
    assert ops.correlate(X.astype(object), K.astype(object)).item() == 4 * 2**62
    assert ops.correlate(X, K.astype(float)).item() == 4.0 * 2**62
    assert ops.correlate(X // 2, X // 4).item() == 4 * 2**30 * 2**29
    lowest = np.array([[np.iinfo(np.int64).min]])
    assert ops.correlate(lowest // 2, [[1]]).item() == np.iinfo(np.int64).min // 2
    with says("whole numbers"):
        ops.correlate(lowest, [[-1]])


def test_half_precision_is_summed_as_float32():
    X = np.full((16, 16), 200, np.float16)
    assert ops.correlate(X, X).item() == 256 * 200.0**2  # float16 ends at 65,504
    assert adjoint.kernel_gradient(X, X, 1).dtype == np.float32
    assert MeanPool2D(16).forward(np.full((1, 1, 16, 16), 1000, np.float16)).item() == 1000
    for build in (lambda: Conv2D(1, 1, 2, dtype=np.float16), lambda: Dense(1, 1, dtype=np.longdouble)):
        with says("float32, float64 or object"):
            build()


# --- not finite


@pytest.mark.parametrize("odd, word", [(np.nan, "NaN"), (np.inf, "infinity"), (-np.inf, "infinity")])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, object])
def test_training_looks_at_its_data_before_the_first_step(odd, word, dtype):
    """The loss would be NaN, and the learning rate blamed for it."""
    X, Y = normal(4, 1, 28, 28).astype(dtype), np.eye(10)[:4].astype(dtype)
    X[2, 0, 3, 3] = odd
    for changed in ({"X": X}, {"X": X[:, :, :20, :20]}):
        with says("train: X holds", word, "in 1 place", "first in row 2"):
            train(**changed)
    Y[3, 1] = Y[3, 2] = odd
    with says("train: Y holds", word, "in 2 places", "first in row 3"):
        train(Y=Y)
    with says("Network", word, "in 1 place"):
        network.toolbox_net().forward(X)


def test_a_parameter_that_is_no_number_is_named_before_the_first_step():
    net = network.toolbox_net()
    net.layers[3].params["K"][0, 0, 0, 0] = np.inf
    with says("train:", "Conv2D(6→12", "'s K holds infinity in 1 place", "before the first step"):
        training.train(net, normal(4, 1, 28, 28), np.eye(10)[:4], rng=np.random.default_rng(0))


def test_symbols_and_large_whole_numbers_are_finite():
    assert not network.not_finite(np.array([sympy.Symbol("x"), 10**400, Fraction(1, 3), "word"], dtype=object))
    assert "NaN in 1 place" in network.not_finite(np.array([sympy.nan, 1.0], dtype=object))
    assert "infinity in 1 place" in network.not_finite(np.array([sympy.oo, 1.0], dtype=object))
    assert network.not_finite(np.array([np.nan, np.inf, np.nan])) == "NaN in 2 places and infinity in 1 place"


# --- training


@pytest.mark.parametrize("rate", [np.float64(0.1), np.float32(0.1), np.array(0.1)[()], 1, np.int64(1)])
def test_a_float32_net_stays_float32_whatever_the_learning_rate_is_written_in(rate):
    net = network.toolbox_net()
    net.forward(normal(2, 1, 28, 28))
    net.backward(np.eye(10)[:2])
    training.SGD(net.layers, momentum=np.float64(0.5)).update(rate)
    assert {array.dtype for layer in net.layers for array in layer.params.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("rate", [np.nan, np.inf, "0.1", None, 1j, np.array([0.1, 0.2])])
def test_a_learning_rate_has_to_be_a_finite_number(rate):
    net = network.toolbox_net()
    before = net.layers[0].params["K"].copy()
    net.forward(normal(2, 1, 28, 28))
    net.backward(np.eye(10)[:2])
    with says("update: the learning rate", "finite number"):
        training.SGD(net.layers).update(rate)
    np.testing.assert_array_equal(net.layers[0].params["K"], before)


def test_no_argument_of_train_is_ignored():
    net, X, Y = network.toolbox_net(), normal(4, 1, 28, 28), np.eye(10)[:4]
    usual = dict(rng=np.random.default_rng(0))
    with says("train: momentum is 0.9", "0.5"):
        training.train(net, X, Y, momentum=0.9, optimiser=training.SGD(net.layers, 0.5), **usual)
    with says("train: momentum is 0.0", "0.9"):
        training.train(net, X, Y, momentum=0.0, optimiser=training.SGD(net.layers, 0.9), **usual)
    training.train(net, X, Y, momentum=0.9, optimiser=training.SGD(net.layers, 0.9), **usual)
    with says("train: the optimiser moves other layers"):
        training.train(net, X, Y, optimiser=training.SGD(network.toolbox_net().layers), **usual)


def test_a_turned_kernel_is_a_copy():
    K = normal(3, 3)
    turned, before = ops.rot180(K), K.copy()
    turned[...] = 0
    np.testing.assert_array_equal(K, before)


# --- large kernels


def peak_bytes(call):
    """The most that NumPy held at once during a call."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_large_kernel_takes_bounded_memory():
    """All windows of a 200×200 map under a 125×125 kernel are 0.7 GB of numbers, 5 GB in same mode."""
    X, K = normal(200, 200), normal(125, 125, seed=1)
    assert peak_bytes(lambda: ops.correlate(X, K)) < 2 * ops.MOST_BYTES
    delta = normal(1, 1, 76, 76)
    assert peak_bytes(lambda: adjoint.kernel_gradient(X[None, None], delta, 125)) < 2 * ops.MOST_BYTES
    assert peak_bytes(lambda: correlation.correlate_maps(X[None, None], K[None, None])) < 2 * ops.MOST_BYTES


@pytest.mark.parametrize("most", [1, 50, 400, 3000])
def test_blocks_change_no_number(most, monkeypatch):
    X, K, delta = normal(2, 3, 7, 9), normal(4, 3, 2, 3, seed=1), normal(2, 4, 6, 7, seed=2)
    whole = [
        ops.correlate(X[0, 0], K[0, 0], "full"),
        correlation.correlate_maps(X, K),
        adjoint.kernel_gradient(X, delta, (2, 3)),
        adjoint.gather(delta, K, X.shape),
    ]
    monkeypatch.setattr(ops, "MOST_BYTES", most)
    parts = [
        ops.correlate(X[0, 0], K[0, 0], "full"),
        correlation.correlate_maps(X, K),
        adjoint.kernel_gradient(X, delta, (2, 3)),
        adjoint.gather(delta, K, X.shape),
    ]
    for one, other in zip(whole, parts, strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-13)
    taps = np.array([[sympy.Symbol("k"), 2]])
    assert ops.correlate([[1, 2, 3]], taps).tolist() == [[taps[0, 0] + 4, 2 * taps[0, 0] + 6]]


# --- what is no number at all


@pytest.mark.parametrize("entry", [None, "3", b"3"])
def test_objects_that_are_no_numbers_are_named_and_not_multiplied(entry):
    A = np.array([[1.0, entry], [2.0, 3.0]], dtype=object)
    for call in (
        lambda: ops.correlate(A, [[1.0]]),
        lambda: ops.convolve_loops(A, [[1.0]]),
        lambda: adjoint.kernel_gradient(A, normal(2, 2), 1),
        lambda: adjoint.scatter(A, [[1.0]], (2, 2)),
    ):
        with says("cannot be multiplied", "numbers or symbols"):
            call()
    for layer in (MeanPool2D(1), Flatten()):
        with says(repr(layer), "real numbers"):
            layer.forward(A[None, None])
    with says("SquaredError", "real numbers"):
        losses.SquaredError().value(A, np.ones((2, 2)))


@pytest.mark.parametrize("dtype", ["M8[D]", "m8[s]", [("a", float)], "S3"])
def test_dates_and_records_are_named_too(dtype):
    A = np.zeros((2, 2), dtype=dtype)
    for call in (lambda: adjoint.gather(A, [[1.0]], (2, 2)), lambda: adjoint.kernel_gradient(normal(2, 2), A, 1)):
        with says("cannot be multiplied"):
            call()


def test_losses_of_half_precision_do_not_overflow():
    outputs = np.full((2, 3), 300, np.float16)
    assert losses.SquaredError().value(outputs, np.zeros((2, 3))) == 3 * 300**2 / 2  # a float16 ends at 65,504
    assert losses.softmax(outputs).dtype == np.float32


def test_a_net_that_has_diverged_is_wrong_everywhere():
    """NumPy's argmax takes NaN for the largest: every image would be read as 0, and one in ten be right."""
    net = network.toolbox_net()
    net.layers[-2].params["b"][3] = np.nan
    assert net.error_rate(normal(10, 1, 28, 28), np.arange(10)) == 1.0

"""Planted bugs: the copy is right everywhere but in one line, and that line is the one that is shown."""

import ast
import json
import re
from pathlib import Path

import numpy as np
import pytest
from helpers import assert_close, says

from cnnlib import bugs, network, ops
from cnnlib.bugs import detectors, update_effect
from cnnlib.layers import Conv2D, Dense, Flatten, MeanPool2D, Sigmoid
from cnnlib.losses import SoftmaxCrossEntropy
from cnnlib.training import SGD

every_bug = pytest.mark.parametrize("key", bugs.BUGS)


def passed(key):
    """The small net with a bug, after a forward and a backward pass; and the net without."""
    net, X, Y = detectors.lab()
    pair = [bugs.plant(net, name) for name in (key, bugs.NONE)]
    for one in pair:
        one.forward(X)
        one.backward(Y)
    return pair


def test_there_are_at_least_fourteen_with_different_sentences_and_lines():
    assert len(bugs.BUGS) >= 14
    assert len({bug.sentence for bug in bugs.BUGS.values()}) == len(bugs.BUGS)
    for bug in bugs.BUGS.values():
        assert bug.right != bug.wrong and max(len(bug.right), len(bug.wrong)) <= 60
        for line in (bug.right, bug.wrong):
            ast.parse(line)  # a line of Python


@every_bug
def test_forward_is_right_and_the_step_is_wrong(key):
    wrong, right = passed(key)
    np.testing.assert_array_equal(wrong.activations[-1], right.activations[-1])
    net, X, Y = detectors.lab()
    made, true = update_effect.steps(net, key, X, Y), update_effect.steps(net, bugs.NONE, X, Y)
    assert max(np.abs(made[name] - true[name]).max() for name in true) > 1e-4


@every_bug
def test_planting_leaves_the_net_and_the_library_alone(key):
    net, X, Y = detectors.lab()
    before = [(type(layer), {name: array.copy() for name, array in layer.params.items()}) for layer in net.layers]
    planted = bugs.plant(net, key)
    planted.forward(X)
    planted.backward(Y)
    SGD(planted.layers).update(1.0)
    for layer, (kind, params) in zip(net.layers, before, strict=True):
        assert type(layer) is kind and layer.params.keys() == params.keys()
        for name, array in params.items():
            np.testing.assert_array_equal(layer.params[name], array)


def test_none_is_a_right_copy():
    wrong, right = passed(bugs.NONE)
    for one, other, original in zip(wrong.layers, right.layers, detectors.lab().network.layers, strict=True):
        assert one is not original and type(one) is type(original) and one.params is not original.params
        for name, gradient in one.grads.items():
            np.testing.assert_array_equal(gradient, other.grads[name])


def test_unknown_bug_and_a_net_without_the_place_are_refused_in_words():
    net = detectors.lab().network
    with says("no bug 'no_trun'", "no_turn"):
        bugs.plant(net, "no_trun")
    with says("has no MeanPool2D", "no_share"):
        bugs.plant(network.lenet("modern"), "no_share")
    with says("has no SquaredError"):
        bugs.plant(network.Network([Dense(4, 2)], SoftmaxCrossEntropy()), "no_1_over_N")


# ------------------------------------------------- each line, by hand, as it is shown on the screen


def incoming(net):
    """δ at the second convolution, its input and its kernels, with loops over images left to the caller."""
    return net.deltas[4], net.activations[3], net.layers[3].params["K"]


TURNS = {"no_turn": lambda k: k, "quarter_turn": np.rot90, "transposed": np.transpose, "one_axis": np.flipud}


@pytest.mark.parametrize("key", TURNS)
def test_the_turns(key):
    net, _ = passed(key)
    delta, X, K = incoming(net)
    dX = np.zeros(X.shape)
    for n, j, i in np.ndindex(len(X), *K.shape[:2]):
        dX[n, i] += ops.convolve(delta[n, j], TURNS[key](K[j, i]), "full")
    assert_close(net.deltas[3], dX)


def test_the_delta_of_another_map():
    net, _ = passed("other_map")
    delta, X, K = incoming(net)
    dX = np.zeros(X.shape)
    for n, j, i in np.ndindex(len(X), *K.shape[:2]):
        dX[n, i] += ops.convolve(delta[n, i], ops.rot180(K[j, i]), "full")
    assert_close(net.deltas[3], dX)


def test_channels_reshaped():
    net, _ = passed("reshaped")
    delta, X, K = incoming(net)
    H = ops.rot180(K).reshape(K.shape[1], K.shape[0], *K.shape[2:])
    dX = np.zeros(X.shape)
    for n, i, j in np.ndindex(len(X), *H.shape[:2]):
        dX[n, i] += ops.convolve(delta[n, j], H[i, j], "full")
    assert_close(net.deltas[3], dX)


@pytest.mark.parametrize("key", ["dK_not_turned", "mispaired", "none"])
def test_dK(key):
    net, _ = passed(key)
    delta, X, K = incoming(net)
    pairs = [(len(X) - 1 - n if key == "mispaired" else n, n) for n in range(len(X))]
    turn = (lambda A: A) if key == "dK_not_turned" else ops.rot180
    dK = np.zeros(K.shape)
    for (m, n), (j, i) in ((pair, slot) for pair in pairs for slot in np.ndindex(K.shape[:2])):
        dK[j, i] += turn(ops.correlate(X[m, i], delta[n, j]))
    assert_close(net.layers[3].grads["K"], dK)


def test_the_mean_of_a_bias():
    net, right = passed("bias_mean")
    assert_close(net.layers[3].grads["b"] * 16, right.layers[3].grads["b"])
    assert_close(net.layers[0].grads["b"] * 144, right.layers[0].grads["b"])


@pytest.mark.parametrize("key, factor", [("no_share", 4), ("shared_twice", 1 / 4)])
def test_the_shares_of_a_pool(key, factor):
    net, right = passed(key)
    assert_close(net.deltas[5], factor * right.deltas[5])


def test_the_stride_of_a_pool():
    net, _ = passed("stride_one")
    delta, dX = net.deltas[6], np.zeros(net.deltas[5].shape)
    for i, j in np.ndindex(delta.shape[2:]):
        dX[:, :, i : i + 2, j : j + 2] += delta[:, :, i, j, None, None] / 4
    assert_close(net.deltas[5], dX)


def test_a_slope_at_the_pool():
    net, right = passed("slope_at_pool")
    A = net.activations[6]
    assert_close(net.deltas[5], np.kron(net.deltas[6] * A * (1 - A), np.ones((2, 2))) / 4)
    assert np.abs(net.deltas[5] - right.deltas[5]).max() > 1e-4


@pytest.mark.parametrize("key, without", [("no_slope", {1, 4}), ("no_output_slope", {8})])
def test_forgotten_slopes(key, without):
    net, _ = passed(key)
    for i, layer in enumerate(net.layers):
        if isinstance(layer, Sigmoid):
            A = net.activations[i + 1]
            assert_close(net.deltas[i], net.deltas[i + 1] * (1 if i in without else A * (1 - A)))


def test_the_other_order():
    net, right = passed("other_order")
    np.testing.assert_array_equal(net.deltas[6], right.deltas[6].swapaxes(2, 3))
    assert isinstance(net.layers[6], Flatten) and not isinstance(net.layers[6], MeanPool2D)


def test_without_1_over_N():
    net, right = passed("no_1_over_N")
    assert_close(net.deltas[-1], 2 * right.deltas[-1])


@pytest.mark.parametrize("key", ["bias_elsewhere", "bias_shrinks"])
def test_bugs_of_the_update_leave_the_gradient_right(key):
    net, right = passed(key)
    before = [dict(layer.params) for layer in net.layers]
    for one, other in zip(net.layers, right.layers, strict=True):
        for name, gradient in one.grads.items():
            np.testing.assert_array_equal(gradient, other.grads[name])
    SGD(net.layers).update(1.0)
    np.testing.assert_array_equal(net.layers[7].params["b"], before[7]["b"] if key == "bias_elsewhere" else 0)
    assert isinstance(net.layers[3], Conv2D)
    conv = net.layers[3].params["b"]
    assert_close(conv, before[3]["b"] - net.layers[3].grads["b"] if key == "bias_elsewhere" else 0 * conv)
    for i in (0, 3, 7):
        name = "W" if i == 7 else "K"
        assert_close(net.layers[i].params[name], before[i][name] - net.layers[i].grads[name])


def code_of(notebook):
    """{cell id: source} of the code cells of a notebook in git."""
    (path,) = (Path(__file__).resolve().parents[2] / "notebooks").glob(f"{notebook}_*.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return {cell["id"]: "".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"}


def test_notebook_11_plants_the_bugs_of_the_catalogue_under_their_names():
    cells = code_of("11")
    named = re.findall(r'"(\w+)"', re.search(r"for name in \((.*?)\)", cells["bugs-measure"])[1])
    shown = re.findall(r'"(\w+)"', "".join(cells[cell].rpartition("show_lines(")[2]
                                           for cell in ("bugs-turn", "bugs-flip", "bugs-pool")))  # fmt: skip
    assert named == shown and len(named) == 6 and set(named) <= set(bugs.BUGS)
    assert "bugs.plant(small_net(), name)" in cells["bugs-measure"]


@pytest.mark.parametrize("notebook", ["11", "13"])
def test_no_notebook_plants_a_bug_of_its_own_beside_the_catalogue(notebook):
    planted = re.compile(r"\.(input_gradient|kernel_gradient|backward) = ")
    assert [name for name, source in code_of(notebook).items() if planted.search(source)] == []

"""More than one plain mistake: two in different settings, one beside a factor, calls that fail, and conventions."""

import numpy as np
import pytest

from cnnlib import doctor

from .patients import generated, mistakes

SPREAD = np.lib.stride_tricks.sliding_window_view


def forward(X, W, b, stride=1, pad=0):
    Xp = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = SPREAD(Xp, W.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("nchwij,ocij->nohw", windows, W) + b[:, None, None], (Xp, W, stride, pad)


def backward_by_dilation(d, cache):
    """Without padding the cut is empty; where rows are left over, dX is smaller than X and dK larger than K."""
    Xp, W, s, p = cache
    k, wide = W.shape[2] - 1, np.zeros((*d.shape[:2], *(s * (m - 1) + 1 for m in d.shape[2:])))
    wide[:, :, ::s, ::s] = d
    around = SPREAD(np.pad(wide, ((0, 0), (0, 0), (k, k), (k, k))), W.shape[2:], axis=(2, 3))
    dX = np.einsum("nohwij,ocij->nchw", around, W[:, :, ::-1, ::-1])
    dW = np.einsum("nchwij,noij->ochw", SPREAD(Xp, wide.shape[2:], axis=(2, 3)), wide)
    return dX[:, :, p:-p, p:-p], dW, d.sum(axis=(0, 2, 3))


def test_two_mistakes_that_show_in_different_settings():
    report = doctor.examine(forward, backward_by_dilation, show=False)
    assert set(report["dX"].mistakes) == {"remainder_cut", "empty_without_padding"}
    assert report["dK"].mistakes == ("dK_remainder_left",) and report["db"].verdict == "right"


def changed(*keys, **more):
    """The plain loop with several mistakes at once."""
    known = mistakes.changes()
    change = {place: function for key in keys for place, function in known[key][1].items()} | more
    return generated.functions(False, change)[0]


def test_a_factor_beside_a_mistake():
    report = doctor.examine(*changed("no_turn", dX=lambda a: 0.1 * a), show=False)
    assert report["dX"].mistakes == ("no_turn", "constant_factor")
    assert report["dX"].diagnosis.factor == pytest.approx(0.1) and "(0.1)" in str(report)


def test_a_mean_over_the_batch_hides_no_mistake():
    turned = {"!dK": lambda core: lambda G: G[..., ::-1, ::-1] / len(core.X)}
    report = doctor.examine(*changed(**turned), show=False)
    assert report["dK"].mistakes == ("dK_not_turned",)


def test_a_mean_beside_a_sum_is_said():
    report = doctor.examine(*changed(**{"!dK": lambda core: lambda G: G / len(core.X)}), show=False)
    assert report and report["dK"].verdict == "mean over the batch"
    assert "dK is a mean over the batch and db a sum" in str(report)


class Layer:
    """RIGHT; ``after`` is what becomes of a weight in a step."""

    def __init__(self, in_channels, out_channels, k):
        self.W, self.b = np.random.randn(out_channels, in_channels, k, k), np.random.randn(out_channels)

    def forward(self, x, training=False):
        z, cache = forward(x, self.W, self.b)
        if training:
            self.cache = cache
        return z

    def backward(self, d, lr):
        (Xp, W, _, _), k = self.cache, self.W.shape[2] - 1
        around = SPREAD(np.pad(d, ((0, 0), (0, 0), (k, k), (k, k))), W.shape[2:], axis=(2, 3))
        dX = np.einsum("nohwij,ocij->nchw", around, W[:, :, ::-1, ::-1])
        dW = np.einsum("nchwij,nohw->ocij", SPREAD(Xp, W.shape[2:], axis=(2, 3)), d)
        self.W, self.b = self.after(W, dW, lr), self.after(self.b, d.sum(axis=(0, 2, 3)), lr)
        return dX

    @staticmethod
    def after(weights, gradient, lr):
        return weights - lr * gradient


def with_step(after):
    return type("Conv", (Layer,), {"after": staticmethod(after)})


STEPS = {
    "momentum": lambda w, g, lr: w - lr * 0.1 * g,
    "weight decay": lambda w, g, lr: w - lr * (g + 0.01 * w),
    "Adam": lambda w, g, lr: w - lr * g / (np.abs(g) + 1e-8),
}


@pytest.mark.parametrize("name", STEPS)
def test_an_optimisers_step_is_no_mistake(name):
    report = doctor.examine(with_step(STEPS[name]), show=False)
    assert report and report["dK"].verdict == report["db"].verdict == "right"
    assert {"weight decay": "weight decay", "Adam": "its signs alone"}.get(name, "") in str(report)


@pytest.mark.parametrize("wrong", [lambda w, g, lr: w + lr * g, lambda w, g, lr: w - lr * (g - 0.01 * w)])
def test_a_step_the_wrong_way_is_a_mistake(wrong):
    assert doctor.examine(with_step(wrong), show=False)["dK"].verdict == "wrong"


class Coloured:
    """Three channels are built in; dX goes into a square."""

    def __init__(self, num_filters):
        self.filters = np.random.randn(num_filters, 3, 3, 3) / 9

    def forward(self, image):
        self.last = image
        windows = SPREAD(image, (3, 3), axis=(0, 1))
        return np.einsum("hwcij,oijc->hwo", windows, self.filters)

    def backward(self, d_out, learn_rate):
        n = len(self.last)
        dX, dK = np.zeros((n, n, 3)), np.zeros(self.filters.shape)
        for i, j in np.ndindex(d_out.shape[:2]):
            dK += d_out[i, j, :, None, None, None] * self.last[i : i + 3, j : j + 3]
            dX[i : i + 3, j : j + 3] += np.tensordot(d_out[i, j], self.filters, 1)
        self.filters -= learn_rate * dK
        return dX


def test_a_size_built_in_is_read_off_and_a_call_that_fails_is_named_by_its_settings():
    report = doctor.examine(Coloured, guess=True, show=False)
    assert report["forward"].verdict == report["dK"].verdict == "right" and report["forward"].ran >= 4
    assert report["dX"].mistakes == ("fails_off_squares",) and all(s.H != s.W for s in report["dX"].settings)


def test_a_wrong_forward_pass_is_not_differentiated_cell_by_cell_in_every_setting():
    calls = 0

    def counted(X, W, b, stride=1, pad=0):
        nonlocal calls
        calls += 1
        Z, cache = forward(X, W[:, :, ::-1], b, stride, pad)
        return Z, (cache[0], W, stride, pad)

    assert doctor.examine(counted, backward_by_dilation, show=False)["forward"].mistake == "forward_one_axis"
    assert calls < 1000  # 13 settings of about 150 numbers each would take 2,900


def test_a_mean_beside_a_wrong_forward_pass_blames_the_forward_pass_alone():
    mean = {"!db": lambda core: lambda db: db / len(core.X)}
    report = doctor.examine(*changed(b_forward=np.negative, **mean), show=False)
    assert report["forward"].mistakes == ("bias_subtracted",) and report["db"].mistakes == ("forward_first",)


def test_zeros_of_the_padded_size_are_zeros():
    report = doctor.examine(*changed(crop=lambda P, p: 0 * P if p else P), show=False)
    assert report["dX"].mistakes == ("zeros_with_padding",)


class Remembers(Layer):
    """Gives the output that it gave to the first input of this shape, so that nothing depends on X any more."""

    seen = {}  # noqa: RUF012 (shared by all layers: that is the mistake)

    def forward(self, x, training=True):
        z = super().forward(x, training=True)
        return self.seen.setdefault((x.shape, self.W.shape, float(self.W.sum())), z)


def test_a_formula_counts_only_where_the_layers_own_differences_agree():
    report = doctor.examine(Remembers, show=False)
    assert report["forward"].verdict == "right" and report["dX"].verdict == "wrong"

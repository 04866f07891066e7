"""Wrong calls, as people make them: the sentence shows what was found and what was expected."""

import numpy as np
import pytest

from cnnlib import doctor

from .patients import by_hand, second_hand

C, F, B = by_hand.Convolution, by_hand.conv_forward, by_hand.conv_backward_crop
CALLS = {
    'with X="NHWC".*with X="NCHW", K="OIHW" it is one': lambda: doctor.examine(C, X="NHWC"),
    "expected letters out of NCHW": lambda: doctor.examine(C, X="NCQW"),
    'K="HWCN".*with X="NCHW", K="OIHW"': lambda: doctor.examine(C, K="HWCN"),
    'Z="NHWO".*Z="NOHW" it is one': lambda: doctor.examine(C, Z="NHWO"),
    'b="HW".*b="111O" it is one': lambda: doctor.examine(F, B, b="HW"),
    'activation="relu".*activation="linear" it is one': lambda: doctor.examine(C, activation="relu"),
    "activation='swish' is none of linear, relu": lambda: doctor.examine(C, activation="swish"),
    "kind='conv' is none of convolution": lambda: doctor.examine(C, kind="conv"),
    'with kind="convolution" it is a convolution': lambda: doctor.examine(C, kind="max pooling"),
    r"'dw', shaped \(4, 2, 3, 3\).*\.dW \(4, 2, 3, 3\)": lambda: doctor.examine(C, gradients=("dw", "db")),
    "'stepp'.*Expected one of these names": lambda: doctor.examine(C, gradients="stepp"),
    "names of .dK, db. or .dX, dK, db.": lambda: doctor.examine(C, gradients=("a", "b", "c", "d")),
    "'dk' is none of dX, dK, db": lambda: doctor.examine(C, gradients={"dk": "dW"}),
    "without='dx' is none of dX, dK, db": lambda: doctor.examine(C, without=("dx",)),
    "'fwd' is no method of it; its methods: forward, rows, backward": lambda: doctor.examine(C, forward="fwd"),
    "looked for bwd; it has rows, backward": lambda: doctor.examine(C, "bwd"),
    "looks like a forward function: expected its backward": lambda: doctor.examine(F),
    "forward function first, then the backward": lambda: doctor.examine(B, F),
    "one method of a class: expected the class": lambda: doctor.examine(C.forward),
    "expected a class, an object or two functions; found ndarray": lambda: doctor.examine(np.zeros(3)),
    "no parameter 'paso'; it has W, b, stride, pad": lambda: doctor.examine(C, stride="paso"),
    "no parameter 'foo'": lambda: doctor.examine(C, arguments={"foo": "X"}),
    "meaning of 'stride' 'strid' is none of": lambda: doctor.examine(C, arguments={"stride": "strid"}),
    "lr='0.1': expected a number": lambda: doctor.examine(C, lr="0.1"),
    r"eight numbers .*found \(1, 2\)": lambda: doctor.examine(C, settings=[(1, 2)]),
    "tell='all' is none of evidence": lambda: doctor.examine(C, tell="all"),
}


@pytest.mark.parametrize("said", CALLS)
def test_a_wrong_call_is_told_what_was_found_and_expected(said):
    with pytest.raises(ValueError, match=said) as caught:
        CALLS[said]()
    assert len(str(caught.value)) < 420


class Anonymous:
    """Stride and padding under names that nobody knows."""

    def __init__(self, q, z, turned=False):
        self.W, self.b, self.q, self.z, self.turned = np.random.randn(3, 2, 3, 3), np.zeros(3), q, z, turned

    def forward(self, x):
        p, s = self.z, self.q
        self.shape, self.xp = x.shape, np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        self.w = np.lib.stride_tricks.sliding_window_view(self.xp, (3, 3), axis=(2, 3))[:, :, ::s, ::s]
        return np.einsum("nchwij,ocij->nohw", self.w, self.W) + self.b[:, None, None]

    def backward(self, d):
        p, s, H = self.z, self.q, self.W[:, :, ::-1, ::-1] if self.turned else self.W
        self.dW, self.db = np.einsum("nchwij,nohw->ocij", self.w, d), d.sum((0, 2, 3))
        dx = np.zeros_like(self.xp)
        for i, j in np.ndindex(3, 3):
            dx[:, :, i : i + s * d.shape[2] : s, j : j + s * d.shape[3] : s] += np.einsum(
                "nohw,oc->nchw", d, H[:, :, i, j]
            )
        return dx[:, :, p : p + self.shape[2], p : p + self.shape[3]]


@pytest.mark.parametrize("s, p", [(1, 0), (2, 0), (2, 1), (3, 2)])
def test_an_object_shows_its_stride_and_padding_by_its_output(s, p):
    report = doctor.assert_right(Anonymous(s, p))
    turned = doctor.examine(Anonymous(s, p, turned=True), show=False)
    wrong = turned["dX"]
    assert not turned and wrong.mistake == "no_turn" and {(x.s, x.p) for x in wrong.settings} == {(s, p)} and report


def test_an_object_may_be_told_its_stride_and_padding():
    assert doctor.assert_right(Anonymous(2, 1), stride=2, pad=1)
    wrong = doctor.examine(second_hand.Faltungsschicht(2, 3, 3, schritt=2, rand=1), show=False)["dK"]
    assert wrong.mistake == "dK_stride_forgotten" and {(x.s, x.p) for x in wrong.settings} == {(2, 1)}


class Momentum:
    """Updates itself by a velocity, −lr·dK at first: that is no gradient with a reversed sign."""

    def __init__(self, options):
        shape = (options["kernel_size"],) * 2
        self.w, self.vw = np.random.randn(*shape, options["in_channels"], options["n_filters"]), 0

    def forward(self, x):
        self.x, k = x, len(self.w)
        self.size = x.shape[1] - k + 1, x.shape[2] - k + 1
        return sum(self.part(x, i, j) @ self.w[i, j] for i, j in np.ndindex(k, k))

    def part(self, a, i, j):
        return a[:, i : i + self.size[0], j : j + self.size[1]]

    def backward(self, g, lr=0.01, momentum=0.9):
        dx, dw = np.zeros_like(self.x), np.zeros_like(self.w)
        for i, j in np.ndindex(self.w.shape[:2]):
            part = self.part(dx, i, j)
            part += g @ self.w[i, j].T
            dw[i, j] = np.tensordot(self.part(self.x, i, j), g, ([0, 1, 2], [0, 1, 2]))
        self.vw = momentum * self.vw - lr * dw
        self.w += self.vw
        return dx


def test_a_velocity_is_no_gradient_and_options_are_asked_for_by_their_names():
    report = doctor.examine(Momentum, guess=True, show=False)
    assert report and str(report.plan.sources["dK"]) == "a step of the weights"

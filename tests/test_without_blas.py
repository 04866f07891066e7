"""A matrix product is the same on every platform up to rounding, and the same bits on one."""

import numpy as np
import pytest
from helpers import assert_close

from cnnlib import data, models, training, without_blas

SHAPES = [(5, 3, 4), (7, 63, 6), (7, 64, 6), (3, 65, 1), (1, 200, 12), (800, 240, 48)]


@pytest.fixture
def page(monkeypatch):
    monkeypatch.setattr(without_blas, "PLATFORM", "page")


def operands(m, n, p, dtype, turned):
    rng = np.random.default_rng(n)
    A, B = rng.standard_normal((n, m)).T if turned else rng.standard_normal((m, n)), rng.standard_normal((n, p))
    return A.astype(dtype, order="K"), B.astype(dtype)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_page_computes_the_product_of_the_definition(page, shape, dtype, turned):
    A, B = operands(*shape, dtype, turned)
    C = without_blas.matmul(A, B)
    exact = (A[:, :, None].astype(np.longdouble) * B[None].astype(np.longdouble)).sum(axis=1)
    assert C.dtype == dtype and C.shape == (shape[0], shape[2])
    assert np.abs(C - exact).max() <= 4 * shape[1] * np.finfo(dtype).eps * np.abs(exact).max()


def test_the_way_follows_from_platform_and_shape_alone(monkeypatch):
    taken, real = [], np.einsum
    monkeypatch.setattr(without_blas.np, "einsum", lambda *words: taken.append(words[1].shape) or real(*words))
    for platform in ("native", "page"):
        monkeypatch.setattr(without_blas, "PLATFORM", platform)
        for shape in SHAPES:
            without_blas.matmul(*operands(*shape, np.float32, False))
    assert taken == [(m, n) for m, n, _ in SHAPES if n >= 64]


def test_symbols_go_the_plain_way(page):
    A, B = np.full((2, 100), 1, dtype=object), np.full((100, 3), 2, dtype=object)
    assert (without_blas.matmul(A, B) == 200).all()


def trained(updates=4):
    """The parameters of the article's net after some updates."""
    digits = data.load_digits()
    net = models.toolbox_net(rng=np.random.default_rng(3))
    images, targets = digits.train_images[: 50 * updates], data.one_hot(digits.train_labels[: 50 * updates])
    list(training.train(net, images, targets, rng=np.random.default_rng(1)))
    return [array for layer in net.layers for array in layer.params.values()]


def test_a_net_trains_alike_in_the_page_and_with_the_same_bits_each_time(monkeypatch):
    native = trained()
    monkeypatch.setattr(without_blas, "PLATFORM", "page")
    page, again = trained(), trained()
    for here, there, once_more in zip(native, page, again, strict=True):
        assert_close(there, here, tolerance=1e-4)
        assert there.tobytes() == once_more.tobytes()
    assert any(here.tobytes() != there.tobytes() for here, there in zip(native, page, strict=True))  # it was used

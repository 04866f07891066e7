"""What PyTorch says, as recorded: it agrees with cnnlib, and other arrays are refused.  `make oracle` asks live."""

import numpy as np
import pytest
from helpers import says

from cnnlib import adjoint, ops
from cnnlib.lesson import pytorch
from cnnlib.lesson.pytorch import CASES, ask_pytorch


@pytest.fixture(autouse=True)
def no_torch(monkeypatch):
    monkeypatch.setattr(pytorch, "find_spec", lambda name: None)


@pytest.mark.parametrize("name", CASES)
def test_the_recorded_answers_are_those_of_the_library(name):
    X, K, delta = (np.array(A) for A in CASES[name])
    said = ask_pytorch(X, K, delta)
    if X.ndim == 2:
        assert (said.z == ops.correlate(X, K)).all()
        assert (said.x_grad == ops.correlate(delta, ops.rot180(K), "full")).all()
        assert (said.k_grad == ops.correlate(X, delta)).all()
    else:
        assert (said.x_grad == adjoint.scatter(delta, K, X.shape)).all()
    assert (said.transposed == said.x_grad).all() and (said.turned == said.x_grad).all()
    assert (said.unturned != said.x_grad).any()
    assert "Recorded on 20" in repr(said) and pytorch.COMMAND in repr(said) and said.source in said._repr_html_()


def test_other_arrays_are_refused_without_pytorch_and_sizes_that_do_not_fit_always():
    X, K, delta = CASES["row"]
    with says("not installed here", "row, map, four pictures, channels"):
        ask_pytorch([[1, 10, 1, 0, 0]], K, delta)
    with says("delta is (1, 2)", "gives (1, 3)"):
        ask_pytorch(X, K, [[1, 2]])
    with says("all three have to be maps"):
        ask_pytorch(X[0], K, delta)


def test_a_session_shows_the_lines_and_what_they_gave():
    told = repr(ask_pytorch(*CASES["row"]))
    lines = told.splitlines()
    at = lines.index(">>> F.conv_transpose2d(δ, k)")
    assert lines[at + 1].split() == ["100", "210", "321", "32", "3"] and lines[at + 2] == "# the same as x.grad"
    assert "# not x.grad" in told

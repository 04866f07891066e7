"""What a notebook calls a proof sees a fault of the library: plant it, run the cells, and look where they stop."""

import numpy as np
import pytest
import sympy
from numpy.lib.stride_tricks import as_strided
from test_notebook_edits import code_cells, quiet  # noqa: F401

from cnnlib import banded, ops

PROOF = "05_prove_it_for_every_size"
NEEDED = {"imports", "oracle-polynomial"}


def stops(folder, prefix):
    """Run the cells of notebook 05 whose ids begin with ``prefix`` (one or a tuple): which fails, and its names."""
    namespace = {"__name__": "__main__"}
    for name, source in code_cells(folder, PROOF):
        if name in NEEDED or name.startswith(prefix):
            try:
                exec(compile(source, f"<{name}>", "exec"), namespace)
            except AssertionError:
                return name, namespace
    return "", namespace


def taps_that_do_not_move(self, B):
    """Band.taps with the step destroyed: every output column of a tile finds its taps in the same columns."""
    (k_h, k_w), (_, d) = self.geometry.kernel, self.geometry.dilation
    row, column, channel, output, last = B.strides
    return as_strided(B, (k_h, k_w, B.shape[2], self.t, B.shape[4]), (row, d * column, channel, output, last))


@pytest.mark.usefixtures("quiet")
def test_the_cells_stop_nowhere_without_a_fault(in_git):
    assert stops(in_git, ("training-", "witnesses-"))[0] == ""


@pytest.mark.usefixtures("quiet")
def test_the_proof_of_the_fast_path_sees_a_destroyed_step_of_the_band(in_git, monkeypatch):
    monkeypatch.setattr(banded.Band, "taps", taps_that_do_not_move)
    assert stops(in_git, "training-")[0] == "training-fast-check"


@pytest.mark.usefixtures("quiet")
def test_a_turned_correlate_leaves_the_code_alone_against_two_witnesses(in_git, monkeypatch):
    right = ops.correlate
    monkeypatch.setattr(ops, "correlate", lambda X, K, mode="valid": right(X, np.asarray(K)[::-1, ::-1], mode))
    stopped, names = stops(in_git, ("training-letters", "witnesses-"))
    assert stopped == "witnesses-compare"
    s, t, p_, q_ = (names[name] for name in ("s", "t", "p_", "q_"))
    polynomial = sympy.expand(names["P"].coeff_monomial(s**p_ * t**q_))
    assert names["derivative"] == polynomial != sympy.expand(names["by_code"][p_, q_])

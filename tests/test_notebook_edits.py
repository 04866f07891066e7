"""The proofs must be able to fail: change one token of a proof cell, and the notebook stops with an error.

The code cells are executed one after the other in this process, with nothing shown. A notebook that nobody
edited runs to its end in the same way.
"""

import sys
from pathlib import Path

import matplotlib
import nbformat
import pytest
from ipywidgets.widgets import widget
from matplotlib import pyplot as plt

from cnnlib import quiz

N01, N02, N03 = "01_correlation_is_not_convolution", "02_valid_same_full", "03_backpropagation_index_by_index"
N04, N05, N06 = "04_prove_it_2x2", "05_prove_it_for_every_size", "06_one_gradient_four_pictures"

EDITS = [  # notebook, cell, old token, new token
    (N01, "convolution-loop", "i + 1 - u", "i + u"),
    (N01, "turn-by-slicing", "K[::-1, ::-1]", "K[::-1]"),
    (N01, "why-collect-loop", "a[n - u]", "a[n + u - 2]"),
    (N01, "who-layer-impulse", "ops.rot180(odd)", "odd"),
    (N02, "there-and-back", "2 * (k - 1)", "2 * k"),
    (N02, "there-28-check", "ops.rot180(K)", "K"),
    (N02, "full-two-words", "b = ops.convolve(delta, K", "b = ops.correlate(delta, K"),
    (N02, "even-check", "(k - 1) // 2", "k // 2"),
    (N03, "recursion-loop", "W2[j, i]", "W2[i, j]"),
    (N03, "delta-output", "(a2[j] - y[j])", "(y[j] - a2[j])"),
    (N03, "symbols-chain-sum", "delta[j]", "delta[n]"),
    (N04, "row-forward-loop", "x[i + u]", "x[i - u]"),
    (N04, "sentence-check", "k[p - i]", "k[p + i]"),
    (N04, "factor-check", "x = sigma(a)", "x = a"),
    (N04, "slide-pad-zeros", "padded[h - 1, h - 1]", "padded[h, h]"),
    (N04, "slide-turn-map", "K[h - 1 - u, h - 1 - v]", "K[u, v]"),
    (N04, "slide-turn-map", "h - 1 - v", "v"),
    (N04, "slide-slide-loop", "p + a", "p - a"),
    (N04, "slide-without-check", "padded, K", "padded, turned"),
    (N04, "nine-forward-loop", "i + u", "i - u"),
    (N04, "nine-middle-terms", "K[p - i,", "K[p + i,"),
    (N04, "nine-full-loop", "sym.rot180(K)", "K"),
    (N04, "nine-full-loop", "h - 1, h - 1", "h, h"),
    (N04, "nine-identity-check", "sym.correlate", "sym.convolve"),
    (N04, "nine-others-table", '"turned by 180°": turned', '"turned by 180°": K.T'),
    (N04, "weak-wrong-rule", "D[i, j] * K", "D[i, j] * K.T"),
    (N04, "picture-numbers", "ops.rot180(kernel)", "kernel"),
    (N05, "step-forward-sum", "i + u", "i - u"),
    (N05, "step-loss-sum", "H - h", "H"),
    (N05, "step-collapse-term", "k[p - i,", "k[p + i,"),
    (N05, "step-count-subs", "j: q + b - (w - 1)", "j: q + b - w"),
    (N05, "step-claim-padded", "row <= H - h", "row <= H"),
    (N05, "step-claim-padded", "p + a - (h - 1)", "p + a - h"),
    (N05, "step-claim-sum", "k[h - 1 - a,", "k[a,"),
    (N05, "step-terms-subtract", "a: h - 1 - (p - i)", "a: p - i"),
    (N05, "can-fail-unturned", "framed, K_map", "framed, general.rot180(K_map)"),
    (N05, "can-fail-frame-check", "general.pad(delta_map, h, w)", "general.pad(delta_map, h - 1, w - 1)"),
    (N05, "can-fail-full-check", "convolve(framed, turned", "correlate(framed, turned"),
    (N05, "other-collapse", "== delta[i, j] * k[h - 1 - (p - i)", "== delta[i, j] * k[p - i"),
    (N05, "kernel-collapse", "x[i + u, j + v]", "x[i - u, j - v]"),
    (N05, "channels-collapse", "k[o, c, p - i", "k[c, o, p - i"),
    (N05, "oracle-compare", "sym.rot180(K)", "K"),
    (N05, "training-pass-code", "layer.backward(D)", "layer.backward(D[..., ::-1])"),
    (N05, "witnesses-compare", "ops.rot180(K)", "K"),
    (N06, "forward-loop", "X[i + u,", "X[i - u,"),
    (N06, "gather-loop", "u, v = p - i,", "u, v = p + i,"),
    (N06, "gather-window", "K[::-1, ::-1]", "K"),
    (N06, "gather-window", "((1, 1), (2, 2))", "((2, 2), (3, 3))"),
    (N06, "gather-window-check", "not compare", "compare"),
    (N06, "scatter-loop", "pasted[i + u,", "pasted[i - u,"),
    (N06, "matrix-loop", "i + u,", "i + 1 - u,"),
    (N06, "columns-back", "+=", "="),
    (N06, "library-loop", "Ks[o, c, u, v]", "Ks[o, c, 1 - u, 2 - v]"),
    (N06, "matlab-loop", "ops.convolve(X, K)", "ops.correlate(X, K)"),
]

# Cells that only check, take a second or more, and define nothing that a later cell uses.
SLOW_CHECKS = {"invariant-check", "all-forms"}


@pytest.fixture
def quiet(monkeypatch):
    """What a notebook does to its process is taken back: styles, figures, widgets, SymPy's way of printing."""
    open_before = set(widget._instances)
    monkeypatch.setattr(quiz, "ask", lambda _name: None)
    monkeypatch.setattr(sys, "displayhook", sys.displayhook)
    with matplotlib.rc_context():
        yield
    plt.close("all")
    for key in set(widget._instances) - open_before:
        if key in widget._instances:  # an explorer takes its parts with it
            widget._instances[key].close()


def code_cells(folder, name):
    """(id, source) of every code cell."""
    notebook = nbformat.read(Path(folder, "notebooks", f"{name}.ipynb"), as_version=4)
    return [(cell.id, cell.source) for cell in notebook.cells if cell.cell_type == "code"]


def stops_at(cells):
    """Run the cells in one namespace: the id of the first that fails, or None."""
    namespace = {"__name__": "__main__"}
    for name, source in cells:
        try:
            exec(compile(source, f"<{name}>", "exec"), namespace)
        except Exception:
            return name
    return None


@pytest.mark.parametrize("name", sorted({name for name, *_ in EDITS}))
def test_unedited_notebook_runs_to_its_end(name, in_git, quiet):
    assert stops_at(code_cells(in_git, name)) is None


@pytest.mark.parametrize("name, cell, old, new", EDITS, ids=[f"{n[:2]} {c}: {new}" for n, c, _, new in EDITS])
def test_one_wrong_token_stops_the_notebook(name, cell, old, new, in_git, quiet):
    cells = code_cells(in_git, name)
    place = [here for here, _ in cells].index(cell)
    assert cells[place][1].count(old) == 1
    before = [each for each in cells[:place] if each[0] not in SLOW_CHECKS]
    edited = [(cell, cells[place][1].replace(old, new)), *cells[place + 1 :]]
    stopped = stops_at(before + edited)
    assert stopped in [here for here, _ in edited]

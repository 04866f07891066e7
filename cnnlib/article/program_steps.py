"""The steps of the article's net in the order of its program: formula, toolbox lines, and the lines of cnnlib.

Plain data, no widget.  A place is one array of the pass: ``STEPS`` says which places each step reads and
which it fills.  Toolbox lines are those of R. B. Palm's DeepLearnToolbox (MATLAB, 2012), commit 5df2801; they are
quoted, and not ported to Python.  The lines of cnnlib stand literally in the functions named beside them.  A
convolution has two paths with the same numbers, and its steps quote other lines on each path; :func:`times_run`
counts how often quoted lines run.
"""

import inspect
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from .. import adjoint
from ..banded import Band
from ..layers import Conv2D, Dense, Flatten, MeanPool2D, Sigmoid
from ..layers.conv import SlidingWindows
from ..losses import SquaredError
from ..network import Network
from ..training import SGD


class Step(NamedTuple):
    """One step of the program.  ``formula`` is HTML, with MATLAB's names for its functions."""

    name: str
    reads: tuple[str, ...]  # places
    fills: tuple[str, ...]  # places; the last one is shown large
    formula: str
    toolbox: str  # file and lines
    source: tuple[tuple[Callable, str], ...]  # (function, a line of it)
    remark: str
    banded: tuple[tuple[Callable, str], ...] = ()  # what runs instead on the path "banded"
    banded_remark: str = ""

    def lines(self, path: str) -> tuple[tuple[Callable, str], ...]:
        """(function, line) of what runs on a path, "plain" or "banded"."""
        return self.banded if path == "banded" and self.banded else self.source

    def words(self, path: str) -> str:
        """The remark that belongs to a path."""
        return self.banded_remark if path == "banded" and self.banded_remark else self.remark


def times_run(lines: Sequence[tuple[Callable, str]], run: Callable[[], object]) -> list[int]:
    """How often each of the (function, line) is executed while ``run()`` works."""
    wanted = [(inspect.unwrap(function).__code__, _number_of(function, line)) for function, line in lines]
    codes, counts = {code for code, _ in wanted}, Counter()

    def trace(frame, event, _argument):
        if frame.f_code not in codes:
            return None
        if event == "line":
            counts[frame.f_code, frame.f_lineno] += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(before)
    return [counts[place] for place in wanted]


def _number_of(function, line):
    """The line number, in its file, of the line of a function that contains a text."""
    source, start = inspect.getsourcelines(function)
    return start + next(k for k, text in enumerate(source) if line in text)


def _i(letter, index):
    return f"{letter}<sub>{index}</sub>"


_SIGMOID = (Sigmoid.function, "return 1 / (1 + np.exp(-Z))")
_SLOPE = (Sigmoid.slope, "return A * (1 - A)")
_CONV_FORMULA = (
    f"{_i('z', 'j')} = Σ<sub>i</sub> {_i('a', 'i')} ∗<sub>valid</sub> {_i('k', 'ij')},"
    f"&ensp;{_i('a', 'j')} = σ({_i('z', 'j')} + {_i('b', 'j')})"
)
_EXPAND_FORMULA = f"{_i('d', 'j')} = {_i('a', 'j')} ∘ (1 − {_i('a', 'j')}) ∘ expand({_i('d', 'j')}, s) / s²"
_DK_FORMULA = (
    f"{_i('dk', 'ij')} = flipall({_i('a', 'i')}) ∗<sub>valid</sub> {_i('d', 'j')} / N,"
    f"&ensp;{_i('db', 'j')} = Σ {_i('d', 'j')} / N"
)


def _convolution(below, kernels, above, remark):
    lines = (
        (SlidingWindows.forward, "H = effective_kernel(K, self.operation)"),
        (SlidingWindows.forward, "Z = correlate_maps(g.with_padding(X), H,"),
        _SIGMOID,
    )
    name = f"forward: {below} to {above}, convolution, shared bias, σ"
    banded = ((Band.forward, "self.B = self._band(effective_kernel(K, self.operation))"),
              (Band.forward, "rows = matmul(self.R, self._matrix())"), _SIGMOID)  # fmt: skip
    fills, in_band = (kernels, above), f"{remark} The band holds the slices as they lie on the maps."
    return Step(name, (below, kernels), fills, _CONV_FORMULA, "cnnff.m 7–20", lines, remark, banded, in_band)


def _pooling(below, above, remark):
    lines = ((MeanPool2D.block_sums, "X = functools.reduce(np.add, self.block_slices(X, axis))"),)
    formula = f"z = {_i('a', 'j')} ∗<sub>valid</sub> ones(s)/s², then every s-th row and column"
    return Step(
        f"forward: {below} to {above}, mean pooling", (below,), (above,), formula, "cnnff.m 21–27", lines, remark
    )


def _expanding(above, activation, below, remark):
    lines = ((MeanPool2D.backward, "share = delta / int(np.prod(self.scale))"), _SLOPE)
    name = f"backward: {above} to {below}, equal shares, σ′"
    return Step(name, (above, activation), (below,), _EXPAND_FORMULA, "cnnbp.m 24–27", lines, remark)


def _kernel_gradient(maps, delta, gradient, remark):
    lines = (
        (adjoint.kernel_gradient, "np.tensordot(delta[:, :, *part], W[:, :, *part], axes=([0, 2, 3], [0, 2, 3]))"),
        (Conv2D.bias_gradient, "return delta.sum(axis=0).sum(axis=(1, 2))"),
    )
    name = f"gradient: {gradient} and its bias"
    banded = ((Band.kernel_gradient, "dB = matmul(self.R.T, self._as_rows(delta))"), lines[1])
    return Step(name, (maps, delta), (gradient,), _DK_FORMULA, "cnnbp.m 44, 46", lines, remark, banded)


STEPS = (
    Step("the digit", (), ("X",), "a = x", "cnnff.m, its argument",
         ((Network.forward, "self.activations, self.deltas = [A], []"),), "One map of ink on paper."),
    _convolution("X", "K¹", "A¹", "convn turns each slice. One bias serves a whole map."),
    _pooling("A¹", "A²", "No bias, no σ: a pool learns nothing."),
    _convolution("A²", "K²", "A³", "Each map above sees each map below, by a slice of its own."),
    _pooling("A³", "A⁴", "The same lines once more."),
    Step("forward: A⁴ to fv, flatten", ("A⁴",), ("fv",), "fv = reshape, map after map", "cnnff.m 31–35",
         ((Flatten.forward, "X.reshape(len(X), -1)"),), "Drawn 16 features a line: one line is one map."),
    Step("forward: fv to o, the output", ("fv", "W"), ("W", "z", "o"), "o = σ(ffW · fv + ffb)", "cnnff.m 37",
         ((Dense.forward, "X @ W.T + self._bias()"), _SIGMOID), "Ten sigmoids; they need not add up to 1."),
    Step("backward: error e and loss L", ("o",), ("e",), "e = o − y,&ensp;L = ½ Σ e² / N", "cnnbp.m 5–7",
         ((SquaredError.gradient, "return (outputs - targets) / len(outputs)"),), "All deltas come from here."),
    Step("backward: e to od, through σ", ("e", "o"), ("od",), "od = e ∘ o ∘ (1 − o)", "cnnbp.m 10", (_SLOPE,),
         "σ′ of the outputs, written in the outputs."),
    Step("backward: od to fvd", ("od", "W"), ("fvd",), "fvd = ffWᵀ · od", "cnnbp.m 11",
         ((Dense.backward, "return delta @ W if need_dX else None"),), "No factor B: the last layer is a pool."),
    Step("backward: fvd to δ⁴, back to maps", ("fvd",), ("δ⁴",), f"{_i('d', 'j')} = reshape", "cnnbp.m 17–21",
         ((Flatten.backward, "return delta.reshape(shape) if need_dX else None"),), "The inverse of the flatten."),
    _expanding("δ⁴", "A³", "δ³", "Each cell of a block gets a quarter. This σ′ is that of A³ itself."),
    Step("backward: δ³ to δ², with rot180", ("δ³", "K²"), ("δ²",),
         f"{_i('d', 'i')} = Σ<sub>j</sub> {_i('d', 'j')} ∗<sub>full</sub> rot180({_i('k', 'ij')})",
         "cnnbp.m 28–35, 53–55", ((adjoint.gather, "turned = ops.rot180(H).swapaxes(0, 1)"),),
         "The maps grow. The line that turns kernels: all slices of K², none of K¹. convn turns them back.",
         ((Band.input_gradient, "parts = matmul(self._as_rows(delta), self._matrix().T)"),),
         "The maps grow. Nothing is turned: the band of the forward pass is transposed. The same numbers."),
    _expanding("δ²", "A¹", "δ¹", "Here the toolbox stops: nobody asks for the delta of the digit."),
    Step("gradient: dW of the output and its bias", ("od", "fv"), ("dW",),
         "dffW = od · fvᵀ / N,&ensp;dffb = mean(od)", "cnnbp.m 50, 51",
         ((Dense.backward, 'self.grads["W"] = delta.T @ X'),
          (Dense.backward, 'self.grads["b"] = delta.sum(axis=0)')), "Drawn as maps: a line for each output."),
    _kernel_gradient("A²", "δ³", "dK²", "A sum over positions; W: all windows. flipall is a second, hidden flip."),
    _kernel_gradient("X", "δ¹", "dK¹", "The first kernels learn without ever being turned."),
    Step("update of all kernels, weights and biases", ("dK¹", "dK²", "dW"), ("K¹", "W", "K²"),
         "θ ← θ − α · ∂L/∂θ,&ensp;α = 1", "cnnapplygrads.m 6, 8, 13–14",
         ((SGD.update, "change = -learning_rate * gradient"),), "Large: K² after the update."),
)  # fmt: skip

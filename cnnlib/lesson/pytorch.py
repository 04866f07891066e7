"""What PyTorch computes for a layer: its forward pass, its autograd, and the operation of its backward pass::

    said = ask_pytorch(X, K, delta)      # shown as a session of a Python that has PyTorch
    equal(dX, said.x_grad, …)

Where PyTorch is installed, it computes now, in float64.  Elsewhere its recorded answer is shown, with date, version
and command; the record holds the arrays of :data:`CASES` (``make oracle ARGS=--record``).
"""

import html
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

from ..experiments import records
from ..plots.number_format import entries

RECORD = "pytorch"
COMMAND = "make oracle ARGS=--record"
IMPORT = ">>> import torch, torch.nn.functional as F"
BLOCKS = "display:flex;flex-wrap:wrap;gap:.9em 2em"
SHOWN = 8  # maps of at most so many rows and columns are written out


def _drawn(*shapes):
    rng = np.random.default_rng(12)
    return tuple(rng.integers(-9, 10, shape) for shape in shapes)


CASES = {
    "row": ([[100, 10, 1, 0, 0]], [[1, 2, 3]], [[100, 10, 1]]),
    "map": ([[1, 0, 2, 1], [3, 1, 0, 2], [0, 2, 1, 1], [1, 0, 3, 0]], [[1, 2], [0, -1]],
            [[1, 0, -2], [0, 3, 1], [2, -1, 0]]),
    "four pictures": ([[3, 1, 4, 1], [5, 9, 2, 6], [5, 3, 5, 8]], [[1, 2, 3], [4, 5, 6]], [[1, 10], [100, 1000]]),
    "channels": _drawn((2, 3, 5, 5), (4, 3, 3, 3), (2, 4, 3, 3)),
}  # fmt: skip

# name → the line that gives it; x, k, δ are tensors, h and w the size of the kernel.
LINES = {
    "z": "z = F.conv2d(x, k)",
    "x_grad": "z.backward(δ); x.grad",
    "k_grad": "k.grad",
    "transposed": "F.conv_transpose2d(δ, k)",
    "turned": "F.conv2d(F.pad(δ, (w-1, w-1, h-1, h-1)), k.flip(-2, -1).transpose(0, 1))",
    "unturned": "F.conv2d(F.pad(δ, (w-1, w-1, h-1, h-1)), k.transpose(0, 1))",
}


@dataclass(frozen=True)
class Answers:
    """What PyTorch computed, in the shapes of the question, and where it is from.

    Attributes
    ----------
    z
        The forward pass, a correlation.
    x_grad, k_grad
        ∂L/∂X and ∂L/∂K by autograd, for L with ∂L/∂Z = delta.
    transposed
        conv_transpose2d of delta with the kernel as it is.
    turned, unturned
        delta with its border of zeros, correlated with the turned kernel, and with K as it is.
    """

    z: np.ndarray
    x_grad: np.ndarray
    k_grad: np.ndarray
    transposed: np.ndarray
    turned: np.ndarray
    unturned: np.ndarray
    source: str

    def session(self) -> list[str]:
        """Each line with what it gave, as in a terminal."""
        parts = []
        for name, line in LINES.items():
            values = getattr(self, name)
            parts.append(f">>> {line}\n{_written(values)}")
            if name in ("transposed", "turned", "unturned"):
                parts[-1] += "\n# the same as x.grad" if np.array_equal(values, self.x_grad) else "\n# not x.grad"
        return parts

    def __repr__(self):
        return "\n".join([IMPORT, *self.session(), self.source])

    def _repr_html_(self):
        blocks = "".join(f'<pre style="margin:0">{html.escape(part)}</pre>' for part in self.session())
        return (
            f'<pre style="margin:0 0 .6em">{IMPORT}</pre><div style="{BLOCKS}">{blocks}</div>'
            f"<p><i>{html.escape(self.source)}</i></p>"
        )


def ask_pytorch(X, K, delta) -> Answers:
    """Compute one layer with PyTorch.

    Parameters
    ----------
    X : (n_h, n_w) or (N, C_in, n_h, n_w)
    K : (k_h, k_w) or (C_out, C_in, k_h, k_w)
    delta : (m_h, m_w) or (N, C_out, m_h, m_w)
        ∂L/∂Z.

    Raises
    ------
    ValueError
        Where the sizes do not fit, and, without PyTorch, for arrays that were not recorded.
    """
    X, K, delta = (np.asarray(values, dtype=np.float64) for values in (X, K, delta))
    if X.ndim != K.ndim or X.ndim != delta.ndim or X.ndim not in (2, 4):
        shapes = f"X {X.shape}, K {K.shape}, delta {delta.shape}"
        raise ValueError(f"ask_pytorch: all three have to be maps, or all batches, and these are {shapes}")
    wanted = tuple(n - k + 1 for n, k in zip(X.shape[-2:], K.shape[-2:], strict=True))
    if delta.shape[-2:] != wanted:
        raise ValueError(f"ask_pytorch: delta is {delta.shape[-2:]}, and the forward pass gives {wanted}")
    return _live(X, K, delta) if find_spec("torch") else _recorded(X, K, delta)


def _live(X, K, delta):
    """Every line of LINES, run in float64."""
    import torch
    import torch.nn.functional as F  # noqa: N812 (its usual name)

    four = [torch.tensor(A if A.ndim == 4 else A[None, None]) for A in (X, K, delta)]
    x, k, d = four[0].requires_grad_(), four[1].requires_grad_(), four[2]
    h, w = k.shape[-2:]
    z = F.conv2d(x, k)
    z.backward(d)
    with torch.no_grad():
        padded = F.pad(d, (w - 1, w - 1, h - 1, h - 1))
        found = {"z": z, "x_grad": x.grad, "k_grad": k.grad, "transposed": F.conv_transpose2d(d, k),
                 "turned": F.conv2d(padded, k.flip(-2, -1).transpose(0, 1)),
                 "unturned": F.conv2d(padded, k.transpose(0, 1))}  # fmt: skip
        arrays = {name: tensor.numpy() for name, tensor in found.items()}
    arrays = {name: A if X.ndim == 4 else A[0, 0] for name, A in arrays.items()}
    return Answers(**arrays, source=f"PyTorch {torch.__version__}, asked just now.")


def _recorded(X, K, delta):
    """The recorded answer, if the record holds exactly these arrays."""
    record = records.read(RECORD)
    for case in record["cases"].values():
        asked = [np.array(case[name], dtype=np.float64) for name in ("X", "K", "delta")]
        if all(np.array_equal(one, other) for one, other in zip(asked, (X, K, delta), strict=True)):
            arrays = {name: np.array(case[name], dtype=np.float64) for name in LINES}
            when = f"Recorded on {record['date']} with PyTorch {record['torch']} ({COMMAND})"
            return Answers(**arrays, source=f"{when}; there is no PyTorch here.")
    raise ValueError(
        "ask_pytorch: PyTorch is not installed here, and these arrays were not recorded; recorded are "
        f"{', '.join(record['cases'])} (cnnlib.lesson.pytorch.CASES)"
    )


def record_cases() -> str:
    """Ask about every case and write the record; the path.  Needs PyTorch."""
    import torch

    cases = {}
    for name, arrays in CASES.items():
        said = ask_pytorch(*arrays)
        asked = dict(zip(("X", "K", "delta"), (np.asarray(A).tolist() for A in arrays), strict=True))
        cases[name] = asked | {line: getattr(said, line).astype(int).tolist() for line in LINES}
    return str(records.write(RECORD, torch=torch.__version__, command=COMMAND, cases=cases))


def _written(A):
    """An array as a session shows it; a large one, or a batch, by its shape."""
    A = A[0, 0] if A.ndim == 4 and A.shape[:2] == (1, 1) else A
    if A.ndim != 2 or max(A.shape) > SHOWN:
        return f"tensor of shape {tuple(A.shape)}"
    rows = entries(A)
    width = max(len(text) for row in rows for text in row)
    return "\n".join("  ".join(text.rjust(width) for text in row) for row in rows)

"""Notebook 02, valid, same, full: even kernels, how often a pixel is used, the size formula backwards."""

from operator import mul

from .. import ops
from .exercise import Exercise

# ------------------------------------------------------------------------------------ same_padding


def _kernel_sizes(_rng):
    return [((3, 5),), ((2, 3),), ((5, 4),), ((4, 2),), ((1, 6),)]


def _frame(before, after):
    return lambda kernel_size: [(before(k), after(k)) for k in kernel_size]


def _less(k):
    return (k - 1) // 2


def _more(k):
    return k // 2


same_padding = Exercise(
    name="same_padding",
    task="same_padding(kernel_size) has to return ((top, bottom), (left, right)): the zeros around a map with "
    "which a valid correlation gives NumPy's same, for even kernels too.",
    cases=_kernel_sizes,
    reference=_frame(_more, _less),
    mistakes={
        "before and after are exchanged: this is the same of MATLAB and PyTorch": _frame(_less, _more),
        "h//2 on both sides: an even kernel makes the map one cell larger": _frame(_more, _more),
        "(h−1)//2 on both sides: an even kernel makes the map one cell smaller": _frame(_less, _less),
        "h−1 on both sides: this is the frame of full": _frame(lambda k: k - 1, lambda k: k - 1),
        "rows and columns are exchanged": lambda kernel_size: _frame(_more, _less)(kernel_size[::-1]),
        "this is ((top, left), (bottom, right))": lambda kernel_size: [
            [_more(k) for k in kernel_size],
            [_less(k) for k in kernel_size],
        ],
    },
    hints=(
        "The map may not shrink: top and bottom together have to be k_h − 1.",
        "NumPy's same is the middle of full: it starts at row (h−1)//2 of full, whose frame is h−1 on all sides.",
        "So (h−1)//2 of the h−1 rows above are left out. How many remain for h = 4?",
    ),
)


# -------------------------------------------------------------------------------------- times_used


def _pixels(_rng):
    for input_size, kernel_size, stride in [((5, 7), (2, 3), 1), ((6, 8), (3, 2), 1), ((7, 9), (3, 4), 2)]:
        for p, q in [(0, 0), (0, 4), (2, 3), (4, 1), (4, input_size[1] - 1)]:
            yield p, q, input_size, kernel_size, stride


def _hits(p, n, k, s):
    """How many windows of one axis hold cell p: those i with 0 ≤ i < m and 0 ≤ p − s·i < k."""
    return sum(0 <= p - s * i < k for i in range(ops.output_size(n, k, stride=s)))


def _hits_beyond(p, n, k, s):
    """The same without i < m: windows that hang over the far edge are counted."""
    return sum(0 <= p - s * i < k for i in range(p + 1))


def _hits_before(p, n, k, s):
    """The same without 0 ≤ i: windows that hang over the near edge are counted."""
    return sum(0 <= p - s * i < k for i in range(-k, ops.output_size(n, k, stride=s)))


def _counted(count, hits=_hits):
    """A mistake from the two counts (along rows, along columns)."""
    return lambda p, q, input_size, kernel_size, stride: count(
        *(hits(at, n, k, stride) for at, n, k in zip((p, q), input_size, kernel_size, strict=True))
    )


times_used = Exercise(
    name="times_used",
    task="times_used(p, q, input_size, kernel_size, stride) has to return how many output cells of a valid "
    "correlation pixel X[p, q] contributes to.",
    cases=_pixels,
    reference=_counted(lambda down, across: down * across),
    mistakes={
        "the two axes are added; every row of windows crosses every column": _counted(lambda down, across: (
            down + across
        )),
        "windows beyond the far edge are counted; the last one starts at s(m − 1)": _counted(mul, _hits_beyond),
        "windows before the near edge are counted; the first one starts at 0": _counted(mul, _hits_before),
        "the rows only; one axis is missing": _counted(lambda down, across: down),
        "the columns only; one axis is missing": _counted(lambda down, across: across),
        "the stride is ignored": lambda p, q, n, k, s: _hits(p, n[0], k[0], 1) * _hits(q, n[1], k[1], 1),
        "p and q are exchanged": lambda p, q, n, k, s: _hits(q, n[0], k[0], s) * _hits(p, n[1], k[1], s),
        "h·w for every pixel: near the border there are fewer windows": lambda p, q, n, k, s: k[0] * k[1],
        "this counts windows that hang over the edge; that is full mode": lambda p, q, n, k, s: (
            _hits(p + k[0] - 1, n[0] + 2 * k[0] - 2, k[0], s) * _hits(q + k[1] - 1, n[1] + 2 * k[1] - 2, k[1], s)
        ),
    },
    hints=(
        "Output row i looks at the input rows from s·i to s·i + h − 1.",
        "Count along one axis first: the i with 0 ≤ i < m and s·i ≤ p < s·i + h.",
        "The count of the map is the product of the counts of its two axes.",
    ),
)


# ---------------------------------------------------------------------------------- smallest_input


def _settings(_rng):
    return [(4, 3, 1, 0, 1), (4, 3, 2, 0, 1), (5, 2, 3, 1, 1), (3, 3, 2, 1, 2), (6, 4, 1, 2, 3), (1, 5, 4, 0, 2)]


smallest_input = Exercise(
    name="smallest_input",
    task="smallest_input(m, h, stride, padding, dilation) has to return the smallest input size n, along one axis, "
    "that gives an output of m cells.",
    cases=_settings,
    reference=lambda m, h, stride, padding, dilation: stride * (m - 1) + dilation * (h - 1) + 1 - 2 * padding,
    mistakes={
        "this is the largest such input": lambda m, h, s, p, d: s * m + d * (h - 1) - 2 * p,
        "the dilation is ignored": lambda m, h, s, p, d: s * (m - 1) + h - 2 * p,
        "a dilated kernel spans d(h−1) + 1 cells, not d·h": lambda m, h, s, p, d: s * (m - 1) + d * h - 2 * p,
        "the padding is taken off once; it is on both sides": lambda m, h, s, p, d: (
            s * (m - 1) + d * (h - 1) + 1 - p
        ),
        "the padding is added; it makes the input that is needed smaller": lambda m, h, s, p, d: (
            s * (m - 1) + d * (h - 1) + 1 + 2 * p
        ),
        "the stride is ignored": lambda m, h, s, p, d: m - 1 + d * (h - 1) + 1 - 2 * p,
        "one too many: m windows lie m − 1 strides apart": lambda m, h, s, p, d: s * m + d * (h - 1) + 1 - 2 * p,
        "one too few: the last window has a first cell, too": lambda m, h, s, p, d: (
            s * (m - 1) + d * (h - 1) - 2 * p
        ),
    },
    hints=(
        "Start from m = ⌊(n + 2p − d(h−1) − 1)/s⌋ + 1 and ask when the floor takes nothing away.",
        "The first window starts at 0 and the last at s(m−1); it spans d(h−1) + 1 cells of the padded input.",
        "The padded input has n + 2p cells and has to hold the last window: n + 2p = s(m−1) + d(h−1) + 1.",
    ),
)

"""Faults that public threads report of convolution layers, as lines of the layers in :mod:`.slips`.

The fault of each comes from an issue, a pull request or a question; the code is ours.  They were run before anything
was mended for them (RECORD.md has the figures).  An entry is (style, {part: its mistakes}, what is wrong,
replacements); a part whose mistakes reach some settings only is in PARTLY.
"""

HARVEST, PARTLY = [], []
DX_LINE = "dxp[n, :, i * s:i * s + HH, j * s:j * s + WW] += w[f] * dout[n, f, i, j]"
DW_LINE = "dw[f] += patch * dout[n, f, i, j]"
PADDED = "wide = np.pad(wide, ((0, 0), (0, 0), (k - 1, k - 1), (k - 1, k - 1)))"
CUT = """        dxp = np.zeros_like(self.xp)
        dxp[:, :, :full.shape[2], :full.shape[3]] = full
        return dxp[:, :, p:p + self.shape[2], p:p + self.shape[3]]"""
FILLED = """        dx = np.zeros(self.shape)
        part = full[:, :, :self.shape[2], :self.shape[3]]
        dx[:, :, :part.shape[2], :part.shape[3]] = part
        return dx"""


def harvest(style, expected, words, *replacements, into=HARVEST):
    into.append((style, {part: keys.split() for part, keys in expected.items()}, words, replacements))


harvest(
    "naive",
    {"dX": "other_index"},
    "the map's number stands for the channel's, where there is such a channel",
    (DX_LINE, "dxp[n, f:f + 1, i * s:i * s + HH, j * s:j * s + WW] += w[f, f % C] * dout[n, f, i, j]"),
)
harvest(
    "naive",
    {"dK": "own_factors"},
    "the buffer is scaled anew with each image",
    ("    for n in range(N):\n        for f in range(F):\n            for i in range(rows):", "    for n in range(N):\n        dw *= 0.5\n        for f in range(F):\n            for i in range(rows):"),
)
harvest(
    "naive",
    {"dK": "one_number_for_a_filter"},
    "the product with the window is summed before it is added",
    (DW_LINE, "dw[f] += np.sum(patch * dout[n, f, i, j])"),
)
harvest(
    "naive",
    {"forward": "matrix_product", "dX": "forward_first", "dK": "forward_first"},
    "np.dot of window and kernel for their product cell by cell",
    (
        "out[n, f, i, j] = np.sum(xp[n, :, i * s:i * s + HH, j * s:j * s + WW] * w[f]) + b[f]",
        "out[n, f, i, j] = np.sum(xp[n, :, i * s:i * s + HH, j * s:j * s + WW] @ w[f]) + b[f]",
    ),
)
harvest(
    "naive",
    {"forward": "bias_misplaced"},
    "the bias is added to all of the output inside the loops",
    ("* w[f]) + b[f]", "* w[f])\n                    out += b[f]"),
)
harvest(
    "naive",
    {"dX": "one_row_only"},
    "a break ends the loop over the rows after the first",
    ("            for i in range(rows):", "            for i in range(rows if C == 0 else 1):\n                pass\n            for i in range(rows):"),
)
harvest(
    "gather",
    {"dX": "border_of_delta"},
    "delta is padded by p, and the result written into zeros",
    (PADDED, PADDED.replace("k - 1", "p")),
    ("        full = np", "        if min(wide.shape[2:]) < k:\n            return np.zeros(self.shape)\n        full = np"),
    (CUT, FILLED),
)
harvest(
    "gather",
    {"dX": "border_of_delta"},
    "delta is padded by half of the kernel, and p rows are cut off",
    (PADDED, PADDED.replace("k - 1", "k // 2")),
    (CUT, "        return full[:, :, p:full.shape[2] - p, p:full.shape[3] - p]"),
)
harvest(
    "gather",
    {"dX": "stride_forgotten border_of_delta"},
    "delta is not dilated, and its windows are taken with the stride",
    ("wide = np.zeros((n, o, (h - 1) * s + 1, (w - 1) * s + 1))", "wide = grad"),
    ("        wide[:, :, ::s, ::s] = grad\n", ""),
    ("windows_of(wide, (k, k), axis=(2, 3)), flipped", "windows_of(wide, (k, k), axis=(2, 3))[:, :, ::s, ::s], flipped"),
    (CUT, FILLED),
)
harvest(
    "gather",
    {"dX": "matrix_product"},
    "a matrix product of window and turned kernel is summed up",
    (
        'np.einsum("nohwij,ocij->nchw", windows_of(wide, (k, k), axis=(2, 3)), flipped)',
        'np.einsum("nohwij,ocjl->nchw", windows_of(wide, (k, k), axis=(2, 3)), flipped)',
    ),
)
harvest(
    "sigmoid",
    {"dX": "slope_alone", "dK": "slope_alone", "db": "slope_alone"},
    "the slope replaces delta",
)

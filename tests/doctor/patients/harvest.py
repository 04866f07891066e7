"""Faults as public threads report them of convolution layers, as lines of the layers in :mod:`.slips`.

Most come from an issue, a pull request or a question; the code is ours.  RECORD.md says how many
were named before anything was mended for them.  An entry is (style, {part: its mistakes}, what is wrong,
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
    (
        "    for n in range(N):\n        for f in range(F):\n            for i in range(rows):",
        "    for n in range(N):\n        dw *= 0.5\n        for f in range(F):\n            for i in range(rows):",
    ),
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
    {"forward": "bias_misplaced", "db": "forward_first"},
    "the bias is added to all of the output inside the loops",
    ("* w[f]) + b[f]", "* w[f])\n                    out += b[f]"),
)
harvest(
    "naive",
    {"dX": "one_row_only"},
    "the loop over the rows ends after the first",
    (DX_LINE, f"dxp[...] += 0\n                    if i == 0:\n                        {DX_LINE}"),
)
harvest(
    "naive",
    {"dX": "windows_without_padding", "dK": "windows_without_padding", "db": "windows_without_padding"},
    "the loops count the windows of the image as it came, without its padding",
    ("rows, cols = dout.shape[2], dout.shape[3]", "rows, cols = (H - HH) // s + 1, (W - WW) // s + 1"),
    ("np.sum(dout[n, f])", "np.sum(dout[n, f, :rows, :cols])"),
)
harvest(
    "gather",
    {"dX": "border_of_delta"},
    "delta is padded by p, and the result written into zeros",
    (PADDED, PADDED.replace("k - 1", "p")),
    (
        "        full = np",
        "        if min(wide.shape[2:]) < k:\n            return np.zeros(self.shape)\n        full = np",
    ),
    (CUT, FILLED),
)
harvest(
    "gather",
    {"dX": "border_of_delta"},
    "delta is padded by half of the kernel, and the result written into zeros",
    (PADDED, PADDED.replace("k - 1", "k // 2")),
    (CUT, FILLED),
)
harvest(
    "gather",
    {"dX": "stride_forgotten border_of_delta"},
    "delta is not dilated, and its windows are taken with the stride",
    ("wide = np.zeros((n, o, (h - 1) * s + 1, (w - 1) * s + 1))", "wide = grad"),
    ("        wide[:, :, ::s, ::s] = grad\n", ""),
    (
        "windows_of(wide, (k, k), axis=(2, 3)), flipped",
        "windows_of(wide, (k, k), axis=(2, 3))[:, :, ::s, ::s], flipped",
    ),
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
    ("dz = da * self.a * (1 - self.a)", "dz = self.a * (1 - self.a)"),
)
harvest(
    "sigmoid",
    {"dX": "slope_at_delta", "dK": "slope_at_delta", "db": "slope_at_delta"},
    "the slope is taken at delta",
    ("dz = da * self.a * (1 - self.a)", "dz = da * da * (1 - da)"),
)
harvest(
    "sigmoid",
    {"forward": "forward_doubled", "dX": "forward_first", "dK": "forward_first"},
    "the sum is added to itself before the bias",
    ("self.z = z + self.b", "self.z = z + z + self.b"),
)
harvest(
    "indices",
    {"forward": "taps_numbered_wrongly"},
    "the rows of the taps are repeated by the height, which shows with kernels that are not square",
    ("np.tile(np.repeat(np.arange(kh), kw), c)", "np.tile(np.repeat(np.arange(kw), kh), c)"),
)
harvest(
    "im2col",
    {"db": "never_written"},
    "db stays zero, which is no clipping",
    ("np.sum(dout, axis=0)", "np.zeros(fn)"),
)
harvest(
    "naive",
    {"dX": "delta_transposed"},
    "rows and columns of delta are exchanged, as far as there are such",
    (DX_LINE, DX_LINE.replace("dout[n, f, i, j]", "dout[n, f, j % rows, i % cols]")),
    into=PARTLY,
)
harvest(
    "gather",
    {"dX": "no_turn stride_forgotten border_of_delta"},
    "the kernel is not turned, and delta not dilated: its windows are taken with the stride",
    ("wide = np.zeros((n, o, (h - 1) * s + 1, (w - 1) * s + 1))", "wide = grad"),
    ("        wide[:, :, ::s, ::s] = grad\n", ""),
    ("flipped = self.weight[:, :, ::-1, ::-1]", "flipped = self.weight"),
    (
        "windows_of(wide, (k, k), axis=(2, 3)), flipped",
        "windows_of(wide, (k, k), axis=(2, 3))[:, :, ::s, ::s], flipped",
    ),
    (CUT, FILLED),
)

"""The bugs of the mutation audit: each is one edit of one file, and each has been made by somebody.

A bug has to be silent: the shapes still fit, so that nothing but wrong numbers can give it away.  ``old`` stands
exactly once in its file; a test holds that, so the list cannot fall behind the code.
"""

from bugs_in_later_layers import IN_GROUPS, LENET5_1998, TRANSPOSED_LAYER
from planted_bug import Bug

KERNEL_LAYER = "cnnlib/layers/kernel_layer.py"
ADJOINT, MAPS, CONV = "cnnlib/adjoint.py", "cnnlib/correlation.py", "cnnlib/layers/conv.py"
BANDED = "cnnlib/banded.py"
OPS, RUN = "cnnlib/ops.py", "cnnlib/experiments/run.py"
IMAGE_GRID, DIAGRAM = "cnnlib/plots/image_grid.py", "cnnlib/pass_diagram/diagram.py"
BASE, POOL, DENSE = "cnnlib/layers/base.py", "cnnlib/layers/pool.py", "cnnlib/layers/dense.py"
ACTIVATION, LOSSES = "cnnlib/layers/activation.py", "cnnlib/losses.py"
NETWORK, TRAINING = "cnnlib/network.py", "cnnlib/training.py"

TURN = "ops.rot180(H).swapaxes(0, 1)"
SPREAD = "    spread = ops.dilate(delta, stride)\n"
COLLECT = "    return correlate_maps(framed, turned, dilation=dilation)\n"
FRAME = "(span - 1 - p, span - 1 - p + r)"
PRODUCT = "np.tensordot(delta[:, :, *part], W[:, :, *part], axes=([0, 2, 3], [0, 2, 3]))"
DK = "    dK = effective_kernel(dH, operation)  # rot180 is its own inverse: this turns dH back into dK\n"
READ = "geometry.kernel, stride=geometry.stride, dilation=geometry.dilation\n    )\n"
CROP = "    W = W[..., :m_h, :m_w, :, :]\n"
KEEP = 'self.grads["K"] = self.kernel_gradient(delta)\n'
BIAS = "delta.sum(axis=0).sum(axis=(1, 2))"
SHARE = "share = delta / int(np.prod(self.scale))"
TAPS = "[...] = H.transpose(2, 3, 1, 0)[:, :, :, None]"
LINES = "d_h * u : d_h * u + s_h * self.m_h : s_h"
SETTINGS = "dict(geometry.settings(), operation=operation)"
FRAMELESS = "padded[..., p_h : rows - p_h, p_w : columns - p_w]"
TURN_BACK = "return effective_kernel(dH, self.operation)  #"
MEAN_ERROR = "return (outputs - targets) / len(outputs)"
SWITCHES = "np.multiply(delta, chosen == k, out=cell)"
CHANGE = "change = -learning_rate * gradient"
CROSS_ENTROPY = "(softmax(outputs) * targets.sum(axis=1, keepdims=True) - targets) / len(outputs)"

ONE_MAP = '    X, K = two_maps(X, K, "correlate")\n'
KEPT = "step if step == self.head else self.history.before(step)"
PRINTED = "{_size(D)}<br>{limit_text(limit)}"
PRINTED_WRONGLY = PRINTED.replace("(limit", "(1.001 * limit")

INPUT_GRADIENT = [
    Bug("dX: the kernel is not turned", ADJOINT, TURN, "H.swapaxes(0, 1)"),
    Bug("dX: turned by 90°", ADJOINT, TURN, "np.rot90(H, axes=(2, 3)).swapaxes(0, 1)"),
    Bug("dX: transposed instead of turned", ADJOINT, TURN, "H.swapaxes(2, 3).swapaxes(0, 1)"),
    Bug("dX: only the rows reversed", ADJOINT, TURN, "H[..., ::-1, :].swapaxes(0, 1)"),
    Bug("dX: only the columns reversed", ADJOINT, TURN, "H[..., ::-1].swapaxes(0, 1)"),
    Bug(
        "dX: channel axes renamed, not swapped",
        ADJOINT,
        TURN,
        "ops.rot180(H).reshape(H.shape[1], len(H), *geometry.kernel)",
    ),
    Bug(
        "dX: delta not dilated by the stride",
        ADJOINT,
        SPREAD,
        SPREAD
        + "    wider = zip(spread.shape[2:], delta.shape[2:], strict=True)\n"
        + "    spread = ops.pad(delta, tuple((0, m - n) for m, n in wider))\n",
    ),
    Bug(
        "dX: no tail appended to delta, so that the last rows and columns stay 0",
        ADJOINT,
        COLLECT,
        "    dX = correlate_maps(framed, turned, dilation=dilation)\n"
        "    r_h, r_w = geometry.tail(input_shape[-2:])\n"
        "    dX = ops.pad(ops.pad(dX, ((0, -r_h), (0, -r_w))), ((0, r_h), (0, r_w)))\n"
        "    return dX\n",
    ),
    Bug("dX: the dropped tail appended at the top and left", MAPS, FRAME, "(span - 1 - p + r, span - 1 - p)"),
    Bug(
        "dX: an even kernel's frame off by one",
        MAPS,
        FRAME,
        "(span // 2 * 2 - p, 2 * (span - 1) - span // 2 * 2 - p + r)",
    ),
    Bug("∗: the operation ignored on the way back", CONV, SETTINGS, "geometry.settings()"),
]

KERNEL_GRADIENT = [
    Bug("dK: not turned under ∗", ADJOINT, DK, "    dK = dH\n"),
    Bug("dK: turned under ⋆ as well", ADJOINT, DK, "    dK = ops.rot180(dH)\n"),
    Bug("dK: the samples of a batch paired wrongly", ADJOINT, PRODUCT, PRODUCT.replace("delta[", "delta[::-1][")),
    Bug(
        "dK: d_i, of the input map's number, in the place of d_j",
        ADJOINT,
        DK,
        DK
        + "    inputs = np.arange(dK.shape[1])\n"
        + "    dK = np.tile(dK[inputs % len(dK), inputs], (len(dK), 1, 1, 1))\n",
    ),
    Bug("dK: reads X as if the stride were 1", ADJOINT, READ, READ.replace("geometry.stride", "1") + CROP),
    Bug("dK: reads X as if the dilation were 1", ADJOINT, READ, READ.replace("geometry.dilation", "1") + CROP),
    Bug("dK: mean over the positions", ADJOINT, DK, f"{DK}    dK = dK / (m_h * m_w)\n"),
    Bug("db: mean over the positions", KERNEL_LAYER, BIAS, "delta.sum(axis=0).mean(axis=(1, 2))"),
    Bug("dK: the first layer, of which nobody wants dX, gets none", CONV, KEEP, f"if need_dX: {KEEP}"),
    Bug(
        "dK: gradients pile up from batch to batch",
        CONV,
        KEEP,
        'self.grads["K"] = self.grads.get("K", 0) + self.kernel_gradient(delta)\n',
    ),
    Bug(
        "every layer: backward works with the first batch's cache",
        BASE,
        "self.cache = (needed, output.shape, output.dtype)",
        "self.cache = self.cache or (needed, output.shape, output.dtype)",
    ),
]

BANDED_PATH = [
    Bug("band: the taps laid on turned", BANDED, TAPS, TAPS.replace("H.", "H[..., ::-1, ::-1].")),
    Bug("band: the taps do not move from output to output", BANDED, "s * column + output", "output"),
    Bug("band: the bias goes along the row map by map", BANDED, "np.tile(b, self.m_w)", "np.repeat(b, self.m_w)"),
    Bug("band: dX, lines overwritten where windows overlap", BANDED, "+= parts[:, :, :, u]", "= parts[:, :, :, u]"),
    Bug("band: dX, columns overwritten where tiles overlap", BANDED, "+= tiles[:, :, k]", "= tiles[:, :, k]"),
    Bug("band: dX, lines added back as if the stride were 1", BANDED, LINES, "d_h * u : d_h * u + self.m_h"),
    Bug(
        "band: dX, the frame cut off at the bottom and right only",
        MAPS,
        FRAMELESS,
        "padded[..., : rows - 2 * p_h, : columns - 2 * p_w]",
    ),
    Bug("band: dK, the mean along the band", BANDED, "self.taps(dB).sum(axis=3)", "self.taps(dB).mean(axis=3)"),
    Bug("band: dK, not turned back under ∗", BANDED, TURN_BACK, "return dH  #"),
]

OTHER_LAYERS = [
    Bug("mean pool: no /s² on the way back", POOL, SHARE, "share = delta"),
    Bug("mean pool: /s² twice on the way back", POOL, SHARE, f"{SHARE} ** 2"),
    Bug(
        "mean pool: σ′ at the pool layer",
        NETWORK,
        "                delta = layer.backward(delta, need_dX=layer is not self.layers[0] or input_gradient)\n",
        "                if layer.kind == 'pool':\n"
        "                    delta = delta * self.activation(name) * (1 - self.activation(name))\n"
        "                delta = layer.backward(delta, need_dX=layer is not self.layers[0] or input_gradient)\n",
    ),
    Bug(
        "pools: the tail dropped at the top and left",
        POOL,
        "slice(a, end, s)",
        "slice(a + X.shape[axis] - end, None, s)",
    ),
    Bug(
        "max pool: of equal cells the last gets the gradient",
        POOL,
        "larger = cell > A",
        "larger = cell >= A",
    ),
    Bug("max pool: every cell gets the gradient", POOL, SWITCHES, "cell[...] = delta"),
    Bug("max pool: switches ignored on the way back", POOL, SWITCHES, SWITCHES.replace("chosen", "0 * chosen")),
    Bug(
        "flatten: row by row forth, column by column back",
        DENSE,
        "delta.reshape(shape) if need_dX",
        "delta.reshape(*shape[:2], *shape[:1:-1]).swapaxes(2, 3) if need_dX",
    ),
    Bug("dense: dX with the entries of Wᵀ", DENSE, "return delta @ W if", "return delta @ W.T.reshape(W.shape) if"),
    Bug(
        "dense: the bias gradient under another name, so it never learns",
        DENSE,
        'self.grads["b"] = delta.sum(axis=0)',
        "self.db = delta.sum(axis=0)",
    ),
    Bug("σ′ and its kin forgotten", ACTIVATION, "return delta * self.slope(A)", "return delta"),
    Bug(
        "sigmoid: σ′ taken at a, as if a were z",
        ACTIVATION,
        "return A * (1 - A)",
        "return Sigmoid.function(A) * (1 - Sigmoid.function(A))",
    ),
    Bug("tanh: slope 1 − a", ACTIVATION, "return 1 - A * A", "return 1 - A"),
    Bug("ReLU: slope 1 where a ≥ 0", ACTIVATION, "(A > 0)", "(A >= 0)"),
]

LOSS_AND_UPDATE = [
    Bug("squared error: 1/N missing", LOSSES, MEAN_ERROR, "return outputs - targets"),
    Bug("squared error: 1/N twice", LOSSES, MEAN_ERROR, f"{MEAN_ERROR} ** 2"),
    Bug("squared error: ½ missing in the loss alone", LOSSES, "/ (2 * len(E))", "/ len(E)"),
    Bug("softmax: the targets not subtracted", LOSSES, CROSS_ENTROPY, CROSS_ENTROPY.replace(" - targets)", ")")),
    Bug(
        "softmax: p(1 − p) on top of p − t",
        LOSSES,
        CROSS_ENTROPY,
        f"{CROSS_ENTROPY} * softmax(outputs) * (1 - softmax(outputs))",
    ),
    Bug("update: the learning rate twice", TRAINING, CHANGE, f"{CHANGE} * learning_rate"),
    Bug("update: momentum with the wrong sign", TRAINING, "change + self.momentum", "change - self.momentum"),
    Bug("update: biases never move", TRAINING, CHANGE, f'{CHANGE} * (name != "b")'),
    Bug(
        "update: biases shrink by their own value",
        TRAINING,
        CHANGE,
        'change = -learning_rate * (layer.params[name] if name == "b" else gradient)',
    ),
    Bug(
        "update: images shuffled, targets not",
        TRAINING,
        "X[indices], Y[indices], optimiser",
        "X[indices], Y[np.sort(indices)], optimiser",
    ),
]

SHOWN = [  # right inside, and shown or counted wrongly
    Bug("⋆ on one map: the kernel is turned", OPS, ONE_MAP, f"{ONE_MAP}    K = K[::-1, ::-1]\n"),
    Bug("run: the cursor stays where no weights were kept", RUN, KEPT, "step if step == self.head else step"),
    Bug("printed colour limits: a thousandth too large", IMAGE_GRID, "±{brief(limit)}", "±{brief(1.001 * limit)}"),
    Bug("printed colour limit of delta maps: a thousandth off", DIAGRAM, PRINTED, PRINTED_WRONGLY),
    Bug("error rate: outputs paired with the labels in reverse", NETWORK, "!= labels) |", "!= labels[::-1]) |"),
]

BUGS = [
    *INPUT_GRADIENT,
    *KERNEL_GRADIENT,
    *BANDED_PATH,
    *OTHER_LAYERS,
    *IN_GROUPS,
    *TRANSPOSED_LAYER,
    *LENET5_1998,
    *LOSS_AND_UPDATE,
    *SHOWN,
]

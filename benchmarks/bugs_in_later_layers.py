"""Bugs for the audit in groups, in the transposed layer, in the layers of 1998 and in their loss."""

from planted_bug import Bug

ACTIVATION, LOSSES = "cnnlib/layers/activation.py", "cnnlib/losses.py"
TRANSPOSED, TABLE = "cnnlib/layers/conv_transpose.py", "cnnlib/layers/table_conv.py"
LENET5, GROUPS = "cnnlib/layers/lenet5.py", "cnnlib/layers/groups.py"

UP = "Z = adjoint.gather(X, K, output_shape, **self._settings())"
DOWN = "correlate_maps(ops.pad(delta, g.padding), H, stride=g.stride, dilation=g.dilation)"
UP_DK = "adjoint.kernel_gradient(delta, X, self.geometry.kernel, **self._settings())"
CONNECTED = "return super().kernel_gradient(delta)[self.connected]"

TRANSPOSED_LAYER = [
    Bug("transposed: the kernel pasted turned", TRANSPOSED, UP, UP.replace("X, K,", "X, ops.rot180(K),")),
    Bug("transposed: dX with the turned kernel", TRANSPOSED, DOWN, DOWN.replace("H,", "ops.rot180(H),")),
    Bug(
        "transposed: dK with X in the place of delta, turned by the change",
        TRANSPOSED,
        UP_DK,
        f"ops.rot180({UP_DK})",
    ),
    Bug(
        "transposed: the output padding at the top and left",
        TRANSPOSED,
        UP,
        f"{UP}\n        Z = np.roll(Z, self.output_padding, axis=(2, 3))",
    ),
    Bug("transposed: dX ignores the operation", TRANSPOSED, "(K, self.operation)", '(K, "correlation")'),
]

IN_GROUPS = [
    Bug(
        "groups: every group gets the maps of the first",
        GROUPS,
        "return np.split(array, len(self.parts), axis)",
        "return len(self.parts) * np.split(array, len(self.parts), axis)[:1]",
    ),
    Bug(
        "groups: dX, the groups in the wrong order",
        GROUPS,
        "return np.concatenate([part.input_gradient(share) for part, share in pairs], axis=1)",
        "return np.concatenate([part.input_gradient(share) for part, share in pairs][::-1], axis=1)",
    ),
    Bug(
        "groups: dK, added up over the groups",
        GROUPS,
        "return np.concatenate([part.kernel_gradient(share) for part, share in pairs])",
        "return np.concatenate(len(self.parts) * [sum(part.kernel_gradient(share) for part, share in pairs)])",
    ),
]

LENET5_1998 = [
    Bug(
        "table: connections read column by column",
        TABLE,
        "K[self.connected] = ",
        "K.swapaxes(0, 1)[self.connected.T] = ",
    ),
    Bug("table: the slices' gradients in another order", TABLE, CONNECTED, f"{CONNECTED}[::-1]"),
    Bug(
        "subsampling: the coefficient's gradient from the output, not the block sum",
        LENET5,
        "(delta * sums).sum(axis=0)",
        "(delta * sums * w[:, None, None]).sum(axis=0)",
    ),
    Bug(
        "subsampling: the coefficient forgotten on the way back",
        LENET5,
        "w[:, None, None] * delta, shape",
        "delta, shape",
    ),
    Bug("codes: the 2 of the square forgotten", LENET5, "return -2 * (delta", "return -1 * (delta"),
    Bug("scaled tanh: the slope of the plain one", ACTIVATION, "A * A / cls.height)", "A * A)"),
    Bug(
        "code loss: the constant class takes part in no gradient",
        LOSSES,
        "np.hstack([outputs, none_of_these])",
        "np.hstack([outputs, none_of_these * np.inf])",
    ),
]

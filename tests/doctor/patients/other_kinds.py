"""Pooling, dense and activation layers made to order: plain loops with one mistake each, four conventions a kind.

``cases()`` gives (label, mistake or None, part, layer or pair, description).  Like
:mod:`generated`, this shares no formula with the catalogue, but was written by the same hands.
"""

import numpy as np

# ------------------------------------------------------------------------------------------------- plain loops


def pool_forward(X, k, s, mean):
    h, w = (X.shape[2] - k) // s + 1, (X.shape[3] - k) // s + 1
    Z = np.zeros((*X.shape[:2], h, w))
    for n, c, i, j in np.ndindex(Z.shape):
        window = X[n, c, i * s : i * s + k, j * s : j * s + k]
        Z[n, c, i, j] = window.mean() if mean else window.max()
    return Z


def first_maximum(window):
    """A window of zeros with a 1 at its first maximum."""
    chosen = np.zeros(window.shape)
    chosen[np.unravel_index(window.argmax(), window.shape)] = 1
    return chosen


def pool_backward(d, X, k, s, mean, change):
    """Window by window; ``change`` maps "share", "step", "write", "map", "dX" to what is different."""
    share = change.get("share", (lambda window: np.full(window.shape, 1 / window.size)) if mean else first_maximum)
    d, step = change.get("delta", lambda d: d)(d), change.get("step", lambda s: s)(s)
    dX, mask, total = np.zeros(X.shape), np.zeros(X.shape), np.zeros(X.shape)
    for n, c, i, j in np.ndindex(d.shape):
        read = np.s_[n, c, i * s : i * s + k, j * s : j * s + k]
        place = np.s_[n, c, i * step : i * step + k, j * step : j * step + k]
        given = d[n, c, i, j] * share(X[read])
        if "map" in change:
            dX[n, c] += d[n, c, i, j] * (X[n, c] == X[read].max())
        elif "write" in change:
            dX[place] = given
        elif "again" in change:
            dX[place] += dX[place] + given
        else:
            dX[place] += given
        mask[read], total[read] = np.maximum(mask[read], share(X[read])), total[read] + d[n, c, i, j]
    dX = mask * total if "mask" in change else dX
    return change["dX"](dX, X) if "dX" in change else dX


BOTH_POOLS = {
    "pool_overwritten": {"write": True},
    "pool_added_twice": {"again": True},
    "pool_first_cell": {"share": lambda w: np.eye(1, w.size).reshape(w.shape)},
    "over_N": {"dX": lambda a, X: a / len(a)},
    "last_row_lost": {"delta": lambda d: np.concatenate([d[:, :, :-1], 0 * d[:, :, -1:]], 2)},
    "constant_factor": {"dX": lambda a, X: 3 * a},
    "sign": {"dX": lambda a, X: -a},
}
MEAN_POOL = BOTH_POOLS | {
    "no_share": {"share": np.ones_like},
    "shared_twice": {"share": lambda w: np.full(w.shape, 1 / w.size**2)},
    "stride_one": {"step": lambda s: 1},
}
MAX_POOL = BOTH_POOLS | {
    "max_everywhere": {"share": np.ones_like},
    "mean_for_max": {"share": lambda w: np.full(w.shape, 1 / w.size)},
    "minimum": {"share": lambda w: first_maximum(-w)},
    "one_mask": {"mask": True},
    "pool_times_values": {"dX": lambda a, X: a * X},
    "ties_by_value": {"map": True},
    "ties_lost": {"share": lambda w: (w == w.max()) * ((w == w.max()).sum() == 1.0)},
    "ties_over_cells": {"share": lambda w: (w == w.max()) / (w.size if (w == w.max()).sum() > 1 else 1)},
}
TIES_ALLOWED = {
    "all in full": {"share": lambda w: (w == w.max()) * 1.0},
    "shared equally": {"share": lambda w: (w == w.max()) / (w == w.max()).sum()},
    "the last": {"share": lambda w: first_maximum(w[::-1, ::-1])[::-1, ::-1]},
    "column by column": {"share": lambda w: first_maximum(w.T).T},
}


def pool_functions(kind, change):
    def pool_fwd(X, pool_size, stride):
        return pool_forward(X, pool_size, stride, kind == "mean pooling"), (X, pool_size, stride)

    def pool_bwd(dout, cache):
        return pool_backward(dout, *cache, kind == "mean pooling", change)

    return (pool_fwd, pool_bwd), {"kind": kind}


def pool_nhwc(kind, change):
    class Pooling2D:
        def __init__(self, pool_size=(2, 2), strides=None):
            self.k, self.s = pool_size[0], (strides or pool_size)[0] if strides != 0 else 1

        def forward(self, x):
            self.x = x.transpose(0, 3, 1, 2)
            return pool_forward(self.x, self.k, self.s, kind == "mean pooling").transpose(0, 2, 3, 1)

        def backward(self, grad):
            dX = pool_backward(grad.transpose(0, 3, 1, 2), self.x, self.k, self.s, kind == "mean pooling", change)
            return dX.transpose(0, 2, 3, 1)

    return (Pooling2D,), {"kind": kind, "X": "NHWC"}


def pool_one_image(kind, change):
    class Pool:
        def __init__(self, size, step):
            self.size, self.step = size, step

        def feed_forward(self, image):
            self.image = image[None]
            return pool_forward(self.image, self.size, self.step, kind == "mean pooling")[0]

        def back_prop(self, error):
            return pool_backward(error[None], self.image, self.size, self.step, kind == "mean pooling", change)[0]

    return (Pool,), {"kind": kind, "X": "CHW"}


def pool_factory(kind, change):
    def make(kernel_size, stride):
        kept = {}

        def run(X):
            kept["X"] = X.transpose(3, 2, 0, 1)
            return pool_forward(kept["X"], kernel_size, stride, kind == "mean pooling").transpose(2, 3, 1, 0)

        def back(d):
            return pool_backward(
                d.transpose(3, 2, 0, 1), kept["X"], kernel_size, stride, kind == "mean pooling", change
            ).transpose(2, 3, 1, 0)

        return run, back

    return (make,), {"kind": kind, "X": "HWCN"}


POOLS = {"functions": pool_functions, "NHWC": pool_nhwc, "one image": pool_one_image, "HWCN": pool_factory}

# ----------------------------------------------------------------------------------------------------- dense layers


def dense_backward(d, X, W, b, change):
    """Z = X·W + b with W shaped (in, out)."""
    get = lambda place, value: change.get(place, lambda a, *_: a)(value, X, W, b)  # noqa: E731
    return (
        get("dX", get("delta_dX", d) @ get("W", W).T),
        get("dW", X.T @ get("delta_dW", d)),
        get("db", get("delta_db", d).sum(axis=0)),
    )


def _only_first(d, *_):
    return np.concatenate([d[:1], 0 * d[1:]])


DENSE = {
    "kernel_missing": ("dX", {"W": lambda W, *_: np.ones_like(W)}),
    "over_N": ("dX", {"dX": lambda a, *_: a / len(a)}),
    "sign": ("dX", {"dX": lambda a, *_: -a}),
    "times_input": ("dX", {"dX": lambda a, X, *_: a * X}),
    "first_image_only": ("dX", {"delta_dX": _only_first}),
    "batch_averaged": ("dX", {"delta_dX": lambda d, *_: d.mean(0, keepdims=True).repeat(len(d), 0)}),
    "constant_factor": ("dK", {"dW": lambda a, *_: 2 * a}),
    "weights_for_gradient": ("dK", {"dW": lambda a, X, W, b: W}),
    "plus_weights": ("dK", {"dW": lambda a, X, W, b: a + W}),
    "mispaired": ("dK", {"delta_dW": lambda d, *_: d[::-1]}),
    "bias_shrinks": ("db", {"db": lambda a, X, W, b: b}),
    "bias_plus_batch": ("db", {"db": lambda a, X, W, b: a + len(X)}),
}


def dense_functions(change):
    def affine_forward(x, w, b):
        return x @ w + b, (x, w, b)

    def affine_backward(dout, cache):
        return dense_backward(dout, *cache, change)

    return (affine_forward, affine_backward), {"kind": "dense"}


def dense_class(change):
    class Linear:
        def __init__(self, in_features, out_features):
            self.weight, self.bias = np.random.randn(out_features, in_features), np.zeros(out_features)

        def forward(self, x):
            self.x = x
            return x @ self.weight.T + self.bias

        def backward(self, grad):
            dX, dW, self.grad_bias = dense_backward(grad, self.x, self.weight.T, self.bias, change)
            self.grad_weight = dW.T
            return dX

    return (Linear,), {"K": "OI", "gradients": ("grad_weight", "grad_bias")}


def dense_columns(change):
    class FCLayer:
        def __init__(self, n_in, n_out):
            self.W, self.b = np.random.randn(n_out, n_in), np.zeros((n_out, 1))

        def forward(self, A):
            self.A = A
            return self.W @ A + self.b

        def backward(self, dZ):
            dX, dW, db = dense_backward(dZ.T, self.A.T, self.W.T, self.b.ravel(), change)
            return dX.T, dW.T, db.reshape(-1, 1)

    return (FCLayer,), {"X": "CN", "K": "OI"}


def dense_steps(change):
    class DenseLayer:
        def __init__(self, inputs, neurons):
            self.weights, self.biases = 0.1 * np.random.randn(inputs, neurons), np.zeros((1, neurons))

        def feedforward(self, x):
            self.x = x
            return x @ self.weights + self.biases

        def backprop(self, error, learning_rate):
            dX, dW, db = dense_backward(error, self.x, self.weights, self.biases.ravel(), change)
            self.weights -= learning_rate * dW
            self.biases -= learning_rate * db
            return dX

    return (DenseLayer,), {"gradients": "step"}


DENSES = {"functions": dense_functions, "class": dense_class, "columns": dense_columns, "steps": dense_steps}

# ------------------------------------------------------------------------------------------------------ activations


def _sig(x):
    return 1 / (1 + np.exp(-x))


FORWARD = {
    "relu": lambda x: np.maximum(x, 0),
    "sigmoid": _sig,
    "tanh": np.tanh,
    "leaky": lambda x: np.where(x > 0, x, 0.1 * x),
}
RIGHT_BACK = {
    "relu": lambda d, x: d * (x > 0),
    "sigmoid": lambda d, x: d * _sig(x) * (1 - _sig(x)),
    "tanh": lambda d, x: d * (1 - np.tanh(x) ** 2),
    "leaky": lambda d, x: np.where(x > 0, d, 0.1 * d),
}
ACTIVATION = {  # mistake → (which function, backward)
    "activation_passed_on": ("sigmoid", lambda d, x: d),
    "activation_of_output": ("sigmoid", lambda d, x: d * _sig(_sig(x)) * (1 - _sig(_sig(x)))),
    "activation_formula_on_input": ("tanh", lambda d, x: d * (1 - x**2)),
    "activation_twice": ("tanh", lambda d, x: d * (1 - np.tanh(x) ** 2) ** 2),
    "activation_value": ("sigmoid", lambda d, x: d * _sig(x)),
    "activation_by_delta": ("relu", lambda d, x: d * (d > 0)),
    "activation_cut_off": ("leaky", lambda d, x: d * (x > 0)),
    "activation_not_squared": ("tanh", lambda d, x: d * (1 - np.tanh(x))),
    "over_N": ("relu", lambda d, x: d * (x > 0) / len(d)),
    "sign": ("tanh", lambda d, x: -d * (1 - np.tanh(x) ** 2)),
}


def activation_functions(name, back):
    def act_forward(x):
        return FORWARD[name](x), x

    def act_backward(dout, cache):
        return back(dout, cache)

    return (act_forward, act_backward), {"kind": "activation"}


def activation_class(name, back):
    class Activation:
        def forward(self, x):
            self.x = x
            return FORWARD[name](x)

        def backward(self, grad_output):
            return back(grad_output, self.x)

    return (Activation,), {}


def activation_rows(name, back):
    class ActivationLayer:
        def forward_propagation(self, input_data):
            self.input = input_data
            return FORWARD[name](input_data)

        def backward_propagation(self, output_error, learning_rate):
            return back(output_error, self.input)

    return (ActivationLayer,), {"X": "NC"}


def activation_factory(name, back):
    def make():
        seen = []

        def run(x):
            seen.append(x)
            return FORWARD[name](x)

        return run, lambda d: back(d, seen[-1])

    return (make,), {"kind": "activation"}


ACTIVATIONS = {
    "functions": activation_functions,
    "class": activation_class,
    "rows": activation_rows,
    "factory": activation_factory,
}


def cases():
    """(label, mistake, part, layer, description); mistake None for right layers."""
    for kind, mistakes in (("mean pooling", MEAN_POOL), ("max pooling", MAX_POOL)):
        for name, dress in POOLS.items():
            allowed = TIES_ALLOWED if kind == "max pooling" else {}
            for right in ({}, *allowed.values()):
                yield f"{kind}, {name}", None, "dX", *dress(kind, right)
            for key, change in mistakes.items():
                if not (name == "one image" and key == "over_N"):
                    yield f"{kind}, {name}", key, "dX", *dress(kind, change)
    for name, dress in DENSES.items():
        yield f"dense, {name}", None, "dX", *dress({})
        for key, (part, change) in DENSE.items():
            yield f"dense, {name}", key, part, *dress(change)
    for name, dress in ACTIVATIONS.items():
        for function, back in RIGHT_BACK.items():
            yield f"activation, {name}", None, "dX", *dress(function, back)
        for key, (function, back) in ACTIVATION.items():
            yield f"activation, {name}", key, "dX", *dress(function, back)

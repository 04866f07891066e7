"""Notebook 03, backpropagation index by index: another activation function, and the gradient of the net's input."""

import numpy as np

from .exercise import Exercise

SIZES = [(3, 2), (2, 4), (3, 3)]  # (units of the layer after, units of this layer)


def _hidden_cases(rng):
    for above, here in SIZES:
        yield rng.standard_normal(above), rng.standard_normal((above, here)), np.tanh(rng.standard_normal(here))


hidden_delta_tanh = Exercise(
    name="hidden_delta_tanh",
    task="hidden_delta_tanh(delta, W, a) has to return δ of a layer whose activation function is tanh: delta (M,) "
    "is δ of the layer after it, W (M, N) its weights, a (N,) = tanh(z) the outputs of this layer.",
    cases=_hidden_cases,
    reference=lambda delta, W, a: (W.T @ delta) * (1 - a**2),
    mistakes={
        "a(1 − a) is the slope of the sigmoid, not of tanh": lambda delta, W, a: (W.T @ delta) * a * (1 - a),
        "tanh is applied twice: a is its output already": lambda delta, W, a: (W.T @ delta) * (1 - np.tanh(a) ** 2),
        "the slope is missing: this is ∂L/∂a, not ∂L/∂z": lambda delta, W, a: W.T @ delta,
        "W is read by rows; each unit i needs its column, W[:, i]": lambda delta, W, a: (W @ delta) * (1 - a**2),
        "the sign: the slope of tanh is 1 − a², not a² − 1": lambda delta, W, a: (W.T @ delta) * (a**2 - 1),
        "the slope is 1 − a², not 1 − a": lambda delta, W, a: (W.T @ delta) * (1 - a),
        "only the path through the first unit above is counted; sum over j": lambda delta, W, a: (
            delta[0] * W[0] * (1 - a**2)
        ),
        "this is the mean over the units above; the paths add up": lambda delta, W, a: (
            (W.T @ delta) * (1 - a**2) / len(delta)
        ),
    },
    hints=(
        "Two of the three factors δⱼ·Wⱼᵢ·σ′(zᵢ) stay as they are. Which one knows the activation function?",
        "The slope of tanh at z is 1 − tanh(z)². Write it in terms of a.",
        "delta_i = Σ_j delta[j] · W[j, i] · (1 − a[i]²): two loops, or W.T @ delta.",
    ),
)


def _input_cases(rng):
    for here, into in SIZES:
        yield rng.standard_normal(here), rng.standard_normal((here, into)), rng.uniform(0.1, 0.9, into)


input_gradient = Exercise(
    name="input_gradient",
    task="input_gradient(delta, W, x) has to return ∂L/∂x of the net's input x (N,): delta (M,) is δ of the first "
    "layer, W (M, N) its weights.",
    cases=_input_cases,
    reference=lambda delta, W, x: W.T @ delta,
    mistakes={
        "x(1 − x) does not belong here: the input of a net is no sigmoid's output": lambda delta, W, x: (
            (W.T @ delta) * x * (1 - x)
        ),
        "the sign: this is the step that lowers the loss; the gradient points uphill": lambda delta, W, x: (
            -W.T @ delta
        ),
        "W is read by rows; input m needs its column, W[:, m]": lambda delta, W, x: W @ delta,
        "this is the gradient of the weights, δ_i·x_m": lambda delta, W, x: np.outer(delta, x),
        "there is no factor x: z_i = Σ W[i, m]·x[m] has the slope W[i, m]": lambda delta, W, x: (W.T @ delta) * x,
        "only the path through the first unit is counted; sum over i": lambda delta, W, x: delta[0] * W[0],
        "this is the mean over the units; the paths add up": lambda delta, W, x: W.T @ delta / len(delta),
    },
    hints=(
        "x_m enters every z_i of the first layer. With which slope?",
        "Where in the formula for δ does σ′ come from? Is there a sigmoid between x_m and z_i?",
        "dx[m] = Σ_i delta[i] · W[i, m], and nothing else.",
    ),
)

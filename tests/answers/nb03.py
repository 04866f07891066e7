"""Answers to the exercises of notebook 03."""

import numpy as np

from . import right, wrong

# ------------------------------------------------------------------------------- hidden_delta_tanh


@right("nb03.hidden_delta_tanh")
def matrix_product(delta, W, a):
    return (W.T @ delta) * (1 - a**2)


@right("nb03.hidden_delta_tanh")
def two_loops(delta, W, a):
    result = np.zeros(W.shape[1])
    for i in range(W.shape[1]):
        for j in range(W.shape[0]):
            result[i] += delta[j] * W[j, i]
        result[i] *= 1 - a[i] ** 2
    return result


@right("nb03.hidden_delta_tanh")
def row_times_matrix(delta, W, a):
    return delta @ W * (1 - a) * (1 + a)


@right("nb03.hidden_delta_tanh")
def slope_at_z(delta, W, a):
    return np.einsum("j,ji,i->i", delta, W, 1 / np.cosh(np.arctanh(a)) ** 2)


@wrong("nb03.hidden_delta_tanh", "the slope of the sigmoid")
def sigmoid(delta, W, a):
    return (W.T @ delta) * a * (1 - a)


@wrong("nb03.hidden_delta_tanh", "tanh is applied twice")
def twice(delta, W, a):
    return (W.T @ delta) * (1 - np.tanh(a) ** 2)


@wrong("nb03.hidden_delta_tanh", "the slope is missing")
def no_slope(delta, W, a):
    return [sum(delta * W[:, i]) for i in range(len(a))]


@wrong("nb03.hidden_delta_tanh", "W is read by rows")
def rows(delta, W, a):
    return W @ delta * (1 - a**2)


@wrong("nb03.hidden_delta_tanh", "the slope is 1 − a²")
def not_squared(delta, W, a):
    return delta @ W * (1 - a)


# ---------------------------------------------------------------------------------- input_gradient


@right("nb03.input_gradient")
def transposed_matrix(delta, W, x):
    return W.T @ delta


@right("nb03.input_gradient")
def vector_first(delta, W, x):
    return np.dot(delta, W)


@right("nb03.input_gradient")
def columns(delta, W, x):
    return [float(np.vdot(delta, column)) for column in W.T]


@right("nb03.input_gradient")
def by_differences(delta, W, x):
    return [delta @ (W @ (x + e) - W @ (x - e)) / 2 for e in np.eye(len(x))]


@wrong("nb03.input_gradient", "does not belong here")
def as_if_a_sigmoid(delta, W, x):
    return (W.T @ delta) * x * (1 - x)


@wrong("nb03.input_gradient", "W is read by rows")
def rows_again(delta, W, x):
    return W @ delta


@wrong("nb03.input_gradient", "the gradient of the weights")
def weights(delta, W, x):
    return np.outer(delta, x)


@wrong("nb03.input_gradient", "there is no factor x")
def times_x(delta, W, x):
    return delta @ W * x


@wrong("nb03.input_gradient", "only the path through the first unit")
def one_path(delta, W, x):
    return W[0] * delta[0]


@wrong("nb03.input_gradient", "the mean over the units")
def mean_of_paths(delta, W, x):
    return (delta[:, None] * W).mean(axis=0)


# ------------------------------------------------------------------------------------------- slips


@wrong("nb03.hidden_delta_tanh", "the sign: the slope of tanh")
def slope_the_wrong_way_round(delta, W, a):
    return np.array([sum(delta * W[:, i]) * (a[i] ** 2 - 1) for i in range(len(a))])


@wrong("nb03.hidden_delta_tanh", "only the path through the first unit")
def one_unit_above(delta, W, a):
    return [delta[0] * W[0, i] * (1 - a[i] ** 2) for i in range(len(a))]


@wrong("nb03.hidden_delta_tanh", "the mean over the units above")
def averaged(delta, W, a):
    return (delta[:, None] * W).mean(axis=0) * (1 - a * a)


@wrong("nb03.input_gradient", "the sign: this is the step that lowers the loss")
def downhill(delta, W, x):
    return [-sum(delta[i] * W[i, m] for i in range(len(delta))) for m in range(len(x))]

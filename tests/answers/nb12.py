"""Answers to the exercises of notebook 12."""

import numpy as np

from cnnlib import adjoint, ops

from . import right, wrong

# --------------------------------------------------------------------------------------- influence


@right("nb12.influence")
def tap_by_tap(p, q, kernel_size, output_shape):
    mask = np.zeros(output_shape, dtype=int)
    for u, v in np.ndindex(*kernel_size):
        i, j = p - u, q - v
        if 0 <= i < output_shape[0] and 0 <= j < output_shape[1]:
            mask[i, j] = 1
    return mask


@right("nb12.influence")
def forward_pass_of_one_lit_pixel(p, q, kernel_size, output_shape):
    X = np.zeros([n + k - 1 for n, k in zip(output_shape, kernel_size)])  # noqa: B905
    X[p, q] = 1
    return ops.correlate(X, np.ones(kernel_size))


@right("nb12.influence")
def one_delta_at_a_time(p, q, kernel_size, output_shape):
    shape = tuple(np.add(output_shape, kernel_size) - 1)
    mask = np.zeros(output_shape)
    for cell in np.ndindex(*output_shape):
        delta = np.zeros(output_shape)
        delta[cell] = 1
        mask[cell] = adjoint.scatter(delta, np.ones(kernel_size), shape)[p, q]
    return mask


@right("nb12.influence")
def a_slice(p, q, kernel_size, output_shape):
    mask = np.zeros(output_shape, dtype=bool)
    k_h, k_w = kernel_size
    mask[max(p - k_h + 1, 0) : p + 1, max(q - k_w + 1, 0) : q + 1] = True
    return mask


@wrong("nb12.influence", "from (p, q) on")
def forwards(p, q, kernel_size, output_shape):
    mask = np.zeros(output_shape)
    mask[p : p + kernel_size[0], q : q + kernel_size[1]] = 1
    return mask


@wrong("nb12.influence", "u = h in")
def one_too_many(p, q, kernel_size, output_shape):
    return a_slice(p, q, (kernel_size[0] + 1, kernel_size[1] + 1), output_shape)


@wrong("nb12.influence", "leaves out u = 0")
def one_too_few(p, q, kernel_size, output_shape):
    return tap_by_tap(p, q, kernel_size, output_shape) * (np.indices(output_shape) != [[[p]], [[q]]]).all(axis=0)


@wrong("nb12.influence", "p and q are exchanged")
def other_pixel(p, q, kernel_size, output_shape):
    return tap_by_tap(q, p, kernel_size, output_shape)


@wrong("nb12.influence", "no upper bound")
def everything_before(p, q, kernel_size, output_shape):
    mask = np.zeros(output_shape)
    mask[: p + 1, : q + 1] = 1
    return mask


# ------------------------------------------------------------------------------------ momentum_path


@right("nb12.momentum_path")
def update_by_update(gradients, learning_rate, momentum):
    v, theta, rows = 0, 0, []
    for g in gradients:
        v = momentum * v - learning_rate * g
        theta = theta + v
        rows.append(theta)
    return rows


@right("nb12.momentum_path")
def as_a_sum(gradients, learning_rate, momentum):
    T = len(gradients)
    weights = np.array([[sum(momentum**r for r in range(t - s + 1)) for s in range(T)] for t in range(T)])
    return -learning_rate * weights @ gradients


@right("nb12.momentum_path")
def velocities_first(gradients, learning_rate, momentum):
    velocities = np.zeros_like(gradients)
    for t in range(len(gradients)):
        velocities[t] = -learning_rate * gradients[t]
        if t:
            velocities[t] += momentum * velocities[t - 1]
    return velocities.cumsum(axis=0)


@right("nb12.momentum_path")
def without_a_velocity(gradients, learning_rate, momentum):
    """θ_t = θ_{t−1} + momentum·(θ_{t−1} − θ_{t−2}) − rate·g."""
    path = [np.zeros(gradients.shape[1])] * 2
    for g in gradients:
        path.append(path[-1] + momentum * (path[-1] - path[-2]) - learning_rate * g)
    return np.array(path[2:])


@wrong("nb12.momentum_path", "uphill")
def uphill(gradients, learning_rate, momentum):
    return -np.array(update_by_update(gradients, learning_rate, momentum))


@wrong("nb12.momentum_path", "no momentum")
def plain(gradients, learning_rate, momentum):
    return -learning_rate * gradients.cumsum(axis=0)


@wrong("nb12.momentum_path", "these are the velocities")
def not_summed(gradients, learning_rate, momentum):
    return np.diff(update_by_update(gradients, learning_rate, momentum), axis=0, prepend=0)


@wrong("nb12.momentum_path", "(1 − momentum)")
def an_average(gradients, learning_rate, momentum):
    return update_by_update(gradients, (1 - momentum) * learning_rate, momentum)


@wrong("nb12.momentum_path", "these are the velocities")
def momentum_in_the_wrong_place(gradients, learning_rate, momentum):
    theta, rows = 0, []
    for g in gradients:
        theta = momentum * theta - learning_rate * g
        rows.append(theta)
    return rows


@wrong("nb12.momentum_path", "from before this gradient")
def a_step_behind(gradients, learning_rate, momentum):
    v, theta, rows = 0 * gradients[0], 0 * gradients[0], []
    for g in gradients:
        theta = theta + v
        v = momentum * v - learning_rate * g
        rows.append(theta)
    return rows


# ------------------------------------------------------------------------------------------- slips


@wrong("nb12.influence", "(p − u, q − v) wraps around")
def written_without_a_lower_guard(p, q, kernel_size, output_shape):
    mask = np.zeros(output_shape, dtype=int)
    for u in range(kernel_size[0]):
        for v in range(kernel_size[1]):
            i, j = p - u, q - v
            if i < output_shape[0] and j < output_shape[1]:
                mask[i, j] = 1
    return mask


@wrong("nb12.influence", "there is no lower bound")
def everything_behind(p, q, kernel_size, output_shape):
    mask = np.zeros(output_shape)
    mask[max(p - kernel_size[0] + 1, 0) :, max(q - kernel_size[1] + 1, 0) :] = 1
    return mask


@wrong("nb12.influence", "the window is centred on (p, q)")
def around_the_pixel(p, q, kernel_size, output_shape):
    near = [abs(np.arange(m) - at) <= k // 2 for m, at, k in zip(output_shape, (p, q), kernel_size)]  # noqa: B905
    return np.outer(*near)


@wrong("nb12.momentum_path", "the learning rate also shrinks the old velocity")
def rate_on_everything(gradients, learning_rate, momentum):
    theta = v = 0
    path = []
    for g in gradients:
        v = learning_rate * (momentum * v - g)
        theta = theta + v
        path.append(theta)
    return path


@wrong("nb12.momentum_path", "the gradient is counted twice")
def gradient_once_more(gradients, learning_rate, momentum):
    theta = v = 0
    path = []
    for g in gradients:
        v = momentum * v - learning_rate * g
        theta = theta + v - learning_rate * g
        path.append(theta)
    return path

"""Answers to the exercises of notebook 11."""

import numpy as np

from cnnlib.gradcheck import central_difference

from . import right, wrong

# ------------------------------------------------------------------------------ sharper_difference


@right("nb11.sharper_difference")
def two_central_differences(f, x, epsilon):
    D, D2 = central_difference(f, x, epsilon=epsilon), central_difference(f, x, epsilon=2 * epsilon)
    return D + (D - D2) / 3


@right("nb11.sharper_difference")
def five_points(f, x, epsilon):
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        unit = np.zeros(x.shape)
        unit[place] = epsilon
        near, far = f(x + unit) - f(x - unit), f(x + 2 * unit) - f(x - 2 * unit)
        gradient[place] = (8 * near - far) / (12 * epsilon)
    return gradient


@right("nb11.sharper_difference")
def two_equations(f, x, epsilon):
    D = [central_difference(f, x, epsilon=step).ravel() for step in (epsilon, 2 * epsilon)]
    return np.linalg.solve([[1, epsilon**2], [1, 4 * epsilon**2]], D)[0].reshape(x.shape)


@right("nb11.sharper_difference")
def a_line_in_epsilon_squared_read_off_at_zero(f, x, epsilon):
    D = [central_difference(f, x, epsilon=step).ravel() for step in (epsilon, 2 * epsilon)]
    return np.polyfit([epsilon**2, 4 * epsilon**2], D, 1)[1].reshape(x.shape)


@wrong("nb11.sharper_difference", "D(ε) alone")
def plain(f, x, epsilon):
    return central_difference(f, x, epsilon=epsilon)


@wrong("nb11.sharper_difference", "2.5·c·ε²")
def averaged(f, x, epsilon):
    return (plain(f, x, epsilon) + plain(f, x, 2 * epsilon)) / 2


@wrong("nb11.sharper_difference", "right for an error c·ε")
def as_if_one_sided(f, x, epsilon):
    return 2 * plain(f, x, epsilon) - plain(f, x, 2 * epsilon)


@wrong("nb11.sharper_difference", "three times the slope")
def not_divided(f, x, epsilon):
    return 4 * plain(f, x, epsilon) - plain(f, x, 2 * epsilon)


@wrong("nb11.sharper_difference", "exchanged")
def exchanged(f, x, epsilon):
    return (4 * plain(f, x, 2 * epsilon) - plain(f, x, epsilon)) / 3


@wrong("nb11.sharper_difference", "all entries move at once")
def moved_together(f, x, epsilon):
    near, far = ((f(x + e) - f(x - e)) / (2 * e) for e in (epsilon, 2 * epsilon))
    return np.ones(x.shape) * (4 * near - far) / 3


@wrong("nb11.sharper_difference", "not put back")
def forgets_to_put_back(f, x, epsilon):
    def D(step):
        gradient, point = np.zeros(x.shape), x.copy()
        for place in np.ndindex(x.shape):
            point[place] = x[place] + step
            above = f(point)
            point[place] -= 2 * step
            gradient[place] = (above - f(point)) / (2 * step)
        return gradient

    return (4 * D(epsilon) - D(2 * epsilon)) / 3


# --------------------------------------------------------------------------------- transpose_times


def units(input_shape):
    """Each unit array of that shape, in order."""
    return np.eye(int(np.prod(input_shape))).reshape(-1, *input_shape)


@right("nb11.transpose_times")
def entry_by_entry(A, y, input_shape):
    result = np.zeros(input_shape)
    for place in np.ndindex(*input_shape):
        unit = np.zeros(input_shape)
        unit[place] = 1
        result[place] = (A(unit) * y).sum()
    return result


@right("nb11.transpose_times")
def the_whole_matrix(A, y, input_shape):
    columns = np.array([A(unit).ravel() for unit in units(input_shape)])
    return (columns @ y.ravel()).reshape(input_shape)


@right("nb11.transpose_times")
def gradient_of_the_inner_product(A, y, input_shape):
    return central_difference(lambda x: (A(x) * y).sum(), np.zeros(input_shape), epsilon=1.0)


@right("nb11.transpose_times")
def random_arrays_and_a_linear_system(A, y, input_shape):
    size = int(np.prod(input_shape))
    several = np.random.default_rng(0).standard_normal((size, size))
    seen = [np.vdot(A(x.reshape(input_shape)), y) for x in several]
    return np.linalg.solve(several, seen).reshape(input_shape)


@wrong("nb11.transpose_times", "the ones stay")
def never_cleared(A, y, input_shape):
    result, unit = np.zeros(input_shape), np.zeros(input_shape)
    for place in np.ndindex(*input_shape):
        unit[place] = 1
        result[place] = (A(unit) * y).sum()
    return result


@wrong("nb11.transpose_times", "the inner product is their sum")
def mean_of_products(A, y, input_shape):
    return np.array([np.mean(A(unit) * y) for unit in units(input_shape)]).reshape(input_shape)


@wrong("nb11.transpose_times", "y is missing")
def without_y(A, y, input_shape):
    return np.array([A(unit).sum() for unit in units(input_shape)]).reshape(input_shape)


@wrong("nb11.transpose_times", "y is reversed")
def y_turned(A, y, input_shape):
    return entry_by_entry(A, y.ravel()[::-1].reshape(y.shape), input_shape)


@wrong("nb11.transpose_times", "y is squared")
def y_twice(A, y, input_shape):
    return entry_by_entry(A, y * y, input_shape)


# -------------------------------------------------------------------------------------- slope_jump


@right("nb11.slope_jump")
def two_one_sided_slopes(f, x, epsilon):
    jump = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[place] = epsilon
        jump[place] = (f(x + step) - f(x)) / epsilon - (f(x) - f(x - step)) / epsilon
    return jump


@right("nb11.slope_jump")
def moved_in_a_copy(f, x, epsilon):
    jump, here = np.empty(x.shape), f(x)
    for place in np.ndindex(x.shape):
        moved = x.copy()
        moved[place] = x[place] + epsilon
        above = f(moved)
        moved[place] = x[place] - epsilon
        jump[place] = (above + f(moved) - 2 * here) / epsilon
    return jump


@right("nb11.slope_jump")
def central_and_one_sided(f, x, epsilon):
    right_side = np.array([f(x + epsilon * unit) - f(x) for unit in units(x.shape)]).reshape(x.shape) / epsilon
    return 2 * (right_side - central_difference(f, x, epsilon=epsilon))


@right("nb11.slope_jump")
def as_a_list(f, x, epsilon):
    both = [(f(x + epsilon * unit), f(x - epsilon * unit)) for unit in units(x.shape)]
    return np.reshape([(up + down - 2 * f(x)) / epsilon for up, down in both], x.shape)


def from_the_sides(combine):
    def result(f, x, epsilon):
        sides = [(f(x + epsilon * unit) - f(x), f(x) - f(x - epsilon * unit)) for unit in units(x.shape)]
        return np.reshape([combine(up / epsilon, down / epsilon) for up, down in sides], x.shape)

    return result


@wrong("nb11.slope_jump", "left slope minus the right")
def exchanged_sides(f, x, epsilon):
    return from_the_sides(lambda up, down: down - up)(f, x, epsilon)


@wrong("nb11.slope_jump", "mean of the two slopes")
def central_only(f, x, epsilon):
    return central_difference(f, x, epsilon=epsilon)


@wrong("nb11.slope_jump", "right alone")
def forward_only(f, x, epsilon):
    return from_the_sides(lambda up, down: up)(f, x, epsilon)


@wrong("nb11.slope_jump", "loses its sign")
def without_sign(f, x, epsilon):
    return np.abs(two_one_sided_slopes(f, x, epsilon))


@wrong("nb11.slope_jump", "second derivative")
def second_difference(f, x, epsilon):
    return two_one_sided_slopes(f, x, epsilon) / epsilon


@wrong("nb11.slope_jump", "half as large")
def divided_by_two(f, x, epsilon):
    return from_the_sides(lambda up, down: (up - down) / 2)(f, x, epsilon)


@wrong("nb11.slope_jump", "all entries move at once")
def together(f, x, epsilon):
    return np.ones(x.shape) * (f(x + epsilon) + f(x - epsilon) - 2 * f(x)) / epsilon


@wrong("nb11.slope_jump", "not put back")
def stays_below(f, x, epsilon):
    moved, jump = x.copy(), np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        moved[place] = x[place] + epsilon
        above = f(moved)
        moved[place] = x[place] - epsilon
        jump[place] = (above - 2 * f(x) + f(moved)) / epsilon
    return jump


# ------------------------------------------------------------------------------------------- slips


@wrong("nb11.sharper_difference", "D(2ε) alone")
def the_wide_one(f, x, epsilon):
    return plain(f, x, 2 * epsilon)


@wrong("nb11.sharper_difference", "half as large")
def divided_by_the_wide_step(f, x, epsilon):
    return two_central_differences(f, x, epsilon) * epsilon / (2 * epsilon)


@wrong("nb11.sharper_difference", "twice as large")
def divided_by_epsilon(f, x, epsilon):
    return five_points(f, x, epsilon) * (2 * epsilon) / epsilon


@wrong("nb11.sharper_difference", "D is a one-sided difference")
def from_one_side(f, x, epsilon):
    D = np.zeros((2, *x.shape))
    for place in np.ndindex(x.shape):
        for k, step in enumerate((epsilon, 2 * epsilon)):
            moved = x.copy()
            moved[place] += step
            D[(k, *place)] = (f(moved) - f(x)) / step
    return (4 * D[0] - D[1]) / 3


@wrong("nb11.transpose_times", "A's entries are squared")
def a_twice(A, y, input_shape):
    return np.array([(A(unit) ** 2 * y).sum() for unit in units(input_shape)]).reshape(input_shape)


@wrong("nb11.transpose_times", "the products lose their sign")
def sizes_only(A, y, input_shape):
    return np.array([abs(A(unit) * y).sum() for unit in units(input_shape)]).reshape(input_shape)


@wrong("nb11.slope_jump", "the left alone")
def backward_only(f, x, epsilon):
    return from_the_sides(lambda right, left: left)(f, x, epsilon)


@wrong("nb11.slope_jump", "the sum of the two slopes")
def both_sides_added(f, x, epsilon):
    return from_the_sides(lambda right, left: right + left)(f, x, epsilon)


@wrong("nb11.slope_jump", "not divided by ε")
def rises_and_no_slopes(f, x, epsilon):
    return from_the_sides(lambda right, left: (right - left) * epsilon)(f, x, epsilon)

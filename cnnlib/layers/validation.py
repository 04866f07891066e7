"""Checks of layers' arguments: each function raises a ValueError that names the layer.

``layer`` is the layer whose argument is checked; the message begins with its repr.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from ..validation import holds_text, unmasked, whole_number


def layer_dtype(dtype: DTypeLike, layer: object) -> np.dtype:
    """``dtype`` as a NumPy dtype that parameters of a layer can have.

    Raises
    ------
    ValueError
        For anything but float32, float64 and object (symbols).
    """
    try:
        dtype = np.dtype(dtype)
    except TypeError:
        raise ValueError(f"{layer}: dtype {dtype!r} is no dtype; use float32, float64 or object") from None
    if dtype not in (np.float32, np.float64, object):  # float16 ends at 65,504, and its sums overflow
        raise ValueError(f"{layer}: dtype {dtype} cannot be trained; use float32, float64 or object")
    return dtype


def first_values(
    init: Callable[..., np.ndarray],
    shape: tuple[int, ...],
    fans: tuple[int, int],
    rng: np.random.Generator | None,
    layer: object,
) -> np.ndarray:
    """What ``init`` draws, from a fixed seed if ``rng`` is None.

    Raises
    ------
    ValueError
        For an ``init`` or ``rng`` of the wrong kind, and for values of another shape.
    """
    rng = np.random.default_rng(0) if rng is None else rng
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"{layer}: rng has to be a generator such as numpy.random.default_rng(0), not {rng!r}")
    if not callable(init):
        raise ValueError(f"{layer}: init has to be a function such as glorot_uniform, not {init!r}")
    values = np.asarray(init(shape, *fans, rng))
    if values.shape != shape:
        raise ValueError(f"{layer}: init gave the shape {values.shape}; it has to be {shape}")
    return as_input(values, layer, "init's result", dtype=layer.dtype)


def image_shape(input_shape: Sequence[int], layer: object, asked: str) -> tuple[int, ...]:
    """The shape of one image's input as ints.

    Raises
    ------
    ValueError
        Unless it is a sequence of whole numbers from 1 up; ``asked`` describes what the layer takes.
    """
    if np.ndim(input_shape) != 1 or len(input_shape) == 0:
        raise ValueError(f"{layer}: an input {input_shape!r} does not fit; it takes {asked}")
    try:
        return tuple(whole_number(n, "each size of the input", at_least=1) for n in input_shape)
    except ValueError as error:
        raise ValueError(f"{layer}: {error}") from None


def as_input(
    X: ArrayLike,
    layer: object,
    what: str = "the input",
    *,
    dtype: DTypeLike | None = None,
    symbols: bool = False,
) -> np.ndarray:
    """X as an array the layer can take.

    Parameters
    ----------
    X : array, or what makes one
    layer : layer
    what : words
        Name X in errors.
    dtype : dtype
        X is cast to it.  Without one floats stay what they are, but float16 becomes float32, and whole numbers
        become float64.
    symbols : bool
        Whether objects are allowed without a dtype.

    Raises
    ------
    ValueError
        For text, ragged rows, masked cells, and objects where they are not allowed.
    """
    X = unmasked(X, layer, what)
    try:
        X = np.asarray(X)
    except ValueError:
        raise ValueError(f"{layer}: {what} is no array: its rows differ in length") from None
    kind = X.dtype.kind
    if kind == "O" and not (symbols or dtype == np.dtype(object)):
        hint = "; build the layer with dtype=object to run it on symbols" if hasattr(layer, "dtype") else ""
        raise ValueError(f"{layer}: {what} holds objects; it takes real numbers{hint}")
    if kind not in "buifO" or holds_text(X):
        kind = "U" if holds_text(X) else kind
        raise ValueError(f"{layer}: {what} holds {'text' if kind in 'SU' else X.dtype}; it takes real numbers")
    if dtype is None:
        dtype = X.dtype if kind in "fO" else np.float64
        dtype = np.float32 if dtype == np.float16 else dtype
    return X.astype(dtype, copy=False)


def check_maps(X: np.ndarray, layer: object, channels: int | None = None) -> None:
    """Check that X is a batch of maps (N, C, n_h, n_w) with at least one image.

    Raises
    ------
    ValueError
        For other shapes, and for other than ``channels`` maps an image, if that is given.
    """
    asked = f"(N, {channels or 'C'}, rows, columns)"
    if X.ndim != 4:
        hint = "; give one image as X[None]" if X.ndim == 3 else ""
        raise ValueError(f"{layer}: the input has shape {X.shape}; it takes a batch of maps {asked}{hint}")
    if 0 in X.shape:
        raise ValueError(f"{layer}: the input has shape {X.shape}, which holds nothing; it takes {asked}")
    if channels is not None and X.shape[1] != channels:
        raise ValueError(f"{layer}: the input {X.shape} has {X.shape[1]} channels; it takes {asked}")


def check_param(
    array: ArrayLike, shape: tuple[int, ...], dtype: DTypeLike, name: str, layer: object
) -> np.ndarray:
    """A parameter as the layer computes with it.

    Raises
    ------
    ValueError
        If it was replaced by one of another ``shape``.
    """
    array = as_input(array, layer, f"params[{name!r}]", dtype=dtype)
    if array.shape != shape:
        raise ValueError(f"{layer}: params[{name!r}] has shape {array.shape}; it has to be {shape}")
    return array

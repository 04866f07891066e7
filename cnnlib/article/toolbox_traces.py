"""What the MATLAB toolbox of the article computed: two small trainings, recorded number by number.

``load("small_cscs")`` reads a file of ``traces/`` into a :class:`Recording`: images and targets, activations,
deltas and gradients of the first batch, parameters before and after all updates.  ``traces/README.md`` says
what each array is called and means.  The toolbox convolves (∗) and keeps its deltas per sample, without 1/N.
Source: R. B. Palm, DeepLearnToolbox (MATLAB, 2012; commit 5df2801), run in GNU Octave 7.3.
"""

import json
from importlib import resources
from typing import NamedTuple

import numpy as np

from .. import correlation, storage
from ..layers import Conv2D, Dense, Flatten, MeanPool2D, Sigmoid
from ..losses import SquaredError
from ..network import Network

FOLDER = resources.files(__package__) / "traces"
NAMES = ("small_cscs", "odd_scale3")


class Recording(NamedTuple):
    """One recorded training: ``recording["layer2_delta"]`` is an array, float64; its net and its batches."""

    name: str
    arrays: dict[str, np.ndarray]
    places: dict[int, tuple]  # number of a layer in the toolbox, where 1 is the input → ("c", maps, k) or ("s", s)

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self.arrays:
            raise ValueError(f"the recording {self.name} has no array {name!r}; it has {', '.join(self.arrays)}")
        return self.arrays[name]

    @property
    def batch_size(self) -> int:
        """How many images each update used."""
        return int(self["batch_size"])

    @property
    def learning_rate(self) -> float:
        """α of every update."""
        return float(self["learning_rate"])

    @property
    def updates(self) -> int:
        """How many updates were recorded."""
        return len(self["losses"])

    def batch(self, step: int) -> tuple[np.ndarray, np.ndarray]:
        """Images (N, 1, h, w) and targets (N, 10) of an update; 0 is the first.

        Raises
        ------
        ValueError
            Beyond the last update.
        """
        if not 0 <= step < self.updates:
            raise ValueError(f"the recording {self.name} has the updates 0 to {self.updates - 1}, not {step!r}")
        rows = slice(step * self.batch_size, (step + 1) * self.batch_size)
        return self["images"][rows], self["targets"][rows]

    def net(self, operation: str = "convolution", *, path: str = "auto") -> Network:
        """The net before its first update, float64; under ⋆ its kernels start as the turn of what was recorded.

        ``path`` as in Conv2D.
        """
        layers, channels = [], 1
        for place, (kind, *sizes) in self.places.items():
            if kind == "c":
                conv = Conv2D(channels, *sizes, operation=operation, path=path, dtype=np.float64)
                conv.params["K"] = as_operation_holds_it(self[f"start_layer{place}_kernels"], operation)
                conv.params["b"] = self[f"start_layer{place}_bias"]
                layers, channels = [*layers, conv, Sigmoid()], sizes[0]
            else:
                layers.append(MeanPool2D(*sizes))
        dense = Dense(self["features"].shape[1], 10, dtype=np.float64)
        dense.params = {"W": self["start_output_weights"], "b": self["start_output_bias"]}
        return Network([*layers, Flatten(), dense, Sigmoid()], SquaredError())


def load(name: str) -> Recording:
    """The recording called ``name``.

    Raises
    ------
    ValueError
        For a name that is none of NAMES, and for a damaged file.
    """
    if name not in NAMES:
        raise ValueError(f"there is no recording {name!r}; there are {', '.join(NAMES)}")
    with resources.as_file(FOLDER / f"{name}.npz") as path:
        arrays = storage.read_npz(path)
    kinds = json.loads(str(arrays["layers"]))
    return Recording(name, arrays, {place: tuple(kind) for place, kind in enumerate(kinds, 1) if kind != "i"})


def as_operation_holds_it(K: np.ndarray, operation: str) -> np.ndarray:
    """A recorded kernel or kernel gradient for a net of that operation: as it is under ∗, turned under ⋆."""
    # Both turns are the same: the kernel that ∗ lays on its windows is the one that ⋆ has to store.
    return K if operation == "convolution" else correlation.effective_kernel(K, "convolution")

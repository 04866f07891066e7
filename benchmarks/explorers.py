"""How long a control of an explorer keeps the kernel busy: milliseconds a move, median and largest, as a table.

    python benchmarks/explorers.py [NAME ...]

Every control goes through its whole range, the others as they are at first; then 200 random combinations.  A
step has to cost at most 30 ms.  Counted is the time of this process, so that other work on the machine does not
show.  An explorer is one line in EXPLORERS: its module in cnnlib.widgets, its class, and what it is made of.
"""

import argparse
import gc
import importlib
import statistics
import time

import numpy as np

from cnnlib.network import toolbox_net
from cnnlib.widgets.parts.explorer import move, values_of


def _dense_net():
    """x, W1, b1, W2, b2, y of a 3-2-2 net."""
    rng = np.random.default_rng(0)
    return tuple(rng.standard_normal(shape).round(1) for shape in (3, (2, 3), 2, (2, 2), 2, 2))


def _map_kernel_delta():
    """X, K and the deltas at the output of X ⋆ K."""
    rng = np.random.default_rng(0)
    return rng.integers(0, 9, (4, 4)), np.array([[1, 2], [3, -4]]), rng.integers(-4, 5, (3, 3))


def _channels():
    """X, K and the deltas of a layer with three maps in and two out."""
    rng = np.random.default_rng(0)
    return tuple(rng.integers(-9, 10, shape) for shape in ((3, 3, 4), (2, 3, 2, 2), (2, 2, 3)))


def _delta_kernel():
    """Deltas and the kernel that they came through."""
    return _map_kernel_delta()[:0:-1]


def _powers_and_taps():
    """The deltas and the kernel of notebook 06: each product can be read off the sum."""
    return np.array([[1, 10], [100, 1000]]), np.array([[1, 2, 3], [4, 5, 6]])


def _cube():
    """A function of one number, where, and its slope."""
    return ({"x³ at 2": (lambda x: x * x * x, 2.0, 12.0), "x² at 1": (lambda x: x * x, 1.0, 2.0)},)


def _activations_delta():
    """Outputs of a sigmoid, and the deltas of their 2×2 blocks: a quarter and a sixth are whole numbers."""
    rng = np.random.default_rng(0)
    return rng.integers(1, 10, (4, 6)) / 10, 12 * rng.integers(-4, 6, (2, 3))


def _backwards():
    """What makes the padding explorer show dX."""
    from cnnlib.widgets.explorers.padding.backward import backward

    return (backward,)


def _net_and_images():
    """The article's net before training, twenty images of noise, and their labels."""
    rng = np.random.default_rng(0)
    return toolbox_net(rng=rng), rng.random((20, 1, 28, 28), dtype=np.float32), np.arange(20) % 10


EXPLORERS = {  # name → (module in cnnlib.widgets, class, arguments)
    "rotator": ("explorers.rotator", "Rotator", tuple),
    "padding explorer": ("explorers.padding", "PaddingExplorer", tuple),
    "padding, backwards": ("explorers.padding", "PaddingExplorer", _backwards),
    "dense path": ("explorers.dense_path", "DensePath", _dense_net),
    "pixel tracer": ("explorers.pixel_tracer", "PixelTracer", _delta_kernel),
    "convention switch": ("explorers.convention_switch", "ConventionSwitch", _map_kernel_delta),
    "four pictures": ("explorers.four_pictures", "FourPictures", _powers_and_taps),
    "journey": ("explorers.journey", "Journey", _net_and_images),
    "channel paths": ("explorers.channel_paths", "ChannelPaths", _channels),
    "pooling block": ("explorers.pooling_block", "PoolingBlock", _activations_delta),
    "bug lab": ("bug_lab", "BugLab", tuple),
    "epsilon curve": ("explorers.epsilon_curve", "EpsilonCurve", _cube),
}


def build(name):
    """A new explorer."""
    module, class_name, arguments = EXPLORERS[name]
    return getattr(importlib.import_module(f"cnnlib.widgets.{module}"), class_name)(*arguments())


def milliseconds(explorer, rng, *, combinations=200):
    """{control: [ms of each move]}: its whole range, then as part of random combinations."""
    spent = {name: [] for name in explorer.controls}
    for name, control in explorer.controls.items():
        for value in list(values_of(control)):
            spent[name].append(_timed(control, value))
    for _ in range(combinations):
        for name, control in explorer.controls.items():
            values = list(values_of(control))
            spent[name].append(_timed(control, values[rng.integers(len(values))]))
    return spent


def _timed(control, value):
    started = time.process_time()
    move(control, value)
    return 1000 * (time.process_time() - started)


def main():
    """Print the table; the exit status says whether every step stays below the limit."""
    from goals import EXPLORER_STEP  # beside this file; tests import the explorers from elsewhere

    _, limit = EXPLORER_STEP
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(EXPLORERS)}; all by default")
    names = parser.parse_args().names or list(EXPLORERS)
    unknown = sorted(set(names) - set(EXPLORERS))
    if unknown:
        parser.error(f"{unknown[0]!r} is none of {', '.join(EXPLORERS)}")
    print(f"{'explorer':<20}{'control':<14}{'moves':>7}{'median ms':>11}{'max ms':>9}")
    slowest = 0.0
    for name in names:
        explorer = build(name)
        gc.collect()
        gc.freeze()  # what was built before does not count
        for control, spent in milliseconds(explorer, np.random.default_rng(0)).items():
            print(f"{name:<20}{control:<14}{len(spent):>7}{statistics.median(spent):>11.2f}{max(spent):>9.1f}")
            slowest = max(slowest, *spent)
        explorer.close()
    print(f"largest {slowest:.1f} ms; the limit is {limit:.0f} ms")
    raise SystemExit(slowest > limit)


if __name__ == "__main__":
    main()

"""How well are digits read that were drawn on the pad, large and small?

usage: .venv/bin/python benchmarks/handwriting.py [--images 500] [--seed 0]        (make handwriting)

Test digits are thinned to lines one pixel wide, drawn as strokes on the pad at several sizes, and read by the
modern net.  Beside it stands the control: ink that is scaled with the digit, as wide as the pen is on the pad.
"""

import argparse

import numpy as np

from cnnlib.data import load_digits, one_hot
from cnnlib.handwriting import BOX, WIDTH, as_digit
from cnnlib.models import RECIPES
from cnnlib.training import train

PEN = 9 / 84  # of the pad's side: the line that the learner sees
CLOCKWISE = [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)]  # from the north
SIZES = {"the whole pad": 0.9, "half of it": 0.5, "a quarter": 0.25, "an eighth": 0.125}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    digits, recipe = load_digits(), RECIPES["modern"]
    net = recipe.build(rng=np.random.default_rng(arguments.seed))
    settings = dict(learning_rate=recipe.learning_rate, momentum=recipe.momentum, epochs=6)
    rng = np.random.default_rng(arguments.seed)
    for _step in train(net, digits.train_images, one_hot(digits.train_labels), rng=rng, **settings):
        pass
    images, labels = digits.test_images[: arguments.images], digits.test_labels[: arguments.images]
    print(f"the digits themselves: {net.error_rate(images, labels):.1%} wrong")
    lines = [thinned(image) for image in images[:, 0]]
    print(f"{'drawn on':>15}   pen of {WIDTH} pixels   pen as wide as on the pad")
    for name, size in SIZES.items():
        strokes = [on_the_pad(line, size) for line in lines]
        errors = [net.error_rate(np.array([as_digit(s, width=width) for s in strokes]), labels)
                  for width in (WIDTH, width_of_ink(size))]  # fmt: skip
        print(f"{name:>15} {errors[0]:12.1%} wrong {errors[1]:16.1%} wrong ({width_of_ink(size):.1f} pixels)")


def width_of_ink(size):
    """Pixels of a line on the image, if ink as it lies on the pad were scaled until the digit fits."""
    return BOX * PEN / (size + PEN)


def on_the_pad(line, size):
    """Strokes for a thinned digit (rows, columns): its pixels and the steps between them, ``size`` high or wide."""
    cells = np.argwhere(line)
    scale = size / max(np.ptp(cells, axis=0).max(), 1)
    places = 0.5 + (cells - (cells.min(axis=0) + cells.max(axis=0)) / 2)[:, ::-1] * scale
    near = np.abs(cells[:, None] - cells).max(axis=2) == 1
    alone = [places[[k]] for k in np.flatnonzero(~near.any(axis=1))]
    return alone + [places[pair] for pair in np.argwhere(np.triu(near))]


def thinned(image, least=0.4):
    """The lines in the middle of the ink, one pixel wide: T. Y. Zhang & C. Y. Suen, CACM 27 (1984) 236-239."""
    ink = np.pad(image > least, 1)
    changed = True
    while changed:
        changed = False
        for first in (True, False):
            around = [np.roll(ink, (-i, -j), axis=(0, 1)) for i, j in CLOCKWISE]  # P2 … P9
            neighbours = sum(part.astype(int) for part in around)
            starts = sum((~a & b).astype(int) for a, b in zip(around, around[1:] + around[:1], strict=True))
            north, east, south, west = around[::2]
            sides = (north & east & south, east & south & west)
            if not first:
                sides = (north & east & west, north & south & west)
            gone = ink & (neighbours >= 2) & (neighbours <= 6) & (starts == 1) & ~sides[0] & ~sides[1]
            changed |= bool(gone.any())
            ink = ink & ~gone
    return ink[1:-1, 1:-1]


if __name__ == "__main__":
    main()

"""The target codes of LeNet-5: each digit as a picture of 12×7 cells, ink +1 and paper −1.

Digits that look alike have similar codes, so that confusing them costs less than confusing digits that look
different.  The idea and the size are those of LeCun, Bottou, Bengio & Haffner (1998), figure 3; the ten pictures
are drawn anew.
"""

import numpy as np

CODE_ROWS, CODE_COLUMNS = 12, 7

PICTURES = """
..###.. ...##.. .#####. .#####. .....#. ####### ..####. ####### .#####. .####..
.##.##. ..###.. ##...## ##...## ....##. ##..... .##..## ####### ##...## ##..##.
##...## .####.. ##...## .....## ...###. ##..... ##..... .....## ##...## ##...##
##...## ...##.. .....## .....## ..####. ##..... ##..... .....## ##...## ##...##
##...## ...##.. .....## .....## .##.##. ######. ##..... ....##. .##.##. ##...##
##...## ...##.. ....##. ..####. ##..##. ##...## ######. ....##. ..###.. ##..###
##...## ...##.. ...##.. .....## ##..##. .....## ###..## ...##.. .##.##. .######
##...## ...##.. ..##... .....## ####### .....## ##...## ...##.. ##...## .....##
##...## ...##.. .##.... .....## ####### .....## ##...## ..##... ##...## .....##
##...## ...##.. ##..... .....## ....##. .....## ##...## ..##... ##...## .....##
.##.##. ...##.. ##..... ##...## ....##. ##...## .##..## .##.... ##...## ##..##.
..###.. .###### ####### .#####. ....##. .#####. ..####. .##.... .#####. .####..
"""


def digit_codes() -> np.ndarray:
    """The ten codes (10, 84) of +1 and −1, row after row of each picture; float64."""
    rows = [line.split() for line in PICTURES.split("\n") if line]
    return np.array([[1.0 if cell == "#" else -1.0 for row in rows for cell in row[digit]] for digit in range(10)])

"""Files that are replaced completely or not at all; arrays, checked before unpacking; parameters; MNIST."""

from .files import regular_file, replacing
from .npz import LONGEST_TEXT, Header, NpzFile, read_npz, write_npz
from .params import check_numbers, load_params, save_params

__all__ = [
    "LONGEST_TEXT",
    "Header",
    "NpzFile",
    "check_numbers",
    "load_params",
    "read_npz",
    "regular_file",
    "replacing",
    "save_params",
    "write_npz",
]

"""What .venv can hold, level by level: each adds extras of pyproject.toml and one file of requirements/.

The one table of it: bootstrap.py, install.py and lock.py read it. An old Python must still be able to read this
file: see bootstrap.py.
"""

ADDED = (  # level, the extras it adds, the modules it adds, which are looked for at every start
    ("lab", ("mnist", "lab"), ("cnnlib", "numpy", "matplotlib", "ipywidgets", "jupyterlab", "pip")),
    ("lecture", ("lecture",), ("jupyterlab_slideshow",)),
    ("book", ("book",), ("sphinx", "myst_nb", "sphinx_book_theme")),
    ("site", ("site",), ("jupyterlite_core", "jupyterlite_pyodide_kernel")),
    ("test", ("test",), ("pytest", "xdist", "hypothesis", "ruff")),
    ("all", ("browser",), ("playwright",)),
)
LEVELS = tuple(level for level, _, _ in ADDED)


def extras(level):
    """The extras of a level and of all before it."""
    return [extra for _, names, _ in _up_to(level) for extra in names]


def modules(level):
    """The modules of a level and of all before it."""
    return [module for _, _, names in _up_to(level) for module in names]


def _up_to(level):
    return ADDED[: LEVELS.index(level) + 1]

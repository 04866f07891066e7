"""A small NumPy package that shows why the convolution kernel turns by 180° on the way back.

Rooms in import order (each imports only from rooms above it in this list, or to its left):

    console, validation                text for any stream; what is refused everywhere
    ops, symbolic, gradcheck           the operations; the proof; how to check a gradient
    data, measured                     the digits; figures that a command wrote down
    maps, adjoint, banded              batches and channels; the backward pass in four ways; the fast path
    layers, losses, storage            forward and backward of each layer; files
    network, recordings                layers in a row, the nets of the course; what the article's toolbox computed
    training, recipes, run, run_files  updates; the nets to watch; a run with a record and a cursor; its files
    colours, numerals                  every colour by its meaning; numbers as one writes them
    tiles, figures, curves, drawing    arrays to pictures; a drawing by hand to an image
    plan, origins, sheets, road        the picture of a pass, and what each number in it was made of
    wrong_layers, bugs, steps          planted bugs, and what they do to one update
    verdicts, outcomes, first_layer    which test sees a bug; does the net still train, and why?
    attempts, checks, exercises, quiz  what the learner is asked, and how an answer is judged
    exam, statements                   the score of the exam; what the article says, and what settles it
    lesson                             questions that are answered before their answers are shown
    widgets                            panels and explorers for notebooks
    course                             the command ``cnnlib``: JupyterLab, slides, book

``import cnnlib`` loads NumPy and nothing else; ``symbolic`` (SymPy), ``figures`` (Matplotlib) and
``widgets`` (ipywidgets) are imported by whoever uses them.
"""

from . import adjoint, data, gradcheck, layers, losses, maps, network, ops, training

__version__ = "0.1.0"
__all__ = ["adjoint", "data", "gradcheck", "layers", "losses", "maps", "network", "ops", "training"]

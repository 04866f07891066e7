"""A small NumPy package that shows why the convolution kernel turns by 180° on the way back, and the course on it.

From the ground upwards.  An entry imports only from those above it in this list, or to its left::

    console, validation                 text for any stream; what is refused everywhere
    ops, correlation, adjoint           the operations; batches and channels; the backward pass in four ways
    without_blas, banded                a matrix product for the web page; the fast path, which Conv2D takes
    gradcheck, storage                  is a gradient right?; files of arrays and parameters, MNIST's own
    data, handwriting                   the digits; a drawing by hand to an image
    layers, losses                      forward and backward of each layer; how wrong a batch is
    network                             layers in a row
    training, models                    updates; the nets of the course
    symbolic                            the proof, in SymPy alone
    plots                               arrays to pictures

    experiments                         training runs, their files, and the figures that commands recorded
    pass_diagram                        the picture of one pass, and what each number in it was made of
    exercises                           tasks and hints (nbNN), quizzes (quizzes/NN.json), how an answer is judged
    widgets.parts                       what they are built from: Play and its bar, maps, menus, goals

    bugs                                what goes wrong in a backward pass, and which check sees it
    article                             the article; its program, quoted line by line; its toolbox's numbers
    lookup                              what people ask (topics/*.json), the field's words (glossary.json)
    lesson                              questions before their answers (predictions/NN.json), the board
    widgets.training_panel              a net trains while its maps move
    doctor                              somebody else's layer, examined; its known mistakes (mistakes/)

    widgets.bug_lab                     plant a bug, guess, watch
    widgets.explorers                   the explorers of the notebooks
    course                              the command ``cnnlib``: JupyterLab, the lecture, slides, book

``import cnnlib`` loads NumPy and nothing else; ``symbolic`` (SymPy), ``plots.figures`` (Matplotlib) and
``widgets`` (ipywidgets) are imported by whoever uses them.
"""

from . import adjoint, correlation, data, gradcheck, layers, losses, models, network, ops, training

__version__ = "0.1.0"
__all__ = [
    "adjoint",
    "correlation",
    "data",
    "gradcheck",
    "layers",
    "losses",
    "models",
    "network",
    "ops",
    "training",
]

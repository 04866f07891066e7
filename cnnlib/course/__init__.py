"""The course around the library: the command ``cnnlib``, its slides and its book.

``places`` says where notebooks and pages lie, ``folder`` copies them for a learner, ``lab`` and ``lecture`` start
JupyterLab, ``slides`` and ``book`` write files, and ``command`` is what a terminal calls.
"""

"""The course around the library: the command ``cnnlib``, its slides and its book.

``command`` is what a terminal calls.  ``copy`` makes and updates the learner's copy of notebooks and pages,
``lab`` and ``lecture`` start JupyterLab, ``slides`` and ``book`` write files, ``desk`` what the lecturer prints.
``places`` has the paths of the course, ``core_path`` the notebooks of one lecture.
"""

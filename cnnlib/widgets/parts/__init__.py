"""What panels and explorers are built from.

* ``transport``: the bar with Play, its speeds and keys; ``player``: the asyncio task that runs while it plays
* ``map_grid``, ``window_cells``: a map as cells; ``formula``: formulas as HTML
* ``explorer``: the base of every explorer; ``goals``: its questions, and how their answers are judged
* ``controls``, ``keys_and_names``, ``parse``, ``sketch``: menus, keys and labels, typed numbers, a drawing pad
* ``heartbeat``, ``closing``, ``reopened``, ``traits``: the browser's pace, closing, saved notebooks, bad values
"""

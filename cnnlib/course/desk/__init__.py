"""The lecturer's papers: the guide, the desk sheets to print, and the script for a room without a projector.

``lecture.json`` says which slide begins a section, its minutes in a lecture of 90 and of 45, what to say, what to
click, and where to cut.  Slide numbers, clock and questions come from the notebooks and the records of their
predictions (:mod:`.sections`), so that guide and slides cannot differ; :mod:`.guide` writes docs/teaching.md, and
:mod:`.sheet` the five pages.
"""

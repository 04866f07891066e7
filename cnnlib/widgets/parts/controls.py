"""Core widgets as the course uses them: labels and choices are as wide as their text.

A control without a visible label gets its name, for screen readers too, from its tooltip: see
:mod:`cnnlib.widgets.parts.keys_and_names`.
"""

from collections.abc import Iterable

import ipywidgets as widgets


def dropdown(name: str, options: Iterable, width: str, **settings) -> widgets.Dropdown:
    """A menu with its label."""
    made = widgets.Dropdown(options=options, description=name, layout=widgets.Layout(width=width), **settings)
    made.style.description_width = "initial"
    return made


def toggle(name: str, options: Iterable, width: str = "auto", **settings) -> widgets.ToggleButtons:
    """A labelled row of buttons of which one is pressed, all of one width or each as wide as its text."""
    made = widgets.ToggleButtons(options=options, description=name, **settings)
    made.style.button_width, made.style.description_width = width, "initial"
    return made


def button(icon: str, tip: str, text: str = "", width: str = "44px") -> widgets.Button:
    """A button with an icon; the tooltip ``tip`` explains it, and is its name where it has no text."""
    return widgets.Button(icon=icon, description=text, tooltip=tip, layout=widgets.Layout(width=width))

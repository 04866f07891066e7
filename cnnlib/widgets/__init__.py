"""Panels and explorers for notebooks, on ipywidgets: they draw what other modules compute, and react to clicks."""

"""Panels and explorers for notebooks, on ipywidgets.  They draw what other modules compute and pass clicks on."""

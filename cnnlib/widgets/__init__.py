"""Panels and explorers for notebooks, on ipywidgets.  They draw what other rooms compute and pass clicks on."""

"""Closing a panel with all its parts: ipywidgets closes one widget at a time and leaves its parts behind."""

import ipywidgets as widgets


def close_with_parts(widget):
    """Close a widget, everything inside it, and the layout and style of each.  May be called twice."""
    for child in getattr(widget, "children", ()):
        close_with_parts(child)
    for part in ("layout", "style"):
        if hasattr(widget, part):
            getattr(widget, part).close()
    widgets.Widget.close(widget)

"""What is moved in the page, notebook by notebook, once it has run: each walk fails in words or gives figures."""


def walk(page, path: str) -> dict:
    """The walk of a notebook, if it has one; figures for the table."""
    return {}

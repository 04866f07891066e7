"""What a piece of code shows, as HTML: pictures, printed lines and values, collected instead of displayed."""

import html
from contextlib import contextmanager


@contextmanager
def collected():
    """A list that after the block holds, as HTML, what was printed and displayed inside.  Errors pass."""
    from IPython.utils.capture import capture_output

    shown = []
    with capture_output(stderr=False) as caught:
        yield shown
    printed = caught.stdout.rstrip("\n")
    shown += [f"<pre>{html.escape(printed)}</pre>"] if printed else []
    shown += [_as_html(output.data) for output in caught.outputs]


def html_of(thing) -> str:
    """HTML of what shall be shown: text as it stands, ``_repr_html_``, or whatever a function shows and returns.

    Raises
    ------
    ValueError
        For anything else: a bare figure has no alt text, and ``figures.as_html`` asks for it.
    """
    if thing is None or isinstance(thing, str):
        return thing or ""
    if hasattr(thing, "_repr_html_"):
        return thing._repr_html_()
    if not callable(thing):
        kind = type(thing).__name__
        raise ValueError(f"{kind} has no HTML: give text, figures.as_html(fig, alt=…), or a function that shows it")
    with collected() as shown:
        returned = thing()
    return "".join(shown) + html_of(returned)


def _as_html(data):
    """One displayed object."""
    if "text/html" in data:
        return data["text/html"]
    if "image/png" in data:
        raise ValueError("a figure without alt text: show it with figures.show(fig, alt=…)")
    return f"<pre>{html.escape(data.get('text/plain', ''))}</pre>"

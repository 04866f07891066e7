"""Starts JupyterLab for a lecture: slides with live widgets, in large type, that a clicker moves on.

usage: .venv/bin/python tools/lecture.py [--notebook 06] [--port 9000] [--no-browser]        (make lecture)

The server is that of make lab. What it reads besides lies in tools/lecture/: the style of the slides, and PageDown
and PageUp, the keys that clickers send.
"""

import shutil
import sys
from pathlib import Path

import lab

PARTS = Path(__file__).with_suffix("")
OWN = Path(sys.prefix, "share", "cnnlib")
FIRST = "01"  # where the core path begins
TOLD = "Slides: Run ▸ Run All Cells, then the cards in the notebook's toolbar. PageDown moves on, Escape ends them."
STATE = "jupyterlab-slideshow/plugin.jupyterlab-settings"


def main() -> str | None:
    parser = lab.parser("Start JupyterLab at a notebook of the core path, ready for a slide show.")
    parser.add_argument("--notebook", default="", help="its number or its file; default: 01")
    arguments = parser.parse_args()
    try:
        port, name = lab.choose_port(arguments.port), find(arguments.notebook or FIRST, lab.NOTEBOOKS)
    except ValueError as error:
        return str(error)
    lay_out(OWN)
    start = lab.Start(
        browser=not arguments.no_browser,
        notebook=name,
        options={"LabApp.custom_css": True},
        variables={
            "JUPYTER_CONFIG_DIR": str(OWN / "lecture"),
            "JUPYTERLAB_SETTINGS_DIR": str(OWN / "lecture-settings"),
        },
        told=TOLD,
    )
    return lab.serve(port, start)


def find(wanted: str, folder: Path) -> str:
    """The file name of the notebook that "06", its name or its path means. ValueError where there is none."""
    start = Path(wanted).name.removesuffix(".ipynb")
    found = sorted(path.name for path in folder.glob("*.ipynb") if path.stem.startswith(start))
    if len(found) != 1:
        several = "more than one" if found else "no"
        numbers = ", ".join(sorted(path.name[:2] for path in folder.glob("*.ipynb")))
        raise ValueError(f"NB={wanted} names {several} notebook: take one of {numbers}.")
    return found[0]


def lay_out(own: Path) -> None:
    """Copy what JupyterLab reads to below `own`, since it writes there as well.

    The extension notes in the settings that a show is on. A show that was cut short would begin by itself the next
    time, before a cell has run: the note goes.
    """
    shutil.rmtree(own / "lecture", ignore_errors=True)
    shutil.copytree(PARTS, own / "lecture")
    (own / "lecture-settings" / STATE).unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())

"""``cnnlib lecture``: JupyterLab with slides whose widgets are live, in large type, that a clicker moves on.

The server is that of ``cnnlib lab``. What it reads besides lies in ``lecture_settings``: the style of the slides,
PageDown and PageUp, the keys that clickers send, and an extension that starts the show and guards its keys.
"""

import shutil
from pathlib import Path

from . import lab, places
from .folder import FolderError, write

PARTS = Path(__file__).with_name("lecture_settings")
FIRST = "01"  # where the core path begins
TOLD = "The notebook runs, then the show begins by itself. PageDown moves on, B blanks the screen, Escape ends it."
STATE = "jupyterlab-slideshow/plugin.jupyterlab-settings"


def main(arguments: list[str]) -> str | None:
    parser = lab.parser("lecture", "Open JupyterLab at a notebook of the core path, ready for a slide show.")
    parser.add_argument("--notebook", default="", help="its number or its file; default: 01")
    asked = parser.parse_args(arguments)
    try:
        port, course = lab.choose_port(asked.port, "lecture"), lab.course_folder(asked.folder)
        name = find(asked.notebook or FIRST, course.root / course.notebooks)
        lay_out(course.own)
    except (ValueError, FolderError) as error:
        return str(error)
    start = lab.Start(
        course,
        browser=not asked.no_browser,
        notebook=name,
        options={"LabApp.custom_css": True},
        variables={
            "JUPYTER_CONFIG_DIR": str(course.own / "lecture"),
            "JUPYTER_PATH": str(course.own / "lecture"),  # labextensions are looked for there, too
            "JUPYTERLAB_SETTINGS_DIR": str(course.own / "lecture-settings"),
        },
        told=TOLD,
    )
    return lab.serve(port, start, chosen=bool(asked.port))


def find(wanted: str, folder: Path) -> str:
    """The file name of the notebook that "06", its name or its path means. ValueError where there is none."""
    start = Path(wanted).name.removesuffix(".ipynb")
    every = [path.name for path in places.notebooks(folder)]
    found = [name for name in every if name.startswith(start)]
    if len(found) != 1:
        several = "more than one" if found else "no"
        numbers = ", ".join(name[:2] for name in every)
        raise ValueError(f"{wanted} names {several} notebook: take one of {numbers}.")
    return found[0]


def lay_out(own: Path) -> None:
    """Copy what JupyterLab reads to below `own`, since it writes there as well.

    The extension notes in the settings that a show is on. A show that was cut short would begin by itself the next
    time, before a cell has run: the note goes.
    """
    shutil.rmtree(own / "lecture", ignore_errors=True)
    for part in PARTS.rglob("*.*"):  # contents alone: an installed package may be read-only, a copy must not
        write(own / "lecture" / part.relative_to(PARTS), part.read_bytes())
    lab.switch_off_news(own / "lecture")
    (own / "lecture-settings" / STATE).unlink(missing_ok=True)


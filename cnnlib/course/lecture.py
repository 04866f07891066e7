"""``cnnlib lecture``: JupyterLab with slides whose widgets are live, in large type, that a clicker moves on.

The server is that of ``cnnlib lab``, on a copy of the course (:mod:`.lecture_slides`).  ``lecture_settings`` holds
the style of the slides, and ``show`` the parts of an extension that starts the show, moves it on, scales it with
the window and keeps keys from editing the notebook.
"""

import dataclasses
import json
import shutil
from pathlib import Path

from . import lab, page, places
from .copy import FolderError, write
from .lecture_slides import COPY, lectured, make_copy

PARTS = Path(__file__).with_name("lecture_settings")
SHOW = Path(__file__).with_name("show")
SCRIPTS = ("steps", "signs", "run", "fit", "keys", "show")  # in the order in which they are joined
EXTENSION = Path("labextensions", "cnnlib-lecture", "static", "show.js")
FIRST = "00"  # where the lecture begins
NOTE = "The notebook runs, then the show begins by itself. PageDown moves on, B blanks the screen, Escape ends it."
STATE = "jupyterlab-slideshow/plugin.jupyterlab-settings"


def main(arguments: list[str]) -> str | None:
    parser = lab.parser("lecture", "Open JupyterLab at a notebook of the lecture, ready for a slide show.")
    parser.add_argument("--notebook", default="", help=f"its number or its file; default: {FIRST}")
    parser.add_argument("--every", action="store_true", help="show the slides of the hand-out, too")
    asked = parser.parse_args(arguments)
    try:
        port, course = lab.choose_port(asked.port, "lecture"), lab.course_folder(asked.folder)
        top = course.root if course.notebooks else course.root.parent
        name = find(asked.notebook or FIRST, top / "notebooks")
        refuse_a_second(top / COPY)
        copy = make_copy(top, every=asked.every)
        lay_out(course.own, [each for each, _ in lectured(top / "notebooks")])
    except (ValueError, FolderError) as error:
        return str(error)
    print(f"The lecture runs on a copy of the course, made anew at each start: {copy}", flush=True)
    start = lab.Start(
        dataclasses.replace(course, root=copy, notebooks="notebooks"),
        browser=not asked.no_browser,
        notebook=name,
        variables={
            "JUPYTER_CONFIG_DIR": str(course.own / "lecture"),
            "JUPYTER_PATH": str(course.own / "lecture"),  # labextensions are looked for there, too
            "JUPYTERLAB_SETTINGS_DIR": str(course.own / "lecture-settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(course.own / "lecture" / "workspaces"),
        },
        note=NOTE,
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


def refuse_a_second(copy: Path) -> None:
    """FolderError where a lecture runs on this copy already: a new start would write under its open notebooks."""
    from jupyter_server.serverapp import list_running_servers

    for server in list_running_servers():
        if Path(server["root_dir"]).resolve() == copy.resolve():
            raise FolderError(
                f"A lecture of this course runs already: {server['url']}lab (process {server['pid']}).\n"
                "Go on there, or end it with Ctrl-C in its terminal: two would share one copy of the course."
            )


def lay_out(own: Path, order: list[str]) -> None:
    """Write the files that JupyterLab reads to a folder below `own`, where it may write as well.

    ``order`` are the names of the notebooks.  The extension records in the settings that a show is on, and
    JupyterLab which tabs were open.  After a show that was cut short, the next one would begin by itself before a
    cell has run, so both records are removed.
    """
    shutil.rmtree(own / "lecture", ignore_errors=True)
    for part in PARTS.rglob("*.*"):  # not their permissions: a package may be read-only
        write(own / "lecture" / part.relative_to(PARTS), part.read_bytes())
    write(own / "lecture" / EXTENSION, show_script(order).encode())
    page.switch_off_news(own / "lecture")
    (own / "lecture-settings" / STATE).unlink(missing_ok=True)


def show_script(order: list[str]) -> str:
    """The extension: its parts in one function, with the order of the notebooks."""
    parts = [(SHOW / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS]
    return "\n".join(["(() => {", f"const COURSE = {json.dumps(order)};", *parts, "})();\n"])

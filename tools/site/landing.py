"""The first page of the site, and the links from book and decks to the live notebooks."""

import html
import shutil
from pathlib import Path

import nbformat

from cnnlib import __version__
from cnnlib.course import places
from cnnlib.course.core_path import CORE
from cnnlib.course.slides.deck import title
from cnnlib.lesson import row

PAGE = Path(__file__).resolve().parent / "page"
RUN = "live/run.html?path=notebooks/"  # behind it stands the name of a notebook


def write(site: Path, archives: tuple[Path, Path], megabytes: int, from_cdn: bool) -> None:
    """index.html with its style and script; the two ``archives``, wheel and sdist, to download."""
    (site / "download").mkdir(exist_ok=True)
    for path in archives:
        shutil.copy(path, site / "download")
    shutil.copy(PAGE / "site.css", site)
    wheel, sdist = archives
    told = " but Pyodide's, when a notebook is opened" if from_cdn else ""
    values = {"run": RUN, "megabytes": megabytes, "version": __version__, "rows": rows(site), "cdn": told}
    values |= {"row": row().html, "film": film(site)}
    values |= {"wheel": wheel.name, "sdist": sdist.name, "wheel_size": f"{wheel.stat().st_size / 1e6:.1f}"}
    page = (PAGE / "index.html").read_text(encoding="utf-8")
    for name, value in values.items():
        page = page.replace(f"@{name}@", str(value))
    (site / "index.html").write_text(page, encoding="utf-8")


def film(site: Path, made: Path = places.BUILD / "film") -> str:
    """A link to the silent film, copied beside the page; "" where `make film` has made none."""
    if not (made / "film.webp").exists():
        return ""
    shutil.copytree(made, site / "film", dirs_exist_ok=True)
    return '<p><a href="film/film.html">The same as a silent film of ninety seconds</a></p>'


def rows(site: Path) -> str:
    """A line for each notebook: its title, and links to what is there of it."""
    lines = []
    for path in places.notebooks():
        name, number = path.stem, path.name[:2]
        star = ' <span title="core path">★</span>' if number in CORE else ""
        parts = [("", f"book/notebooks/{name}.html", "read"), (' class="wide"', f"{RUN}{path.name}", "run"),
                 ("", f"slides/{name}.html", "slides")]  # fmt: skip
        shown = "".join(f"<td{kind}>{_link(site, address, word, number)}</td>" for kind, address, word in parts)
        heading = html.escape(title(nbformat.read(path, as_version=4)).replace("`", ""))
        lines.append(f"<tr><td>{number} {heading}{star}</td>{shown}</tr>")
    return "\n".join(lines)


def _link(site, address, word, number):
    there = (site / address.partition("?")[0]).exists()
    return f'<a href="{address}" aria-label="{word} {number}">{word}</a>' if there else ""

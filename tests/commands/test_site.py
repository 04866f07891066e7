"""The site's parts, without a browser and without network: hashes, the lock, the list of what is loaded, links."""

import ast
import json
import re
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "tools" / "site"), str(ROOT / "tools")]
import landing  # noqa: E402 (after the path to it)
import links  # noqa: E402
import lite  # noqa: E402
import packages  # noqa: E402

NEEDS = {"numpy": [], "matplotlib": ["numpy", "python_dateutil"], "python-dateutil": [], "unused": []}
NEEDS |= {name: [] for name in ["traitlets", *packages.LIST["kernel"]]}
LOCK = {"info": {"version": "0"}, "packages": {
    name: {"name": name, "file_name": f"{name}.whl", "sha256": "", "imports": [name], "depends": depends}
    for name, depends in NEEDS.items()}}  # fmt: skip


@pytest.fixture
def own(tmp_path):
    """Our entries of the lock, for wheels of a few bytes."""
    wheels = {"cnnlib": tmp_path / "cnnlib-1-py3-none-any.whl", lite.FONTS: lite.font_wheel(tmp_path)}
    wheels |= {entry["name"]: tmp_path / entry["file_name"] for entry in packages.LIST["wheels"]}
    for path in wheels.values():
        path.exists() or path.write_bytes(path.name.encode())
    return lite.own_entries(wheels)


def test_every_wheel_is_named_with_its_hash_and_no_registry():
    for entry in packages.LIST["wheels"]:
        assert re.fullmatch(r"[0-9a-f]{64}", entry["sha256"]) and entry["version"] in entry["file_name"]
        assert entry["file_name"].endswith("none-any.whl")
    assert f"/v{packages.LIST['pyodide']['version']}/" in packages.LIST["cdn"]


def test_the_kernel_is_the_one_that_the_notebooks_were_seen_on():
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert extra["site"] == ["jupyterlite-core==0.6.4", "jupyterlite-pyodide-kernel==0.6.1"]


def test_a_wheel_with_another_hash_is_thrown_away(tmp_path):
    entry = packages.LIST["wheels"][0]
    (tmp_path / entry["file_name"]).write_bytes(b"something else")
    with pytest.raises(packages.SiteError, match=f"{entry['file_name']} has another hash"):
        packages.pure_wheels(tmp_path)
    assert not (tmp_path / entry["file_name"]).exists()


def test_the_lock_holds_what_the_course_needs_and_its_needs_and_nothing_else(own):
    lock = packages.patched(LOCK, own, "https://server/")["packages"]
    assert {"cnnlib", "sympy", "mpmath", "matplotlib", "python-dateutil", "cnnlib-page"} < set(lock)
    assert "unused" not in lock
    assert lock["numpy"]["file_name"] == "https://server/numpy.whl"
    assert "://" not in lock["cnnlib"]["file_name"] and len(lock["cnnlib"]["sha256"]) == 64
    assert LOCK["packages"]["numpy"]["file_name"] == "numpy.whl"  # the original is as it was


def test_a_package_that_nobody_has_is_named(own):
    with pytest.raises(packages.SiteError, match="is not in Pyodide's lock"):
        packages.patched({"info": {}, "packages": {}}, own, "")


def test_binary_packages_are_taken_from_a_folder_only_if_they_are_the_official_files(tmp_path, own):
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir(), target.mkdir()
    lock = packages.patched(LOCK, own, "")
    for name, entry in lock["packages"].items():
        if name not in own:
            (source / entry["file_name"]).write_bytes(name.encode())
            entry["sha256"] = packages.sha256(source / entry["file_name"])
    packages.copy_binaries(lock, own, source, target)
    assert (target / "numpy.whl").read_bytes() == b"numpy"
    (source / "numpy.whl").write_bytes(b"numpy, changed")
    (source / "jedi.whl").unlink()
    with pytest.raises(packages.SiteError) as told:
        packages.copy_binaries(lock, own, source, target)
    assert "jedi.whl is missing" in str(told.value) and "numpy.whl is not the official file" in str(told.value)


def foreign_imports(source):
    """Names of the packages that a text of Python imports, the standard library and cnnlib aside."""
    for node in ast.walk(ast.parse(source)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
        yield from (name.partition(".")[0] for name in names)


def test_every_import_of_the_notebooks_and_of_cnnlib_is_in_the_lock():
    known = set(sys.stdlib_module_names) | {"cnnlib", "numpy", "matplotlib", "IPython", "traitlets", "mpl_toolkits"}
    known |= {name for entry in packages.LIST["wheels"] for name in entry["imports"]}
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "cnnlib").rglob("*.py")
             if not {"course", "slides"} & set(path.relative_to(ROOT / "cnnlib").parts)]  # fmt: skip
    for path in (ROOT / "notebooks").rglob("[01]*.ipynb"):
        texts += [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    missing = {name for text in texts if "%" not in text[:1] for name in foreign_imports(text)} - known
    assert missing <= {"pooch", "torch"}  # asked for where they are used, and told where they are missing


def test_the_list_of_fonts_is_that_of_the_pages_matplotlib_and_the_same_file_each_time(tmp_path):
    fonts = json.loads((ROOT / "tools" / "site" / "fontlist.json").read_text(encoding="utf-8"))
    assert fonts["_version"] == 330 and packages.LIST["built"]["matplotlib"].startswith("3.8.")
    names = [entry["fname"] for kind in ("ttflist", "afmlist") for entry in fonts[kind]]
    assert len(names) > 90 and all(name.startswith("fonts/") for name in names)
    first = lite.font_wheel(tmp_path).read_bytes()
    assert lite.font_wheel(tmp_path).read_bytes() == first


def test_nothing_asks_a_registry_in_the_page():
    kernel = lite.settings()["jupyter-config-data"]["litePluginSettings"][lite.KERNEL]
    assert kernel["disablePyPIFallback"] is True and kernel["pyodideUrl"].startswith("./")


@pytest.fixture
def site(tmp_path):
    """A site of a few pages."""
    for part in ("live/files/notebooks", "live/lab", "book/notebooks", "slides"):
        (tmp_path / part).mkdir(parents=True)
    (tmp_path / "live" / "run.html").write_text("")
    (tmp_path / "slides" / "index.html").write_text("")
    (tmp_path / "live" / "files" / "notebooks" / "00_start_here.ipynb").write_text("")
    (tmp_path / "book" / "index.html").write_text('<p id="here">')
    return tmp_path


@pytest.mark.parametrize("link, found", [
    ("book/index.html", 0), ("book/index.html#here", 0), ("book/index.html#there", 1), ("book/none.html", 1),
    ("live/run.html?path=notebooks/00_start_here.ipynb", 0), ("live/run.html?path=notebooks/99.ipynb", 1),
    ("https://example.org/", 0),
])  # fmt: skip
def test_a_link_that_leads_nowhere_is_found(site, link, found):
    (site / "book" / "_static").mkdir()  # what lies there is the theme's, and no page
    (site / "book" / "_static" / "macros.html").write_text('<a href="{{ of_the_theme }}">x</a>')
    (site / "index.html").write_text(f'<a href="{link}">x</a><script>"href=\'no.html\'"</script>')
    assert len(links.broken(site)) == found


def test_the_landing_page_is_filled_in_and_leads_to_every_notebook(site, tmp_path):
    archives = (tmp_path / "cnnlib-1-py3-none-any.whl", tmp_path / "cnnlib-1.tar.gz")
    for path in archives:
        path.write_bytes(b"x" * 100_000)
    landing.write(site, archives, 46, from_cdn=True)
    page = (site / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"@[a-z_]+@", page) and "46 MB" in page and "<cnn-row" in page and "but Pyodide" in page
    assert (site / "download" / archives[0].name).is_file()
    for path in (ROOT / "notebooks").glob("[01]*.ipynb"):
        assert f"<tr><td>{path.name[:2]} " in page
        (site / "live" / "files" / "notebooks" / path.name).write_text("")
    assert links.broken(site) == []


def test_the_film_is_linked_where_it_was_made_and_not_where_it_was_not(tmp_path):
    site, made = tmp_path / "site", tmp_path / "film"
    site.mkdir()
    assert landing.film(site, made) == ""
    made.mkdir()
    for name in ("film.webp", "film.html"):
        (made / name).write_text(name)
    assert 'href="film/film.html"' in landing.film(site, made)
    assert (site / "film" / "film.webp").read_text() == "film.webp"

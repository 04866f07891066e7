"""JupyterLab as static files: the application, the notebooks, Python for the page, and what loads it all."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from packages import CORE, LIST, SiteError, copy_binaries, core, entry_of, lock_of, patched, pure_wheels, sha256

from cnnlib import __version__
from cnnlib.course import copy, places

HERE = Path(__file__).resolve().parent
PAGE = HERE / "page"
WORK = places.BUILD / "site-work"
EXTENSIONS = {"jupyterlab-widgets": "@jupyter-widgets/jupyterlab-manager", "anywidget": "anywidget"}
SHARE = "share/jupyter/labextensions"
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
FONTS = "cnnlib-page"  # the package that carries Matplotlib's list of fonts


def build(site: Path, wheel: Path, source: Path | None) -> None:
    """Write ``site/live``: JupyterLite with cnnlib's ``wheel``; ``source`` is a folder with Pyodide's packages."""
    live = site / "live"
    shutil.rmtree(WORK / "lite", ignore_errors=True)
    copy.update(WORK / "lite" / "content")
    shutil.rmtree(WORK / "lite" / "content" / ".cnnlib")
    (WORK / "lite" / "jupyter-lite.json").write_text(json.dumps(settings()), encoding="utf-8")
    (WORK / "lite" / "overrides.json").write_text(json.dumps(OVERRIDES), encoding="utf-8")
    _application(WORK / "lite", live)
    _python(live / "static" / "pyodide", wheel, source)
    shutil.copy(PAGE / "run.html", live)
    shutil.copy(PAGE / "run.js", live)
    shutil.copy(PAGE / "address.js", live)
    first = live / "lab" / "index.html"
    page = first.read_text(encoding="utf-8").replace("</head>", '<script src="../address.js"></script>\n  </head>')
    first.write_text(page, encoding="utf-8")
    worker = (PAGE / "service-worker.js").read_text(encoding="utf-8")
    files = listed(live)
    (live / "files.json").write_text(json.dumps(files), encoding="utf-8")
    key = sha256(live / "files.json")[:12]
    (live / "service-worker.js").write_text(worker.replace("@key@", f"{__version__}-{key}"), encoding="utf-8")


OVERRIDES = {
    "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 10},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "defer"},
}


def settings() -> dict:
    """What JupyterLite reads when the page opens. No registry is asked for packages."""
    kernel = {"pyodideUrl": "./static/pyodide/pyodide.js", "disablePyPIFallback": True}
    data = {"appName": f"cnnlib {__version__}", "enableServiceWorkerCache": "true", "exposeAppInBrowser": False,
            "litePluginSettings": {KERNEL: kernel}}  # fmt: skip
    return {"jupyter-lite-schema-version": 0, "jupyter-config-data": data}


def _application(work, live):
    """Run JupyterLite's own build, with the extensions that the notebooks need and no other."""
    config = {
        "apps": ["lab"],
        "contents": [str(work / "content")],
        "output_dir": str(live),
        "lite_dir": str(work),
        "ignore_sys_prefix": ["federated_extensions"],
        "federated_extensions": [str(path) for path in extensions(work)],
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
    }
    (work / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": config}), encoding="utf-8")
    run = [sys.executable, "-m", "jupyter", "lite", "build", "--force"]
    done = subprocess.run(run, cwd=work, capture_output=True, encoding="utf-8", errors="replace")
    if done.returncode or not (live / "lab" / "index.html").is_file():
        raise SiteError("JupyterLite did not build:\n" + (done.stdout + done.stderr)[-2000:])


def extensions(work: Path) -> list[Path]:
    """The kernel, from this environment, and the widgets, from the very wheels that the page's Python gets."""
    found = [Path(sys.prefix, SHARE, "@jupyterlite", "pyodide-kernel-extension")]
    wheels = pure_wheels()
    for package, name in EXTENSIONS.items():
        with zipfile.ZipFile(wheels[package]) as archive:
            for member in archive.namelist():
                _, here, rest = member.partition(f".data/data/{SHARE}/{name}/")
                if here and rest and not rest.endswith("/"):
                    copy.write(work / "extensions" / name / rest, archive.read(member))
        found.append(work / "extensions" / name)
    return found


def _python(target, wheel, source):
    """Pyodide's core, its lock with ours in it, the wheels, and the binary packages of ``source``."""
    target.mkdir(parents=True, exist_ok=True)
    npm = core()
    for name in CORE:
        shutil.copy(npm / name, target)
    wheels = pure_wheels() | {"cnnlib": wheel, FONTS: font_wheel(WORK)}
    for path in wheels.values():
        shutil.copy(path, target)
    lock, own = lock_of(npm), own_entries(wheels)
    if source:
        copy_binaries(patched(lock, own, ""), own, source, target)
    lock = patched(lock, own, "" if source else LIST["cdn"])
    (target / "pyodide-lock.json").write_text(json.dumps(lock, indent=1), encoding="utf-8")


def own_entries(wheels: dict[str, Path]) -> dict[str, dict]:
    """{name: entry of the lock} for the pure wheels, cnnlib, and the list of fonts."""
    course = list(LIST["course"])
    entries = {entry["name"]: entry_of(wheels[entry["name"]], entry["name"], entry["version"], entry["imports"],
                                       entry["depends"]) for entry in LIST["wheels"]}  # fmt: skip
    entries["cnnlib"] = entry_of(wheels["cnnlib"], "cnnlib", __version__, ["cnnlib"], [*course, FONTS])
    # Matplotlib's own list is replaced by ours, which is therefore laid down after it.
    entries[FONTS] = entry_of(wheels[FONTS], FONTS, "1", [], ["matplotlib"])
    return entries


def font_wheel(work: Path) -> Path:
    """A wheel whose one file is Matplotlib's list of its own fonts, in the place of the one that Pyodide packed.

    That one is of another version: Matplotlib would read every font each time a kernel starts, and say so.
    """
    work.mkdir(parents=True, exist_ok=True)
    path, info = work / "cnnlib_page-1-py3-none-any.whl", "cnnlib_page-1.dist-info"
    files = {
        "matplotlib/fontlist.json": (HERE / "fontlist.json").read_text(encoding="utf-8"),
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: cnnlib-page\nVersion: 1\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: cnnlib\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text)  # no date: same files, same hash
    return path


def listed(live: Path) -> dict:
    """What run.html loads before the notebook opens: {"version", "files": [[address, bytes], …]}."""
    pyodide = live / "static" / "pyodide"
    lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
    files = [[f"static/pyodide/{name}", (pyodide / name).stat().st_size]
             for name in (*CORE, "pyodide-lock.json") if name != "pyodide.mjs"]  # fmt: skip
    for entry in lock["packages"].values():
        here = pyodide / entry["file_name"]
        address = entry["file_name"] if "://" in entry["file_name"] else f"static/pyodide/{here.name}"
        files.append([address, here.stat().st_size if here.is_file() else 1_000_000])
    for part in ("api", "files"):
        files += [[path.relative_to(live).as_posix(), path.stat().st_size]
                  for path in sorted((live / part).rglob("*")) if path.is_file()]  # fmt: skip
    return {"version": __version__, "files": files}


def megabytes(live: Path) -> int:
    """What the first visit loads, in millions of bytes."""
    files = json.loads((live / "files.json").read_text(encoding="utf-8"))["files"]
    return round(sum(size for _, size in files) / 1e6)

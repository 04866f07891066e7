"""An update in the web page, where NumPy has no BLAS: as cnnlib.without_blas does it, beside NumPy's own products.

Pyodide runs under Node.js, from the folder that ``make site PYODIDE=folder`` has filled; where one of the two is
missing, the part is not measured.  Processor time is counted, in turns; the code is that of this clone.
"""

import json
import shutil
import statistics
import subprocess
from pathlib import Path

from goals import IN_THE_PAGE
from rows import NotMeasuredError, row

ROOT = Path(__file__).resolve().parents[1]
PYODIDE = ROOT / "build" / "site" / "live" / "static" / "pyodide"
LOAD = """
import { loadPyodide } from "%(pyodide)s/pyodide.mjs";
const python = await loadPyodide({ indexURL: "%(pyodide)s/" });
python.FS.mkdir("/clone");
python.FS.mount(python.FS.filesystems.NODEFS, { root: "%(root)s" }, "/clone");
await python.loadPackage(["numpy"], { messageCallback: () => {} });
await python.runPythonAsync(%(code)s);
"""
UPDATES = """
import json, sys
sys.path.insert(0, "/clone")
import numpy as np
from js import process
from cnnlib import data, models, training, without_blas
digits = data.load_digits()
images, targets = digits.train_images[:500], data.one_hot(digits.train_labels[:500])
spent = {"native": [], "page": []}
for _ in range(ROUNDS):
    for without_blas.PLATFORM, times in spent.items():
        before = process.cpuUsage().user
        steps = len(list(training.train(models.toolbox_net(), images, targets, rng=np.random.default_rng(0))))
        times.append((process.cpuUsage().user - before) / 1000 / steps)
print(json.dumps(spent))
"""


def page_rows(options):
    """Milliseconds of an update of the article's net in the page."""
    if shutil.which("node") is None:
        raise NotMeasuredError("Node.js is not on PATH")
    if not list(PYODIDE.glob("numpy-*.whl")):
        raise NotMeasuredError("no Pyodide with NumPy in build/site; `make site PYODIDE=folder` puts one there")
    code = json.dumps(UPDATES.replace("ROUNDS", "2" if options.quick else "9"))
    script = LOAD % {"pyodide": PYODIDE.as_posix(), "root": ROOT.as_posix(), "code": code}
    run = ["node", "--input-type=module", "--eval", script]
    done = subprocess.run(run, capture_output=True, encoding="utf-8", check=True)
    spent = json.loads(done.stdout.strip().splitlines()[-1])
    ours, plain = spent["page"][1:], spent["native"][1:]  # the first round imports and fills caches
    quartiles = statistics.quantiles(ours, n=4) if len(ours) > 2 else [min(ours), 0, max(ours)]
    yield row("update of the article's net in the web page, batch 50", statistics.median(ours), "ms",
              spread=(quartiles[0], quartiles[2]), peer="NumPy's own products there",
              peer_value=statistics.median(plain), ratio=statistics.median(plain) / statistics.median(ours),
              goal=IN_THE_PAGE, brief=True)  # fmt: skip

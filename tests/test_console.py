"""Everything that is printed gets through a console of any code page."""

import io
import subprocess
import sys

import pytest

from cnnlib.console import PLAIN, carried


def stream(encoding):
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "cp936", "cp437", "ascii", "latin-1", "koi8-r"])
def test_text_of_the_course_can_be_written_anywhere(encoding):
    text = "✓ dX: 2 ≤ k − 1, Σ δ·K → ∂L/∂X  ⋆ ∗ 卷积 ½ ⌊n/2⌋ “quoted” …"
    out = stream(encoding)
    out.write(carried(text, out))
    out.flush()
    assert (carried(text, out) == text) == encoding.startswith("utf")


def test_what_a_code_page_has_stays_as_it_is():
    assert carried("3×4 · “so” ✓", stream("cp1252")) == "3×4 · “so” ok"
    assert carried("a → b ✓", stream("ascii")) == "a -> b ok"
    assert carried("ok", object()) == "ok" and carried("✓", None)
    assert all(text.isascii() for text in PLAIN.values())


CODE = """
import numpy as np
from cnnlib.exercises import nb04
from cnnlib.gradcheck import compare
compare("dX", [1.0], [2.0]); compare("dX", [1.0], [1.0]); compare("dX", [1.0], [[1.0]])
for function in (nb04.input_gradient_at.reference, lambda *a: None, lambda *a: 3.0):
    print(nb04.input_gradient_at.check(function))
print(nb04.input_gradient_at.hint(1)); nb04.input_gradient_at.hint(2)
"""


@pytest.mark.parametrize("encoding", ["cp936", "cp1252", "ascii"])
def test_checks_print_on_a_console_without_their_signs(encoding):
    run = subprocess.run(
        [sys.executable, "-c", CODE], env={"PYTHONIOENCODING": encoding, "PATH": ""}, capture_output=True
    )
    assert run.returncode == 0, run.stderr.decode()
    lines = run.stdout.decode(encoding).splitlines()
    assert lines[0].split()[1:3] == ["x", "differ"] and lines[1].split()[1:3] == ["ok", "equal"]
    assert any(line.startswith("ok input_gradient_at: equal") for line in lines)


def test_layers_tables_and_the_exam_print_there_too():
    code = """
import numpy as np
from cnnlib import network
from cnnlib.article import statements
from cnnlib.exercises.exam import Exam
from cnnlib.exercises import nb14
net = network.lenet()
print(net.layers[0]); print(net); print(net.summary()); print(statements.errata()); print(statements.index_of("A"))
print(Exam(nb14.kernel_gradient))
try:
    net.forward(np.zeros(3))
except ValueError as error:
    print(error)
"""
    for encoding in ("cp1252", "ascii"):
        run = subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONIOENCODING": encoding, "PATH": ""}, capture_output=True
        )
        assert run.returncode == 0, run.stderr.decode()
        assert run.stdout.decode(encoding).startswith("Conv2D(1->6, 5")

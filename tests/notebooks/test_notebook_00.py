"""What notebook 00 says about itself: its exercise with one failing assert."""

import json

import pytest
from matplotlib import pyplot as plt


@pytest.fixture(scope="module")
def cells(in_git):
    """The code of notebook 00 as git has it: (id, source) in order."""
    notebook = json.loads((in_git / "notebooks" / "00_start_here.ipynb").read_text(encoding="utf-8"))
    return [(cell["id"], "".join(cell["source"])) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def run(cells, *, until=None):
    """Run the cells one after the other; (what they defined, the ids of those whose assert failed)."""
    defined, failed = {}, []
    with plt.rc_context():
        for name, source in cells:
            if name == until:
                break
            try:
                exec(compile(source, name, "exec"), defined)
            except AssertionError:
                failed.append(name)
    return defined, failed


def test_a_kernel_that_equals_its_own_turn_hides_the_mistake_from_one_assert(cells):
    kernel = "k = np.array([1, 2, 3])"
    assert sum(kernel in source for _, source in cells) == 1
    symmetric = [(name, source.replace(kernel, "k = np.array([1, 2, 1])")) for name, source in cells]
    _, failed = run(symmetric, until="stake-train")
    assert failed == ["no-turn-check"]

"""Save and Load of the training panel: what works, what is refused in words, and that nothing else changes."""

import os
import stat

import pytest
import traitlets

from cnnlib.data import Digits, load_digits
from cnnlib.experiments import run_files
from cnnlib.experiments.run import Run
from cnnlib.experiments.run_files import load_run, save_run
from cnnlib.models import RECIPES
from cnnlib.network import lenet, toolbox_net
from cnnlib.widgets.training_panel.panel import TrainingPanel


@pytest.fixture
def digits():
    return Digits(*(array[:100] for array in load_digits()))


@pytest.fixture
def panel(digits):
    panel = TrainingPanel(digits, epochs=2)
    panel.step()
    yield panel
    panel.close()


def click(panel, button, path):
    """What the panel says after a click on Save or Load."""
    panel.file_says.value, panel.file.value = "", str(path)
    getattr(panel, button).click()
    return panel.file_says.value


def refused(panel, button, path, *words):
    """A click that has to be answered in these words, and leaves the panel as it was."""
    before = panel.run, panel.run.head, panel.net.value, panel.seed.value
    said = click(panel, button, path)
    assert "✗" in said and all(word in said for word in words), said
    assert (panel.run, panel.run.head, panel.net.value, panel.seed.value) == before
    assert panel._setting is False


def trained(digits, net, **settings):
    run = Run(digits, **{**RECIPES[net].settings(), **settings})
    run.advance(), run.advance()
    return run


@pytest.mark.parametrize("net", RECIPES)
@pytest.mark.parametrize("name", [True, False], ids=["named", "without a name"])
def test_whatever_save_run_wrote_is_loaded(panel, digits, tmp_path, net, name):
    """Other settings and another seed than the panel's; the name of the net may be left out."""
    settings = {"epochs": 3, "batch_size": 20, "seed": 10**12, "test_every": 2}
    save_run(tmp_path / "run.npz", trained(digits, net, **settings), net if name else "")
    assert "✓ update 2 of run.npz" in click(panel, "load", tmp_path / "run.npz")
    assert (panel.run.head, panel.run.total, panel.net.value, panel.seed.value) == (2, 15, net, 10**12)
    panel.step()
    assert panel.run.head == 3 and panel._setting is False


def test_a_run_that_was_loaded_can_be_saved_over_its_file(panel, tmp_path):
    assert "✓" in click(panel, "save", tmp_path / "run.npz")
    assert "✓" in click(panel, "load", tmp_path / "run.npz")
    panel.step()
    assert "✓ update 2 saved" in click(panel, "save", tmp_path / "run.npz")


def test_a_run_from_a_web_page_says_that_other_sums_follow(panel, tmp_path, monkeypatch):
    monkeypatch.setattr(run_files, "PLATFORM", "page")
    click(panel, "save", tmp_path / "run.npz")
    said = click(panel, "load", tmp_path / "run.npz")
    assert "✓" in said and "another platform" in said
    monkeypatch.undo()
    click(panel, "save", tmp_path / "run.npz")
    assert "another platform" not in click(panel, "load", tmp_path / "run.npz")


def test_a_learning_rate_that_is_a_function_is_known_by_its_values(digits, tmp_path):
    """The text of a function tells where it lies in memory, which is another place every time."""
    panel = TrainingPanel(digits, learning_rate=lambda step: 1 / step)
    panel.step()
    click(panel, "save", tmp_path / "run.npz")
    other = Run(digits, **{**RECIPES["article"].settings(), "learning_rate": lambda update: 1 / update})
    load_run(tmp_path / "run.npz", other)
    assert other.head == 1
    panel.close()


def test_an_unknown_net_gets_words(panel, digits, tmp_path):
    save_run(tmp_path / "run.npz", trained(digits, "tanh"), "<b>resnet</b>")
    refused(panel, "load", tmp_path / "run.npz", "&lt;b&gt;resnet", "article, tanh, modern")


def test_a_net_that_is_none_of_the_panels_gets_words(panel, digits, tmp_path):
    modern = trained(digits, "tanh", build=lambda rng: lenet("modern", rng=rng))
    save_run(tmp_path / "run.npz", modern, "article")
    refused(panel, "load", tmp_path / "run.npz", "saved from", "this is")
    save_run(tmp_path / "run.npz", Run(digits, build=lambda rng: toolbox_net(rng=rng, operation="correlation")))
    refused(panel, "load", tmp_path / "run.npz", "nets is that one")


def test_a_run_over_other_digits_is_refused(panel, digits, tmp_path):
    others = digits._replace(train_images=digits.train_images[::-1])
    save_run(tmp_path / "run.npz", trained(others, "article"), "article")
    refused(panel, "load", tmp_path / "run.npz", "checksum")


def test_a_load_that_fails_late_leaves_the_controls_alive(panel, digits, tmp_path):
    save_run(tmp_path / "run.npz", trained(digits, "tanh"), "tanh")

    def fail(_change):
        raise traitlets.TraitError("nothing that a panel foresees")

    panel.net.observe(fail, "value")
    click(panel, "load", tmp_path / "run.npz")  # ipywidgets writes the error of a click to a log
    assert panel._setting is False
    panel.digit.value = 7
    assert "a handwritten 7" in panel.diagram_view.html


@pytest.mark.parametrize("button", ["save", "load"])
def test_what_is_no_file_is_answered_in_words(panel, tmp_path, button):
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to("nowhere")
    refused(panel, button, pipe, "a pipe, a device or a socket")
    refused(panel, button, link, "link to", "does not exist")
    refused(panel, button, tmp_path, "this is a folder")
    refused(panel, button, "~nosuchuser/run.npz", "no home folder for ~nosuchuser")
    refused(panel, button, "", "this is a folder")
    refused(panel, button, "a\0b", "null")
    refused(panel, button, "n" * 300, "too long")
    assert stat.S_ISFIFO(pipe.stat().st_mode) and link.is_symlink()


def test_a_long_name_is_saved_and_loaded(panel, tmp_path):
    path = tmp_path / ("n" * 230 + ".npz")
    assert "✓" in click(panel, "save", path) and "✓" in click(panel, "load", path)
    assert os.listdir(tmp_path) == [path.name]


def test_a_run_that_diverged_is_not_saved_over_a_good_one(digits, tmp_path):
    """Weights that are infinite could not be loaded again; the file that was there stays."""
    panel = TrainingPanel(digits)
    panel.step()
    click(panel, "save", tmp_path / "run.npz")
    good = (tmp_path / "run.npz").read_bytes()
    panel.run.network.layers[0].params["K"][:] = float("nan")
    refused(panel, "save", tmp_path / "run.npz", "nothing was saved", "NaN in")
    assert (tmp_path / "run.npz").read_bytes() == good
    panel.close()

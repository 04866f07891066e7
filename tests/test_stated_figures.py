"""Figures and claims that stand in a text, computed again: the text has to say what comes out."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from helpers import normal

from cnnlib import adjoint, models, network, ops
from cnnlib.banded import Band
from cnnlib.bugs import first_layer, training_results, update_effect
from cnnlib.correlation import Geometry
from cnnlib.data import load_digits, one_hot
from cnnlib.doctor import SETTINGS
from cnnlib.lesson.stake import recorded

ROOT = Path(__file__).resolve().parents[1]


def said(notebook, cell):
    """The text of one cell: ``notebook`` is the beginning of its path below notebooks/."""
    (path,) = (ROOT / "notebooks").glob(f"{notebook}*.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    (source,) = ("".join(each["source"]) for each in cells if each["id"] == cell)
    return source


def whole(notebook):
    """The text of all cells of a notebook."""
    (path,) = (ROOT / "notebooks").glob(f"{notebook}_*.ipynb")
    return "\n".join("".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"])


def quiz(name):
    """The questions of one quiz."""
    return json.loads((ROOT / f"cnnlib/exercises/quizzes/{name}.json").read_text(encoding="utf-8"))


def test_how_often_the_band_and_the_windows_copy_a_cell_of_conv_2():
    X, K = np.arange(144.0).reshape(1, 1, 12, 12), normal(1, 1, 5, 5)
    band = Band(Geometry.of((5, 5)), "correlation")
    band.forward(X, K, np.zeros(1))
    copies = [np.unique(copied, return_counts=True)[1] for copied in (band.R, ops.windows(X[0, 0], (5, 5)))]
    for counted in copies:
        assert f"{counted.mean():.1f}" in said("06", "fast-why")
    assert [(counted.max(), (counted == counted.max()).sum()) for counted in copies] == [(10, 16), (25, 16)]


def test_two_correlations_are_one_with_a_convolved_kernel():
    X, K, M = normal(5, 6), normal(3, 2, seed=1), normal(2, 3, seed=2)
    two = ops.correlate(ops.correlate(X, K, "full"), M, "full")
    np.testing.assert_allclose(two, ops.correlate(X, ops.convolve(K, M, "full"), "full"), atol=1e-12)
    assert "X \\star (K \\ast M)" in said("solutions/01", "own-heading")


ARTICLE_PADS_DELTA = "下一层的偏置矩阵先做补零扩充"


@pytest.mark.parametrize("notebook", ["02", "07"])
def test_that_the_article_pads_the_delta_in_words_too_is_said_where_padding_is_discussed(notebook):
    assert ARTICLE_PADS_DELTA in whole(notebook)


def test_the_lecture_guide_does_not_say_that_only_the_articles_formula_pads_the_delta():
    guide = " ".join((ROOT / "docs/teaching.md").read_text(encoding="utf-8").split())
    assert "comes from the article, whose formula does it right" not in guide
    assert "of its program it says that the delta is padded" in guide


@pytest.mark.parametrize("notebook", ["03", "09"])
def test_that_the_article_means_x_times_1_minus_x_is_said_where_its_notation_is_discussed(notebook):
    assert "slip" in whole(notebook) and re.search(r"x(_\{ij\})?\(1 - x(_\{ij\})?\)", whole(notebook))
    assert "right is $\\sigma(z)(1 - \\sigma(z))$" not in whole(notebook)


def test_rot180_in_the_place_of_flipall_pairs_image_n_with_the_delta_of_image_49_minus_n():
    """convn runs through its second argument backwards, along the images as well, and rot180 leaves those."""
    order = np.arange(50)
    met = [[n for n in order if np.convolve(np.eye(50)[n], np.eye(50)[m], "valid")[0]] for m in order]
    assert met == [[49 - m] for m in order]
    (question,) = [one for one in quiz("14-3") if one["question"].startswith("14.")]
    (right,) = [one["answer"] for one in question["answers"] if one["correct"]]
    assert right == "Image n meets the delta of image 49 − n."


def test_the_sum_of_two_errors_is_least_near_where_they_are_equal_not_there():
    c = 1e-15
    eps = np.logspace(-6, -4, 200_001)
    least = eps[np.argmin(eps**2 + c / eps)]
    text = said("11", "sweep-best")
    assert np.isclose(2 * least**2, c / least, rtol=1e-3) and f"{1e6 * least:.0f} \\cdot 10^{{-6}}" in text
    assert "where the two parts are equal:" not in text


@pytest.mark.parametrize("f, sided, central", [(lambda x: x**2, 2, 0), (lambda x: x + x**3, 4, 4), (np.exp, 2, 4)])
def test_half_the_step_halves_and_quarters_only_where_the_second_and_third_derivatives_are_not_zero(
    f, sided, central
):
    """x² has no third derivative: its central difference has no error to be quartered.  Slopes at 1 or 0."""
    x, slope = {0: (1.0, 2.0), 4: (0.0, 1.0)}[central]
    errors = [((f(x + e) - f(x)) / e - slope, (f(x + e) - f(x - e)) / (2 * e) - slope) for e in (1e-2, 5e-3)]
    ratios = [np.divide(large, small) if abs(large) > 1e-9 else 0 for large, small in zip(*errors, strict=True)]
    assert ratios == pytest.approx([sided, central], rel=0.02)
    assert "f'' \\ne 0" in said("11", "number-general") and "f''' \\ne 0" in said("11", "number-general")


def test_quiz_10_counts_the_slices_that_a_gather_turns():
    assert "by gathering" in quiz("10")[1]["question"] and "In a gather 72 slices" in said("10", "saw")


UNSOURCED = ["others report", "12.56", "12.29", "public thread", "Python port"]


@pytest.mark.parametrize("words", UNSOURCED)
def test_no_figure_or_finding_is_quoted_from_nowhere(words):
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "notebooks").rglob("*.ipynb")]
    texts += [path.read_text(encoding="utf-8") for path in (ROOT / "cnnlib/exercises/quizzes").glob("*.json")]
    assert not any(words in text for text in texts)


def test_what_the_widely_taken_course_asserts_is_said_as_it_is():
    """Shapes and means of dA, dW and db, at padding 2, stride 2, 2×2: three wrong kernels pass, though it pads."""
    text = said("11", "blind-course")
    assert all(word in text for word in ("shapes", "means of dA, dW and db", "padding 2, stride 2", "2×2"))
    assert "only shape and mean" in said("13", "museum")
    K, delta = normal(3, 2, 2, 2), normal(2, 3, 4, 4, seed=1)
    ways = [K, ops.rot180(K), K.swapaxes(2, 3), K[..., ::-1]]
    right, *others = (adjoint.gather(delta, way, (2, 2, 4, 4), stride=2, padding=2) for way in ways)
    for wrong in others:
        assert wrong.shape == right.shape and np.isclose(wrong.mean(), right.mean(), rtol=1e-10)
        assert not np.allclose(wrong, right, rtol=0.1, atol=0)


def test_the_sum_is_blind_exactly_where_the_taps_on_the_map_are_symmetric_in_every_window():
    """Two axes with settings of their own: more than the square ones that notebook 11 searches."""
    rng, found = np.random.default_rng(0), set()
    for n_h, n_w, k_h, k_w, p, s in np.ndindex(4, 4, 3, 3, 3, 3):
        (n_h, n_w), (k_h, k_w), s = (n_h + 2, n_w + 2), (k_h + 1, k_w + 1), s + 1
        if k_h > n_h + 2 * p or k_w > n_w + 2 * p:
            continue
        sets = [[[0 <= start + u < n for u in range(k)] for start in range(-p, n + p - k + 1, s)]
                for n, k in ((n_h, k_h), (n_w, k_w))]  # fmt: skip
        on_map = [[taps for taps in axis if any(taps)] for axis in sets]
        blind = all(taps == taps[::-1] for axis in on_map for taps in axis) or not all(on_map)
        K, delta = rng.standard_normal((k_h, k_w)), rng.standard_normal([len(axis) for axis in sets])
        right, wrong = (
            adjoint.gather(delta, way, (n_h, n_w), stride=s, padding=p).sum() for way in (K, ops.rot180(K))
        )
        assert np.isclose(right, wrong, rtol=1e-9, atol=1e-12) == blind, (n_h, n_w, k_h, k_w, p, s)
        found.add((blind, p > 0))
    assert found == {(True, False), (True, True), (False, True)}


LEFT_OUT = ["32×32", "1.7159", "table", "coefficient", "codes"]


@pytest.mark.parametrize("text", [said("10", "setup-scale"), models.lenet.__doc__], ids=["10", "docstring"])
def test_what_the_net_leaves_out_of_lenet_5_is_said(text):
    assert [word for word in LEFT_OUT if word not in " ".join(text.split())] == []


def test_readme_does_not_call_a_net_lenet_5s():
    assert "LeNet-5's" not in (ROOT / "README.md").read_text(encoding="utf-8")


def told(name, key):
    """All that one prediction says: its question, answers and what is said to each."""
    records = json.loads((ROOT / f"cnnlib/lesson/predictions/{name}.json").read_text(encoding="utf-8"))
    (one,) = (record for record in records if record["key"] == key)
    return json.dumps(one, ensure_ascii=False)


def test_the_recorded_pairs_end_as_the_stake_says():
    right, wrong = (np.array(rows)[:, -1] for rows in (recorded()["right"], recorded()["no turn"]))
    assert (wrong < right).sum() == 1 and "one net without the turn even ends just ahead" in told("00", "00-stake")
    assert f"{np.median(wrong):.1%} against {np.median(right):.1%}".replace("%", " %") in told("00", "00-stake")


def test_how_many_moves_take_a_corner_away_and_what_the_two_to_the_opposite_one_do():
    square = np.array([[0, 1], [2, 3]])
    moves = [np.rot90(start, n) for start in (square, square.T) for n in range(4)]
    assert sum(move[0, 0] != 0 for move in moves) == 6 and "six: every move" in told("01", "01-moves")
    opposite = [move for move in moves if move[1, 1] == 0]
    assert len(opposite) == 2 and sum((move[0, 1], move[1, 0]) == (1, 2) for move in opposite) == 1


def test_an_input_turned_gives_the_kernel_gradient_only_to_a_convolution():
    X, delta = normal(6, 7), normal(4, 5)
    turned = ops.rot180(ops.correlate(X, delta))
    assert np.allclose(ops.convolve(ops.rot180(X), delta), turned)
    assert not np.allclose(ops.correlate(ops.rot180(X), delta), turned)
    assert r"true under $\Large\ast$ only: there dK = rot180(X) $\Large\ast$ δ" in said("05", "kernel-words")


@pytest.mark.parametrize(
    ("K", "undone"),
    [([[1.0]], True), ([[-1.0]], True), ([[0.0, 1.0]], False), ([[2.0]], False), ([[0.6, 0.8]], False)],
)
def test_which_valid_convolution_is_undone_by_its_way_back(K, undone):
    columns = [ops.correlate(unit.reshape(4, 5), np.array(K)).ravel() for unit in np.eye(20)]
    A = np.stack(columns, axis=1)
    assert np.allclose(A.T @ A, np.eye(20)) == undone
    assert "a single tap, 1 or −1" in said("16", "inverse-orthogonal")


def test_what_the_turn_and_the_transform_keep_in_place():
    taps = np.arange(3)
    assert ops.rot180(taps[None])[0, 1] == taps[1]  # the middle one stays: only "entry 0" may be said to move
    assert "does not keep entry 0" in said("16", "reversed")
    matrix = np.fft.fft(np.eye(8))
    assert np.allclose(np.linalg.norm(matrix @ np.ones(8)), np.sqrt(8) * np.linalg.norm(np.ones(8)))
    assert r"\sqrt N" in said("16", "back-norm")


def test_how_far_a_full_convolution_reaches():
    for n, h in ((20, 5), (7, 3), (6, 2)):
        assert ops.convolve(np.ones((1, n - h + 1)), np.ones((1, h)), "full").shape[1] == n == (n - h + 1) + h - 1
    assert "$h - 1$ further" in said("16", "caveat-read")


def test_the_tables_of_layers_add_up():
    rows = re.findall(r"^\|[^|]+\|(\d+)\|(\d+)\|(\d+)\|(\d+)\|(\d+)\|$", said("15", "table"), re.M)
    n, right, plain, wrong, crashed = np.array(rows, dtype=int).sum(axis=0)
    assert said("15", "table").startswith(f"## {n} layers") and n == right + plain + wrong + crashed
    text, families = said("15", "table-sum"), re.findall(r"\|(\d+)\|", said("15", "table-families"))
    assert f"Of the {plain + wrong} layers that run and fail, {plain} are right in the plain case" in text
    assert text.startswith(f"{sum(map(int, families))} mistakes in {plain + wrong + crashed} layers")


def test_one_of_the_six_settings_has_a_single_channel_and_map():
    assert (
        sum((setting.C, setting.O) == (1, 1) for setting in SETTINGS[:6]) == 1
        and SETTINGS[3].C == SETTINGS[3].O == 1
    )
    assert "One of the six has a single channel and a single map" in said("15", "settings")


def test_errors_with_and_without_the_turn_are_those_of_the_records():
    errors = training_results.table()["test_error"]["no_turn"]
    ends = f"between {100 * min(errors):.1f} and {100 * max(errors):.1f} %"
    assert ends in quiz("13")[0]["answers"][0]["feedback"]
    modern = first_layer.table()["nets"]["modern"]["test_error"]
    frozen, right = (100 * np.median(modern[way]) for way in ("frozen", "right"))
    assert f"medians are {frozen:.1f} % and {right:.1f} %" in said("13", "net-why-says")
    assert min(modern["frozen"]) < max(modern["right"]) and min(modern["right"]) < max(modern["frozen"])


def test_a_forgotten_share_is_a_longer_step_of_the_right_gradient():
    net, digits = network.toolbox_net(rng=np.random.default_rng(0), dtype=np.float64), load_digits()
    batch = digits.train_images[:4].astype(float), one_hot(digits.train_labels[:4])
    wrong, right = (update_effect.steps(net, key, *batch) for key in ("no_share", "none"))
    for name, factor in (("K¹", 16), ("K²", 4)):
        assert np.allclose(wrong[name], factor * right[name], rtol=1e-9)
    assert "the same as the right gradient with 4 and 16 times the learning rate" in said("13", "pool-why")


def test_the_way_on_from_the_exam_is_notebook_15():
    assert "nothing more" not in said("14", "next") and "15_is_your_layer_right.ipynb" in said("14", "next")


def test_notebook_00_says_how_an_explorer_comes_back():
    text = said("00", "self-test")
    assert "model not found" in text and "*Run → Run All Cells*" in text

"""Sketches rule mistakes out by three numbers: these are those of the predictions, and lose no explanation."""

import numpy as np
import pytest

from cnnlib import doctor
from cnnlib.doctor import SETTINGS
from cnnlib.doctor.diagnosis import explaining
from cnnlib.doctor.diagnosis.naming import candidates_for
from cnnlib.doctor.diagnosis.pairs import matching
from cnnlib.doctor.prediction import sketches, stages

from .patients import generated
from .test_explanations import changed


def views_of(monkeypatch, part, layer):
    """The views of all settings in which a part of a layer is asked for its mistake."""
    seen = []
    monkeypatch.setattr(explaining, "diagnose", lambda views, _wrong, one, **_: seen.append((one, views)))
    doctor.examine(*layer, show=False, settings=SETTINGS[:3])
    return next(views for one, views in seen if one == part)


def by_hand(view, part, changes):
    """The sketch of the numbers themselves."""
    value, R = stages.predict(view, part, changes), sketches.directions(view, part)
    fits = value is not None and value.shape == R.shape[1:]
    return np.array([np.sum(one * value) for one in R]) if fits else np.full(len(R), np.nan)


NO_SENSE = {"dX": lambda a: np.sin(a), "!dK": lambda core: np.sin, "!db": lambda core: np.sin}


@pytest.mark.parametrize("part", ["dX", "dK", "db"])
def test_a_sketch_is_that_of_the_prediction(monkeypatch, part):
    view = views_of(monkeypatch, part, changed(**NO_SENSE))[1]
    usual, rare = candidates_for(part, "convolution")
    some = usual[::5] + rare[::67]
    for those in [(), (usual[-1][1],), (usual[7][1], usual[-5][1])]:
        for before in (False, True):
            found = sketches.sketched(view, part, some, those, before)
            for (mistake, change), sketch in zip(some, found, strict=True):
                wanted = by_hand(view, part, (change, *those) if before else (*those, change))
                assert sketch == pytest.approx(wanted, rel=1e-8, abs=1e-8, nan_ok=True), mistake.key


@pytest.mark.parametrize("part", ["dX", "dK", "db"])
def test_two_mistakes_that_explain_a_view_are_among_the_possible_pairs(monkeypatch, part):
    view = views_of(monkeypatch, part, changed(**NO_SENSE))[1]
    usual = candidates_for(part, "convolution")[0][::6]
    pairs = [(n, m) for n in range(0, len(usual), 9) for m in range(1, len(usual), 9) if n != m]
    given = view.run.gradients
    for n, m in pairs:
        numbers = stages.predict(view, part, (usual[n][1], usual[m][1]))
        if numbers is None or numbers.shape != given[part].shape or not np.all(np.isfinite(numbers)):
            continue
        monkeypatch.setitem(given, part, numbers)
        assert {(n, m), (m, n)} & set(matching(view, part, usual))


def test_what_no_mistake_explains_is_hardly_ever_predicted_cell_by_cell(monkeypatch):
    calls, predict = 0, stages.predict

    def counted(*arguments):
        nonlocal calls
        calls += 1
        return predict(*arguments)

    for module in ("single", "sizes", "pairs", "apart", "isolated"):
        monkeypatch.setattr(f"cnnlib.doctor.diagnosis.{module}.predict", counted, raising=False)
    report = doctor.examine(*generated.functions(False, {"dX": np.sin})[0], show=False)
    assert report["dX"].verdict == "wrong" and report["dX"].mistake is None
    assert calls < 5000  # of some 30,000 pairs and 2,500 single changes, in 14 settings

"""The transport bar without a browser: its positions, its clock, and what the keys and buttons do."""

import asyncio
import time

import pytest
from helpers import says
from ipywidgets.widgets.widget import _instances

from cnnlib.widgets.parts.closing import close_with_parts
from cnnlib.widgets.parts.transport import LESS_MOTION, SHORTEST_PAUSE, SPEEDS, Transport

QUICK = {"quick": 0.001}


@pytest.fixture
def bar():
    bar = Transport(5, words=lambda t: f"window {t + 1} of 5", speeds=QUICK)
    yield bar
    bar.close()


def played(bar, act):
    """Let ``act`` run inside a notebook's kind of event loop until playing has ended; the positions seen."""
    seen = []

    async def live():
        bar.observe(lambda change: seen.append(change.new), "position")
        await act()
        while bar.playing:
            await asyncio.sleep(0.001)

    asyncio.run(live())
    return seen


def key(bar, name):
    bar.line._handle_custom_msg({"key": name}, [])


# --- positions


def test_position_scrubber_and_words_agree(bar):
    for position in (3, 0, 4):
        bar.position = position
        assert (bar.scrubber.value, bar.line.words) == (position, f"window {position + 1} of 5")
    bar.scrubber.value = 2
    assert (bar.position, bar.line.words) == (2, "window 3 of 5")


def test_beyond_an_end_is_that_end(bar):
    bar.position = 99
    assert bar.position == 4
    bar.step()
    assert bar.position == 4
    bar.step(-9)
    assert bar.position == 0


def test_a_shorter_count_moves_to_its_last_position(bar):
    bar.position = 4
    bar.count = 3
    assert (bar.position, bar.scrubber.max, bar.scrubber.value) == (2, 2, 2)
    bar.count = 8
    assert (bar.position, bar.scrubber.max) == (2, 7)


def test_one_position_leaves_nothing_to_play():
    bar = Transport(1)
    assert bar.play_button.disabled and bar.scrubber.disabled and bar.line.words == "step 1 of 1"
    bar.count = 2
    assert not bar.play_button.disabled
    bar.close()


def test_an_observer_is_told_once_a_step(bar):
    seen = []
    bar.observe(lambda change: seen.append(change.new), "position")
    for button in (bar.forward, bar.forward, bar.back, bar.last, bar.last, bar.first, bar.back):
        button.click()
    assert seen == [1, 2, 1, 4, 0]


@pytest.mark.parametrize(
    "name, position", [("forward", 3), ("back", 1), ("first", 0), ("last", 4), ("nonsense", 2), (None, 2)]
)
def test_keys(bar, name, position):
    bar.position = 2
    key(bar, name)
    assert bar.position == position


# --- the clock


def test_it_plays_to_the_end_and_stops_by_itself(bar):
    async def act():
        bar.play_button.click()
        assert bar.playing and bar.play_button.description == "Pause" and bar.line.playing

    assert played(bar, act) == [1, 2, 3, 4]
    assert bar.play_button.description == "Play" and not bar.line.playing


def test_at_the_end_play_starts_over(bar):
    bar.position = 4

    async def act():
        key(bar, "toggle")

    assert played(bar, act) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("stop", ["toggle", "forward", "scrub", "pause", "view", "close"])
def test_whatever_somebody_does_stops_it_at_once(stop):
    bar = Transport(100, speeds=QUICK)
    bar._view_count = 1

    async def act():
        bar.play()
        while bar.position < 3:
            await asyncio.sleep(0.001)
        here = bar.position
        {
            "toggle": lambda: key(bar, "toggle"),
            "forward": bar.forward.click,
            "scrub": lambda: setattr(bar.scrubber, "value", here + 1),
            "pause": bar.pause,
            "view": lambda: setattr(bar, "_view_count", 0),
            "close": bar.close,
        }[stop]()
        assert not bar.playing
        await asyncio.sleep(0.02)
        assert bar.position - here == (stop in ("forward", "scrub"))

    played(bar, act)
    bar.close()


def test_what_drawing_costs_is_taken_off_the_pause(monkeypatch):
    bar, pauses, sleep = Transport(6, speeds={"even": 0.05}), [], asyncio.sleep

    async def noted(seconds):
        pauses.append(seconds)
        await sleep(0)

    async def act():
        bar.observe(lambda _change: time.sleep(0.02 if bar.position < 3 else 0.06), "position")
        monkeypatch.setattr(asyncio, "sleep", noted)
        bar.play()
        while bar.playing:
            await sleep(0)
        monkeypatch.undo()

    played(bar, act)
    first, *following = pauses
    assert first == 0.05 and all(SHORTEST_PAUSE <= pause <= 0.03 for pause in following[:2])
    assert following[2:] == [SHORTEST_PAUSE] * 2  # drawing takes longer than a step: the browser gets its pause
    bar.close()


def test_an_observer_that_fails_stops_it_and_is_heard(bar):
    def fails(change):
        if change.new == 2:
            raise ValueError("no window there")

    async def act():
        asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
        bar.observe(fails, "position")
        bar.play()

    assert 2 not in played(bar, act)[2:]
    assert bar.line.words == "stopped: no window there" and bar.play_button.description == "Play"


def test_without_an_event_loop_play_says_what_to_do(bar):
    with pytest.raises(RuntimeError, match=r"call step\(\)"):
        bar.play()
    assert not bar.playing


# --- manners


def test_the_middle_speed_is_the_default():
    bar = Transport(3)
    assert bar.speed.value == "normal" and (*SPEEDS, LESS_MOTION) == bar.speed.options
    bar.close()


def test_less_motion_shows_the_still_positions_alone_and_is_chosen_where_the_browser_asks_for_it():
    bar = Transport(37, still=(0, 18, 36))
    bar._speeds = dict.fromkeys(bar._speeds, 0.001)
    seen = []
    bar.observe(lambda change: seen.append(change["new"]), "position")
    bar.line.reduced = True
    assert bar.speed.value == LESS_MOTION

    async def scene():
        bar.play()
        await asyncio.wait_for(bar._player._task, 5)

    asyncio.run(scene())
    assert seen == [18, 36]
    bar.speed.value = "fast"  # a person may choose another one
    asyncio.run(scene())
    assert seen[2:] == list(range(37))
    bar.close()


def test_without_still_positions_less_motion_leaves_none_out():
    bar = Transport(3)
    bar.speed.value = LESS_MOTION
    assert bar._next() == 1 and bar._speeds[LESS_MOTION] == 1.0
    bar.close()


def test_close_leaves_no_widget():
    before = set(_instances)
    bar = Transport(3)
    assert len(_instances) > len(before)
    bar.close()
    bar.close()
    assert set(_instances) == before


@pytest.mark.parametrize("count", [0, -1, 2.0, "five", True, None])
def test_a_count_is_a_whole_number(count):
    with says("count", "at least 1", repr(count)):
        Transport(count)


def test_a_bar_that_is_closed_from_outside_stops_too():
    """An explorer that is closed closes the bar as one of its parts."""
    bar, seen = Transport(50, speeds=QUICK), []
    bar.observe(lambda change: seen.append(change.new), "position")

    async def act():
        bar.play()
        while bar.position < 2:
            await asyncio.sleep(0.001)
        close_with_parts(bar)

    played(bar, act)
    assert len(seen) < 10 and not bar.playing

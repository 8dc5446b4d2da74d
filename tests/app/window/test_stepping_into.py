"""A person steps into calls and groups, over them and out of them, and lets steps play."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider

from explorer import Graph
from explorer.graph.grouping import grouping

from .agreement import assert_shows, own_stepper


@pytest.fixture
def steps(window):
    return window.stepper


@pytest.fixture
def reader() -> Graph:
    """A net that reads sequences of three steps by an LSTM, and looks at them by an attention."""
    graph = Graph()
    graph.add("Data", id="data", position=(0, 0), dataset="moons", samples=60)
    graph.add("Linear", id="fc1", position=(240, 0), out_features=12)
    graph.add("Reshape", id="steps", position=(480, 0), shape=(3, 4))
    graph.add("LSTM", id="lstm", position=(720, 0), hidden_size=4)
    graph.add("MultiheadAttention", id="look", position=(960, 0), num_heads=2)
    graph.add("Flatten", id="flat", position=(1200, 0))
    graph.add("Linear", id="fc2", position=(1440, 0), out_features=1)
    graph.add("BCEWithLogitsLoss", id="loss", position=(1680, 0))
    for wire in (
        "data.x fc1.x",
        "fc1.out steps.x",
        "steps.out lstm.x",
        "lstm.out look.query",
        "look.out flat.x",
        "flat.out fc2.x",
        "fc2.out loss.y_hat",
        "data.y loss.y",
    ):
        graph.connect(*wire.split())
    graph.train_with(epochs=2)
    graph.history.clear()
    return graph


def test_f11_goes_through_the_time_steps_of_an_lstm_with_its_gates(
    person, window, steps, reader, tmp_path
):
    person.opens_graph(reader, tmp_path / "reader.json")
    own = own_stepper(person.graph)
    for _ in range(3):
        person.presses("F11")
        own.step()
        assert_shows(person, own)
    for t in range(3):
        person.presses("F11" if t == 0 else "F10")
        person.waits_until(lambda t=t: person.sees(f"lstm forward · t = {t} of 3", steps))
    assert person.sees("Step 3 of", steps), "the call itself has not run yet"
    assert all(person.sees(f"{gate}   (32, 4)", window.values) for gate in "ifgoch")
    person.presses("Shift+F10")
    person.waits_until(lambda: person.sees("lstm forward · t = 1 of 3", steps))
    person.presses("Shift+F11")
    person.waits_until(lambda: person.sees("lstm forward → out", steps))
    assert person.sees("Step 4 of", steps)

    person.presses("Shift+F10", "F11")
    person.waits_until(lambda: person.sees("lstm forward · t = 0 of 3", steps))
    person.presses("Shift+F10")
    person.waits_until(lambda: not person.sees("lstm forward · t = 0 of 3", steps))
    assert_shows(person, own)


def test_within_a_call_no_other_call_is_explained_until_one_steps_out(
    person, window, reader, tmp_path
):
    person.opens_graph(reader, tmp_path / "reader.json")
    call = next(c for c in window.controller.calls if c.node == "lstm")
    window.controller.go_to(call.index)
    person.presses("Ctrl+E")
    person.waits_until(lambda: person.sees("Reshape forward", window.explain))

    person.presses("F11")
    person.waits_until(lambda: person.sees("You stand within lstm: step out", window.explain))
    assert window.explain.page.visibleRegion().isEmpty()
    person.presses("Shift+F11")
    person.waits_until(lambda: person.sees("LSTM forward", window.explain))


def test_the_way_back_through_time_is_stepped_through_from_the_last(
    person, window, steps, reader, tmp_path
):
    person.opens_graph(reader, tmp_path / "reader.json")
    call = next(c for c in window.controller.calls if c.node == "lstm" and c.phase == "backward")
    window.controller.go_to(call.index)
    for t in (2, 1, 0):
        person.presses("F11")
        person.waits_until(lambda t=t: person.sees(f"lstm backward · t = {t} of 3", steps))
        assert person.sees("dh   (32, 4)", window.values)
        assert person.sees("dw_hh   (16, 4)", window.values)
    own = own_stepper(person.graph)
    own.go_to(call.index + 1)
    person.presses("F11")
    assert_shows(person, own)


def test_an_attention_is_stepped_through_part_by_part(person, window, steps, reader, tmp_path):
    person.opens_graph(reader, tmp_path / "reader.json")
    call = next(c for c in window.controller.calls if c.node == "look")
    window.controller.go_to(call.index)
    for part in ("projections", "scores", "softmax", "weighted sum", "output projection"):
        person.presses("F11")
        person.waits_until(lambda part=part: person.sees(f"look forward · {part}", steps))
    assert person.sees("gathered   (32, 3, 4)", window.values)


def test_a_group_that_is_one_card_is_one_step_and_can_be_stepped_into(
    person, window, steps, residual, tmp_path
):
    edit, _ = grouping(residual, ["relu1", "fc2"], "Block")
    residual.do(edit)
    residual.history.clear()
    person.opens_graph(residual, tmp_path / "grouped.json")
    own = own_stepper(person.graph)
    person.presses("F10", "F10", "F10")
    own.go_to(4)
    person.waits_until(lambda: person.sees(f"Step 4 of {len(own.calls)}", steps))
    assert own.current.node == "fc2", "relu1 and fc2 run in one step"

    person.presses("Shift+F10")
    person.waits_until(lambda: person.sees(f"Step 2 of {len(own.calls)}", steps))
    person.presses("F11")
    person.waits_until(lambda: person.sees("relu1 forward", steps))
    person.presses("Shift+F11")
    person.waits_until(lambda: person.sees(f"Step 4 of {len(own.calls)}", steps))

    person.presses("Shift+F11")
    person.waits_for_news("there is nothing to step out of")


def test_play_steps_by_itself_until_it_is_stopped_or_at_the_end(person, window, steps):
    speed = person.labelled("Speed of playing", steps, QSlider)
    person.opens("Steps")
    speed.setFocus()
    QTest.keyClick(speed, Qt.Key.Key_End)
    play = person.button("Play", steps)
    place = person.labelled("Position among the calls", steps, QSlider)
    person.clicks(play)
    person.waits_until(lambda: place.value() > 2)
    person.clicks(play)
    person.qtbot.wait(200)
    stood = person.reads(steps)
    person.qtbot.wait(200)
    assert person.reads(steps) == stood

    person.presses("Ctrl+F11")
    own = own_stepper(person.graph)
    own.go_to(len(own.calls))
    assert_shows(person, own)
    person.presses("Shift+F10")
    own.back()
    assert_shows(person, own)
    person.qtbot.wait(100)
    assert_shows(person, own)


def test_keys_make_play_faster_and_slower(person, window, steps):
    speed = person.labelled("Speed of playing", steps, QSlider)
    person.opens("Steps")
    usual = speed.value()

    person.presses("Ctrl+.")
    assert speed.value() == usual + 1
    assert person.toast() == "Play goes at 4 steps a second"
    person.presses("Ctrl+,", "Ctrl+,")
    assert speed.value() == usual - 1
    assert person.toast() == "Play goes at 1 step a second"
    person.presses(*["Ctrl+,"] * 5)
    assert speed.value() == 0

    person.presses(*["Ctrl+."] * 10, "Ctrl+F11")
    place = person.labelled("Position among the calls", steps, QSlider)
    person.waits_until(lambda: place.value() > 2)
    assert "30 steps a second" in speed.toolTip()


def test_training_on_ends_playing(person, window, steps):
    person.presses("Ctrl+F11")
    person.waits_until(lambda: window.controller.is_stepping)
    person.trains_until(5)
    assert not window.controller.is_stepping
    person.qtbot.wait(600)
    assert not window.controller.is_stepping


def test_continue_in_the_step_panel_trains_on(person, window, steps):
    person.presses("F10")
    person.waits_until(lambda: window.controller.is_stepping)
    person.clicks(person.button("Continue", steps))
    person.waits_until(lambda: window.controller.steps > 5)

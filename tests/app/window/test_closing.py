"""Whatever is going on, the window closes cleanly, and nothing is heard of it afterwards."""

import gc
import threading

import pytest
from PySide6.QtWidgets import QComboBox

from .person import Person


def training(person) -> None:
    person.trains_until(20)


def just_pressed_train(person) -> None:
    person.presses("F5")


def paused(person) -> None:
    person.trains_until(20)
    person.pauses()


def stepping(person) -> None:
    person.presses("F8", "F10", "F10")
    person.waits_until(lambda: person.window.controller.is_stepping)


def just_pressed_step(person) -> None:
    person.presses(*["F10"] * 5, "Shift+F8", "Ctrl+F8")


def at_a_slow_pace(person) -> None:
    person.picks(person.labelled("Speed", person.window.training, QComboBox), "1 step/s")
    person.presses("F5")
    person.waits_until(lambda: person.window.controller.steps > 0)


def done(person) -> None:
    person.fills(person.field("epochs", person.window.training), "1")
    person.presses("F5")
    person.waits_until(lambda: person.window.controller.state == "done")
    person.graph.history.mark_saved()


def just_edited(person) -> None:
    person.hand.click(person.hand.title("relu1"))
    person.presses("F5", "Del")
    person.graph.history.mark_saved()


def nothing(person) -> None:
    pass


SITUATIONS = (
    nothing, training, just_pressed_train, paused, stepping, just_pressed_step, at_a_slow_pace,
    done, just_edited, training,
)  # fmt: skip


def closes_cleanly(person, way: str) -> None:
    window, heard = person.window, []
    worker = window.controller._worker
    if way == "Ctrl+Q":
        person.presses("Ctrl+Q")
    else:
        window.close()
    assert not window.isVisible()
    assert worker._thread.isFinished()
    worker.told.connect(heard.append)
    window.controller.state_changed.connect(heard.append)
    person.told.clear()
    person.qtbot.wait(30)
    assert heard == []
    assert person.told == []


def test_it_closes_cleanly_ten_times_over_in_any_situation(open_it, qtbot, monkeypatch):
    for number, situation in enumerate(SITUATIONS):
        person = Person(open_it(), qtbot, monkeypatch)
        situation(person)
        closes_cleanly(person, "Ctrl+Q" if number % 2 else "close")


def test_closing_twice_does_no_harm(person, window):
    person.trains_until(5)
    window.close()
    window.close()
    assert not window.isVisible()


def test_a_closed_window_no_longer_answers(person, window):
    person.trains_until(5)
    window.close()
    for name in ("train", "stop", "reset", "step", "to_end", "next_batch", "leave_stepper"):
        window.actions_by_name[name].trigger()
    person.qtbot.wait(30)
    assert window.controller._worker._thread.isFinished()


@pytest.mark.parametrize("situation", [training, stepping], ids=lambda s: s.__name__)
def test_changing_the_mind_about_closing_leaves_all_as_it_was(person, window, situation):
    from PySide6.QtWidgets import QMessageBox

    person.graph.move({"relu1": (720.0, 30.0)})
    situation(person)
    with person.answering(QMessageBox.StandardButton.Cancel):
        person.presses("Ctrl+Q")
    assert window.isVisible()
    if situation is training:
        stood = window.controller.steps
        person.waits_until(lambda: window.controller.steps > stood)
    else:
        person.presses("F10")
        person.waits_until(lambda: person.sees("Step 9 of 14", window.stepper))


def test_garbage_is_collected_in_the_windows_thread_only(person, window):
    threads: set[int] = set()

    def note(phase: str, info: dict) -> None:
        threads.add(threading.get_ident())

    gc.callbacks.append(note)
    try:
        person.trains_until(1500)
        person.waits_until(lambda: threads)
    finally:
        gc.callbacks.remove(note)
    assert threads == {threading.get_ident()}
    window.close()
    assert gc.isenabled()


def test_what_lives_as_long_as_the_program_is_not_gone_through_again(person, window):
    person.waits_until(gc.get_freeze_count)
    window.close()
    assert not gc.get_freeze_count()

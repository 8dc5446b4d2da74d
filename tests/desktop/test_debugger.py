"""The chain rule is debugged on a real screen: stop, step, scrub, explain, read, verify."""

import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QListView,
    QSlider,
    QTabBar,
    QTreeView,
    QWidget,
)

from explorer.app import theme
from tests.app.window.agreement import assert_shows, own_stepper
from tests.app.window.person import Person

from .test_main_job import on_canvas

pytestmark = pytest.mark.desktop


@pytest.fixture
def eyes(window, qtbot, monkeypatch) -> Person:
    """Reads the window; it is the hand that does what is done."""
    return Person(window, qtbot, monkeypatch)


def card(window, id: str) -> QPoint:
    return on_canvas(window, window.scene.nodes[id].box.topLeft() + QPointF(90, 18))


def middle(widget: QWidget) -> QPoint:
    return widget.mapToGlobal(widget.rect().center())


def tab(window, words: str) -> QPoint:
    for bar in window.findChildren(QTabBar):
        for index in range(bar.count()):
            if bar.isVisible() and bar.tabText(index).startswith(words):
                return bar.mapToGlobal(bar.tabRect(index).center())
    raise AssertionError(f"there is no tab {words}")


def test_training_stops_at_a_breakpoint_and_is_walked_through_both_ways(
    window, hand, eyes, picture
):
    hand.click(card(window, "relu1"))
    hand.key("F9", "F5")
    eyes.waits_until(lambda: eyes.sees("Stopped: relu1 has run forward", window.stepper))
    own = own_stepper(eyes.graph)
    own.run_to("relu1", "forward")
    assert_shows(eyes, own)
    picture("debugger_1_stopped")

    hand.key("F10")
    own.step()
    assert_shows(eyes, own)
    hand.key("F8")
    own.run_to_loss()
    assert_shows(eyes, own)
    hand.key("shift+F8")
    own.run_to_end()
    assert_shows(eyes, own)
    picture("debugger_2_backward_done")

    # The update of each weight, with the loss it leads to; then back in time by the slider.
    while own.position < len(own.calls):
        hand.key("F10")
        own.step()
    assert_shows(eyes, own)
    assert "→" in window.stepper._count.text(), "the loss after the update stands beside it"
    picture("debugger_3_updated")
    slider = window.stepper.findChild(QSlider)
    start = slider.mapToGlobal(QPoint(slider.width() - 6, slider.height() // 2))
    hand.drag(start, middle(slider))
    eyes.waits_until(lambda: 0 < slider.value() < len(own.calls) - 2)
    own.go_to(slider.value())
    assert_shows(eyes, own)

    # A double click on a call of the list goes to it.
    listed = window.stepper.findChild(QListView)
    index = listed.model().index(1, 0)
    listed.scrollTo(index)
    box = listed.visualRect(index)
    hand.click(listed.viewport().mapToGlobal(QPoint(box.left() + 120, box.center().y())), times=2)
    own.go_to(2)
    assert_shows(eyes, own)

    # Without the breakpoint, it trains on.
    hand.click(card(window, "relu1"))
    hand.key("F9", "F5")
    eyes.waits_until(lambda: window.controller.steps > 50)
    hand.key("F5")
    eyes.waits_until(lambda: window.controller.state == "paused")


def test_a_gradient_is_explained_opened_read_in_four_ways_and_verified(window, hand, eyes, picture):
    hand.key("shift+F8")
    own = own_stepper(eyes.graph)
    own.run_to_end()
    assert_shows(eyes, own)

    # One number of a weight's gradient, as the sum that it is.
    hand.key("ctrl+e")
    page = window.explain.page
    eyes.waits_until(lambda: page.explanation is not None and eyes.has_in_front("Explain"))
    index = eyes.labelled("Index to explain", window.explain, QLineEdit)
    hand.click(middle(index), times=2)
    hand.key("ctrl+a")
    hand.type("3, 5")
    hand.key("Return")
    eyes.waits_until(lambda: page.explanation.element.text.endswith("[3, 5]"))
    assert "Σ" in eyes.reads(window.explain)
    picture("debugger_4_explained")

    # Its gradient, as a table of its own.
    hand.click(tab(window, "Values"))
    eyes.waits_until(lambda: window.values.cards and eyes.has_in_front("Values"))
    shown = window.values.cards[0]
    hand.click(shown.mapToGlobal(QPoint(8, 10)), times=2)
    eyes.waits_until(lambda: window.tensors.current is not None and eyes.has_in_front("Tensors"))
    picture("debugger_5_tensor")

    # The net in each of four ways.
    if not eyes.has_in_front("Code"):
        hand.click(tab(window, "Code"))
    hand.click(tab(window, "Naive"))
    for way in ("naive", "program", "autograd", "module"):
        eyes.waits_until(lambda way=way: window.code.way == way and len(window.code.text) > 400)
        picture(f"debugger_6_{way}")
        hand.key("ctrl+shift+y")

    # And every gradient checked.
    hand.key("F7")
    agree = "agree with autograd and finite differences"
    eyes.waits_until(lambda: agree in eyes.reads(window.verify))
    assert {window.verdicts.of(id) for id in ("fc1", "relu1", "fc2", "loss")} == {"right"}
    picture("debugger_7_verified")


def test_a_number_is_changed_watched_and_trained_on_without_and_the_run_is_looked_back_at(
    window, hand, eyes, picture
):
    theme.apply(QApplication.instance(), theme.DARK)

    # A watch, and a weight that is another.
    for _ in range(3):
        hand.key("F10")
    eyes.waits_until(lambda: eyes.sees("w   (64, 64)", window.values))
    hand.key("shift+F9")
    eyes.waits_until(lambda: eyes.has_in_front("Watch"))
    hand.type("fc1.w[1, 2]")
    hand.key("Escape", "Return")
    watched = eyes.labelled("Watches", window.watch, QTreeView).model()
    eyes.waits_until(lambda: watched.rowCount() == 1)
    weight = next(c for c in window.values.cards if c.accessibleName().startswith("w, weight"))
    hand.click(middle(eyes.button("Open", weight)))
    eyes.waits_until(lambda: window.tensors.current and not window.tensors.current.why_no_edits)
    table = window.tensors.current.page.table
    place = table.model().index(1, 2)
    eyes.waits_until(lambda: place.data() not in (None, "…"))
    table.scrollTo(place)
    eyes.waits_until(lambda: table.viewport().rect().contains(table.visualRect(place).center()))
    hand.click(table.viewport().mapToGlobal(table.visualRect(place).center()), times=2)
    eyes.waits_until(lambda: table.viewport().findChild(QLineEdit) is not None)
    hand.key("ctrl+a")
    hand.type("0.5")
    hand.key("Return")
    eyes.waits_until(lambda: len(window.controller.edits.all) == 1)
    eyes.waits_until(lambda: "0.5" in str(watched.index(0, 1).data()))
    picture("debugger_8_what_if")

    # Put back, the run goes on; what it was is kept, and looked at again.
    hand.key("ctrl+z")
    eyes.waits_until(lambda: not window.controller.edits.all)
    hand.key("ctrl+shift+t", "F5")
    eyes.waits_until(lambda: window.controller.steps > 60)
    hand.key("F5")
    eyes.waits_until(lambda: window.controller.state == "paused")
    stood = window.controller.steps
    hand.key("ctrl+shift+t", "alt+Prior")
    eyes.waits_until(lambda: eyes.sees(f"Step {stood:,} of {stood:,}, as it was"))
    picture("debugger_9_over_time")
    hand.key("ctrl+h")
    eyes.waits_until(lambda: window.scene.nodes["fc1"].heat is not None)
    eyes.qtbot.wait(600)
    picture("debugger_10_heat")
    hand.key("F5")
    eyes.waits_until(lambda: window.controller.steps > stood)
    hand.key("F5")

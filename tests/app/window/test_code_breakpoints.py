"""A person sets breakpoints in the margin of the code: the same that all other panels show."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabBar

from explorer.app.breakpoint_mark import Mark
from explorer.app.panels.code_gutter import Gutter
from explorer.program import NodeBreakpoint, ValueBreakpoint

from ..hand import LEFT, NONE
from .agreement import assert_shows, own_stepper


@pytest.fixture
def breakpoints(window):
    return window.controller.breakpoints


@pytest.fixture
def gutter(person, window) -> Gutter:
    person.waits_until(lambda: window.code.text)
    return person.labelled("Breakpoints of the code", window.code, Gutter)


def line_of(person, text: str) -> int:
    """The number of the one line of the page with this text."""
    lines = person.window.code.text.splitlines()
    (found,) = (number for number, line in enumerate(lines, 1) if text in line)
    return found


def beside(person, line: int) -> QPoint:
    """In the margin beside a line, which is scrolled to."""
    view = person.window.code._view
    block = view.document().findBlockByLineNumber(line - 1)
    view.setTextCursor(QTextCursor(block))
    view.ensureCursorVisible()
    return QPoint(7, view.cursorRect().center().y() + view.viewport().y())


def clicks_beside(person, gutter: Gutter, text: str) -> int:
    line = line_of(person, text)
    at = gutter.mapFrom(person.window.code._view, beside(person, line))
    QTest.mouseClick(gutter, LEFT, NONE, at)
    return line


def turns_to(person, way: str) -> None:
    bar = person.labelled("Ways to write the net", person.window.code, QTabBar)
    (tab,) = (i for i in range(bar.count()) if bar.tabText(i) == way)
    person.clicks(bar, bar.tabRect(tab).center())


def test_a_click_beside_a_call_stops_training_there_and_another_no_longer(
    person, window, breakpoints, gutter
):
    line = clicks_beside(person, gutter, "layers.ReLU.backward(")
    assert breakpoints.all == (NodeBreakpoint("relu1", "backward"),)
    assert gutter.marks == {line: Mark(True, False)}
    assert person.hand.scene.nodes["relu1"].mark is not None
    assert not window.controller.is_stepping, "a click in the margin runs nothing"

    own = own_stepper(person.graph)
    person.presses("F5")
    person.waits_until(lambda: person.sees("Stopped: relu1 has run backward", window.stepper))
    own.run_to("relu1", "backward")
    assert_shows(person, own)

    clicks_beside(person, gutter, "layers.ReLU.backward(")
    assert not breakpoints.all
    assert not gutter.marks


def test_what_is_set_elsewhere_is_seen_in_the_margin_and_goes_from_there(
    person, breakpoints, gutter
):
    person.hand.click(person.hand.title("fc2"))
    person.presses("F9")
    fc2 = {
        line_of(person, "= layers.Linear.forward(relu1, "),
        line_of(person, "= layers.Linear.backward(dfc2, "),
    }
    assert gutter.marks.keys() == fc2

    clicks_beside(person, gutter, "= layers.Linear.forward(relu1, ")
    assert breakpoints.all == (NodeBreakpoint("fc2", "backward"),)

    breakpoints.switch(breakpoints.all[0], on=False)
    assert [mark.is_on for mark in gutter.marks.values()] == [False]
    breakpoints.clear()
    breakpoints.add(ValueBreakpoint("gradient_norm_above", 1.0, "fc2", "backward"))
    assert list(gutter.marks.values()) == [Mark(True, True)]


def test_under_the_pointer_it_shows_what_a_click_would_set(person, window, gutter):
    call = line_of(person, "layers.ReLU.forward(")
    at = gutter.mapFrom(window.code._view, beside(person, call))
    QTest.mouseMove(gutter, at)
    person.waits_until(lambda: gutter.ghost == call)
    plain = gutter.grab().toImage()

    comment = at - QPoint(0, window.code._view.fontMetrics().height())
    QTest.mouseMove(gutter, comment)
    assert gutter.ghost == call, "the comment above is of the same call"

    head = next(n for n, text in enumerate(window.code.text.splitlines(), 1) if "import" in text)
    QTest.mouseMove(gutter, gutter.mapFrom(window.code._view, beside(person, head)))
    person.waits_until(lambda: gutter.ghost is None)
    QTest.mouseMove(gutter, gutter.mapFrom(window.code._view, beside(person, call)))
    assert gutter.grab().toImage() == plain
    QTest.mouseClick(gutter, LEFT, NONE, at)
    assert gutter.ghost is None, "there it is"
    assert gutter.grab().toImage() != plain
    assert "(F9)" in gutter.toolTip()


def test_f9_in_the_code_is_about_the_line_one_stands_in(person, window, breakpoints, gutter):
    view = window.code._view
    beside(person, line_of(person, "layers.ReLU.forward("))
    view.setFocus()
    person.presses("F9")
    assert breakpoints.all == (NodeBreakpoint("relu1", "forward"),)
    person.presses("F9")
    assert not breakpoints.all

    person.presses("Ctrl+Home", "F9")
    assert not breakpoints.all
    assert person.sees("No call of a node is on this line", window.code)


def test_the_sum_at_a_fork_is_no_call_of_a_node(
    person, window, breakpoints, gutter, residual, tmp_path
):
    person.opens_graph(residual, tmp_path / "residual.json")
    person.waits_until(lambda: "drelu1 = dadd1_a + dfc2_x" in window.code.text)

    clicks_beside(person, gutter, "drelu1 = dadd1_a + dfc2_x")

    assert not breakpoints.all


@pytest.mark.parametrize("way", ["Naive", "Autograd", "torch.nn"])
def test_the_other_ways_have_the_same_breakpoints(person, window, breakpoints, gutter, way):
    turns_to(person, way)
    person.waits_until(lambda: window.code._page is not None and window.code._page.title == way)
    span = next(s for s in window.code._page.spans if (s.node, s.phase) == ("relu1", "forward"))
    at = gutter.mapFrom(window.code._view, beside(person, span.first))

    QTest.mouseClick(gutter, LEFT, NONE, at)
    assert breakpoints.all == (NodeBreakpoint("relu1", "forward"),)
    assert gutter.marks.keys() == {span.first}

    turns_to(person, "Modular")
    person.waits_until(lambda: gutter.marks.keys() == {line_of(person, "layers.ReLU.forward(")})
    clicks_beside(person, gutter, "layers.ReLU.forward(")
    turns_to(person, way)
    person.waits_until(lambda: window.code._page.title == way)
    assert not gutter.marks

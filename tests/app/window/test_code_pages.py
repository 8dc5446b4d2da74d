"""The net in four ways: read, linked to the canvas both ways, stepped through, and run by torch."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QTabBar, QTreeWidget

import explorer
from explorer import Graph
from explorer.exchange import pages
from explorer.exchange.page import TITLES
from explorer.graph.examples import load_example

from .agreement import assert_shows, own_stepper

WAYS = {title: way for way, title in TITLES.items()}
every_way = pytest.mark.parametrize("title", WAYS)
MARKS = {
    "Naive": "dfc1_w = flatten.T @ dfc1",
    "Modular": "layers.Linear.backward(",
    "Autograd": "loss.backward()",
    "torch.nn": "self.fc1 = nn.Linear(64, 64)",
}


@pytest.fixture
def code(window):
    return window.code


def turns_to(person, title: str) -> None:
    """Click the tab of a way, and wait for its page."""
    bar = person.labelled("Ways to write the net", person.window.code, QTabBar)
    tab = next(n for n in range(bar.count()) if bar.tabText(n) == title)
    person.clicks(bar, bar.tabRect(tab).center())
    person.waits_until(lambda: person.window.code.way == WAYS[title])


def line_with(code, words: str) -> int:
    """The number of the line, from 1, in which these words stand."""
    return next(n for n, line in enumerate(code.text.splitlines(), 1) if words in line)


def point_at(code, line: int) -> QPoint:
    view = code._view
    view.setTextCursor(QTextCursor(view.document().findBlockByLineNumber(line - 1)))
    view.ensureCursorVisible()
    return view.cursorRect().center() + QPoint(30, 0)


def marked(code) -> list[str]:
    """The lines of what is selected, as they read."""
    lines = code.text.splitlines()
    return [lines[n - 1].strip().split("  #")[0] for n in code.selected_lines]


def table(person) -> QTreeWidget:
    name = "What autograd records of each value"
    return person.labelled(name, person.window.code, QTreeWidget)


def rows(person) -> dict[str, tuple[str, ...]]:
    found = table(person)
    items = [found.topLevelItem(n) for n in range(found.topLevelItemCount())]
    return {item.text(0): tuple(item.text(n) for n in range(1, 5)) for item in items}


# Reading


@every_way
def test_the_net_is_written_in_each_of_four_ways(person, code, title):
    turns_to(person, title)
    assert MARKS[title] in code.text
    graph = load_example("digits_mlp")
    graph.training = person.graph.training
    program = explorer.compile(graph, name=code._page.name)
    assert code.text == pages.page(graph, program, WAYS[title]).text


def test_a_key_turns_to_the_next_way(person, code):
    seen = []
    for _ in WAYS:
        person.presses("Ctrl+Shift+Y")
        seen.append(code.way)
    assert seen == ["autograd", "module", "naive", "program"]


def test_an_edit_is_seen_on_the_page_that_is_shown(person, window, code):
    turns_to(person, "torch.nn")
    person.hand.click(person.hand.title("fc1"))
    person.fills(person.field("out_features", window.inspector), "24")
    person.waits_until(lambda: "self.fc1 = nn.Linear(64, 24)" in code.text)
    person.opens("Training")
    person.fills(person.field("epochs", window.training), "7")
    person.waits_until(lambda: "EPOCHS = 7" in code.text)
    turns_to(person, "Naive")
    assert "EPOCHS = 7" in code.text


def test_the_page_that_is_shown_is_copied_and_saved(person, code, tmp_path):
    turns_to(person, "Naive")
    person.fills(person.field("epochs", person.window.training), "7")
    person.clicks(person.button("Copy", code))
    assert "EPOCHS = 7" in code.text
    assert QApplication.clipboard().text() == code.text
    person.will_name(tmp_path / "net.py")
    person.clicks(person.button("Save", code))
    assert (tmp_path / "net.py").read_text(encoding="utf-8") == code.text
    assert "Backward" in code.text


def test_what_cannot_be_written_says_why_and_leads_to_its_node(person, window, code):
    person.opens_example("char_lstm")
    turns_to(person, "Naive")
    assert person.sees("lstm cannot be written by hand, since it has no short formula", code)
    assert not person.button("Copy", code).isEnabled()
    person.clicks(person.button("Show lstm", code))
    assert window.view.selected() == ["lstm"]
    turns_to(person, "torch.nn")
    assert "nn.LSTM(32, 128, batch_first=True)" in code.text
    assert person.button("Copy", code).isEnabled()


def test_a_net_that_cannot_run_has_no_page_in_any_way(person, window, code):
    turns_to(person, "Naive")
    person.hand.click(person.hand.title("relu1"))
    person.presses("Del")
    turns_to(person, "torch.nn")
    assert person.sees("No program yet", code)
    person.presses("Ctrl+Z")
    person.waits_until(lambda: "class Net(nn.Module)" in code.text)


def test_a_page_that_takes_long_is_written_when_it_is_asked_for(person, code, tmp_path):
    graph = Graph()
    graph.add("Data", id="data")
    graph.add("Linear", id="fc1", out_features=1)
    graph.connect("data.x", "fc1.x")
    last = "fc1"
    for number in range(160):
        graph.add("Tanh", id=f"tanh{number}")
        graph.connect(f"{last}.out", f"tanh{number}.x")
        last = f"tanh{number}"
    graph.add("BCEWithLogitsLoss", id="loss")
    graph.connect(f"{last}.out", "loss.y_hat")
    graph.connect("data.y", "loss.y")
    person.opens_graph(graph, tmp_path / "long.json")
    turns_to(person, "Naive")
    assert person.sees("this page takes a while to write", code)
    person.clicks(person.button("Write it", code))
    assert "dtanh0 = dtanh1 * (1 - tanh1 ** 2)" in code.text
    person.opens("Training")
    person.fills(person.field("epochs", person.window.training), "7")
    person.waits_until(lambda: "EPOCHS = 7" in code.text)


# Nodes and lines


@every_way
def test_selecting_a_node_marks_its_lines(person, code, title):
    turns_to(person, title)
    assert marked(code) == []
    person.hand.click(person.hand.title("fc2"))
    assert marked(code)
    assert all("fc2" in line for line in marked(code))
    person.hand.click(person.hand.title("relu1"))
    assert any(line.startswith("relu1") for line in marked(code))
    assert code._view.extraSelections()
    person.hand.click(person.hand.empty())
    assert marked(code) == []


@every_way
def test_clicking_a_line_selects_its_node(person, window, code, title):
    turns_to(person, title)
    for node in ("fc2", "relu1"):
        line = line_with(code, f"{node} = " if title != "Modular" else f"{node}, ")
        person.clicks(code._view.viewport(), point_at(code, line))
        assert window.view.selected() == [node]
        assert line in code.selected_lines


def test_a_click_on_a_line_of_nobody_changes_nothing(person, window, code):
    turns_to(person, "Naive")
    person.hand.click(person.hand.title("fc2"))
    person.clicks(code._view.viewport(), point_at(code, line_with(code, "EPOCHS = ")))
    assert window.view.selected() == ["fc2"]


@pytest.mark.parametrize(
    ("title", "words", "position"),
    [("Naive", "dfc2_w = relu1.T", 8), ("Naive", "relu1 = ", 4), ("Autograd", "fc2 = relu1", 5)],
)
def test_a_double_clicked_line_is_run_to(person, window, code, title, words, position):
    turns_to(person, title)
    person.double_clicks(code._view.viewport(), point_at(code, line_with(code, words)))
    person.waits_until(lambda: person.sees(f"Step {position} of", window.stepper))


@pytest.mark.parametrize(
    ("title", "forward", "backward"),
    [
        ("Naive", "fc1 = flatten @ fc1_w", "dfc1_w = flatten.T @ dfc1"),
        ("Autograd", "fc1 = flatten @ fc1_w", "fc1 = flatten @ fc1_w"),
        ("torch.nn", "fc1 = self.fc1(flatten)", "fc1 = self.fc1(flatten)"),
    ],
)
def test_the_call_that_ran_is_marked_on_every_page(person, code, title, forward, backward):
    turns_to(person, title)
    person.presses("F10", "F10", "F10")
    person.waits_until(lambda: code.marked_line == line_with(code, forward))
    person.presses("Shift+F8")
    person.waits_until(lambda: code.marked_line == line_with(code, backward))
    turns_to(person, "Modular")
    own = own_stepper(person.graph)
    own.run_to_end()
    assert_shows(person, own)
    person.presses("Shift+Esc")
    person.waits_until(lambda: code.marked_line is None)


def test_the_marked_line_stays_in_view_when_the_table_takes_its_room(person, code):
    person.hand.click(person.hand.title("fc1"))
    for title in ("Naive", "Autograd"):
        turns_to(person, title)
        person.waits_until(lambda: code._table.isVisible() == (code.way == "autograd"))
        QApplication.processEvents()
        view = code._view
        best = code._page.lines_of("fc1", "forward")[0]
        block = view.document().findBlockByLineNumber(best - 1)
        top = view.blockBoundingGeometry(block).translated(view.contentOffset()).top()
        assert 0 <= top < view.viewport().height()


# What autograd records


def test_running_autograd_lists_what_it_records_of_each_value(person, window, code):
    person.opens_example("autograd_scalar")
    turns_to(person, "Autograd")
    assert person.sees("lists what autograd records of each value", code)
    person.clicks(person.button("Run autograd", code))
    person.waits_until(lambda: rows(person))
    found = rows(person)
    assert found["a_value"] == ("None", "True", "True", "5.000")
    assert found["b_value"] == ("None", "True", "True", "3.000")
    assert found["c"] == ("MulBackward0", "False", "True", "None")
    listed = table(person)
    item = next(
        listed.topLevelItem(n)
        for n in range(listed.topLevelItemCount())
        if listed.topLevelItem(n).text(0) == "c"
    )
    listed.scrollToItem(item)
    person.clicks(listed.viewport(), listed.visualItemRect(item).center())
    assert window.view.selected() == ["c"]


def test_the_values_are_those_of_the_batch_that_is_stepped_through(person, window, code):
    turns_to(person, "Autograd")
    person.presses("F10")
    person.waits_until(lambda: rows(person))
    first = rows(person)
    person.presses("Ctrl+F8")
    person.waits_until(lambda: rows(person) != first)
    assert rows(person).keys() == first.keys()


def test_values_of_the_net_before_an_edit_are_told_as_such(person, window, code):
    turns_to(person, "Autograd")
    person.presses("Ctrl+Shift+U")
    person.waits_until(lambda: rows(person))
    assert not person.sees("the net before the last change", code)
    person.hand.click(person.hand.title("relu1"))
    person.presses("M")
    person.waits_until(lambda: person.sees("the net before the last change", code))
    person.clicks(person.button("Run autograd", code))
    person.waits_until(lambda: "relu1" not in rows(person))
    assert not person.sees("the net before the last change", code)

"""In the window tensors are opened from the cards of the call that ran, and follow the steps."""

import pytest
from PySide6.QtCore import QPoint, QSize
from PySide6.QtWidgets import QFileDialog, QLabel

from explorer.app.panels.scroll_page import OverflowArea
from explorer.app.tensors.requests import ListTensors
from explorer.program.viewing import Address

from .agreement import own_stepper


@pytest.fixture
def tensors(window):
    return window.tensors


def opened(person, tensors, title: str):
    """The view that is in front, once it shows numbers."""
    person.waits_until(lambda: tensors.current and tensors.current.title == title)
    table = tensors.current.page.table
    person.waits_until(lambda: table.model().index(0, 0).data() not in (None, "…"))
    return table.model()


def test_a_double_click_on_a_card_opens_the_tensor_and_steps_keep_it_up_to_date(
    person, window, tensors
):
    person.presses("F10", "F10", "F10")
    person.waits_until(lambda: person.sees("out   (32, 64)", window.values))
    card = next(c for c in window.values.cards if c.accessibleName().startswith("w, weight"))
    person.double_clicks(card, QPoint(8, 10))
    model = opened(person, tensors, "fc1.w")
    assert person.has_in_front("Tensors")
    own = own_stepper(person.graph)
    own.go_to(3)
    weight = own.session.value("fc1.w")
    assert float(model.index(1, 2).data()) == pytest.approx(weight[1, 2].item(), rel=1e-3)

    person.clicks(person.button("Open", window.values.cards[0]))
    model = opened(person, tensors, "fc1.out")
    assert len(tensors.open_tabs) == 2
    person.presses("Ctrl+F8", "F8")
    own = own_stepper(person.graph, 1)
    own.run_to_loss()
    value = own.session.value("fc1.out")[0, 0].item()
    person.waits_until(lambda: float(model.index(0, 0).data()) == pytest.approx(value, rel=1e-3))


def test_its_own_keys_are_heard_in_the_panel_alone(person, window, tensors, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", staticmethod(lambda *a: asked.append(a[1]) or ("", ""))
    )
    person.presses("F8")
    person.waits_until(lambda: window.values.cards)
    person.clicks(person.button("Open", window.values.cards[0]))
    opened(person, tensors, "loss.loss")
    tensors.current.page.setFocus()
    person.presses("S")
    assert asked == ["Save tensor"]
    person.presses("P")
    person.waits_until(lambda: "Pinned loss.loss at batch 1, call" in person.toast())
    person.presses("Ctrl+W")
    assert tensors.current is None
    window.view.setFocus()
    person.presses("S")
    assert asked == ["Save tensor"]


def test_the_list_says_what_to_do_before_there_is_anything(person, window, tensors):
    person.opens("Tensors")

    assert person.sees("Train (F5) or step (F10): the tensors come up here", tensors)
    person.presses("Alt+9")
    person.presses("F10")
    person.waits_until(lambda: person.sees("Step 1 of 14", window.stepper))
    person.opens("Tensors")
    person.waits_until(lambda: tensors.names.entries)
    assert not person.sees("come up here", tensors)


def test_tensors_are_listed_only_where_somebody_looks(person, window, tensors):
    asked: list[object] = []
    window.tensor_client.asked.connect(asked.append)
    person.presses("F10", "F10")
    person.waits_until(lambda: person.sees("Step 2 of 14", window.stepper))
    assert not any(isinstance(request, ListTensors) for request in asked)

    person.opens("Tensors")
    person.waits_until(lambda: tensors.names.entries)
    count = len(tensors.names.entries)
    person.presses("F10")
    person.waits_until(lambda: len(tensors.names.entries) > count)


def test_a_change_of_the_net_is_told_where_its_tensors_are_looked_at(person, window, tensors):
    person.presses("F10", "F10", "F10")
    person.waits_until(lambda: person.sees("out   (32, 64)", window.values))
    person.clicks(person.button("Open", window.values.cards[0]))
    opened(person, tensors, "fc1.out")
    person.hand.click(person.hand.title("fc1"))
    person.presses("Del")

    said = "fc1.out is only kept while stepping"
    person.waits_until(lambda: said in tensors.current._notice.text)


def test_a_weights_name_in_the_inspector_opens_its_numbers(person, window, tensors):
    person.presses("F10")
    person.waits_until(lambda: window.controller.is_stepping)
    person.hand.click(person.hand.title("fc1"))
    person.opens("Inspector")
    (label,) = (w for w in window.inspector.findChildren(QLabel) if "href='fc1.w'" in w.text())
    person.clicks(label, QPoint(6, 10))

    opened(person, tensors, "fc1.w")


def test_a_clicked_number_is_explained_and_what_it_was_made_with_is_framed(person, window, tensors):
    person.presses("F10", "F10", "F10")
    person.waits_until(lambda: person.sees("out   (32, 64)", window.values))
    person.opens("Explain")
    person.clicks(person.button("Open", window.values.cards[0]))
    opened(person, tensors, "fc1.out")
    table = tensors.current.page.table
    at = table.visualRect(table.model().index(2, 1)).center()
    person.clicks(table.viewport(), at)
    person.waits_until(lambda: person.sees("out[2, 1]", window.explain))

    weights = next(c for c in window.values.cards if c.accessibleName().startswith("w, weight"))
    person.clicks(person.button("Open", weights))
    model = opened(person, tensors, "fc1.w")
    person.waits_until(lambda: model.look(model.index(5, 1)).is_lit)
    assert not model.look(model.index(5, 2)).is_lit


@pytest.mark.parametrize("size", [QSize(1440, 900), QSize(960, 600)])
def test_opening_a_tensor_moves_nothing_else(person, window, tensors, size):
    window.resize(size)
    person.presses("F8")
    person.waits_until(lambda: window.controller.is_stepping)
    person.opens("Tensors")
    person.waits_until(lambda: tensors.names.entries)
    before = places(window)

    tensors.open(Address("fc1"))
    opened(person, tensors, "fc1.out")

    person.waits_until(lambda: tensors.current.body.isVisible())
    assert places(window) == before
    assert window.size() == size


def test_a_tensor_opened_from_a_card_leaves_a_panel_in_front_as_large_as_it_was(
    person, window, tensors
):
    person.presses("F10", "F10", "F10")
    person.waits_until(lambda: person.sees("out   (32, 64)", window.values))
    person.opens("Tensors")
    before = places(window)

    person.clicks(person.button("Open", window.values.cards[0]))
    opened(person, tensors, "fc1.out")
    assert places(window) == before


def test_what_has_no_room_in_a_small_window_is_scrolled_to(person, window, tensors):
    window.resize(960, 600)
    person.presses("F8")
    person.waits_until(lambda: window.controller.is_stepping)
    person.opens("Tensors")
    tensors.open(Address("fc1"))
    opened(person, tensors, "fc1.out")
    area = tensors.current.findChild(OverflowArea)
    table, strip = tensors.current.page.table, tensors.current._strip

    assert table.viewport().height() > 3 * table.rowHeight(0)
    area.ensureWidgetVisible(strip)
    foot = strip.mapTo(area.viewport(), strip.rect().bottomLeft()).y()
    assert 0 < foot < area.viewport().height()


def places(window) -> dict[str, tuple]:
    shown = {name: dock for name, dock in window.docks.items() if dock.isVisible()}
    return {name: dock.geometry().getRect() for name, dock in shown.items()}

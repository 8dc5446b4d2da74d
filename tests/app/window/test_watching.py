"""A person watches expressions: added by typing, read anew behind each step, kept with the file."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTreeView

from explorer.app import theme
from explorer.app.watching.watches import Watch
from explorer.app.what_if.requests import EditNumber
from explorer.program.viewing import Gallery
from explorer.program.watching import Names, Scope, in_full, read

from ..hand import LEFT, NONE
from .agreement import own_stepper

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def panel(window):
    return window.watch


@pytest.fixture
def rows(person, panel) -> QTreeView:
    return person.labelled("Watches", panel, QTreeView)


def adds(person, *expressions: str) -> None:
    """Type them where Shift+F9 leads to, each with Enter."""
    person.presses("Shift+F9")
    for expression in expressions:
        person.types(expression)
        person.presses("Return")
        person.comes_back()


def value(rows: QTreeView, expression: str, role=Qt.ItemDataRole.DisplayRole):
    """What the list says of an expression; None while it says nothing."""
    model = rows.model()
    for row in range(model.rowCount()):
        if model.index(row, 0).data() == expression:
            return model.index(row, 1).data(role)
    raise AssertionError(f"{expression} is not watched")


def reads(person, rows: QTreeView, expression: str, says: str) -> None:
    person.waits_until(lambda: says in (value(rows, expression) or ""))


def is_marked(rows: QTreeView, expression: str) -> bool:
    return value(rows, expression, Qt.ItemDataRole.FontRole).bold()


def own_reading(person, own, expression: str):
    """What it comes to in a walk of the test's own."""
    gallery = Gallery()
    gallery.show(own.session, {})
    return read(expression, Scope(gallery, Names(own.session.program, own.calls), own.current))


def test_what_is_typed_is_read_behind_each_step(person, window, rows):
    assert person.sees("Type a name such as fc1.dw, or dw.norm() / w.norm()", window.watch)
    adds(person, "dw.norm() / w.norm()", "fc1.out", "loss.loss")
    assert person.has_in_front("Watch")
    reads(person, rows, "fc1.out", "There are no numbers yet: train, or step")

    own = own_stepper(person.graph)
    window.view.setFocus()
    person.presses("F8")
    own.run_to_loss()
    reads(person, rows, "loss.loss", in_full(own.session.value("loss.loss")))
    reads(person, rows, "fc1.out", "(32, 64)  norm 13.")
    reads(person, rows, "dw.norm() / w.norm()", "The last call, loss forward, has no dw")
    assert person.has_in_front("Watch"), "the walk covers no watches"

    for _ in ("loss", "fc2"):
        person.presses("F10")
        own.step()
    reads(
        person, rows, "dw.norm() / w.norm()", own_reading(person, own, "dw.norm() / w.norm()").text
    )
    person.presses("Shift+F10")
    reads(person, rows, "dw.norm() / w.norm()", "The last call, loss backward, has no dw")


def test_what_has_changed_since_the_call_before_is_marked_and_told(person, window, rows):
    adds(person, "out", "fc1.w")
    window.view.setFocus()
    person.presses("F10", "F10", "F10")
    reads(person, rows, "out", "(32, 64)  norm 13.")
    assert not is_marked(rows, "fc1.w")
    person.presses("F10")
    reads(person, rows, "out", "norm 9.6")
    assert is_marked(rows, "out")
    assert not is_marked(rows, "fc1.w")
    told = value(rows, "out", Qt.ItemDataRole.AccessibleTextRole)
    assert "Changed: before it was (32, 64)  norm 13." in told
    assert value(rows, "out", Qt.ItemDataRole.ForegroundRole).name() == theme.LIGHT.accent

    window.controller.what_if(EditNumber("fc1_w", (0, 0), 100.0))
    reads(person, rows, "fc1.w", "norm 100.1")
    assert is_marked(rows, "fc1.w"), "an edit changes it where one stands"


def test_names_in_scope_are_offered_while_one_types(person, window, panel, rows):
    person.presses("F10", "F10", "F10")
    person.waits_until(lambda: window.controller.is_stepping)
    person.presses("Shift+F9")
    field = QApplication.focusWidget()
    person.types("norm(fc1.d")
    person.waits_until(lambda: field.offered == ["fc1.dout", "fc1.dw", "fc1.db"])
    popup = QApplication.activePopupWidget()
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert field.text() == "norm(fc1.dw"
    assert window.watches.all == (), "Enter in the list takes a name and adds nothing"
    person.types(") / fc1.w.nor")
    person.waits_until(lambda: field.offered == ["fc1.w.norm()"])
    QTest.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Escape)
    person.types("m()")
    person.presses("Return")
    assert window.watches.all == (Watch("norm(fc1.dw) / fc1.w.norm()"),)


def test_enter_with_a_list_of_names_open_means_what_is_typed(person, window):
    person.presses("Shift+F9")
    field = QApplication.focusWidget()
    person.types("fc1.w")
    person.types(" ")
    person.presses("Backspace")
    person.types("*fc2")
    person.waits_until(lambda: field.offered)
    QTest.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Return)
    assert window.watches.all == (Watch("fc1.w*fc2"),)


def test_watches_are_changed_switched_moved_and_taken_away(person, window, rows):
    adds(person, "fc1.w", "fc2.w", "loss.loss")
    window.view.setFocus()
    person.presses("F8")
    reads(person, rows, "fc2.w", "(64, 10)")

    rows.setFocus()
    rows.setCurrentIndex(rows.model().index(1, 0))
    person.presses("Space")
    assert window.watches.all[1] == Watch("fc2.w", is_on=False)
    assert value(rows, "fc2.w") is None
    person.presses("Space")
    reads(person, rows, "fc2.w", "(64, 10)")

    person.presses("F2")
    editor = rows.findChild(QLineEdit)
    assert editor.accessibleName() == "Watch"
    person.presses("Ctrl+A")
    person.types("fc2.b.sum()")
    window.controller.go_to(3)
    reads(person, rows, "loss.loss", "loss.loss is not computed yet: step on")
    person.presses("Return")
    person.waits_until(lambda: window.watches.all[1] == Watch("fc2.b.sum()"))
    person.comes_back()
    rows.setFocus()
    own = own_stepper(person.graph)
    own.go_to(3)
    reads(person, rows, "fc2.b.sum()", own_reading(person, own, "fc2.b.sum()").text)

    QTest.keyClick(rows, Qt.Key.Key_Up, ALT)
    person.clicks(person.button("Move watch down", window.watch))
    person.clicks(person.button("Move watch down", window.watch))
    expressions = [watch.expression for watch in window.watches.all]
    assert expressions == ["fc1.w", "loss.loss", "fc2.b.sum()"]
    assert not person.button("Move watch down", window.watch).isEnabled()
    rows.setFocus()
    person.presses("Del")
    assert window.watches.read == ("fc1.w", "loss.loss")
    assert person.graph.nodes, "Del in this list deletes no node"
    person.clicks(person.button("Remove watch", window.watch))
    person.clicks(person.button("Remove watch", window.watch))
    assert person.sees("Type a name such as", window.watch)


def test_a_watch_is_dragged_to_another_place(person, window, rows):
    adds(person, "fc1.w", "fc2.w", "loss.loss")
    rows.setCurrentIndex(rows.model().index(0, 0))
    last = rows.visualRect(rows.model().index(2, 0))
    at = QPointF(last.center().x(), last.bottom() - 1)
    data = rows.model().mimeData([rows.model().index(0, 0)])
    rows.dropEvent(QDropEvent(at, Qt.DropAction.MoveAction, data, LEFT, NONE))
    assert window.watches.read == ("fc2.w", "loss.loss", "fc1.w")
    first = QPointF(rows.visualRect(rows.model().index(0, 0)).topLeft())
    rows.dropEvent(QDropEvent(first, Qt.DropAction.MoveAction, data, LEFT, NONE))
    assert window.watches.read == ("fc1.w", "fc2.w", "loss.loss")
    assert rows.currentIndex().row() == 0, "what was dragged stays chosen"


def test_what_cannot_be_read_says_why_in_its_row(person, window, rows):
    adds(person, "fc1.ww", "x @ x", "dw.nrom()", "fc1.w[", "__import__('os')")
    window.view.setFocus()
    person.presses("Shift+F8")
    reads(person, rows, "fc1.ww", "fc1 has no ww: it has x, w, b, out, dout, dw, db")
    reads(person, rows, "x @ x", "The shapes (32, 64) and (32, 64) do not fit @")
    reads(person, rows, "dw.nrom()", "There is no function nrom here: did you mean norm?")
    reads(person, rows, "fc1.w[", "This is no expression at character")
    reads(person, rows, "__import__('os')", "is not understood here")
    ink = value(rows, "x @ x", Qt.ItemDataRole.ForegroundRole)
    assert ink.name() == theme.LIGHT.error


def test_a_tensor_is_opened_where_it_is_and_what_is_computed_as_a_pin(person, window, rows):
    adds(person, "fc1.dw", "dw * 100", "w.shape")
    window.view.setFocus()
    person.presses("Shift+F8")
    reads(person, rows, "fc1.dw", "(64, 64)")
    row = rows.visualRect(rows.model().index(0, 1)).center()
    person.double_clicks(rows.viewport(), row)
    person.waits_until(lambda: window.tensors.current and window.tensors.current.title)
    assert window.tensors.current.title == "gradient of fc1.w"

    rows.setFocus()
    rows.setCurrentIndex(rows.model().index(1, 0))
    person.clicks(person.button("Open watch", window.watch))
    person.waits_until(lambda: "dw * 100 at batch 1" in window.tensors.current.title)
    rows.setCurrentIndex(rows.model().index(2, 0))
    assert not person.button("Open watch", window.watch).isEnabled(), "a shape is no tensor"


def test_a_value_is_watched_from_its_card_and_from_the_list_of_tensors(person, window, rows):
    person.presses("Shift+F8")
    person.waits_until(lambda: window.values.cards)
    card = next(c for c in window.values.cards if c.accessibleName().startswith("dout"))
    assert person.right_clicks(QPoint(8, 8), "Add to watch", on=card) == [
        "Open the tensor",
        "Copy the statistics",
        "Add to watch",
    ]
    assert person.has_in_front("Watch")
    cache = next(c for c in window.values.cards if c.accessibleName().startswith("cache: x"))
    assert person.right_clicks(QPoint(8, 8), on=cache) == [
        "Open the tensor",
        "Copy the statistics",
    ]

    person.opens("Tensors")
    names = person.labelled("Tensors", window.tensors, QTreeView)
    person.waits_until(lambda: names.model().rowCount())
    group = names.model().index(0, 0)
    person.waits_until(lambda: names.model().rowCount(group))
    names.setCurrentIndex(names.model().index(2, 0, group))
    name = names.currentIndex().data()
    person.right_clicks(
        names.visualRect(names.currentIndex()).center(), "Add to watch", on=names.viewport()
    )
    assert window.watches.read == ("fc1.dout", name)
    reads(person, rows, "fc1.dout", "(32, 64)")
    reads(person, rows, name, "norm")


def test_while_training_runs_the_numbers_are_of_the_pause_before(person, window, rows):
    adds(person, "fc1.w.norm()")
    window.view.setFocus()
    person.presses("F10")
    reads(person, rows, "fc1.w.norm()", "4.")
    before = value(rows, "fc1.w.norm()")
    person.presses("F5")
    person.waits_until(lambda: person.sees("Training runs: pause (F5) to see", window.watch))
    person.waits_until(lambda: window.controller.steps > 30)
    person.pauses()
    person.waits_until(lambda: value(rows, "fc1.w.norm()") != before)
    assert not person.sees("Training runs", window.watch)
    own = own_stepper(person.graph, window.controller.steps)
    reads(person, rows, "fc1.w.norm()", own_reading(person, own, "fc1.w.norm()").text)


def test_watches_come_back_with_their_file_and_their_starter_graph(
    person, window, open_it, tmp_path
):
    adds(person, "fc1.dw", "fc2.dw")
    window.watches.switch(1, False)
    person.opens_example("spiral")
    assert window.watches.all == ()
    adds(person, "loss.loss")
    path = tmp_path / "mine.json"
    person.will_name(path)
    person.presses("Ctrl+Shift+S")
    person.waits_until(lambda: window.document.path == path)
    assert "watch" not in path.read_text(encoding="utf-8").lower(), "the file holds the net alone"
    window.close()

    again = open_it(path)
    assert again.watches.all == (Watch("loss.loss"),)
    again.files.open_example("digits_mlp")
    assert again.watches.all == (Watch("fc1.dw"), Watch("fc2.dw", is_on=False))
    again.files.new()
    assert again.watches.all == ()


def test_settings_that_cannot_be_read_are_no_watches(settings, open_it):
    settings.setValue("watches", '{"example": [1, 2]}')
    assert open_it().watches.all == ()


def test_an_edit_that_runs_the_same_calls_leaves_what_was_read(person, window, rows):
    adds(person, "fc1.out")
    window.view.setFocus()
    person.presses("F8")
    reads(person, rows, "fc1.out", "(32, 64)")
    person.graph.move({"fc1": (30.0, 400.0)})
    person.waits_until(lambda: not window.controller._settle.isActive())
    assert "(32, 64)" in value(rows, "fc1.out")


def test_many_watches_are_all_read_at_the_same_place(person, window, rows):
    window.watches.put([Watch(f"fc1.w * {n} + fc1.dw.norm()") for n in range(50)])
    person.presses("Shift+F9")
    window.view.setFocus()
    person.presses("Shift+F8")
    own = own_stepper(person.graph)
    own.run_to_end()
    for number in (0, 49):
        expression = f"fc1.w * {number} + fc1.dw.norm()"
        norm = own_reading(person, own, expression).statistics.norm
        reads(person, rows, expression, f"norm {norm:#.4g}"[:9])

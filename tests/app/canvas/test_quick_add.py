"""A small list at the pointer adds layers, anywhere or at the end of a wire."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from explorer.app.canvas.quick_add import QuickAdd
from explorer.app.canvas.usual import USUAL
from explorer.graph import blocks
from explorer.layers import catalogue

from .conftest import assert_in_step

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def opened(view) -> QuickAdd:
    """The list that is open now."""
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QuickAdd)
    assert popup is view.offers.popup
    return popup


def rows(popup: QuickAdd) -> list[str]:
    return [entry.text(0) for entry in popup.list.entries()]


def types(popup: QuickAdd, text: str, *keys: Qt.Key) -> None:
    QTest.keyClicks(popup.search, text)
    for key in keys:
        QTest.keyClick(popup.search, key)


def is_closed(view) -> bool:
    return view.offers.popup is None and QApplication.activePopupWidget() is None


@pytest.fixture(autouse=True)
def _no_list_stays(view):
    yield
    view.offers.close()


def test_the_list_is_no_higher_than_what_it_found(hand, view):
    hand.move(hand.empty())
    hand.key(Qt.Key.Key_Tab)
    popup = opened(view)
    high = popup.height()
    types(popup, "gelu")
    assert len(rows(popup)) == 1
    row = popup.list.visualItemRect(popup.list.currentItem())
    assert popup.list.viewport().rect().contains(row)
    assert popup.height() < high / 3
    popup.search.clear()
    assert popup.height() == high


def test_tab_opens_the_list_at_the_pointer_and_enter_adds_the_first_hit_there(hand, view):
    at = hand.empty()
    hand.move(at)
    hand.key(Qt.Key.Key_Tab)
    popup = opened(view)
    assert popup.search.hasFocus()
    assert (popup.pos() - view.viewport().mapToGlobal(at)).manhattanLength() < 60
    types(popup, "tanh", Qt.Key.Key_Return)
    assert is_closed(view)
    assert hand.scene.nodes["tanh1"].box.contains(view.to_scene(QPointF(at)))
    assert view.selected() == ["tanh1"]
    assert_in_step(hand.scene)
    assert hand.graph.undo() == "Add tanh1"
    assert "tanh1" not in hand.graph.nodes


def test_a_double_click_on_empty_canvas_opens_the_list_there(hand, view):
    at = hand.empty()
    hand.click(at)
    QTest.mouseDClick(view.viewport(), LEFT, NONE, at)
    types(opened(view), "dense", Qt.Key.Key_Return)
    assert hand.scene.nodes["fc2"].box.contains(view.to_scene(QPointF(at)))


def test_a_double_click_on_a_wire_or_a_port_opens_nothing(hand, view):
    wire = hand.scene.wires["relu1.x"].path().pointAtPercent(0.5)
    for at in (hand.pixel(wire), hand.port("loss.y")):
        QTest.mouseDClick(view.viewport(), LEFT, NONE, at)
        hand.release(at)
        assert view.offers.popup is None


def test_the_layer_is_wired_to_the_one_selected_node_in_the_same_step(hand, view):
    view.select(["relu1"])
    hand.move(hand.empty())
    hand.key(Qt.Key.Key_Tab)
    types(opened(view), "linear", Qt.Key.Key_Return)
    assert hand.graph.wires["fc2.x"].source == "relu1.out"
    assert view.said[-1] == "Added fc2, wired to relu1.out"
    hand.graph.undo()
    assert "fc2" not in hand.graph.nodes
    assert hand.graph.history.undo_label is None
    assert_in_step(hand.scene)


def feed_sentences(hand) -> None:
    """relu1 gives five vectors of 64 from now on."""
    graph = hand.graph
    graph.disconnect("fc1.x")
    graph.add("Input", id="sentence", position=(0, 100), shape=(5, 64))
    graph.connect("sentence.out", "fc1.x")
    graph.history.clear()
    hand.view.frame_all()


def test_a_block_is_offered_and_wired_too(hand, view):
    feed_sentences(hand)
    before = set(hand.graph.nodes)
    view.select(["relu1"])
    hand.move(hand.empty())
    hand.key(Qt.Key.Key_Tab)
    popup = opened(view)
    assert set(blocks.names()) <= set(rows(popup))
    types(popup, "transformerenc", Qt.Key.Key_Return)
    assert hand.graph.wires["enter.x"].source == "relu1.out"
    assert set(view.selected()) == set(hand.graph.nodes) - before
    assert hand.graph.undo() == "Add TransformerEncoderLayer"
    assert set(hand.graph.nodes) == before


def test_the_first_row_is_chosen_arrows_move_and_a_click_adds(hand, view):
    hand.move(hand.empty())
    hand.key(Qt.Key.Key_Tab)
    popup = opened(view)
    assert popup.list.currentItem().text(0) == rows(popup)[0]
    QTest.keyClicks(popup.search, "loss")
    types(popup, "", Qt.Key.Key_Down)
    assert popup.list.currentItem().text(0) == rows(popup)[1]
    row = popup.list.entries()[2]
    name = row.text(0)
    at = popup.list.visualItemRect(row).center()
    QTest.mouseClick(popup.list.viewport(), LEFT, NONE, at)
    assert is_closed(view)
    assert [node.kind for node in hand.graph.nodes.values()][-1] == name
    assert len(hand.graph.nodes) == 5


def test_escape_closes_it_and_the_keyboard_goes_back_to_the_canvas(hand, view):
    view.select(["fc1"])
    hand.key(Qt.Key.Key_Tab)
    types(opened(view), "relu", Qt.Key.Key_Escape)
    assert is_closed(view)
    assert view.hasFocus()
    assert view.selected() == ["fc1"]
    assert hand.graph.history.undo_label is None


def test_a_click_elsewhere_closes_it_and_does_no_more(hand, view):
    view.select(["fc1"])
    hand.move(hand.empty())
    hand.key(Qt.Key.Key_Tab)
    opened(view)
    QTest.mouseClick(view.windowHandle(), LEFT, NONE, hand.title("relu1"))
    assert is_closed(view)
    assert view.window().focusWidget() is view
    assert view.selected() == ["fc1"]


def test_what_no_layer_is_called_is_told_and_enter_adds_nothing(hand, view):
    hand.key(Qt.Key.Key_Tab)
    popup = opened(view)
    types(popup, "zzz", Qt.Key.Key_Return)
    assert popup.palette_panel.nothing.text() == "No layer matches “zzz”. Esc closes."
    assert len(hand.graph.nodes) == 4


def test_a_wire_is_offered_what_usually_follows_first_until_something_is_typed(hand, view):
    assert set(USUAL) <= catalogue().keys()
    hand.drag(hand.port("fc1.out"), hand.empty())
    popup = opened(view)
    names = rows(popup)
    assert names[:2] == ["ReLU", "Dropout"]
    assert names.index("Linear") < names.index("Bilinear")
    types(popup, "bil")
    assert rows(popup)[0] == "Bilinear"


def test_a_layer_that_does_not_fit_there_is_not_said_to_be_none(hand, view):
    view.offers.in_place_of("fc1")
    popup = opened(view)
    types(popup, "conv2d")
    assert popup.palette_panel.nothing.text() == "Conv2d does not fit here. Esc closes."


def test_it_stays_inside_the_screen(hand, view):
    room = view.screen().availableGeometry()
    for corner in (room.topLeft(), room.topRight(), room.bottomLeft(), room.bottomRight()):
        view.offers.anywhere(QPointF(view.viewport().mapFromGlobal(corner)))
        assert room.contains(opened(view).frameGeometry())


def test_without_the_pointer_on_the_canvas_it_adds_where_a_layer_fits(hand, view):
    view.select(["relu1"])
    view.offers.anywhere(None)
    types(opened(view), "sigmoid", Qt.Key.Key_Return)
    box = hand.scene.nodes["sigmoid1"].box
    assert box.left() > hand.scene.nodes["relu1"].box.right()
    assert not any(box.intersects(i.box) for i in hand.scene.nodes.values() if i.id != "sigmoid1")


def test_a_wire_dropped_on_empty_canvas_offers_what_takes_it(hand, view):
    hand.drag(hand.port("data.y"), hand.empty())
    popup = opened(view)
    assert popup.search.placeholderText() == "data.y to …"
    assert {"Linear", "BCELoss"} <= set(rows(popup))
    assert {"Data", "Input", "Parameter"}.isdisjoint(rows(popup))


def test_labels_are_not_offered_what_needs_numbers(hand, view):
    hand.graph.set("data", dataset="digits")
    hand.drag(hand.port("data.y"), hand.empty())
    found = rows(opened(view))
    assert "CrossEntropyLoss" in found
    assert {"Linear", "Conv2d", "ReLU"}.isdisjoint(found)


def test_a_matrix_is_not_offered_what_needs_pictures(hand, view):
    hand.drag(hand.port("relu1.out"), hand.empty())
    found = rows(opened(view))
    assert {"Linear", "Tanh", "Add", "BCELoss"} <= set(found)
    assert {"Conv2d", "MaxPool2d", "ResidualBlock"}.isdisjoint(found)


def test_choosing_adds_the_layer_with_the_wire_in_one_step(hand, view):
    at = hand.empty()
    count = len(hand.scene.items())
    hand.drag(hand.port("relu1.out"), at)
    types(opened(view), "tanh", Qt.Key.Key_Return)
    assert hand.graph.wires["tanh1.x"].source == "relu1.out"
    assert (hand.port("tanh1.x") - at).manhattanLength() <= 3
    assert view.said[-1] == "Added tanh1, wired to relu1.out"
    assert_in_step(hand.scene)
    assert hand.graph.undo() == "Add tanh1"
    assert hand.graph.history.undo_label is None
    assert len(hand.scene.items()) == count
    assert_in_step(hand.scene)


def test_a_loss_gets_the_wire_at_the_input_that_takes_it(hand, view):
    hand.graph.set("data", dataset="digits")
    hand.drag(hand.port("data.y"), hand.empty())
    types(opened(view), "crossentropy", Qt.Key.Key_Return)
    target = next(path for path, wire in hand.graph.wires.items() if wire.source == "data.y")
    assert target.endswith(".y")


def test_a_wire_from_an_input_offers_what_can_feed_it(hand, view):
    at = view.to_scene(QPointF(hand.empty()))
    hand.drag(hand.port("loss.y_hat"), hand.empty())
    popup = opened(view)
    assert popup.search.placeholderText() == "… to loss.y_hat"
    assert {"Sigmoid", "Linear", "Input"} <= set(rows(popup))
    types(popup, "sigmoid", Qt.Key.Key_Return)
    assert hand.graph.wires["loss.y_hat"].source == "sigmoid1.out"
    assert (hand.scene.end_point("sigmoid1.out") - at).manhattanLength() <= 2
    assert hand.graph.undo() == "Add sigmoid1"
    assert_in_step(hand.scene)


def test_a_scalar_is_not_offered_to_who_needs_rows(hand, view):
    hand.graph.disconnect("fc1.x")
    hand.drag(hand.port("fc1.x"), hand.empty())
    found = rows(opened(view))
    assert "ReLU" in found
    assert "MSELoss" not in found


def test_a_block_is_added_at_the_end_of_a_wire(hand, view):
    feed_sentences(hand)
    hand.drag(hand.port("relu1.out"), hand.empty())
    types(opened(view), "transformerenc", Qt.Key.Key_Return)
    assert hand.graph.wires["enter.x"].source == "relu1.out"
    assert hand.graph.undo() == "Add TransformerEncoderLayer"
    assert hand.graph.history.undo_label is None


def test_escape_takes_the_wire_away_without_a_trace(hand, view):
    count = len(hand.scene.items())
    hand.drag(hand.port("relu1.out"), hand.empty())
    assert len(hand.scene.items()) == count + 1
    types(opened(view), "", Qt.Key.Key_Escape)
    assert is_closed(view)
    assert len(hand.scene.items()) == count
    assert all(item.opacity() == 1 for item in hand.scene.nodes.values())
    assert hand.graph.history.undo_label is None
    assert view.said == []


def test_an_undo_while_it_is_open_closes_it(hand, view):
    hand.graph.move({"loss": (720, 40)})
    hand.drag(hand.port("relu1.out"), hand.empty())
    opened(view)
    hand.graph.undo()
    assert is_closed(view)
    assert_in_step(hand.scene)


def test_a_click_on_a_port_or_a_drop_outside_the_canvas_offers_nothing(hand, view):
    hand.click(hand.port("relu1.out"))
    hand.drag(hand.port("relu1.out"), hand.port("relu1.out") + QPoint(4, 3))
    hand.drag(hand.port("relu1.out"), QPoint(-50, 40))
    assert view.offers.popup is None
    assert hand.graph.history.undo_label is None


def test_tab_during_a_drag_leaves_the_drag(hand, view):
    hand.press(hand.title("fc1"))
    hand.move(hand.title("fc1") + QPoint(60, 60))
    hand.key(Qt.Key.Key_Tab)
    types(opened(view), "", Qt.Key.Key_Escape)
    hand.release(hand.empty())
    assert hand.graph.history.undo_label is None
    assert_in_step(hand.scene)

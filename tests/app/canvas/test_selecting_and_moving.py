"""Cards and wires are selected, moved, nudged and deleted."""

from PySide6.QtCore import QPoint, QPointF, Qt

from .conftest import assert_in_step, small_net

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


def test_a_click_selects_and_ctrl_or_shift_adds_or_takes_away(hand, view):
    told = []
    view.selection_changed.connect(told.append)
    hand.click(hand.title("fc1"))
    hand.click(hand.title("relu1"), CTRL)
    hand.click(hand.title("loss"), SHIFT)
    assert set(view.selected()) == {"fc1", "relu1", "loss"}
    hand.click(hand.title("fc1"), CTRL)
    assert set(view.selected()) == {"relu1", "loss"}
    hand.click(hand.title("relu1"))
    assert view.selected() == ["relu1"]
    assert [sorted(ids) for ids in told] == [
        ["fc1"],
        ["fc1", "relu1"],
        ["fc1", "loss", "relu1"],
        ["loss", "relu1"],
        ["relu1"],
    ]


def test_clicking_empty_canvas_and_escape_select_nothing(hand, view):
    hand.click(hand.title("fc1"))
    hand.click(hand.empty())
    assert view.selected() == []
    hand.click(hand.title("fc1"))
    hand.key(Qt.Key.Key_Escape)
    assert view.selected() == []


def test_a_rectangle_drawn_on_empty_canvas_selects_what_it_touches(hand, view):
    corner = hand.pixel(QPointF(200, -60))
    hand.drag(corner, hand.pixel(QPointF(500, 60)))
    assert set(view.selected()) == {"fc1", "relu1"}
    hand.click(hand.title("loss"), CTRL)
    hand.press(corner)
    hand.move(hand.pixel(QPointF(300, 60)))
    assert view.selected() == ["fc1"]
    hand.key(Qt.Key.Key_Escape)
    assert set(view.selected()) == {"fc1", "relu1", "loss"}


def test_dragging_moves_all_selected_as_one_step(hand, view):
    view.select(["fc1", "relu1", "loss"])
    start = hand.title("relu1")
    hand.drag(start, start + QPoint(40, 60))
    shift = round(60 / view.scale_factor)
    moved = hand.graph.nodes["fc1"].position
    assert moved[0] > 240
    assert abs(moved[1] - shift) <= 2
    assert hand.graph.nodes["data"].position == (0, 0)
    assert_in_step(hand.scene)
    assert hand.graph.undo() == "Move 3 nodes"
    assert hand.graph.nodes["loss"].position == (720, 0)
    assert_in_step(hand.scene)


def test_escape_puts_dragged_cards_back(hand):
    start = hand.title("fc1")
    hand.press(start)
    hand.move(start + QPoint(50, 50), start + QPoint(80, 80))
    assert hand.scene.nodes["fc1"].x() != 240
    hand.key(Qt.Key.Key_Escape)
    hand.release(start + QPoint(80, 80))
    assert_in_step(hand.scene)
    assert hand.graph.history.undo_label is None


def test_undo_while_a_card_is_dragged_shows_it_where_it_was_before(hand):
    hand.graph.move({"fc1": (240, 200)})
    start = hand.title("fc1")
    hand.press(start)
    hand.move(start + QPoint(50, 50), start + QPoint(80, 80))

    hand.graph.undo()
    hand.release(start)

    assert hand.graph.nodes["fc1"].position == (240, 0)
    assert_in_step(hand.scene)


def test_a_card_that_is_dragged_may_go_into_a_group(hand, view):
    view.select(["fc1", "relu1"])
    view.groups.group()
    hand.graph.undo()
    start = hand.title("fc1")
    hand.press(start)
    hand.move(start + QPoint(50, 50), start + QPoint(80, 80))

    hand.graph.redo()
    hand.release(start)

    assert set(hand.scene.nodes) == {"data", "group1", "loss"}


def test_a_net_that_is_opened_while_a_card_is_dragged_is_shown_as_it_is(hand, view):
    other = small_net()
    other.move({"fc1": (240, -300)})
    start = hand.title("fc1")
    hand.press(start)
    hand.move(start + QPoint(50, 50), start + QPoint(80, 80))

    view.set_graph(other)
    hand.release(start)

    assert_in_step(hand.scene)
    assert view.selected() == []


def test_arrow_keys_with_alt_nudge_and_with_shift_only_a_little(hand, view):
    view.select(["fc1"])
    hand.key(Qt.Key.Key_Right, ALT)
    hand.key(Qt.Key.Key_Down, ALT | SHIFT)
    assert hand.graph.nodes["fc1"].position == (250, 1)
    assert_in_step(hand.scene)


def test_a_wire_is_selected_by_a_click_and_deleted(hand):
    wire = hand.scene.wires["relu1.x"]
    hand.click(hand.pixel(wire.path().pointAtPercent(0.5)))
    assert hand.scene.selected_wires() == ["relu1.x"]
    hand.key(Qt.Key.Key_Delete)
    assert "relu1.x" not in hand.graph.wires
    hand.graph.undo()
    assert_in_step(hand.scene)


def test_backspace_deletes_nodes_with_their_wires_in_one_step(hand, view):
    view.select(["fc1", "relu1"])
    hand.key(Qt.Key.Key_Backspace)
    assert set(hand.graph.nodes) == {"data", "loss"}
    assert_in_step(hand.scene)
    assert hand.graph.undo() == "Delete 2 nodes"
    assert_in_step(hand.scene)
    assert hand.graph.redo() == "Delete 2 nodes"
    assert_in_step(hand.scene)


def test_ctrl_a_selects_everything(hand, view):
    hand.key(Qt.Key.Key_A, CTRL)
    assert set(view.selected()) == set(hand.graph.nodes)
    assert set(hand.scene.selected_wires()) == set(hand.graph.wires)


def test_a_double_click_activates_a_node_and_a_right_click_asks_for_a_menu(hand, view, qtbot):
    from PySide6.QtGui import QContextMenuEvent

    with qtbot.waitSignal(view.node_activated) as activated:
        qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=hand.title("fc1"))
    assert activated.args == ["fc1"]
    reason = QContextMenuEvent.Reason.Mouse
    at = hand.title("relu1")
    with qtbot.waitSignal(view.context_menu_requested) as asked:
        view.contextMenuEvent(QContextMenuEvent(reason, at, view.mapToGlobal(at)))
    assert asked.args[0] == "node"
    assert view.selected() == ["relu1"]


def test_deleting_a_selected_node_tells_the_selection(hand, view):
    view.select(["fc1"])
    told = []
    view.selection_changed.connect(told.append)
    view.delete_selection()
    assert told[-1] == []


def test_what_is_selected_is_told_in_the_order_of_the_net(hand, view):
    for ids in (["loss", "data", "fc1"], ["fc1", "loss", "data"]):
        view.select(ids)
        assert view.selected() == ["data", "fc1", "loss"]

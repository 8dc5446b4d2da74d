"""Wires are drawn, moved, replaced, refused and taken away with the mouse."""

from PySide6.QtCore import QPoint, Qt

from explorer.app import theme

from .conftest import assert_in_step


def test_dragging_from_an_output_to_an_input_connects_and_can_be_undone(hand):
    hand.drag(hand.port("relu1.out"), hand.port("loss.y_hat"))
    assert hand.graph.wires["loss.y_hat"].source == "relu1.out"
    assert_in_step(hand.scene)
    assert hand.graph.undo() == "Connect relu1.out to loss.y_hat"
    assert "loss.y_hat" not in hand.scene.wires


def test_dragging_from_an_input_to_an_output_connects_too(hand):
    hand.drag(hand.port("loss.y"), hand.port("data.y"))
    assert hand.graph.wires["loss.y"].source == "data.y"


def test_dropping_on_a_card_connects_its_nearest_free_port(hand):
    hand.drag(hand.port("relu1.out"), hand.title("loss"))
    assert hand.graph.wires["loss.y_hat"].source == "relu1.out"


def test_dropping_on_an_occupied_input_replaces_its_wire_in_one_step(hand, view):
    hand.drag(hand.port("data.x"), hand.port("relu1.x"))
    assert hand.graph.wires["relu1.x"].source == "data.x"
    assert "wire from fc1.out was replaced" in view.said[-1]
    hand.graph.undo()
    assert hand.graph.wires["relu1.x"].source == "fc1.out"
    assert hand.graph.history.undo_label is None
    assert_in_step(hand.scene)


def test_a_cycle_is_refused_with_a_sentence_at_the_pointer(hand, view):
    hand.graph.disconnect("fc1.x")
    start, end = hand.port("relu1.out"), hand.port("fc1.x")
    hand.press(start)
    hand.move(end + QPoint(30, 0), end)
    assert view._note.isVisible()
    assert "would close a cycle" in view._note.text()
    hand.release(end)
    assert not view._note.isVisible()
    assert "would close a cycle" in view.said[-1]
    assert "fc1.x" not in hand.graph.wires


def test_a_cycle_into_an_occupied_input_is_refused_and_nothing_is_lost(hand, view):
    hand.drag(hand.port("relu1.out"), hand.port("fc1.x"))
    assert hand.graph.wires["fc1.x"].source == "data.x"
    assert "would close a cycle" in view.said[-1]


def test_a_wire_onto_an_input_it_does_not_fit_is_red_and_says_why_before_it_is_dropped(hand, view):
    hand.graph.add("Conv2d", id="conv1", position=(480, 300))
    view.frame_all()
    hand.press(hand.port("data.x"))
    hand.move(hand.port("conv1.x") + QPoint(30, 0), hand.port("conv1.x"))
    wire = view._tool._wire
    assert wire.pen().color().name() == theme.current().error
    assert wire.path().currentPosition() == hand.scene.end_point("conv1.x"), "it may be wired"
    assert view._note.text().startswith("conv1 expects")
    hand.move(hand.port("relu1.x"))
    assert wire.pen().color().name() == theme.current().accent
    assert not view._note.isVisible()
    hand.move(hand.port("conv1.x"))
    hand.release(hand.port("conv1.x"))
    assert "which does not fit: conv1 expects" in view.said[-1]


def test_dropping_on_a_card_never_means_an_input_that_the_wire_does_not_fit(hand):
    hand.graph.add("CrossEntropyLoss", id="loss2", position=(720, 300))
    hand.graph.connect("relu1.out", "loss2.y_hat")
    hand.view.frame_all()
    hand.drag(hand.port("fc1.out"), hand.port("loss2.y") + QPoint(20, 0))
    assert "loss2.y" not in hand.graph.wires
    assert hand.graph.wires["loss2.y_hat"].source == "fc1.out"


def test_two_outputs_are_refused(hand, view):
    hand.drag(hand.port("data.y"), hand.port("relu1.out"))
    assert "are both outputs" in view.said[-1]
    assert len(hand.graph.wires) == 2


def test_two_inputs_are_refused(hand, view):
    hand.drag(hand.port("loss.y"), hand.port("fc1.x"))
    assert "are both inputs" in view.said[-1]


def test_dropping_on_empty_canvas_draws_nothing(hand):
    hand.drag(hand.port("relu1.out"), hand.empty())
    assert len(hand.graph.wires) == 2
    assert hand.graph.history.undo_label is None


def test_dragging_a_connected_input_off_disconnects_it(hand, view):
    hand.drag(hand.port("relu1.x"), hand.empty())
    assert "relu1.x" not in hand.graph.wires
    assert "no longer connected" in view.said[-1]
    hand.graph.undo()
    assert hand.graph.wires["relu1.x"].source == "fc1.out"
    assert_in_step(hand.scene)


def test_a_picked_up_wire_moves_to_another_input_in_one_step(hand):
    hand.drag(hand.port("relu1.x"), hand.port("loss.y_hat"))
    assert "relu1.x" not in hand.graph.wires
    assert hand.graph.wires["loss.y_hat"].source == "fc1.out"
    hand.graph.undo()
    assert set(hand.graph.wires) == {"fc1.x", "relu1.x"}


def test_putting_a_wire_back_or_just_clicking_its_end_changes_nothing(hand):
    hand.drag(hand.port("relu1.x"), hand.port("relu1.x") + QPoint(2, 2))
    hand.click(hand.port("relu1.x"))
    assert hand.graph.history.undo_label is None
    assert hand.scene.wires["relu1.x"].isVisible()


def test_escape_leaves_all_as_it_was(hand):
    start = hand.port("relu1.x")
    count = len(hand.scene.items())
    hand.press(start)
    hand.move(hand.empty())
    hand.key(Qt.Key.Key_Escape)
    hand.release(hand.empty())
    assert hand.graph.wires["relu1.x"].source == "fc1.out"
    assert hand.scene.wires["relu1.x"].isVisible()
    assert len(hand.scene.items()) == count
    assert all(item.opacity() == 1 for item in hand.scene.nodes.values())


def test_compatible_ports_light_up_and_the_rest_fades(hand, view):
    hand.press(hand.port("fc1.out"))
    hand.move(hand.empty())
    assert view._tool._lights.lit == {"relu1.x", "loss.y_hat", "loss.y"}
    assert hand.scene.nodes["data"].opacity() < 1
    hand.key(Qt.Key.Key_Escape)
    assert hand.scene.nodes["data"].opacity() == 1


def test_an_undo_during_the_gesture_ends_it(hand, view):
    hand.graph.move({"loss": (720, 40)})
    hand.press(hand.port("relu1.out"))
    hand.move(hand.empty())
    hand.graph.undo()
    assert view._tool is None
    hand.release(hand.port("loss.y_hat"))
    assert "loss.y_hat" not in hand.graph.wires
    assert_in_step(hand.scene)


def test_a_wire_is_the_thicker_the_more_axes_it_carries(hand):
    hand.graph.add("Input", id="image", position=(0, 300), shape=(3, 8, 8))
    hand.graph.add("Conv2d", id="conv1", position=(240, 300))
    hand.graph.connect("image.out", "conv1.x")
    wires = hand.scene.wires
    assert wires["conv1.x"].pen().widthF() > wires["fc1.x"].pen().widthF()


def test_a_wire_that_does_not_fit_says_so_beside_it(hand):
    hand.graph.add("Conv2d", id="conv1", position=(240, 300))
    hand.graph.connect("data.x", "conv1.x")
    hand.view.zoom_reset()

    wire = hand.scene.wires["conv1.x"]

    assert wire.fault.startswith("conv1 expects")
    assert wire.label.isVisible()
    assert wire.label._text.text().startswith("conv1 expects")
    assert wire.pen().dashPattern(), "its look is broken, too"
    hand.graph.undo()

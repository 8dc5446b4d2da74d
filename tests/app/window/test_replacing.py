"""Replace with …, insert on a wire and straighten, by key and by the menu of the right button."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from explorer.graph.edits import ReplaceWire


def choose(person, words: str) -> None:
    """Type into the list that is open and take the first hit."""
    popup = person.window.view.offers.popup
    assert popup is not None
    person.waits_until(popup.isVisible)
    popup.search.setText(words)
    popup.list.choose_current()
    QApplication.processEvents()
    person.comes_back()


def test_a_node_is_replaced_by_a_key(person):
    person.hand.click(person.hand.title("relu1"))
    person.presses("Ctrl+R")
    offered = person.window.view.offers.popup.palette_panel._offered
    assert "GELU" in offered and "CrossEntropyLoss" not in offered and "ReLU" not in offered

    choose(person, "GELU")

    assert person.graph.wires["gelu1.x"].source == "fc1.out"
    assert person.window.view.selected() == ["gelu1"]
    assert "gelu1 stands in the place of relu1" in person.told
    person.presses("Ctrl+Z")
    assert "relu1" in person.graph.nodes


def test_a_loss_is_replaced_by_losses_alone(person):
    person.hand.click(person.hand.title("loss"))
    person.presses("Ctrl+R")
    offered = person.window.view.offers.popup.palette_panel._offered
    assert all(kind.endswith("Loss") for kind in offered)
    person.presses("Esc")


def test_a_layer_is_inserted_on_a_wire_from_its_menu(person):
    scene = person.window.scene
    middle = person.hand.pixel(scene.wires["fc2.x"].path().pointAtPercent(0.5))
    offered = person.right_clicks(middle, "Insert on wire…")
    assert "Delete" in offered

    choose(person, "Dropout")

    assert person.graph.wires["fc2.x"].source == "dropout1.out"
    assert person.graph.wires["dropout1.x"].source == "relu1.out"


def test_a_wire_is_bent_from_its_menu_and_its_bend_deleted_from_the_bends(person):
    scene = person.window.scene
    middle = person.hand.pixel(scene.wires["fc2.x"].path().pointAtPercent(0.5))
    offered = person.right_clicks(middle, "Bend wire")
    assert "Straighten wire" not in offered
    (bend,) = scene.wires["fc2.x"].bends
    assert "Straighten wire" in person.right_clicks(middle + QPoint(14, 0))
    assert person.right_clicks(person.hand.pixel(bend), "Delete") == ["Delete"]
    assert person.graph.wires["fc2.x"].bends == ()


def test_bends_are_taken_out_again(person):
    wire = person.graph.wires["fc2.x"]
    bent = type(wire)(wire.source, wire.target, ((900.0, 200.0),))
    person.graph.do(ReplaceWire(bent, "Bend"))
    person.window.scene.select((), ["fc2.x"])
    person.presses("Shift+B")
    assert person.graph.wires["fc2.x"].bends == ()
    assert person.graph.history.undo_label == "Straighten the wire to fc2.x"


def test_several_cards_are_offered_what_can_be_done_with_several(person):
    person.window.view.select(["fc1", "relu1"])
    offered = person.right_clicks(person.hand.title("fc1"))
    assert {"Group", "Frame", "Align", "Mute"} <= set(offered)
    assert "Rename" not in offered

"""M mutes nodes: their cards say so, and what reads them reads on."""

from PySide6.QtCore import QPointF, Qt

from explorer.app import theme

from .conftest import assert_in_step


def test_m_mutes_the_selected_nodes_and_lets_them_compute_again(hand, view):
    view.select(["fc1", "relu1"])
    hand.key(Qt.Key.Key_M)
    assert all(hand.scene.nodes[id].card.is_muted for id in ("fc1", "relu1"))
    assert hand.scene.nodes["relu1"].card.outputs[0].shape == "(N, 2)", "the data's own"
    assert hand.graph.history.undo_label == "Mute 2 nodes"
    hand.key(Qt.Key.Key_M)
    assert not hand.scene.nodes["fc1"].card.is_muted
    assert hand.graph.undo() == "Unmute 2 nodes"
    assert hand.graph.undo() == "Mute 2 nodes"
    assert_in_step(hand.scene)


def test_m_on_a_group_mutes_what_is_in_it(hand, view):
    view.select(["fc1", "relu1"])
    view.groups.group()
    hand.key(Qt.Key.Key_M)
    assert all(hand.graph.nodes[id].is_muted for id in ("fc1", "relu1")), view.said


def test_a_muted_card_says_so_in_words_and_by_a_line_and_keeps_its_size(hand, view):
    item = hand.scene.nodes["fc1"]
    box, before = item.box, view.grab().toImage()
    view.select(["fc1"])
    hand.key(Qt.Key.Key_M)
    view.select([])
    assert "Muted" in hand.scene.tip_at(box.center())
    assert item.card.parameters == "weights not used"
    assert item.box == box
    # The line runs where the row of ports is, on both sides of the word.
    after, y = view.grab().toImage(), item.port_point(item.card.inputs[0]).y()
    for x in (box.left() + 20, box.right() - 20):
        at = hand.pixel(QPointF(x, y))
        assert after.pixelColor(at).name() == theme.current().accent
        assert before.pixelColor(at).name() != theme.current().accent


def test_what_cannot_be_muted_is_told_and_left_alone(hand, view):
    view.select(["data"])
    hand.key(Qt.Key.Key_M)
    assert view.said[-1].startswith("data cannot be muted: it has no input")
    assert hand.graph.history.undo_label is None
    view.select([])
    hand.key(Qt.Key.Key_M)
    assert view.said[-1] == "Select nodes to mute first"

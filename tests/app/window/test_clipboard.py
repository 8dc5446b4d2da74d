"""Cut, copy, paste and duplicate, by keys, also into a text editor and another window."""

import json
from itertools import combinations

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QCursor, QGuiApplication

from explorer.app.canvas.geometry import distance
from explorer.graph import Graph
from explorer.graph.file import to_text
from explorer.graph.names import FARTHEST


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def chooses(person, *ids: str) -> None:
    person.window.view.select(list(ids))
    person.window.view.setFocus()


def test_what_is_copied_is_the_text_of_a_file(person, window):
    chooses(person, "fc1", "relu1")
    person.presses("Ctrl+C")

    content = json.loads(clipboard())
    assert [node["id"] for node in content["nodes"]] == ["fc1", "relu1"]
    assert content["wires"] == [["fc1.out", "relu1.x"]]
    assert person.toast() == "Copied 2 nodes"


def test_pasted_nodes_are_new_selected_and_undone_at_once(person, window):
    chooses(person, "fc1", "relu1")
    person.presses("Ctrl+C", "Ctrl+V")

    assert set(window.view.selected()) == {"fc3", "relu2"}
    assert person.graph.wires["relu2.x"].source == "fc3.out"
    assert "fc3.x" not in person.graph.wires
    person.presses("Ctrl+Z")
    assert not {"fc3", "relu2"} & set(person.graph.nodes)


def scene_point(person, at: QPoint) -> QPointF:
    return person.window.view.to_scene(QPointF(at))


def away(person, at: QPointF, *ids: str) -> float:
    """How far the middle of these is from a scene point."""
    return distance(person.window.scene.bounds(ids).center(), at)


def test_a_paste_by_key_stands_at_the_pointer_and_the_next_ones_beside_it(person, window):
    chooses(person, "fc1", "relu1")
    person.presses("Ctrl+C")
    at = window.view.viewport().rect().center() + QPoint(60, 80)
    there = scene_point(person, at)
    person.hand.move(at - QPoint(9, 9), at)
    person.presses("Ctrl+V")
    assert away(person, there, "fc3", "relu2") <= 2
    person.presses("Ctrl+V", "Ctrl+V")
    places = [node.position for node in person.graph.nodes.values()]
    assert len(set(places)) == len(places)


def test_with_the_pointer_elsewhere_a_paste_stands_in_the_middle(person, window):
    chooses(person, "fc1")
    person.presses("Ctrl+C")
    outside = window.mapToGlobal(QPoint(5, 5))
    QCursor.setPos(outside)
    person.waits_until(lambda: QCursor.pos() == outside)
    there = scene_point(person, window.view.viewport().rect().center())
    person.presses("Ctrl+V")
    assert away(person, there, "fc3") <= 2


def test_a_paste_from_the_menu_stands_where_the_menu_was_opened(person, window):
    chooses(person, "fc1")
    person.presses("Ctrl+C")
    at = person.hand.empty()
    there = scene_point(person, at)
    person.right_clicks(at, "Paste")
    assert away(person, there, "fc3") <= 2


def test_a_note_from_the_menu_stands_where_the_menu_was_opened(person, window):
    at = person.hand.empty()
    there = scene_point(person, at)
    person.right_clicks(at, "Add a note")
    assert away(person, there, "note1") <= 2


def test_notes_and_frames_are_pasted_with_what_stands_in_them(person, window):
    chooses(person, "fc1", "relu1")
    window.view.commands.answers["frame"]()
    window.view.cancel_fields()
    chooses(person, "frame1", "fc1", "relu1")
    person.presses("Ctrl+C")
    at = window.view.viewport().rect().center()
    there = scene_point(person, at)
    person.hand.move(at - QPoint(9, 9), at)
    person.presses("Ctrl+V")
    assert away(person, there, "frame2") <= 2
    assert set(window.scene.annotations.within("frame2")) >= {"fc3", "relu2"}


def test_what_is_pasted_can_be_seen_wherever_one_looks(person, window):
    view = window.view
    chooses(person, "fc1")
    person.presses("Ctrl+C")
    view.look_at(QPointF(4000, 3000), 1.0)
    assert not view.viewport().rect().contains(person.hand.title("fc1"))

    person.presses("Ctrl+V")

    assert view.viewport().rect().contains(person.hand.title("fc3"))


def test_nodes_at_the_end_of_the_world_are_not_pasted_beyond_it(person, window):
    far = Graph()
    far.add("ReLU", id="near", position=(1 - FARTHEST, 0))
    far.add("ReLU", id="far", position=(FARTHEST - 1, 0))
    window.view.look_at(QPointF(4000, 0), 1.0)
    QGuiApplication.clipboard().setText(to_text(far))
    before = dict(person.graph.nodes)

    person.presses("Ctrl+V")

    assert "cannot stand" in person.toast()
    assert dict(person.graph.nodes) == before


def test_cut_nodes_are_gone_and_can_be_pasted(person, window):
    chooses(person, "fc1")
    person.presses("Ctrl+X")
    assert "fc1" not in person.graph.nodes
    person.presses("Ctrl+V")
    assert "fc1" in person.graph.nodes


def test_duplicates_stand_free_of_all_cards_and_are_told_as_undo_tells_them(person, window):
    for _ in range(2):
        chooses(person, "fc1", "relu1")
        person.presses("Ctrl+D")

    boxes = [item.box for item in window.scene.nodes.values()]
    assert len(boxes) == 10
    assert not any(one.intersects(other) for one, other in combinations(boxes, 2))
    assert person.toast() == "Duplicated 2 nodes"


def test_a_duplicate_is_fed_by_the_same_wires(person, window):
    chooses(person, "fc1", "relu1")
    person.presses("Ctrl+D")

    assert set(window.view.selected()) == {"fc3", "relu2"}
    assert person.graph.wires["fc3.x"].source == person.graph.wires["fc1.x"].source
    assert person.graph.wires["relu2.x"].source == "fc3.out"
    assert person.graph.history.undo_label == "Duplicate 2 nodes"


def test_what_is_no_graph_is_not_pasted(person, window):
    before = dict(person.graph.nodes)
    for text in ("", "hello", '{"nodes": 3}', "[1, 2"):
        QGuiApplication.clipboard().setText(text)
        person.presses("Ctrl+V")
        assert person.toast() == "⚠  The clipboard holds no nodes: copy some first"
    assert dict(person.graph.nodes) == before


def test_with_nothing_selected_it_says_so_and_keeps_the_clipboard(person, window):
    QGuiApplication.clipboard().setText("kept")
    chooses(person)
    person.presses("Ctrl+C")
    assert person.toast() == "⚠  Select nodes to copy first"
    person.presses("Ctrl+D")
    assert person.toast() == "⚠  Select nodes to duplicate first"
    assert clipboard() == "kept"


def test_keys_select_what_lies_before_and_behind(person, window):
    chooses(person, "fc1")
    person.presses("Ctrl+Shift+Left")
    assert set(window.view.selected()) == {"data", "flatten", "fc1"}
    chooses(person, "fc1")
    person.presses("Ctrl+Shift+Right")
    assert set(window.view.selected()) == {"fc1", "relu1", "fc2", "loss"}

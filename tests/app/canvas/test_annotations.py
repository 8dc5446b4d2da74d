"""Notes and frames: added, written, resized, moved along with what they hold, undone."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from explorer.app import theme
from explorer.app.picture import render
from explorer.graph.annotations import Note
from explorer.graph.edits import Annotate
from explorer.graph.file import to_text

CTRL = Qt.KeyboardModifier.ControlModifier


def focused():
    return QApplication.focusWidget()


@pytest.fixture
def note(view, hand):
    """A note that says Why, written as a person writes it."""
    view.commands.answers["add_note"]()
    QTest.keyClicks(focused(), "# Why")
    QTest.keyClick(focused(), Qt.Key.Key_Return, CTRL)
    return hand.graph.notes["note1"]


def item(view, id):
    return view.graph_scene.annotations.get(id)


def inside(view, id) -> QPoint:
    return view.mapFromScene(item(view, id).box.center())


def corner(view, id) -> QPoint:
    return view.mapFromScene(item(view, id).box.bottomRight() - QPointF(4, 4))


def test_a_note_is_added_and_written_where_it_stands(view, note):
    assert note.text == "# Why"
    assert view.hasFocus()
    assert view.selected() == ["note1"]


def test_esc_ends_a_note_and_loses_nothing_that_was_written(view, hand, note):
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=inside(view, "note1"))
    QTest.keyClicks(focused(), "something else")
    QTest.keyClick(focused(), Qt.Key.Key_Escape)

    assert hand.graph.notes["note1"].text == "something else"
    assert view.hasFocus()
    assert hand.graph.undo() == "Write note1"
    assert hand.graph.notes["note1"] == note


def test_a_note_that_is_left_without_a_word_is_gone(view, hand):
    view.commands.answers["add_note"]()
    assert hand.graph.notes
    QTest.keyClick(focused(), Qt.Key.Key_Escape)

    assert not hand.graph.notes


def test_a_note_stands_free_where_the_pointer_is_elsewhere(view, hand, monkeypatch):
    card = hand.scene.nodes["fc1"]
    view.centerOn(card.box.center())
    monkeypatch.setattr(QCursor, "pos", lambda: QPoint(-500, -500))
    view.commands.answers["add_note"]()

    (note,) = hand.graph.notes
    assert not item(view, note).box.intersects(card.box)


def test_going_elsewhere_keeps_what_was_written(view, hand, note):
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=inside(view, "note1"))
    QTest.keyClicks(focused(), "Because")
    view.setFocus()

    assert hand.graph.notes["note1"].text == "Because"
    assert hand.graph.undo() == "Write note1"


def test_a_note_is_dragged_and_resized_each_as_one_action(view, hand, note):
    at = inside(view, "note1")
    hand.drag(at, at + QPoint(60, 40))
    moved = hand.graph.notes["note1"]
    assert moved.position != note.position
    grip = corner(view, "note1")
    hand.drag(grip, grip + QPoint(50, 30))
    assert hand.graph.notes["note1"].size[0] > moved.size[0]

    assert hand.graph.undo() == "Resize note1"
    assert hand.graph.undo() == "Move note1"
    assert hand.graph.notes["note1"] == note
    assert item(view, "note1").box.topLeft() == QPointF(*note.position)


def test_esc_while_resizing_leaves_the_size(view, hand, note):
    grip = corner(view, "note1")
    hand.press(grip)
    hand.move(grip + QPoint(80, 80))
    hand.key(Qt.Key.Key_Escape)
    hand.release(grip + QPoint(80, 80))

    assert item(view, "note1").box.width() == note.size[0]
    assert hand.graph.notes["note1"] == note


def test_a_note_is_shown_no_smaller_than_it_can_be_made(view, hand, note):
    grip = corner(view, "note1")
    hand.press(grip)
    hand.move(grip - QPoint(500, 500))
    shown = item(view, "note1").box.size().toTuple()
    hand.release(grip - QPoint(500, 500))

    assert hand.graph.notes["note1"].size == shown


def test_undo_while_resizing_shows_the_size_that_the_note_has_then(view, hand, note):
    grip = corner(view, "note1")
    hand.drag(grip, grip + QPoint(50, 30))
    hand.press(corner(view, "note1"))
    hand.move(corner(view, "note1") + QPoint(80, 80))

    hand.graph.undo()

    assert item(view, "note1").box.width() == note.size[0]


def test_a_frame_surrounds_the_selected_nodes_and_takes_a_name(view, hand):
    first, second = list(hand.graph.nodes)[:2]
    view.select([first, second])
    view.commands.answers["frame"]()
    QTest.keyClicks(focused(), "Encoder")
    QTest.keyClick(focused(), Qt.Key.Key_Return)

    assert hand.graph.frames["frame1"].title == "Encoder"
    box = item(view, "frame1").box
    for id in (first, second):
        assert box.contains(view.graph_scene.nodes[id].box)


def test_a_frame_takes_what_stands_in_it_along(view, hand):
    first, second, *_, last = list(hand.graph.nodes)
    view.select([first, second])
    view.commands.answers["frame"]()
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    before = {id: hand.graph.nodes[id].position for id in (first, second, last)}
    bar = view.mapFromScene(item(view, "frame1").box.topLeft() + QPointF(60, 12))

    hand.drag(bar, bar + QPoint(40, 40))

    for id in (first, second):
        assert hand.graph.nodes[id].position != before[id]
    assert hand.graph.nodes[last].position == before[last]
    hand.graph.undo()
    assert {id: hand.graph.nodes[id].position for id in before} == before


def test_a_band_begins_inside_a_frame(view, hand):
    first, second = list(hand.graph.nodes)[:2]
    view.select([first, second])
    view.commands.answers["frame"]()
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    box = view.graph_scene.nodes[first].box

    hand.drag(view.mapFromScene(box.topLeft() - QPointF(12, 8)), view.mapFromScene(box.center()))

    assert view.selected() == [first]


@pytest.mark.parametrize("size, is_cut", [((200.0, 60.0), True), ((400.0, 300.0), False)])
def test_a_drawing_shows_the_lines_of_a_note_that_are_whole_and_that_more_follows(
    hand, tmp_path, size, is_cut
):
    words = "".join(f"word{number} " for number in range(40))
    hand.graph.do(Annotate(Note("long", words, (0.0, 300.0), size), "Add long"))
    render(hand.graph, tmp_path / "net.svg")
    drawn = (tmp_path / "net.svg").read_text(encoding="utf-8")
    assert "word0" in drawn
    assert ("word39" not in drawn) is is_cut
    assert (">…<" in drawn) is is_cut


def test_notes_are_deleted_copied_and_come_back(view, hand, note):
    before = to_text(hand.graph)
    hand.key(Qt.Key.Key_Delete)
    view.delete_selection()
    assert not hand.graph.notes
    assert item(view, "note1") is None
    hand.graph.undo()
    assert to_text(hand.graph) == before
    assert item(view, "note1") is not None


def test_nothing_selected_cannot_be_framed_and_is_told(view):
    told = []
    view.refused.connect(told.append)
    view.select([])
    view.commands.answers["frame"]()
    assert told == ["Select nodes to frame first"]


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=lambda each: each.name)
def test_words_on_notes_can_be_read(colours):
    assert theme.contrast(colours.text, colours.note) >= 7
    assert theme.contrast(colours.text_soft, colours.frame) >= 4.5


@pytest.fixture
def framed(view, hand):
    """A frame around fc1 and relu1, selected; data and the loss stand outside of it."""
    view.select(["fc1", "relu1"])
    view.commands.answers["frame"]()
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    hand.graph.history.clear()
    view.select(["frame1"])
    return {each.id: each.position for each in hand.graph.items()}


def ways(hand, before) -> dict[str, tuple[float, float]]:
    """How far each thing moved that did."""
    now = {each.id: each.position for each in hand.graph.items()}
    found = {id: (x - before[id][0], y - before[id][1]) for id, (x, y) in now.items()}
    return {id: way for id, way in found.items() if way != (0, 0)}


def test_nudging_a_frame_takes_what_stands_in_it_along(view, hand, framed):
    hand.key(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert ways(hand, framed) == dict.fromkeys(("frame1", "fc1", "relu1"), (0, 10))
    hand.graph.undo()
    assert ways(hand, framed) == {}
    view.select(["frame1", "fc1"])
    hand.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert ways(hand, framed) == dict.fromkeys(("frame1", "fc1", "relu1"), (10, 0)), "once each"


def test_aligning_a_frame_takes_what_stands_in_it_along(view, hand, framed):
    hand.graph.move({"data": (0, -300)})
    before = {each.id: each.position for each in hand.graph.items()}
    view.select(["frame1", "data"])
    hand.key(Qt.Key.Key_W, Qt.KeyboardModifier.ShiftModifier)
    moved = ways(hand, before)
    assert moved.keys() == {"frame1", "fc1", "relu1"}
    assert len(set(moved.values())) == 1
    assert item(view, "frame1").box.top() == -300
    assert hand.graph.undo() == "Align 2 nodes top"
    assert ways(hand, before) == {}

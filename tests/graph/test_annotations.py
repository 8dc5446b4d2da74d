"""Notes, frames and bookmarks: in the file, on undo, and whatever a file may hold instead."""

from typing import Any

import pytest

from explorer.graph import Graph, GraphError
from explorer.graph.annotations import Bookmark, Frame, Group, Note
from explorer.graph.edits import Annotate, RemoveAnnotation, ReplaceWire
from explorer.graph.file import from_text, to_content, to_text
from explorer.graph.graph import Wire

ALL = (
    Note("note1", "# Why\nBecause.", (10, 20)),
    Note("note2", "small", (10, 20), (80, 40)),
    Frame("frame1", "Encoder", (0, 0), (500, 300)),
    Bookmark("bookmark1", "Start", (5, 5), 0.5),
)


@pytest.fixture
def graph() -> Graph:
    graph = Graph()
    graph.add("Input", id="x", shape=(4,))
    graph.add("ReLU", id="relu1")
    graph.connect("x.out", "relu1.x")
    return graph


def test_they_survive_a_save(graph: Graph) -> None:
    for annotation in ALL:
        graph.do(Annotate(annotation, "Add"))

    opened = from_text(to_text(graph))

    assert to_text(opened) == to_text(graph)
    assert list(opened.notes.values()) == list(ALL[:2])
    assert opened.frames["frame1"] == ALL[2]
    assert opened.bookmarks["bookmark1"] == ALL[3]


@pytest.mark.parametrize("annotation", ALL, ids=lambda each: each.id)
def test_adding_changing_and_deleting_can_be_undone(graph: Graph, annotation: Any) -> None:
    texts = [to_text(graph)]
    for edit in (
        Annotate(annotation, "Add"),
        Annotate(type(annotation)(annotation.id, position=(7, 7)), "Change"),
        RemoveAnnotation(type(annotation), annotation.id, "Delete"),
    ):
        graph.do(edit)
        texts.append(to_text(graph))

    for before in texts[-2::-1]:
        graph.undo()
        assert to_text(graph) == before
    for after in texts[1:]:
        graph.redo()
        assert to_text(graph) == after


def test_notes_and_frames_move_and_go_with_the_nodes_that_are_chosen(graph: Graph) -> None:
    for annotation in ALL:
        graph.do(Annotate(annotation, "Add"))

    graph.move({"relu1": (50, 50), "note1": (60, 60), "frame1": (70, 70)})
    assert graph.notes["note1"].position == (60, 60)
    assert graph.history.undo_label == "Move 3 nodes"
    graph.remove("relu1", "note1", "frame1")
    assert "note1" not in graph.notes
    assert "frame1" not in graph.frames
    graph.undo()
    assert graph.frames["frame1"].position == (70, 70)


def test_one_id_stands_for_one_thing(graph: Graph) -> None:
    with pytest.raises(GraphError, match="there is relu1 already"):
        graph.do(Annotate(Note("relu1"), "Add"))
    graph.do(Annotate(Frame("relu2"), "Add"))
    with pytest.raises(GraphError, match="there is a frame relu2 already"):
        graph.add("ReLU", id="relu2")
    assert graph.add("ReLU").id == "relu3"
    assert graph.shelf.new_id(Group) == "group1"


def test_a_wires_bends_survive_a_save_and_go_with_the_wire(graph: Graph) -> None:
    bent = Wire("x.out", "relu1.x", ((50.0, 10.0), (60.5, 20.25)))
    graph.do(ReplaceWire(bent, "Bend the wire to relu1.x"))
    text = to_text(graph)

    opened = from_text(text)

    assert opened.wires["relu1.x"] == bent
    assert next(iter(opened.wires_out_of("x"))) == bent
    assert to_text(opened) == text
    graph.remove("x")
    graph.undo()
    assert to_text(graph) == text
    graph.disconnect("relu1.x")
    assert "bends" not in to_content(graph)


@pytest.mark.parametrize(
    "entry",
    [
        {"id": "note1"},
        {"id": "note1", "position": [1]},
        {"id": "note1", "position": [1, 2], "text": 3},
        {"id": "note1", "position": [1, 2], "size": [0, 5]},
        {"id": "note1", "position": [1, 2], "group": "nowhere"},
        {"id": "relu1", "position": [1, 2]},
        {"id": "note1", "position": [1, 2], "kind": "film"},
        "a word",
    ],
)
def test_an_entry_that_is_no_note_is_kept_as_it_is(graph: Graph, entry: Any) -> None:
    content = to_content(graph) | {"notes": [entry]}

    from explorer.graph.file import from_content

    assert to_content(from_content(content)) == content

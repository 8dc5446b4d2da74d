"""Layers come onto the canvas from the palette."""

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent

from explorer.app.canvas import GraphScene, GraphView, Palette
from explorer.graph import Graph

from .conftest import assert_in_step


def test_dropping_a_layer_adds_it_under_the_pointer(hand):
    at = hand.empty()
    hand.drop("Tanh", at)
    box = hand.scene.nodes["tanh1"].box
    assert box.contains(hand.view.to_scene(QPointF(at)))
    assert_in_step(hand.scene)
    assert hand.graph.undo() == "Add tanh1"
    assert_in_step(hand.scene)


def test_other_drops_are_ignored(hand, view):
    data = QMimeData()
    data.setText("Linear")
    at, none = QPointF(50, 50), Qt.KeyboardModifier.NoModifier
    event = QDropEvent(at, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)
    view.dropEvent(event)
    assert not event.isAccepted()


def test_an_unknown_layer_is_told_and_adds_nothing(view):
    assert view.add_layer("Linaer") is None
    assert "did you mean Linear?" in view.said[-1]


def test_new_layers_never_cover_one_another(view):
    ids = [view.add_layer("Data") for _ in range(6)]
    boxes = [view.graph_scene.nodes[id].box for id in ids]
    boxes += [view.graph_scene.nodes[id].box for id in ("data", "fc1", "relu1", "loss")]
    assert not any(a.intersects(b) for n, a in enumerate(boxes) for b in boxes[:n])


def test_a_new_layer_is_wired_to_the_selected_one_in_the_same_step(view):
    graph = view.graph_scene.graph
    view.select(["relu1"])
    id = view.add_layer("Linear")
    assert graph.wires[f"{id}.x"].source == "relu1.out"
    assert view.selected() == [id]
    graph.undo()
    assert id not in graph.nodes
    assert_in_step(view.graph_scene)


def test_a_chain_is_built_by_adding_one_layer_after_another(view):
    graph = view.graph_scene.graph
    view.select(["relu1"])
    ids = [view.add_layer(kind) for kind in ("Linear", "Sigmoid")]
    assert graph.wires[f"{ids[1]}.x"].source == f"{ids[0]}.out"


def test_no_wire_where_it_would_not_fit_or_the_output_is_read(view):
    graph = view.graph_scene.graph
    for selected in (["fc1"], ["data"], ["fc1", "relu1"]):
        view.select(selected)
        id = view.add_layer("Tanh")
        assert f"{id}.x" not in graph.wires


def test_a_new_layer_is_wired_to_the_selected_group_and_stands_beside_it(view):
    scene = view.graph_scene
    view.select(["fc1", "relu1"])
    view.groups.group()

    id = view.add_layer("GELU")

    assert scene.graph.wires[f"{id}.x"].source == "relu1.out"
    assert scene.nodes[id].box.left() > scene.nodes["group1"].box.right()


def test_with_a_note_selected_a_new_layer_stands_by_itself(view):
    view.commands.answers["add_note"]()
    view.cancel_fields()

    id = view.add_layer("GELU")

    assert view.selected() == [id]
    assert f"{id}.x" not in view.graph_scene.graph.wires


def test_an_empty_canvas_says_what_to_do(qtbot):
    view = GraphView(GraphScene(Graph()))
    qtbot.addWidget(view)
    view.resize(600, 400)
    view.show()
    assert view._hint.isVisible()
    view.add_layer("Data")
    assert not view._hint.isVisible()
    view.graph_scene.graph.undo()
    assert view._hint.isVisible()


def test_the_palette_finds_layers_by_name_family_and_other_words(qtbot):
    palette = Palette()
    qtbot.addWidget(palette)
    palette.show()
    for query, first in (
        ("dense", "Linear"),
        ("relu", "ReLU"),
        ("skip", "Add"),
        ("residual", "ResidualBlock"),
    ):
        palette.search.setText(query)
        assert palette.list.entries()[0].text(0) == first
    palette.search.setText("activation")
    assert {e.text(0) for e in palette.list.entries()} >= {"ReLU", "Sigmoid", "Tanh"}
    palette.search.setText("zzz")
    assert palette.nothing.isVisible()
    assert "No layer matches" in palette.nothing.text()


def test_enter_adds_the_first_hit_arrows_move_and_escape_clears(qtbot):
    palette = Palette()
    qtbot.addWidget(palette)
    palette.show()
    chosen = []
    palette.layer_chosen.connect(chosen.append)
    qtbot.keyClicks(palette.search, "loss")
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    qtbot.keyClick(palette.search, Qt.Key.Key_Down)
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    rows = [entry.text(0) for entry in palette.list.entries()]
    assert chosen == rows[:2]
    qtbot.keyClick(palette.search, Qt.Key.Key_Escape)
    assert palette.search.text() == ""


def test_a_palette_row_carries_its_layer_and_explains_it(qtbot):
    palette = Palette()
    qtbot.addWidget(palette)
    row = next(entry for entry in palette.list.entries() if entry.text(0) == "Linear")
    data = palette.list.mimeData([row])
    assert bytes(data.data("application/x-backprop-layer").data()) == b"Linear"
    assert "x · w + b" in row.toolTip(0)


def test_a_double_click_in_the_palette_chooses(qtbot):
    palette = Palette()
    qtbot.addWidget(palette)
    palette.show()
    row = palette.list.entries()[0]
    with qtbot.waitSignal(palette.layer_chosen) as chosen:
        at = palette.list.visualItemRect(row).center()
        left = Qt.MouseButton.LeftButton
        qtbot.mouseClick(palette.list.viewport(), left, pos=at)
        qtbot.mouseDClick(palette.list.viewport(), left, pos=QPoint(at))
    assert chosen.args == [row.text(0)]


def test_a_block_is_added_as_its_nodes_and_taken_back_at_once(view):
    before = set(view.graph_scene.graph.nodes)

    view.add_layer("ResidualBlock")

    added = set(view.graph_scene.graph.nodes) - before
    assert set(view.selected()) == added
    assert len(added) == 8
    assert view.said[-1] == "Added ResidualBlock: 8 nodes"
    assert_in_step(view.graph_scene)
    view.graph_scene.graph.undo()
    assert set(view.graph_scene.graph.nodes) == before

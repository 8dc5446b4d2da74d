"""From afar the net is blocks and lines painted together; all works as it does from near."""

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QColor

from explorer.app import theme
from explorer.app.canvas import GraphScene, GraphView
from explorer.app.canvas.far import FAR_BELOW
from explorer.app.canvas.geometry import HEADER
from explorer.graph import Graph

from ..hand import Hand
from .conftest import assert_in_step


@pytest.fixture
def far(view):
    """The small net, seen from so far that nothing on the cards can be read."""
    view._set_scale(0.2)
    view.centerOn(view.graph_scene.bounds().center())
    return view


def colour_at(view: GraphView, at: QPointF) -> str:
    return view.viewport().grab().toImage().pixelColor(view.mapFromScene(at)).name()


def header(view: GraphView, id: str) -> QPointF:
    return view.graph_scene.nodes[id].box.topLeft() + QPointF(80, HEADER / 2)


def body(view: GraphView, id: str) -> QPointF:
    box = view.graph_scene.nodes[id].box
    return QPointF(box.center().x(), box.bottom() - 12)


def test_a_card_is_a_block_in_the_colour_of_its_family(far):
    colours = theme.current()
    assert colour_at(far, header(far, "fc1")) == QColor(colours.family("Linear")).name()
    assert colour_at(far, header(far, "relu1")) == QColor(colours.family("Activation")).name()
    assert colour_at(far, body(far, "fc1")) == QColor(colours.card_border).name()


def test_a_step_tints_what_it_passed(far):
    scene = far.graph_scene
    scene.nodes["fc1"].show_progress("backward")
    assert colour_at(far, body(far, "fc1")) == QColor(theme.current().backward).name()
    scene.nodes["fc1"].show_progress("none")
    assert colour_at(far, body(far, "fc1")) == QColor(theme.current().card_border).name()


def test_what_is_under_the_pointer_is_found_and_selected(far):
    hand = Hand(far)
    hand.click(hand.pixel(body(far, "relu1")))
    assert far.selected() == ["relu1"]
    edge = far.graph_scene.nodes["relu1"].box
    assert colour_at(far, QPointF(edge.center().x(), edge.top())) == theme.current().accent.lower()


def test_a_wire_is_found_and_selected(far):
    hand = Hand(far)
    hand.click(hand.pixel(QPointF(202, far.graph_scene.end_point("fc1.x").y())))
    assert far.graph_scene.selected_wires() == ["fc1.x"]


def test_a_block_can_be_dragged_and_its_wires_follow(far, qtbot):
    hand = Hand(far)
    start = hand.pixel(body(far, "fc1"))
    hand.press(start)
    hand.move(start + QPoint(0, 20), start + QPoint(0, 40))
    assert colour_at(far, header(far, "fc1")) == QColor(theme.current().family("Linear")).name()
    hand.release(start + QPoint(0, 40))
    assert far.graph_scene.graph.nodes["fc1"].position == (240, 200)
    assert_in_step(far.graph_scene)
    empty = theme.current().canvas.lower()
    assert colour_at(far, QPointF(330, 24)) == empty


def test_what_is_added_and_deleted_comes_and_goes(far):
    graph = far.graph_scene.graph
    graph.add("Conv2d", id="conv", position=(240, 300))
    convolution = QColor(theme.current().family("Convolution")).name()
    assert colour_at(far, header(far, "conv")) == convolution
    at = header(far, "conv")
    graph.remove("conv")
    assert colour_at(far, at) != convolution
    assert far.graph_scene.node_at(at) is None


def test_coming_near_shows_the_cards_again(far):
    far._set_scale(FAR_BELOW)
    far.centerOn(far.graph_scene.nodes["fc1"].box.center())
    assert colour_at(far, body(far, "fc1") + QPointF(0, -30)) == theme.current().card.lower()
    far._set_scale(FAR_BELOW - 0.01)
    assert colour_at(far, body(far, "fc1")) == theme.current().card_border.lower()


def test_in_the_dark_blocks_have_the_dark_theme_s_colours(far, qapp):
    theme.apply(qapp, theme.DARK)
    try:
        dark = QColor(theme.DARK.family("Linear")).name()
        assert colour_at(far, header(far, "fc1")) == dark
    finally:
        theme.apply(qapp, theme.LIGHT)


def long_chain(nodes: int) -> Graph:
    graph = Graph()
    before = graph.add("Input", shape=(4,)).id
    for number in range(1, nodes):
        node = graph.add("ReLU", position=(number % 40 * 240.0, number // 40 * 130.0))
        graph.connect(f"{before}.out", f"{node.id}.x")
        before = node.id
    return graph


def test_the_shapes_in_view_are_there_at_once_and_the_others_soon(qtbot):
    view = GraphView(GraphScene(long_chain(700)))
    qtbot.addWidget(view)
    view.resize(800, 500)
    view._set_scale(0.4)
    view.centerOn(2000, 1500)

    view._set_scale(0.8)

    wires = view.graph_scene.wires.values()
    seen = view.mapToScene(view.viewport().rect()).boundingRect()
    in_view = [item for item in wires if item.path().boundingRect().intersects(seen)]
    assert in_view
    assert all(item.label is not None for item in in_view)
    assert any(item.label is None for item in wires)
    qtbot.waitUntil(lambda: all(item.label is not None for item in wires))


def test_every_card_and_wire_is_found_where_it_is(qtbot):
    scene = GraphScene(long_chain(200))
    for id, item in scene.nodes.items():
        assert scene.node_at(item.box.center()).id == id
    for wire in scene.wires.values():
        middle = wire.path().pointAtPercent(0.5)
        if scene.node_at(middle) is None:
            assert scene.wire_at(middle).is_near(middle)
    everything = QRectF()
    for item in scene.nodes.values():
        everything = everything.united(item.box)
    assert scene.bounds() == everything


def test_what_changes_between_two_frames_is_painted_in_the_next_and_again_after_it(far):
    hand = Hand(far)
    colour_at(far, header(far, "fc1"))
    for number in (1, 2):
        id = hand.graph.add("Linear", position=(240, 200 * number), out_features=4).id
        assert colour_at(far, header(far, id)) == QColor(theme.current().family("Linear")).name()
    hand.graph.move({"fc1": (240, -300)})
    assert colour_at(far, header(far, "fc1")) == QColor(theme.current().family("Linear")).name()


def test_the_ground_behind_the_cards_takes_on_another_theme_and_scale(view, qapp):
    nowhere = view.graph_scene.bounds().bottomLeft() + QPointF(41, 63)
    for colours in (theme.DARK, theme.LIGHT):
        theme.apply(qapp, colours)
        assert colour_at(view, nowhere) == QColor(colours.canvas).name()
    for scale in (0.8, 1.6):
        view._set_scale(scale)
        line = QPointF(300, 400)
        view.centerOn(line)
        picture = view.viewport().grab().toImage()
        at = view.mapFromScene(line)
        around = {picture.pixelColor(at + QPoint(dx, 9)).name() for dx in (-1, 0, 1)}
        assert QColor(theme.current().grid).name() in around

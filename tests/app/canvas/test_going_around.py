"""Wires are led around the cards that they would run behind; all else stays as it is."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from explorer.app import theme
from explorer.app.canvas import GraphScene, GraphView, routes
from explorer.app.canvas.far import FAR_BELOW
from explorer.app.canvas.node_item import Ahead, Hanging
from explorer.app.canvas.wiring import connection
from explorer.graph import Graph, GraphError, Wire
from explorer.graph.edits import ReplaceWire

from ..hand import Hand
from .conftest import assert_in_step


def row_of_four() -> Graph:
    """x -> fc1 -> relu1 -> skip, and x -> skip past both of them; a loose card far below."""
    graph = Graph()
    graph.add("Input", id="x", position=(0, 0), shape=(8,))
    graph.add("Linear", id="fc1", position=(240, 0), out_features=8)
    graph.add("ReLU", id="relu1", position=(480, 0))
    graph.add("Add", id="skip", position=(720, 0))
    graph.add("Tanh", id="tanh1", position=(240, 300))
    for wire in (("x.out", "fc1.x"), ("fc1.out", "relu1.x"), ("relu1.out", "skip.a")):
        graph.connect(*wire)
    graph.connect("x.out", "skip.b")
    graph.history.clear()
    return graph


@pytest.fixture
def hand(qtbot, qapp) -> Hand:
    theme.apply(qapp, theme.LIGHT)
    view = GraphView(GraphScene(row_of_four()))
    qtbot.addWidget(view)
    view.resize(1100, 700)
    view.show()
    qtbot.waitExposed(view)
    view.frame_all()
    view.graph_scene.routes.complete()
    return Hand(view)


def behind(scene: GraphScene) -> set[tuple[str, str]]:
    """Which wires run behind which cards, other than those that they join."""
    return {
        (target, id)
        for target, wire in scene.wires.items()
        for id, card in scene.nodes.items()
        if id not in (target.partition(".")[0], wire.source.partition(".")[0])
        and any(card.box.contains(wire.path().pointAtPercent(n / 200)) for n in range(201))
    }


def paths(scene: GraphScene) -> dict[str, object]:
    return {target: wire.path() for target, wire in scene.wires.items()}


def settled(qtbot, scene: GraphScene) -> None:
    qtbot.waitUntil(lambda: not scene.routes.are_pending)


def lane_of(wire) -> QPointF:
    """The middle of its longest straight piece."""
    return wire.middle()


def test_a_skip_passes_beside_the_cards_between_and_others_are_curves(hand):
    assert behind(hand.scene) == set()
    assert [target for target, wire in hand.scene.wires.items() if wire.is_led] == ["skip.b"]
    assert_in_step(hand.scene)


def test_a_card_that_is_dropped_on_a_wire_makes_it_go_around_and_undo_back(hand, qtbot):
    hand.graph.connect("x.out", "tanh1.x")
    before = paths(hand.scene)
    lane = hand.pixel(lane_of(hand.scene.wires["skip.b"]))
    hand.drag(hand.title("tanh1"), lane + QPoint(0, 20))
    settled(qtbot, hand.scene)
    assert behind(hand.scene) == set()
    after = paths(hand.scene)
    assert after["skip.b"] != before["skip.b"]
    for target in ("fc1.x", "relu1.x", "skip.a"):
        assert after[target] == before[target], "nothing came in its way"
    hand.graph.undo()
    settled(qtbot, hand.scene)
    assert paths(hand.scene) == before


def test_when_the_cards_are_gone_the_wire_is_a_curve_again(hand, qtbot):
    hand.graph.remove("fc1", "relu1")
    settled(qtbot, hand.scene)
    assert not hand.scene.wires["skip.b"].is_led
    hand.graph.undo()
    settled(qtbot, hand.scene)
    assert hand.scene.wires["skip.b"].is_led
    assert behind(hand.scene) == set()


def test_the_wires_of_a_card_go_around_others_while_it_is_dragged(hand, qtbot):
    before = paths(hand.scene)
    start = hand.title("skip")
    hand.press(start)
    hand.move(start + QPoint(20, 10), start + QPoint(60, 30))
    settled(qtbot, hand.scene)
    assert hand.scene.wires["skip.b"].is_led
    assert behind(hand.scene) == set()
    hand.key(Qt.Key.Key_Escape)
    settled(qtbot, hand.scene)
    assert paths(hand.scene) == before


def test_cards_that_are_dragged_together_keep_the_wires_between_them(hand, qtbot):
    scene = hand.scene
    before = {target: wire.path() for target, wire in scene.wires.items()}
    hand.view.select(["x", "fc1", "relu1", "skip"])
    was = scene.nodes["x"].pos()
    start = hand.title("fc1")
    hand.press(start)
    hand.move(start + QPoint(0, -40), start + QPoint(0, -90))
    by = scene.nodes["x"].pos() - was
    assert by.y() < -50
    assert {target: path.translated(by) for target, path in before.items()} == paths(scene)
    hand.release(start + QPoint(0, -90))
    settled(qtbot, scene)
    assert_in_step(scene)
    assert behind(scene) == set()


def test_pointer_stroke_and_drop_find_the_wire_where_it_is_drawn(hand):
    wire = hand.scene.wires["skip.b"]
    at = hand.pixel(lane_of(wire))
    assert hand.scene.wire_at(lane_of(wire)) is wire
    hand.move(at)
    assert wire._is_hovered
    hand.drop("ReLU", at)
    (added,) = hand.graph.nodes.keys() - {"x", "fc1", "relu1", "skip", "tanh1"}
    assert hand.graph.wires["skip.b"].source == f"{added}.out"
    hand.graph.undo()
    hand.scene.routes.complete()
    wire = hand.scene.wires["skip.b"]
    at = hand.pixel(lane_of(wire))
    hand.drag(at - QPoint(0, 12), at + QPoint(0, 12), keys=Qt.KeyboardModifier.AltModifier)
    assert "skip.b" not in hand.graph.wires
    assert {"fc1.x", "relu1.x", "skip.a"} <= hand.graph.wires.keys()


def test_a_wire_with_a_bend_is_led_by_nothing_else(hand, qtbot):
    wire = hand.scene.wires["skip.b"]
    at = hand.pixel(lane_of(wire))
    hand.drag(at, at + QPoint(0, 60))
    settled(qtbot, hand.scene)
    (bend,) = hand.graph.wires["skip.b"].bends
    assert not wire.is_led
    assert wire.is_near(QPointF(*bend), 2)
    hand.graph.undo()
    settled(qtbot, hand.scene)
    assert wire.is_led


def test_wires_from_different_cards_past_the_same_ones_do_not_lie_upon_one_another(hand, qtbot):
    graph, scene = hand.graph, hand.scene
    graph.add("Add", id="last", position=(960, 0))
    graph.connect("x.out", "last.a")
    graph.connect("fc1.out", "last.b")
    settled(qtbot, scene)
    first, second = scene.wires["last.a"], scene.wires["last.b"]
    assert first.is_led
    assert second.is_led
    shared = sum(second.is_near(first.path().pointAtPercent(n / 100), 1) for n in range(101))
    assert shared < 5, "they may cross, and no more"
    assert behind(scene) == set()


class Weight(Hanging):
    """Something that hangs below a card."""

    def hang_below(self, height: float) -> None:
        self.setRect(12, height, 140, 120)

    def show_ahead(self, ahead: Ahead) -> None:
        pass


def test_what_hangs_below_a_card_is_passed_where_there_is_room(hand, qtbot):
    card = hand.scene.nodes["fc1"]
    card.hang(Weight(card))
    hand.scene.routes.settle()
    settled(qtbot, hand.scene)
    wire = hand.scene.wires["skip.b"]
    assert not wire.path().intersects(card.hanging.sceneBoundingRect())
    card.hang(None)
    hand.scene.routes.settle()
    settled(qtbot, hand.scene)
    assert behind(hand.scene) == set()


def test_from_afar_the_same_way_is_painted(hand):
    view, wire = hand.view, hand.scene.wires["skip.b"]
    view._set_scale(FAR_BELOW * 0.9)
    view.centerOn(lane_of(wire))
    picture = view.viewport().grab().toImage()
    at = hand.pixel(lane_of(wire))
    ground = picture.pixelColor(at + QPoint(0, 14)).name()
    assert any(picture.pixelColor(at + QPoint(0, dy)).name() != ground for dy in (-1, 0, 1))


def test_where_another_wire_in_its_place_is_refused_a_wire_goes_around_as_before(hand):
    scene, graph = hand.scene, hand.graph
    graph.connect("skip.out", "tanh1.x")
    before = paths(scene)
    with pytest.raises(GraphError, match="cycle"):
        graph.do(connection(graph, "tanh1.out", ["skip.b"]))
    scene.routes.complete()
    assert paths(scene) == before
    assert scene.wires["skip.b"].is_led


def test_a_wire_that_is_bent_before_it_was_its_turn_keeps_its_bend(hand, monkeypatch):
    for time in ("_AT_ONCE", "_FRAME"):
        monkeypatch.setattr(routes, time, 0.0)
    hand.view.hide()  # so that cards do not glide
    scene, graph = hand.scene, hand.graph
    graph.move({"skip": (760.0, 0.0)})
    assert scene.routes.are_pending
    graph.do(ReplaceWire(Wire("x.out", "skip.b", ((400.0, 260.0),)), "Bend a wire"))
    bent = scene.wires["skip.b"].path()
    scene.routes.complete()
    assert scene.wires["skip.b"].path() == bent
    assert not scene.wires["skip.b"].is_led


def test_of_many_wires_that_go_around_the_rest_follows_in_moments_after(qtbot):
    graph = Graph()
    for number in range(60):
        graph.add("ReLU", position=(240.0 * (number % 20), 130.0 * (number // 20)))
    ids = list(graph.nodes)
    for source, target in zip(ids, ids[27:], strict=False):
        graph.connect(f"{source}.out", f"{target}.x")
    scene = GraphScene(graph)
    settled(qtbot, scene)
    assert behind(scene) == set()

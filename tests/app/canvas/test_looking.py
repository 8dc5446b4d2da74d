"""What cards and wires show, and how one looks around."""

import sys

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QWheelEvent

from explorer.app import theme
from explorer.app.canvas import StepOverlay
from explorer.graph import Graph, Node, Unusable, Wire
from explorer.graph.edits import AddNode, AddWire
from explorer.program.flow import Gradient, Measure

from .conftest import assert_in_step, small_net


def wheel(view, at: QPoint, clicks: int, keys=Qt.KeyboardModifier.NoModifier) -> None:
    phase = Qt.ScrollPhase.NoScrollPhase
    where = QPointF(view.viewport().mapToGlobal(at))
    none = Qt.MouseButton.NoButton
    turn = QPoint(0, 120 * clicks)
    view.wheelEvent(QWheelEvent(QPointF(at), where, QPoint(), turn, none, keys, phase, False))


def test_a_card_shows_shapes_parameters_and_follows_settings(hand):
    card = hand.scene.nodes["fc1"].card
    assert (card.title, card.kind) == ("fc1", "Linear")
    assert card.outputs[0].shape == "(N, 64)"
    assert card.parameters == "192 parameters"
    hand.graph.set("fc1", out_features=3)
    assert hand.scene.nodes["fc1"].card.parameters == "9 parameters"
    assert hand.scene.nodes["relu1"].card.outputs[0].shape == "(N, 3)"
    assert hand.scene.wires["relu1.x"].shape_text == "(N, 3)"
    hand.graph.rename("fc1", "First")
    assert hand.scene.nodes["fc1"].card.title == "First"


def test_class_indices_and_numbers_have_ports_of_their_own():
    graph = Graph()
    graph.add("Data", id="data", dataset="digits")
    from explorer.app.canvas.card import describe

    flows = [port.flow for port in describe(graph, "data", ()).outputs]
    assert flows == ["float", "index"]


def test_a_problem_is_a_badge_with_its_sentence_as_tooltip_and_a_broken_wire(hand):
    hand.graph.connect("data.y", "loss.y_hat")
    hand.graph.connect("relu1.out", "loss.y")
    item = hand.scene.nodes["loss"]
    assert item.card.severity == "error"
    tip = hand.scene.tip_at(item.box.topLeft() + QPointF(80, 15))
    assert "loss expects" in tip
    assert any(hand.scene.wires[f"loss.{p}"].pen().dashPattern() for p in ("y_hat", "y"))
    hand.graph.disconnect("loss.y")
    assert not hand.scene.wires["loss.y_hat"].pen().dashPattern()


def test_tooltips_name_ports_and_wires(hand):
    assert "fc1.out" in hand.scene.tip_at(hand.scene.end_point("fc1.out"))
    middle = hand.scene.wires["relu1.x"].path().pointAtPercent(0.5)
    assert "fc1.out → relu1.x" in hand.scene.tip_at(middle)


def test_an_unusable_layer_has_ports_for_its_wires(hand):
    layer = Unusable("Mystery", {}, "there is no layer Mystery", "install it")
    hand.graph.do(AddNode(Node("odd", layer, (480, 200))))
    hand.graph.do(AddWire(Wire("fc1.out", "odd.in7")))
    card = hand.scene.nodes["odd"].card
    assert not card.is_usable
    assert [port.name for port in card.inputs] == ["in7"]
    assert card.severity
    assert_in_step(hand.scene)
    hand.view.grab()


def test_the_wheel_zooms_at_the_pointer_within_limits(view):
    at = QPoint(300, 200)
    before, scale = view.to_scene(QPointF(at)), view.scale_factor
    wheel(view, at, 2)
    assert view.scale_factor > scale
    after = view.to_scene(QPointF(at))
    assert abs(after.x() - before.x()) < 2
    assert abs(after.y() - before.y()) < 2
    wheel(view, at, 100)
    assert view.scale_factor == 4
    wheel(view, at, -200)
    assert view.scale_factor == 0.02


def test_shift_and_wheel_the_middle_button_and_space_pan(hand, view):
    left = Qt.MouseButton.LeftButton

    def corner() -> float:
        return view.to_scene(QPointF(0, 0)).y()

    before = corner()
    wheel(view, QPoint(10, 10), 1, Qt.KeyboardModifier.ShiftModifier)
    assert corner() < before
    before = corner()
    hand.drag(QPoint(100, 500), QPoint(100, 450), Qt.MouseButton.MiddleButton)
    assert corner() > before
    before = corner()
    from PySide6.QtTest import QTest

    QTest.keyPress(view, Qt.Key.Key_Space)
    hand.drag(QPoint(100, 500), QPoint(100, 450), left)
    QTest.keyRelease(view, Qt.Key.Key_Space)
    assert corner() > before
    assert view.selected() == []


def test_home_frames_all_and_f_the_selection(hand, view):
    view.zoom_at(4, QPointF(0, 0))
    hand.key(Qt.Key.Key_Home)
    shown = view.mapToScene(view.viewport().rect()).boundingRect()
    assert shown.contains(view.graph_scene.bounds())
    view.select(["loss"])
    hand.key(Qt.Key.Key_F)
    middle = view.to_scene(QPointF(view.viewport().rect().center()))
    assert view.graph_scene.nodes["loss"].box.contains(middle)


def test_zoom_buttons(view):
    view.zoom_reset()
    assert view.scale_factor == 1
    view.zoom_in()
    assert view.scale_factor > 1
    view.zoom_out()
    assert abs(view.scale_factor - 1) < 1e-9


def test_a_wire_lights_up_under_the_pointer(hand):
    wire = hand.scene.wires["relu1.x"]
    width = wire.pen().widthF()
    hand.move(hand.empty(), hand.pixel(wire.path().pointAtPercent(0.5)))
    assert wire.pen().widthF() > width
    hand.move(hand.empty())
    assert wire.pen().widthF() == width


def test_a_step_lights_the_current_node_and_its_wires_and_none_clears_all(hand, view, qtbot):
    count = len(hand.scene.items())
    overlay = StepOverlay(
        current="fc1",
        phase="backward",
        done_forward=frozenset(["data", "fc1", "relu1"]),
        done_backward=frozenset(["relu1"]),
        live_wires=frozenset(["relu1.x"]),
        gradients={"relu1.x": (Gradient("fc1.out", "relu1.x", Measure(0.01)),)},
        left_out=frozenset(["loss"]),
    )
    view.show_step(overlay)
    assert view._show.is_running
    assert hand.scene.nodes["relu1"].progress == "backward"
    assert hand.scene.nodes["data"].progress == "forward"
    assert hand.scene.nodes["loss"].opacity() < 1
    backward = theme.current().backward
    assert hand.scene.wires["relu1.x"].pen().color().name() == backward
    qtbot.wait(100)
    view.grab()
    hand.graph.disconnect("relu1.x")
    view.show_step(None)
    assert not view._show.is_running
    assert len(hand.scene.items()) <= count
    hand.graph.undo()
    assert hand.scene.wires["relu1.x"].pen().color().name() != backward
    assert hand.scene.nodes["loss"].opacity() == 1
    assert hand.scene.nodes["relu1"].progress == "none"


def seen_of(view, id: str) -> QRectF:
    """Where a card is in the view, in pixels."""
    return view.viewportTransform().mapRect(view.graph_scene.nodes[id].box)


def is_clear(view, id: str) -> bool:
    card = seen_of(view, id)
    covers = [QRectF(each.geometry()) for each in view.in_corners if each.isVisible()]
    is_inside = QRectF(view.viewport().rect()).contains(card)
    return is_inside and not any(cover.intersects(card) for cover in covers)


def lies_on_a_card(legend, view) -> bool:
    seen = view.viewportTransform()
    places = [seen.mapRect(item.area) for item in view.graph_scene.nodes.values()]
    return any(place.intersects(QRectF(legend.geometry())) for place in places)


def fill_the_corners(hand, view) -> None:
    """A card in each corner of what is shown, and nothing below the middle of its edges."""
    view.zoom_reset()
    box = view.viewportTransform().inverted()[0].mapRect(QRectF(view.viewport().rect()))
    left, right = box.left() + 20, box.right() - 180
    top, bottom = box.top() + 20, box.bottom() - 90
    corners = [(left, top), (right, top), (left, bottom), (right, bottom)]
    hand.graph.move(dict(zip(("data", "fc1", "relu1", "loss"), corners, strict=True)))


def test_the_legend_of_stepping_lies_beside_cards_that_are_in_all_corners(hand, view):
    view.resize(1400, 700)
    fill_the_corners(hand, view)

    view.show_step(StepOverlay(current="fc1"))

    legend = view._show.legend
    assert legend.isVisible()
    assert not lies_on_a_card(legend, view)


def test_the_legend_of_stepping_stays_away_where_it_would_lie_on_a_card(hand, view):
    view.resize(600, 400)
    fill_the_corners(hand, view)

    view.show_step(StepOverlay(current="fc1"))

    assert not view._show.legend.isVisible()
    view.pan(QPointF(0, 2000))
    view._show.legend.follow()
    assert view._show.legend.isVisible()


def test_the_legend_of_stepping_gives_way_to_a_card_that_comes_there(hand, view):
    view.show_step(StepOverlay(current="fc1"))
    legend = view._show.legend
    at = view.mapToScene(legend.geometry().center())

    hand.graph.move({"data": (at.x(), at.y())})
    legend.follow()

    assert legend.isVisible()
    assert not lies_on_a_card(legend, view)


def test_the_view_follows_a_step_to_a_card_that_is_out_of_sight(view):
    view.zoom_at(2.5, QPointF(0, 300))
    view.show_step(StepOverlay(current="data"))
    assert not is_clear(view, "loss")

    view.show_step(StepOverlay(current="loss"))

    assert is_clear(view, "loss")


def test_the_view_follows_a_step_to_a_card_below_the_map(view):
    view.show_step(StepOverlay(current="data"))
    view.zoom_at(1.5, QPointF(0, 300))
    corner = QPointF(view.minimap.geometry().center())
    view.pan(corner - seen_of(view, "fc1").center())
    assert view.minimap.isVisible()
    assert not is_clear(view, "fc1")

    view.show_step(StepOverlay(current="fc1"))

    assert is_clear(view, "fc1")


def test_a_step_leaves_the_view_where_the_card_can_be_seen_and_where_one_looked_since(view):
    view.zoom_at(1.2, QPointF(view.viewport().rect().center()))
    before = view.viewportTransform()
    view.show_step(StepOverlay(current="fc1"))
    assert view.viewportTransform() == before

    view.pan(QPointF(2000, 0))
    before = view.viewportTransform()
    view.show_step(StepOverlay(current="fc1", phase="backward"))
    assert view.viewportTransform() == before


def test_a_step_does_not_pull_the_canvas_from_under_a_gesture(view, qtbot):
    view.pan(QPointF(2000, 0))
    qtbot.mousePress(view.viewport(), Qt.MouseButton.MiddleButton, pos=QPoint(300, 300))
    before = view.viewportTransform()

    view.show_step(StepOverlay(current="fc1"))

    assert view.viewportTransform() == before
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.MiddleButton, pos=QPoint(300, 300))


def test_another_graph_takes_the_place_of_the_first(hand, view):
    old = hand.graph
    view.graph_scene.set_graph(Graph())
    assert view._hint.isVisible()
    old.add("ReLU")
    assert not view.graph_scene.nodes
    view.graph_scene.set_graph(small_net())
    assert_in_step(view.graph_scene)


def test_the_canvas_takes_on_a_new_theme(hand, view, qapp):
    theme.apply(qapp, theme.DARK)
    wire = hand.scene.wires["relu1.x"]
    dark = wire.pen().color()
    theme.apply(qapp, theme.LIGHT)
    assert wire.pen().color() != dark


def test_painting_does_not_use_up_none(view):
    view.grab()
    before = sys.getrefcount(None)
    for number in range(300):
        view.graph_scene.nodes["fc1"].update()
        view.zoom_in() if number % 2 else view.zoom_out()
        view.viewport().repaint()
        if number % 20 == 0:
            view.grab()
    assert sys.getrefcount(None) > before - 100


def painted(view) -> QImage:
    """What the screen shows of the canvas, as it was painted bit by bit."""
    at = view.viewport().mapTo(view.window(), QPoint())
    size = view.viewport().size()
    window = view.window().winId()
    return view.screen().grabWindow(window, at.x(), at.y(), size.width(), size.height()).toImage()


def assert_nothing_old_is_left(view, qapp) -> None:
    qapp.processEvents()
    bit_by_bit = painted(view)
    view.viewport().repaint()
    assert bit_by_bit == painted(view)


def test_a_step_leaves_nothing_on_the_canvas_where_it_was_before(view, qapp):
    view.zoom_reset()
    came_back = {"relu1.x": (Gradient("fc1.out", "relu1.x", Measure(0.01)),)}
    view.show_step(StepOverlay(gradients=came_back))
    view._show._timer.stop()
    qapp.processEvents()

    view.show_step(None)
    view.viewport().repaint(QRect(0, 0, 4, 4))  # as something else does before its turn comes

    assert_nothing_old_is_left(view, qapp)


def test_a_wire_that_is_led_another_way_leaves_nothing_where_it_ran(hand, view, qapp):
    view.zoom_reset()
    hand.graph.connect("data.x", "loss.y_hat")
    view.graph_scene.routes.complete()
    qapp.processEvents()
    assert view.graph_scene.wires["loss.y_hat"].is_led

    hand.graph.move({"fc1": (240, 300), "relu1": (480, 300)})
    view.graph_scene.routes.complete()
    view.viewport().repaint(QRect(0, 0, 4, 4))

    assert not view.graph_scene.wires["loss.y_hat"].is_led
    assert_nothing_old_is_left(view, qapp)

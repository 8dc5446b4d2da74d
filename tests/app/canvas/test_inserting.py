"""A layer dropped on a wire is inserted there; one taken out of a chain lets it hold."""

from itertools import pairwise

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QDragLeaveEvent, QDragMoveEvent

from explorer.app import theme
from explorer.app.canvas.palette import mime_of
from explorer.graph import Wire
from explorer.graph.edits import ReplaceWire
from explorer.graph.grouping import grouping

from ..hand import LEFT, NONE
from .conftest import assert_in_step

CTRL = Qt.KeyboardModifier.ControlModifier


def middle(hand, target: str) -> QPoint:
    return hand.pixel(hand.scene.wires[target].path().pointAtPercent(0.5))


def is_lit(hand, target: str) -> bool:
    return hand.scene.wires[target].pen().color().name() == theme.current().accent


def hover(view, kind: str, at: QPoint) -> None:
    data = mime_of(kind)
    view.dragMoveEvent(QDragMoveEvent(at, Qt.DropAction.CopyAction, data, LEFT, NONE))


def chain(graph) -> list[str]:
    """From the loss's prediction back to where it comes from."""
    path, found = "relu1.x", []
    while path in graph.wires:
        found.append(graph.wires[path].source_node)
        path = f"{found[-1]}.x"
    return found


def feed_pictures(hand) -> None:
    """The chain carries 16 planes of 8 x 8 from now on."""
    graph = hand.graph
    graph.remove("data")
    graph.add("Input", id="data", position=(0, 0), shape=(16, 8, 8))
    graph.add("Conv2d", id="conv", position=(240, 0), out_channels=16)
    graph.set("conv", padding=1)
    graph.connect("data.out", "conv.x")
    graph.remove("fc1")
    graph.connect("conv.out", "relu1.x")
    graph.history.clear()
    hand.view.frame_all()


def put_loose(hand, kind: str) -> str:
    id = hand.graph.add(kind, position=(240, 300)).id
    hand.graph.history.clear()
    hand.view.frame_all()
    return id


def drag_onto(hand, id: str, target: str) -> QPoint:
    """Press on a card and carry its middle to a wire's, without letting go."""
    start = hand.title(id)
    carried = hand.pixel(hand.scene.nodes[id].box.center()) - start
    end = middle(hand, target) - carried
    hand.press(start)
    hand.move((start + end) / 2, end)
    return end


def test_dropping_a_layer_on_a_wire_inserts_it_in_one_step(hand, view):
    hand.drop("Tanh", middle(hand, "relu1.x"))
    assert chain(hand.graph) == ["tanh1", "fc1", "data"]
    assert view.said[-1] == "Added tanh1 between fc1 and relu1"
    assert view.selected() == ["tanh1"]
    assert_in_step(hand.scene)
    assert hand.graph.undo() == "Insert tanh1"
    assert chain(hand.graph) == ["fc1", "data"]
    assert hand.graph.history.undo_label is None
    assert_in_step(hand.scene)
    hand.graph.redo()
    assert chain(hand.graph) == ["tanh1", "fc1", "data"]


def boxes(hand) -> dict[str, QRectF]:
    return {id: item.box for id, item in hand.scene.nodes.items()}


def assert_apart(hand, *chain: str) -> None:
    """Each stands in one line, right of the one before it, with a wire to be seen between."""
    found = [hand.scene.nodes[id].box for id in chain]
    for one, other in pairwise(found):
        assert other.top() == one.top()
        assert other.left() >= one.right() + 40


def test_what_is_dropped_on_a_wire_gets_room_from_what_follows_in_the_same_step(hand):
    hand.graph.connect("relu1.out", "loss.y_hat")
    hand.graph.add("ReLU", id="away", position=(480, 300))
    hand.graph.add("Tanh", id="below", position=(720, 300))
    hand.graph.connect("relu1.out", "below.x")
    hand.graph.connect("away.out", "loss.y")
    hand.view.frame_all()
    before = boxes(hand)
    hand.drop("Tanh", middle(hand, "relu1.x"))
    assert_apart(hand, "data", "fc1", "tanh1", "relu1", "loss")
    assert boxes(hand)["away"] == before["away"], "what is in no one's way stays"
    assert boxes(hand)["below"].left() > boxes(hand)["relu1"].right(), "wires lead on"
    hand.graph.undo()
    assert boxes(hand) == before
    assert_in_step(hand.scene)


def test_a_wire_that_is_long_enough_takes_a_card_and_nothing_moves(hand):
    hand.graph.move({"relu1": (800, 0), "loss": (1040, 0)})
    hand.view.frame_all()
    before = boxes(hand)
    hand.drop("Tanh", middle(hand, "relu1.x"))
    assert {id: box for id, box in boxes(hand).items() if id in before} == before
    assert_apart(hand, "data", "fc1", "tanh1", "relu1", "loss")


def test_a_net_that_runs_down_makes_room_below(hand):
    places = {id: (0.0, 160.0 * n) for n, id in enumerate(("data", "fc1", "relu1", "loss"))}
    hand.graph.move(places)
    hand.view.frame_all()
    hand.drop("Tanh", middle(hand, "relu1.x"))
    found = [boxes(hand)[id] for id in ("data", "fc1", "tanh1", "relu1", "loss")]
    for one, other in pairwise(found):
        assert other.left() == one.left()
        assert other.top() >= one.bottom() + 40


def test_a_card_on_a_wire_that_runs_back_to_the_next_line_covers_no_other(hand):
    hand.graph.move({"relu1": (0, 300), "loss": (240, 300)})
    hand.view.frame_all()
    before = boxes(hand)
    hand.drop("Tanh", middle(hand, "relu1.x"))
    assert chain(hand.graph) == ["tanh1", "fc1", "data"]
    assert {id: box for id, box in boxes(hand).items() if id in before} == before
    assert not any(boxes(hand)["tanh1"].intersects(box) for box in before.values())


def test_the_wire_lights_up_while_the_layer_is_over_it(hand, view):
    hover(view, "Tanh", middle(hand, "relu1.x"))
    assert is_lit(hand, "relu1.x")
    hover(view, "Tanh", hand.empty())
    assert not is_lit(hand, "relu1.x")
    hover(view, "Tanh", middle(hand, "relu1.x"))
    view.dragLeaveEvent(QDragLeaveEvent())
    assert not is_lit(hand, "relu1.x")


def test_a_layer_that_does_not_fit_is_added_beside_the_wire(hand, view):
    for kind in ("Conv2d", "Add", "Data"):
        hover(view, kind, middle(hand, "relu1.x"))
        assert not is_lit(hand, "relu1.x")
        hand.drop(kind, middle(hand, "relu1.x"))
        assert chain(hand.graph) == ["fc1", "data"]
        hand.graph.undo()


def test_what_the_reader_cannot_take_is_not_inserted(hand):
    graph = hand.graph
    graph.connect("relu1.out", "loss.y_hat")
    graph.set("fc1", out_features=1)
    graph.connect("data.y", "loss.y")
    assert not graph.analysis.report("loss").faults
    hand.drop("Linear", middle(hand, "loss.y_hat"))
    assert graph.wires["loss.y_hat"].source == "relu1.out"
    hand.drop("Sigmoid", middle(hand, "loss.y_hat"))
    assert graph.wires["loss.y_hat"].source == "sigmoid1.out"


def test_a_block_is_inserted_where_all_of_it_fits(hand):
    hand.drop("ResidualBlock", middle(hand, "relu1.x"))
    assert hand.graph.undo() == "Add ResidualBlock"
    feed_pictures(hand)
    hand.drop("ResidualBlock", middle(hand, "relu1.x"))
    assert hand.graph.wires["enter.x"].source == "conv.out"
    assert hand.graph.wires["relu1.x"].source == "leave.out"
    assert hand.graph.undo() == "Insert ResidualBlock"
    assert chain(hand.graph) == ["conv", "data"]


def test_moving_a_loose_card_onto_a_wire_inserts_it_with_the_move_in_one_step(hand, view):
    id = put_loose(hand, "Tanh")
    end = drag_onto(hand, id, "relu1.x")
    assert is_lit(hand, "relu1.x")
    hand.release(end)
    assert chain(hand.graph) == [id, "fc1", "data"]
    assert view.said[-1] == "tanh1 is now between fc1 and relu1"
    assert_apart(hand, "data", "fc1", id, "relu1", "loss")
    assert_in_step(hand.scene)
    assert hand.graph.undo() == "Insert tanh1"
    assert hand.graph.nodes[id].position == (240, 300)
    assert chain(hand.graph) == ["fc1", "data"]
    assert hand.graph.history.undo_label is None
    assert_in_step(hand.scene)


def test_escape_puts_the_card_back_and_the_light_out(hand):
    id = put_loose(hand, "Tanh")
    end = drag_onto(hand, id, "relu1.x")
    hand.key(Qt.Key.Key_Escape)
    assert not is_lit(hand, "relu1.x")
    hand.release(end)
    assert hand.graph.history.undo_label is None
    assert_in_step(hand.scene)


def test_a_card_that_does_not_fit_or_has_wires_is_only_moved(hand):
    id = put_loose(hand, "Conv2d")
    end = drag_onto(hand, id, "relu1.x")
    assert not is_lit(hand, "relu1.x")
    hand.release(end)
    assert hand.graph.undo() == f"Move {id}"
    wired = put_loose(hand, "Tanh")
    hand.graph.connect("relu1.out", f"{wired}.x")
    hand.release(drag_onto(hand, wired, "fc1.x"))
    assert hand.graph.wires["fc1.x"].source == "data.x"
    assert hand.graph.undo() == f"Move {wired}"


def test_several_cards_that_are_moved_are_not_inserted(hand, view):
    ids = [put_loose(hand, "Tanh"), hand.graph.add("Sigmoid", position=(600, 300)).id]
    view.select(ids)
    hand.release(drag_onto(hand, ids[0], "relu1.x"))
    assert hand.graph.undo() == "Move 2 nodes"
    assert chain(hand.graph) == ["fc1", "data"]


def test_ctrl_delete_joins_what_was_before_to_what_was_behind(hand, view):
    view.select(["fc1"])
    hand.key(Qt.Key.Key_Delete, CTRL)
    assert "fc1" not in hand.graph.nodes
    assert hand.graph.wires["relu1.x"].source == "data.x"
    assert view.said[-1] == "relu1.x now reads data.x"
    assert_in_step(hand.scene)
    assert hand.graph.undo() == "Delete fc1 and join"
    assert chain(hand.graph) == ["fc1", "data"]
    assert hand.graph.history.undo_label is None
    assert_in_step(hand.scene)


def test_several_in_a_row_are_healed_over(hand, view):
    hand.graph.connect("relu1.out", "loss.y_hat")
    view.select(["fc1", "relu1"])
    hand.key(Qt.Key.Key_Delete, CTRL)
    assert hand.graph.wires["loss.y_hat"].source == "data.x"
    assert hand.graph.undo() == "Delete 2 nodes and join"
    assert_in_step(hand.scene)


def test_what_has_several_inputs_is_joined_by_its_first_wire_and_to_each_reader(hand, view):
    graph = hand.graph
    graph.add("Add", id="sum", position=(700, 200))
    graph.connect("relu1.out", "sum.b")
    graph.connect("fc1.out", "sum.a")
    for number, id in enumerate(("one", "two")):
        graph.add("Tanh", id=id, position=(900, 300 * number))
        graph.connect("sum.out", f"{id}.x")
    view.select(["sum"])
    hand.key(Qt.Key.Key_Delete, CTRL)
    assert [graph.wires[f"{id}.x"].source for id in ("one", "two")] == ["fc1.out", "fc1.out"]


def test_no_wire_where_it_would_not_fit_and_none_before_the_first_node(hand, view):
    graph = hand.graph
    graph.set("data", dataset="digits")
    graph.add("Embedding", id="words", position=(0, 300))
    graph.connect("data.y", "words.x")
    graph.add("Linear", id="last", position=(300, 300))
    graph.connect("words.out", "last.x")
    view.select(["words"])
    hand.key(Qt.Key.Key_Delete, CTRL)
    assert "last.x" not in graph.wires
    assert graph.undo() == "Delete words"
    view.select(["data"])
    hand.key(Qt.Key.Key_Delete, CTRL)
    assert view.said[-1] == "Delete data: nothing to join"
    assert "fc1.x" not in graph.wires


def test_delete_alone_still_joins_nothing(hand, view):
    view.select(["fc1"])
    hand.key(Qt.Key.Key_Delete)
    assert "relu1.x" not in hand.graph.wires


FAR_BENDS = ((420.0, 160.0), (500.0, 170.0), (580.0, 160.0))


def bent_chain(hand) -> None:
    """fc1 and relu1 further apart, and three bends on the wire between them, all below it."""
    hand.graph.move({"relu1": (760, 0)})
    bent = Wire("fc1.out", "relu1.x", FAR_BENDS)
    hand.graph.do(ReplaceWire(bent, "Bend"))
    hand.view.frame_all()


def bends_of(hand) -> dict[str, tuple]:
    return {target: wire.bends for target, wire in hand.graph.wires.items()}


def test_a_layer_that_is_dropped_on_a_bent_wire_leaves_each_part_its_bends(hand):
    bent_chain(hand)
    first, covered, last = FAR_BENDS
    before = bends_of(hand)
    hand.drop("Tanh", hand.pixel(QPointF(*covered) - QPointF(0, 10)))
    assert bends_of(hand) == {"fc1.x": (), "tanh1.x": (), "relu1.x": ()}, "it covers them all"
    hand.graph.undo()
    assert bends_of(hand) == before
    apart = ((380.0, 260.0), covered, (640.0, 260.0))
    hand.graph.do(ReplaceWire(Wire("fc1.out", "relu1.x", apart), "Bend"))
    before = bends_of(hand)
    hand.drop("Tanh", hand.pixel(QPointF(*covered) - QPointF(0, 10)))
    assert bends_of(hand) == {"fc1.x": (), "tanh1.x": apart[:1], "relu1.x": apart[2:]}
    after = bends_of(hand)
    hand.graph.undo()
    assert bends_of(hand) == before
    hand.graph.redo()
    assert bends_of(hand) == after
    assert_in_step(hand.scene)


def test_a_loose_card_that_is_moved_onto_a_bent_wire_leaves_each_part_its_bends(hand):
    bent_chain(hand)
    id = put_loose(hand, "Tanh")
    apart = ((380.0, 260.0), (640.0, 260.0))
    hand.graph.do(ReplaceWire(Wire("fc1.out", "relu1.x", apart), "Bend"))
    before = bends_of(hand)
    hand.graph.move({id: (430, 400)})
    box = hand.scene.nodes[id].box
    on_wire = hand.scene.wires["relu1.x"].path().pointAtPercent(0.5)
    grip = hand.title(id)
    hand.drag(grip, grip + hand.pixel(on_wire) - hand.pixel(box.center()))
    assert hand.graph.wires[f"{id}.x"].bends == apart[:1]
    assert hand.graph.wires["relu1.x"].bends == apart[1:]
    assert hand.graph.undo() == f"Insert {id}"
    assert bends_of(hand) == before


def test_bends_are_joined_again_when_what_was_inserted_is_taken_out(hand, view):
    bent_chain(hand)
    hand.graph.do(ReplaceWire(Wire("data.x", "fc1.x", ((200.0, -60.0),)), "Bend"))
    before = bends_of(hand)
    view.select(["fc1"])
    hand.key(Qt.Key.Key_Delete, CTRL)
    assert hand.graph.wires["relu1.x"].bends == ((200.0, -60.0), *FAR_BENDS)
    hand.graph.undo()
    assert bends_of(hand) == before


def test_bends_inside_a_group_are_not_those_of_the_wire_that_takes_its_place(hand, view):
    graph = hand.graph
    bent_chain(hand)
    graph.do(ReplaceWire(Wire("data.x", "fc1.x", ((200.0, -60.0),)), "Bend"))
    graph.add("Tanh", id="tanh1", position=(1000, 0))
    graph.connect("relu1.out", "tanh1.x")
    edit, group = grouping(graph, ["fc1", "relu1"])
    graph.do(edit)
    view.select([group])
    hand.key(Qt.Key.Key_Delete, CTRL)
    assert graph.wires["tanh1.x"] == Wire("data.x", "tanh1.x", ((200.0, -60.0),))


def test_a_layer_that_is_inserted_inside_a_group_leaves_the_bends_outside_of_it(hand, view):
    graph = hand.graph
    bent_chain(hand)
    edit, group = grouping(graph, ["fc1"])
    graph.do(edit)
    view.groups.show_level(group)
    inside = hand.scene.wires["relu1.x"]
    hand.drop("Tanh", hand.pixel(inside.path().pointAtPercent(0.5)))
    assert graph.wires["tanh1.x"].bends == ()
    assert graph.wires["relu1.x"].bends == FAR_BENDS

"""Arranging: one action of the document at once; the cards glide to where it has them."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QCommonStyle

from ..hand import Hand
from .conftest import assert_in_step


@pytest.fixture
def scattered(view):
    """The small net, strewn about."""
    places = {"data": (0, 400), "fc1": (40, 10), "relu1": (-500, 200), "loss": (600, 600)}
    view.graph_scene.graph.move(places)
    view.graph_scene.graph.history.clear()
    return view


def across(view) -> dict[str, float]:
    return {id: item.x() for id, item in view.graph_scene.nodes.items()}


def test_the_graph_changes_at_once_and_the_cards_follow(scattered, qtbot):
    scene = scattered.graph_scene
    before = across(scattered)

    scattered.arranger.arrange()

    assert scene.graph.nodes["relu1"].position == (480, 0)
    assert scene.graph.history.undo_label == "Arrange nodes"
    assert across(scattered) == before
    qtbot.waitUntil(lambda: across(scattered) != before)
    qtbot.waitUntil(lambda: scene.nodes["relu1"].x() == 480)
    assert_in_step(scene)
    scene.graph.undo()
    assert scene.graph.nodes["relu1"].position == (-500, 200)
    assert_in_step(scene)


def test_escape_puts_the_cards_where_they_are_and_is_spent_on_that(scattered, hand: Hand):
    scattered.select_all()
    scattered.arranger.arrange()

    hand.key(Qt.Key.Key_Escape)

    assert_in_step(scattered.graph_scene)
    assert scattered.selected()
    hand.key(Qt.Key.Key_Escape)
    assert not scattered.selected()


def test_the_card_of_a_group_is_put_where_it_is_too(scattered, hand: Hand):
    scattered.select(["fc1", "relu1"])
    scattered.groups.group()
    scattered.graph_scene.graph.move({"group1": (900, 900)})
    scattered.arranger.arrange()

    hand.key(Qt.Key.Key_Escape)

    scene = scattered.graph_scene
    assert scene.nodes["group1"].pos().toTuple() == scene.graph.groups["group1"].position


def test_a_press_ends_the_glide_and_takes_what_is_there(scattered, hand: Hand):
    scattered.arranger.arrange()

    hand.click(scattered.mapFromScene(*_middle(scattered, "relu1")))

    assert scattered.selected() == ["relu1"]
    assert_in_step(scattered.graph_scene)


def _middle(view, id: str) -> tuple[float, float]:
    x, y = view.graph_scene.graph.nodes[id].position
    return x + 90, y + 18


@pytest.mark.parametrize(
    "change",
    [
        lambda graph: graph.remove("relu1"),
        lambda graph: graph.undo(),
        lambda graph: graph.move({"fc1": (5, 5)}),
        lambda graph: graph.set("fc1", out_features=3),
    ],
)
def test_any_change_of_the_graph_ends_the_glide(scattered, change):
    scattered.arranger.arrange()

    change(scattered.graph_scene.graph)

    assert_in_step(scattered.graph_scene)


def test_arranging_again_on_the_way_goes_on_from_the_new_places(scattered, qtbot):
    scattered.arranger.arrange()
    scattered.arranger.arrange("down")

    qtbot.waitUntil(lambda: scattered.graph_scene.nodes["relu1"].x() == 0)
    assert_in_step(scattered.graph_scene)


def test_where_the_system_asks_for_no_animation_there_is_none(scattered, monkeypatch):
    monkeypatch.setattr(QCommonStyle, "styleHint", lambda *asked: 0)
    monkeypatch.setattr(scattered, "style", QCommonStyle)

    scattered.arranger.arrange()

    assert_in_step(scattered.graph_scene)


def test_what_is_selected_is_arranged_where_it_stands(scattered):
    graph = scattered.graph_scene.graph
    graph.move({"fc1": (1000, 500), "relu1": (1300, 460)})
    loss = graph.nodes["loss"].position
    scattered.select(["fc1", "relu1"])

    scattered.arranger.arrange()

    assert graph.nodes["fc1"].position == (1000, 460)
    assert graph.nodes["relu1"].position == (1240, 460)
    assert graph.nodes["loss"].position == loss


def test_a_high_card_gets_the_room_that_it_takes(view):
    graph = view.graph_scene.graph
    graph.add("Concat", id="all", count=8)
    graph.add("Parameter", id="first")
    for port in graph.nodes["all"].inputs[1:]:
        graph.add("Parameter", id=f"p_{port}")
        graph.connect(f"p_{port}.out", f"all.{port}")
    graph.connect("first.out", f"all.{graph.nodes['all'].inputs[0]}")

    view.arranger.arrange("down")
    view.arranger._glide.finish()

    boxes = [item.box for item in view.graph_scene.nodes.values()]
    assert not any(a.intersects(b) for a in boxes for b in boxes if a is not b)


def test_a_wheel_during_the_glide_does_not_end_it(scattered):
    before = across(scattered)
    scattered.arranger.arrange()
    scattered.pan(QPoint(5, 5).toPointF())
    assert across(scattered) == before
    assert scattered.arranger._glide.eventFilter(scattered, QEvent(QEvent.Type.Wheel)) is False

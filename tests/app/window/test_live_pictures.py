"""Journeys with live pictures below the cards: what flows, and how large gradients are."""

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QStyleOptionGraphicsItem

from explorer.app import theme
from explorer.app.canvas.pictures.drawer import Drawer
from explorer.app.canvas.step_show import CurrentMark
from explorer.app.what_if.requests import EditNumber
from explorer.graph import Graph
from explorer.training.pictures import Histogram, Number, Scatter, Tiles

from ..hand import Hand


@pytest.fixture
def spiral(person):
    """A person who trains the spiral net, and sees its pictures."""
    person.opens_example("spiral")
    person.trains_until(50)
    person.waits_until(lambda: drawers(person).keys() == person.graph.nodes.keys())
    return person


def drawers(person) -> dict[str, Drawer]:
    """What hangs below the cards, by node."""
    found = {id: item.hanging for id, item in person.window.scene.nodes.items()}
    return {id: drawer for id, drawer in found.items() if isinstance(drawer, Drawer)}


def picture(person, node: str):
    return drawers(person)[node].pictured.picture


def is_empty(drawer: Drawer) -> bool:
    """Whether nothing is painted inside a drawer's frame."""
    made = QImage(100, 100, QImage.Format.Format_RGB32)
    painter = QPainter(made)
    part = drawer.layout.tiles[0].adjusted(2, 2, -2, -2)
    painter.setClipRect(made.rect())
    painter.translate(-part.topLeft())
    drawer.paint(painter, QStyleOptionGraphicsItem())
    painter.end()
    room = range(round(min(part.width(), 90))), range(round(min(part.height(), 90)))
    return len({made.pixel(x, y) for x in room[0] for y in room[1]}) == 1


def middle(person, node: str) -> QPointF:
    """The middle of a picture, on the canvas."""
    drawer = drawers(person)[node]
    return drawer.mapToScene(drawer.layout.tiles[0].center())


def test_training_shows_below_each_card_what_flows_out_of_it(spiral):
    kinds = {id: type(drawer.pictured.picture) for id, drawer in drawers(spiral).items()}

    assert kinds == {
        "data": Scatter,
        **dict.fromkeys(("fc1", "tanh1", "fc2", "tanh2", "fc3"), Tiles),
        "loss": Number,
    }
    assert picture(spiral, "tanh1").of == "plane"
    assert picture(spiral, "fc3").points is picture(spiral, "data")


def test_the_pictures_follow_the_weights(spiral):
    before = picture(spiral, "tanh2")

    spiral.waits_until(lambda: picture(spiral, "tanh2") is not before)

    assert (picture(spiral, "tanh2").levels != before.levels).any()


def test_images_are_shown_as_feature_maps_and_rows_as_histograms(person):
    person.trains_until(5)
    person.pauses()
    person.waits_until(lambda: len(drawers(person)) == 6)

    assert picture(person, "data").of == "maps"
    assert isinstance(picture(person, "fc1"), Histogram)
    assert isinstance(picture(person, "loss"), Number)


def test_a_pause_leaves_the_pictures_of_the_weights_as_they_are(spiral):
    spiral.pauses()
    pictures = spiral.window.pictures
    spiral.waits_until(lambda: pictures.step == spiral.window.controller.steps)

    assert drawers(spiral).keys() == spiral.graph.nodes.keys()


def test_stepping_shows_what_flows_before_anything_is_trained(person):
    person.opens_example("spiral")
    person.presses("F10")
    person.waits_until(lambda: len(drawers(person)) == 7)

    assert person.window.pictures.step == 0


def test_while_stepping_a_card_shows_no_picture_of_what_has_not_run_yet(person):
    person.opens_example("spiral")
    person.presses("F10", "F10")
    person.waits_until(lambda: len(drawers(person)) == 7)
    person.waits_until(lambda: drawers(person)["fc1"].shown)

    own = drawers(person)
    assert {id for id, drawer in own.items() if drawer.shown} == {"data", "fc1"}
    assert "has not run yet" in person.window.scene.tip_at(middle(person, "fc2"))
    assert is_empty(own["fc2"]) and not is_empty(own["fc1"])

    person.presses("F8")
    person.waits_until(lambda: own["loss"].shown)
    assert all(drawer.shown for drawer in own.values())
    assert not any(drawer.shown.gauge for drawer in own.values()), "no gradient is there yet"

    person.presses("F10", "F10")
    person.waits_until(lambda: own["fc3"].shown.gauge)
    assert {id for id, drawer in own.items() if drawer.shown.gauge} == {"fc3"}
    person.presses("Shift+F10")
    person.waits_until(lambda: not own["fc3"].shown.gauge)


def test_who_leaves_stepping_sees_all_pictures(person):
    person.opens_example("spiral")
    person.presses("F10")
    person.waits_until(lambda: len(drawers(person)) == 7)
    person.window.actions_by_name["leave_stepper"].trigger()
    person.waits_until(lambda: drawers(person)["fc3"].shown)
    assert all(drawer.shown for drawer in drawers(person).values())
    assert drawers(person)["fc1"].shown.gauge


def test_ctrl_t_takes_the_pictures_away_and_brings_them_back(spiral):
    spiral.presses("Ctrl+T")
    assert drawers(spiral) == {}
    spiral.pauses()
    assert drawers(spiral) == {}

    spiral.presses("Ctrl+T")
    spiral.waits_until(lambda: len(drawers(spiral)) == 7)


def test_who_turned_pictures_off_finds_them_off_the_next_time(person, open_it):
    person.chooses("View", "Live pictures on cards")
    person.waits_until(lambda: not person.window.actions_by_name["live_pictures"].isChecked())

    assert not open_it().actions_by_name["live_pictures"].isChecked()


def test_pictures_are_on_at_a_first_start(window):
    action = window.actions_by_name["live_pictures"]

    assert action.isChecked()
    assert "Ctrl+T" in action.toolTip()


def test_another_net_has_no_pictures_until_it_runs(spiral):
    spiral.opens_example("digits_mlp")

    assert drawers(spiral) == {}
    spiral.waits_until(lambda: spiral.window.controller.state == "ready")
    assert drawers(spiral) == {}


def test_a_reset_takes_the_pictures_away(spiral):
    spiral.pauses()
    spiral.presses("Ctrl+Shift+F5")
    spiral.waits_until(lambda: spiral.window.controller.steps == 0)

    assert drawers(spiral) == {}


def test_a_net_that_changes_while_it_trains_loses_its_pictures(spiral):
    spiral.window.view.select(["tanh1"])
    spiral.presses("Ctrl+Del")
    spiral.waits_until(lambda: spiral.window.controller.state == "ready")
    assert drawers(spiral) == {}

    spiral.presses("Ctrl+Z", "F5")
    spiral.waits_until(lambda: drawers(spiral).keys() == spiral.graph.nodes.keys())


def test_pictures_stay_with_cards_that_are_moved_and_renamed_while_training(spiral):
    spiral.graph.rename("fc1", "First")
    spiral.graph.move({"fc1": (300.0, 40.0)})
    before = picture(spiral, "fc1")
    spiral.waits_until(lambda: picture(spiral, "fc1") is not before)

    item = spiral.window.scene.nodes["fc1"]
    assert item.card.title == "First"
    assert item.hanging.sceneBoundingRect().center().x() == item.box.center().x()
    assert abs(item.hanging.sceneBoundingRect().top() - item.box.bottom()) < 10


def test_a_card_right_below_leaves_less_room(spiral):
    tall = drawers(spiral)["fc1"].layout.height
    spiral.graph.move({"fc2": (240.0, 160.0)})

    assert drawers(spiral)["fc1"].layout.height < tall
    box = spiral.window.scene.nodes["fc2"].box
    assert not drawers(spiral)["fc1"].sceneBoundingRect().intersects(box)


def test_a_drawer_belongs_to_its_card_for_the_mouse(spiral):
    hand = Hand(spiral.window.view)
    hand.click(hand.pixel(middle(spiral, "tanh2")))

    assert spiral.window.view.selected() == ["tanh2"]


def test_pointing_at_a_picture_tells_its_numbers(spiral):
    spiral.pauses()
    scene = spiral.window.scene

    tip = scene.tip_at(middle(spiral, "fc3"))

    assert "what 1 unit answers to each point" in tip
    assert "Blue is below 0, orange above" in tip
    assert "Here, in unit 0:" in tip
    assert "Gradient norm of its weights:" in tip
    assert "300 points of the data" in scene.tip_at(middle(spiral, "data"))
    assert "Tanh" in scene.tip_at(scene.nodes["tanh1"].box.center())


def test_a_layer_that_hardly_learns_is_marked(person, tmp_path):
    graph = Graph()
    graph.add("Data", id="data", dataset="moons")
    last = "data.x"
    for number in range(10):
        at = 240.0 * (number + 1)
        graph.add("Linear", id=f"fc{number}", out_features=8, position=(at, 0))
        graph.add("Sigmoid", id=f"squash{number}", position=(at, 400))
        graph.connect(last, f"fc{number}.x")
        graph.connect(f"fc{number}.out", f"squash{number}.x")
        last = f"squash{number}.out"
    graph.add("Linear", id="top", out_features=1, position=(2640, 0))
    graph.add("BCEWithLogitsLoss", id="loss", position=(2880, 0))
    graph.connect(last, "top.x")
    graph.connect("top.out", "loss.y_hat")
    graph.connect("data.y", "loss.y")
    # Long enough that it still trains when the pause comes, however busy the machine.
    graph.train_with(epochs=10_000)
    person.opens_graph(graph, tmp_path / "deep.json")
    person.trains_until(3)
    person.pauses()
    person.waits_until(lambda: "fc0" in drawers(person))

    scene = person.window.scene
    assert "<b>vanishing</b>" in scene.tip_at(middle(person, "fc0"))
    assert "vanishing" not in scene.tip_at(middle(person, "top"))


def test_cards_too_small_to_read_have_no_pictures_and_none_are_taken(spiral):
    view = spiral.window.view
    spiral.turns_wheel(view.viewport(), -12)
    assert drawers(spiral) == {}
    told: list[object] = []
    spiral.window.controller.pictured.connect(told.append)
    steps = spiral.window.controller.steps
    spiral.waits_until(lambda: spiral.window.controller.steps > steps + 50)
    told.clear()
    spiral.qtbot.wait(400)
    assert not told

    view.zoom_reset()
    spiral.waits_until(lambda: len(drawers(spiral)) == 7)


def test_pictures_take_on_the_colours_of_the_theme(spiral):
    spiral.pauses()
    spiral.window.view.frame_all()
    view = spiral.window.view

    def colour() -> str:
        QApplication.processEvents()
        drawer = drawers(spiral)["data"]
        corner = drawer.layout.tiles[0].topLeft() + QPointF(5, 5)
        at = view.mapFromScene(drawer.mapToScene(corner))
        return view.grab().toImage().pixelColor(at).name()

    assert colour() == theme.LIGHT.field
    theme.apply(QApplication.instance(), theme.DARK)
    try:
        assert colour() == theme.DARK.field
    finally:
        theme.apply(QApplication.instance(), theme.LIGHT)


def test_a_group_shows_what_leaves_it_and_its_nodes_show_theirs_inside(spiral):
    spiral.window.view.select(["fc1", "tanh1"])
    spiral.presses("Ctrl+G")
    (group,) = spiral.graph.groups
    spiral.waits_until(lambda: group in drawers(spiral))
    assert not drawers(spiral).keys() & {"fc1", "tanh1"}
    spiral.pauses()
    shown = drawers(spiral)[group].pictured

    spiral.window.scene.show_level(group)

    assert drawers(spiral).keys() == {"fc1", "tanh1"}
    assert picture(spiral, "tanh1") is shown.picture


def test_the_next_batch_brings_its_own_pictures(person):
    person.opens_example("spiral")
    person.presses("F10")
    person.waits_until(lambda: person.window.pictures.step == 0)

    person.presses("Ctrl+F8")

    person.waits_until(lambda: person.window.pictures.step == 1)


def test_a_minimised_window_takes_no_pictures(spiral):
    spiral.window.showMinimized()
    spiral.waits_until(lambda: drawers(spiral) == {})

    spiral.window.showNormal()
    spiral.waits_until(lambda: len(drawers(spiral)) == 7)


def test_a_number_that_is_refused_leaves_the_pictures_and_one_that_is_taken_shows_on_the_card(
    person, window
):
    person.presses("Shift+F8")
    person.waits_until(lambda: len(drawers(person)) == 6)
    before = drawers(person)
    was = before["fc1"].pictured.gauge.norm

    window.controller.what_if(EditNumber("data_y", (0,), 99.0))
    person.waits_until(lambda: "cannot compute with that" in person.toast())
    window.controller.what_if(EditNumber("dfc1_w", (2, 3), 5.0))

    # Taken away and shown again they would be other drawers.
    person.waits_until(lambda: before["fc1"].pictured.gauge.norm > 5 > was)
    assert drawers(person) == before


def test_the_tag_of_a_step_leaves_the_number_of_the_parameter_above_it_free(person, window):
    def marked() -> CurrentMark | None:
        marks = [item for item in window.scene.items() if isinstance(item, CurrentMark)]
        at = window.scene.nodes["b"].box.center()
        return next((mark for mark in marks if mark.path().contains(at)), None)

    person.opens_example("autograd_scalar")
    person.presses("Shift+F8", "F10", "F10")
    person.waits_until(lambda: marked() and drawers(person).keys() == {"a", "b", "c"})
    mark = marked()
    person.waits_until(lambda: drawers(person)["a"].pictured.gauge)
    number = drawers(person)["a"].sceneBoundingRect()
    assert not number.intersects(mark.childrenBoundingRect())

"""Journeys with cards painted by a quantity."""

import pytest
import torch
from PySide6.QtWidgets import QApplication

from explorer.app import theme
from explorer.app.canvas.heat.legend import HeatLegend
from explorer.app.panels.numbers import brief
from explorer.app.what_if.requests import EditNumber, PutBack
from explorer.training import profiling


def words(person) -> dict[str, str | None]:
    """What the number on each card says; None for a card as it is."""
    nodes = person.window.scene.nodes.items()
    return {id: item.heat.words if item.heat else None for id, item in nodes}


def legend(person) -> HeatLegend:
    (found,) = person.window.view.findChildren(HeatLegend)
    return found


def waits_for_number(person, card: str = "fc1") -> None:
    """The first time the worker may have torch still to load."""

    def is_measured() -> bool:
        return words(person)[card] not in (None, "–")

    person.qtbot.waitUntil(is_measured, timeout=40_000)


def chosen(person) -> list[str]:
    actions = person.window.actions_by_name
    kinds = ("off", "gradient", "ratio", "dead", "time", "memory")
    return [kind for kind in kinds if actions[f"heat_{kind}"].isChecked()]


def test_cards_are_as_they_are_at_first(person):
    assert set(words(person).values()) == {None}
    assert not legend(person).isVisible()
    assert chosen(person) == ["off"]


def test_a_quantity_of_the_menu_is_measured_at_once_and_painted(person, window):
    person.chooses("View", "Heat on cards", "Heat by gradient norm")
    waits_for_number(person)

    assert window.scene.nodes["fc1"].heat.share is not None
    assert window.scene.nodes["data"].heat.share is None, "no gradient flows there"
    scene = window.scene
    assert "Gradient norm: " in scene.tip_at(scene.nodes["fc1"].box.center())
    middle = scene.nodes["data"].box.center()
    assert "Gradient norm unknown: no gradient flows there" in scene.tip_at(middle)
    assert chosen(person) == ["gradient"]
    assert legend(person).isVisible()
    told = " ".join(legend(person).words)
    assert "Gradient norm" in told
    assert " to " in told
    assert "no gradient flows there" in told
    assert "At step 1." in told


def test_a_key_goes_through_all_quantities_and_back_to_none(person):
    seen = []
    for _ in range(6):
        person.presses("Ctrl+H")
        seen += chosen(person)

    assert seen == ["gradient", "ratio", "dead", "time", "memory", "off"]
    assert set(words(person).values()) == {None}
    assert not legend(person).isVisible()


def test_it_follows_training_and_a_pause(person, window):
    person.presses("Ctrl+H")
    waits_for_number(person)
    before = words(person)
    person.trains_until(60)
    person.waits_until(lambda: words(person) != before)
    person.pauses()

    stands_at = window.controller.steps + 1
    person.waits_until(lambda: f"At step {stands_at:,}." in legend(person).words)


def test_it_shows_the_batch_that_is_stepped_through(person, window):
    person.presses("Ctrl+H", "Ctrl+F8")
    person.waits_until(lambda: "At step 2." in legend(person).words)
    person.presses("F8")
    person.waits_until(lambda: window.controller.is_stepping)

    assert words(person)["fc1"] not in (None, "–")


def test_it_is_measured_with_what_is_edited_on_the_walk_and_says_so(person, window):
    person.presses("Ctrl+H", "F10")
    waits_for_number(person)
    person.waits_until(lambda: window.controller.is_stepping)
    before = words(person)["fc1"]

    window.controller.what_if(EditNumber("fc2_b", (0,), 99.0))
    person.waits_until(lambda: "At step 1, with 1 edited number." in legend(person).words)
    assert words(person)["fc1"] != before

    window.controller.what_if(PutBack())
    person.waits_until(lambda: "At step 1." in legend(person).words)
    assert words(person)["fc1"] == before


def test_what_is_refused_before_any_training_leaves_what_was_measured(person, window):
    person.presses("Ctrl+H", "F10")
    waits_for_number(person)
    person.waits_until(lambda: window.controller.is_stepping and window.pictures.step == 0)
    before = words(person)

    window.controller.what_if(EditNumber("fc1_w", (999, 0), 1.0))
    person.waits_until(lambda: "has no place" in person.toast())
    person.qtbot.wait(100)

    assert words(person) == before
    assert window.pictures.step == 0
    assert "has no place" in person.toast()


def test_weights_that_are_loaded_before_any_training_are_measured_in_place_of_the_first(
    person, window, tmp_path
):
    person.trains_until(20)
    person.pauses()
    weights = tmp_path / "net.safetensors"
    person.saves_weights(weights)
    person.presses("Ctrl+Shift+F5", "Ctrl+H")
    person.waits_until(lambda: window.controller.steps == 0)
    person.presses("Ctrl+Shift+T")
    waits_for_number(person)
    fresh = words(person)["fc1"]

    window.controller.load_weights(weights)

    person.waits_until(lambda: words(person)["fc1"] not in (fresh, "–"))
    latest = window.over_time._record.latest
    assert latest is not None
    assert brief(latest.nodes["fc1"].gradient) == words(person)["fc1"]


def test_only_activations_can_be_dead(person, window):
    person.presses("Ctrl+H", "Ctrl+H", "Ctrl+H")
    waits_for_number(person, "relu1")

    assert words(person)["relu1"].endswith(" %")
    assert words(person)["fc1"] == "–"
    assert "0 % to 100 %" in legend(person).words


@pytest.mark.parametrize("name, unit", [("Heat by time", "s"), ("Heat by memory", "B")])
def test_time_and_memory_are_measured_on_the_batch(person, name, unit):
    person.chooses("View", "Heat on cards", name)
    waits_for_number(person)

    assert words(person)["fc1"].endswith(unit)
    assert "Median of 5 passes on 32 rows." in legend(person).words


def test_time_is_measured_without_what_is_edited_and_it_says_so(person, window):
    person.presses("F10")
    person.waits_until(lambda: window.controller.is_stepping)
    window.controller.what_if(EditNumber("data_y", (0,), 99))
    person.waits_until(lambda: window.controller.edits.all)

    person.chooses("View", "Heat on cards", "Heat by time")
    waits_for_number(person)

    assert "passes on 32 rows, without 1 edited number." in " ".join(legend(person).words)


def test_while_time_is_measured_it_says_how_far_it_is_and_esc_stops_it(person, window, held_up):
    held_up.closes()
    person.chooses("View", "Heat on cards", "Heat by time")
    person.waits_until(lambda: "Measuring: " in " ".join(legend(person).words))
    assert "calls. Esc stops it" in " ".join(legend(person).words)
    assert "unknown: it is not measured yet" in legend(person).words
    window.view.setFocus()

    person.presses("Esc")
    held_up.opens()
    person.waits_until(lambda: not legend(person).isVisible())
    assert chosen(person) == ["off"]
    profiled = []
    window.controller.profiled.connect(profiled.append)
    person.presses("F10")
    person.waits_until(lambda: window.controller.is_stepping)
    assert not profiled

    person.chooses("View", "Heat on cards", "Heat by time")
    waits_for_number(person)


def test_where_time_cannot_be_measured_it_says_why_and_waits_no_longer(person, monkeypatch):
    def full(*arguments: object) -> float:
        raise torch.OutOfMemoryError("out of memory")

    with monkeypatch.context() as there_is_no_room:
        there_is_no_room.setattr(profiling, "_timed", full)
        person.chooses("View", "Heat on cards", "Heat by time")
        person.waits_for_news("calls cost cannot be measured")
    person.waits_until(lambda: chosen(person) == ["off"])
    assert not legend(person).isVisible()

    person.chooses("View", "Heat on cards", "Heat by time")
    waits_for_number(person)


def test_an_edit_makes_the_numbers_unknown_and_says_how_to_have_them_again(person, window):
    person.chooses("View", "Heat on cards", "Heat by time")
    waits_for_number(person)
    window.view.select(["relu1"])
    person.presses("Ctrl+Del")

    person.waits_until(lambda: set(words(person).values()) == {"–"})
    assert "Not measured yet: train (F5) or step (F10)" in legend(person).words
    person.presses("F10")
    waits_for_number(person)


def test_a_group_shows_what_is_in_it_all_together(person, window):
    person.chooses("View", "Heat on cards", "Heat by memory")
    waits_for_number(person)
    window.view.select(["fc1", "relu1"])
    person.presses("Ctrl+G")
    (group,) = person.graph.groups

    person.waits_until(lambda: words(person).get(group) not in (None, "–"))


def test_a_card_has_the_colour_that_its_number_has_in_the_legend(person, window):
    person.chooses("View", "Heat on cards", "Heat by time")
    waits_for_number(person)
    QApplication.processEvents()
    item = window.scene.nodes["fc1"]

    at = window.view.mapFromScene(item.box.left() + 70, item.box.top() + 5.5)

    colour = window.view.grab().toImage().pixelColor(at).name()
    assert colour == theme.sequential(item.heat.share)

"""A person steps backward: wires tell how large gradients are, forks how they add up."""

from math import log10

import pytest
from PySide6.QtCore import QPointF, Qt

from explorer.app.canvas.step_legend import StepLegend
from explorer.app.canvas.sum_box import SumBox, SumMark
from explorer.app.canvas.wire_item import WireItem
from tests import nets

from ..hand import Hand
from .agreement import assert_shows, own_stepper


@pytest.fixture
def forked(person, residual, tmp_path):
    """A net in which relu1 is read twice, and a stepper of one's own on its first batch."""
    person.opens_graph(residual, tmp_path / "residual.json")
    return own_stepper(person.graph)


def wire(person, target: str) -> WireItem:
    return person.window.scene.wires[target]


def tip(person, target: str) -> str:
    """What is said where the pointer is on a wire."""
    scene = person.window.scene
    path = wire(person, target).path()
    return scene.tip_at(path.pointAtPercent(0.5))


def sums(person, kind: type) -> list:
    return [item for item in person.window.scene.items() if isinstance(item, kind)]


def stands_behind(person, own, position: int) -> None:
    person.window.controller.go_to(position)
    own.go_to(position)
    assert_shows(person, own)


def test_a_wire_is_as_thick_as_its_gradient_is_large_and_says_the_norm(person, window, forked):
    before = wire(person, "relu1.x").pen().widthF()
    person.presses("Shift+F8")
    forked.run_to_end()
    assert_shows(person, forked)

    for target, variable in {"fc3.x": "dadd1", "fc2.x": "dfc2_x", "relu1.x": "dfc1"}.items():
        norm = float(forked.session.namespace[variable].norm())
        assert wire(person, target).pen().widthF() == pytest.approx(6 + log10(norm), abs=0.01)
        assert f"= {norm:#.4g}, from {target}" in tip(person, target)
    assert "‖d relu1.out‖" in tip(person, "fc2.x")
    assert "norm of a gradient" in tip(person, "fc2.x")
    assert wire(person, "fc1.x").gradients == ()

    person.presses("Shift+Esc")
    person.waits_until(lambda: not window.controller.is_stepping)
    assert wire(person, "relu1.x").pen().widthF() == before
    assert "‖" not in tip(person, "relu1.x")


def test_no_gradient_makes_a_wire_thinner_or_thicker_than_can_be_seen(person, tmp_path):
    graph = nets.build(
        {
            "a": ("Parameter", {"value": 3.0, "position": (0, 0)}),
            "huge": ("Parameter", {"value": 1e6, "position": (0, 200)}),
            "product": ("Multiply", {"position": (300, 0)}),
            "none": ("Parameter", {"value": 0.0, "position": (0, 400)}),
            "end": ("Multiply", {"position": (600, 0)}),
        },
        *("a.out product.a", "huge.out product.b", "product.out end.a", "none.out end.b"),
    )
    person.opens_graph(graph, tmp_path / "extremes.json")
    person.presses("Shift+F8")
    person.waits_until(lambda: wire(person, "product.a").gradients)

    assert wire(person, "end.b").pen().widthF() == 6
    nothing = wire(person, "product.a")
    assert nothing.pen().widthF() == 1
    assert nothing.pen().style() == Qt.PenStyle.CustomDashLine


@pytest.mark.parametrize(
    ("factor", "label", "told"), [(1.0, "∞", "∞ (infinite)"), (0.0, "NaN", "NaN (not a number)")]
)
def test_a_gradient_that_is_no_number_is_told_as_that_and_how_to_find_its_origin(
    person, tmp_path, factor, label, told
):
    graph = nets.build(
        {
            "a": ("Parameter", {"value": [0.0, 0.0], "position": (0, 0)}),
            "root": ("Sqrt", {"position": (300, 0)}),
            "factor": ("Parameter", {"value": factor, "position": (300, 200)}),
            "product": ("Multiply", {"position": (600, 0)}),
            "sum": ("Sum", {"position": (900, 0)}),
        },
        *("a.out root.x", "root.out product.a", "factor.out product.b", "product.out sum.x"),
    )
    person.opens_graph(graph, tmp_path / "steep.json")
    person.presses("Shift+F8")
    person.waits_until(lambda: wire(person, "root.x").gradients)

    assert wire(person, "root.x").label.words == f"‖d‖ {label}"
    assert f"‖d a.out‖ = {told}, from root.x" in tip(person, "root.x")
    assert "breakpoint on NaN or infinite" in tip(person, "root.x")
    assert wire(person, "root.x").pen().widthF() == 6
    assert "breakpoint" not in tip(person, "product.a")


def test_where_gradients_meet_the_canvas_adds_them_up(person, window, forked):
    (fork,) = (call for call in forked.calls if call.is_addition)
    stands_behind(person, forked, fork.index)
    assert not sums(person, SumBox)
    assert not sums(person, SumMark)

    person.presses("F10")
    forked.step()
    assert_shows(person, forked)
    (box,) = sums(person, SumBox)
    held = forked.session.namespace
    lines = [f"{held[name].norm().item():#.4g}" for name in ("dadd1_a", "dfc2_x", "drelu1")]
    assert box.words.splitlines() == [
        "2 gradients of relu1.out add up",
        f"add1.a {lines[0]}",
        f"+ fc2.x {lines[1]}",
        f"= d relu1.out {lines[2]}",
    ]
    port = window.scene.end_point("relu1.out")
    assert box.pos() == port
    view = window.view.viewport().rect().toRectF()
    shown = box.deviceTransform(window.view.viewportTransform()).mapRect(box._box)
    assert view.contains(shown)
    head = window.view.mapFromScene(window.scene.nodes["relu1"].box.topLeft()).y()
    assert shown.bottom() < head or shown.top() > window.view.mapFromScene(port).y()

    person.presses("F10")
    forked.step()
    assert_shows(person, forked)
    assert not sums(person, SumBox)
    (mark,) = sums(person, SumMark)
    assert mark.pos() == port
    said = window.scene.tip_at(port)
    assert f"{lines[0]} from add1.a" in said
    assert f"+ {lines[1]} from fc2.x" in said
    assert f"= {lines[2]}" in said

    person.presses("Shift+F10", "Shift+F10")
    forked.go_to(forked.position - 2)
    assert_shows(person, forked)
    assert not sums(person, SumMark)
    assert "add up" not in window.scene.tip_at(port)


def test_the_gradients_of_a_shared_weight_are_added_up_at_the_card_that_has_it(
    person, window, tmp_path
):
    person.opens_graph(nets.shared(), tmp_path / "shared.json")
    own = own_stepper(person.graph)
    weights, biases = (call for call in own.calls if call.is_addition)
    stands_behind(person, own, weights.index + 1)
    corner = window.scene.nodes["fc1"].box.topRight()

    (box,) = sums(person, SumBox)
    held = own.session.namespace
    norms = {name: f"{held[f'dfc1_w_in_{name}'].norm():#.4g}" for name in ("fc3", "fc2", "fc1")}
    whole = sum(held[f"dfc1_w_in_{name}"] for name in norms)
    assert box.words.splitlines() == [
        "3 gradients of fc1.w add up",
        f"fc3.w {norms['fc3']}",
        f"+ fc2.w {norms['fc2']}",
        f"+ fc1.w {norms['fc1']}",
        f"= d fc1.w {whole.norm():#.4g}",
    ]
    assert box.pos() == corner
    view = window.view.viewport().rect().toRectF()
    assert view.contains(box.deviceTransform(window.view.viewportTransform()).mapRect(box._box))

    stands_behind(person, own, biases.index + 1)
    (box,) = sums(person, SumBox)
    assert box.words.startswith("3 gradients of fc1.b add up")
    stands_behind(person, own, len(own.session.program.calls) + 1)
    assert not sums(person, SumBox)
    assert [mark.pos() for mark in sums(person, SumMark)] == [corner, corner]
    said = window.scene.tip_at(corner - QPointF(10, -4))
    assert "3 gradients of fc1.w add up" in said
    assert f"{norms['fc3']} from fc3.w" in said
    assert "3 gradients of fc1.b add up" in said


def test_gradients_that_are_single_numbers_are_added_up_as_numbers(person, window, tmp_path):
    graph = nets.build(
        {
            "a": ("Parameter", {"value": 3.0, "position": (0, 0)}),
            "minus": ("Negative", {"position": (300, 0)}),
            "c": ("Multiply", {"position": (600, 0)}),
        },
        *("a.out minus.x", "minus.out c.a", "a.out c.b"),
    )
    person.opens_graph(graph, tmp_path / "numbers.json")
    person.presses("Shift+F8")
    person.waits_until(lambda: sums(person, SumMark))
    (fork,) = (call for call in window.controller.calls if call.is_addition)
    window.controller.go_to(fork.index + 1)
    person.waits_until(lambda: sums(person, SumBox))

    (box,) = sums(person, SumBox)
    assert box.words.startswith("d a.out = -3.000 + (-3.000) = -6.000")
    assert "= d a.out -6.000" in box.words


def test_the_explanation_of_a_sum_names_where_its_parts_come_from(person, window, forked):
    (fork,) = (call for call in forked.calls if call.is_addition)
    person.presses("Ctrl+E")
    stands_behind(person, forked, fork.index + 1)
    person.waits_until(
        lambda: person.sees("relu1 · gradients from add1 and fc2 add up", window.explain)
    )


def test_a_group_s_wire_tells_of_every_gradient_on_it(person, window, forked):
    hand = Hand(window.view)
    hand.click(hand.title("fc2"))
    hand.click(hand.title("add1"), Qt.KeyboardModifier.ShiftModifier)
    person.presses("Ctrl+G", "Shift+F8")
    forked.run_to_end()
    person.waits_until(lambda: sums(person, SumMark))

    (into,) = (w for w in window.scene.wires.values() if w.source == "relu1.out")
    assert {each.sender for each in into.gradients} == {"add1.a", "fc2.x"}
    norms = [each.measure.norm for each in into.gradients]
    assert into.pen().widthF() == pytest.approx(6 + log10(max(norms)), abs=0.01)
    (mark,) = sums(person, SumMark)
    assert mark.pos() == window.scene.end_point("relu1.out")


def test_a_legend_says_what_the_show_means_while_there_is_one(person, window, forked):
    legend = person.labelled("Legend of stepping", window, StepLegend)
    assert not legend.isVisible()

    person.presses("F10")
    person.waits_until(legend.isVisible)
    assert "norm of a gradient" in legend.toolTip()
    cards = [item.area for item in window.scene.nodes.values()]
    below = window.view.mapToScene(legend.geometry()).boundingRect()
    assert not any(card.intersects(below) for card in cards)
    assert not (
        window.view.minimap.isVisible()
        and window.view.minimap.geometry().intersects(legend.geometry())
    )

    person.presses("Shift+Esc")
    person.waits_until(lambda: not legend.isVisible())


def test_what_does_not_run_is_crossed_off_and_says_so(person, window, forked):
    hand = Hand(window.view)
    hand.drop("Tanh", hand.empty())
    lonely = window.scene.nodes["tanh1"]
    person.presses("F10")
    person.waits_until(lambda: lonely.progress == "skipped")

    scene = window.scene
    assert "does not run" in scene.tip_at(lonely.box.center())
    assert "forward call has run" in scene.tip_at(scene.nodes["data"].box.center())
    assert "has run" not in scene.tip_at(scene.nodes["fc1"].box.center())

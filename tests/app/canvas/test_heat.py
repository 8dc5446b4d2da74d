"""How warm a number is, and how it reads."""

from math import inf, nan

import pytest

from explorer import Graph
from explorer.app import theme
from explorer.app.canvas.card_painter import broken_brush, unknown_brush
from explorer.app.canvas.heat import show
from explorer.app.canvas.heat.heat import KINDS, Scale, time_text
from explorer.app.canvas.heat.legend import HeatLegend
from explorer.app.canvas.scene import GraphScene
from explorer.app.canvas.view import GraphView
from explorer.training import Measured
from explorer.training.monitoring import LayerMeasures


def test_a_ramp_goes_from_the_least_to_the_largest_by_powers_of_ten():
    scale = Scale.of(KINDS["gradient"], [1e-4, 1e-2, 1.0])

    assert scale is not None
    assert [scale.share(value) for value in (1e-4, 1e-2, 1.0)] == pytest.approx([0.0, 0.5, 1.0])
    assert scale.share(0.0) == 0.0


def test_a_number_that_is_next_to_nothing_does_not_use_up_the_ramp():
    scale = Scale.of(KINDS["ratio"], [1e-30, 1e-3])

    assert scale is not None
    assert scale.low == pytest.approx(1e-9)


def test_a_share_is_shown_as_it_is():
    scale = Scale.of(KINDS["dead"], [0.2])

    assert scale == Scale(0.0, 1.0, True)
    assert scale.share(0.2) == 0.2


def test_one_number_alone_is_warm_and_none_have_no_scale():
    alone = Scale.of(KINDS["time"], [3.0])

    assert alone is not None
    assert alone.share(3.0) in (0.0, 1.0)
    assert Scale.of(KINDS["time"], []) is None
    assert Scale.of(KINDS["gradient"], [0.0, inf]) is None


@pytest.mark.parametrize(
    "seconds, words",
    [(1.25, "1.2 s"), (12.0, "12 s"), (3.4e-3, "3.4 ms"), (56e-6, "56 µs"), (2e-7, "0.2 µs")],
)
def test_times_read_in_their_unit(seconds, words):
    assert time_text(seconds) == words


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=lambda t: t.name)
def test_the_ramp_is_told_apart_by_lightness_alone(colours):
    steps = [theme.sequential(step / 10, colours) for step in range(11)]
    inks = [theme.contrast(step, steps[0]) for step in steps]

    assert inks == sorted(inks)
    assert inks[-1] > 6
    # Half way between black and white no ink stands out more than fourfold.
    assert all(theme.contrast(theme.readable_on(step), step) >= 3.9 for step in steps)


def test_what_was_measured_is_gone_over_once_however_many_cards_there_are(qtbot, monkeypatch):
    graph, passes = Graph(), []
    for number in range(5):
        graph.add("ReLU", id=f"relu{number}")
    view = GraphView(GraphScene(graph))
    qtbot.addWidget(view)
    heat = show.HeatShow(view)
    heat.choose("gradient")
    read = show.of_layers
    monkeypatch.setattr(show, "of_layers", lambda *given: passes.append(1) or read(*given))

    each = LayerMeasures(0.5, 0.1, 0.0, 1.0, 0.0, learns=True, is_activation=True)
    heat.show_measured(Measured(0, dict.fromkeys(graph.nodes, each)))

    assert [item.heat.words for item in view.graph_scene.nodes.values()] == ["0.5"] * 5
    assert passes == [1]


@pytest.fixture
def heat(qtbot) -> show.HeatShow:
    """Cards a, b and c painted by the norm of their gradients, none of which is measured yet."""
    graph = Graph()
    for id in "abc":
        graph.add("ReLU", id=id)
    view = GraphView(GraphScene(graph))
    qtbot.addWidget(view)
    heat = show.HeatShow(view)
    heat.choose("gradient")
    return heat


def measured(**gradients: float | None) -> Measured:
    return Measured(
        4,
        {
            id: LayerMeasures(norm, None, 0.0, 1.0, None, learns=False, is_activation=True)
            for id, norm in gradients.items()
        },
    )


def cards(heat: show.HeatShow) -> dict[str, tuple[str, bool]]:
    """What the number on each card says, and whether the card is painted as broken."""
    nodes = heat.parent().graph_scene.nodes.items()
    return {id: (item.heat.words, item.heat.is_broken) for id, item in nodes}


def legend(heat: show.HeatShow) -> str:
    (found,) = heat.parent().findChildren(HeatLegend)
    return " ".join(found.words)


def test_a_gradient_that_is_nan_or_infinite_is_told_from_one_that_there_is_not(heat):
    heat.show_measured(measured(a=nan, b=None, c=inf))

    assert cards(heat) == {"a": ("NaN", True), "b": ("–", False), "c": ("∞", True)}
    tips = {id: item.heat.told for id, item in heat.parent().graph_scene.nodes.items()}
    assert tips["a"].startswith("Gradient norm: NaN. ")
    assert tips["b"] == "Gradient norm unknown: no gradient flows there"
    assert "NaN or infinite at 2 nodes" in legend(heat)
    assert "At step 5." in legend(heat)
    assert broken_brush().style() != unknown_brush().style()


def test_what_is_nan_at_one_node_leaves_the_ramp_to_the_others(heat):
    heat.show_measured(measured(a=nan, b=0.1, c=10.0))

    shares = [item.heat.share for item in heat.parent().graph_scene.nodes.values()]
    assert shares == [None, 0.0, 1.0]
    assert "0.1 to 10" in legend(heat)
    assert "NaN or infinite at 1 node" in legend(heat)


def test_gradients_that_are_all_0_are_told_as_such(heat):
    heat.show_measured(measured(a=0.0, b=0.0, c=None))

    assert [words for words, _ in cards(heat).values()] == ["0", "0", "–"]
    assert "NaN" not in legend(heat)

"""A wrong gradient is found, wherever it is planted, and the right one is named first."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

import explorer
from explorer import Graph, layers
from explorer.layers import Layer
from explorer.program.errors import relative_error

Graphs = dict[str, Callable[[], Graph]]
Make = Callable[..., Graph]


def test_right_gradients_pass(graph: Graph) -> None:
    checked = explorer.verify(graph)

    assert checked.ok and checked.first_wrong is None
    assert [check.path for check in checked][0] == explorer.compile(graph).loss
    for check in checked:
        assert check.checked == min(24, check.size)


def test_every_parameter_and_every_wire_on_the_way_is_checked(graphs: Graphs) -> None:
    checked = explorer.verify(graphs["three_ways"]())

    assert [check.path for check in checked] == [
        *("sum.out", "join.out", "gate.out", "one.out", "two.out", "fc1.out"),
        *("x.out", "fc1.w", "fc1.b"),
    ]
    assert [check.path for check in checked if check.is_parameter] == ["fc1.w", "fc1.b"]
    assert checked["fc1.w"].size == 9


def around(kind: type[Layer], make: Make) -> tuple[Graph, list[str]]:
    """A net with a layer that gets gradients on its way, and the paths that it gives one to."""
    name = kind.name()
    if not kind.inputs:
        graph = make({"op": (name, {}), "sum": ("Sum", {})}, "op.out sum.x")
        return graph, ["op.value"]
    if kind.is_loss:
        data = {"dataset": "iris"} if name == "CrossEntropyLoss" else {}
        width = 3 if name == "CrossEntropyLoss" else 1
        graph = make(
            {
                "data": ("Data", data),
                "fc": ("Linear", {"out_features": width}),
                "sig": ("Sigmoid", {}),
                "op": (name, {}),
            },
            *("data.x fc.x", "fc.out sig.x", "sig.out op.y_hat", "data.y op.y"),
        )
        return graph, ["sig.out"]
    bend, total = ("Tanh" if name == "Sigmoid" else "Sigmoid"), ("Mean" if name == "Sum" else "Sum")
    nodes: dict[str, Any] = {"op": (name, {}), "end": (bend, {}), "sum": (total, {})}
    wires = [f"op.{kind.outputs[0]} end.x", "end.out sum.x"]
    for port in kind.inputs:
        nodes[f"in_{port}"] = ("Input", {"shape": (3,)})
        wires.append(f"in_{port}.out op.{port}")
    graph = make(nodes, *wires)
    paths = [f"in_{port}.out" for port in kind.inputs]
    return graph, paths + [f"op.{w}" for w in graph.analysis.report("op").parameters]


PLANTED = (
    *("Linear", "Parameter", "ReLU", "Sigmoid", "Tanh", "Flatten"),
    *("Add", "Multiply", "Sum", "Mean"),
    *("MSELoss", "BCELoss", "BCEWithLogitsLoss", "CrossEntropyLoss"),
)
"""Layers in which a wrong gradient is planted."""


@pytest.fixture(params=PLANTED)
def layer(request: pytest.FixtureRequest) -> type[Layer]:
    return layers.catalogue()[request.param]


def test_a_wrong_gradient_is_found_and_named_first(
    layer: type[Layer], make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph, paths = around(layer, make)
    assert explorer.verify(graph).ok, "unspoilt, it is right"
    right = layer.backward

    def wrong(*arguments: Any, **keywords: Any) -> Any:
        found = right(*arguments, **keywords)
        several = found if isinstance(found, tuple) else (found,)
        spoilt = tuple(None if g is None else g * 1.01 for g in several)
        return spoilt if isinstance(found, tuple) else spoilt[0]

    monkeypatch.setattr(layer, "backward", staticmethod(wrong))
    checked = explorer.verify(graph)

    assert not checked.ok
    assert checked.first_wrong is not None and checked.first_wrong.path in paths
    assert [blame.node for blame in checked.blamed] == ["op"], "and no node that it spoils"
    assert checked.blamed[0].layer == layer.name()
    assert checked.blamed[0].error == pytest.approx(0.01, rel=0.01)
    for path in paths:
        assert checked[path].against_autograd == pytest.approx(0.01, rel=0.01)
        assert checked[path].against_finite_differences == pytest.approx(0.01, rel=0.01)


def test_a_single_wrong_entry_is_found(graphs: Graphs, monkeypatch: pytest.MonkeyPatch) -> None:
    right = layers.Linear.backward

    def wrong(*arguments: Any, **keywords: Any) -> Any:
        dx, dw, db = right(*arguments, **keywords)
        return dx, dw, db.index_fill(0, torch.tensor([0]), 0.0)

    monkeypatch.setattr(layers.Linear, "backward", staticmethod(wrong))
    checked = explorer.verify(graphs["chain"]())

    assert checked.first_wrong is not None and checked.first_wrong.path == "fc2.b"
    assert checked["fc2.w"].ok and not checked["fc1.b"].ok
    assert [(blame.node, blame.gradient) for blame in checked.blamed] == [
        ("fc2", "db"),
        ("fc1", "db"),
    ]


@pytest.mark.parametrize("poison", [float("nan"), float("inf")])
def test_a_gradient_that_is_no_number_is_wrong(
    graphs: Graphs, monkeypatch: pytest.MonkeyPatch, poison: float
) -> None:
    def wrong(dout: Tensor, cache: tuple) -> Tensor:
        return dout * poison

    monkeypatch.setattr(layers.ReLU, "backward", staticmethod(wrong))
    checked = explorer.verify(graphs["chain"]())

    assert checked.first_wrong is not None and checked.first_wrong.path == "fc1.out"
    assert [blame.layer for blame in checked.blamed] == ["ReLU"]


def test_a_gradient_of_the_wrong_shape_is_wrong(
    graphs: Graphs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(dout: Tensor, cache: tuple) -> Tensor:
        return dout.sum(0)

    monkeypatch.setattr(layers.Tanh, "backward", staticmethod(wrong))
    checked = explorer.verify(graphs["residual"](), samples=3)

    assert checked.first_wrong is not None and checked.first_wrong.path == "fc1.out"
    assert [blame.layer for blame in checked.blamed] == ["Tanh"]


def test_a_kink_is_no_wrong_gradient(graphs: Graphs) -> None:
    graph = graphs["chain"]()
    graph.set("fc1", w_init="zeros", b_init="zeros")

    checked = explorer.verify(graph)

    assert checked.ok
    assert checked["fc1.out"].checked < checked["fc1.out"].size
    assert checked["fc2.w"].checked == checked["fc2.w"].size == 8


def test_a_batch_of_the_callers_own_is_used(graphs: Graphs) -> None:
    batch = {"x.out": torch.ones(2, 4, dtype=torch.float64)}

    checked = explorer.verify(graphs["residual"](), batch)

    assert checked["x.out"].size == 8 and checked.ok


def test_a_graph_that_cannot_run_is_refused() -> None:
    with pytest.raises(explorer.GraphError, match="the graph is empty"):
        explorer.verify(Graph())


@pytest.mark.parametrize(
    ("a", "b", "error"),
    [
        ([1.0, 2.0], [1.0, 2.0], 0.0),
        ([1.0, 2.0], [1.0, 1.0], 0.5),
        ([0.0, 0.0], [0.0, 1e-13], 0.0),
        ([float("nan")], [1.0], float("inf")),
        ([1.0], [1.0, 1.0], float("inf")),
        ([], [], 0.0),
    ],
)
def test_the_relative_error(a: list[float], b: list[float], error: float) -> None:
    assert relative_error(torch.tensor(a), torch.tensor(b)) == pytest.approx(error, abs=1e-6)

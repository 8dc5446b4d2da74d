"""A graph becomes straight-line calls, and only those that somebody reads the result of."""

import ast
from collections.abc import Callable
from textwrap import dedent
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.testing import assert_close

import explorer
from explorer import Graph, GraphError, Program

Make = Callable[..., Graph]
Rows = Callable[..., dict[str, Tensor]]


def by_hand(graph: Graph, program: Program, session: Any) -> dict[str, Tensor]:
    """Autograd's gradient of each parameter, running the layers along the wires."""
    leaves = {path: t.clone().requires_grad_() for path, t in session.parameters.items()}
    values: dict[str, Tensor] = dict(session.namespace["batch"])
    for id in graph.nodes:
        layer = graph.node(id).layer
        if layer.feeds():
            continue
        taken = [values[wire.source] for wire in graph.wires_into(id)]
        taken += [leaves[f"{id}.{w}"] for w in layer.weights if f"{id}.{w}" in leaves]
        *outputs, _ = layer.forward(*taken, **layer.keywords)
        values |= {f"{id}.{p}": out for p, out in zip(layer.outputs, outputs, strict=True)}
    if leaves:
        values[program.loss].backward()
    return {path: leaf.grad for path, leaf in leaves.items()}


def test_gradients_are_those_of_autograd(graph: Graph, rows: Rows) -> None:
    program = explorer.compile(graph)
    session = program.start(dtype=torch.float64)

    loss = session.forward(rows(program))
    found = session.backward()

    assert loss.shape == ()
    expected = by_hand(graph, program, session)
    assert set(found) == set(session.parameters) == set(expected)
    for path, gradient in expected.items():
        assert_close(found[path], gradient, rtol=1e-10, atol=1e-12)


def test_each_variable_is_assigned_once_and_read_after(graph: Graph) -> None:
    program = explorer.compile(graph)
    known = {"batch", *program.parameters.values(), program.gradients[program.loss]}

    for call in program.calls:
        assert set(call.inputs) <= known
        assert known.isdisjoint(call.outputs)
        known |= set(call.outputs)


def test_a_call_is_a_statement_of_the_source(graph: Graph) -> None:
    program = explorer.compile(graph)
    lines = program.source.splitlines()

    assert [call.index for call in program.calls] == list(range(len(program.calls)))
    for call in program.calls:
        written = dedent("\n".join(lines[call.line - 1 : call.last_line]))
        assert ast.dump(ast.parse(written)) == ast.dump(ast.parse(call.text))
        assert lines[call.line - 2] == f"    # {call.comment}"
        assert call.phase in ("forward", "backward")
        statement = ast.parse(call.text).body[0]
        names = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name)} - {"layers", "_"}
        assert names - {"batch"} == {*call.inputs, *call.outputs}


def test_forward_calls_come_first_and_backward_calls_in_reverse(graph: Graph) -> None:
    program = explorer.compile(graph)

    phases = [call.phase for call in program.calls]
    forward = [call.node for call in program.forward_calls]
    backward = list(dict.fromkeys(call.node for call in program.backward_calls))

    assert phases == sorted(phases, reverse=True)
    assert len(set(forward)) == len(forward)
    assert backward == [id for id in reversed(forward) if id in backward]
    assert program.calls == program.forward_calls + program.backward_calls


def test_the_starter_net_compiles_to_these_calls(graphs: dict[str, Callable[[], Graph]]) -> None:
    program = explorer.compile(graphs["chain"]())

    assert [call.text for call in program.calls] == [
        'data_x, data_y, _ = layers.Data.forward(batch["data.x"], batch["data.y"])',
        "fc1, fc1_cache = layers.Linear.forward(data_x, fc1_w, fc1_b)",
        "relu1, relu1_cache = layers.ReLU.forward(fc1)",
        "fc2, fc2_cache = layers.Linear.forward(relu1, fc2_w, fc2_b)",
        "loss, loss_cache = layers.BCEWithLogitsLoss.forward(fc2, data_y, reduction='mean')",
        "dfc2, _ = layers.BCEWithLogitsLoss.backward(dloss, loss_cache, needs=('y_hat',))",
        "drelu1, dfc2_w, dfc2_b = layers.Linear.backward(dfc2, fc2_cache)",
        "dfc1 = layers.ReLU.backward(drelu1, relu1_cache)",
        "_, dfc1_w, dfc1_b = layers.Linear.backward(dfc1, fc1_cache, needs=('w', 'b'))",
    ]
    assert program.compared == ("fc2", "data_y")
    assert program.loss_kind == "BCEWithLogitsLoss"


def test_a_fork_adds_its_gradients_up_in_a_call_of_its_own(
    graphs: dict[str, Callable[[], Graph]],
) -> None:
    for name, parts in (("square", 2), ("three_ways", 3)):
        program = explorer.compile(graphs[name]())
        (addition,) = (call for call in program.calls if call.is_addition)

        assert addition.node == "fc1"
        assert addition.outputs == ("dfc1",)
        assert addition.text == f"dfc1 = {' + '.join(addition.inputs)}"
        assert len(addition.inputs) == len(set(addition.inputs)) == parts
        assert f"fc1.out is read {parts} times" in addition.comment


def test_the_same_output_into_both_ports_gives_twice_the_gradient(
    graphs: dict[str, Callable[[], Graph]],
) -> None:
    program = explorer.compile(graphs["square"]())
    session = program.start()
    session.forward({"x.out": torch.randn(4, 3)})
    session.backward()

    assert_close(session.gradient("fc1.out"), 2 * session.value("fc1.out"))


def test_a_graph_of_numbers_alone(graphs: dict[str, Callable[[], Graph]]) -> None:
    session = explorer.compile(graphs["scalar"]()).start()

    assert float(session.forward({})) == 15
    assert {k: float(v) for k, v in session.backward().items()} == {"a.value": 5, "b.value": 3}
    assert float(session.gradient("c.out")) == 1
    assert float(session.gradient("a.out")) == 5


def test_an_input_gets_a_gradient_and_data_gets_none(
    graphs: dict[str, Callable[[], Graph]],
) -> None:
    fed = explorer.compile(graphs["residual"]())
    data = explorer.compile(graphs["diamond"]())

    assert "x.out" in fed.gradients
    assert not {"data.x", "data.y"} & data.gradients.keys()
    assert "_, dleft_w, dleft_b = layers.Linear.backward(" in data.source
    assert "needs=('w', 'b')" in data.source


def test_a_frozen_path_has_no_backward_call(make: Make) -> None:
    graph = make(
        {
            "data": ("Data", {}),
            "pre": ("Tanh", {}),
            "fc1": ("Linear", {"out_features": 1}),
            "loss": ("MSELoss", {}),
            "post": ("Sigmoid", {}),
        },
        *("data.x pre.x", "pre.out fc1.x", "fc1.out loss.y_hat", "data.y post.x"),
        "post.out loss.y",
    )

    program = explorer.compile(graph)

    assert [call.node for call in program.backward_calls] == ["loss", "fc1"]
    assert "pre, _ = layers.Tanh.forward(data_x)" in program.source
    assert explorer.verify(graph).ok


def test_a_graph_with_nothing_to_learn_still_runs(
    graphs: dict[str, Callable[[], Graph]], rows: Rows
) -> None:
    program = explorer.compile(graphs["nothing_to_learn"]())
    session = program.start()

    assert program.backward_calls == ()
    assert session.forward(rows(program)).shape == ()
    assert session.backward() == {}


def test_what_does_not_reach_the_loss_is_left_out(
    graphs: dict[str, Callable[[], Graph]],
) -> None:
    graph = graphs["chain"]()
    graph.add("Tanh", id="aside")
    graph.add("Sum", id="total")
    graph.connect("fc1.out", "aside.x")
    graph.add("Linear", id="loose")

    program = explorer.compile(graph, loss="loss.loss")

    assert program.left_out == ("aside", "total", "loose")
    assert not [call for call in program.calls if call.node in program.left_out]
    assert not [call for call in program.calls if call.is_addition]


def test_of_several_losses_the_caller_says_which(
    graphs: dict[str, Callable[[], Graph]],
) -> None:
    graph = graphs["chain"]()
    graph.add("Sum", id="size")
    graph.connect("fc1.out", "size.x")

    with pytest.raises(GraphError, match="could be the loss: loss.loss and size.out"):
        explorer.compile(graph)

    assert explorer.compile(graph, loss="size.out").left_out == ("relu1", "fc2", "loss")
    graph.train_with(loss="loss.loss")
    assert explorer.compile(graph).loss == "loss.loss"
    with pytest.raises(GraphError, match="no such output"):
        explorer.compile(graph, loss="fc9.out")


def test_a_graph_with_faults_names_each_of_them(
    graphs: dict[str, Callable[[], Graph]],
) -> None:
    graph = graphs["chain"]()
    graph.disconnect("loss.y")
    graph.disconnect("fc1.x")

    with pytest.raises(GraphError) as refused:
        explorer.compile(graph)

    assert {problem.node for problem in refused.value.problems} == {"fc1", "loss"}

"""The page of Python: it runs by itself, no name can break it, and errors point into it."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

import explorer
from explorer import Graph, layers

Make = Callable[..., Graph]
Rows = Callable[..., dict[str, Tensor]]


def test_the_source_runs_by_itself_and_gives_the_sessions_bits(graph: Graph, rows: Rows) -> None:
    program = explorer.compile(graph)
    session = program.start(seed=3)
    batch = rows(program)
    loss = session.forward(batch)
    gradients = session.backward()

    namespace: dict[str, Any] = {}
    exec(compile(program.source, "page.py", "exec"), namespace)
    again, compared, cache = namespace["forward"](batch, *session.parameters.values())
    found = namespace["backward"](torch.ones(()), cache)

    assert torch.equal(again, loss)
    assert list(found) == list(gradients)
    assert all(torch.equal(found[path], gradients[path]) for path in found)
    for variable, tensor in zip(program.compared, compared, strict=True):
        assert torch.equal(tensor, session.namespace[variable])
    assert cache == [], "backward lets go of what it no longer needs"


def test_the_source_reads_like_a_page() -> None:
    graph = Graph()
    graph.add("Data", id="data")
    graph.add("Linear", id="fc1", out_features=1, title="head")
    graph.add("MSELoss", id="loss")
    for wire in ("data.x fc1.x", "fc1.out loss.y_hat", "data.y loss.y"):
        graph.connect(*wire.split())

    assert explorer.compile(graph, name="tiny").source.splitlines() == [
        '"""tiny: one forward call per node, then one backward call in reverse."""',
        "",
        "from explorer import layers",
        "",
        "",
        "def forward(batch, fc1_w, fc1_b):",
        "    # data · Data (N, 2), (N, 1)",
        '    data_x, data_y, _ = layers.Data.forward(batch["data.x"], batch["data.y"])',
        '    # fc1 "head" · Linear (N, 2) → (N, 1)',
        "    fc1, fc1_cache = layers.Linear.forward(data_x, fc1_w, fc1_b)",
        "    # loss · MSELoss (N, 1), (N, 1) → ()",
        "    loss, loss_cache = layers.MSELoss.forward(fc1, data_y, reduction='mean')",
        "    return loss, (fc1, data_y), [fc1_cache, loss_cache]",
        "",
        "",
        "def backward(dloss, cache):",
        "    [fc1_cache, loss_cache] = cache",
        "    cache.clear()",
        "    # loss · MSELoss gives dy_hat",
        "    dfc1, _ = layers.MSELoss.backward(dloss, loss_cache, needs=('y_hat',))",
        "    del dloss, loss_cache",
        "    # fc1 · Linear gives dw, db",
        "    _, dfc1_w, dfc1_b = layers.Linear.backward(dfc1, fc1_cache, needs=('w', 'b'))",
        "    del dfc1, fc1_cache",
        '    return {"fc1.w": dfc1_w, "fc1.b": dfc1_b}',
    ]


HARD_IDS = [
    *("fc1_cache", "dfc1", "fc1_w", "dfc1_w", "lambda", "layers", "batch", "cache", "forward"),
    *("backward", "_", "__", "None", "print", "dloss", "data_x", "__builtins__", "__debug__"),
    *("match", "torch", "explorer", "dbatch", "class", "_cache", "d_", "__name__"),
]


def test_no_id_collides_with_another_name(make: Make, rows: Rows) -> None:
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "data": ("Data", {"dataset": "random"}),
        "fc1": ("Linear", {"out_features": 4}),
        **{id: ("Linear", {"out_features": 4}) for id in HARD_IDS},
        "last": ("Linear", {"out_features": 1}),
        "loss": ("MSELoss", {}),
    }
    path = ["fc1", *HARD_IDS, "last"]
    graph = make(
        nodes,
        *("data.x fc1.x", "last.out loss.y_hat", "data.y loss.y"),
        *(f"{a}.out {b}.x" for a, b in zip(path, path[1:], strict=False)),
    )

    program = explorer.compile(graph)

    names = [*program.values.values(), *program.parameters.values(), *program.gradients.values()]
    assert len(set(names)) == len(names)
    assert explorer.verify(graph, samples=2).ok
    session = program.start()
    batch = rows(program)
    loss = session.forward(batch)
    gradients = session.backward()
    again, _, cache = program.functions.forward(batch, *session.parameters.values())
    found = program.functions.backward(torch.ones(()), cache)
    assert torch.equal(loss, again)
    assert all(torch.equal(gradients[path], found[path]) for path in found)


@pytest.mark.parametrize(
    "text",
    [
        '"""; raise SystemExit; """',
        "a\nraise SystemExit",
        "\\",
        '"',
        "\x00",
        "\ud800",
        "\u2028x",
        "é",
    ],
)
def test_no_title_and_no_name_can_break_the_page(
    graphs: dict[str, Callable[[], Graph]], text: str
) -> None:
    graph = graphs["scalar"]()
    graph.rename("c", text)

    session = explorer.compile(graph, name=text).start()

    assert float(session.forward({})) == 15
    assert session.program.functions.forward({}, *session.parameters.values())[0] == 15


def test_a_layer_that_fails_shows_the_generated_line(
    graphs: dict[str, Callable[[], Graph]], rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = explorer.compile(graphs["chain"]())
    session = program.start()

    def fails(x: Tensor) -> tuple:
        raise RuntimeError("planted")

    monkeypatch.setattr(layers.ReLU, "forward", staticmethod(fails))
    line = "relu1, relu1_cache = layers.ReLU.forward(fc1)"
    batch = rows(program)

    for run in (
        lambda: session.forward(batch),
        lambda: program.functions.forward(batch, *session.parameters.values()),
    ):
        with pytest.raises(RuntimeError, match="planted") as raised:
            run()
        entry = next(e for e in raised.traceback if str(e.path) == program.filename)
        assert str(entry.statement).strip() == line
        assert program.source.splitlines()[entry.lineno].strip() == line


def test_a_wide_net_keeps_to_the_page(make: Make) -> None:
    names = [f"quite_a_long_name_{number}" for number in range(30)]
    nodes: dict[str, Any] = {name: ("Parameter", {}) for name in names}
    nodes |= {f"s{number}": ("Add", {}) for number in range(29)}
    wires = [f"{names[0]}.out s0.a", f"{names[1]}.out s0.b"]
    for number in range(1, 29):
        wires += [f"s{number - 1}.out s{number}.a", f"{names[number + 1]}.out s{number}.b"]

    program = explorer.compile(make(nodes, *wires))

    texts = {call.text for call in program.calls}
    others = [line for line in program.source.splitlines() if line.strip() not in texts]
    assert max(map(len, others)) <= 96
    session = program.start()
    assert float(session.forward({})) == 30
    assert len(session.backward()) == 30

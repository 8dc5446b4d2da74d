"""A session feeds, runs, reads and loads; what does not fit is told by port and shape."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

import explorer
from explorer import Graph
from explorer.program import FeedError

Graphs = dict[str, Callable[[], Graph]]
Rows = Callable[..., dict[str, Tensor]]


def feed(x: Any = None, y: Any = None) -> dict[str, Tensor]:
    return {
        "data.x": torch.zeros(3, 2) if x is None else x,
        "data.y": torch.zeros(3, 1) if y is None else y,
    }


@pytest.mark.parametrize(
    ("fed", "message"),
    [
        ({}, "nothing is fed to data.x, data.y"),
        ({"data.x": torch.zeros(3, 2)}, "nothing is fed to data.y"),
        ({**feed(), "fc1.x": torch.zeros(3)}, "fc1.x takes no feed; this program is fed data.x, "),
        (feed(x=torch.zeros(3, 4)), r"data.x takes \(N, 2\); it was fed \(3, 4\)"),
        (feed(x=torch.zeros(3)), r"data.x takes \(N, 2\); it was fed \(3,\)"),
        (feed(x=torch.tensor(1.0)), r"data.x takes \(N, 2\); it was fed \(\)"),
        (feed(y=torch.zeros(3)), r"data.y takes \(N, 1\); it was fed \(3,\)"),
        (feed(y=torch.zeros(4, 1)), "as many rows: data.x 3, data.y 4"),
        (
            feed(y=torch.zeros(3, 1, dtype=torch.int64)),
            "data.y takes floats; it was fed torch.int64",
        ),
    ],
)
def test_what_does_not_fit_is_refused(graphs: Graphs, fed: dict, message: str) -> None:
    session = explorer.compile(graphs["chain"]()).start()

    with pytest.raises(FeedError, match=message):
        session.forward(fed)
    with pytest.raises(FeedError, match=message):
        explorer.Stepper(session, fed)


def test_floats_where_classes_are_wanted_are_refused(graphs: Graphs) -> None:
    session = explorer.compile(graphs["diamond"]()).start()

    with pytest.raises(FeedError, match="data.y takes whole numbers"):
        session.forward({"data.x": torch.zeros(2, 4), "data.y": torch.zeros(2)})


def test_a_program_that_is_fed_nothing_says_so(graphs: Graphs) -> None:
    session = explorer.compile(graphs["scalar"]()).start()

    with pytest.raises(FeedError, match="this program is fed nothing"):
        session.forward({"x.out": torch.zeros(2)})


@pytest.mark.parametrize("dtype", [torch.int32, torch.uint8, torch.int64])
def test_classes_may_be_any_whole_numbers(graphs: Graphs, dtype: torch.dtype) -> None:
    session = explorer.compile(graphs["diamond"]()).start()
    batch = {"data.x": torch.ones(2, 4), "data.y": torch.tensor([0, 2], dtype=dtype)}

    assert torch.isfinite(session.forward(batch))
    assert session.backward()


def test_a_session_computes_in_its_dtype(graphs: Graphs, rows: Rows) -> None:
    program = explorer.compile(graphs["chain"]())

    for dtype in (torch.float64, torch.bfloat16):
        session = program.start(dtype=dtype)
        assert session.forward(rows(program)).dtype == dtype
        assert {gradient.dtype for gradient in session.backward().values()} == {dtype}


def test_one_seed_gives_one_net(graphs: Graphs) -> None:
    program = explorer.compile(graphs["chain"]())
    first, second, other = (program.start(seed=seed).parameters for seed in (4, 4, 5))

    assert all(torch.equal(first[path], second[path]) for path in first)
    assert not torch.equal(first["fc1.w"], other["fc1.w"])


def test_parameters_are_live(graphs: Graphs) -> None:
    session = explorer.compile(graphs["scalar"]()).start()
    session.forward({})

    session.parameters["a.value"].fill_(10)

    assert float(session.forward({})) == 50
    assert session.value("a.value") is session.parameters["a.value"]


def test_a_fresh_session_does_not_share_its_start(graphs: Graphs) -> None:
    program = explorer.compile(graphs["scalar"]())
    program.start().parameters["a.value"].fill_(99)

    assert float(program.start().forward({})) == 15


def test_what_was_fed_is_left_alone(graphs: Graphs, rows: Rows) -> None:
    program = explorer.compile(graphs["chain"]())
    batch = rows(program)
    before = {path: tensor.clone() for path, tensor in batch.items()}
    session = program.start()

    session.forward(batch)
    session.backward()

    assert all(torch.equal(before[path], batch[path]) for path in batch)


def test_values_and_gradients_that_are_not_there_are_explained(graphs: Graphs, rows: Rows) -> None:
    program = explorer.compile(graphs["chain"]())
    session = program.start()

    def why(read: Callable[[str], Tensor], path: str) -> str:
        with pytest.raises(KeyError) as refused:
            read(path)
        return str(refused.value.args[0])

    assert why(session.value, "fc9.out") == "fc9.out is no value of this program"
    assert why(session.value, "fc1.out") == "fc1.out is not computed yet: run forward first"
    with pytest.raises(KeyError, match="run forward first"):
        session.backward()
    session.forward(rows(program))
    assert session.value("fc1.out").shape == (6, 8)
    assert why(session.gradient, "fc1.out").endswith("not computed yet: run backward first")
    session.backward()
    assert session.gradient("fc1.out").shape == (6, 8)
    assert session.gradient("fc1.w").shape == (2, 8)
    assert why(session.gradient, "data.x").endswith("nobody reads it, so it is not computed")
    assert why(session.gradient, "fc9.out").endswith("it is no value here")
    session.forward(rows(program))
    assert why(session.gradient, "fc1.w").endswith("run backward first")


def test_weights_are_put_in_place(graphs: Graphs, rows: Rows) -> None:
    program = explorer.compile(graphs["chain"]())
    session, other = program.start(seed=1), program.start(seed=2)
    live = dict(session.parameters)

    session.load(other.parameters)

    assert all(session.parameters[path] is live[path] for path in live)
    assert torch.equal(session.forward(rows(program)), other.forward(rows(program)))


def test_weights_of_another_net_are_refused_and_change_nothing(graphs: Graphs) -> None:
    session = explorer.compile(graphs["chain"]()).start()
    before = {path: tensor.clone() for path, tensor in session.parameters.items()}
    wrong = dict(before)
    wrong["fc2.w"] = torch.zeros(3, 3)

    with pytest.raises(ValueError, match=r"fc2.w is \(3, 3\) in these weights and \(8, 1\) in the"):
        session.load(
            {path: tensor + 1 for path, tensor in before.items()} | {"fc2.w": wrong["fc2.w"]}
        )
    with pytest.raises(ValueError, match="weights are of another net: fc1.w do not match"):
        session.load({path: t for path, t in before.items() if path != "fc1.w"})
    with pytest.raises(ValueError, match="another net: conv1.w"):
        session.load({**before, "conv1.w": torch.zeros(1)})

    assert all(torch.equal(before[path], session.parameters[path]) for path in before)

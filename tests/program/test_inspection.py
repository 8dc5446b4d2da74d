"""What a person sees of a tensor: statistics, a table and a picture, whatever the tensor."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

import explorer
from explorer import Graph, Stepper
from explorer.program import TensorSummary, inspect, summarize

Graphs = dict[str, Callable[[], Graph]]
Rows = Callable[..., dict[str, Tensor]]


def summary(tensor: Tensor) -> TensorSummary:
    return summarize("x", "x", "input", tensor)


def test_statistics_are_of_all_of_it() -> None:
    found = summary(torch.tensor([[1.0, 2.0], [3.0, -4.0]]))

    known = found.statistics
    assert (known.mean, known.minimum, known.maximum) == (0.5, -4.0, 3.0)
    assert known.std == pytest.approx(math.sqrt(7.25))
    assert known.norm == pytest.approx(math.sqrt(30))
    assert (found.shape, found.dtype, known.bad) == ((2, 2), "float32", 0)
    assert found.first.tolist() == [1, 2, 3, -4]
    assert found.picture.numbers.tolist() == [[1, 2], [3, -4]]


def test_nan_and_infinity_are_counted_and_left_out_of_the_statistics() -> None:
    found = summary(torch.tensor([1.0, float("nan"), float("inf"), -float("inf"), 3.0]))

    known = found.statistics
    assert known.bad == 3
    assert (known.mean, known.minimum, known.maximum) == (2.0, 1.0, 3.0)
    assert np.isnan(found.first[1]) and np.isinf(found.first[2])


def test_nothing_but_nan() -> None:
    known = summary(torch.full((2, 2), float("nan"))).statistics

    assert known.bad == 4
    assert all(math.isnan(v) for v in (known.mean, known.std, known.minimum, known.norm))


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0), (0, 2, 4, 4), (2, 0, 4, 4)])
def test_empty_tensors(shape: tuple[int, ...]) -> None:
    found = summary(torch.empty(shape))

    assert found.shape == shape
    assert found.first.size == found.picture.numbers.size == 0
    assert found.statistics.bad == 0 and math.isnan(found.statistics.mean)


@pytest.mark.parametrize(
    ("tensor", "dtype", "kind"),
    [
        (torch.tensor([3, 0, 2]), "int64", "i"),
        (torch.tensor([True, False, True]), "bool", "b"),
        (torch.tensor([1.5, 2.0], dtype=torch.bfloat16), "bfloat16", "f"),
        (torch.tensor([1.5, 2.0], dtype=torch.float16), "float16", "f"),
        (torch.tensor([1.5, 2.0], dtype=torch.float64), "float64", "f"),
    ],
)
def test_every_kind_of_number(tensor: Tensor, dtype: str, kind: str) -> None:
    found = summary(tensor)

    assert found.dtype == dtype
    assert found.first.dtype.kind == kind
    assert found.first.tolist() == tensor.tolist()
    assert found.statistics.mean == pytest.approx(tensor.double().mean().item())
    assert found.statistics.maximum == tensor.double().max().item()


def test_a_large_bfloat16_tensor_has_a_picture() -> None:
    found = summary(torch.ones(300, 300, dtype=torch.bfloat16))

    assert found.picture.numbers.shape == (100, 100)
    assert found.statistics.mean == 1.0


def test_a_number_is_one_cell_and_a_vector_one_row() -> None:
    assert summary(torch.tensor(2.0)).picture.numbers.tolist() == [[2.0]]
    assert summary(torch.arange(5.0)).picture.numbers.shape == (1, 5)
    assert summary(torch.zeros(4, 3)).picture.numbers.shape == (4, 3)


@pytest.mark.parametrize("shape", [(3, 5, 7), (1, 1, 40), (40,), (2, 3), (20, 1, 2)])
def test_the_first_numbers_are_those_of_the_first_indices(shape: tuple[int, ...]) -> None:
    tensor = torch.randn(shape).transpose(0, -1)

    assert summary(tensor).first.tolist() == tensor.flatten()[:16].tolist()


@pytest.mark.parametrize(
    ("shape", "picture"),
    [
        ((1, 1, 4, 4), (4, 4)),
        ((7, 1, 4, 4), (28, 4)),
        ((6, 1, 4, 4), (8, 12)),
        ((8, 1, 4, 4), (8, 16)),
        ((64, 1, 4, 4), (8, 16)),
        ((1, 16, 4, 4), (4, 32)),
        ((7, 3, 4, 5), (28, 15)),
        ((9, 3, 40, 40), (107, 120)),
    ],
)
def test_images_are_tiled(shape: tuple[int, ...], picture: tuple[int, int]) -> None:
    assert summary(torch.randn(shape)).picture.numbers.shape == picture


def test_tiles_stand_where_they_belong() -> None:
    images = torch.arange(2.0 * 3).reshape(2, 3, 1, 1).expand(2, 3, 2, 2)

    picture = summary(images).picture.numbers

    for sample in range(2):
        for channel in range(3):
            tile = picture[2 * sample : 2 * sample + 2, 2 * channel : 2 * channel + 2]
            assert (tile == 3 * sample + channel).all()


def test_a_huge_tensor_is_cut_and_averaged_down() -> None:
    found = summary(torch.arange(4_000_000.0).reshape(2000, 2000))

    assert found.first.tolist() == list(range(16))
    assert found.picture.numbers.shape == (125, 125)
    assert found.picture.numbers.mean() == pytest.approx(found.statistics.mean, rel=1e-6)
    assert found.picture.block == (16, 16)


def test_what_is_shown_is_a_copy() -> None:
    tensor = torch.zeros(2, 2)
    found = summary(tensor)

    tensor.fill_(9)

    assert not found.first.any() and not found.picture.numbers.any()


def test_a_call_shows_all_that_it_read_and_wrote(graphs: Graphs, rows: Rows) -> None:
    program = explorer.compile(graphs["chain"]())
    stepper = Stepper(program.start(), rows(program))

    call = stepper.run_to("fc1")
    assert call is not None
    forward = inspect(stepper.session, call)
    assert [(s.label, s.role, s.shape) for s in forward] == [
        ("x", "input", (6, 2)),
        ("w", "parameter", (2, 8)),
        ("b", "parameter", (8,)),
        ("out", "output", (6, 8)),
        ("cache: x", "cache", (6, 2)),
        ("cache: w", "cache", (2, 8)),
        ("cache: b", "cache", (8,)),
    ]
    call = stepper.run_to("fc1")
    assert call is not None
    backward = inspect(stepper.session, call)
    assert [s.label for s in backward if s.role != "cache"] == ["dout", "dw", "db"]


def test_every_call_of_every_graph_can_be_looked_at(graph: Graph, rows: Rows) -> None:
    program = explorer.compile(graph)
    stepper = Stepper(program.start(), rows(program))

    while call := stepper.step():
        found = inspect(stepper.session, call)
        assert {s.variable for s in found} <= {*call.inputs, *call.outputs}
        assert len({(s.label, s.role) for s in found}) == len(found)

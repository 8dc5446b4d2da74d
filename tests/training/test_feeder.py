"""Batches for a program: each row once an epoch, rows of several sets together, none leaked."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from explorer import Graph
from explorer.training import Job
from explorer.training.feeder import Feeder
from explorer.training.precision import DTYPES

Make = Callable[..., Graph]


def feeder(graph: Graph, device: str = "cpu", **settings: Any) -> Feeder:
    job = Job.of(graph, **settings)
    dtypes = DTYPES[job.settings.precision]
    return Feeder(job.program, job.sources, job.settings, torch.device(device), dtypes)


def rows(x: Tensor) -> list[tuple[float, ...]]:
    return sorted(tuple(row) for row in x.flatten(1).tolist())


def epoch(feeder: Feeder) -> list[dict[str, Tensor]]:
    return [feeder.take() for _ in range(feeder.steps_per_epoch)]


def test_an_epoch_takes_each_training_row_once(net: Graph) -> None:
    fed = feeder(net)

    first, second = epoch(fed), epoch(fed)

    assert (fed.steps_per_epoch, fed.rows, fed.validation_rows) == (8, 120, 30)
    assert [len(batch["data.x"]) for batch in first] == [16] * 7 + [8]
    one, two = (torch.cat([batch["data.x"] for batch in each]) for each in (first, second))
    assert rows(one) == rows(two)
    assert not torch.equal(one, two), "the rows came in the same order again"


def test_no_row_is_both_trained_on_and_held_back(net: Graph) -> None:
    net.set("data", dataset="random", samples=200, labels="class", standardize=False)
    fed = feeder(net)

    trained = {row for batch in epoch(fed) for row in rows(batch["data.x"])}
    held = {row for batch, _ in fed.validation() for row in rows(batch["data.x"])}

    assert (len(trained), len(held)) == (160, 40)
    assert trained.isdisjoint(held)


def test_held_back_rows_come_in_chunks_that_say_how_many_they_are(net: Graph) -> None:
    net.set("data", dataset="random", samples=5000, labels="class")
    fed = feeder(net, validation=0.5, batch_size=32)

    for _ in range(2):
        chunks = list(fed.validation())
        assert [count for _, count in chunks] == [1024, 1024, 452]
        assert all(len(batch["data.x"]) == len(batch["data.y"]) == n for batch, n in chunks)


def test_looking_does_not_take(net: Graph) -> None:
    fed, taken = feeder(net), feeder(net)

    for _ in range(20):
        seen = fed.peek()
        assert fed.peek() is seen
        assert fed.take() is seen
        expected = taken.take()
        assert all(torch.equal(seen[path], expected[path]) for path in expected)


def test_without_shuffling_rows_come_as_the_set_has_them(net: Graph) -> None:
    fed = feeder(net, shuffle=False, validation=0.0)

    batches = epoch(fed)

    labels = torch.cat([batch["data.y"] for batch in batches])
    assert labels.tolist() == [0] * 50 + [1] * 50 + [2] * 50


def test_a_batch_larger_than_the_set_is_the_set(net: Graph) -> None:
    fed = feeder(net, batch_size=10_000)

    assert fed.steps_per_epoch == 1
    assert len(fed.take()["data.x"]) == fed.rows == 120


@pytest.mark.parametrize("validation", [0.0, 0.2, 0.5])
def test_rows_of_several_sets_stay_together(make: Make, validation: float) -> None:
    """Two sets of the same x: one with classes as targets, that a split shares out, one with
    numbers, of which it cannot."""
    graph = make(
        {
            "left": ("Data", {"dataset": "random", "samples": 100, "labels": "binary"}),
            "right": ("Data", {"dataset": "random", "samples": 100, "labels": "real"}),
            "join": ("Add", {}),
            "fc1": ("Linear", {"out_features": 1}),
            "loss": ("MSELoss", {}),
        },
        *("left.x join.a", "right.x join.b", "join.out fc1.x"),
        *("fc1.out loss.y_hat", "right.y loss.y"),
    )
    fed = feeder(graph, validation=validation, batch_size=7)

    batches = [*epoch(fed), *epoch(fed), *(batch for batch, _ in fed.validation())]

    assert all(torch.equal(batch["left.x"], batch["right.x"]) for batch in batches)
    assert sum(len(batch["left.x"]) for batch, _ in fed.validation()) == fed.validation_rows


def test_a_set_that_does_not_reach_the_loss_is_not_loaded(net: Graph) -> None:
    net.add("Data", id="aside", dataset="moons", samples=7)

    assert set(feeder(net).take()) == {"data.x", "data.y"}


def test_a_program_that_is_fed_nothing_gets_an_empty_batch(scalar: Graph) -> None:
    fed = feeder(scalar)

    assert (fed.steps_per_epoch, fed.rows, fed.validation_rows) == (1, 0, 0)
    assert fed.peek() == fed.take() == fed.take() == {}
    assert list(fed.validation()) == []


@pytest.mark.parametrize("looked", [False, True])
@pytest.mark.parametrize("taken", [0, 3, 8, 11])
def test_moving_goes_on_from_the_same_batch(net: Graph, taken: int, looked: bool) -> None:
    moved, stayed = feeder(net), feeder(net)
    for _ in range(taken):
        moved.take()
        stayed.take()
    if looked:
        moved.peek()

    moved.move(torch.device("cpu"))

    for _ in range(20):
        one, two = moved.take(), stayed.take()
        assert all(torch.equal(one[path], two[path]) for path in two)


def test_all_that_is_fed_lies_on_the_device(net: Graph) -> None:
    fed = feeder(net)
    fed.peek()

    fed.move(torch.device("meta"))

    batches = [*epoch(fed), *(batch for batch, _ in fed.validation())]
    assert {value.device.type for batch in batches for value in batch.values()} == {"meta"}


def test_floats_come_in_the_dtype_of_the_net_and_labels_do_not(net: Graph) -> None:
    fed = feeder(net, precision="float64")

    for batch in (fed.take(), next(fed.validation())[0]):
        assert (batch["data.x"].dtype, batch["data.y"].dtype) == (torch.float64, torch.int64)


def test_indices_stay_whole_numbers(make: Make) -> None:
    text = make(
        {
            "data": ("Data", {"dataset": "text"}),
            "emb": ("Embedding", {}),
            "sum": ("Sum", {}),
        },
        *("data.x emb.x", "emb.out sum.x"),
    )

    assert feeder(text).take()["data.x"].dtype == torch.int64


def test_mixed_precision_rounds_what_is_standardized_and_no_target(
    make: Make, tmp_path: Path
) -> None:
    file = tmp_path / "years.csv"
    file.write_text("year,price\n" + "\n".join(f"{1990 + n},{1000 + n}" for n in range(34)))
    graph = make(
        {
            "data": ("Data", {"dataset": "csv", "path": str(file), "standardize": True}),
            "fc": ("Linear", {"out_features": 1}),
            "loss": ("MSELoss", {}),
        },
        *("data.x fc.x", "fc.out loss.y_hat", "data.y loss.y"),
    )
    graph.set("data", labels="real")
    batch = feeder(graph, precision="mixed", validation=0.0, batch_size=34).take()

    assert batch["data.x"].dtype == torch.bfloat16
    assert len(batch["data.x"].unique()) > 30
    assert sorted(batch["data.y"].flatten().tolist()) == [1000.0 + n for n in range(34)]


def test_small_batches_are_validated_in_small_chunks(net: Graph) -> None:
    net.set("data", dataset="random", samples=400, labels="class")

    sizes = [rows for _, rows in feeder(net, batch_size=1, validation=0.5).validation()]

    assert sizes == [32] * 6 + [8]

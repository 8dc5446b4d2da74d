"""Small nets to train, and what their trainers told."""

from collections.abc import Callable
from typing import Any

import pytest
import torch

from explorer import Graph, Trainer
from explorer.training import Event
from tests.nets import build


@pytest.fixture
def make() -> Callable[..., Graph]:
    """`build`, for graphs of a test's own."""
    return build


@pytest.fixture
def net() -> Graph:
    """A net that tells irises apart: 120 rows in 8 steps an epoch, 30 rows held back."""
    graph = build(
        {
            "data": ("Data", {"dataset": "iris", "standardize": True}),
            "fc1": ("Linear", {"out_features": 8}),
            "tanh1": ("Tanh", {}),
            "fc2": ("Linear", {"out_features": 3}),
            "loss": ("CrossEntropyLoss", {}),
        },
        *("data.x fc1.x", "fc1.out tanh1.x", "tanh1.out fc2.x"),
        *("fc2.out loss.y_hat", "data.y loss.y"),
    )
    graph.train_with(epochs=4, batch_size=16, learning_rate=0.1, momentum=0.9)
    return graph


@pytest.fixture
def scalar() -> Graph:
    """c = a·b, fed nothing: one step an epoch."""
    graph = build(
        {
            "a": ("Parameter", {"value": 3.0}),
            "b": ("Parameter", {"value": 5.0}),
            "c": ("Multiply", {}),
        },
        *("a.out c.a", "b.out c.b"),
    )
    graph.train_with(epochs=4, learning_rate=0.01)
    return graph


@pytest.fixture
def steep(make: Callable[..., Graph]) -> Graph:
    """A regression whose learning rate is so high that the loss grows beyond all numbers."""
    graph = make(
        {
            "data": ("Data", {"dataset": "diabetes"}),
            "fc1": ("Linear", {"out_features": 1}),
            "loss": ("MSELoss", {}),
        },
        *("data.x fc1.x", "fc1.out loss.y_hat", "data.y loss.y"),
    )
    graph.train_with(epochs=100, learning_rate=1.0)
    return graph


@pytest.fixture
def events() -> list[Event]:
    """What a trainer told: give it `events.append` to tell it to."""
    return []


def bits(trainer: Trainer) -> tuple[Any, ...]:
    """All that a run leaves behind except how long it took, to be compared with ==."""
    result = trainer.result
    rows = [
        (row.epoch, row.steps, row.loss, row.accuracy, row.validation_loss, row.validation_accuracy)
        for row in result.epochs
    ]
    weights = {path: weight.tolist() for path, weight in trainer.weights.items()}
    return trainer.state, trainer.steps, result.losses, result.accuracies, rows, weights


@pytest.fixture(name="bits")
def bits_fixture() -> Callable[[Trainer], tuple[Any, ...]]:
    """`bits`, to compare runs."""
    return bits


@pytest.fixture
def accelerator() -> torch.device:
    """The accelerator of this machine, for tests marked gpu."""
    found = torch.accelerator.current_accelerator()
    assert found is not None
    return found

"""Accuracy is the share of right answers, where the loss says what a right answer is."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

import explorer
from explorer import Graph, Trainer
from explorer.training import metrics

Make = Callable[..., Graph]


@pytest.mark.parametrize(
    ("count", "y_hat", "y", "share"),
    [
        (metrics.correct_classes, [[9.0, 1.0], [2.0, 3.0], [0.0, 1.0]], [0, 1, 0], 2 / 3),
        (metrics.correct_classes, [[-5.0, -6.0, -7.0]], [0], 1.0),
        (metrics.correct_classes, [[[3.0, 0.0], [1.0, 2.0]]], [[0, 0]], 0.5),
        (
            metrics.correct_probabilities,
            [[0.9], [0.4], [0.6], [0.1]],
            [[1.0], [1.0], [1], [0]],
            0.75,
        ),
        (metrics.correct_probabilities, [[0.5]], [[0.0]], 1.0),
        (metrics.correct_logits, [[0.1], [-0.1], [30.0], [-30.0]], [[1.0], [1.0], [0], [0]], 0.5),
        (metrics.correct_logits, [[0.0]], [[0.0]], 1.0),
        (metrics.correct_classes, [[9.0, 1.0], [2.0, 3.0]], [0, -100], 1.0),
        (metrics.correct_classes, [[9.0, 1.0], [2.0, 3.0]], [[0.2, 0.8], [0.1, 0.9]], 0.5),
    ],
)
def test_the_share_that_is_right(
    count: Callable[[Tensor, Tensor], Tensor], y_hat: list, y: list, share: float
) -> None:
    found = count(torch.tensor(y_hat), torch.tensor(y))

    assert found.shape == ()
    assert float(found) == pytest.approx(share)


def ends_in(make: Make, loss: str, dataset: str) -> Graph:
    """A line of layers that ends in a loss; "Sigmoid BCELoss" puts a Sigmoid before it."""
    before, _, last = loss.rpartition(" ")
    width = 3 if dataset == "iris" else 1
    middle = {"mid": (before, {})} if before else {}
    return make(
        {
            "data": ("Data", {"dataset": dataset}),
            "fc1": ("Linear", {"out_features": width}),
            **middle,
            "loss": (last, {}),
        },
        *("data.x fc1.x", "data.y loss.y"),
        *(("fc1.out mid.x", "mid.out loss.y_hat") if before else ("fc1.out loss.y_hat",)),
    )


@pytest.mark.parametrize(
    ("loss", "dataset", "right"),
    [
        ("CrossEntropyLoss", "iris", lambda y_hat, y: y_hat.argmax(1) == y),
        ("BCEWithLogitsLoss", "moons", lambda y_hat, y: (y_hat > 0) == (y == 1)),
        ("Sigmoid BCELoss", "moons", lambda y_hat, y: (y_hat > 0.5) == (y == 1)),
    ],
)
def test_a_run_counts_the_right_answers_of_each_batch(
    make: Make, loss: str, dataset: str, right: Callable[[Tensor, Tensor], Tensor]
) -> None:
    trainer = Trainer(ends_in(make, loss, dataset))
    end = "mid.out" if " " in loss else "fc1.out"

    for _ in range(9):
        batch = trainer.batch
        trainer.session.forward(batch)
        answers = right(trainer.session.value(end), batch["data.y"])
        trainer.step()
        assert trainer.result.accuracies[-1] == pytest.approx(float(answers.float().mean()))


def test_a_regression_and_a_bare_number_know_no_right_answers(make: Make, scalar: Graph) -> None:
    regression = ends_in(make, "MSELoss", "diabetes")

    for graph in (regression, scalar):
        assert metrics.metric(explorer.compile(graph)) is None
        assert Trainer(graph, epochs=1, learning_rate=1e-6).run().accuracies == []


def paths(*rows: str) -> Tensor:
    """Scores (T, N, C) whose likeliest path reads as each row says; "-" is the blank."""
    index = torch.tensor([["-abcd".index(letter) for letter in row] for row in rows])
    return torch.nn.functional.one_hot(index.T, 5).float()


def words(*rows: str) -> Tensor:
    return torch.tensor([["-abcd".index(letter) for letter in row] for row in rows])


@pytest.mark.parametrize(
    ("read", "written", "share"),
    [
        (["aab-b-"], ["abb-"], 1.0),
        (["abbb--"], ["abb-"], 2 / 3),
        (["------"], ["abb-"], 0.0),
        (["a-c-d-"], ["abd-"], 2 / 3),
        (["abcdab"], ["a---"], 0.0),
        (["a-b---", "c-----"], ["ab--", "cd--"], 3 / 4),
        (["xbcd".replace("x", "-") + "--"], ["abcd"], 3 / 4),
    ],
)
def test_characters_are_counted_by_edits(read: list[str], written: list[str], share: float) -> None:
    found = metrics.correct_characters(paths(*read), words(*written))

    assert float(found) == pytest.approx(share)

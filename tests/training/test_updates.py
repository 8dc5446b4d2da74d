"""Updates are stepped through behind the backward pass: bit for bit what training will do."""

from collections.abc import Callable
from typing import Any

import pytest
import torch

from explorer import Graph, Stepper, Trainer
from explorer.training import updates

OPTIMIZERS = pytest.mark.parametrize(
    "settings",
    [
        {"optimizer": "SGD", "momentum": 0.0},
        {"optimizer": "SGD", "momentum": 0.9},
        {"optimizer": "Adam"},
        {"optimizer": "Adam", "precision": "mixed"},
        {"optimizer": "SGD", "precision": "float64"},
    ],
    ids=str,
)


def walked_to_the_end(trainer: Trainer) -> Stepper:
    stepper = trainer.walk()
    stepper.go_to(len(stepper.calls))
    return stepper


def found(stepper: Stepper, path: str) -> dict[str, torch.Tensor]:
    """What an update gave, by label."""
    name = path.partition(".")
    (call,) = (
        c
        for c in stepper.calls
        if c.phase == "update" and (c.node, c.reads[0].label) == (name[0], name[2])
    )
    return {o.label: stepper.session.namespace[o.variable] for o in (*call.reads, *call.writes)}


@OPTIMIZERS
def test_the_stepped_weights_are_those_that_training_then_has(
    net: Graph, settings: dict[str, Any]
) -> None:
    trainer = Trainer(net, **settings)
    for _ in range(3):
        stepper = walked_to_the_end(trainer)
        stepped = {
            path: found(stepper, path)[f"new_{path.partition('.')[2]}"].clone()
            for path in updates.learned(trainer.job.program)
        }
        trainer.step()

        assert all(torch.equal(stepped[path], trainer.session.parameters[path]) for path in stepped)


@OPTIMIZERS
def test_stepping_through_updates_changes_no_run(net: Graph, settings: dict[str, Any]) -> None:
    walked, whole = Trainer(net, **settings), Trainer(net, **settings)
    whole.run()

    for _ in range(5):
        stepper = walked_to_the_end(walked)
        stepper.go_to(len(stepper.calls) - 2)
        stepper.go_to(len(stepper.calls))
        walked.step()
    walked.run()

    assert walked.result.losses == whole.result.losses
    after = whole.weights
    assert all(torch.equal(weight, after[path]) for path, weight in walked.weights.items())


def test_what_an_update_shows_fits_together(net: Graph) -> None:
    trainer = Trainer(net, learning_rate=0.05, momentum=0.9)
    trainer.step()
    remembered = trainer.memory["fc1.w", "momentum_buffer"].clone()
    stepper = walked_to_the_end(trainer)

    shown = found(stepper, "fc1.w")

    assert list(shown) == [
        *("w", "dw", "new_w", "Δw", "momentum"),
        *("lr", "ratio", "loss_before", "loss_alone", "Δloss", "loss_so_far"),
    ]
    assert torch.allclose(shown["momentum"], 0.9 * remembered + shown["dw"])
    assert torch.allclose(shown["new_w"], shown["w"] - 0.05 * shown["momentum"])
    assert torch.equal(shown["Δw"], shown["new_w"] - shown["w"])
    assert float(shown["ratio"]) == pytest.approx(float(shown["Δw"].norm() / shown["w"].norm()))
    assert float(shown["lr"]) == 0.05


def test_the_losses_are_those_of_the_same_batch_with_the_new_weights(net: Graph) -> None:
    trainer = Trainer(net)
    batch = trainer.batch
    before = dict(trainer.weights)
    stepper = walked_to_the_end(trainer)
    first, last = found(stepper, "fc1.w"), found(stepper, "fc2.b")
    trainer.step()
    after = trainer.weights

    def loss(weights: dict[str, torch.Tensor]) -> float:
        session = trainer.job.program.start()
        session.load(weights)
        return float(session.forward(batch))

    assert float(first["loss_before"]) == loss(before)
    assert float(first["loss_alone"]) == loss(before | {"fc1.w": after["fc1.w"]})
    assert torch.equal(first["Δloss"], first["loss_alone"] - first["loss_before"])
    assert float(first["Δloss"]) != 0.0
    assert float(first["loss_so_far"]) == float(first["loss_alone"])
    assert float(last["loss_alone"]) == loss(before | {"fc2.b": after["fc2.b"]})
    assert float(last["loss_so_far"]) == loss(after)


def test_updates_are_taken_back_like_any_other_step(net: Graph) -> None:
    trainer = Trainer(net)
    stepper = trainer.walk()
    at_end = len(trainer.job.program.calls)
    stepper.run_to_end()
    before = set(stepper.session.namespace)

    stepper.go_to(len(stepper.calls))
    assert stepper.next is None
    assert stepper.current is not None and stepper.current.phase == "update"
    stepper.go_to(at_end)

    assert set(stepper.session.namespace) == before


def test_running_to_a_node_or_to_the_end_means_its_calls_not_its_updates(net: Graph) -> None:
    stepper = Trainer(net).walk()
    stepper.go_to(len(stepper.calls))

    call = stepper.run_to_end()

    assert call is not None and call.phase == "backward"
    assert stepper.run_to("fc1", "backward") == call


def test_a_learning_rate_that_changes_changes_the_updates_that_are_shown(net: Graph) -> None:
    trainer = Trainer(net, momentum=0.0)
    stepper = walked_to_the_end(trainer)
    place = stepper.position

    trainer.adjust(learning_rate=0.5, momentum=0.5)

    shown = found(stepper, "fc1.w")
    assert stepper.position == place
    assert float(shown["lr"]) == 0.5
    assert torch.allclose(shown["new_w"], shown["w"] - 0.5 * shown["dw"])
    assert "momentum" in shown


def test_frozen_weights_have_no_update_and_shared_ones_have_one(make: Callable[..., Graph]) -> None:
    graph = make(
        {
            "data": ("Data", {"dataset": "iris"}),
            "fc1": ("Linear", {"out_features": 4}),
            "again": ("Linear", {"out_features": 4, "weights_from": "fc1"}),
            "held": ("Linear", {"out_features": 3, "frozen": True}),
            "loss": ("CrossEntropyLoss", {}),
        },
        *("data.x fc1.x", "fc1.out again.x", "again.out held.x"),
        *("held.out loss.y_hat", "data.y loss.y"),
    )
    trainer = Trainer(graph)
    stepper = walked_to_the_end(trainer)

    names = [(call.node, call.reads[0].label) for call in stepper.calls if call.phase == "update"]

    assert names == [("fc1", "w"), ("fc1", "b")]
    assert trainer.job.calls == stepper.calls


def test_each_update_tells_its_formula_in_the_programs_names(net: Graph) -> None:
    texts = {
        kind: updates.calls(Trainer(net, **settings).job.program, Trainer(net, **settings).settings)
        for kind, settings in {
            "SGD": {"momentum": 0.0},
            "momentum": {"momentum": 0.9},
            "Adam": {"optimizer": "Adam"},
        }.items()
    }

    assert texts["SGD"][0].text == "fc1_w_new = fc1_w - lr * dfc1_w"
    assert texts["momentum"][0].text.startswith("fc1_w_momentum = momentum * fc1_w_momentum + ")
    assert "fc1_w_new = fc1_w - lr * fc1_w_m" in texts["Adam"][0].text
    assert texts["SGD"][0].comment == "fc1.w is changed by SGD"
    variables = [v for calls in texts.values() for v in calls[0].outputs]
    assert all(variable.isidentifier() for variable in variables)

"""A step recorded as a CUDA graph: where it cannot be, that is told, and training goes on."""

from typing import Any

import pytest
import torch

from explorer import Graph, Trainer
from explorer.graph.examples import load_example
from explorer.training import Started
from explorer.training.capture import why_not


def started(graph: Graph, **settings: Any) -> Started:
    told: list[Any] = []
    Trainer(graph, on_event=told.append, epochs=1, **settings).run()
    return next(event for event in told if isinstance(event, Started))


def test_without_cuda_it_says_why_and_trains_all_the_same(net: Graph) -> None:
    assert started(net, capture=True).note == "steps are recorded on CUDA only; this run is on cpu"
    recorded, usual = Trainer(net, capture=True), Trainer(net)

    assert recorded.run().losses == usual.run().losses


def test_who_does_not_ask_is_told_nothing(net: Graph) -> None:
    assert started(net).note == ""


def test_a_net_that_draws_random_numbers_is_not_recorded(net: Graph) -> None:
    net.disconnect("fc2.x")
    net.add("Dropout", id="drop1")
    net.connect("tanh1.out", "drop1.x")
    net.connect("drop1.out", "fc2.x")
    trainer = Trainer(net)

    reason = why_not(trainer.job.program, torch.device("cuda"), trainer._optimizer)

    assert reason == "steps are not recorded: drop1 draws new random numbers in each"


def test_a_net_that_waits_for_numbers_is_not_recorded() -> None:
    trainer = Trainer(load_example("ctc_digit_strips"))

    reason = why_not(trainer.job.program, torch.device("cuda"), trainer._optimizer)

    assert reason == "steps are not recorded: loss waits for numbers from the device"


def test_a_plain_net_on_cuda_is_recorded(net: Graph) -> None:
    trainer = Trainer(net)

    assert why_not(trainer.job.program, torch.device("cuda"), trainer._optimizer) == ""


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA")
@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_a_recorded_run_is_the_same_run(
    net: Graph, accelerator: torch.device, optimizer: str
) -> None:
    settings: dict[str, Any] = {"optimizer": optimizer, "learning_rate": 0.01}
    recorded = Trainer(net, accelerator, capture=True, **settings)
    usual = Trainer(net, accelerator, **settings)

    assert recorded.run().losses == pytest.approx(usual.run().losses, rel=1e-5)
    for path, weight in usual.weights.items():
        torch.testing.assert_close(recorded.weights[path], weight)

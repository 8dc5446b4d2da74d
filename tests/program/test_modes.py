"""Buffers, training and evaluation, random numbers: told to the layers that want to know."""

from collections.abc import Iterator
from typing import ClassVar

import pytest
import torch
from torch import Tensor

import explorer
from explorer import Graph, Stepper, layers
from explorer.graph.examples import load_example
from explorer.layers import Layer, ParameterSpec, Spec
from explorer.layers.base import _CATALOGUE


@pytest.fixture
def odd() -> Iterator[type[Layer]]:
    """A layer that counts, draws, and takes an input that may be missing."""

    class Odd(Layer):
        """Adds noise while it trains, and counts how often it has.

        Shapes: x any, shift as x, out as x.
        """

        family: ClassVar[str] = "Regularization"
        inputs: ClassVar[tuple[str, ...]] = ("x", "shift")
        optional: ClassVar[tuple[str, ...]] = ("shift",)
        buffers: ClassVar[tuple[str, ...]] = ("count",)
        differentiable: ClassVar[tuple[str, ...]] = ("x", "shift")

        @staticmethod
        def forward(
            x: Tensor, shift: Tensor | None, count: Tensor, training: bool = True, seed: int = 0
        ) -> tuple[Tensor, tuple]:
            out = x if shift is None else x + shift
            if training:
                count += 1
                out = out + torch.rand((), generator=torch.Generator().manual_seed(seed)).to(out)
            return out, ()

        @staticmethod
        def backward(dout: Tensor, cache: tuple, needs: tuple = ("x", "shift")) -> tuple:
            return tuple(dout if name in needs else None for name in ("x", "shift"))

        def state(self, x: Spec, shift: Spec | None) -> dict[str, ParameterSpec]:
            return {"count": ParameterSpec((), lambda generator: torch.zeros(()))}

    yield Odd
    _CATALOGUE.pop("Odd")
    vars(layers).pop("Odd", None)


@pytest.fixture
def graph(odd: type[Layer]) -> Graph:
    graph = Graph()
    graph.add("Data", id="data", dataset="moons", labels="binary")
    graph.add("Linear", id="fc1", out_features=1)
    graph.add("Odd", id="odd1")
    graph.add("Odd", id="odd2")
    graph.add("MSELoss", id="loss")
    for wire in ("data.x fc1.x", "fc1.out odd1.x", "odd1.out odd2.x", "odd2.out loss.y_hat"):
        graph.connect(*wire.split())
    graph.connect("data.y", "loss.y")
    return graph


def test_an_input_that_is_optional_may_stay_unconnected(graph: Graph) -> None:
    assert graph.problems() == []

    program = explorer.compile(graph)
    texts = [call.text.partition(" = ")[2] for call in program.forward_calls if "Odd" in call.text]

    assert texts == [
        "layers.Odd.forward(fc1, None, odd1_count, training=training, seed=seed + 0)",
        "layers.Odd.forward(odd1, None, odd2_count, training=training, seed=seed + 1)",
    ]
    assert "odd1_count, odd2_count, training=True, seed=0):" in program.source
    assert explorer.verify(graph).ok


def test_one_that_is_connected_gets_its_gradient(graph: Graph) -> None:
    graph.connect("fc1.out", "odd2.shift")

    assert "layers.Odd.forward(odd1, fc1, odd2_count" in str(explorer.compile(graph).calls)
    assert explorer.verify(graph).ok


def test_a_net_without_such_layers_is_told_nothing() -> None:
    program = explorer.compile(load_example("digits_mlp"))

    assert program.modes == ()
    assert "training" not in program.source


def test_running_brings_buffers_up_to_date_and_stepping_does_not(graph: Graph) -> None:
    trainer = explorer.Trainer(graph)
    trainer.step()
    trainer.step()
    stepper = Stepper(trainer.session, trainer.batch)

    stepper.run_to_end()

    assert trainer.session.buffers["odd1.count"] == 2
    assert trainer.weights["odd1.count"] == 2
    assert trainer.session.value("odd1.count") == 3


def test_stepping_back_takes_back_what_a_buffer_was(graph: Graph) -> None:
    stepper = Stepper(explorer.compile(graph).start(), explorer.Trainer(graph).batch)
    stepper.run_to("odd2")
    assert stepper.session.value("odd2.count") == 1

    stepper.back()

    assert stepper.session.value("odd1.count") == 1
    assert stepper.session.value("odd2.count") == 0


def test_a_step_back_and_forth_draws_the_same_numbers(graph: Graph) -> None:
    trainer = explorer.Trainer(graph)
    stepper = Stepper(trainer.session, trainer.batch, trainer.batch_seed)
    stepper.run_to("odd2")
    before = stepper.session.value("odd2.out").clone()

    stepper.restart()
    stepper.run_to("odd2")

    assert torch.equal(stepper.session.value("odd2.out"), before)
    first, second = (stepper.session.value(f"odd{n}.out") for n in (1, 2))
    assert not torch.equal(second - first, first - stepper.session.value("fc1.out"))


def test_every_step_draws_others_and_every_run_the_same(graph: Graph) -> None:
    one, two = explorer.Trainer(graph), explorer.Trainer(graph)
    seeds = set()
    for _ in range(20):
        seeds.add(one.batch_seed)
        one.step()
        two.step()

    assert len(seeds) == 20
    assert one.result.losses == two.result.losses


def test_validation_computes_as_outside_training(graph: Graph) -> None:
    trainer = explorer.Trainer(graph, epochs=1, batch_size=1000)

    trainer.run()

    assert trainer.weights["odd1.count"] == trainer.steps == 1


def test_buffers_are_loaded_with_the_weights(graph: Graph) -> None:
    trainer = explorer.Trainer(graph)
    trainer.step()

    again = explorer.Trainer(graph, weights=trainer.weights)

    assert again.session.buffers["odd1.count"] == 1

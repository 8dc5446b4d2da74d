"""What autograd records is told of every value of the autograd page."""

import pytest
import torch

import explorer
from explorer.exchange import pages
from explorer.exchange.recording import Recorded, record
from explorer.graph import examples
from explorer.graph.examples import load_example
from explorer.program.verify import example_batch


def recorded(name: str) -> dict[str, Recorded]:
    graph = load_example(name)
    program = explorer.compile(graph)
    session = program.start()
    page = pages.page(graph, program, "autograd")
    batch = {path: session.fed(path, v) for path, v in example_batch(graph, program, 0).items()}
    found = record(page, program, batch, session.parameters, session.buffers)
    return {each.name: each for each in found}


def test_da_is_b_and_db_is_a() -> None:
    found = recorded("autograd_scalar")

    assert found["a_value"] == Recorded("a_value", "a", (), "", True, True, 5.0)
    assert found["b_value"] == Recorded("b_value", "b", (), "", True, True, 3.0)
    assert found["c"] == Recorded("c", "c", (), "MulBackward0", False, True, None)


def test_what_is_fed_is_a_leaf_that_wants_no_gradient() -> None:
    found = recorded("digits_mlp")

    x = found["data_x"]
    assert (x.is_leaf, x.requires_grad, x.grad_fn, x.gradient) == (True, False, "", None)
    assert found["fc1"].grad_fn == "AddBackward0"
    assert found["relu1"].grad_fn == "ReluBackward0"
    assert found["fc1_w"].gradient is not None and found["fc1_w"].gradient > 0


def test_gradients_are_as_long_as_those_of_the_program() -> None:
    graph = load_example("spiral")
    program = explorer.compile(graph)
    session = program.start(dtype=torch.float64)
    batch = {path: session.fed(path, v) for path, v in example_batch(graph, program, 0).items()}
    session.forward(batch)
    gradients = session.backward()

    page = pages.page(graph, program, "autograd")
    found = record(page, program, batch, session.parameters, session.buffers)

    lengths = {each.name: each.gradient for each in found if each.gradient is not None}
    assert lengths.keys() == {program.parameters[path] for path in gradients}
    for path, gradient in gradients.items():
        assert lengths[program.parameters[path]] == pytest.approx(float(gradient.norm()), rel=1e-9)


@pytest.mark.parametrize("name", examples.names())
def test_every_starter_graph_can_be_recorded(name: str) -> None:
    before = torch.random.get_rng_state()

    found = recorded(name)

    assert all(each.node for each in found.values())
    assert torch.equal(torch.random.get_rng_state(), before)


def test_batches_that_training_made_can_be_recorded() -> None:
    graph = load_example("modular_two_layer")
    trainer = explorer.Trainer(graph, epochs=1)
    trainer.run()
    program = trainer.job.program

    page = pages.page(graph, program, "autograd")
    session = trainer.session
    found = record(page, program, trainer.batch, session.parameters, session.buffers)

    assert {each.name for each in found} >= {"fc1_w", "loss"}

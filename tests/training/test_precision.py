"""The numbers that a net is kept in, and those that it computes in."""

import pytest
import torch

from explorer import Graph, Stepper, Trainer


def test_mixed_keeps_float32_weights_and_computes_in_bfloat16(net: Graph) -> None:
    trainer = Trainer(net, precision="mixed")
    stepper = Stepper(trainer.session, trainer.batch)
    stepper.run_to_end()

    assert {w.dtype for w in trainer.weights.values()} == {torch.float32}
    assert trainer.session.value("fc1.out").dtype == torch.bfloat16
    assert trainer.session.value("loss.loss").dtype == torch.float32
    assert "CrossEntropyLoss.forward(fc2.float(), data_y" in trainer.job.program.source
    assert {g.dtype for g in trainer.session.gradients().values()} == {torch.bfloat16}


def test_mixed_learns_as_well_as_float32(net: Graph) -> None:
    mixed, full = (Trainer(net, precision=name, epochs=30) for name in ("mixed", "float32"))

    found, expected = mixed.run().epochs[-1], full.run().epochs[-1]

    assert found.loss == pytest.approx(expected.loss, abs=0.05)
    assert found.accuracy == pytest.approx(expected.accuracy, abs=0.05)


def test_mixed_training_and_stepping_give_the_same_gradients(net: Graph) -> None:
    trainer = Trainer(net, precision="mixed", learning_rate=1.0, momentum=0.0)
    stepper = Stepper(trainer.session, trainer.batch)
    stepper.run_to_end()
    gradients = {path: g.float().clone() for path, g in trainer.session.gradients().items()}
    before = trainer.weights

    trainer.step()

    for path, gradient in gradients.items():
        assert torch.equal(trainer.weights[path], before[path] - gradient)


def test_float64_computes_in_float64_throughout(net: Graph) -> None:
    trainer = Trainer(net, precision="float64")

    assert {w.dtype for w in trainer.weights.values()} == {torch.float64}
    assert trainer.batch["data.x"].dtype == torch.float64


def test_a_precision_that_is_unknown_is_refused(net: Graph) -> None:
    with pytest.raises(Exception, match="precision must be 'float32', 'mixed' or 'float64'"):
        Trainer(net, precision="int8")

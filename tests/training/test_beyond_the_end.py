"""After a run has ended, a step begins as many epochs again."""

from explorer import Graph, Trainer


def test_a_step_after_the_end_goes_on_for_as_many_epochs_again(net: Graph) -> None:
    trainer = Trainer(net, epochs=2)
    trainer.run()
    ended = trainer.steps

    trainer.step()
    assert (trainer.state, trainer.steps) == ("paused", ended + 1)
    assert trainer.total_steps == 2 * ended
    trainer.run()
    assert (trainer.state, trainer.steps) == ("done", 2 * ended)

"""A run goes to its end, or as far as it is let: it pauses, steps, stops and goes on anywhere."""

from collections.abc import Callable
from threading import Event as Flag
from threading import Thread

import pytest
import torch

from explorer import Graph, Trainer
from explorer.program import WeightsError
from explorer.training import Event, Job, Progress, Started, StateChanged


def states(events: list[Event]) -> list[str]:
    return [event.state for event in events if isinstance(event, StateChanged)]


def test_a_run_goes_to_its_end(net: Graph, events: list[Event]) -> None:
    trainer = Trainer(net, on_event=events.append)

    result = trainer.run()

    assert result.state == trainer.state == "done"
    assert (result.message, trainer.steps) == ("", 32)
    assert len(result.losses) == len(result.accuracies) == 32
    assert [(row.epoch, row.steps) for row in result.epochs] == [(1, 8), (2, 16), (3, 24), (4, 32)]
    assert result.epochs[-1].loss < result.epochs[0].loss
    assert events[0] == Started("cpu", epochs=4, steps_per_epoch=8, rows=120, validation_rows=30)
    assert events[1] == StateChanged("running", 0)
    assert events[-1] == StateChanged("done", 32)
    assert result.steps_per_second > 0 and result.seconds > 0


def test_settings_given_to_the_trainer_go_before_the_graphs_own(net: Graph) -> None:
    result = Trainer(net, epochs=2, batch_size=40, validation=0.0).run()

    assert len(result.losses) == 8
    assert result.epochs[-1].validation_loss is None
    assert net.training.epochs == 4, "the graph was changed"


def test_the_output_to_minimise_can_be_named(net: Graph) -> None:
    net.add("Mean", id="size")
    net.connect("fc1.out", "size.x")

    trainer = Trainer(net, loss="size.out", epochs=1)

    assert trainer.job.program.loss == "size.out"
    assert trainer.run().accuracies == []


def test_a_graph_that_is_fed_nothing_takes_one_step_an_epoch(scalar: Graph) -> None:
    trainer = Trainer(scalar)

    result = trainer.run()

    assert trainer.batch == {}
    assert len(result.losses) == len(result.epochs) == 4
    assert result.losses[0] == 15
    assert result.losses == sorted(result.losses, reverse=True)
    assert result.epochs[0].accuracy is None and result.epochs[0].validation_loss is None


@pytest.mark.parametrize("steps", [0, 1, 7, 8, 9, 31, 32])
def test_a_run_pauses_at_any_step_and_goes_on_from_there(
    net: Graph, events: list[Event], steps: int
) -> None:
    trainer = Trainer(net, on_event=events.append)
    trainer.start()
    while trainer.steps < steps:
        trainer.advance(0.0)

    trainer.pause()
    trainer.advance(0.0)

    assert (trainer.state, trainer.steps) == ("paused", steps)
    assert len(trainer.result.losses) == steps
    assert events[-1] == StateChanged("paused", steps)
    trainer.advance(1.0)
    assert trainer.steps == steps, "a paused run went on by itself"
    assert trainer.run().state == "done"
    assert trainer.steps == 32
    assert states(events) == ["running", "paused", "running", "done"]


@pytest.mark.parametrize(("ask", "state"), [("pause", "paused"), ("stop", "stopped")])
@pytest.mark.parametrize("kind", [Started, StateChanged, Progress])
def test_whoever_listens_may_pause_or_stop_at_once(
    net: Graph, kind: type[Event], ask: str, state: str
) -> None:
    told: list[int] = []

    def listen(event: Event) -> None:
        if isinstance(event, kind) and not told:
            told.append(trainer.steps)
            getattr(trainer, ask)()

    trainer = Trainer(net, on_event=listen, epochs=1_000_000)
    result = trainer.run()

    assert result.state == state
    assert trainer.steps == told[0] == len(result.losses)


@pytest.mark.parametrize(("ask", "state"), [("pause", "paused"), ("stop", "stopped")])
def test_another_thread_may_pause_or_stop(net: Graph, ask: str, state: str) -> None:
    going = Flag()

    def listen(event: Event) -> None:
        if isinstance(event, Progress):
            going.set()

    trainer = Trainer(net, on_event=listen, epochs=1_000_000)
    thread = Thread(target=trainer.run)
    thread.start()
    assert going.wait(60)

    getattr(trainer, ask)()
    thread.join(60)

    assert not thread.is_alive()
    assert trainer.state == state
    assert len(trainer.result.losses) == trainer.steps > 0


def test_a_step_is_one_step(net: Graph, events: list[Event]) -> None:
    trainer = Trainer(net, on_event=events.append)

    for steps in range(1, 18):
        trainer.step()

        assert (trainer.state, trainer.steps) == ("paused", steps)
        assert len(trainer.result.losses) == steps
        assert len(trainer.result.epochs) == steps // 8
        assert events[-1] == StateChanged("paused", steps)

    assert trainer.result.epochs[0].validation_accuracy is not None
    assert trainer.run().state == "done"
    assert trainer.steps == 32


def test_a_step_past_the_end_is_one_step_more(net: Graph) -> None:
    trainer = Trainer(net)
    trainer.run()

    trainer.step()

    assert (trainer.state, trainer.steps) == ("paused", 33)


def test_a_run_that_is_done_goes_on_for_as_many_epochs_again(
    net: Graph, events: list[Event]
) -> None:
    trainer = Trainer(net, on_event=events.append)
    first = trainer.run()

    second = trainer.run()

    assert (first.state, second.state, trainer.steps, trainer.epochs) == ("done", "done", 64, 8)
    assert second.losses[:32] == first.losses
    assert [row.epoch for row in second.epochs] == list(range(1, 9))
    again = [event for event in events if isinstance(event, Started)]
    assert [event.epochs for event in again] == [4, 8]


@pytest.mark.parametrize(("steps", "until"), [(0, 32), (5, 32), (8, 40), (13, 40)])
def test_a_run_that_was_stopped_goes_on_for_as_many_epochs_again(
    net: Graph, steps: int, until: int
) -> None:
    trainer = Trainer(net)
    for _ in range(steps):
        trainer.step()
    trainer.stop()
    assert trainer.state == "stopped"

    result = trainer.run()

    assert result.state == "done"
    assert len(result.losses) == trainer.steps == until
    assert [row.steps for row in result.epochs] == list(range(8, until + 1, 8))


def test_stopping_keeps_the_weights(net: Graph) -> None:
    trainer = Trainer(net)
    trainer.step()
    before = trainer.weights

    trainer.stop()

    assert all(torch.equal(before[path], weight) for path, weight in trainer.weights.items())


def test_the_batch_is_the_one_that_the_next_step_uses(net: Graph) -> None:
    trainer = Trainer(net)
    firsts = []

    for _ in range(20):
        batch = trainer.batch
        assert trainer.batch is batch, "looking at the batch took it"
        expected = trainer.session.forward(batch)
        trainer.step()
        assert trainer.result.losses[-1] == expected.item()
        firsts.append(batch["data.x"][0].tolist())

    assert len({tuple(row) for row in firsts}) > 1
    assert set(trainer.batch) == {"data.x", "data.y"}


def test_looking_at_the_batch_changes_no_run(net: Graph, bits: Callable[[Trainer], object]) -> None:
    looked_at, left_alone = Trainer(net), Trainer(net)
    left_alone.run()

    looked_at.start()
    while looked_at.state == "running":
        assert looked_at.batch
        looked_at.advance(0.0)

    assert bits(looked_at) == bits(left_alone)


def test_a_run_starts_from_the_weights_it_is_given(net: Graph) -> None:
    taught = Trainer(net)
    taught.run()
    weights = taught.weights

    pupil = Trainer(net, weights=weights, seed=5)

    assert all(torch.equal(weights[path], weight) for path, weight in pupil.weights.items())
    assert pupil.run().losses[0] < 0.5 < taught.result.losses[0]
    assert not torch.equal(weights["fc1.w"], pupil.weights["fc1.w"])
    assert torch.equal(weights["fc1.w"], taught.weights["fc1.w"]), "two nets share one tensor"


def test_weights_of_another_net_are_refused(net: Graph) -> None:
    weights = Trainer(net).weights

    with pytest.raises(WeightsError, match="these weights are of another net: fc2.w do not match"):
        Trainer(net, weights={path: w for path, w in weights.items() if path != "fc2.w"})
    with pytest.raises(WeightsError, match=r"fc1.b is \(2,\) in these weights and \(8,\) in the"):
        Trainer(net, weights={**weights, "fc1.b": torch.zeros(2)})


def test_an_edit_of_the_graph_leaves_a_running_net_alone(
    net: Graph, bits: Callable[[Trainer], object]
) -> None:
    edited, left_alone = Trainer(net), Trainer(net)
    left_alone.run()
    edited.step()

    net.set("fc1", out_features=3)
    net.remove("loss")
    net.train_with(epochs=9)
    edited.run()

    assert bits(edited) == bits(left_alone)


def test_one_job_serves_many_runs(net: Graph, bits: Callable[[Trainer], object]) -> None:
    job = Job.of(net, epochs=2)
    first, second = Trainer(job), Trainer(job)

    first.run()
    assert second.steps == 0
    second.run()

    assert bits(first) == bits(second)


def test_a_net_computes_in_the_dtype_asked_for(net: Graph) -> None:
    double, single = Trainer(net, precision="float64"), Trainer(net)

    assert double.batch["data.x"].dtype == torch.float64
    assert double.batch["data.y"].dtype == torch.int64
    assert double.run().losses == pytest.approx(single.run().losses, rel=1e-4)
    assert {weight.dtype for weight in double.weights.values()} == {torch.float64}


def test_a_loss_that_is_a_weight_is_told_as_it_was_before_the_step(
    make: Callable[..., Graph],
) -> None:
    graph = make({"a": ("Parameter", {"value": 3.0})})
    graph.train_with(epochs=2, learning_rate=0.1)

    assert Trainer(graph).run().losses == pytest.approx([3.0, 2.9])


def test_a_loss_that_is_a_sum_is_told_for_a_batch_in_training_and_validation(net: Graph) -> None:
    net.set("loss", reduction="sum")
    row = Trainer(net, epochs=1, learning_rate=1e-6).run().epochs[0]
    net.set("loss", reduction="mean")
    mean = Trainer(net, epochs=1, learning_rate=1e-6).run().epochs[0]

    assert row.loss == pytest.approx(16 * mean.loss, rel=1e-3)
    assert row.validation_loss == pytest.approx(16 * mean.validation_loss, rel=1e-3)


@pytest.mark.parametrize("shaping", ["Transpose", "Permute", "Flatten", "Pad", "Sum"])
def test_a_parameter_behind_a_layer_that_turns_its_gradient_learns_rightly(
    make: Callable[..., Graph], shaping: str
) -> None:
    value = [[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]
    graph = make(
        {
            "p": ("Parameter", {"value": value}),
            "turn": (shaping, {}),
            "square": ("Multiply", {}),
            "sum": ("Sum", {}),
        },
        *("p.out turn.x", "turn.out square.a", "turn.out square.b", "square.out sum.x"),
    )
    graph.train_with(epochs=1, learning_rate=0.1)
    trainer = Trainer(graph)
    w = torch.tensor(value, requires_grad=True)
    out = w.sum() if shaping == "Sum" else w
    (out * out).sum().backward()

    trainer.run()

    torch.testing.assert_close(trainer.weights["p.value"], w.detach() - 0.1 * w.grad)

"""Equal seeds give runs equal bit for bit on the CPU, wherever they are interrupted."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer import Graph, Trainer

Bits = Callable[[Trainer], tuple[Any, ...]]


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_two_runs_with_equal_seeds_are_equal(net: Graph, bits: Bits, optimizer: str) -> None:
    first, second = (Trainer(net, seed=3, optimizer=optimizer) for _ in range(2))

    first.run()
    second.run()

    assert bits(first) == bits(second)


def test_equal_seeds_deal_the_same_rows(net: Graph) -> None:
    first, second = Trainer(net, seed=3), Trainer(net, seed=3)

    for _ in range(20):
        one, two = first.batch, second.batch
        assert all(torch.equal(one[path], two[path]) for path in one)
        first.step()
        second.step()


def test_another_seed_gives_other_weights_another_order_and_another_split(net: Graph) -> None:
    one, two = Trainer(net, seed=3), Trainer(net, seed=4)
    assert not torch.equal(one.weights["fc1.w"], two.weights["fc1.w"])
    assert not torch.equal(one.batch["data.x"], two.batch["data.x"])

    other_split = Trainer(net, seed=4, weights=one.weights)

    one.run()
    other_split.run()
    assert one.result.losses != other_split.result.losses
    assert one.result.epochs[0].validation_loss != other_split.result.epochs[0].validation_loss


def test_a_run_leaves_the_random_numbers_of_others_alone(net: Graph) -> None:
    state = torch.get_rng_state()

    Trainer(net).run()

    assert torch.equal(torch.get_rng_state(), state)


def test_random_numbers_of_others_leave_a_run_alone(net: Graph, bits: Bits) -> None:
    torch.manual_seed(1)
    first, second = Trainer(net), Trainer(net)
    first.run()

    second.start()
    while second.state == "running":
        torch.rand(3)
        second.advance(0.0)

    assert bits(first) == bits(second)


@pytest.mark.parametrize("seconds", [0.0, 0.001])
def test_a_run_in_slices_is_the_run_in_one_go(net: Graph, bits: Bits, seconds: float) -> None:
    sliced, whole = Trainer(net), Trainer(net)
    whole.run()

    sliced.start()
    while sliced.state == "running":
        sliced.advance(seconds)

    assert bits(sliced) == bits(whole)


def test_a_run_step_by_step_is_the_run_in_one_go(net: Graph, bits: Bits) -> None:
    stepped, whole = Trainer(net), Trainer(net)
    whole.run()

    for _ in range(32):
        stepped.step()
    stepped.run()

    assert bits(stepped) == bits(whole)


def test_walking_through_the_calls_of_a_batch_changes_no_run(net: Graph, bits: Bits) -> None:
    walked, whole = Trainer(net), Trainer(net)
    whole.run()

    for _ in range(10):
        walked.session.forward(walked.batch)
        walked.session.backward()
        walked.step()
    walked.run()

    assert bits(walked) == bits(whole)


MOVES = st.one_of(
    st.sampled_from(["start", "step", "pause", "look", "cpu"]),
    st.tuples(st.just("advance"), st.integers(1, 12)),
)


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=st.lists(MOVES, max_size=12))
def test_any_way_to_the_end_gives_the_same_run(net: Graph, bits: Bits, moves: list[Any]) -> None:
    wandering, straight = Trainer(net), Trainer(net)
    straight.run()

    for move in moves:
        match move:
            case ("advance", slices):
                for _ in range(slices):
                    wandering.advance(0.0)
            case "look":
                assert set(wandering.batch) == {"data.x", "data.y"}
            case "cpu":
                wandering.move("cpu")
            case "step" if wandering.steps == 32:
                continue
            case "start" if wandering.state == "done":
                continue
            case _:
                getattr(wandering, move)()
    while wandering.state != "done":
        wandering.run()

    assert bits(wandering) == bits(straight)

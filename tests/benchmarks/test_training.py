"""Training and stepping against PyTorch eager, written by hand, in the same run."""

from collections.abc import Callable
from statistics import median
from time import perf_counter

import pytest
import torch

import explorer
from explorer.graph.examples import load_example
from explorer.training import Trainer

from .memory import peak_bytes
from .nets import PAIRS, Eager, Pair

pytestmark = pytest.mark.benchmark_row

ROUNDS = 7
SECONDS = 0.15
"""For how long each side trains in a round."""

every_net = pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def rate(step: Callable[[], object]) -> float:
    """Steps a second, over about SECONDS, of at least one step."""
    count, start = 0, perf_counter()
    while perf_counter() - start < SECONDS or not count:
        step()
        count += 1
    return count / (perf_counter() - start)


@every_net
def test_training_steps_a_second(pair: Pair, row):
    bar = f" ({pair.bar})" if pair.bar else ""
    compare(f"{pair.name}: training steps/s, against eager{bar}", *pair.start(), row)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.accelerator.is_available(), reason="no accelerator")
@pytest.mark.parametrize("capture", [False, True])
@every_net
def test_training_steps_a_second_on_an_accelerator(pair: Pair, capture: bool, row):
    device = str(torch.accelerator.current_accelerator())
    how = "recorded" if capture else "step by step"
    name = f"{pair.name}, {how}, on {device}: training steps/s, against eager"
    compare(name, *pair.start(device, capture=capture), row)


def compare(name: str, trainer: Trainer, eager: Eager, row) -> None:
    trainer.start()
    ours, theirs = [], []
    for _ in range(ROUNDS):
        before = trainer.steps
        spent = seconds(lambda: trainer.advance(SECONDS))
        ours.append((trainer.steps - before) / spent)
        theirs.append(rate(eager.step))
    mine, peer = median(ours), median(theirs)
    row(name, f"{mine:,.1f}", f"{peer:,.1f}", f"{mine / peer:.2f}x")


@every_net
def test_memory_of_a_step(pair: Pair, row):
    trainer, eager = pair.start()
    for _ in range(3):
        trainer.step()
        eager.step()
    mine, peer = peak_bytes(trainer.step), peak_bytes(eager.step)
    assert mine > 0
    assert peer > 0
    row(
        f"{pair.name}: memory of a step, against eager (<= 1.0x)",
        f"{mine / 1024:,.0f} KiB",
        f"{peer / 1024:,.0f} KiB",
        f"{mine / peer:.2f}x",
    )


@pytest.mark.parametrize("name", ["digits_mlp", "convnet"])
def test_stepping_against_running(name: str, row):
    trainer = Trainer(load_example(name))
    program, session, batch = trainer.job.program, trainer.session, trainer.batch
    stepper = explorer.Stepper(session, batch)
    one = torch.ones(())

    def run() -> None:
        arguments = [session.parameters[path] for path in program.parameters]
        with torch.no_grad():
            _, _, cache = program.functions.forward(batch, *arguments)
            program.functions.backward(one, cache)

    def step() -> None:
        stepper.restart()
        while stepper.step():
            pass

    run()
    step()
    ours = median(seconds(step) for _ in range(100))
    peer = median(seconds(run) for _ in range(100))
    row(
        f"{name}: stepping through, against one go (<= 3x)",
        f"{ours * 1e6:.0f} µs",
        f"{peer * 1e6:.0f} µs",
        f"{ours / peer:.2f}x",
    )

"""Training and stepping against PyTorch eager, written by hand, in the same run."""

from collections.abc import Callable
from statistics import median
from time import perf_counter

import pytest
import torch
from torch import nn

import explorer
from explorer.graph.examples import load_example
from explorer.training import Trainer

from .memory import peak_bytes

pytestmark = pytest.mark.benchmark_row

STEPS = 400
ROUNDS = 7


class Eager:
    """The regression net with torch.nn, torch.optim and autograd, as one writes it by hand."""

    def __init__(self, trainer: Trainer):
        batches = [trainer.batch]
        self.x, self.y = batches[0]["data.x"], batches[0]["data.y"]
        sizes = [16, 32, 64, 32, 1]
        self.net = nn.Sequential(*(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:], strict=False)))
        self.loss = nn.MSELoss()
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=0.01, momentum=0.9)

    def step(self) -> float:
        self.optimizer.zero_grad()
        loss = self.loss(self.net(self.x), self.y)
        loss.backward()
        self.optimizer.step()
        return loss.item()


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


@pytest.fixture
def trainer() -> Trainer:
    return Trainer(load_example("regression_mlp"), epochs=1_000_000)


def test_a_training_step(trainer, row):
    eager = Eager(trainer)
    trainer.start()
    ours, theirs = [], []
    for _ in range(ROUNDS):
        before = trainer.steps
        spent = seconds(lambda: trainer.advance(0.1))
        ours.append((trainer.steps - before) / spent)
        theirs.append(STEPS / seconds(lambda: [eager.step() for _ in range(STEPS)]))
    mine, peer = median(ours), median(theirs)
    row(
        "regression_mlp, training steps/s, against eager (>= 2.2x)",
        f"{mine:,.0f}",
        f"{peer:,.0f}",
        f"{mine / peer:.2f}x",
    )


def test_memory_of_a_step(trainer, row):
    eager = Eager(trainer)
    for _ in range(3):
        trainer.step()
        eager.step()
    mine, peer = peak_bytes(trainer.step), peak_bytes(eager.step)
    assert mine > 0
    assert peer > 0
    row(
        "regression_mlp, memory of a step, against eager (<= 1.0x)",
        f"{mine / 1024:.0f} KiB",
        f"{peer / 1024:.0f} KiB",
        f"{mine / peer:.2f}x",
    )


def test_stepping_against_running(row):
    trainer = Trainer(load_example("digits_mlp"))
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
    ours = median(seconds(step) for _ in range(200))
    peer = median(seconds(run) for _ in range(200))
    row(
        "digits_mlp, stepping through, against one go (<= 3x)",
        f"{ours * 1e6:.0f} µs",
        f"{peer * 1e6:.0f} µs",
        f"{ours / peer:.2f}x",
    )

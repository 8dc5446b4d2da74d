"""Two thousand steps forth and back leave nothing behind: neither tensors nor anything else."""

import tracemalloc

from explorer.program import Stepper, inspect
from explorer.program.flow import Gauge
from explorer.training import Trainer
from tests import nets
from tests.alive import tensor_bytes

STEPS = 2_000
SLACK = 100_000
"""Bytes by which caches of Python and torch may still differ; a small array kept at each step of
this walk would take several times as many."""


def walk(stepper: Stepper, gauge: Gauge, steps: int) -> None:
    """Go to the end and back to the start, and look at everything as the window does."""
    taken = 0
    while taken < steps or stepper.position:
        ahead = len(stepper.calls) if stepper.position == 0 else 0
        while stepper.position != ahead:
            call = stepper.step() if ahead else stepper.back()
            taken += 1
            gauge.read(stepper.session.namespace)
            if call is not None and taken % 7 == 0:
                inspect(stepper.session, call)


def test_memory_stays_flat_over_two_thousand_steps_forth_and_back() -> None:
    stepper = Trainer(nets.residual()).walk()
    gauge = Gauge(stepper.session.program)
    walk(stepper, gauge, 200)
    tracemalloc.start()
    try:
        walk(stepper, gauge, 100)
        tensors, (traced, _) = tensor_bytes(), tracemalloc.get_traced_memory()
        walk(stepper, gauge, STEPS)
        assert tensor_bytes() == tensors
        assert tracemalloc.get_traced_memory()[0] - traced < SLACK
    finally:
        tracemalloc.stop()

"""A step of the forward or backward pass, as the canvas shows it."""

from dataclasses import dataclass

from explorer.program.program import Phase


@dataclass(frozen=True)
class StepOverlay:
    """Where a step stands. Nodes are named by id, wires by the input they end in.

    live_wires carry the current call's data; gradient_wires have their gradient already.
    """

    current: str | None = None
    phase: Phase = "forward"
    done_forward: frozenset[str] = frozenset()
    done_backward: frozenset[str] = frozenset()
    live_wires: frozenset[str] = frozenset()
    gradient_wires: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()

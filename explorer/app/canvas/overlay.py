"""A step of the forward or backward pass, as the canvas shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from explorer.program.flow import Gradient, Meeting
from explorer.program.program import Phase


@dataclass(frozen=True)
class StepOverlay:
    """Where a step stands. Nodes are named by id, wires by the input they end in.

    live_wires carry the current call's data; gradients are those that wires have already, several
    where one port of a group's card stands for several inputs. meetings are the sums that are
    there; `met` is the one that the current call made. Of the nodes in `waiting` the forward call
    has not run yet, of those in `without_gradient` the backward call.
    """

    current: str | None = None
    phase: Phase = "forward"
    done_forward: frozenset[str] = frozenset()
    done_backward: frozenset[str] = frozenset()
    live_wires: frozenset[str] = frozenset()
    gradients: Mapping[str, tuple[Gradient, ...]] = field(default_factory=dict)
    meetings: tuple[Meeting, ...] = ()
    met: Meeting | None = None
    left_out: frozenset[str] = frozenset()
    waiting: frozenset[str] = frozenset()
    without_gradient: frozenset[str] = frozenset()

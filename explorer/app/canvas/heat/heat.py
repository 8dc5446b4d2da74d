"""A quantity of every node as warmth: how warm a card is, and what its number says."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import isfinite, log10
from typing import Literal

from explorer.app.panels.numbers import brief
from explorer.graph.quantities import in_bytes
from explorer.training.monitoring import LayerMeasures
from explorer.training.profiling import NodeCost

HeatKind = Literal["off", "gradient", "ratio", "dead", "time", "memory"]
MEASURED: tuple[HeatKind, ...] = ("gradient", "ratio", "dead")
"""Those that are measured over and over while a net trains."""
COSTS: tuple[HeatKind, ...] = ("time", "memory")
"""Those that are measured once, of the step at hand."""
_DECADES = 6.0
"""The most powers of ten that the ramp reaches over, down from the largest number."""


@dataclass(frozen=True)
class Kind:
    """A quantity: its name, its number in words, and what it is.

    `whole` makes one number of those of the nodes in a group. `is_share` says that it goes from 0
    to 1; others go from the least to the largest there is, by powers of ten. `unknown` says why a
    node may have no such number.
    """

    name: str
    words: Callable[[float], str]
    meaning: str
    whole: Callable[[Iterable[float]], float]
    unknown: str
    is_share: bool = False


def time_text(seconds: float) -> str:
    """Seconds as 1.2 s, 3.4 ms, 56 µs."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size or unit == "µs":
            number = seconds / size
            return f"{number:.{0 if number >= 9.95 else 1}f} {unit}"
    raise AssertionError("the last unit takes all that is left")


def share_text(share: float) -> str:
    return f"{100 * share:.0f} %"


KINDS: dict[HeatKind, Kind] = {
    "gradient": Kind(
        "Gradient norm",
        brief,
        "The norm of the gradient of a node's weights; of its output where none of them learns",
        max,
        "no gradient flows there",
    ),
    "ratio": Kind(
        "Update / weight",
        brief,
        "How much of its weights a training step changes; about 1e-3 is healthy",
        max,
        "it has no weights that learn",
    ),
    "dead": Kind(
        "Dead units",
        share_text,
        "The share of an activation's units that give 0 for every row of the batch",
        max,
        "it is no activation",
        is_share=True,
    ),
    "time": Kind(
        "Time",
        time_text,
        "What the forward and the backward calls of a node take on one batch",
        sum,
        "it does not run",
    ),
    "memory": Kind(
        "Memory",
        lambda size: in_bytes(round(size)),
        "What the results of a node's calls take on one batch: outputs, caches and gradients",
        sum,
        "it does not run",
    ),
}


@dataclass(frozen=True)
class Scale:
    """From which number to which the ramp goes."""

    low: float
    high: float
    is_share: bool

    @classmethod
    def of(cls, kind: Kind, values: Iterable[float]) -> "Scale | None":
        """The scale of these numbers; None where none of them can be shown."""
        if kind.is_share:
            return cls(0.0, 1.0, True)
        known = [value for value in values if isfinite(value) and value > 0]
        if not known:
            return None
        return cls(max(min(known), max(known) / 10**_DECADES), max(known), False)

    def share(self, value: float) -> float:
        """Where a finite number is on the ramp, from 0 to 1; what is beyond is at an end."""
        if self.is_share:
            return min(max(value, 0.0), 1.0)
        if value <= self.low:
            return 0.0
        span = log10(self.high) - log10(self.low)
        return min((log10(value) - log10(self.low)) / span, 1.0) if span else 1.0


def of_layers(kind: HeatKind, nodes: Mapping[str, LayerMeasures]) -> dict[str, float]:
    """The numbers of a kind, by node, of those that have one."""
    found: dict[str, float] = {}
    for id, node in nodes.items():
        value = {"gradient": node.gradient, "ratio": node.ratio, "dead": node.dead}.get(kind)
        if value is not None:
            found[id] = value
    return found


def of_costs(kind: HeatKind, nodes: Mapping[str, NodeCost]) -> dict[str, float]:
    """The numbers of a kind, by node."""
    if kind == "time":
        return {id: cost.seconds for id, cost in nodes.items()}
    return {id: float(cost.nbytes) for id, cost in nodes.items()}

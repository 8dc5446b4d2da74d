"""Which layers are shown: those that are selected, else some of all, from the first to the last."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from explorer.app.panels.numbers import plural
from explorer.training.monitoring import LayerMeasures, Quantity

MOST = 7
"""The most layers that learn, and the most activations, that are shown of a whole net."""
MOST_SELECTED = 2 * MOST

Nodes = Mapping[str, LayerMeasures]

HAS: dict[Quantity, Callable[[LayerMeasures], bool]] = {
    "gradient": lambda node: node.gradient is not None,
    "ratio": lambda node: node.learns,
    "mean": lambda node: node.mean is not None,
    "dead": lambda node: node.is_activation,
}
"""Whether a node has such a number."""

_OF_A_WHOLE_NET: dict[Quantity, Callable[[LayerMeasures], bool]] = {
    "gradient": lambda node: node.learns,
    "ratio": lambda node: node.learns,
    "mean": lambda node: node.is_activation,
    "dead": lambda node: node.is_activation,
}
"""Those that tell most, where nothing is selected."""


@dataclass(frozen=True)
class Choice:
    """The nodes that are shown, in the order of the net, by quantity; `words` say which they are.

    `nodes` are all of them: a node has the same style in every plot, that of its place there.
    `words` are "" where nothing is left out.
    """

    nodes: tuple[str, ...]
    by_quantity: dict[Quantity, tuple[str, ...]]
    words: str


def choose(nodes: Nodes, selected: Collection[str]) -> Choice:
    """What is shown of the nodes that are measured, while those are selected."""
    wanted = [id for id in nodes if id in selected]
    return _of_selection(nodes, wanted) if wanted else _of_net(nodes)


def _of_selection(nodes: Nodes, wanted: Sequence[str]) -> Choice:
    shown = _spread(wanted, MOST_SELECTED)
    by_quantity = {q: tuple(id for id in shown if has(nodes[id])) for q, has in HAS.items()}
    some = f"{len(shown)} of " if len(shown) < len(wanted) else ""
    return Choice(tuple(shown), by_quantity, f"{some}{plural(len(wanted), 'selected node')}")


def _of_net(nodes: Nodes) -> Choice:
    by_quantity = {
        quantity: tuple(_spread([id for id, node in nodes.items() if has(node)], MOST))
        for quantity, has in _OF_A_WHOLE_NET.items()
    }
    if not by_quantity["mean"]:
        by_quantity["mean"] = by_quantity["ratio"]
    shown = {id for ids in by_quantity.values() for id in ids}
    learning = sum(node.learns for node in nodes.values())
    active = sum(node.is_activation for node in nodes.values())
    counts: tuple[tuple[Quantity, int, str], ...] = (
        ("ratio", learning, "layer"),
        ("dead", active, "activation"),
    )
    words = " and ".join(
        f"{len(by_quantity[quantity])} of {plural(count, what)}"
        for quantity, count, what in counts
        if len(by_quantity[quantity]) < count
    )
    words = f"{words}: select others to see them" if words else ""
    return Choice(tuple(id for id in nodes if id in shown), by_quantity, words)


def _spread(ids: Sequence[str], most: int) -> list[str]:
    """All of them, or as many as there may be, evenly from the first to the last."""
    if len(ids) <= most:
        return list(ids)
    return [ids[round(at * (len(ids) - 1) / (most - 1))] for at in range(most)]

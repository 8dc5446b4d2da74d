"""The chain rule from the loss to a call, factor by factor, with what each does to the gradient."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch

from explorer.layers import find
from explorer.program.program import Call, Program
from explorer.program.session import Session

PATHS = 4
"""So many products are written out; of more it is told how many there are."""


@dataclass(frozen=True)
class Factor:
    """What one backward call multiplies the gradient with, or an addition where paths meet.

    Attributes:
        call: its place among the program's calls.
        node, layer: whose it is; the layer is "" for an addition.
        symbol: the factor as the chain rule writes it: "∂fc2/∂relu1".
        equation: the layer's formula for it.
        arriving, leaving: the norms of the gradients before and after it; None before it has run.
    """

    call: int
    node: str
    layer: str
    symbol: str
    equation: str
    arriving: float | None
    leaving: float | None

    @property
    def gain(self) -> float | None:
        """How many times as large the gradient is behind it."""
        if self.arriving is None or self.leaving is None:
            return None
        return self.leaving / self.arriving if self.arriving else float("nan")


@dataclass(frozen=True)
class Chain:
    """All that lies between the loss and a gradient.

    Attributes:
        target: what it is the gradient of: "fc1_w".
        through: of a tensor that several read, which of them this is the share of: "skip.a"; or "".
        factors: in the order of their calls, from the loss to the call itself.
        products: one for each path, "∂loss/∂fc2 · ∂fc2/∂relu1 · …"; () where they are too many.
        paths: over how many paths the gradient arrives.
    """

    target: str
    through: str
    factors: tuple[Factor, ...]
    products: tuple[str, ...]
    paths: int

    @property
    def symbol(self) -> str:
        """What the products add up to: "∂loss/∂enter", or "∂loss/∂enter through skip.a"."""
        through = f" through {self.through}" if self.through else ""
        return f"∂loss/∂{self.target}{through}"


def chain_to(session: Session, gradient: str) -> Chain | None:
    """The chain to a gradient, by its variable, whether it is computed yet or not.

    None for what gets no gradient, and for the loss itself.
    """
    links = _links(session.program)
    if gradient not in links:
        return None
    needed: dict[str, None] = {}
    _gather(links, gradient, needed)
    factors = [_factor(session, links[name], name) for name in needed]
    factors.sort(key=lambda factor: factor.call)
    paths = _count(links, gradient)
    products = (
        tuple(" · ".join(path) for path in _products(links, gradient)) if paths <= PATHS else ()
    )
    link = links[gradient]
    return Chain(link.target, link.through, tuple(factors), products, paths)


@dataclass(frozen=True)
class _Link:
    """How one gradient comes from others: by a factor from several outputs, or as their sum."""

    call: Call
    symbol: str
    target: str
    sources: tuple[str, ...]
    through: str = ""


def _links(program: Program) -> dict[str, _Link]:
    """By gradient, the link that gives it."""
    found: dict[str, _Link] = {}
    targets = {gradient: path for path, gradient in program.gradients.items()}
    variables = program.values | program.parameters
    forwards = {call.node: call for call in program.forward_calls}
    for call in program.backward_calls:
        upstream = tuple(o.variable for o in call.reads if o.role == "upstream")
        for written in call.writes:
            if call.is_addition:
                path = targets.get(written.variable, written.variable)
                target = variables.get(path, path)
                found[written.variable] = _Link(call, "+", target, upstream)
                continue
            forward = forwards[call.node]
            read = {o.label: o.variable for o in forward.reads}
            label = written.label.removeprefix("d")
            target = read.get(label, written.label)
            through = "" if written.variable in targets else f"{call.node}.{label}"
            given = [o.variable for o in forward.writes if o.role == "output"]
            gives = given[0] if len(given) == 1 else call.node
            symbol = f"∂{gives}/∂{target}"
            found[written.variable] = _Link(call, symbol, target, upstream, through)
    return found


def _gather(links: dict[str, _Link], gradient: str, needed: dict[str, None]) -> None:
    """All gradients on the way, without going deeper than a list can: nets may be long."""
    ahead = [gradient]
    while ahead:
        name = ahead.pop()
        if name in links and name not in needed:
            needed[name] = None
            ahead += links[name].sources


def _count(links: dict[str, _Link], gradient: str) -> int:
    """How many paths lead to a gradient."""
    counts: dict[str, int] = {}
    ahead = [gradient]
    while ahead:
        name = ahead[-1]
        missing = [s for s in _sources(links, name) if s not in counts]
        if missing:
            ahead += missing
            continue
        ahead.pop()
        counts[name] = sum(counts[s] for s in _sources(links, name)) or 1
    return counts[gradient]


def _sources(links: dict[str, _Link], name: str) -> tuple[str, ...]:
    return tuple(s for s in links[name].sources if s in links) if name in links else ()


def _products(links: dict[str, _Link], gradient: str) -> Iterator[tuple[str, ...]]:
    """Each path as its factors, from the loss on."""
    ahead: list[tuple[str, tuple[str, ...]]] = [(gradient, ())]
    while ahead:
        name, behind = ahead.pop(0)
        link = links[name]
        product = behind if link.call.is_addition else (link.symbol, *behind)
        sources = _sources(links, name)
        ahead = [(source, product) for source in sources] + ahead
        if not sources:
            yield product


def _factor(session: Session, link: _Link, gradient: str) -> Factor:
    call = link.call
    layer = find(call.layer) if call.layer else None
    label = next(o.label for o in call.writes if o.variable == gradient)
    return Factor(
        call=call.index,
        node=call.node,
        layer=call.layer,
        symbol=link.symbol,
        equation=layer.equations.get(label, "") if layer else call.text,
        arriving=_norm(session, link.sources),
        leaving=_norm(session, (gradient,)),
    )


def _norm(session: Session, gradients: tuple[str, ...]) -> float | None:
    """The length of several gradients taken together; None before they are computed."""
    if not all(name in session.namespace for name in gradients):
        return None
    found = [session.namespace[name] for name in gradients]
    norms = [torch.linalg.vector_norm(each.float()) for each in found]
    return float(torch.stack(norms).norm())

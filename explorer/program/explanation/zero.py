"""Why a number is 0, or nearly so: who closed, dropped, masked or never read it."""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.program.explanation.computation import Computation, Tensors, forward_of, of_call
from explorer.program.explanation.equations import number
from explorer.program.explanation.local import Local, UnexplainedError, of_gradient
from explorer.program.explanation.places import brackets, unravel
from explorer.program.program import Call, Program
from explorer.program.session import Session

FLAT = 1e-4
"""Below this slope a curve counts as flat: hardly anything passes."""

DEEPEST = 100
"""After so many calls the search for where a gradient became 0 ends."""


@dataclass(frozen=True)
class Zero:
    """What is known of why an element is 0.

    Attributes:
        sentences: why it is 0, or why next to nothing passes; () where neither is so.
        leads_to: the place among the calls of the one where the gradient first became 0; None
            where that is the call itself.
        share: how many of the tensor's numbers are 0, from 0 to 1.
        share_arriving: the same of what arrives; None where nothing does.
    """

    sentences: tuple[str, ...]
    leads_to: int | None
    share: float
    share_arriving: float | None


@dataclass(frozen=True)
class _Element:
    """One element of what a call wrote, with its local gradient."""

    call: Call
    computation: Computation
    local: Local
    name: str
    at: int

    @property
    def tensor(self) -> Tensor:
        return self.computation.written[self.name]

    @property
    def text(self) -> str:
        return f"{self.name}{brackets(unravel(self.at, tuple(self.tensor.shape)))}"

    @property
    def value(self) -> float:
        return float(self.tensor.flatten()[self.at])

    @property
    def slopes(self) -> Tensor:
        """Those that there are or could be, one after the other."""
        local = self.local
        return torch.cat([t[local.possible[k]] for k, t in local.slopes.items()])

    @property
    def entries(self) -> Tensor:
        """What each of the slopes is multiplied with."""
        numbers = self.computation.upstream or self.computation.operands
        return torch.cat([numbers[k][mask] for k, mask in self.local.possible.items()])


def why_zero(
    session: Session, call: Call, computation: Computation, local: Local, name: str, at: int
) -> Zero:
    """Why element `at`, counted through, of what a call wrote under `name` is 0, if it is."""
    element = _Element(call, computation, local, name, at)
    sentences = [sentence] if (sentence := _cause(element)) else []
    origin = None
    if sentences and not element.value and _waits(element):
        origin, sentence = _trace(session, element)
        sentences += [sentence] if origin else []
    arriving = computation.upstream.values()
    return Zero(
        sentences=tuple(sentences),
        leads_to=origin.index if origin else None,
        share=_share([element.tensor]),
        share_arriving=_share(arriving) if arriving else None,
    )


def without_gradient(program: Program, call: Call, operands: Tensors) -> tuple[str, ...]:
    """What a call's node is given and sends no gradient to, and why; a sentence for each."""
    forward = forward_of(program, call)
    backward = [each for each in program.backward_calls if each.node == call.node and each.layer]
    sent = {written.label for each in backward for written in each.writes}
    paths = {v: path for path, v in (program.parameters | program.values).items()}
    found = []
    for read in forward.reads:
        if f"d{read.label}" in sent or read.role == "buffer":
            continue
        path = paths[read.variable]
        if read.role == "parameter":
            why = f"{path} is frozen" if backward else f"none arrives at {call.node}"
        elif not operands[read.label].is_floating_point():
            why = "it holds whole numbers, which have no slope"
        else:
            why = f"nothing that learns lies behind {path}"
        found.append(f"{read.label} gets no gradient: {why}.")
    return tuple(found)


# One element


def _cause(element: _Element) -> str:
    """A sentence on why an element is 0, or hardly anything passes; "" where neither is so."""
    slopes, products = element.slopes, element.slopes * element.entries
    if element.value:
        small = len(slopes) == 1 and float(slopes.abs()) < FLAT and _words(element)
        slope = f"The slope is only {number(float(slopes[0]))}" if small else ""
        return f"{slope}: {_words(element)}.{_here(element)}" if small else ""
    if not len(slopes):
        why = _words(element) or "nothing that the layer gives was computed from it"
    elif not slopes.any():
        why = _words(element) or _zero_factors(element)
    elif products.any():
        why = "its terms cancel each other"
    elif not element.computation.upstream:
        why = "all that counts for it is 0"
    elif (slopes == 0).any():
        closed = int((slopes == 0).sum())
        why = f"{closed} of its {len(slopes)} slopes are 0, and nothing arrives at the others"
    else:
        why = f"nothing arrives, since {' and '.join(element.computation.upstream)} is 0 there"
    here = "" if slopes.any() else _here(element)
    return f"{element.text} is 0: {why}.{here}"


def _words(element: _Element) -> str:
    """What the layer itself says of a slope of 0."""
    zeros = element.computation.layer.zeros
    if element.computation.upstream:
        return zeros.get(element.name.removeprefix("d"), "") if element.call.layer else ""
    return next((zeros[key] for key in element.computation.operands if key in zeros), "")


def _here(element: _Element) -> str:
    """The number in the same place of what the layer was given: it tells which side that is on.

    Of a loss it is told what is compared.
    """
    c = element.computation
    if not _words(element):
        return ""
    shape = element.tensor.shape
    index = brackets(unravel(element.at, tuple(shape)))
    own = element.name.removeprefix("d") if c.upstream and not c.layer.is_loss else ""
    told = [
        f"{name}{index} = {number(float(tensor.flatten()[element.at]))}"
        for name, tensor in c.operands.items()
        if tensor.shape == shape and name not in c.layer.weights and own in ("", name)
    ]
    return f" Here {' and '.join(told)}." if told else ""


def _zero_factors(element: _Element) -> str:
    """What makes every slope 0: the numbers that they would be the product of."""
    c, local = element.computation, element.local
    found = local.uses({key: mask.to(local.slopes[key]) for key, mask in local.possible.items()})
    tensors = {**c.operands, **c.kept}
    zeros = [
        source.name
        for source, change in found.items()
        if change.any() and not tensors[source.name][change != 0].any()
    ]
    if not zeros:
        return "the curve is flat there"
    return f"every {' and '.join(dict.fromkeys(zeros))} that its terms are made with is 0"


def _waits(element: _Element) -> bool:
    """Whether an element is 0 because what arrives is, and not by its own slopes."""
    slopes = element.slopes
    return bool(
        element.computation.upstream and slopes.any() and not (slopes * element.entries).any()
    )


# Where it began


def _trace(session: Session, element: _Element) -> tuple[Call | None, str]:
    """The call in which the gradient first became 0, and why it did there."""
    origin: Call | None = None
    for _ in range(DEEPEST):
        earlier = _arriving(session, element)
        if earlier is None:
            break
        element, origin = earlier, earlier.call
        if not _waits(element):
            break
    return origin, f"It began in {element.call.node}: {_cause(element)}" if origin else ""


def _arriving(session: Session, element: _Element) -> _Element | None:
    """The first number that arrives with a slope, as an element of the call that wrote it."""
    key = next(k for k, slopes in element.local.slopes.items() if slopes.any())
    at = int(element.local.slopes[key].flatten().nonzero()[0])
    variable = next(read.variable for read in element.call.reads if read.label == key)
    for call in session.program.backward_calls:
        for written in call.writes:
            if written.variable == variable:
                computation = of_call(session, call)
                try:
                    local = of_gradient(computation, written.label, at)
                except UnexplainedError:
                    return None
                return _Element(call, computation, local, written.label, at)
    return None


def _share(tensors: Iterable[Tensor]) -> float:
    zeros, count = 0, 0
    for tensor in tensors:
        zeros += int((tensor == 0).sum())
        count += tensor.numel()
    return zeros / count if count else 0.0

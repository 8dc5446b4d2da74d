"""The local gradient of one element: how much it changes with each number that it was made from.

A gradient such as dw[3, 5] is linear in what arrives: dw[3, 5] = Σⱼ cⱼ · dout[j], and
cⱼ = ∂out[j] / ∂w[3, 5]. An output such as out[4, 5] has a slope by each of its operands. Either
comes from deriving the program's own line once more.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from explorer.layers.base import Elementwise
from explorer.program.explanation.computation import Computation, Tensors
from explorer.program.explanation.places import Source

PROBES = 256
"""How many numbers may arrive where each of them has to be tried by itself."""

_ROUNDING = 200
"""How many times the precision a sum may be off, for each unit of what it adds up."""


Uses = Callable[[Tensors], dict[Source, Tensor]]
_Way = Callable[[Computation, str, int], Tensors]
_UsesWay = Callable[[Computation, str, int, Tensors], dict[Source, Tensor]]


class UnexplainedError(ValueError):
    """An element that cannot be taken apart; the message says why."""


class _NotDerivedError(Exception):
    """A way to a local gradient that torch cannot go for this layer; there are others."""


@dataclass(frozen=True)
class Local:
    """What one element was made from, and by how much.

    Attributes:
        slopes: by name, how much the element changes with each number: of upstream for a
            gradient, of the operands for an output.
        possible: the same places, where there would be a slope if no number were exactly 0.
        uses: from weights, shaped as the slopes, to how much the weighted slopes change with each
            number of the cache or the operands: where it is not 0, that number was used.
    """

    slopes: Tensors
    possible: Tensors
    uses: Uses

    @property
    def source(self) -> Literal["upstream", "operand"]:
        """Where the numbers stand by which the slopes are."""
        return "upstream" if all(name.startswith("d") for name in self.slopes) else "operand"


def of_gradient(computation: Computation, name: str, at: int) -> Local:
    """The local gradient of element `at`, counted through, of a gradient such as "dw"."""
    c = computation
    slopes, way = _slopes(c, name, at)
    possible, uses = slopes, _uses_of_operands
    if way is _by_backward:
        filled = c.with_kept({key: _without_zeros(t) for key, t in c.kept.items()})
        possible, uses = _by_backward(c, name, at, filled), _uses_of_cache
    return Local(
        slopes,
        _possible(c, slopes, possible, at, c.gradients[name].shape),
        lambda weights: _known(uses, c, name, at, weights),
    )


def of_output(computation: Computation, name: str, at: int) -> Local:
    """The slopes of element `at`, counted through, of an output by every float operand."""
    c = computation
    floats = _operands(c)
    slopes = _by_operands(c, name, at, floats)
    filled = {key: _without_zeros(t) for key, t in floats.items()}
    return Local(
        slopes,
        _possible(c, slopes, _by_operands(c, name, at, filled), at, c.outputs[name].shape),
        lambda weights: _known(_uses_of_slopes, c, name, at, weights),
    )


# Ways to the slopes


def _slopes(c: Computation, name: str, at: int) -> tuple[Tensors, "_Way"]:
    """The slopes, by the first way that torch can go and that adds up to the element."""
    gradient = c.gradients[name]
    value, largest = float(gradient.flatten()[at]), float(gradient.abs().max())
    for way in (_by_backward, _by_forward, _by_probing):
        try:
            slopes = way(c, name, at)
        except _NotDerivedError:
            continue
        if adds_up(slopes, c.upstream, value, largest):
            return slopes, way
    raise UnexplainedError(
        f"d{name[1:]} of {c.layer.name()} works on too many numbers to take it apart"
    )


def _by_backward(
    c: Computation, name: str, at: int, cache: tuple[object, ...] | None = None
) -> Tensors:
    """Derive backward by what arrives."""
    with _deriving():
        leaves = _as_leaves(c.upstream)
        element = c.backward(leaves, c.cache if cache is None else cache)[name].flatten()[at]
        if not element.requires_grad:
            raise _NotDerivedError("it computes with torch.no_grad()")
        return _derived(element, leaves)


def _by_forward(c: Computation, name: str, at: int) -> Tensors:
    """Derive forward instead, by autograd, and that by what arrives."""
    with _deriving():
        arriving = _as_leaves(c.upstream)
        leaves = _as_leaves({name[1:]: c.operands[name[1:]]})
        element = _through_forward(c, name, leaves, arriving).flatten()[at]
        return _derived(element, arriving)


def _by_probing(c: Computation, name: str, at: int) -> Tensors:
    """Let each number of upstream arrive alone, as 1; of many, the one in the element's place."""
    numbers = sum(t.numel() for t in c.upstream.values())
    slopes: Tensors = {}
    for key, arriving in c.upstream.items():
        places = range(arriving.numel()) if numbers <= PROBES else [at]
        if places == [at] and arriving.shape != c.gradients[name].shape:
            raise _NotDerivedError
        found = torch.zeros(arriving.numel(), dtype=arriving.dtype, device=arriving.device)
        for place in places:
            found[place] = c.backward(alone(c.upstream, key, place), c.cache)[name].flatten()[at]
        slopes[key] = found.reshape(arriving.shape)
    return slopes


def _by_operands(c: Computation, name: str, at: int, operands: Tensors) -> Tensors:
    """Derive forward by what it takes."""
    with torch.enable_grad():
        leaves = _as_leaves(operands)
        return _derived(c.forward(leaves)[name].flatten()[at], leaves)


# Ways to what the slopes depend on


def _known(
    way: "_UsesWay", c: Computation, name: str, at: int, weights: Tensors
) -> dict[Source, Tensor]:
    """What a way finds; of some layers torch cannot tell what goes in from the cache."""
    others = (_uses_of_entries, _uses_of_operands) if way is _uses_of_cache else ()
    for each in (way, *others):
        try:
            return each(c, name, at, weights)
        except _NotDerivedError:
            continue
    return {}


def _uses_of_cache(c: Computation, name: str, at: int, weights: Tensors) -> dict[Source, Tensor]:
    with _deriving():
        return _derived_by_cache(c, name, at, weights, c.kept)


def _uses_of_entries(c: Computation, name: str, at: int, weights: Tensors) -> dict[Source, Tensor]:
    """Entry by entry of the cache, since torch does not derive some kernels by all of them."""
    found: dict[Source, Tensor] = {}
    for key, entry in c.kept.items():
        with suppress(_NotDerivedError), _deriving():
            found |= _derived_by_cache(c, name, at, weights, {key: entry})
    if not any(map(torch.any, found.values())):
        raise _NotDerivedError
    return found


def _derived_by_cache(
    c: Computation, name: str, at: int, weights: Tensors, kept: Tensors
) -> dict[Source, Tensor]:
    leaves = _as_leaves(kept)
    element = c.backward(weights, c.with_kept(leaves))[name].flatten()[at]
    return {Source("cache", key): t for key, t in _derived(element, leaves).items()}


def _uses_of_operands(c: Computation, name: str, at: int, weights: Tensors) -> dict[Source, Tensor]:
    with _deriving():
        leaves = _as_leaves(_operands(c))
        element = _through_forward(c, name, leaves, weights).flatten()[at]
        return {Source("operand", key): t for key, t in _derived(element, leaves).items()}


def _uses_of_slopes(c: Computation, name: str, at: int, weights: Tensors) -> dict[Source, Tensor]:
    with _deriving():
        leaves = _as_leaves(_operands(c))
        element = c.forward(leaves)[name].flatten()[at]
        slope = _weighted(_derived(element, leaves, again=True), weights)
        return {Source("operand", key): t for key, t in _derived(slope, leaves).items()}


# Small steps


def alone(tensors: Tensors, name: str, at: int) -> Tensors:
    """As many numbers, all 0 but for a 1 at one place, counted through, of one tensor."""
    found = {
        key: torch.zeros(t.shape, dtype=t.dtype, device=t.device) for key, t in tensors.items()
    }
    found[name].view(-1)[at] = 1
    return found


@contextmanager
def _deriving() -> Iterator[None]:
    """Derive what is computed within; what torch has no derivative of ends this way alone."""
    try:
        with torch.enable_grad():
            yield
    except torch.OutOfMemoryError:
        raise
    except RuntimeError as error:
        raise _NotDerivedError(str(error)) from error


def _operands(c: Computation) -> Tensors:
    """What forward can be derived by: floats, but for the buffers that it moves in place."""
    return {
        key: t
        for key, t in c.operands.items()
        if t.is_floating_point() and key not in c.layer.buffers
    }


def _as_leaves(tensors: Tensors) -> Tensors:
    return {key: t.detach().clone().requires_grad_() for key, t in tensors.items()}


def _derived(element: Tensor, leaves: Tensors, again: bool = False) -> Tensors:
    """The derivative of one number by each leaf; 0 where it does not depend on it."""
    found: tuple[Tensor | None, ...] = (None,) * len(leaves)
    if element.requires_grad and leaves:
        wanted = list(leaves.values())
        found = torch.autograd.grad(element, wanted, create_graph=again, allow_unused=True)
    pairs = zip(leaves.items(), found, strict=True)
    return {key: torch.zeros_like(leaf) if d is None else d for (key, leaf), d in pairs}


def _through_forward(c: Computation, name: str, leaves: Tensors, arriving: Tensors) -> Tensor:
    """The gradient called `name` as autograd finds it, so that it can be derived again."""
    outputs = c.forward(c.operands | leaves)
    pairs = [(outputs[key[1:]], arriving[key]) for key in arriving]
    given, douts = zip(*((o, d) for o, d in pairs if o.requires_grad), strict=True)
    (found,) = torch.autograd.grad(given, [leaves[name[1:]]], douts, create_graph=True)
    return found


def _weighted(tensors: Tensors, weights: Tensors) -> Tensor:
    return torch.stack([(t * weights[key]).sum() for key, t in tensors.items()]).sum()


def _without_zeros(tensor: Tensor) -> Tensor:
    return torch.where(tensor == 0, torch.ones_like(tensor), tensor)


def adds_up(slopes: Tensors, numbers: Tensors, value: float, beside: float = 0.0) -> bool:
    """Whether slopes times numbers are the element, but for rounding.

    An element that all but cancels is as exact as the large ones `beside` it in its tensor.
    """
    products = [slopes[key].double() * numbers[key].double() for key in slopes]
    total = sum(float(each.sum()) for each in products)
    size = sum(float(each.abs().sum()) for each in products)
    if not math.isfinite(value + total):
        return not math.isfinite(value)
    precision = max(torch.finfo(numbers[key].dtype).eps for key in slopes)
    scale = max(size, abs(value), beside if math.isfinite(beside) else 0.0)
    return abs(total - value) <= _ROUNDING * precision * scale


def _possible(
    c: Computation, slopes: Tensors, filled: Tensors, at: int, shape: torch.Size
) -> Tensors:
    """Where a slope is, or would be if nothing were exactly 0."""
    found = {key: (slopes[key] != 0) | (filled[key] != 0) for key in slopes}
    same = [key for key, t in slopes.items() if t.shape == shape]
    if same and issubclass(c.layer, Elementwise) and not any(map(torch.any, found.values())):
        # Flat here, as a closed ReLU is: it still depends on the number in its own place alone.
        found[same[0]] = alone(c.upstream or c.operands, same[0], at)[same[0]] != 0
    return found

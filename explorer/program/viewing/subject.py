"""What is looked at: a tensor, or how it differs from another, piece by piece."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from explorer.program.viewing.cut import Cut, Span, ViewError, select

PIECE = 2**17
"""How many numbers are gone through at a time: what a core's cache holds."""


class Subject:
    """A tensor to look at; with `less`, that tensor less another of the same shape.

    A difference is never computed as a whole. Raises ViewError where the shapes differ.
    """

    def __init__(self, tensor: Tensor, less: Tensor | None = None):
        if less is not None and less.shape != tensor.shape:
            here, there = tuple(tensor.shape), tuple(less.shape)
            raise ViewError(
                f"one is {here} and the other {there}: only equal shapes can be compared"
            )
        self.tensor = tensor.detach()
        self._less = None if less is None else less.detach()

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.tensor.shape)

    @property
    def dtype(self) -> torch.dtype:
        if self._less is None:
            return self.tensor.dtype
        return torch.promote_types(*(_wide_dtype(t.dtype) for t in (self.tensor, self._less)))

    @property
    def numel(self) -> int:
        return self.tensor.numel()

    def viewed(self, view: Callable[[Tensor], Tensor]) -> "Subject":
        """The same difference between views of both."""
        return Subject(view(self.tensor), None if self._less is None else view(self._less))

    def numbers(self) -> Tensor:
        """All of it, live where it is a tensor."""
        if self._less is None:
            return self.tensor
        return wide(self.tensor.cpu()) - wide(self._less.cpu())

    def part(self, cut: Cut, rows: Span, columns: Span) -> Tensor:
        """A part of a plane, its reduced axes reduced: (rows, columns)."""
        found = self.viewed(lambda tensor: select(tensor, cut, rows, columns)).numbers()
        for _, reduction in reversed(cut.reductions if self.numel else []):
            found = _REDUCE[reduction](wide(found), -1)
        return found

    def plane(self, cut: Cut) -> "Subject":
        """A plane through it as a subject of its own: (rows, columns)."""
        rows, columns = ((0, size) for size in cut.size(self.shape))
        if cut.reductions:
            return Subject(self.part(cut, rows, columns))
        return self.viewed(lambda tensor: select(tensor, cut, rows, columns))

    def sample(self, count: int) -> Tensor | None:
        """So many of its numbers on the CPU, drawn from all over it, always the same ones.

        None where they do not lie one behind the other in memory, and finding them would take long.
        """
        both = [self.tensor] if self._less is None else [self.tensor, self._less]
        flat = [_in_memory_order(tensor) for tensor in both]
        if not flat[0].is_contiguous() or both[-1].stride() != self.tensor.stride():
            return None
        drawn = torch.Generator().manual_seed(0)
        at = torch.randint(self.numel, (count,), generator=drawn).to(self.tensor.device)
        found = [tensor.reshape(-1)[at].cpu() for tensor in flat]
        return found[0] if len(found) == 1 else wide(found[0]) - wide(found[1])

    def pieces(self) -> Iterator[Tensor]:
        """All its numbers in vectors of at most PIECE on the CPU, in no particular order."""
        if self._less is None:
            yield from (piece.cpu() for (piece,) in _pieces(_in_memory_order(self.tensor)))
            return
        for piece, less in _pieces(self.tensor, self._less):
            yield wide(piece.cpu()) - wide(less.cpu())


def wide(tensor: Tensor) -> Tensor:
    """The same numbers as floats of at least 32 bits; whole numbers on the CPU as float64."""
    # Not every device knows float64.
    near = tensor if tensor.dtype.is_floating_point else tensor.cpu()
    return near.to(_wide_dtype(tensor.dtype))


def _wide_dtype(dtype: torch.dtype) -> torch.dtype:
    is_small = dtype.is_floating_point and dtype != torch.float64
    return torch.float32 if is_small else torch.float64


def peak(tensor: Tensor, dim: int) -> Tensor:
    """Along an axis the number farthest from 0, with its sign."""
    low, high = tensor.amin(dim), tensor.amax(dim)
    # A NaN in both is neither above nor below, and is kept.
    return torch.where(-low > high, low, high)


def _norm(tensor: Tensor, dim: int) -> Tensor:
    return torch.linalg.vector_norm(tensor, dim=dim)


def _mean(tensor: Tensor, dim: int) -> Tensor:
    return tensor.mean(dim)


_REDUCE = {"mean": _mean, "peak": peak, "norm": _norm}


def _in_memory_order(tensor: Tensor) -> Tensor:
    """The same numbers with those that are neighbours in memory next to each other."""
    order = sorted(range(tensor.dim()), key=tensor.stride, reverse=True)
    return tensor.permute(order)


def _pieces(*tensors: Tensor) -> Iterator[tuple[Tensor, ...]]:
    """Tensors of one shape side by side, in vectors of at most PIECE."""
    first = tensors[0]
    if all(tensor.is_contiguous() for tensor in tensors):
        yield from zip(*(tensor.view(-1).split(PIECE) for tensor in tensors), strict=True)
    elif first.numel() <= PIECE:
        yield tuple(tensor.reshape(-1) for tensor in tensors)
    else:
        rows = max(PIECE * len(first) // first.numel(), 1)
        for parts in zip(*(tensor.split(rows) for tensor in tensors), strict=True):
            yield from _pieces(*(part if len(part) > 1 else part[0] for part in parts))

"""What is added around an image before a convolution, and how its gradient flows back inside."""

from typing import Literal

from torch import Tensor
from torch.nn import functional

from explorer.layers.sizes import Sizes, each, reaches

Edges = tuple[tuple[int, int], ...]
"""How much is added before and behind each axis."""
PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]


def edges(
    padding: Sizes | Literal["same"], kernel_size: Sizes, dilation: Sizes, axes: int
) -> Edges:
    """The setting in numbers. As in torch, "same" adds the odd one behind."""
    if padding == "same":
        spare = [reach - 1 for reach in reaches(kernel_size, dilation, axes)]
        return tuple((width // 2, width - width // 2) for width in spare)
    return tuple((width, width) for width in each(padding, axes))


def added(x: Tensor, edges: Edges, mode: PaddingMode) -> Tensor:
    """x with its edges added."""
    widths = [width for pair in reversed(edges) for width in pair]
    return functional.pad(x, widths, "constant" if mode == "zeros" else mode)


def folded(gradient: Tensor, edges: Edges, mode: PaddingMode) -> Tensor:
    """The gradient of x, from that of x with its edges: each edge adds to what it copied."""
    for axis, (before, behind) in enumerate(edges, start=2):
        gradient = _fold(gradient, axis, before, behind, mode)
    return gradient


def _fold(gradient: Tensor, axis: int, before: int, behind: int, mode: PaddingMode) -> Tensor:
    size = gradient.shape[axis] - before - behind
    inside = gradient.narrow(axis, before, size)
    if mode == "zeros" or not (before or behind):
        return inside
    inside = inside.clone()
    first = gradient.narrow(axis, 0, before)
    last = gradient.narrow(axis, before + size, behind)
    if mode == "circular":
        inside.narrow(axis, size - before, before).add_(first)
        inside.narrow(axis, 0, behind).add_(last)
    elif mode == "reflect":
        inside.narrow(axis, 1, before).add_(first.flip(axis))
        inside.narrow(axis, size - 1 - behind, behind).add_(last.flip(axis))
    else:
        inside.narrow(axis, 0, 1).add_(first.sum(axis, keepdim=True))
        inside.narrow(axis, size - 1, 1).add_(last.sum(axis, keepdim=True))
    return inside


def least_size(edges: Edges, mode: PaddingMode) -> tuple[int, ...]:
    """How large x must be along each axis to be copied into its edges."""
    return tuple(max(pair) + (mode == "reflect") for pair in edges)

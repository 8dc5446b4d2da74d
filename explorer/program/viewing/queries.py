"""What can be asked of a tensor and is answered at once, with copies on the CPU of bounded size."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import prod
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from explorer.program.viewing.cut import Cut, Span, ViewError
from explorer.program.viewing.subject import Subject, peak, wide

LARGEST_WINDOW = 2**20
"""How many numbers a window may hold."""
_AT_A_TIME = 2**22
"""How many numbers are summed up at a time."""

Summing = Literal["mean", "peak"]


@dataclass(frozen=True)
class Window:
    """The numbers themselves of a part of a plane.

    Answered by an array (rows, columns): whole numbers as they are, others as floats.
    """

    cut: Cut
    rows: Span
    columns: Span

    @torch.no_grad()
    def of(self, subject: Subject) -> np.ndarray:
        size = self.cut.size(subject.shape)
        rows, columns = _within(self.rows, size[0]), _within(self.columns, size[1])
        if (rows[1] - rows[0]) * (columns[1] - columns[0]) > LARGEST_WINDOW:
            raise ViewError(f"that is more than {LARGEST_WINDOW:,} numbers: take fewer at a time")
        return _array(subject.part(self.cut, rows, columns))


@dataclass(frozen=True, eq=False)
class Picture:
    """A plane summed up in blocks of `block` rows and columns, the last ones smaller.

    `rows` and `columns` say which part of the plane it is, `by` what each block is told by.
    """

    numbers: np.ndarray
    block: tuple[int, int]
    rows: Span
    columns: Span
    by: Summing = "mean"

    @property
    def is_exact(self) -> bool:
        """Whether each number of it is one of the tensor."""
        return self.block == (1, 1)


@dataclass(frozen=True)
class Overview:
    """A part of a plane as a picture of at most `most` rows and columns."""

    cut: Cut
    rows: Span
    columns: Span
    most: tuple[int, int] = (512, 512)
    by: Summing = "mean"

    @torch.no_grad()
    def of(self, subject: Subject) -> Picture:
        size = self.cut.size(subject.shape)
        rows, columns = _within(self.rows, size[0]), _within(self.columns, size[1])
        high, wide = rows[1] - rows[0], columns[1] - columns[0]
        block = max(-(-high // self.most[0]), 1), max(-(-wide // self.most[1]), 1)
        if not high * wide:
            block = 1, 1
        if block == (1, 1):
            return Picture(_array(subject.part(self.cut, rows, columns)), block, rows, columns)
        if _runs_across(subject, self.cut):
            found = _summed(subject, self.cut, rows, columns, block, self.by)
        else:
            # Along memory is many times faster than across.
            turned = block[1], block[0]
            found = _summed(subject, self.cut.turned, columns, rows, turned, self.by).T
        return Picture(_array(found), block, rows, columns, self.by)


@dataclass(frozen=True, eq=False)
class Tiles:
    """Images side by side: `numbers` (N, C, H, W), each pixel a block of `block` rows and columns.

    `first` is the first sample and the first channel, `of` how many there are in all.
    """

    numbers: np.ndarray
    block: int
    first: tuple[int, int]
    of: tuple[int, int]


@dataclass(frozen=True)
class Images:
    """The last two axes as images, the two before as samples and channels.

    `leading` are the indices of all axes before those; `first` where to begin, `most` how many
    samples and channels at most, `side` how many pixels an image may be high and wide.
    """

    leading: tuple[int, ...] = ()
    first: tuple[int, int] = (0, 0)
    most: tuple[int, int] = (32, 16)
    side: int = 128

    @torch.no_grad()
    def of(self, subject: Subject) -> Tiles:
        samples, channels, high, across = _stack(subject.tensor, self.leading).shape
        block = max(-(-max(high, across) // self.side), 1)
        room = max(LARGEST_WINDOW * block**2 // max(high * across, 1), 1)
        n, c = min(self.first[0], samples), min(self.first[1], channels)
        c_end = c + min(self.most[1], room)
        n_end = n + min(self.most[0], max(room // max(c_end - c, 1), 1))
        shown = subject.viewed(lambda t: _stack(t, self.leading)[n:n_end, c:c_end])
        numbers = shown.numbers()
        if block > 1:
            numbers = wide(numbers)
            for dim in (2, 3):
                numbers = _along(numbers, dim, block, torch.mean)
        return Tiles(_array(numbers), block, (n, c), (samples, channels))


@dataclass(frozen=True, eq=False)
class Lines:
    """Curves: `y` (lines, points) over the indices `x` (points,); the first of them is `first`."""

    x: np.ndarray
    y: np.ndarray
    first: int
    of: int


@dataclass(frozen=True)
class Curves:
    """Rows of a plane as curves over its columns, of at most `points` points.

    Where there are more columns, a pair of points stands for each run of them: its smallest and
    its largest number, so that no outlier goes unseen.
    """

    cut: Cut
    first: int = 0
    most: int = 8
    points: int = 2048

    @torch.no_grad()
    def of(self, subject: Subject) -> Lines:
        rows, columns = self.cut.size(subject.shape)
        first, end = _within((self.first, self.first + self.most), rows)
        part = subject.part(self.cut, (first, end), (0, columns))
        run = -(-columns * 2 // self.points) if columns > self.points else 1
        if run == 1:
            return Lines(np.arange(columns), _array(part), first, rows)
        part = wide(part)
        low = _along(part, 1, run, torch.amin)
        high = _along(part, 1, run, torch.amax)
        y = torch.stack((low, high), -1).flatten(1)
        x = np.repeat(np.arange(0, columns, run), 2)
        x[1::2] = np.minimum(x[1::2] + run // 2, columns - 1)
        return Lines(x, _array(y), first, rows)


def _within(span: Span, size: int) -> Span:
    first = min(max(span[0], 0), size)
    return first, min(max(span[1], first), size)


def _array(tensor: Tensor) -> np.ndarray:
    """A copy on the CPU that numpy can hold."""
    tensor = tensor.cpu()
    plain = wide(tensor) if tensor.dtype.is_floating_point else tensor
    return plain.numpy().copy()


def _runs_across(subject: Subject, cut: Cut) -> bool:
    """Whether neighbours in a row are nearer in memory than those in a column."""
    if cut.rows is None or cut.columns is None:
        return True
    stride = subject.tensor.stride()
    return stride[cut.columns] <= stride[cut.rows]


def _summed(
    subject: Subject, cut: Cut, rows: Span, columns: Span, block: tuple[int, int], by: Summing
) -> Tensor:
    """Blocks of a plane, so many at a time that what they are made of stays small."""
    reduced = prod(subject.shape[axis] for axis, _ in cut.reductions)
    room = max(_AT_A_TIME // reduced, 1)
    across = max(room // prod(block), 1) * block[1]
    across = min(across, -(-(columns[1] - columns[0]) // block[1]) * block[1])
    down = max(room // (across * block[0]), 1) * block[0]
    return torch.cat(
        [
            torch.cat(
                [
                    _blocks(wide(subject.part(cut, high, span)), block, by)
                    for span in _spans(columns, across)
                ],
                1,
            )
            for high in _spans(rows, down)
        ]
    )


def _spans(span: Span, step: int) -> Iterator[Span]:
    for first in range(*span, step):
        yield first, min(first + step, span[1])


def _blocks(band: Tensor, block: tuple[int, int], by: Summing) -> Tensor:
    if by == "peak":
        return _along(_along(band, 0, block[0], peak), 1, block[1], peak)
    sums = _along(_along(band, 0, block[0], torch.sum), 1, block[1], torch.sum)
    down, across = (_sizes(n, k, band) for n, k in zip(band.shape, block, strict=True))
    return sums / (down[:, None] * across)


def _along(tensor: Tensor, dim: int, run: int, by: Callable[[Tensor, int], Tensor]) -> Tensor:
    """Runs of `run` numbers along an axis as one number each, the last of what is left over."""
    if run == 1:
        return tensor
    size = tensor.shape[dim]
    full = size // run * run
    parts = []
    if full:
        parts.append(by(tensor.narrow(dim, 0, full).unflatten(dim, (full // run, run)), dim + 1))
    if full < size:
        parts.append(by(tensor.narrow(dim, full, size - full).unsqueeze(dim), dim + 1))
    return torch.cat(parts, dim)


def _sizes(size: int, run: int, like: Tensor) -> Tensor:
    """How many numbers each run along an axis of that size holds."""
    ends = torch.arange(0, size, run, device=like.device, dtype=like.dtype)
    return (size - ends).clamp(max=run)


def _stack(tensor: Tensor, leading: tuple[int, ...]) -> Tensor:
    """A tensor as images (N, C, H, W): without channels it has one, without samples one."""
    if tensor.dim() < 2 or len(leading) != max(tensor.dim() - 4, 0):
        raise ViewError(f"a tensor of {tensor.dim()} axes is no stack of images")
    Cut((*leading, *[0] * (tensor.dim() - len(leading)))).check(tuple(tensor.shape))
    found = tensor[leading]
    while found.dim() < 4:
        found = found.unsqueeze(0 if found.dim() == 2 else 1)
    return found

"""What a view looks at: a tensor, and how it is cut. Each part of the view gets the same one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isinf

from explorer.program.explanation import Box
from explorer.program.viewing import Cut, Entry

Index = tuple[int, ...]
_WORDS = {"N": "batch", "C": "channel", "H": "height", "W": "width", "T": "time"}


@dataclass(frozen=True)
class Sight:
    """A tensor and the plane through it that is looked at."""

    entry: Entry
    cut: Cut

    @property
    def size(self) -> tuple[int, int]:
        """How many rows and columns the plane has."""
        return self.cut.size(self.entry.shape)

    @property
    def is_whole(self) -> bool:
        """Whether its numbers are whole, or truths."""
        return not self.entry.dtype.startswith(("float", "bfloat"))

    def place(self, index: Index | None) -> tuple[int, int] | None:
        """The row and column of an entry, where it lies in the plane."""
        fits = index is not None and len(index) == len(self.cut.uses)
        return self.cut.place(index) if fits and index is not None else None

    def placed(self, said: Mapping[Index, str]) -> dict[tuple[int, int], str]:
        """What is said of entries by row and column, as far as they lie in the plane."""
        found = ((self.place(index), words) for index, words in said.items())
        is_whole = not self.cut.reductions
        return {place: words for place, words in found if place is not None and is_whole}

    def in_words(self, row: int, column: int) -> str:
        """A place as a person writes it: [0, 12, 3]; a reduced axis by what reduces it."""
        at = {"rows": row, "columns": column}
        return f"[{', '.join(str(at.get(str(use), use)) for use in self.cut.uses)}]"

    def lit(self, boxes: Sequence[Box]) -> list[tuple[range, range]]:
        """The rows and columns of parts of the tensor, as far as they lie in the plane."""
        found = []
        for box in boxes:
            if len(box) != len(self.cut.uses) or self.cut.reductions:
                continue
            parts = [_taken(part, n) for part, n in zip(box, self.entry.shape, strict=True)]
            if all(
                use in p
                for use, p in zip(self.cut.uses, parts, strict=True)
                if isinstance(use, int)
            ):
                rows, columns = (
                    range(1) if axis is None else parts[axis]
                    for axis in (self.cut.rows, self.cut.columns)
                )
                found.append((rows, columns))
        return found


def _taken(part: int | slice, size: int) -> range:
    return range(*part.indices(size)) if isinstance(part, slice) else range(part, part + 1)


def read_number(text: str) -> float:
    """What a person typed as a number: 1.5, -2e-3, inf or nan.

    Raises ValueError, with a sentence for the person, where it is none, or too large for any.
    """
    try:
        number = float(text)
    except ValueError:
        typed = text.strip() or "that"
        raise ValueError(f"{typed} is no number: type one such as 0.5, -1e-3, inf or nan") from None
    if isinf(number) and "inf" not in text.lower():
        raise ValueError(f"{text.strip()} is too large: type inf if you mean that")
    return number


def axis_name(entry: Entry, axis: int) -> str:
    """What an axis is called: "N · batch", "out_channels", or "axis 2" where nothing is known."""
    known = entry.label.axes
    name = known[axis] if len(known) == len(entry.shape) else ""
    if not name:
        return f"axis {axis}"
    word = _WORDS.get(name.rstrip("'"))
    return f"{name} · {word}" if word else name


def read_index(text: str, shape: tuple[int, ...]) -> Index:
    """What a person typed, "12, 3" or "[12, 3]", as an index into a tensor of that shape.

    Raises ValueError, with a sentence for the person, where there is no such entry.
    """
    words = text.strip().strip("[]()").replace(",", " ").split()
    example = ", ".join(["0"] * len(shape))
    if not all(word.isdecimal() for word in words) or len(words) != len(shape):
        raise ValueError(
            f"{text or 'That'} is no index: type one whole number for each axis: {example}"
        )
    index = tuple(map(int, words))
    for axis, (at, size) in enumerate(zip(index, shape, strict=True)):
        if at >= size:
            raise ValueError(f"axis {axis} has no index {at}: it ends at {size - 1}")
    return index

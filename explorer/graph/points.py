"""Places on the canvas as a file has them: two numbers, rounded to a hundredth."""

from typing import Any

from explorer.graph.errors import FileError, shown
from explorer.graph.names import FARTHEST


def read_point(where: str, value: Any) -> tuple[float, float]:
    """A place from a file. FileError, which names `where`, for anything but two numbers."""
    numbers = isinstance(value, list) and [
        v for v in value if isinstance(v, (int, float)) and abs(v) < FARTHEST
    ]
    if not numbers or len(numbers) != 2 or len(value) != 2:
        raise FileError(f"{where} must be two numbers; it is {shown(value)}")
    return float(numbers[0]), float(numbers[1])


def write_point(point: tuple[float, float]) -> list[float]:
    """A place for a file."""
    return [_plain(value) for value in point]


def _plain(value: float) -> float:
    shown = round(value, 2)
    return int(shown) if shown == int(shown) else shown

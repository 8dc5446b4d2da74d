"""Numbers as pixels: diverging colours centred on zero, and a pattern for what is no number."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from explorer.app import theme

_STRIPE = 3
"""How wide the stripes of a pattern are, in pixels."""


def largest(numbers: NDArray[Any]) -> float:
    """The largest finite |number|: what the strongest colour stands for; 0 without any."""
    finite = numbers[np.isfinite(numbers)]
    return float(np.abs(finite).max()) if finite.size else 0.0


def by_sign(numbers: NDArray[Any], limit: float) -> NDArray[np.uint8]:
    """RGBA of numbers: diverging colours, the strongest for ±limit."""
    return theme.diverging(np.asarray(numbers, dtype=np.float64) / (limit or 1.0))


def grey(numbers: NDArray[Any]) -> NDArray[np.uint8]:
    """RGBA of numbers: black for the smallest, white for the largest."""
    levels = _levels(numbers)
    return np.stack((levels, levels, levels, np.full_like(levels, 255)), -1)


def coloured(numbers: NDArray[Any]) -> NDArray[np.uint8]:
    """RGBA of numbers (…, 3): red, green and blue, 0 for the smallest of them all."""
    levels = _levels(numbers)
    return np.concatenate((levels, np.full((*levels.shape[:-1], 1), 255, dtype=np.uint8)), -1)


def enlarged(colours: NDArray[np.uint8], numbers: NDArray[Any], size: tuple[int, int]) -> QImage:
    """A picture `size` pixels wide and high of colours (rows, columns, RGBA), each a block.

    Where `numbers` (rows, columns) are NaN it is striped one way, for infinity the other way.
    """
    rows, columns = spread(colours.shape[0], size[1]), spread(colours.shape[1], size[0])
    return taken(colours, numbers, rows, columns)


def spread(count: int, pixels: int) -> NDArray[np.intp]:
    """Which of `count` neighbours each of so many pixels shows, at least one of them."""
    pixels = max(pixels, 1)
    return np.arange(pixels) * count // pixels


def taken(
    colours: NDArray[np.uint8],
    numbers: NDArray[Any],
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
) -> QImage:
    """A picture that shows these rows and columns, one pixel each; striped as `enlarged` is."""
    down = rows[:, None]
    found = colours[down, columns]
    bad = ~np.isfinite(numbers)
    if bad.any():
        _stripe(found, bad[down, columns], np.isnan(numbers)[down, columns])
    return image(found)


def _levels(numbers: NDArray[Any]) -> NDArray[np.uint8]:
    numbers = np.asarray(numbers, dtype=np.float64)
    finite = numbers[np.isfinite(numbers)]
    low, high = (finite.min(), finite.max()) if finite.size else (0.0, 1.0)
    share = (np.nan_to_num(numbers, nan=low) - low) / ((high - low) or 1.0)
    return np.rint(np.clip(share, 0, 1) * 255).astype(np.uint8)


def image(pixels: NDArray[np.uint8]) -> QImage:
    """Pixels (height, width, RGBA) as a picture of its own."""
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    made = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
    return made.copy()


def _stripe(pixels: NDArray[np.uint8], bad: NDArray[np.bool_], nan: NDArray[np.bool_]) -> None:
    """Draw stripes over what is no number: over NaN rising, over infinity falling."""
    down, across = np.nonzero(bad)
    is_nan = nan[down, across]
    along = np.where(is_nan, down + across, down - across)
    is_dark = along // _STRIPE % 2 == 0
    pixels[down[is_nan], across[is_nan]] = _rgba(theme.current().heat_missing)
    pixels[down[is_dark], across[is_dark]] = _rgba(theme.current().text)


def _rgba(colour: str) -> tuple[int, int, int, int]:
    return QColor(colour).getRgb()  # type: ignore[return-value]

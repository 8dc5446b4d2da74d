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


def heat(numbers: NDArray[Any], limit: float, size: tuple[int, int]) -> QImage:
    """A picture `size` pixels wide and high of numbers (rows, columns), each a block of pixels.

    ±limit has the strongest colours. NaN is striped one way, infinity the other way.
    """
    width, height = max(size[0], 1), max(size[1], 1)
    rows = np.arange(height) * numbers.shape[0] // height
    columns = np.arange(width) * numbers.shape[1] // width
    numbers = np.asarray(numbers, dtype=np.float64)
    colours = theme.diverging(numbers / (limit or 1.0))
    found = colours[rows[:, None], columns]
    bad = ~np.isfinite(numbers)
    if bad.any():
        _stripe(found, bad[rows[:, None], columns], np.isnan(numbers)[rows[:, None], columns])
    return image(found)


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

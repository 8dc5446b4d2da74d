"""Images in a grid, each number a pixel: samples down and channels across."""

from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.app import theme
from explorer.app.tensors.grid import Grid
from explorer.app.tensors.pixels import by_sign, coloured, grey, largest, taken
from explorer.program.viewing import Tiles

Pixel = tuple[int, int, int, int]
"""Sample, channel, row and column in the tensor."""

Colouring = Literal["By sign", "Grey", "Red, green, blue"]
COLOURINGS: tuple[Colouring, ...] = get_args(Colouring)

_SMALLEST, _LARGEST = 2.0, 24.0
"""How large a pixel of an image is drawn, in points: fewer images are shown before it is less."""
_NOTHING = Tiles(np.zeros((0, 0, 0, 0)), 1, (0, 0), (0, 0))


class Mosaic(QWidget):
    """Shows as many images as are large enough to be made out.

    Images with channels of their own have a row for each sample; others fill the rows.

    Signals:
        hovered(pixel) or (None): what is under the pointer.
        chosen(pixel): what was clicked.
        laid_out(): it shows more or fewer images now.
    """

    hovered = Signal(object)
    chosen = Signal(object)
    laid_out = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._tiles = _NOTHING
        self._colouring: Colouring = "By sign"
        self._down = self._across = 0
        self._grid = Grid.of((1, 1), 1.0)
        self._ratio = 1.0
        self._scale = 1.0
        self._image = QImage()
        self._marked: Pixel | None = None
        self.setMouseTracking(True)
        self.setMinimumHeight(60)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self._redraw)

    @property
    def tiles(self) -> Tiles:
        return self._tiles

    @property
    def shown(self) -> tuple[int, int]:
        """How many samples and channels are shown."""
        samples, channels = self._tiles.numbers.shape[:2]
        if self._is_wrapped:
            return min(self._down * self._across, samples), channels
        return self._down, self._across

    def show_tiles(self, tiles: Tiles) -> None:
        """Show these in the place of what was there."""
        self._tiles = tiles
        self._lay_out()

    def colour_by(self, colouring: str) -> None:
        """How numbers become colours: one of COLOURINGS."""
        self._colouring = next(one for one in COLOURINGS if one == colouring)
        self._lay_out()

    def mark(self, pixel: Pixel | None) -> None:
        """Frame a pixel."""
        self._marked = pixel
        self.update()

    def number(self, pixel: Pixel) -> Any:
        """The number that a pixel shows."""
        sample, channel, row, column = self._within(pixel)
        return self._tiles.numbers[sample, channel, row, column].item()

    # Places

    @property
    def _is_wrapped(self) -> bool:
        """Whether there is one image for each sample."""
        return self._tiles.numbers.shape[1] == 1 or self._is_coloured

    @property
    def _is_coloured(self) -> bool:
        return self._colouring == "Red, green, blue" and self._tiles.numbers.shape[1] == 3

    def _within(self, pixel: Pixel) -> Pixel:
        """A pixel's place among those that are here."""
        tiles = self._tiles
        sample, channel, row, column = pixel
        block = tiles.block
        return sample - tiles.first[0], channel - tiles.first[1], row // block, column // block

    def _lay_out(self) -> None:
        """As many images as are large enough, and those as large as they can be."""
        samples, channels, high, wide = self._tiles.numbers.shape
        if self._tiles.numbers.size:
            room = self.width() / (wide + 1), self.height() / (high + 1)
            if self._is_wrapped:
                across = range(1, samples + 1)
                self._across = max(
                    across, key=lambda n: min(room[0] / n, room[1] / -(-samples // n))
                )
                self._down = -(-samples // self._across)
            else:
                self._down, self._across = samples, channels
            fits = [max(int(size / _SMALLEST), 1) for size in room]
            self._across, self._down = min(self._across, fits[0]), min(self._down, fits[1])
            if self._is_wrapped and self._down * self._across < samples:
                self._across = min(fits[0], samples)
                self._down = min(fits[1], -(-samples // self._across))
            scale = min(room[0] / self._across, room[1] / self._down, _LARGEST)
            self._scale = max(scale, 0.1)
        self._align()
        self._redraw()
        self.laid_out.emit()

    def _align(self) -> None:
        """Have images of one size and gaps of one size in the screen's own pixels."""
        self._ratio = self.devicePixelRatioF()
        high, wide = self._tiles.numbers.shape[2:]
        self._grid = Grid.of((high, wide), self._scale * self._ratio)
        self._image = QImage()

    def pixel_at(self, at: QPointF) -> Pixel | None:
        """Which pixel is at a point; None between images."""
        if not self._tiles.numbers.size:
            return None
        down, row = self._grid.down.at(at.y() * self._ratio)
        across, column = self._grid.across.at(at.x() * self._ratio)
        is_inside = 0 <= down < self._down and 0 <= across < self._across
        sample = down * self._across + across if self._is_wrapped else down
        if not is_inside or row is None or column is None or sample >= len(self._tiles.numbers):
            return None
        channel = 0 if self._is_wrapped else across
        block, first = self._tiles.block, self._tiles.first
        return first[0] + sample, first[1] + channel, row * block, column * block

    def _box_of(self, pixel: Pixel) -> QRectF | None:
        """Where a pixel is drawn, if it is."""
        sample, channel, row, column = self._within(pixel)
        down, across = divmod(sample, self._across) if self._is_wrapped else (sample, channel)
        if not (0 <= down < self._down and 0 <= across < self._across and sample >= 0):
            return None
        left, width = self._grid.across.span(across, column)
        top, height = self._grid.down.span(down, row)
        return QRectF(*(length / self._ratio for length in (left, top, width, height)))

    # Painting

    @Slot()
    def _redraw(self) -> None:
        self._image = QImage()
        self.update()

    def _canvas(self) -> tuple[NDArray[np.uint8], NDArray[Any]]:
        """All images as one: its colours, clear between them, and its numbers."""
        numbers = self._tiles.numbers
        high, wide = numbers.shape[2:]
        colours = self._colours(numbers)
        shape = self._down * (high + 1), self._across * (wide + 1)
        canvas = np.zeros((*shape, 4), dtype=np.uint8)
        values = np.zeros(shape)
        for down in range(self._down):
            for across in range(self._across):
                sample = down * self._across + across if self._is_wrapped else down
                if sample >= len(numbers):
                    break
                channel = 0 if self._is_wrapped else across
                top, left = down * (high + 1), across * (wide + 1)
                place = slice(top, top + high), slice(left, left + wide)
                canvas[place] = colours[sample, channel]
                shown = numbers[sample].sum(0) if self._is_coloured else numbers[sample, channel]
                values[place] = shown
        return canvas, values

    def _colours(self, numbers: NDArray[Any]) -> NDArray[np.uint8]:
        if self._is_coloured:
            return coloured(numbers.transpose(0, 2, 3, 1))[:, None]
        return grey(numbers) if self._colouring == "Grey" else by_sign(numbers, largest(numbers))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._ratio != self.devicePixelRatioF():
            self._align()
        if self._tiles.numbers.size:
            if self._image.isNull():
                shown = self._grid.down.shown(self._down), self._grid.across.shown(self._across)
                self._image = taken(*self._canvas(), *shown)
                self._image.setDevicePixelRatio(self._ratio)
            painter.drawImage(QPointF(0, 0), self._image)
            if self._marked is not None and (marked := self._box_of(self._marked)):
                painter.setPen(QPen(QColor(theme.current().text), 2))
                painter.drawRect(marked.adjusted(-1, -1, 1, 1))
        painter.end()

    # The pointer

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hovered.emit(self.pixel_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        pixel = self.pixel_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and pixel is not None:
            self.chosen.emit(pixel)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

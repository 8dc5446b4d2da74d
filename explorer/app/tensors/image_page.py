"""A stack of images side by side: samples, channels, or the windows of a convolution."""

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QLabel, QSizePolicy, QSpinBox, QVBoxLayout

from explorer.app import theme
from explorer.app.panels.numbers import short
from explorer.app.panels.wrapping_row import WrappingRow
from explorer.app.tensors.client import Asker, TensorClient
from explorer.app.tensors.mosaic import COLOURINGS, Mosaic, Pixel
from explorer.app.tensors.page import Page
from explorer.app.tensors.requests import Seen, Unseen
from explorer.app.tensors.sight import Index, Sight, axis_name
from explorer.program.viewing import Images, Query, Tiles

_RGB = COLOURINGS[-1]


def has_images(shape: tuple[int, ...]) -> bool:
    """Whether a tensor of that shape can be looked at as images."""
    return len(shape) >= 3 and min(shape[-2:]) > 1 and min(shape) > 0


class ImagePage(Page):
    """The last two axes as images, the two before as rows and columns of images."""

    def __init__(self, client: TensorClient):
        super().__init__()
        self._asker = Asker(client, self._hear)
        self._sight: Sight | None = None
        self._marked: Index | None = None
        self._mosaic = Mosaic()
        self._mosaic.setAccessibleName("Images")
        self._mosaic.hovered.connect(self._on_hover)
        self._mosaic.chosen.connect(self._on_chosen)
        self._mosaic.laid_out.connect(self._say_what_is_shown)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._ask)
        self._make_bar()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, 0)
        column.addWidget(self._mosaic, 1)
        column.addLayout(self._bar)
        self.setFocusProxy(self._colouring)

    def uses_plane(self, shape: tuple[int, ...]) -> bool:
        return len(shape) > 4

    def show_sight(self, sight: Sight) -> None:
        before, self._sight = self._sight, sight
        if before is None or before.entry.shape != sight.entry.shape:
            self._offer(sight)
        self.mark(self._marked)
        self._soon.start()

    def mark(self, index: Index | None) -> None:
        self._marked = index
        is_here = index is not None and self._sight and len(index) == len(self._sight.entry.shape)
        self._mosaic.mark(_pixel(index) if index is not None and is_here else None)

    def stop(self) -> None:
        self._soon.stop()
        self._asker.stop()

    def _make_bar(self) -> None:
        self._part = QLabel()
        self._part.setMinimumWidth(1)
        self._part.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._part.setProperty("role", "soft")
        self._colouring = QComboBox()
        self._colouring.addItems(list(COLOURINGS))
        self._colouring.setAccessibleName("Colours")
        self._colouring.setToolTip("How numbers become colours")
        self._colouring.currentTextChanged.connect(self._mosaic.colour_by)
        self._bar = WrappingRow(theme.SPACING)
        self._firsts = [(QLabel(), QSpinBox()) for _ in range(2)]
        for name, first in self._firsts:
            first.valueChanged.connect(self._soon.start)
            self._bar.addWidget(name)
            self._bar.addWidget(first)
        self._bar.addWidget(self._part)
        self._bar.addWidget(self._colouring)

    def _offer(self, sight: Sight) -> None:
        """Offer what this shape has: a first sample and a first channel, colours of three."""
        shape = sight.entry.shape
        axes = range(len(shape) - 4, len(shape) - 2) if len(shape) > 3 else range(1)
        for number, (name, first) in enumerate(self._firsts):
            size = shape[axes[number]] if number < len(axes) else 1
            for part in (name, first):
                part.setVisible(size > 1)
            first.setRange(0, size - 1)
            first.setValue(0)
            if size > 1:
                words = axis_name(sight.entry, axes[number])
                name.setText(words)
                first.setAccessibleName(f"First {words}")
                first.setToolTip(f"Which index of {words} to begin with")
        has_colours = len(shape) > 3 and shape[-3] == 3
        choices = self._colouring.model()
        assert isinstance(choices, QStandardItemModel)
        choices.item(self._colouring.findText(_RGB)).setEnabled(has_colours)
        self._colouring.setCurrentText(_RGB if has_colours else COLOURINGS[0])

    @Slot()
    def _ask(self) -> None:
        if self._sight is not None:
            first = self._firsts[0][1].value(), self._firsts[1][1].value()
            self._asker.ask(self._sight.entry.address, Images(self._leading(), first))

    def _leading(self) -> tuple[int, ...]:
        """The indices of the axes before the samples: those of the cut."""
        assert self._sight is not None
        before = self._sight.cut.uses[: max(len(self._sight.cut.uses) - 4, 0)]
        return tuple(use if isinstance(use, int) else 0 for use in before)

    def _hear(self, query: Query | None, answer: Seen | Unseen) -> None:
        if isinstance(answer, Unseen):
            self.refused.emit(answer)
        else:
            assert isinstance(answer.answer, Tiles)
            self._mosaic.show_tiles(answer.answer)

    @Slot()
    def _say_what_is_shown(self) -> None:
        tiles, words = self._mosaic.tiles, []
        ways = ("samples", "channels")
        for name, shown, first, of in zip(
            ways, self._mosaic.shown, tiles.first, tiles.of, strict=True
        ):
            if shown < of:
                words.append(f"{name} {first:,}–{first + shown - 1:,} of {of:,}")
        if tiles.block > 1:
            words.append(f"each pixel is the mean of {tiles.block} × {tiles.block}")
        self._part.setText(" · ".join(words))
        self._part.setToolTip(self._part.text())

    # What a person does

    def _index(self, pixel: Pixel) -> Index:
        """Where a pixel is in the tensor."""
        assert self._sight is not None
        has_channels = len(self._sight.entry.shape) > 3
        return (*self._leading(), *(pixel if has_channels else (pixel[0], *pixel[2:])))

    @Slot(object)
    def _on_hover(self, pixel: Pixel | None) -> None:
        if pixel is None or self._sight is None:
            self.told.emit("")
            return
        at = ", ".join(map(str, self._index(pixel)))
        around = "" if self._mosaic.tiles.block == 1 else "around "
        self.told.emit(f"{around}[{at}] = {short(self._mosaic.number(pixel))}")

    @Slot(object)
    def _on_chosen(self, pixel: Pixel) -> None:
        self.chosen.emit(self._index(pixel))


def _pixel(index: Index) -> Pixel:
    sample, channel, row, column = index[-4:] if len(index) > 3 else (index[0], 0, *index[1:])
    return sample, channel, row, column

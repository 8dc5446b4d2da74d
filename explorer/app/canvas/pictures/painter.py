"""Draws a drawer: its body, the picture in it, and the gauge."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from explorer.app import theme
from explorer.app.canvas import geometry
from explorer.app.canvas.card_painter import TEXT_FROM
from explorer.app.canvas.pictures.dots import dots
from explorer.app.canvas.pictures.gauge import paint_gauge
from explorer.app.canvas.pictures.layout import TUCK, WIDTH, Layout
from explorer.app.canvas.pictures.on_pixels import on_pixels
from explorer.app.panels.numbers import short
from explorer.training.pictures import Histogram, NodePicture, Number, Picture, Scatter, Tiles

_CENTRE = Qt.AlignmentFlag.AlignCenter


class DrawerPainter:
    """One painting of one drawer, empty without a picture. `images` are those of its tiles."""

    def __init__(
        self,
        painter: QPainter,
        pictured: NodePicture | None,
        layout: Layout,
        images: list[QImage],
    ):
        self.painter = painter
        self.pictured = pictured
        self.layout = layout
        self.images = images
        self.theme = theme.current()

    def paint(self, scale: float) -> None:
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._body()
        pictured = self.pictured
        if pictured is None:
            return
        if self.layout.tiles:
            self._picture(pictured.picture, scale)
        if self.layout.gauge and pictured.gauge:
            with_words = scale >= TEXT_FROM
            paint_gauge(self.painter, self.layout.gauge, pictured.gauge, with_words)

    def _body(self) -> None:
        """A tray that comes out from under the card: no corners at the top."""
        box = QRectF(0, -TUCK, WIDTH, self.layout.height + TUCK)
        outline = QPainterPath()
        outline.addRoundedRect(box, geometry.CORNER, geometry.CORNER)
        self.painter.setPen(QPen(QColor(self.theme.card_border), 1.0))
        self.painter.setBrush(QColor(theme.mix(self.theme.card, self.theme.canvas, 0.5)))
        self.painter.save()
        self.painter.setClipRect(QRectF(-1, 0, WIDTH + 2, self.layout.height + 1))
        self.painter.drawPath(outline)
        self.painter.restore()

    def _picture(self, picture: Picture, scale: float) -> None:
        box = self.layout.tiles[0]
        match picture:
            case Tiles() as tiles:
                self._tiles(tiles, scale)
            case Scatter() as scatter:
                self.painter.fillRect(box, QColor(self.theme.field))
                self._dots(box, scatter)
                self._frame(box)
            case Histogram() as histogram:
                self._histogram(box, histogram)
            case Number() as number:
                self.painter.setFont(geometry.card_font(geometry.TITLE_PIXELS, bold=True))
                self.painter.setPen(QColor(self.theme.text))
                self.painter.drawText(box, _CENTRE, short(number.value))

    def _tiles(self, tiles: Tiles, scale: float) -> None:
        boxes = on_pixels(self.layout.tiles, self.painter.deviceTransform())
        for box, image in zip(boxes, self.images, strict=False):
            is_shrunk = box.width() * scale < image.width()
            smooth = tiles.of == "plane" or is_shrunk
            self.painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            self.painter.drawImage(box, image)
            self._frame(box)
        if tiles.points is not None:
            self._dots(boxes[0], tiles.points)

    def _frame(self, box: QRectF) -> None:
        self.painter.setPen(QPen(QColor(self.theme.border), 0.8))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawRect(box)

    def _dots(self, box: QRectF, scatter: Scatter) -> None:
        self.painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.painter.drawImage(box, dots(scatter))

    def _histogram(self, box: QRectF, histogram: Histogram) -> None:
        """Bars by the square root of the counts, or one that towers would hide all others."""
        most = max(int(histogram.counts.max()), 1)
        width = box.width() / len(histogram.counts)
        step = (histogram.high - histogram.low) / len(histogram.counts)
        self.painter.setPen(Qt.PenStyle.NoPen)
        for number, count in enumerate(histogram.counts.tolist()):
            middle = histogram.low + (number + 0.5) * step
            height = box.height() * (count / most) ** 0.5
            colour = self.theme.heat_positive if middle > 0 else self.theme.heat_negative
            self.painter.setBrush(QColor(colour))
            left = box.left() + number * width
            self.painter.drawRect(QRectF(left + 0.5, box.bottom() - height, width - 1, height))
        self.painter.setPen(QPen(QColor(self.theme.text_soft), 0.8))
        self.painter.drawLine(box.bottomLeft(), box.bottomRight())
        if histogram.low < 0 < histogram.high:
            x = box.left() - histogram.low / (histogram.high - histogram.low) * box.width()
            self.painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))

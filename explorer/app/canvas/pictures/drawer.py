"""The drawer below a card, in which its picture is.

Qt keeps it as a pixmap, as it keeps the card: panning runs no Python.
"""

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from explorer.app.canvas.node_item import Ahead, Hanging
from explorer.app.canvas.pictures.images import images
from explorer.app.canvas.pictures.layout import INSET, TUCK, WIDTH, Layout
from explorer.app.canvas.pictures.painter import DrawerPainter
from explorer.app.canvas.pictures.tips import tip
from explorer.training.pictures import NodePicture, Tiles


class Drawer(Hanging):
    """Hangs from a card, its parent, and shows a picture of what the node gives out."""

    def __init__(self, card: QGraphicsItem, pictured: NodePicture, layout: Layout):
        super().__init__(card)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemStacksBehindParent)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.pictured = pictured
        self.layout = layout
        self.ahead: Ahead = "nothing"
        self._images: list[QImage] | None = None
        self._fit()

    def show_picture(self, pictured: NodePicture, layout: Layout) -> None:
        """Show this, laid out so, in place of what was there."""
        before = self.pictured
        is_same = pictured.picture is before.picture and pictured.gauge == before.gauge
        if is_same and layout == self.layout:
            return  # as the points of the data, which stay
        self.pictured, self.layout, self._images = pictured, layout, None
        self._fit()
        self.update()

    def hang_below(self, height: float) -> None:
        """Hang from a card that is so high."""
        self.setPos(INSET, height - TUCK)

    def show_ahead(self, ahead: Ahead) -> None:
        """Be empty, or without the gauge, until a walk comes to what is shown there."""
        if ahead != self.ahead:
            self.ahead = ahead
            self.update()

    @property
    def shown(self) -> NodePicture | None:
        """What of the picture is computed where one steps; None while the call has not run."""
        if self.ahead == "all":
            return None
        return replace(self.pictured, gauge=None) if self.ahead == "gradient" else self.pictured

    def restyle(self) -> None:
        """Take on the colours of the current theme."""
        self._images = None
        self.update()

    def tip(self, at: QPointF) -> str:
        """What a scene point of it shows, in words."""
        return tip(self.shown, self.layout, self.mapFromScene(at))

    def _fit(self) -> None:
        box = QRectF(0, 0, WIDTH, self.layout.height).adjusted(-1, -1, 1, 1)
        if box != self.rect():
            self.setRect(box)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if self._images is None:
            picture = self.pictured.picture
            self._images = images(picture) if isinstance(picture, Tiles) else []
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        DrawerPainter(painter, self.shown, self.layout, self._images).paint(scale)

"""Shows, while a wire is drawn, which ports take it: those light up, other cards fade."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsEllipseItem

from explorer.app import theme
from explorer.app.canvas import geometry
from explorer.app.canvas.scene import GraphScene
from explorer.app.canvas.wiring import Judge

_FADED = 0.4


class PortLights:
    """A ring around each compatible port; gone again with `put_out`."""

    def __init__(self, scene: GraphScene, judge: Judge):
        self._scene = scene
        self._rings: dict[str, QGraphicsEllipseItem] = {}
        self._opacities: dict[str, float] = {}
        self._aimed: str | None = None
        for id, item in scene.nodes.items():
            fitting = [port for port in item.ports if judge.welcomes(port)]
            for port in fitting:
                self._rings[port.path] = self._ring(item.port_point(port))
            if not fitting and id != judge.node:
                self._opacities[id] = item.opacity()
                item.setOpacity(_FADED)

    @property
    def lit(self) -> set[str]:
        """The paths of the ports that take the wire."""
        return set(self._rings)

    def _ring(self, at: QPointF) -> QGraphicsEllipseItem:
        r = geometry.PORT_RADIUS + 4
        ring = QGraphicsEllipseItem(-r, -r, 2 * r, 2 * r)
        ring.setPos(at)
        ring.setZValue(3.5)
        ring.setPen(QPen(QColor(theme.current().accent), 2))
        ring.setBrush(theme.colour(theme.current().accent, 0.2))
        self._scene.addItem(ring)
        return ring

    def aim_at(self, path: str | None) -> None:
        """Enlarge the ring of the port that would be connected."""
        for name, scale in ((self._aimed, 1.0), (path, 1.5)):
            if name in self._rings:
                self._rings[name].setScale(scale)
        self._aimed = path

    def put_out(self) -> None:
        for ring in self._rings.values():
            self._scene.removeItem(ring)
        self._rings.clear()
        for id, opacity in self._opacities.items():
            if id in self._scene.nodes:
                self._scene.nodes[id].setOpacity(opacity)

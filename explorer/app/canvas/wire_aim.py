"""Which wire a layer would be inserted into if it were dropped here; that wire lights up."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from explorer.app.canvas import geometry
from explorer.app.canvas.fitting import ends_of, fits_between
from explorer.app.canvas.scene import GraphScene
from explorer.app.canvas.wire_item import WireItem
from explorer.app.canvas.wiring import Bends
from explorer.graph import Graph, Wire

_RIM = 0.22
"""How much of a card, at each of its edges, may touch a wire without meaning it."""


class WireAim:
    """Follows a card, or a block's box, that is dragged; `wire` is what it would cut."""

    def __init__(self, scene: GraphScene, part: Graph):
        self._scene = scene
        self._part = part
        self.ends = ends_of(part)
        self._fits: dict[str, bool] = {}
        self._item: WireItem | None = None

    @property
    def wire(self) -> Wire | None:
        """The wire that lights up."""
        return self._scene.graph.wires.get(self._item.target) if self._item else None

    def follow(self, box: QRectF) -> None:
        """The box is there now, in scene coordinates."""
        self._light(self._find(box) if self.ends else None)

    def put_out(self) -> None:
        self._light(None)

    def _light(self, item: WireItem | None) -> None:
        if item is self._item:
            return
        if self._item is not None:
            self._item.show_aimed(False)
        if item is not None:
            item.show_aimed(True)
        self._item = item

    def _find(self, box: QRectF) -> WireItem | None:
        across, down = box.width() * _RIM, box.height() * _RIM
        core = box.adjusted(across, down, -across, -down)
        area = QPainterPath()
        area.addRect(core)
        crossing = [item for item in self._scene.wires.values() if item.crosses(area)]
        crossing.sort(key=lambda item: _away(item, box))
        return next((item for item in crossing if self._takes(item.target)), None)

    def _takes(self, target: str) -> bool:
        if target not in self._fits:
            graph = self._scene.graph
            self._fits[target] = fits_between(self._part, graph, graph.wires[target])
        return self._fits[target]


def _away(item: WireItem, box: QRectF) -> float:
    """How far a wire passes from the middle of a box."""
    path = item.path()
    points = (path.pointAtPercent(share / 20) for share in range(21))
    return min(geometry.distance(point, box.center()) for point in points)


def parted(scene: GraphScene, wire: Wire, at: QPointF, box: QRectF) -> tuple[Bends, Bends]:
    """A wire's bends before and after a scene point on it, but for those that a box covers."""
    item = scene.wires[wire.target]
    if scene.leads_out(item):
        is_from_outside = scene.gates.get(item.source) is not None
        return (wire.bends, ()) if is_from_outside else ((), wire.bends)
    number = item.stretch_at(at)
    before, after = (
        tuple(bend for bend in bends if not box.contains(QPointF(*bend)))
        for bends in (wire.bends[:number], wire.bends[number:])
    )
    return before, after

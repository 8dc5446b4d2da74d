"""What a verification found, painted on the cards: a tick, a cross, or spoilt by another's."""

from typing import Literal

from PySide6.QtCore import QObject, QPointF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget

from explorer.app import theme
from explorer.app.canvas.scene import GraphScene
from explorer.graph.grouping import contents
from explorer.program import Verification

Verdict = Literal["right", "wrong", "spoilt"]
_RADIUS = 9.0
_WORDS = {
    "right": "Verified: its gradients agree with autograd and finite differences",
    "wrong": "Its backward is wrong: what it makes of the gradient it gets is off",
    "spoilt": "Its gradient is off because one that it is computed from is",
}


def verdicts(verification: Verification) -> dict[str, Verdict]:
    """What is said of each node whose gradients were checked."""
    found: dict[str, Verdict] = {}
    for check in verification:
        node = check.path.partition(".")[0]
        if not check.ok:
            found[node] = "spoilt"
        else:
            found.setdefault(node, "right")
    return found | {blame.node: "wrong" for blame in verification.blamed}


class Verdicts(QObject):
    """Keeps one mark on each card of a scene while there is a verification to show."""

    def __init__(self, scene: GraphScene):
        super().__init__()
        self._scene = scene
        self._found: dict[str, Verdict] = {}
        self._marks: list[VerdictMark] = []
        scene.refreshed.connect(self._paint)
        theme.changed.connect(self._paint)

    def show(self, verification: Verification | None) -> None:
        """Show what was found; None takes it away."""
        self._found = verdicts(verification) if verification else {}
        self._paint()

    def of(self, card: str) -> Verdict | None:
        """What a card shows: a group the worst of what is in it."""
        inside = {self._found.get(id) for id in contents(self._scene.graph, card)}
        return next((each for each in ("wrong", "spoilt", "right") if each in inside), None)

    @Slot()
    def _paint(self) -> None:
        for mark in self._marks:
            if mark.scene() is self._scene:
                self._scene.removeItem(mark)
        self._marks = []
        if not self._found:
            return
        for id, card in self._scene.nodes.items():
            verdict = self.of(id)
            if verdict is not None:
                mark = VerdictMark(verdict)
                mark.setPos(card.box.topRight() + QPointF(-2, 0))
                self._scene.addItem(mark)
                self._marks.append(mark)


class VerdictMark(QGraphicsPathItem):
    """A disc with a tick, a cross or a wave: told by its shape as well as by its colour."""

    def __init__(self, verdict: Verdict):
        super().__init__()
        self._verdict = verdict
        path = QPainterPath()
        path.addEllipse(QPointF(0, 0), _RADIUS, _RADIUS)
        self.setPath(path)
        self.setZValue(3.2)
        self.setToolTip(_WORDS[verdict])

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        colours = theme.current()
        by_verdict = {"right": colours.done, "wrong": colours.error, "spoilt": colours.warning}
        colour = by_verdict[self._verdict]
        painter.setPen(QPen(QColor(colours.canvas), 1.6))
        painter.setBrush(QColor(colour))
        painter.drawPath(self.path())
        pen = QPen(QColor(theme.readable_on(colour)), 2.0)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        for line in _SIGNS[self._verdict]:
            painter.drawPolyline([QPointF(x, y) for x, y in line])


_SIGNS = {
    "right": (((-4, 0.5), (-1, 3.5), (4, -3)),),
    "wrong": (((-3, -3), (3, 3)), ((-3, 3), (3, -3))),
    "spoilt": (((-4, 1), (-2, -1.5), (0, 1), (2, -1.5), (4, 1)),),
}

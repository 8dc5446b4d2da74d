"""Plays a StepOverlay on the canvas: lights the current node, moves data along its wires."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsSimpleTextItem

from explorer.app import theme
from explorer.app.canvas import geometry
from explorer.app.canvas.clear_view import way_to_clear
from explorer.app.canvas.levels import at_level
from explorer.app.canvas.node_item import Ahead, Progress
from explorer.app.canvas.overlay import StepOverlay
from explorer.app.canvas.step_legend import StepLegend
from explorer.app.canvas.sum_box import SumBox, SumMark
from explorer.app.canvas.wire_item import WireItem
from explorer.program.flow import Meeting
from explorer.program.program import Phase

if TYPE_CHECKING:
    from explorer.app.canvas.view import GraphView

TICK_MS = 40
_PER_TICK = 0.015
_FADED = 0.35
_USUAL, _THINNEST = 3.2, 1.6
"""How thick dashes are on a wire that carries values, and at least on one with a gradient."""
_DASH, _GAP = 9.6, 7.0
_TAG = 30.0
"""How far above a card its tag reaches."""
_ARROW_AT = 16.0
"""How far from where a wire begins its arrowhead is, clear of the port."""
_NOTHING = StepOverlay()


class StepShow(QObject):
    """Shows one overlay at a time; its timer runs only while there is one."""

    def __init__(self, view: GraphView):
        super().__init__(view)
        self._view = view
        self._scene = scene = view.graph_scene
        self.legend = StepLegend(view)
        self._told = self._overlay = _NOTHING
        self._mark: CurrentMark | None = None
        self._flows: list[LiveWire] = []
        self._arrows: dict[str, QGraphicsPathItem] = {}
        self._sums: list[SumMark] = []
        self._sum: SumBox | None = None
        self._phase_of_dashes = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        scene.refreshed.connect(self._again)
        theme.changed.connect(self._again)

    @property
    def is_running(self) -> bool:
        return self._timer.isActive()

    def show(self, overlay: StepOverlay | None) -> None:
        """Show where a step stands; None clears all of it."""
        self._told = overlay or _NOTHING
        before, self._overlay = self._overlay, at_level(self._told, self._scene)
        self._clear_moving_parts()
        self._colour_nodes(before)
        self._colour_wires(before)
        now = self._overlay
        if now.current in self._scene.nodes:
            self._mark = CurrentMark(now.phase)
            self._scene.addItem(self._mark)
        for target in sorted(now.live_wires & self._scene.wires.keys()):
            flow = LiveWire(self._scene.wires[target], now.phase)
            self._flows.append(flow)
            self._scene.addItem(flow)
        self._show_sums()
        self._tick()
        self.legend.show_wanted(overlay is not None, bool(now.left_out))
        if now.current != before.current:
            self._bring_into_view()
        self._scene.paint_anew()
        if overlay is None:
            self._timer.stop()
        else:
            self._timer.start()

    def _bring_into_view(self) -> None:
        """Move the view as little as shows the current card, unless a gesture holds it."""
        view, card = self._view, self._scene.nodes.get(self._overlay.current or "")
        if card is None or view.is_in_gesture:
            return
        seen = view.viewportTransform().mapRect(card.box.adjusted(0, -_TAG, 0, 0))
        covers = [QRectF(each.geometry()) for each in view.in_corners if each.isVisible()]
        way = way_to_clear(seen, QRectF(view.viewport().rect()), covers)
        if way is None:
            view.bring_into_view([card.id])
        elif not way.isNull():
            view.pan(way)

    def _again(self) -> None:
        if self._told is not _NOTHING:
            self._clear_arrows()
            self.show(self._told)

    def _clear_moving_parts(self) -> None:
        single = [item for item in (self._mark, self._sum) if item is not None]
        for item in [*self._flows, *self._sums, *single]:
            self._scene.removeItem(item)
        self._flows, self._sums, self._mark, self._sum = [], [], None, None

    def _clear_arrows(self) -> None:
        for arrow in self._arrows.values():
            self._scene.removeItem(arrow)
        self._arrows.clear()

    def _colour_nodes(self, before: StepOverlay) -> None:
        now = self._overlay
        shown = before.done_forward | before.done_backward | before.left_out
        wanted = now.done_forward | now.done_backward | now.left_out
        for id, item in self._scene.nodes.items():
            item.show_ahead(_ahead(now, id))
        for id in (shown | wanted) & self._scene.nodes.keys():
            item = self._scene.nodes[id]
            item.show_progress(_progress(now, id))
            item.setOpacity(_FADED if id in now.left_out else 1.0)

    def _colour_wires(self, before: StepOverlay) -> None:
        wires = self._scene.wires
        now = self._overlay
        for target in before.gradients.keys() - now.gradients.keys():
            arrow = self._arrows.pop(target, None)
            if arrow is not None:
                self._scene.removeItem(arrow)
            if target in wires:
                wires[target].show_gradients(())
        for target in now.gradients.keys() & wires.keys():
            wires[target].show_gradients(now.gradients[target])
            if target not in self._arrows:
                self._arrows[target] = self._arrow(wires[target])

    def _arrow(self, wire: WireItem) -> QGraphicsPathItem:
        """An arrowhead that points back to where the gradient goes."""
        arrow, path = QGraphicsPathItem(geometry.chevron(7.0)), wire.path()
        arrow.setBrush(QColor(theme.current().backward))
        arrow.setPen(QPen(Qt.PenStyle.NoPen))
        share = min(_ARROW_AT / max(path.length(), 1.0), 0.5)
        arrow.setTransform(geometry.along(path, share, backwards=True))
        arrow.setZValue(1.5)
        self._scene.addItem(arrow)
        return arrow

    def _show_sums(self) -> None:
        """A plus where gradients have been added up; the sum itself while it is what ran last."""
        now = self._overlay
        self._scene.meetings = now.meetings
        for meeting, port in self._on_ports(now.meetings):
            mark = SumMark(port)
            self._sums.append(mark)
            self._scene.addItem(mark)
            if meeting is now.met:
                self._sum = SumBox(meeting)
                self._scene.addItem(self._sum)
                self._place_sum(self._sum, port)

    def _on_ports(self, meetings: tuple[Meeting, ...]) -> Iterator[tuple[Meeting, QPointF]]:
        """Where each is on the shown level: at a port or, of weights, at the card's corner."""
        for meeting in meetings:
            card = self._scene.shown_as(meeting.of.partition(".")[0])
            item = self._scene.nodes.get(card or "")
            if item is not None:
                port = item.find_port(meeting.of)
                yield meeting, item.port_point(port) if port else item.box.topRight()

    def _place_sum(self, box: SumBox, port: QPointF) -> None:
        view, card = self._view, self._scene.nodes.get(self._overlay.current or "")
        if card is not None:
            clear = (port.y() - card.box.top() + _TAG) * view.scale_factor
            box.point_at(port, view.viewportTransform().map(port), clear, view.viewport().size())

    def _tick(self) -> None:
        self._phase_of_dashes = (self._phase_of_dashes + _PER_TICK) % 1.0
        node = self._scene.nodes.get(self._overlay.current or "")
        if self._mark is not None and node is not None:
            self._mark.surround(node.box)
        for flow in self._flows:
            flow.move(self._phase_of_dashes)
        self.legend.follow()
        if self._sum is not None:
            self._place_sum(self._sum, self._sum.pos())


def _progress(overlay: StepOverlay, id: str) -> Progress:
    if id in overlay.left_out:
        return "skipped"
    if id in overlay.done_backward:
        return "backward"
    return "forward" if id in overlay.done_forward else "none"


def _ahead(overlay: StepOverlay, id: str) -> Ahead:
    if id in overlay.waiting:
        return "all"
    return "gradient" if id in overlay.without_gradient else "nothing"


_TAGS: dict[Phase, str] = {
    "forward": "forward →",
    "backward": "← backward",
    "update": "update",
}


class CurrentMark(QGraphicsPathItem):
    """A glow around the current card, with a tag that names the phase."""

    def __init__(self, phase: Phase):
        super().__init__()
        colour = theme.of_phase(phase)
        self._glow = QGraphicsPathItem(self)
        self._glow.setPen(QPen(theme.colour(colour, 0.28), 11))
        self.setPen(QPen(QColor(colour), 3))
        self.setZValue(3.0)
        text = QGraphicsSimpleTextItem(_TAGS[phase])
        text.setFont(geometry.card_font(geometry.SMALL_PIXELS, bold=True))
        text.setBrush(QColor(theme.readable_on(colour)))
        size = text.boundingRect()
        self._tag = QGraphicsPathItem(geometry.pill(size.width() + 18, size.height() + 5), self)
        self._tag.setBrush(QColor(colour))
        self._tag.setPen(QPen(Qt.PenStyle.NoPen))
        text.setParentItem(self._tag)
        text.setPos(-size.width() / 2, -size.height() / 2)
        self._text = text

    def surround(self, box: QRectF) -> None:
        outline = QPainterPath()
        corner = geometry.CORNER + 2
        outline.addRoundedRect(box.adjusted(-2, -2, 2, 2), corner, corner)
        if outline != self.path():
            self.setPath(outline)
            self._glow.setPath(outline)
            self._tag.setPos(QPointF(box.center().x(), box.top() - 17))


class LiveWire(QGraphicsPathItem):
    """Dashes and arrowheads that run along a wire: to its reader, or back in the backward pass."""

    def __init__(self, wire: WireItem, phase: Phase):
        super().__init__()
        self._wire = wire
        self._is_backward = phase == "backward"
        colour = theme.of_phase(phase)
        # As thick as the gradient makes the wire, so that its size is not hidden.
        width = max(wire.pen().widthF(), _THINNEST) if self._is_backward else _USUAL
        self._pen = QPen(QColor(colour), width)
        self._pen.setDashPattern([_DASH / width, _GAP / width])
        self._round = 10 * (_DASH + _GAP) / width
        self._pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        self.setZValue(1.6)
        self._heads = [QGraphicsPathItem(geometry.chevron(8.0), self) for _ in range(2)]
        for head in self._heads:
            head.setBrush(QColor(colour))
            head.setPen(QPen(QColor(theme.current().canvas), 1))

    def move(self, share: float) -> None:
        """Show the wire `share` of a round on; 0 to 1."""
        path = self._wire.path()
        if path != self.path():
            self.setPath(path)
        way = share if self._is_backward else -share
        self._pen.setDashOffset(way * self._round)
        self.setPen(self._pen)
        for number, head in enumerate(self._heads):
            at = (share + number / len(self._heads)) % 1.0
            at = 1.0 - at if self._is_backward else at
            head.setTransform(geometry.along(path, 0.06 + 0.88 * at, self._is_backward))

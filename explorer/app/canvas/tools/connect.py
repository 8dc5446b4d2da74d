"""Draw a wire from either of its ends, move one, or take it away."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from explorer.app import theme
from explorer.app.canvas import geometry
from explorer.app.canvas.card import Port
from explorer.app.canvas.node_item import CardItem
from explorer.app.canvas.tools.base import Tool
from explorer.app.canvas.tools.port_lights import PortLights
from explorer.app.canvas.wiring import Judge, connection
from explorer.graph import GraphError


@dataclass(frozen=True)
class Aim:
    """The port under the pointer, and why a wire may not end there ("" if it may).

    `misfit` says of one that may why its reader cannot take the values ("" if it can).
    """

    item: CardItem
    port: Port
    refusal: str = ""
    misfit: str = ""


class ConnectTool(Tool):
    """Drags a wire's loose end; where it is dropped decides what becomes of it.

    Starting at an input that has a wire picks up that wire's end.
    """

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, view, item: CardItem, port: Port):  # type: ignore[no-untyped-def]
        super().__init__(view)
        wire = self.scene.graph.wires.get(port.path) if not port.is_output else None
        self.picked_up = wire.target if wire else None
        found = self.scene.port_at_path(wire.source) if wire else None
        self._item, self._port = found or (item, port)
        self._grabbed = port

    def start(self, event: QMouseEvent) -> None:
        self._aim: Aim | None = None
        self._moved = False
        self._judge = Judge(self.scene.graph, self._port)
        self._wire = QGraphicsPathItem()
        self._wire.setZValue(4)
        self.scene.addItem(self._wire)
        self._lights = PortLights(self.scene, self._judge)
        if self.picked_up:
            self.scene.wires[self.picked_up].setVisible(False)
        self._draw(self.at(event))

    def move(self, event: QMouseEvent) -> None:
        self._moved = True
        at = self.at(event)
        self._aim = self._find_aim(at)
        self._lights.aim_at(self._aim.port.path if self._aim and not self._aim.refusal else None)
        told = self._aim.refusal or self._aim.misfit if self._aim else ""
        self.view.show_note(told, event.position().toPoint())
        self._draw(at)

    def _find_aim(self, at: QPointF) -> Aim | None:
        near = self.scene.port_near(at)
        if near is None:
            near = self._port_of_card(at)
        if near is None or near[1].path == self._port.path:
            return None
        item, port = near
        if port.path == self.picked_up:
            return Aim(item, port)
        refusal = self._judge.refusal(port)
        return Aim(item, port, refusal, "" if refusal else self._judge.misfit(port))

    def _port_of_card(self, at: QPointF) -> tuple[CardItem, Port] | None:
        """A drop on a card means its nearest port that takes the wire: one that waits for it."""
        item = self.scene.node_at(at)
        if item is None or item is self._item:
            return None
        ports = item.card.inputs if self._port.is_output else item.card.outputs
        taken = self.scene.graph.wires

        def rank(port: Port) -> tuple[bool, bool, bool, bool, float]:
            is_refused = bool(self._judge.refusal(port))
            fits = not is_refused and self._judge.welcomes(port)
            occupied = not port.is_output and port.path in taken
            away = geometry.distance(item.port_point(port), at)
            return is_refused, not fits, occupied, port.may_stay_free, away

        return (item, min(ports, key=rank)) if ports else None

    def _draw(self, pointer: QPointF) -> None:
        colours = theme.current()
        fixed = self._item.port_point(self._port)
        loose = pointer
        refused = bool(self._aim and self._aim.refusal)
        if self._aim and not refused:
            loose = self._aim.item.port_point(self._aim.port)
        ends = (fixed, loose) if self._port.is_output else (loose, fixed)
        is_wrong = refused or bool(self._aim and self._aim.misfit)
        pen = QPen(QColor(colours.error if is_wrong else colours.accent), 2.4)
        if is_wrong or self._aim is None:
            pen.setDashPattern([4.0, 2.5])
        self._wire.setPen(pen)
        self._wire.setPath(geometry.wire_path(*ends))

    def finish(self, event: QMouseEvent) -> None:
        if self._moved:
            self.move(event)
        aim = self._aim
        if aim is None and self._offers(event):
            self._lights.put_out()
            self.view.offers.for_wire(self._port, self.at(event), self._drop_wire)
            return
        self._clean_up()
        if aim is None:
            self._let_go()
        elif aim.refusal:
            self.view.refused.emit(aim.refusal)
        elif aim.port.path != self.picked_up:
            self._connect(aim)

    def _offers(self, event: QMouseEvent) -> bool:
        """Whether a new wire was drawn into the empty: there, what fits it is offered."""
        at, room = self.at(event), self.view.viewport().rect()
        is_empty = self.scene.node_at(at) is None and self.scene.port_near(at) is None
        is_seen = room.contains(event.position().toPoint())
        return self._moved and not self.picked_up and is_empty and is_seen

    def _drop_wire(self) -> None:
        self.scene.removeItem(self._wire)

    def _let_go(self) -> None:
        """Dropped on nothing: a wire that was picked up is gone, a new one never was."""
        if self.picked_up and self._moved:
            self.scene.graph.do(self.scene.graph.removal((), self._freed()))
            self.view.told.emit(f"{self.picked_up} is no longer connected")

    def _connect(self, aim: Aim) -> None:
        paths = self._port.path, aim.port.path
        source, target = paths if self._port.is_output else paths[::-1]
        graph = self.scene.graph
        replaced = graph.wires.get(target)
        try:
            graph.do(connection(graph, source, self.scene.fed_with(target), self._freed()))
        except GraphError as error:
            self.view.refused.emit(str(error))
            return
        said = f"{target} now reads {source}"
        if aim.misfit:
            said += f", which does not fit: {aim.misfit.partition(': ')[0]}"
        if replaced:
            said += f"; its wire from {replaced.source} was replaced. Undo brings it back"
        self.view.told.emit(said)

    def _freed(self) -> tuple[str, ...]:
        """The inputs that lose the wire that was picked up."""
        return self.scene.fed_with(self.picked_up) if self.picked_up else ()

    def cancel(self) -> None:
        self._clean_up()

    def _clean_up(self) -> None:
        self.scene.removeItem(self._wire)
        self._lights.put_out()
        self.view.show_note("")
        if self.picked_up and self.picked_up in self.scene.wires:
            self.scene.wires[self.picked_up].setVisible(True)

"""The canvas's items, built from a graph and kept in step with it by listening.

The scene holds no truth of its own: what a user does becomes an Edit of the graph, and the
graph's signals bring it back here.
"""

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsItemGroup,
    QGraphicsScene,
    QGraphicsSceneHelpEvent,
    QToolTip,
)

from explorer.app import theme
from explorer.app.canvas import geometry
from explorer.app.canvas.card import Card, Port, describe, flow_of, port_names
from explorer.app.canvas.node_item import NodeItem
from explorer.app.canvas.tooltips import card_tip, port_tip, wire_tip
from explorer.app.canvas.wire_item import WireItem, WireLabel
from explorer.graph import Edit, Graph, Node, Problem, Unusable
from explorer.graph.edits import AddNode, AddWire, RemoveNode, RemoveWire, ReplaceNode
from explorer.graph.shapes import Report

LABELS_FROM = 0.6


class GraphScene(QGraphicsScene):
    """Shows one graph. `nodes` are its items by id, `wires` by the input they end in."""

    selection_changed = Signal(list)
    refreshed = Signal()

    def __init__(self, graph: Graph):
        super().__init__()
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.nodes: dict[str, NodeItem] = {}
        self.wires: dict[str, WireItem] = {}
        self._reports: dict[str, Report] = {}
        self._problems: dict[str, tuple[Problem, ...]] = {}
        self._touched: set[str] = set()
        self._told: list[str] = []
        self._selecting = False
        self._shows_labels = False
        self._hovered: WireItem | None = None
        self._labels = _label_layer()
        self.addItem(self._labels)
        self.selectionChanged.connect(self._tell_selection)
        theme.notifier.changed.connect(self.restyle)
        self.graph = graph
        self._listen()

    # Keeping in step with the graph

    def set_graph(self, graph: Graph) -> None:
        """Show another graph from now on."""
        self.graph.changed.disconnect(self._on_changed)
        self.graph.edited.disconnect(self._on_edited)
        self._selecting = True
        for target in list(self.wires):
            self._drop_wire(target)
        for id in list(self.nodes):
            self._drop_node(id)
        self._selecting = False
        self.graph = graph
        self._listen()
        self._tell_selection()

    def _listen(self) -> None:
        # The analysis must hear of an edit before the scene asks it about that edit.
        self.graph.analysis.specs()
        self.graph.changed.connect(self._on_changed)
        self.graph.edited.connect(self._on_edited)
        self._gather_problems()
        for id in self.graph.nodes:
            self._make_node(id)
        for target in self.graph.wires:
            self._make_wire(target)
        self._touched.clear()
        self.refreshed.emit()

    def _on_changed(self, edit: Edit) -> None:
        match edit:
            case AddNode(node=node):
                self._make_node(node.id)
            case RemoveNode(id=id):
                self._drop_node(id)
            case ReplaceNode(node=node):
                self.nodes[node.id].setPos(*node.position)
                self._follow_ports(node)
                self._route_around(node.id)
                self._touched.add(node.id)
            case AddWire(wire=wire):
                self._make_wire(wire.target)
            case RemoveWire(target=target):
                self._drop_wire(target)

    def _on_edited(self, label: str) -> None:
        """Show anew the cards and wires that the action changed, near or far."""
        before = self._problems
        self._gather_problems()
        analysis = self.graph.analysis
        for id in self.graph.nodes:
            report = analysis.report(id)
            if report is not self._reports.get(id):
                self._touched.add(id)
                self._touched.update(w.target_node for w in self.graph.wires_out_of(id))
            elif self._problems.get(id) != before.get(id):
                self._touched.add(id)
        for id in self._touched & self.nodes.keys():
            self._refresh(id)
        self._touched.clear()
        self.refreshed.emit()

    def _gather_problems(self) -> None:
        found: dict[str, list[Problem]] = {}
        for problem in self.graph.problems():
            if problem.node is not None:
                found.setdefault(problem.node, []).append(problem)
        self._problems = {id: tuple(problems) for id, problems in found.items()}

    def _describe(self, id: str) -> Card:
        self._reports[id] = self.graph.analysis.report(id)
        return describe(self.graph, id, self._problems.get(id, ()))

    def _refresh(self, id: str) -> None:
        item = self.nodes[id]
        if item.show_card(self._describe(id)):
            self._route_around(id)
        for wire in self.graph.wires_into(id):
            self._style_wire(self.wires[wire.target])

    def _make_node(self, id: str) -> None:
        item = NodeItem(self._describe(id), self.graph.nodes[id].position)
        self.nodes[id] = item
        self.addItem(item)

    def _drop_node(self, id: str) -> None:
        self.removeItem(self.nodes.pop(id))
        self._reports.pop(id, None)

    def _make_wire(self, target: str) -> None:
        wire = self.graph.wires[target]
        item = WireItem(wire.source, wire.target)
        self.wires[target] = item
        self._reshape_unusable(wire.source_node, wire.target_node)
        self._route(item)
        self.addItem(item)
        self._style_wire(item)
        if self._shows_labels:
            self._add_label(item)
        self._touched.add(wire.target_node)

    def _drop_wire(self, target: str) -> None:
        item = self.wires.pop(target)
        if item is self._hovered:
            self._hovered = None
        if item.label is not None:
            self.removeItem(item.label)
        self.removeItem(item)
        ends = item.source.partition(".")[0], target.partition(".")[0]
        self._reshape_unusable(*ends)
        self._touched.update(ends)
        if item.is_chosen:
            self._tell_selection()

    def _follow_ports(self, node: Node) -> None:
        """Another setting may have brought other ports, which wires are about to end in."""
        item = self.nodes[node.id]
        names = [port.name for port in item.ports]
        inputs, outputs = port_names(self.graph, node)
        if names != [*inputs, *outputs]:
            item.show_card(describe(self.graph, node.id, self._problems.get(node.id, ())))

    def _reshape_unusable(self, *ids: str) -> None:
        """An unusable layer's ports are those that its wires name."""
        for id in ids:
            node = self.graph.nodes.get(id)
            if node and isinstance(node.layer, Unusable) and id in self.nodes:
                self.nodes[id].show_card(self._describe(id))
                self._route_around(id)

    # Wires

    def _style_wire(self, item: WireItem) -> None:
        node = item.target.partition(".")[0]
        port = self.nodes[node].find_port(item.target)
        faults = self._reports[node].faults
        is_broken = any(fault.port and f"{node}.{fault.port}" == item.target for fault in faults)
        spec = self.graph.analysis.spec(item.source)
        item.show_flow(flow_of(spec), port.shape if port and spec else "", is_broken)

    def port_at_path(self, path: str) -> tuple[NodeItem, Port] | None:
        """The card and port of a path such as "fc1.x"."""
        item = self.nodes.get(path.partition(".")[0])
        port = item.find_port(path) if item else None
        return (item, port) if item and port else None

    def end_point(self, path: str) -> QPointF:
        """Where a wire meets a port, in scene coordinates."""
        found = self.port_at_path(path)
        return found[0].port_point(found[1]) if found else QPointF()

    def _route(self, item: WireItem) -> None:
        item.route(self.end_point(item.source), self.end_point(item.target))

    def _route_around(self, *ids: str) -> None:
        for id in ids:
            if id not in self.graph.nodes:
                continue
            for wire in (*self.graph.wires_into(id), *self.graph.wires_out_of(id)):
                if wire.target in self.wires:
                    self._route(self.wires[wire.target])

    def preview_move(self, positions: dict[str, QPointF]) -> None:
        """Show cards elsewhere while they are dragged; the graph knows nothing of it."""
        for id, at in positions.items():
            self.nodes[id].setPos(at)
        self._route_around(*positions)

    def show_labels(self, scale: float) -> None:
        """Show the shapes on wires when they are large enough to read."""
        wanted = scale >= LABELS_FROM
        if wanted == self._shows_labels:
            return
        self._shows_labels = wanted
        if wanted:
            for item in self.wires.values():
                self._add_label(item)
        self._labels.setVisible(wanted)

    def _add_label(self, item: WireItem) -> None:
        if item.label is None:
            item.label = WireLabel(self._labels, item.shape_text)
            item.label.place(item.path())

    # What is where

    def node_at(self, at: QPointF) -> NodeItem | None:
        """The topmost card under a scene point."""
        return next((item for item in self._nodes_near(at, 0) if item.box.contains(at)), None)

    def port_near(self, at: QPointF) -> tuple[NodeItem, Port] | None:
        """The port that a pointer at this scene point means, if any."""
        found = [
            (geometry.distance(item.port_point(port), at), item, port)
            for item in self._nodes_near(at, geometry.PORT_REACH)
            for port in item.ports
        ]
        best = min(found, key=lambda entry: entry[0], default=None)
        return best[1:] if best and best[0] <= geometry.PORT_REACH else None

    def wire_at(self, at: QPointF) -> WireItem | None:
        """The wire under a scene point."""
        found = self.items(_around(at, 6), Qt.ItemSelectionMode.IntersectsItemBoundingRect)
        wires = (item for item in found if isinstance(item, WireItem) and item.isVisible())
        return next((item for item in wires if item.is_near(at)), None)

    def _nodes_near(self, at: QPointF, reach: float) -> list[NodeItem]:
        mode = Qt.ItemSelectionMode.IntersectsItemBoundingRect
        found = self.items(_around(at, reach + 0.5), mode)
        return [item for item in found if isinstance(item, NodeItem)]

    def bounds(self, ids: Iterable[str] | None = None) -> QRectF:
        """The rectangle around these cards, or around all."""
        box = QRectF()
        for id in self.nodes if ids is None else ids:
            box = box.united(self.nodes[id].box)
        return box

    def hover(self, wire: WireItem | None) -> None:
        """Light up the wire under the pointer, and no other."""
        if wire is self._hovered:
            return
        if self._hovered is not None:
            self._hovered.show_hovered(False)
        if wire is not None:
            wire.show_hovered(True)
        self._hovered = wire

    def helpEvent(self, event: QGraphicsSceneHelpEvent) -> None:
        QToolTip.showText(event.screenPos(), self.tip_at(event.scenePos()), event.widget())

    def tip_at(self, at: QPointF) -> str:
        """The tooltip for whatever is under a scene point."""
        near = self.port_near(at)
        if near:
            return port_tip(self.graph, near[1])
        item = self.node_at(at)
        if item:
            return card_tip(item.card)
        wire = self.wire_at(at)
        return wire_tip(wire) if wire else ""

    # Selection

    def selected(self) -> list[str]:
        """The ids of the selected nodes."""
        return [item.id for item in self.selectedItems() if isinstance(item, NodeItem)]

    def selected_wires(self) -> list[str]:
        """The targets of the selected wires."""
        return [target for target, item in self.wires.items() if item.is_chosen]

    def select(self, ids: Iterable[str], wires: Iterable[str] = ()) -> None:
        """Select these nodes and wires and nothing else; unknown ones are passed over."""
        wanted, targets = set(ids), set(wires)
        self._selecting = True
        for id, item in self.nodes.items():
            item.setSelected(id in wanted)
        for target, wire in self.wires.items():
            wire.show_chosen(target in targets)
        self._selecting = False
        self._tell_selection()

    def _tell_selection(self) -> None:
        if self._selecting:
            return
        now = self.selected()
        if now != self._told:
            self._told = now
            self.selection_changed.emit(list(now))

    def restyle(self) -> None:
        """Take on the colours of the current theme."""
        for item in self.nodes.values():
            item.update()
        for wire in self.wires.values():
            wire.restyle()
            if wire.label is not None:
                wire.label.restyle()
        self.update()


def _label_layer() -> QGraphicsItemGroup:
    """The parent of all labels: hiding it hides them, without a call for each."""
    layer = QGraphicsItemGroup()
    layer.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
    layer.setHandlesChildEvents(False)
    layer.setZValue(1.0)
    layer.setVisible(False)
    return layer


def _around(at: QPointF, reach: float) -> QRectF:
    return QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)

"""The canvas's items, built from a graph and kept in step with it by listening.

The scene holds no truth of its own: what a user does becomes an Edit of the graph, and the
graph's signals bring it back here.
"""

from collections.abc import Collection, Iterable, Iterator

from PySide6.QtCore import QPointF, QRectF, QTimer, Signal
from PySide6.QtWidgets import QGraphicsSceneHelpEvent, QToolTip

from explorer.app import theme
from explorer.app.canvas.annotation_items import AnnotationItem
from explorer.app.canvas.annotations import Annotations
from explorer.app.canvas.card import Card, Port, describe, flow_of, port_names
from explorer.app.canvas.gates import Gates
from explorer.app.canvas.group_card import describe_group
from explorer.app.canvas.item_scene import ItemScene
from explorer.app.canvas.node_item import CardItem, NodeItem
from explorer.app.canvas.preview import Preview
from explorer.app.canvas.tooltips import (
    card_tip,
    edits_tip,
    gate_tip,
    heat_tip,
    port_tip,
    sums_tip,
    wire_tip,
)
from explorer.app.canvas.wire_item import WireItem
from explorer.app.weakly import weakly
from explorer.graph import Edit, Graph, Node, Problem, Unusable, Wire, annotations
from explorer.graph.annotations import Group
from explorer.graph.edits import (
    AddNode,
    AddWire,
    Annotate,
    RemoveAnnotation,
    RemoveNode,
    RemoveWire,
    ReplaceNode,
    ReplaceWire,
)
from explorer.graph.grouping import contents, shown_as
from explorer.graph.shapes import Report
from explorer.layers import shape_text
from explorer.program.flow import Meeting


class GraphScene(ItemScene):
    """Shows one level of a graph: what is in one group, or in none.

    `nodes` are the items of nodes and groups by id, `wires` by the input they end in, `gates` what
    is wired to the level from outside, `meetings` the gradients that add up where a step stands.

    Signals:
        level_changed(str): another group is looked into; "" is the whole net.
    """

    selection_changed = Signal(list)
    level_changed = Signal(str)
    refreshed = Signal()

    def __init__(self, graph: Graph):
        super().__init__()
        self.level = ""
        self.gates = Gates(self)
        self.annotations = Annotations(self)
        self.meetings: tuple[Meeting, ...] = ()
        self.preview = Preview(self)
        self._reports: dict[str, Report] = {}
        self._problems: dict[str, tuple[Problem, ...]] = {}
        self._touched: set[str] = set()
        self._rebuild = QTimer(self, singleShot=True, interval=0)
        self._rebuild.timeout.connect(weakly(self.build))
        self._told: list[str] = []
        self._selecting = False
        self.selectionChanged.connect(weakly(self._tell_selection))
        theme.changed.connect(self.restyle)
        self.graph = graph
        self._listen()

    # Keeping in step with the graph

    def set_graph(self, graph: Graph) -> None:
        """Show another graph from now on, all of it."""
        self.graph.changed.disconnect(self._on_changed)
        self.graph.edited.disconnect(self._on_edited)
        self.graph.refused.disconnect(self.routes.settle)
        was_inside, self.level = bool(self.level), ""
        self._clear()
        self.graph = graph
        self._listen()
        self._tell_selection()
        if was_inside:
            self.level_changed.emit("")

    def show_level(self, level: str) -> None:
        """Look into a group, or, with "", at the whole net."""
        if level != self.level:
            self.level = level
            self.select(())
            self.build()
            self.level_changed.emit(level)

    def build(self) -> None:
        """Make all items anew, for another level or after groups changed."""
        self._rebuild.stop()
        level_before, chosen, wires = self.level, self.selected(), self.selected_wires()
        while self.level and self.level not in self.graph.groups:
            self.level = ""
        self._clear()
        self._fill()
        self.select(chosen, wires)
        if self.level != level_before:
            self.level_changed.emit(self.level)

    def _clear(self) -> None:
        self.preview.forget()
        self._selecting = True
        for target in list(self.wires):
            self._drop_wire(target)
        for id in list(self.nodes):
            self._drop_node(id)
        self.gates.clear()
        self.annotations.clear()
        self._selecting = False

    def _listen(self) -> None:
        # The analysis must hear of an edit before the scene asks it about that edit.
        self.graph.analysis.specs()
        self.graph.changed.connect(self._on_changed)
        self.graph.edited.connect(self._on_edited)
        self.graph.refused.connect(self.routes.settle)
        self._fill()

    def _fill(self) -> None:
        self._rebuild.stop()
        self._gather_problems()
        for id in (*self.graph.nodes, *self.graph.groups):
            if self.graph.item(id).group == self.level:
                self._make_node(id)
        for target in self.graph.wires:
            self._make_wire(target)
        self._place_gates()
        self.routes.settle()
        self.annotations.fill()
        self._touched.clear()
        self.refreshed.emit()

    def shown_as(self, id: str) -> str | None:
        """The id of the item that stands for a node here; None where it is outside."""
        return shown_as(self.graph, id, self.level)

    def _on_changed(self, edit: Edit) -> None:
        self.preview.forget()
        if self._rebuild.isActive():
            return  # all of it is made anew once the action is over
        self.annotations.on_changed(edit)
        match edit:
            case AddNode(node=node):
                self._on_added(node)
            case RemoveNode(id=id):
                self._on_removed(id)
            case ReplaceNode(node=node):
                self._on_replaced(node)
            case AddWire(wire=wire):
                self._make_wire(wire.target)
            case RemoveWire(target=target):
                self._drop_wire(target)
            case ReplaceWire(wire=wire) if wire.target in self.wires:
                self.route(self.wires[wire.target])
            case Annotate(annotation=Group() as group) if group.id in self.nodes:
                self._on_regrouped(group)
            case Annotate(annotation=Group()) | RemoveAnnotation(kind=annotations.Group):
                self._rebuild.start()

    def _on_added(self, node: Node) -> None:
        if node.group == self.level:
            self._make_node(node.id)
        elif (shown := self.shown_as(node.id)) is not None:
            self._touched.add(shown)

    def _on_removed(self, id: str) -> None:
        if id in self.nodes:
            self._drop_node(id)
        else:
            self._touched.update(self.graph.groups)

    def _on_replaced(self, node: Node) -> None:
        is_here = node.group == self.level
        if is_here != (node.id in self.nodes):
            self._rebuild.start()
        elif is_here:
            self.nodes[node.id].setPos(*node.position)
            self._follow_ports(node)
            self._route_around(node.id)
            self._touched.add(node.id)
        else:
            self._touched.update(self.graph.groups)

    def _on_regrouped(self, group: Group) -> None:
        if group.group != self.level:
            self._rebuild.start()
            return
        self.nodes[group.id].setPos(*group.position)
        self._route_around(group.id)
        self._touched.add(group.id)

    def _on_edited(self, label: str) -> None:
        """Show anew the cards and wires that the action changed, near or far."""
        if self._rebuild.isActive():
            self.build()
            return
        before = self._problems
        self._gather_problems()
        reports = self.graph.analysis.reports()
        for id in self.graph.nodes:
            if reports[id] is not self._reports.get(id):
                self._touched.add(id)
                self._touched.update(w.target_node for w in self.graph.wires_out_of(id))
            elif self._problems.get(id) != before.get(id):
                self._touched.add(id)
        self._touched |= {
            shown
            for id in self._touched & self.graph.nodes.keys() - self.nodes.keys()
            if (shown := self.shown_as(id)) is not None
        }
        for id in self._touched & self.nodes.keys():
            self._refresh(id)
        self._place_gates()
        self.routes.settle()
        self._touched.clear()
        self.refreshed.emit()

    def _gather_problems(self) -> None:
        found: dict[str, list[Problem]] = {}
        for problem in self.graph.problems():
            if problem.node is not None:
                found.setdefault(problem.node, []).append(problem)
        self._problems = {id: tuple(problems) for id, problems in found.items()}

    def _describe(self, id: str) -> Card:
        if id in self.graph.groups:
            found = [self._problems_of(node) for node in contents(self.graph, id)]
            return describe_group(self.graph, id, tuple(p for each in found for p in each))
        return describe(self.graph, id, self._problems_of(id))

    def _problems_of(self, id: str) -> tuple[Problem, ...]:
        self._reports[id] = self.graph.analysis.report(id)
        return self._problems.get(id, ())

    def _refresh(self, id: str) -> None:
        item = self.nodes[id]
        if item.show_card(self._describe(id)):
            self._route_around(id)
        if id in self.graph.groups:
            self._rewire(id)
        for wire in self._wires_into(id):
            if wire.target in self.wires:
                self._style_wire(self.wires[wire.target])

    def _make_node(self, id: str) -> None:
        item = NodeItem(self._describe(id), self.graph.item(id).position)
        self.nodes[id] = item
        self.put_card(item)

    def _drop_node(self, id: str) -> None:
        self.take(self.nodes.pop(id))
        self._reports.pop(id, None)

    def _make_wire(self, target: str) -> None:
        wire = self.graph.wires[target]
        self._touched.update((wire.source_node, wire.target_node))
        if not self._is_shown(wire):
            return
        item = WireItem(wire.source, wire.target)
        self.wires[target] = item
        self._reshape_unusable(wire.source_node, wire.target_node)
        self.route(item)
        self.put_wire(item)
        self._style_wire(item)

    def _is_shown(self, wire: Wire) -> bool:
        """Whether it is seen here: it runs between two cards, or from one to what is outside.

        Of those that one port of a group feeds together, the first stands for all.
        """
        source, target = self.shown_as(wire.source_node), self.shown_as(wire.target_node)
        if source == target:
            return False
        port = self.nodes[target].find_port(wire.target) if target in self.nodes else None
        return port is None or port.path == wire.target or wire.target not in port.paths

    def _rewire(self, group: str) -> None:
        """Other inputs may be fed together now, and another wire stands for them."""
        for wire in self._wires_into(group):
            is_shown = self._is_shown(wire)
            if is_shown and wire.target not in self.wires:
                self._make_wire(wire.target)
            elif wire.target in self.wires and not is_shown:
                self._drop_wire(wire.target)

    def _drop_wire(self, target: str) -> None:
        item = self.wires.pop(target, None)
        if item is None:
            self._touched.update(self.graph.groups)
            return
        self.take(item)
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
        faults = self.graph.analysis.report(node).faults
        found_there = (f.message for f in faults if f.port and f"{node}.{f.port}" == item.target)
        fault = next(found_there, "")
        spec = self.graph.analysis.spec(item.source)
        shape, rank = (shape_text(spec.shape), len(spec.shape)) if spec else ("", 1)
        item.show_flow(flow_of(spec), shape, rank, fault)

    def port_at_path(self, path: str) -> tuple[CardItem, Port] | None:
        """The card and port of a path such as "fc1.x"; for one outside, its gate."""
        id = path.partition(".")[0]
        shown = self.shown_as(id) if id in self.graph.nodes else id
        item = self.gates.get(path) if shown is None else self.nodes.get(shown)
        port = item.find_port(path) if item else None
        return (item, port) if item and port else None

    def end_point(self, path: str) -> QPointF:
        """Where a wire meets a port, in scene coordinates."""
        found = self.port_at_path(path)
        return found[0].port_point(found[1]) if found else QPointF()

    def route(self, item: WireItem) -> None:
        """Draw a wire from where it starts to where it ends now."""
        bends = () if self.leads_out(item) else self.graph.wires[item.target].bends
        item.route(self.end_point(item.source), self.end_point(item.target), bends)
        self.routes.wire_moved(item)

    def leads_out(self, item: WireItem) -> bool:
        """Whether a wire ends at what is outside; its bends are of the level where it is whole."""
        return bool(self.gates.get(item.source) or self.gates.get(item.target))

    def _route_around(self, *ids: str) -> None:
        around = (wire.target for id in ids for wire in self.wires_at(id))
        for target in dict.fromkeys(around):
            if target in self.wires:
                self.route(self.wires[target])

    def wires_at(self, id: str) -> Iterator[Wire]:
        """The wires that start or end in what a card stands for."""
        yield from self._wires_into(id)
        yield from self._wires_out_of(id)

    def _wires_into(self, id: str) -> Iterator[Wire]:
        for node in self._nodes_at(id):
            yield from self.graph.wires_into(node)

    def _wires_out_of(self, id: str) -> Iterator[Wire]:
        for node in self._nodes_at(id):
            yield from self.graph.wires_out_of(node)

    def _nodes_at(self, id: str) -> Collection[str]:
        """The nodes that an item stands for."""
        return (id,) if id in self.graph.nodes else contents(self.graph, id)

    def _place_gates(self) -> None:
        self.gates.place()
        for item in self.wires.values() if self.level else ():
            if self.leads_out(item):
                self.route(item)

    # What is where

    def item(self, id: str) -> NodeItem | AnnotationItem:
        """The card, note or frame of that id; KeyError where it is not at this level."""
        return self.annotations.get(id) or self.nodes[id]

    def bounds(self, ids: Iterable[str] | None = None) -> QRectF:
        """The rectangle around these cards, or around all, with what hangs below them."""
        box = self.card_bounds() if ids is None else QRectF()
        for item in self.annotations if ids is None else map(self.item, ids):
            box = box.united(item.area)
        return box

    def bounds_with_gates(self) -> QRectF:
        """The rectangle around all cards, those of what is outside included."""
        box = self.bounds()
        for gate in self.gates:
            box = box.united(gate.box)
        return box

    def helpEvent(self, event: QGraphicsSceneHelpEvent) -> None:
        QToolTip.showText(event.screenPos(), self.tip_at(event.scenePos()), event.widget())

    def tip_at(self, at: QPointF) -> str:
        """The tooltip for whatever is under a scene point."""
        near = self.port_near(at)
        if near:
            return port_tip(self.graph, near[1], self._met_at(near[1]))
        item = self.node_at(at)
        if item and item.hanging and not item.box.contains(at):
            return item.hanging.tip(at)
        if item:
            card = card_tip(item.card, item.progress)
            sums = sums_tip(item, contents(self.graph, item.card.id), self.meetings)
            return heat_tip(item.heat) + card + sums + edits_tip(item.edits)
        if gate := self.gates.at(at):
            return gate_tip(gate.card)
        wire = self.wire_at(at)
        return wire_tip(wire) if wire else ""

    def _met_at(self, port: Port) -> Meeting | None:
        met = (meeting for meeting in self.meetings if port.is_output and port.is_at(meeting.of))
        return next(met, None)

    # Selection

    def selected(self) -> list[str]:
        """The ids of what is selected: nodes, groups, notes, frames; always in the same order.

        Qt's own is that of addresses in memory, and would make edits differ from run to run.
        """
        kinds = (NodeItem, AnnotationItem)
        chosen = {item.id for item in self.selectedItems() if isinstance(item, kinds)}
        if len(chosen) < 2:
            return list(chosen)
        return [item.id for item in (*self.nodes.values(), *self.annotations) if item.id in chosen]

    def selected_wires(self) -> list[str]:
        """The targets of the selected wires, with those that one port of a group feeds as one."""
        chosen = [target for target, item in self.wires.items() if item.is_chosen]
        return [path for target in chosen for path in self.fed_with(target)]

    def fed_with(self, target: str) -> tuple[str, ...]:
        """The inputs that are wired as one with this one: those of a group's port."""
        found = self.port_at_path(target)
        return (found[1].paths or (target,)) if found else (target,)

    def chosen_bend(self) -> tuple[str, int] | None:
        """The selected bend: its wire's target, and its number on it."""
        chosen = ((target, item.chosen_bend) for target, item in self.wires.items())
        return next(((target, n) for target, n in chosen if n is not None), None)

    def choose_bend(self, target: str, number: int) -> None:
        """Select one bend and nothing else."""
        self.select(())
        self.wires[target].show_chosen_bend(number)

    def select(self, ids: Iterable[str], wires: Iterable[str] = ()) -> None:
        """Select these items and wires and nothing else; unknown ones are passed over."""
        wanted, targets = set(ids), set(wires)
        self._selecting = True
        for item in (*self.nodes.values(), *self.annotations):
            item.setSelected(item.id in wanted)
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
        for card in (*self.nodes.values(), *self.gates, *self.annotations):
            card.update()
        for wire in self.wires.values():
            wire.restyle()
            if wire.label is not None:
                wire.label.restyle()
        self.far.restyle()
        self.update()

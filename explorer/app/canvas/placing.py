"""Where a new node goes, and which wire it gets at once."""

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF

from explorer.app.canvas import geometry
from explorer.app.canvas.fitting import free_inputs, takes
from explorer.graph import Graph, Node, Unusable, grouping
from explorer.graph.annotations import Frame, Note

_GAP = 20.0
NEXT_COLUMN = 76.0


def _outputs(graph: Graph, id: str) -> list[str]:
    """The outputs of a node's card, or of a group's; none of a note or a frame."""
    if id in graph.groups:
        return [port.paths[0] for port in grouping.outputs(graph, id)]
    return [f"{id}.{port}" for port in graph.nodes[id].outputs] if id in graph.nodes else []


def size_of(node: Node) -> QRectF:
    """The box of a card for a node that is not there yet, at the origin."""
    rows = max(len(node.inputs), len(node.outputs), 1)
    weights = () if isinstance(node.layer, Unusable) else node.layer.weights
    return geometry.card_rect(geometry.card_height(rows, bool(weights), node.is_collapsed))


def united(boxes: Iterable[QRectF]) -> QRectF:
    """The box around several."""
    whole = QRectF()
    for box in boxes:
        whole = whole.united(box)
    return whole


def free_place(box: QRectF, taken: Iterable[QRectF]) -> QPointF:
    """The top left corner nearest below `box`'s own where it covers no other card."""
    others = [other.adjusted(-_GAP, -_GAP, _GAP, _GAP) for other in taken]
    found = QRectF(box)
    while True:
        hit = next((other for other in others if other.intersects(found)), None)
        if hit is None:
            return found.topLeft()
        found.moveTop(hit.bottom() + 1)


def beside(box: QRectF) -> QPointF:
    """Where the next card of a chain stands: one column to the right, tops aligned."""
    return QPointF(box.right() + NEXT_COLUMN, box.top())


def part_box(part: Graph) -> QRectF:
    """The box around the cards, notes and frames of a part."""
    nodes = (node for node in part.nodes.values() if not node.group)
    groups = (group for group in part.groups.values() if not group.group)
    boxes = [size_of(node).translated(*node.position) for node in nodes]
    annotations: list[Note | Frame] = [*part.notes.values(), *part.frames.values()]
    boxes += [QRectF(*each.position, *each.size) for each in annotations if not each.group]
    return united([*boxes, *(_group_box(part, group.id) for group in groups)])


def _group_box(part: Graph, id: str) -> QRectF:
    rows = max(len(grouping.inputs(part, id)), len(grouping.outputs(part, id)), 1)
    box = geometry.card_rect(geometry.card_height(rows, has_footer=True))
    return box.translated(*part.groups[id].position)


def port_in_box(part: Graph, path: str) -> QPointF:
    """Where a port is, seen from the top left corner of its part."""
    id, _, port = path.partition(".")
    node = part.nodes[id]
    if node.group:
        return _port_of_group(part, path)
    is_output = port in node.outputs
    ports = node.outputs if is_output else node.inputs
    row, stacked = ports.index(port), len(ports) if node.is_collapsed else 0
    corner = QPointF(*node.position) - part_box(part).topLeft()
    return corner + geometry.port_point(is_output, row, stacked)


def _port_of_group(part: Graph, path: str) -> QPointF:
    id = str(grouping.shown_as(part, path.partition(".")[0], ""))
    corner = QPointF(*part.groups[id].position) - part_box(part).topLeft()
    for is_output, ports in (
        (False, grouping.inputs(part, id)),
        (True, grouping.outputs(part, id)),
    ):
        for row, port in enumerate(ports):
            if path in port.paths:
                return corner + geometry.port_point(is_output, row)
    return corner


def first_wire(graph: Graph, selected: list[str], part: Graph) -> tuple[str, str] | None:
    """The ends of the wire from the one selected node's only output, unread so far, to a part."""
    inputs = free_inputs(part)
    if len(selected) != 1 or not inputs:
        return None
    outputs = _outputs(graph, selected[0])
    source = outputs[0] if len(outputs) == 1 else ""
    if not source or graph.readers(source):
        return None
    return (source, inputs[0]) if takes(part, inputs[0], graph.analysis.spec(source)) else None

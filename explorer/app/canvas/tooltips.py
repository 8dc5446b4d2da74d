"""What the canvas says about the thing under the pointer."""

from html import escape

from explorer.app.canvas import group_card
from explorer.app.canvas.card import Card, Port
from explorer.app.canvas.wire_item import WireItem
from explorer.graph import Graph
from explorer.layers import find

_FLOWS = {
    "float": "numbers",
    "index": "class indices (whole numbers)",
    "unknown": "shape not known yet",
}
_TO_CONNECT = "Drag from here to an output to connect"


def gate_tip(card: Card) -> str:
    """Where a card leads that is outside of the shown group."""
    return f"<b>{escape(card.title)}</b> · outside of this group<br>Double-click to go there"


def card_tip(card: Card) -> str:
    """What is wrong with a node, or else what its layer does."""
    muted = "<p>Muted: its first input goes on as its output.</p>" if card.is_muted else ""
    if card.problems:
        return "".join(f"<p>{escape(problem)}.</p>" for problem in card.problems) + muted
    if card.kind == group_card.KIND:
        what = f"{escape(card.parameters)}<br>Double-click to look into it"
        return f"<b>{escape(card.title)}</b> · group<p>{what}</p>"
    layer = find(card.kind)
    summary = f"<p>{escape(layer.summary())}</p>" if layer else ""
    return f"<b>{escape(card.title)}</b> · {escape(card.kind)}{summary}{muted}"


def port_tip(graph: Graph, port: Port) -> str:
    """A port's path, what flows there, and what to do with it."""
    shape = f" {escape(port.shape)}" if port.shape else ""
    if port.is_output:
        todo = "Drag from here to an input to connect"
    elif port.path in graph.wires:
        todo = f"Reads {graph.wires[port.path].source}. Drag from here to move or remove the wire"
    elif port.may_stay_free:
        return f"<b>{port.path}</b> · optional<br>It may stay free. {_TO_CONNECT}"
    else:
        todo = f"Not connected. {_TO_CONNECT}"
    return f"<b>{port.path}</b>{shape} · {_FLOWS[port.flow]}<br>{todo}"


def wire_tip(wire: WireItem) -> str:
    """Where a wire runs and what it carries."""
    shape = f" · {escape(wire.shape_text)}" if wire.shape_text else ""
    fault = f"<p>{escape(wire.fault)}.</p>" if wire.fault else ""
    ends = f"<b>{wire.source} → {wire.target}</b>{shape}{fault}"
    return f"{ends}<br>Drag to bend it, click to select it"

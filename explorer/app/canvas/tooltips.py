"""What the canvas says about the thing under the pointer."""

import re
from collections.abc import Collection, Iterable, Sequence
from html import escape

from explorer.app.canvas import group_card
from explorer.app.canvas.card import Card, Port
from explorer.app.canvas.gradient_words import NO_NUMBER, are_broken, in_full, number, sum_of
from explorer.app.canvas.heat.warmth import Heat
from explorer.app.canvas.node_item import NodeItem, Progress
from explorer.app.canvas.wire_item import WireItem
from explorer.graph import Graph
from explorer.layers import find
from explorer.program.flow import Meeting

_FLOWS = {
    "float": "numbers",
    "index": "class indices (whole numbers)",
    "unknown": "shape not known yet",
}
_DONE: dict[Progress, str] = {
    "none": "",
    "forward": "→ Its forward call has run.",
    "backward": "← Its backward call has run.",
    "skipped": "⊘ It does not run: the loss does not depend on it.",
}
"""What is said of a card while one steps."""
_SHAPE = re.compile(r"\(\w+(?:, \w+)*,?\)")
_TO_CONNECT = "Drag from here to an output to connect"


def gate_tip(card: Card) -> str:
    """Where a card leads that is outside of the shown group."""
    return f"<b>{escape(card.title)}</b> · outside of this group<br>Double-click to go there"


def card_tip(card: Card, progress: Progress) -> str:
    """What is wrong with a node, or else what its layer does, and what of it has run."""
    done = f"<p>{_DONE[progress]}</p>" if progress != "none" else ""
    return f"{_about(card)}{done}"


def heat_tip(heat: Heat | None) -> str:
    """The number that a card is painted by, and what it is."""
    return f"<p>{escape(heat.told)}.</p>" if heat is not None else ""


def _about(card: Card) -> str:
    muted = "<p>Muted: its first input goes on as its output.</p>" if card.is_muted else ""
    if card.problems:
        return "".join(f"<p>{_written(problem)}.</p>" for problem in card.problems) + muted
    if card.kind == group_card.KIND:
        what = f"{escape(card.parameters)}<br>Double-click to look into it"
        return f"<b>{escape(card.title)}</b> · group<p>{what}</p>"
    layer = find(card.kind)
    summary = f"<p>{_written(layer.summary())}</p>" if layer else ""
    return f"<b>{escape(card.title)}</b> · {escape(card.kind)}{summary}{muted}"


def edits_tip(edits: Sequence[str]) -> str:
    """Which numbers of a node are edited on the walk."""
    return f"<p>Edited: {'<br>'.join(map(escape, edits))}</p>" if edits else ""


def sums_tip(item: NodeItem, nodes: Collection[str], meetings: Iterable[Meeting]) -> str:
    """How gradients add up of what a card has no port for: weights that its nodes share."""
    met = (each for each in meetings if each.of.partition(".")[0] in nodes)
    return "".join(_of_sum(each) for each in met if item.find_port(each.of) is None)


def port_tip(graph: Graph, port: Port, meeting: Meeting | None = None) -> str:
    """A port's path, what flows there, what to do with it, and which gradients add up there."""
    return f"{_of_port(graph, port)}{_of_sum(meeting) if meeting else ''}"


def _of_sum(meeting: Meeting) -> str:
    parts = "".join(
        f"<br>{'+ ' if at else ''}{number(part.measure)} from {part.sender}"
        for at, part in enumerate(meeting.parts)
    )
    what = "norms" if meeting.total.value is None else "numbers"
    return f"<p>{sum_of(meeting)} ({what}):{parts}<br>= {number(meeting.total)}</p>"


def _of_port(graph: Graph, port: Port) -> str:
    shape = f" {_written(port.shape)}" if port.shape else ""
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
    shape = f" · {_written(wire.shape_text)}" if wire.shape_text else ""
    fault = f"<p>{_written(wire.fault)}.</p>" if wire.fault else ""
    ends = f"<b>{wire.source} → {wire.target}</b>{shape}{fault}"
    back = "".join(f"<br>{escape(in_full(each))}" for each in wire.gradients)
    if back:
        if are_broken(wire.gradients):
            back += f"<br>{NO_NUMBER}"
        back += "<br>‖d‖ is the norm of a gradient; one unit thicker for each power of ten"
    return f"{ends}{back}<br>Drag to bend it, click to select it"


def _written(text: str) -> str:
    """Text as HTML, in which no line ends within a shape."""
    return _SHAPE.sub(lambda shape: shape[0].replace(" ", "\N{NO-BREAK SPACE}"), escape(text))

"""Wiring without a mouse: every wire that the selected cards can have is offered in a list."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from explorer.app.canvas.card import Port
from explorer.app.canvas.node_item import CardItem
from explorer.app.canvas.wiring import Judge, connection
from explorer.app.choice_popup import Choice, ChoicePopup
from explorer.graph import GraphError

if TYPE_CHECKING:
    from explorer.app.main_window import MainWindow


def offer_wires(window: "MainWindow") -> None:
    """Open a list of the wires that fit; what is chosen is drawn, as one action."""
    cards = window.scene.nodes
    chosen = [cards[id] for id in window.view.selected() if id in cards]
    if not chosen:
        window.toast.tell("Select a node to connect first", refused=True)
        return
    offered = list(_wires(window, chosen))
    if not offered:
        names = ", ".join(card.card.title for card in chosen)
        window.toast.tell(f"No wire fits {names}", refused=True)
        return
    ChoicePopup(window.view, "Wires", "Type what to connect", offered).open_over(window)


def _wires(window: "MainWindow", chosen: Sequence[CardItem]) -> Iterator[Choice]:
    """Those into free inputs first; those that would take a wire's place say so."""
    graph = window.document.graph
    ends = {ends for card in chosen for port in card.ports for ends in _ends(window, port)}
    for source, target in sorted(ends, key=lambda each: (each[1] in graph.wires, *each)):
        wire = graph.wires.get(target)
        if wire is not None and wire.source == source:
            continue
        about = f"in the place of {wire.source}" if wire else ""
        do = partial(_connect, window, source, target)
        yield Choice(f"wire:{source}:{target}", f"{source} to {target}", about, do)


def _ends(window: "MainWindow", port: Port) -> Iterator[tuple[str, str]]:
    judge = Judge(window.document.graph, port)
    for card in window.scene.nodes.values():
        for other in card.ports:
            if judge.welcomes(other):
                yield (port.path, other.path) if port.is_output else (other.path, port.path)


def _connect(window: "MainWindow", source: str, target: str) -> None:
    graph = window.document.graph
    try:
        graph.do(connection(graph, source, window.scene.fed_with(target)))
    except GraphError as error:
        window.toast.tell(str(error), refused=True)
    else:
        window.toast.tell(f"{target} now reads {source}")

"""Which layers can stand in a node's place: they take what it reads, its readers what they give."""

from explorer.app.canvas.fitting import run
from explorer.app.canvas.wiring import accepts, suits
from explorer.graph import Graph, GraphError, Node
from explorer.graph.replacement import entries_and_exits, successor
from explorer.layers import Layer, catalogue

_NEW = "new"


def kinds_in_place_of(graph: Graph, id: str) -> list[str]:
    """The layers that fit where a node is wired; a loss is replaced by losses, a source by sources.

    A wire for which a layer has no port is no hindrance, unless that leaves it unread or unfed.
    """
    old = graph.nodes[id]
    is_loss = isinstance(old.layer, Layer) and old.layer.is_loss
    return [
        kind
        for kind, cls in catalogue().items()
        if kind != old.kind and cls.is_loss == is_loss and _fits(graph, id, kind)
    ]


def _fits(graph: Graph, id: str, kind: str) -> bool:
    try:
        layer = successor(graph.nodes[id], kind)
    except GraphError:
        return False
    entries, exits = entries_and_exits(graph, id, layer)
    wired, readers = list(graph.wires_into(id)), graph.wires_out_of(id)
    if (wired and not entries) or (readers and not exits):
        return False
    if bool(layer.takes) != bool(graph.nodes[id].inputs or wired):
        return False
    specs = {
        entries[wire.target_port]: graph.analysis.spec(wire.source)
        for wire in wired
        if wire.target_port in entries
    }
    known = [specs.get(name) for name in layer.takes]
    if not all(accepts(layer, port, known) for port in specs):
        return False
    part = Graph()
    part.put(Node(_NEW, layer))
    trial = run(part, {f"{_NEW}.{port}": spec for port, spec in specs.items()})
    return trial is not None and all(
        suits(graph, trial.analysis.spec(f"{_NEW}.{exits[wire.source_port]}"), wire.target)
        for wire in readers
        if wire.source_port in exits
    )

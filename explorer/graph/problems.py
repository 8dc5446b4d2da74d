"""All that keeps a graph from running, and all that it leaves out."""

from typing import TYPE_CHECKING

import networkx as nx

from explorer.graph.errors import Problem
from explorer.graph.muting import entry, read_by, unmutable
from explorer.graph.sharing import unshareable
from explorer.layers import Layer, Spec, shape_text

if TYPE_CHECKING:
    from explorer.graph.graph import Graph, Node


def problems(graph: "Graph", loss: str | None = None) -> list[Problem]:
    """Every problem of a graph: errors first, each list in the order of the nodes.

    `loss` names the output to minimise; by default it is what the graph says, or its only end.
    A node that does not reach the loss is left out, so its faults are warnings.
    """
    if not graph.nodes:
        hint = "drag a layer onto the canvas, or open an example"
        return [Problem.error("the graph is empty", hint)]
    graph.analysis.notice_files()
    return list(graph.analysis.remembered(f"problems {loss}", lambda: _all(graph, loss)))


def _all(graph: "Graph", loss: str | None) -> list[Problem]:
    end, found = find_loss(graph, loss)
    kept = reaching(graph, end)
    reports = graph.analysis.reports()
    for id, node in graph.nodes.items():
        local = [
            *reports[id].faults,
            *_muted_in_vain(graph, node),
            *_unconnected(graph, node),
            *unshareable(graph, id),
        ]
        if id in kept:
            found += local
        else:
            found += [Problem.warning(p.message, p.hint, p.node, p.port) for p in local]
            if end is not None and all(w.target_node in kept for w in graph.wires_out_of(id)):
                found.append(_left_out(graph, id, end, kept))
    for name in graph.unknown_training:
        text = f"training has no setting {name}; it is kept, and not used"
        found.append(Problem.warning(text, "update Backprop Explorer to use it"))
    return sorted(found, key=lambda problem: problem.severity != "error")


def _left_out(graph: "Graph", id: str, end: str, kept: set[str]) -> Problem:
    """The last node of what is left out speaks for those before it, too."""
    before = len(nx.ancestors(graph.net, id) - kept)
    others = f" with {before} node{'s' * (before > 1)} before it" if before else ""
    text = f"{id} does not reach {end}, so it is left out{others}"
    return Problem.warning(text, "wire it towards the loss, or delete it", id)


def reaching(graph: "Graph", end: str | None) -> set[str]:
    """The nodes that the output `end` depends on, its own included; all while it is unknown.

    What is wired to a muted node and not passed on there is not among them.
    """
    if end is None:
        return set(graph.nodes)
    found: set[str] = set()
    waiting = [end.partition(".")[0]]
    while waiting:
        id = waiting.pop()
        if id not in found:
            found.add(id)
            waiting += (wire.source_node for wire in read_by(graph, id))
    return found


def find_loss(graph: "Graph", loss: str | None = None) -> tuple[str | None, list[Problem]]:
    """The output to minimise, "loss.loss", or None and why there is none."""
    wanted = loss or graph.training.loss
    if wanted:
        return _named(wanted, graph)
    specs = {end: graph.analysis.spec(end) for end in _unread_outputs(graph)}
    scalars = [end for end, spec in specs.items() if spec and spec.shape == ()]
    unknown = [end for end, spec in specs.items() if spec is None]
    losses = scalars + [end for end in unknown if _is_loss(graph, end)]
    if len(losses) == 1:
        return losses[0], []
    if len(losses) > 1:
        names = f"{', '.join(losses[:-1])} and {losses[-1]}"
        hint = "join them with Add, or say which one to minimise"
        node = losses[-1].partition(".")[0]
        return None, [Problem.error(f"several outputs could be the loss: {names}", hint, node)]
    if unknown:
        return None, []
    return None, [_no_loss(specs)]


def _named(wanted: str, graph: "Graph") -> tuple[str | None, list[Problem]]:
    node, _, port = wanted.partition(".")
    if node not in graph.nodes or port not in graph.nodes[node].outputs:
        text = f"{wanted} is to be minimised, but there is no such output"
        return None, [Problem.error(text, "choose another one as the loss")]
    spec = graph.analysis.spec(wanted)
    if spec and spec.shape != ():
        text = f"{wanted} is to be minimised, but it is {shape_text(spec.shape)}"
        hint = "a loss is one number: end in a loss, Sum or Mean"
        return None, [Problem.error(text, hint, node, port)]
    return wanted, []


def _no_loss(ends: dict[str, Spec | None]) -> Problem:
    """Why none of the outputs that nothing reads is a loss; their shapes are known."""
    if not ends:
        return Problem.error("no output is left for a loss", "add a loss and wire y_hat and y")
    path, spec = list(ends.items())[-1]
    shape = shape_text(spec.shape) if spec else "unknown"
    text = f"there is no loss: {path} is {shape}, not one number"
    hint = "add a loss and wire y_hat and y, or end in Sum or Mean"
    return Problem.error(text, hint, path.partition(".")[0])


def _unread_outputs(graph: "Graph") -> list[str]:
    read = {wire.source for wire in graph.wires.values()}
    paths = (f"{node.id}.{port}" for node in graph.nodes.values() for port in node.outputs)
    return [path for path in paths if path not in read]


def _is_loss(graph: "Graph", end: str) -> bool:
    layer = graph.nodes[end.partition(".")[0]].layer
    return isinstance(layer, Layer) and layer.is_loss


def _muted_in_vain(graph: "Graph", node: "Node") -> list[Problem]:
    """A file may mute what has no input, and a muted node's other outputs may be wired later."""
    if not (node.is_muted and isinstance(node.layer, Layer)):
        return []
    why = unmutable(graph, node.id)
    return [Problem.error(why, "unmute it", node.id)] if why else []


def _unconnected(graph: "Graph", node: "Node") -> list[Problem]:
    id, wires = node.id, graph.wires
    optional = node.layer.optional if isinstance(node.layer, Layer) else ()
    return [
        Problem.error(f"{id}.{port} is not connected", f"wire an output to {id}.{port}", id, port)
        for port in node.inputs
        if f"{id}.{port}" not in wires and port not in optional
        if not node.is_muted or port == entry(node)
    ]

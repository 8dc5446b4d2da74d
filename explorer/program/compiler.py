"""Graph -> Program: topological order, names, gradients only where somebody reads them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import networkx as nx

from explorer.data import DataError
from explorer.graph import Graph, GraphError, Node, Problem, Wire
from explorer.graph.muting import behind, bypassed
from explorer.graph.problems import find_loss, problems, reaching
from explorer.graph.settings import Precision
from explorer.graph.sharing import owner
from explorer.layers import Layer, ParameterSpec, Shape, Spec, shape_text
from explorer.layers.base import MODES
from explorer.program import source
from explorer.program.names import Names
from explorer.program.program import Call, Operand, Program, Role


def compile(
    graph: Graph,
    loss: str | None = None,
    name: str = "program",
    precision: Precision | None = None,
) -> Program:
    """Compile a graph. GraphError names every problem that keeps it from running.

    `loss` is the output to minimise; by default what the graph says, or its only scalar end.
    In mixed precision, by default the graph's own, losses compute in float32.
    """
    errors = [p for p in problems(graph, loss) if p.severity == "error"]
    if errors:
        raise GraphError(*errors)
    end, _ = find_loss(graph, loss)
    assert end is not None, "a graph without errors has a loss"
    is_mixed = (precision or graph.training.precision) == "mixed"
    return _Compiler(bypassed(graph), behind(graph, end), is_mixed).program(name)


class _Compiler:
    def __init__(self, graph: Graph, end: str, is_mixed: bool):
        self.graph = graph
        self.end = end
        self.is_mixed = is_mixed
        kept = reaching(graph, end)
        place = {id: number for number, id in enumerate(graph.nodes)}
        self.order: list[str] = list(
            nx.lexicographical_topological_sort(graph.net.subgraph(kept), key=place.__getitem__)
        )
        self.left_out = tuple(id for id in graph.nodes if id not in kept)
        specs = graph.analysis.specs()
        self.shapes: dict[str, Shape] = {
            path: spec.shape for path, spec in specs.items() if path.partition(".")[0] in kept
        }
        self.names = Names()
        self.values: dict[str, str] = {}
        self.parameters: dict[str, str] = {}
        self.buffers: dict[str, str] = {}
        self.caches: dict[str, str] = {}
        self.specs: dict[str, ParameterSpec] = {}
        self.buffer_specs: dict[str, ParameterSpec] = {}
        self.feeds: dict[str, Spec] = {}
        self.gradients: dict[str, str] = {}
        self.parts: defaultdict[str, list[str]] = defaultdict(list)
        self.wanting: set[str] = set()
        self.drawing: dict[str, int] = {}
        self.modes: set[str] = set()
        self._name_everything()
        self.paths = {variable: path for path, variable in self.values.items()}
        self.receiving = {end}
        self._find_receiving()
        self.users = self._find_users()
        self.senders = Counter(
            wire.source
            for id in self.order
            if self._receives(id)
            for wire in self._differentiable_wires(id)
        )

    def program(self, name: str) -> Program:
        dloss = self._gradient_name(self.end)
        backward = self._backward_calls()
        read = {name for call in backward for name in call.inputs}
        forward = [self._forward_call(id, read) for id in self.order]
        compared = self._compared()
        modes = tuple(mode for mode in MODES if mode in self.modes)
        loss = self._layer(self.end.partition(".")[0])
        text, calls = source.page(
            name,
            [*forward, *backward],
            self.parameters,
            self.buffers,
            modes,
            self.gradients,
            self.values[self.end],
            dloss,
            compared,
        )
        return Program(
            name=name,
            calls=calls,
            loss=self.end,
            values=self.values,
            parameters=self.parameters,
            buffers=self.buffers,
            modes=modes,
            gradients=self.gradients,
            specs=self.specs,
            buffer_specs=self.buffer_specs,
            feeds=self.feeds,
            targets=frozenset(path for path in self.feeds if self._is_target(path)),
            shapes=self.shapes,
            multiplications=sum(self._multiplications(id) for id in self.order),
            compared=compared,
            is_mixed=self.is_mixed,
            loss_kind=loss.name(),
            loss_settings=loss.keywords,
            left_out=self.left_out,
            source=text,
        )

    # Names, and who wants a gradient

    def _layer(self, id: str) -> Layer:
        layer = self.graph.nodes[id].layer
        assert isinstance(layer, Layer), "an unusable layer is a problem, found before"
        return layer

    def _multiplications(self, id: str) -> int:
        """How many a node takes for each row."""
        return self.graph.analysis.report(id).cost.multiplications.at(1)

    def _name_everything(self) -> None:
        for id in self.order:
            layer = self._layer(id)
            for port in layer.gives:
                wanted = id if len(layer.gives) == 1 else f"{id}_{port}"
                self.values[f"{id}.{port}"] = self.names.new(wanted)
        for id in self.order:
            layer = self._layer(id)
            self._name_own(id)
            self.feeds |= self._feeds(id)
            self.caches[id] = self.names.new(f"{id}_cache")
            self.modes |= set(layer.modes)
            if "seed" in layer.modes:
                self.drawing[id] = len(self.drawing)
            if self._has_wanting_leaf(id) or any(
                wire.source_node in self.wanting for wire in self._differentiable_wires(id)
            ):
                self.wanting.add(id)

    def _has_wanting_leaf(self, id: str) -> bool:
        """Whether a node's own leaf wants a gradient: an Input, or weights where it has any."""
        weights = self._layer(id).weights
        mine = owner(self.graph, id)
        has_leaf = not weights or any(f"{mine}.{weight}" in self.parameters for weight in weights)
        return has_leaf and self._owner_layer(id).wants_gradient()

    def _name_own(self, id: str) -> None:
        """Name a node's parameters and buffers; parameters of another node once for both."""
        report, mine = self.graph.analysis.report(id), owner(self.graph, id)
        for weight in self._layer(id).weights:
            path = f"{mine}.{weight}"
            if weight in report.parameters and path not in self.parameters:
                theirs = self.graph.analysis.report(mine).parameters
                self.specs[path] = theirs.get(weight, report.parameters[weight])
                self.parameters[path] = self.names.new(f"{mine}_{weight}")
        for name, spec in report.buffers.items():
            self.buffer_specs[f"{id}.{name}"] = spec
            self.buffers[f"{id}.{name}"] = self.names.new(f"{id}_{name}")

    def _owner_layer(self, id: str) -> Layer:
        return self._layer(owner(self.graph, id))

    def _feeds(self, id: str) -> dict[str, Spec]:
        try:
            return {f"{id}.{port}": spec for port, spec in self._layer(id).feeds().items()}
        except DataError as error:
            raise GraphError(Problem.in_data(id, error)) from None

    def _differentiable_wires(self, id: str) -> list[Wire]:
        ports = self._layer(id).learns
        return [wire for wire in self.graph.wires_into(id) if wire.target_port in ports]

    def _find_receiving(self) -> None:
        """Find the outputs that get a gradient: those on the way to a leaf that wants one."""
        for id in reversed(self.order):
            if self._receives(id):
                self.receiving |= {
                    wire.source
                    for wire in self._differentiable_wires(id)
                    if wire.source_node in self.wanting
                }

    def _receives(self, id: str) -> bool:
        return any(f"{id}.{port}" in self.receiving for port in self._layer(id).gives)

    def _gradient_name(self, path: str) -> str:
        if path not in self.gradients:
            variable = self.values.get(path) or self.parameters[path]
            self.gradients[path] = self.names.new(f"d{variable}")
        return self.gradients[path]

    # Forward

    def _forward_call(self, id: str, read: set[str]) -> Call:
        node, layer = self.graph.nodes[id], self._layer(id)
        operands = self._operands(id)
        reads = [operand for operand in operands if operand is not None]
        widens = self.is_mixed and layer.is_loss
        places = [self._place(operand, widens) for operand in operands]
        fed = [f'batch["{id}.{port}"]' for port in layer.feeds()]
        keywords = [f"{key}={value!r}" for key, value in layer.keywords.items()]
        arguments = [*places, *fed, *keywords, *self._modes(id)]
        writes = [Operand(self.values[f"{id}.{port}"], port, "output") for port in layer.gives]
        cache = self.caches[id]
        targets = [operand.variable for operand in writes]
        if cache in read:
            writes.append(Operand(cache, "cache", "cache"))
            targets.append(cache)
        else:
            targets.append("_")
        text = f"{', '.join(targets)} = layers.{node.kind}.forward({', '.join(arguments)})"
        return Call(
            "forward", id, node.kind, text, tuple(reads), tuple(writes), self._comment(node)
        )

    def _operands(self, id: str) -> list[Operand | None]:
        """What `forward` takes by position; None for what is not there, and none at the end."""
        layer, mine = self._layer(id), owner(self.graph, id)
        wires = {wire.target_port: wire for wire in self.graph.wires_into(id)}
        wired = {port: self.values[wire.source] for port, wire in wires.items()}
        weights = {name: self.parameters.get(f"{mine}.{name}") for name in layer.weights}
        buffers = {name: self.buffers.get(f"{id}.{name}") for name in layer.buffers}
        found = [
            *_as_operands("input", layer.takes, wired),
            *_as_operands("parameter", layer.weights, weights),
            *_as_operands("buffer", layer.buffers, buffers),
        ]
        while found and found[-1] is None:
            found.pop()
        return found

    def _place(self, operand: Operand | None, widens: bool) -> str:
        if operand is None:
            return "None"
        if not widens or operand.role != "input":
            return operand.variable
        spec = self.graph.analysis.spec(self.paths[operand.variable])
        is_float = spec is not None and spec.dtype.is_floating_point
        return f"{operand.variable}.float()" if is_float else operand.variable

    def _is_target(self, path: str) -> bool:
        """Whether only losses read what is fed there."""
        readers = [w.target_node for w in self.graph.readers(path) if w.target_node in self.caches]
        return bool(readers) and all(self._layer(id).is_loss for id in readers)

    def _modes(self, id: str) -> list[str]:
        """What `forward` is told of the run: each node that draws has a seed of its own."""
        modes = self._layer(id).modes
        told = ["training=training"] if "training" in modes else []
        return told + ([f"seed=seed + {self.drawing[id]}"] if "seed" in modes else [])

    def _comment(self, node: Node) -> str:
        gives = [shape_text(self.shapes[f"{node.id}.{port}"]) for port in node.outputs]
        takes = [shape_text(self.shapes[w.source]) for w in self.graph.wires_into(node.id)]
        arrow = f"{', '.join(takes)} → " if takes else ""
        title = source.one_line(node.title)
        shown = f'{node.id} "{title}"' if title else node.id
        return f"{shown} · {node.kind} {arrow}{', '.join(gives)}"

    # Backward

    def _backward_calls(self) -> list[Call]:
        calls: list[Call] = []
        for id in reversed(self.order):
            outputs = [f"{id}.{port}" for port in self._layer(id).gives]
            for path in outputs:
                if len(self.parts[path]) > 1:
                    calls.append(self._addition(path))
            if hasattr(self._layer(id), "backward"):
                call = self._backward_call(id, outputs)
                if call is not None:
                    calls.append(call)
                    calls += self._weight_additions(id)
        return calls

    def _weight_additions(self, id: str) -> list[Call]:
        """Additions of what shared weights get, behind the last of their backward calls."""
        mine = owner(self.graph, id)
        paths = (f"{mine}.{weight}" for weight in self._layer(id).weights)
        return [
            self._addition(path)
            for path in paths
            if len(self.parts[path]) > 1 and self.users[mine][0] == id
        ]

    def _addition(self, path: str) -> Call:
        parts = self.parts[path]
        total = self._gradient_name(path)
        id, _, port = path.partition(".")
        reads = tuple(Operand(part, part, "upstream") for part in parts)
        writes = (Operand(total, f"d{port}", "gradient"),)
        readers = len(parts)
        comment = f"{path} is read {readers} times: its gradients add up"
        text = f"{total} = {' + '.join(parts)}"
        return Call("backward", id, "", text, reads, writes, comment)

    def _backward_call(self, id: str, outputs: list[str]) -> Call | None:
        layer = self._layer(id)
        upstream = [path for path in outputs if path in self.gradients]
        if not upstream or id not in self.wanting:
            return None
        targets = {name: self._target(id, name) for name in layer.learns}
        if not any(targets.values()):
            return None
        writes = [
            Operand(variable, f"d{name}", "gradient")
            for name, variable in targets.items()
            if variable
        ]
        reads = [
            Operand(self.gradients[path], f"d{path.partition('.')[2]}", "upstream")
            for path in upstream
        ]
        reads.append(Operand(self.caches[id], "cache", "cache"))
        arguments = [self.gradients.get(path, "None") for path in outputs] + [self.caches[id]]
        if any(variable is None and self._exists(id, name) for name, variable in targets.items()):
            wanted = tuple(name for name, variable in targets.items() if variable)
            arguments.append(f"needs={wanted!r}")
        left = ", ".join(variable or "_" for variable in targets.values())
        found = f"layers.{layer.name()}.backward({', '.join(arguments)})"
        if self.is_mixed and layer.is_loss:
            found = f"layers.narrow({found})"
        text = f"{left} = {found}"
        names = ", ".join(operand.label for operand in writes)
        comment = f"{id} · {layer.name()} gives {names}"
        return Call("backward", id, layer.name(), text, tuple(reads), tuple(writes), comment)

    def _exists(self, id: str, name: str) -> bool:
        if name in self._layer(id).takes:
            return f"{id}.{name}" in self.graph.wires
        return f"{owner(self.graph, id)}.{name}" in self.parameters

    def _target(self, id: str, name: str) -> str | None:
        """The variable for the gradient of an input or a weight; None where nobody reads it."""
        if name not in self._layer(id).takes:
            return self._weight_target(id, name)
        wire = self.graph.wires.get(f"{id}.{name}")
        if wire is None or wire.source not in self.receiving:
            return None
        if wire.source_node not in self.wanting:
            return None
        if self.senders[wire.source] == 1:
            return self._gradient_name(wire.source)
        return self._part(wire.source, f"d{id}_{name}")

    def _weight_target(self, id: str, name: str) -> str | None:
        path = f"{owner(self.graph, id)}.{name}"
        if path not in self.parameters or not self._owner_layer(id).wants_gradient():
            return None
        if len(self.users[path.partition(".")[0]]) == 1:
            return self._gradient_name(path)
        return self._part(path, f"d{self.parameters[path]}_in_{id}")

    def _part(self, path: str, wanted: str) -> str:
        """A variable for one of several gradients that add up to that of `path`."""
        part = self.names.new(wanted)
        self.parts[path].append(part)
        return part

    def _find_users(self) -> dict[str, list[str]]:
        """By owner, the nodes that send a gradient to its weights, in the order of the calls."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for id in self.order:
            if self._layer(id).weights and self._receives(id):
                found[owner(self.graph, id)].append(id)
        return found

    # What the program tells about itself

    def _compared(self) -> tuple[str, ...]:
        id = self.end.partition(".")[0]
        ends = {wire.target_port: self.values[wire.source] for wire in self.graph.wires_into(id)}
        pair = tuple(ends[port] for port in ("y_hat", "y") if port in ends)
        return pair if self._layer(id).is_loss and len(pair) == 2 else ()


def _as_operands(
    role: Role, names: Iterable[str], variables: Mapping[str, str | None]
) -> list[Operand | None]:
    return [
        Operand(variable, name, role) if (variable := variables.get(name)) else None
        for name in names
    ]

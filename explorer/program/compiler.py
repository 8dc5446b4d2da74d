"""Graph -> Program: topological order, names, gradients only where somebody reads them."""

from collections import defaultdict
from dataclasses import dataclass, field

import networkx as nx

from explorer.data import DataError
from explorer.graph import Graph, GraphError, Node, Problem, Wire
from explorer.graph.problems import find_loss, problems, reaching
from explorer.layers import Layer, ParameterSpec, Shape, Spec, shape_text
from explorer.program import source
from explorer.program.program import Call, Operand, Program, Role


def compile(graph: Graph, loss: str | None = None, name: str = "program") -> Program:
    """Compile a graph. GraphError names every problem that keeps it from running.

    `loss` is the output to minimise; by default what the graph says, or its only scalar end.
    """
    errors = [p for p in problems(graph, loss) if p.severity == "error"]
    if errors:
        raise GraphError(*errors)
    end, _ = find_loss(graph, loss)
    assert end is not None, "a graph without errors has a loss"
    return _Compiler(graph, end).program(name)


@dataclass
class _Names:
    """Gives each value one variable that nothing else has."""

    taken: set[str] = field(default_factory=lambda: set(source.RESERVED))

    def new(self, wanted: str) -> str:
        while wanted in self.taken:
            wanted += "_"
        self.taken.add(wanted)
        return wanted


class _Compiler:
    def __init__(self, graph: Graph, end: str):
        self.graph = graph
        self.end = end
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
        self.names = _Names()
        self.values: dict[str, str] = {}
        self.parameters: dict[str, str] = {}
        self.caches: dict[str, str] = {}
        self.specs: dict[str, ParameterSpec] = {}
        self.feeds: dict[str, Spec] = {}
        self.gradients: dict[str, str] = {}
        self.parts: defaultdict[str, list[str]] = defaultdict(list)
        self.wanting: set[str] = set()
        self._name_everything()
        self.receiving = {end}
        self._find_receiving()

    def program(self, name: str) -> Program:
        dloss = self._gradient_name(self.end)
        backward = self._backward_calls()
        read = {name for call in backward for name in call.inputs}
        forward = [self._forward_call(id, read) for id in self.order]
        compared = self._compared()
        text, calls = source.page(
            name,
            [*forward, *backward],
            self.parameters,
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
            gradients=self.gradients,
            specs=self.specs,
            feeds=self.feeds,
            shapes=self.shapes,
            compared=compared,
            loss_kind=self.graph.nodes[self.end.partition(".")[0]].kind,
            left_out=self.left_out,
            source=text,
        )

    # Names, and who wants a gradient

    def _layer(self, id: str) -> Layer:
        layer = self.graph.nodes[id].layer
        assert isinstance(layer, Layer), "an unusable layer is a problem, found before"
        return layer

    def _name_everything(self) -> None:
        for id in self.order:
            layer = self._layer(id)
            for port in layer.outputs:
                wanted = id if len(layer.outputs) == 1 else f"{id}_{port}"
                self.values[f"{id}.{port}"] = self.names.new(wanted)
        for id in self.order:
            layer = self._layer(id)
            specs = self.graph.analysis.report(id).parameters
            for weight in layer.weights:
                if weight in specs:
                    self.specs[f"{id}.{weight}"] = specs[weight]
                    self.parameters[f"{id}.{weight}"] = self.names.new(f"{id}_{weight}")
            self.feeds |= self._feeds(id)
            self.caches[id] = self.names.new(f"{id}_cache")
            if layer.wants_gradient() or any(
                wire.source_node in self.wanting for wire in self._differentiable_wires(id)
            ):
                self.wanting.add(id)

    def _feeds(self, id: str) -> dict[str, Spec]:
        try:
            return {f"{id}.{port}": spec for port, spec in self._layer(id).feeds().items()}
        except DataError as error:
            raise GraphError(Problem.in_data(id, error)) from None

    def _differentiable_wires(self, id: str) -> list[Wire]:
        ports = self._layer(id).differentiable
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
        return any(f"{id}.{port}" in self.receiving for port in self._layer(id).outputs)

    def _gradient_name(self, path: str) -> str:
        if path not in self.gradients:
            variable = self.values.get(path) or self.parameters[path]
            self.gradients[path] = self.names.new(f"d{variable}")
        return self.gradients[path]

    # Forward

    def _forward_call(self, id: str, read: set[str]) -> Call:
        node, layer = self.graph.nodes[id], self._layer(id)
        wires = list(self.graph.wires_into(id))
        reads = [Operand(self.values[wire.source], wire.target_port, "input") for wire in wires]
        reads += self._weights(id, "parameter")
        fed = [f'batch["{id}.{port}"]' for port in layer.feeds()]
        keywords = [f"{key}={value!r}" for key, value in layer.keywords.items()]
        arguments = [*(operand.variable for operand in reads), *fed, *keywords]
        writes = [Operand(self.values[f"{id}.{port}"], port, "output") for port in layer.outputs]
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

    def _weights(self, id: str, role: Role) -> list[Operand]:
        return [
            Operand(self.parameters[f"{id}.{weight}"], weight, role)
            for weight in self._layer(id).weights
            if f"{id}.{weight}" in self.parameters
        ]

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
            outputs = [f"{id}.{port}" for port in self._layer(id).outputs]
            for path in outputs:
                if len(self.parts[path]) > 1:
                    calls.append(self._addition(id, path))
            if hasattr(self._layer(id), "backward"):
                call = self._backward_call(id, outputs)
                if call is not None:
                    calls.append(call)
        return calls

    def _addition(self, id: str, path: str) -> Call:
        parts = self.parts[path]
        total = self._gradient_name(path)
        port = path.partition(".")[2]
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
        targets = {name: self._target(id, name) for name in layer.differentiable}
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
        text = f"{left} = layers.{layer.name()}.backward({', '.join(arguments)})"
        names = ", ".join(operand.label for operand in writes)
        comment = f"{id} · {layer.name()} gives {names}"
        return Call("backward", id, layer.name(), text, tuple(reads), tuple(writes), comment)

    def _exists(self, id: str, name: str) -> bool:
        return name in self._layer(id).inputs or f"{id}.{name}" in self.parameters

    def _target(self, id: str, name: str) -> str | None:
        """The variable for the gradient of an input or a weight; None where nobody reads it."""
        path = f"{id}.{name}"
        if name not in self._layer(id).inputs:
            return self._gradient_name(path) if path in self.parameters else None
        origin = self.graph.wires[path].source
        if origin not in self.receiving or origin.partition(".")[0] not in self.wanting:
            return None
        if len(self._gradient_readers(origin)) == 1:
            return self._gradient_name(origin)
        part = self.names.new(f"d{id}_{name}")
        self.parts[origin].append(part)
        return part

    def _gradient_readers(self, output: str) -> list[str]:
        """The input ports that send a gradient back to an output."""
        return [
            wire.target
            for wire in self.graph.readers(output)
            if wire.target_node in self.caches
            and wire.target_port in self._layer(wire.target_node).differentiable
            and self._receives(wire.target_node)
        ]

    # What the program tells about itself

    def _compared(self) -> tuple[str, ...]:
        id = self.end.partition(".")[0]
        if not self._layer(id).is_loss:
            return ()
        return tuple(self.values[wire.source] for wire in self.graph.wires_into(id))

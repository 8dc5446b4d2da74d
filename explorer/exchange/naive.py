"""The naive way: every gradient of this one net in closed form, as one would write it by hand."""

from collections.abc import Sequence
from dataclasses import replace

from explorer.exchange import optimization, scripts
from explorer.exchange.draft import Draft
from explorer.exchange.expressions import Known, specialized
from explorer.exchange.forward import names_beside, read_variables, shape_of
from explorer.exchange.nodes import Statement, Subject, needed, statements, subject, written
from explorer.exchange.page import Page
from explorer.graph import Graph
from explorer.layers import Layer
from explorer.program import Call, Program
from explorer.program.program import Phase

_WAY = "by hand"
_MERGED = "merged"


def page(graph: Graph, program: Program) -> Page:
    """CannotExpress where a layer has no formula that is short enough to be written by hand."""
    return _Naive(graph, program).page()


class _Naive:
    def __init__(self, graph: Graph, program: Program):
        self.graph, self.program = graph, program
        self.draft = Draft()
        self.names = names_beside(program)
        self.subjects: dict[str, Subject] = {}
        self.labels: dict[str, dict[str, str]] = {}
        self.unwritten: dict[str, list[Statement]] = {}
        self.read = read_variables(program)
        self.producers = {call.outputs[0]: call for call in program.backward_calls}
        self.upstream: dict[str, str] = {}

    def page(self) -> Page:
        draft, program = self.draft, self.program
        optimizer = optimization.by_hand(self.graph.training)
        scripts.write_head(draft, self.graph, program)
        scripts.write_init(draft, self.graph, program, wants_grad=False)
        self._write_function()
        draft.add("", "", *optimizer.update)
        scripts.write_training(draft, self.graph, program, self._loop(optimizer))
        summary = scripts.summary(program, "by hand: the gradients of this one net in closed form")
        return draft.page("naive", program.name, summary)

    def _write_function(self) -> None:
        draft, program = self.draft, self.program
        told = ["training=True"] * bool(program.modes)
        arguments = ", ".join([*scripts.arguments(program), *told])
        draft.add("", "", f"def loss_and_gradients({arguments}):")
        draft.add('    """The loss of a batch, and its gradient by each parameter."""')
        scripts.write_unpacking(draft, program)
        draft.add("", "    # Forward")
        for call in program.forward_calls:
            self._forward(call)
        draft.add("", "    # Backward")
        for call in program.backward_calls:
            self._backward(call)
        learned = {path: program.gradients.get(path) for path in program.parameters}
        pairs = [f'"{path}": {name}' for path, name in learned.items() if name]
        draft.items(f"    return {program.values[program.loss]}, {{", pairs, "}")

    def _loop(self, optimizer: optimization.ByHand) -> scripts.Loop:
        given = ", ".join(scripts.arguments(self.program))
        away = ", training=False" if self.program.modes else ""
        memory = f", {optimizer.memory}" if optimizer.memory else ""
        setup = ["buffers = fresh_buffers()"] * bool(self.program.buffers)
        return scripts.Loop(
            takes="parameters",
            makes="init()",
            setup=[*setup, *[f"{optimizer.memory} = {{}}"] * bool(memory)],
            step=[
                f"loss, gradients = loss_and_gradients({given})",
                f"update(parameters, gradients{memory})",
            ],
            evaluate=[f"loss, _ = loss_and_gradients({given}{away})"],
        )

    # Forward

    def _forward(self, call: Call) -> None:
        one = subject(self.graph, self.program, call)
        if one.layer.feeds():
            return
        one = replace(one, known=self._known(one))
        self.subjects[one.id], self.labels[one.id] = one, dict(one.names)
        self.unwritten[one.id] = statements(one.hand_lines(self.draft, _WAY), one.known)
        wanted = [port for port in one.layer.gives if one.names[port] in self.read]
        self._write(one.id, wanted, "forward", (one.id,))

    def _known(self, one: Subject) -> Known:
        node, _, port = self.program.loss.partition(".")
        return replace(one.known, ones=frozenset({f"d{port}"} if node == one.id else ()))

    # Backward

    def _backward(self, call: Call) -> None:
        if call.is_addition:
            self.draft.of((call.node,), call.text, "backward")
            return
        if self._is_merged_later(call):
            return
        if before := self._merged_before(call):
            self._write_merged(before, call)
            return
        one, labels = self.subjects[call.node], self.labels[call.node]
        labels |= {o.label: o.variable for o in (*call.reads, *call.writes) if o.role != "cache"}
        for port in one.layer.gives:
            if f"d{port}" not in labels:
                labels[f"d{port}"] = f"torch.zeros_like({labels[port]})"
        self._write(one.id, [o.label for o in call.writes], "backward", (one.id,))

    def _reader(self, call: Call) -> Call | None:
        """The backward call that the gradient of a loss by y_hat goes to, and nothing besides."""
        if [operand.label for operand in call.writes] != ["dy_hat"]:
            return None
        readers = (c for c in self.program.backward_calls if call.outputs[0] in c.inputs)
        found = next(readers, None)
        return found if found and not found.is_addition else None

    def _merged_line(self, loss: Call, before: Call) -> str:
        one, layer = self.subjects[loss.node], self.graph.nodes[before.node].layer
        assert isinstance(layer, Layer), "a program has no unusable layers"
        return one.layer.merged_with(layer, *one.inputs)

    def _is_merged_later(self, call: Call) -> bool:
        reader = self._reader(call)
        return reader is not None and bool(self._merged_line(call, reader))

    def _merged_before(self, call: Call) -> Call | None:
        """The loss's call whose gradient makes one formula with that of this call."""
        sender = self.producers.get(call.inputs[0])
        if sender is None or sender.is_addition or self._reader(sender) is not call:
            return None
        return sender if self._merged_line(sender, call) else None

    def _write_merged(self, loss: Call, call: Call) -> None:
        one = self.subjects[loss.node]
        self.labels[one.id][_MERGED] = call.outputs[0]
        line = specialized(f"{_MERGED} = {self._merged_line(loss, call)}", one.known)
        self.unwritten[one.id].append(Statement(frozenset({_MERGED}), line))
        kinds = f"{call.layer} and {loss.layer}"
        self.draft.add(f"    # {kinds} together: what the one divides by, the other multiplies by.")
        self._write(one.id, [_MERGED], "backward", (call.node, one.id))

    # Both

    def _write(self, id: str, wanted: Sequence[str], phase: Phase, nodes: tuple[str, ...]) -> None:
        """Write what is wanted of a node, and what that takes and is not there yet."""
        labels, chosen = self.labels[id], needed(self.unwritten[id], wanted)
        self.unwritten[id] = [each for each in self.unwritten[id] if each not in chosen]
        self._write_one(chosen, labels)
        for statement in chosen:
            for label in sorted(statement.targets - labels.keys()):
                labels[label] = self.names.new(f"{id}_{label}")
            shape = shape_of(self.program, id, statement) if phase == "forward" else ""
            self.draft.of(nodes, written(statement, labels), phase, shape)

    def _write_one(self, chosen: Sequence[Statement], labels: dict[str, str]) -> None:
        """The gradient of the loss by itself, where a line needs it as a tensor."""
        node, _, port = self.program.loss.partition(".")
        if labels is self.labels.get(node) and any(f"d{port}" in each.uses for each in chosen):
            variable = self.program.gradients[self.program.loss]
            labels[f"d{port}"] = variable
            self.draft.of((node,), f"{variable} = torch.ones_like({labels[port]})", "backward")
